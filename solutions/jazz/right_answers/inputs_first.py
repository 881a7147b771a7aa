"""Right, with all input products made at once before the loop, and caches cut from whole arrays."""

import numpy as np
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST

ORDER = ["f", "i", "c", "o"]


def encode_melody(melody, roots, start):
    pitches = [pitch for pitch, _ in melody]
    last = [start]
    for pitch in pitches:
        last.append(last[-1] if pitch is None else pitch)
    tokens = []
    for pitch, before, root, (_, ticks) in zip(pitches, last, roots, melody):
        if pitch is None:
            tokens.append((REST, 0, ticks))
        else:
            tokens.append((pitch % 12 - root + 12 * (pitch % 12 < root), _sign(pitch - before), ticks))
    return tokens


def _sign(number):
    return min(1, max(-1, number))


def decode_melody(tokens, roots, start):
    melody = []
    for (degree, direction, ticks), root in zip(tokens, roots):
        if degree == REST:
            melody += [(None, ticks)]
        else:
            classes = [(start + direction * k) % 12 for k in range(1, 13)]
            start += direction * (1 + classes.index((root + degree) % 12)) if direction else 0
            melody += [(start, ticks)]
    return melody


def one_hot_tokens(indices, n_values):
    indices = np.asarray(indices)
    flat = np.zeros(n_values * len(indices))
    there = indices >= 0
    flat[(indices * len(indices) + np.arange(len(indices)))[there]] = 1.0
    return flat.reshape(n_values, len(indices))


def _logistic(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0 / (1.0 + e), e / (1.0 + e))


def djmodel(X, a0, c0, parameters):
    n_x, m, T_x = X.shape
    n_a = a0.shape[0]
    W = np.concatenate([parameters["W" + gate] for gate in ORDER])
    b = np.concatenate([parameters["b" + gate] for gate in ORDER])
    from_input = np.tensordot(W[:, n_a:], X, axes=1) + b[:, :, None]
    from_state = W[:, :n_a]
    a = np.empty((T_x + 1, n_a, m))
    c = np.empty((T_x + 1, n_a, m))
    gates = np.empty((4, T_x, n_a, m))
    a[0], c[0] = a0, c0
    for t in range(T_x):
        z = (from_input[:, :, t] + np.dot(from_state, a[t])).reshape(4, n_a, m)
        gates[[0, 1, 3], t] = _logistic(z[[0, 1, 3]])
        gates[2, t] = np.tanh(z[2])
        c[t + 1] = gates[0, t] * c[t] + gates[1, t] * gates[2, t]
        a[t + 1] = gates[3, t] * np.tanh(c[t + 1])
    x = X.transpose(2, 0, 1)
    caches = list(zip(a[1:], c[1:], a[:-1], c[:-1], *gates, x))
    z = np.matmul(parameters["Wy"], a[1:]) + parameters["by"]
    z = z - z.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return np.moveaxis(p, 0, 2), caches


def masked_softmax(logits, temperature, allowed):
    worst = logits.min() - 1.0
    z = np.where(allowed, logits, worst)
    z = z - z.max(axis=0)
    e = np.exp(z / temperature)
    e = e - np.where(allowed, 0.0, e)
    return e / e.sum(axis=0)


def predict_and_sample(probabilities, uniforms):
    ladder = np.cumsum(probabilities, axis=0)
    last_possible = len(probabilities) - 1 - np.argmax(probabilities[::-1] > 0, axis=0)
    indices = np.minimum(np.count_nonzero(ladder <= uniforms, axis=0), last_possible)
    return indices, one_hot_tokens(indices, len(probabilities))


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = parameters["by"].shape[0]
    indices, columns = [], []
    a, c = a0, c0
    token = np.zeros((n_values, 1))
    while not at_end(playhead):
        x = np.concatenate((token, context_at(playhead)))[:, :, np.newaxis]
        _, caches = djmodel(x, a, c, parameters)
        a, c = caches[0][0], caches[0][1]
        z = parameters["Wy"] @ a + parameters["by"]
        p = masked_softmax(z, temperature, allowed_at(playhead))
        t = len(indices)
        drawn, token = predict_and_sample(p, uniforms[t : t + 1])
        indices += drawn.tolist()
        columns += [p]
        playhead = advance(playhead, indices[t])
    return indices, np.hstack(columns)
