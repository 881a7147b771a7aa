"""Right, with exact arithmetic: fractions for the sums, extended precision for the exponentials."""

import math
from fractions import Fraction

import numpy as np
from lstm_layer import densor, lstm_step
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    tokens = []
    for (pitch, ticks), root in zip(melody, roots):
        if pitch is None:
            tokens.append((REST, 0, ticks))
            continue
        octaves = math.floor(Fraction(pitch - root, 12))
        tokens.append((pitch - root - 12 * octaves, int(np.heaviside(pitch - start, 0.5) * 2) - 1, ticks))
        start = pitch
    return tokens


def decode_melody(tokens, roots, start):
    melody = []
    for (degree, direction, ticks), root in zip(tokens, roots):
        if degree == REST:
            melody.append((None, ticks))
            continue
        octaves = Fraction(start - degree - root, 12)
        if direction == 1:
            start = degree + root + 12 * (math.floor(octaves) + 1)
        if direction == -1:
            start = degree + root + 12 * (math.ceil(octaves) - 1)
        melody.append((start, ticks))
    return melody


def one_hot_tokens(indices, n_values):
    one_hot = np.zeros((n_values, len(indices)))
    places = [(int(index), column) for column, index in enumerate(indices) if index >= 0]
    for place in places:
        one_hot[place] = 1.0
    return one_hot


def _softmax(z):
    z = np.asarray(z, dtype=np.longdouble)
    e = np.exp(z - z.max(axis=0))
    return (e / e.sum(axis=0)).astype(np.float64)


def djmodel(X, a0, c0, parameters):
    outputs = np.zeros(parameters["by"].shape[:1] + X.shape[1:])
    caches = []
    for t in range(outputs.shape[-1]):
        a, c = caches[-1][:2] if caches else (a0, c0)
        caches.append(lstm_step(X[:, :, t], a, c, parameters)[-1])
        outputs[:, :, t] = _softmax(densor(caches[-1][0], parameters))
    return outputs, caches


def masked_softmax(logits, temperature, allowed):
    z = logits.astype(np.longdouble) / np.longdouble(temperature)
    z[~allowed] = -np.inf
    return _softmax(z)


def _draw(p, u):
    shares = [Fraction(float(share)) for share in p]
    point = Fraction(float(u)) * sum(shares)  # the line may be a rounding error too short
    for index, share in enumerate(shares):
        point -= share
        if point < 0:
            return index
    raise ValueError("a uniform of one, or above")


def predict_and_sample(probabilities, uniforms):
    indices = np.array([_draw(p, u) for p, u in zip(probabilities.T, uniforms)])
    return indices, one_hot_tokens(indices, len(probabilities))


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = parameters["by"].shape[0]
    a, c, token = a0, c0, np.zeros((n_values, 1))
    indices, columns = [], []
    for t in range(len(uniforms)):
        if not at_end(playhead):
            x = np.concatenate((token, context_at(playhead)))
            a, c, _ = lstm_step(x, a, c, parameters)
            p = masked_softmax(densor(a, parameters), temperature, allowed_at(playhead))
            drawn, token = predict_and_sample(p, uniforms[t : t + 1])
            playhead = advance(playhead, int(drawn[0]))
            indices.append(int(drawn[0]))
            columns.append(p)
    return indices, np.hstack(columns)
