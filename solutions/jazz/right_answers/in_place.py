"""Right, with column-major work arrays that are changed in place, and copies of what is kept."""

import numpy as np
from lstm_layer import densor, lstm_step
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    table = np.empty((3, len(melody)), dtype=np.int64, order="F")
    table[0], table[1] = REST, 0
    table[2] = [ticks for _, ticks in melody]
    last = np.array(start)
    for n, (pitch, _) in enumerate(melody):
        if pitch is not None:
            np.subtract(pitch, roots[n], out=table[0, n : n + 1])
            np.remainder(table[0, n : n + 1], 12, out=table[0, n : n + 1])
            table[1, n] = np.sign(pitch - last)
            last[...] = pitch
    return list(zip(*table.tolist()))


def decode_melody(tokens, roots, start):
    melody = [list(token) for token in tokens]
    for note, root in zip(melody, roots):
        degree, direction = note[0], note.pop(1)
        if degree == REST:
            note[0] = None
            continue
        note[0] = start
        note[0] += direction
        while direction and (note[0] - root - degree) % 12:
            note[0] += direction
        start = note[0]
    return list(map(tuple, melody))


def one_hot_tokens(indices, n_values):
    one_hot = np.zeros((n_values, len(indices)), order="F")
    flat = one_hot.ravel(order="K")  # the same memory, column after column
    for column, index in enumerate(indices):
        if index >= 0:
            flat[column * n_values + index] = 1.0
    return one_hot


def _normalise(e):
    """exp of a work array over its column sums, in place."""
    np.subtract(e, np.max(e, axis=0), out=e)
    np.exp(e, out=e)
    np.divide(e, np.sum(e, axis=0), out=e)


def djmodel(X, a0, c0, parameters):
    a, c = a0.copy(order="F"), c0.copy(order="F")
    outputs = np.empty((parameters["by"].shape[0], *X.shape[1:]), order="F")
    caches = []
    for t in range(X.shape[2]):
        a_next, c_next, cache = lstm_step(X[:, :, t], a.copy(), c.copy(), parameters)
        np.copyto(a, a_next)
        np.copyto(c, c_next)
        outputs[:, :, t] = densor(a, parameters)
        _normalise(outputs[:, :, t])
        caches.append(cache)
    return outputs, caches


def masked_softmax(logits, temperature, allowed):
    work = np.array(logits, dtype=np.float64, order="F")
    work /= temperature
    np.putmask(work, ~allowed, -np.inf)
    _normalise(work)
    return work


def predict_and_sample(probabilities, uniforms):
    work = probabilities.copy()
    waiting = np.ones(work.shape[1], dtype=bool)
    indices = np.zeros(work.shape[1], dtype=np.intp)
    for k in range(len(work)):
        if k:
            work[k] += work[k - 1]
        np.copyto(indices, k, where=waiting & (probabilities[k] > 0))
        waiting &= work[k] <= uniforms
    return indices, one_hot_tokens(indices, len(work))


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = parameters["by"].shape[0]
    x = np.zeros((n_values + context_at(playhead).shape[0], 1), order="F")
    columns = np.zeros((n_values, len(uniforms)), order="F")
    a, c, indices = a0.copy(), c0.copy(), []
    while not at_end(playhead):
        np.copyto(x[n_values:], context_at(playhead))
        a[:], c[:], _ = lstm_step(x, a, c, parameters)
        p = masked_softmax(densor(a, parameters), temperature, allowed_at(playhead))
        drawn, x[:n_values] = predict_and_sample(p, uniforms[len(indices) : len(indices) + 1])
        columns[:, [len(indices)]] = p
        indices.append(int(drawn[0]))
        playhead = advance(playhead, indices[-1])
    return indices, columns[:, : len(indices)].copy()
