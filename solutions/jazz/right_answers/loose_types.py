"""Right, with integer one-hots, lists for tuples, numpy integers and an extra value returned."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    tokens = []
    before = np.int64(start)
    for (pitch, ticks), root in zip(melody, roots, strict=True):
        if pitch is None:
            tokens.append([REST, 0, ticks])
        else:
            tokens.append([np.mod(pitch - root, 12), np.sign(pitch - before), ticks])
            before = np.int64(pitch)
    return tokens


def decode_melody(tokens, roots, start):
    melody = []
    for token, root in zip(tokens, roots, strict=True):
        degree, direction, ticks = token
        if degree == REST:
            melody.append([None, ticks])
            continue
        gap = np.mod(direction * (degree + root - start) - 1, 12) + 1
        start = start + direction * gap
        melody.append([start, ticks])
    return melody


def one_hot_tokens(indices, n_values):
    one_hot = np.zeros((n_values, len(indices)), dtype=int)
    for place, index in zip(range(len(indices)), indices, strict=True):
        if index in range(n_values):
            one_hot[index, place] = 1
    return one_hot


def djmodel(X, a0, c0, parameters):
    outputs, caches = [], []
    state = [a0, c0]
    for t in np.arange(X.shape[2]):
        a_next, c_next, cache = lstm_step(X[:, :, t], *state, parameters)
        state = [a_next, c_next]
        outputs += [softmax(densor(a_next, parameters))[:, :, np.newaxis]]
        caches += [cache]
    return np.concatenate(outputs, axis=-1), tuple(caches), state


def masked_softmax(logits, temperature, allowed):
    z = np.array(logits / temperature)
    z[np.logical_not(allowed)] = -np.inf
    return softmax(z)


def predict_and_sample(probabilities, uniforms):
    cumulative = np.cumsum(probabilities, axis=0)
    indices = [
        np.searchsorted(cumulative[:, i], uniforms[i], side="right")
        for i in range(probabilities.shape[1])
    ]
    return indices, one_hot_tokens(indices, probabilities.shape[0])


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = parameters["Wy"].shape[0]
    a, c, last, t = a0, c0, [-1], 0
    indices, probabilities = np.array([], dtype=int), []
    while not at_end(playhead):
        xt = np.concatenate((one_hot_tokens(last, n_values), context_at(playhead)), axis=0)
        a, c, _ = lstm_step(xt, a, c, parameters)
        p = masked_softmax(densor(a, parameters), temperature, allowed_at(playhead))
        last, _ = predict_and_sample(p, uniforms[t:])
        playhead = advance(playhead, last[0])
        indices = np.append(indices, last[0])
        probabilities.append(p)
        t += 1
    return indices, np.concatenate(probabilities, axis=1)
