"""Right, with float32 buffers for outputs, one-hots and probabilities, and small integers."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    buffer = np.zeros((len(melody), 3), dtype=np.int16)
    last = start
    for n, (pitch, ticks) in enumerate(melody):
        buffer[n, 2] = ticks
        if pitch is None:
            buffer[n, 0] = REST
        else:
            buffer[n, 0] = (pitch - roots[n]) % 12
            buffer[n, 1] = np.sign(pitch - last)
            last = pitch
    return [tuple(row) for row in buffer]


def decode_melody(tokens, roots, start):
    melody = []
    pitch = np.int16(start)
    for (degree, direction, ticks), root in zip(tokens, roots):
        if degree == REST:
            melody.append((None, ticks))
            continue
        up = np.int16((degree + root - pitch) % 12)
        if direction > 0:
            pitch = pitch + (up if up else np.int16(12))
        elif direction < 0:
            pitch = pitch + up - np.int16(12)
        melody.append((pitch, ticks))
    return melody


def one_hot_tokens(indices, n_values):
    one_hot = np.zeros((n_values, len(indices)), dtype=np.float32)
    for i in range(len(indices)):
        if indices[i] >= 0:
            one_hot[indices[i], i] = 1
    return one_hot


def djmodel(X, a0, c0, parameters):
    n_x, m, T_x = X.shape
    outputs = np.empty((parameters["by"].shape[0], m, T_x), dtype=np.float32)
    caches = []
    a, c = a0, c0
    for t in range(T_x):
        a, c, cache = lstm_step(X[:, :, t], a, c, parameters)
        outputs[:, :, t] = softmax(densor(a, parameters))
        caches.append(cache)
    return outputs, caches


def masked_softmax(logits, temperature, allowed):
    probabilities = np.zeros(logits.shape, dtype=np.float32)
    for i in range(logits.shape[1]):
        may = allowed[:, i]
        probabilities[may, i] = softmax(logits[may, i] / temperature)
    return probabilities


def predict_and_sample(probabilities, uniforms):
    ladder = np.cumsum(probabilities, axis=0, dtype=np.float64)
    indices = np.zeros(probabilities.shape[1], dtype=np.int16)
    for i in range(probabilities.shape[1]):
        possible = np.flatnonzero(probabilities[:, i])
        indices[i] = possible[-1]
        for k in possible:
            if ladder[k, i] > uniforms[i]:
                indices[i] = k
                break
    return indices, one_hot_tokens(indices, probabilities.shape[0])


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = parameters["by"].shape[0]
    probabilities = np.zeros((n_values, len(uniforms)), dtype=np.float32)
    indices = np.zeros(len(uniforms), dtype=np.int32)
    last, a, c, t = np.array([-1]), a0, c0, 0
    while not at_end(playhead):
        x = np.vstack((one_hot_tokens(last, n_values), context_at(playhead)))
        a, c, _ = lstm_step(x, a, c, parameters)
        p = masked_softmax(densor(a, parameters), temperature, allowed_at(playhead))
        last = predict_and_sample(p, uniforms[t : t + 1])[0]
        probabilities[:, t] = p[:, 0]
        indices[t] = last[0]
        playhead = advance(playhead, last[0])
        t += 1
    return indices[:t].tolist(), probabilities[:, :t]
