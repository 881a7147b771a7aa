"""Right, with what is allowed laid end to end in one flat line, and sums over its segments."""

import numpy as np
from lstm_layer import densor, lstm_step
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    tokens = [[REST, 0, ticks] for _, ticks in melody]
    sounding = [n for n in range(len(melody)) if melody[n][0] is not None]
    pitches = [start] + [melody[n][0] for n in sounding]
    for k, n in enumerate(sounding):
        tokens[n][0] = (pitches[k + 1] - roots[n]) % 12
        tokens[n][1] = int(np.sign(np.diff(pitches[k : k + 2]))[0])
    return list(map(tuple, tokens))


def decode_melody(tokens, roots, start):
    melody = [[None, ticks] for _, _, ticks in tokens]
    sounding = [n for n, token in enumerate(tokens) if token[0] != REST]
    for n in sounding:
        degree, direction, _ = tokens[n]
        grid = np.arange(start - 12, start + 13)
        right_side = np.sign(grid - start) == direction
        right_class = (grid - degree - roots[n]) % 12 == 0
        start = int(grid[right_side & right_class][0])
        melody[n][0] = start
    return [tuple(note) for note in melody]


def one_hot_tokens(indices, n_values):
    one_hot = np.zeros((n_values, len(indices)))
    indices = np.asarray(indices)
    columns = np.nonzero(indices + 1)[0]
    np.add.at(one_hot, (indices[columns], columns), 1.0)
    return one_hot


def djmodel(X, a0, c0, parameters):
    m, T_x = X.shape[1:]
    flat = np.zeros((a0.shape[0], T_x * m))  # all steps side by side
    caches = []
    a, c = a0, c0
    for t in range(T_x):
        a, c, cache = lstm_step(X[:, :, t], a, c, parameters)
        flat[:, t * m : (t + 1) * m] = a
        caches.append(cache)
    logits = densor(flat, parameters)
    e = np.exp(logits - logits.max(axis=0))
    p = np.divide(e, np.add.reduce(e, axis=0))
    return np.stack(np.split(p, T_x, axis=1), axis=2), caches


def masked_softmax(logits, temperature, allowed):
    columns, rows = np.nonzero(allowed.T)  # column by column
    starts = np.flatnonzero(np.r_[True, np.diff(columns) > 0])
    scores = logits[rows, columns] / temperature
    lengths = np.diff(np.append(starts, len(scores)))
    scores = scores - np.repeat(np.maximum.reduceat(scores, starts), lengths)
    e = np.exp(scores)
    e = e / np.repeat(np.add.reduceat(e, starts), lengths)
    probabilities = np.zeros(logits.shape)
    probabilities[rows, columns] = e
    return probabilities


def predict_and_sample(probabilities, uniforms):
    columns, rows = np.nonzero(probabilities.T)
    indices = []
    for i, u in enumerate(uniforms):
        mine = rows[columns == i]
        ends = np.cumsum(probabilities[mine, i])
        ends[-1] = 1.0
        indices.append(mine[np.flatnonzero(ends > u)[0]])
    indices = np.array(indices)
    return indices, one_hot_tokens(indices, len(probabilities))


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = parameters["by"].shape[0]
    a, c, token = a0, c0, np.zeros((n_values, 1))
    drawn, line = [], np.zeros(0)
    while not at_end(playhead):
        a, c, _ = lstm_step(np.r_[token, context_at(playhead)], a, c, parameters)
        p = masked_softmax(densor(a, parameters), temperature, allowed_at(playhead))
        index, token = predict_and_sample(p, uniforms[len(drawn) :][:1])
        line = np.append(line, p)
        drawn.append(index.item())
        playhead = advance(playhead, drawn[-1])
    return drawn, line.reshape(len(drawn), n_values).T.copy()
