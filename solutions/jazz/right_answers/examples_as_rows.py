"""Right, and turned over inside: examples are rows there, and only the borders transpose."""

import numpy as np
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


class Cell:
    """y = x W^T + b for all four gates, with (m, n) arrays."""

    def __init__(self, parameters):
        self.W = {gate: parameters["W" + gate].T for gate in "fico"}
        self.b = {gate: parameters["b" + gate].T for gate in "fico"}
        self.Wy, self.by = parameters["Wy"].T, parameters["by"].T

    @staticmethod
    def squash(z):
        return np.tanh(z / 2) / 2 + 0.5

    def step(self, x, a, c):
        joined = np.concatenate((a, x), axis=1)
        z = {gate: joined.dot(self.W[gate]) + self.b[gate] for gate in "fico"}
        f, i, o = (self.squash(z[gate]) for gate in "fio")
        g = np.tanh(z["c"])
        c_next = c * f + g * i
        a_next = np.tanh(c_next) * o
        cache = tuple(part.T for part in (a_next, c_next, a, c, f, i, g, o, x))
        return a_next, c_next, cache

    def score(self, a):
        return a.dot(self.Wy) + self.by


def encode_melody(melody, roots, start):
    by_note = [(pitch, ticks, root) for (pitch, ticks), root in zip(melody, roots)]
    tokens = []
    for pitch, ticks, root in by_note:
        token = [REST, 0, ticks]
        if pitch is not None:
            token[:2] = (pitch - root) % 12, max(-1, min(1, pitch - start))
            start = pitch
        tokens.append(tuple(token))
    return tokens


def decode_melody(tokens, roots, start):
    pitch, melody = start, []
    for (degree, direction, ticks), root in zip(tokens, roots):
        sounds = degree != REST
        if sounds and direction:
            steps = [s for s in range(1, 13) if (pitch + direction * s - root) % 12 == degree]
            pitch += direction * steps.pop()
        melody.append((pitch if sounds else None, ticks))
    return melody


def _rows(indices, n_values):
    rows = np.zeros((len(indices), n_values))
    for row, index in zip(rows, indices):
        if index >= 0:
            row[index] = 1.0
    return rows


def one_hot_tokens(indices, n_values):
    return _rows(indices, n_values).T


def _softmax_rows(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def djmodel(X, a0, c0, parameters):
    cell = Cell(parameters)
    a, c = a0.T, c0.T
    scores, caches = [], []
    for x in X.T:  # (T_x, m, n_x)
        a, c, cache = cell.step(x, a, c)
        scores.append(cell.score(a))
        caches.append(cache)
    return _softmax_rows(np.array(scores)).T, caches


def masked_softmax(logits, temperature, allowed):
    rows = logits.T / temperature
    rows[~allowed.T] = -np.inf
    return _softmax_rows(rows).T


def _draw_rows(p, uniforms):
    beyond = (np.cumsum(p, axis=1) > np.reshape(uniforms, (-1, 1))) & (p > 0)
    first = np.argmax(beyond, axis=1)
    last = p.shape[1] - 1 - np.argmax(p[:, ::-1] > 0, axis=1)
    return np.where(beyond.any(axis=1), first, last)


def predict_and_sample(probabilities, uniforms):
    indices = _draw_rows(probabilities.T, uniforms)
    return indices, one_hot_tokens(indices, probabilities.shape[0])


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    cell = Cell(parameters)
    n_values = len(parameters["by"])
    a, c, last = a0.T, c0.T, [-1]
    indices, rows = [], []
    while not at_end(playhead):
        x = np.concatenate((_rows(last, n_values), context_at(playhead).T), axis=1)
        a, c, _ = cell.step(x, a, c)
        z = np.where(allowed_at(playhead).T, cell.score(a) / temperature, -np.inf)
        p = _softmax_rows(z)
        last = _draw_rows(p, uniforms[len(indices)])
        indices.append(last.item())
        rows.append(p)
        playhead = advance(playhead, last.item())
    return indices, np.concatenate(rows).T
