"""Right, without `lstm_step`: all four gates by one matrix product, written out again."""

import numpy as np
from playhead import advance, allowed_at, at_end, context_at


def _sigmoid(z):
    return np.exp(-np.logaddexp(0.0, -z))


def _stack(parameters):
    order = ("f", "i", "o", "c")
    W = np.vstack([parameters["W" + gate] for gate in order])
    b = np.vstack([parameters["b" + gate] for gate in order])
    return W, b


def _cell(W, b, x, a, c):
    n = a.shape[0]
    z = W[:, :n] @ a + W[:, n:] @ x + b
    f, i, o = (_sigmoid(z[k * n : (k + 1) * n]) for k in range(3))
    g = np.tanh(z[3 * n :])
    new_c = f * c + i * g
    new_a = o * np.tanh(new_c)
    return new_a, new_c, (new_a, new_c, a, c, f, i, g, o, x)


def _softmax(z):
    e = np.exp(z - z.max(0))
    return e / e.sum(0)


def encode_melody(melody, roots, start):
    tokens = []
    for (pitch, ticks), root in zip(melody, roots, strict=False):
        silent = pitch is None
        way = 0 if silent or pitch == start else (pitch - start) // abs(pitch - start)
        tokens.append((-1 if silent else (pitch + 12 - root) % 12, way, ticks))
        start = start if silent else pitch
    return tokens


def decode_melody(tokens, roots, start):
    melody = []
    for (degree, way, ticks), root in zip(tokens, roots, strict=False):
        if degree < 0:
            melody.append((None, ticks))
            continue
        if way == 1:
            start = start + 12 - (start - degree - root) % 12
        elif way == -1:
            start = start - 12 + (degree + root - start) % 12
        melody.append((start, ticks))
    return melody


def one_hot_tokens(indices, n_values):
    padded = np.vstack((np.eye(n_values), np.zeros((1, n_values))))  # row -1 is all zero
    return padded[indices].T.copy()


def djmodel(X, a0, c0, parameters):
    W, b = _stack(parameters)
    steps = []
    a, c = a0.copy(), c0.copy()
    for t in range(X.shape[-1]):
        a, c, cache = _cell(W, b, X[..., t], a, c)
        steps.append((_softmax(parameters["Wy"] @ a + parameters["by"]), cache))
    outputs, caches = zip(*steps, strict=True)
    return np.dstack(outputs), list(caches)


def masked_softmax(logits, temperature, allowed):
    shifted = logits - np.max(logits, axis=0, where=allowed, initial=-np.inf)
    weights = np.exp(np.minimum(shifted / temperature, 0.0)) * allowed
    return weights / weights.sum(axis=0)


def predict_and_sample(probabilities, uniforms):
    top = np.cumsum(probabilities, axis=0)
    bottom = top - probabilities
    hit = (uniforms < top) & (uniforms >= bottom - 1e-15) & (probabilities > 0)
    indices = hit.argmax(axis=0)
    return indices, one_hot_tokens(indices, probabilities.shape[0])


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    W, b = _stack(parameters)
    n_values = parameters["Wy"].shape[0]
    a, c, x, result = a0, c0, np.zeros((n_values, 1)), []
    while not at_end(playhead):
        a, c, _ = _cell(W, b, np.concatenate([x, context_at(playhead)]), a, c)
        logits = parameters["Wy"] @ a + parameters["by"]
        p = masked_softmax(logits, temperature, allowed_at(playhead))
        index, x = predict_and_sample(p, uniforms[len(result)])
        playhead = advance(playhead, index.item())
        result.append((index.item(), p))
    return [index for index, _ in result], np.hstack([p for _, p in result])
