"""Right, with lists, math and bisect; numpy only where arrays go in and out."""

import math
from bisect import bisect_right
from itertools import accumulate

import numpy as np
from lstm_layer import lstm_step
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    tokens = []
    for (pitch, ticks), root in zip(melody, roots):
        if pitch is None:
            tokens.append((REST, 0, ticks))
        else:
            way = int(math.copysign(pitch != start, pitch - start))
            tokens.append((int(math.fmod(pitch - root + 24, 12)), way, ticks))
            start = pitch
    return tokens


def decode_melody(tokens, roots, start):
    melody = []
    for (degree, way, ticks), root in zip(tokens, roots):
        if degree == REST:
            melody.append((None, ticks))
            continue
        ladder = list(range((degree + root) % 12, 140, 12))  # every octave of the pitch class
        if way > 0:
            start = ladder[bisect_right(ladder, start)]
        elif way < 0:
            start = max(rung for rung in ladder if rung < start)
        melody.append((start, ticks))
    return melody


def one_hot_tokens(indices, n_values):
    rows = [[0.0 for _ in indices] for _ in range(n_values)]
    for column, index in enumerate(indices):
        if index >= 0:
            rows[index][column] = 1.0
    return np.array(rows)


def _softmax(scores):
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def _score(a, parameters):
    """The scores of one example: a list of n_values numbers from a list of n_a."""
    return [
        sum(weight * unit for weight, unit in zip(row, a)) + bias
        for row, (bias,) in zip(parameters["Wy"].tolist(), parameters["by"].tolist())
    ]


def djmodel(X, a0, c0, parameters):
    _, m, T_x = X.shape
    a, c = a0, c0
    steps, caches = [], []
    for t in range(T_x):
        a, c, cache = lstm_step(X[:, :, t], a, c, parameters)
        steps.append([_softmax(_score(column, parameters)) for column in a.T.tolist()])
        caches.append(cache)
    n_values = len(steps[0][0])
    outputs = [
        [[steps[t][i][row] for t in range(T_x)] for i in range(m)] for row in range(n_values)
    ]
    return np.array(outputs), caches


def masked_softmax(logits, temperature, allowed):
    columns = []
    for scores, may in zip(logits.T.tolist(), allowed.T.tolist()):
        kept = iter(_softmax([s / temperature for s, yes in zip(scores, may) if yes]))
        columns.append([next(kept) if yes else 0.0 for yes in may])
    return np.array(list(zip(*columns)))


def _draw(p, u):
    last = max(k for k, share in enumerate(p) if share > 0)
    return min(bisect_right(list(accumulate(p)), u), last)


def predict_and_sample(probabilities, uniforms):
    columns = probabilities.T.tolist()
    indices = [_draw(p, float(u)) for p, u in zip(columns, uniforms)]
    return np.array(indices), one_hot_tokens(indices, len(probabilities))


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = len(parameters["by"])
    token = [0.0] * n_values
    a, c, indices, rows = a0, c0, [], []
    for u in uniforms.tolist():
        if at_end(playhead):
            break
        x = token + context_at(playhead)[:, 0].tolist()
        a, c, _ = lstm_step(np.array([x]).T, a, c, parameters)
        may = allowed_at(playhead)[:, 0].tolist()
        scores = _score(a[:, 0].tolist(), parameters)
        kept = [k for k in range(n_values) if may[k]]
        shares = _softmax([scores[k] / temperature for k in kept])
        p = [0.0] * n_values
        for k, share in zip(kept, shares):
            p[k] = share
        index = _draw(p, u)
        token = [float(k == index) for k in range(n_values)]
        indices.append(index)
        rows.append(p)
        playhead = advance(playhead, index)
    return indices, np.array(rows).T
