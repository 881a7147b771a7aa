"""Right, with hidden and cell state in one array, and one array for each whole table of numbers."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    is_rest = np.array([pitch is None for pitch, _ in melody], dtype=bool)
    pitches = np.array([pitch or 0 for pitch, _ in melody], dtype=int)
    pitches = np.concatenate(([start], pitches))
    for n in np.flatnonzero(is_rest) + 1:  # a rest takes over the pitch before it
        pitches[n] = pitches[n - 1]
    tokens = np.stack(
        [
            np.where(is_rest, REST, np.mod(pitches[1:] - np.asarray(roots, dtype=int), 12)),
            np.sign(np.diff(pitches)),
            np.array([ticks for _, ticks in melody], dtype=int),
        ],
        axis=1,
    )
    return [tuple(map(int, token)) for token in tokens]


def decode_melody(tokens, roots, start):
    table = np.array(tokens, dtype=int).reshape(-1, 3)
    degrees, directions, ticks = table.T
    sounds = degrees != REST
    classes = np.mod(degrees + np.asarray(roots, dtype=int), 12)[sounds]
    ways = directions[sounds]
    before = np.concatenate(([start % 12], classes))[:-1]  # a class is known without its octave
    moves = np.where(ways == 0, 0, ways * (np.mod(ways * (classes - before) - 1, 12) + 1))
    pitches = iter((start + np.cumsum(moves)).tolist())
    return [
        (next(pitches) if yes else None, length) for yes, length in zip(sounds, ticks.tolist())
    ]


def one_hot_tokens(indices, n_values):
    one_hot = np.identity(n_values + 1)[:, indices]
    return np.delete(one_hot, -1, axis=0)


def _step(x, state, parameters):
    a, c, cache = lstm_step(x, *np.vsplit(state, 2), parameters)
    return np.vstack((a, c)), cache


def djmodel(X, a0, c0, parameters):
    n_a, m = a0.shape
    states = np.zeros((X.shape[2] + 1, 2 * n_a, m))
    states[0] = np.vstack((a0, c0))
    caches = []
    for t in range(X.shape[2]):
        states[t + 1], cache = _step(X[:, :, t], states[t], parameters)
        caches.append(cache)
    outputs = np.array([softmax(densor(state[:n_a], parameters)) for state in states[1:]])
    return outputs.swapaxes(0, 1).swapaxes(1, 2), caches


def masked_softmax(logits, temperature, allowed):
    order = np.argsort(~allowed, axis=0, kind="stable")  # what is allowed comes first
    z = np.take_along_axis(logits / temperature, order, axis=0)
    number = allowed.sum(axis=0)
    outside = np.arange(len(z))[:, None] >= number
    z[outside] = -np.inf
    probabilities = np.zeros_like(z)
    np.put_along_axis(probabilities, order, softmax(z), axis=0)
    return probabilities


def predict_and_sample(probabilities, uniforms):
    n_values, m = probabilities.shape
    with_end = np.vstack((np.cumsum(probabilities, axis=0), np.full((1, m), 2.0)))
    indices = np.argmax(with_end > uniforms, axis=0)
    for i in np.flatnonzero(indices == n_values):
        indices[i] = np.flatnonzero(probabilities[:, i])[-1]
    return indices, one_hot_tokens(indices, n_values)


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_a, n_values = a0.shape[0], parameters["by"].shape[0]
    state = np.vstack((a0, c0))
    table = np.zeros((n_values + 1, 0))  # probabilities, and below them what was drawn
    token = np.zeros((n_values, 1))
    while not at_end(playhead):
        state, _ = _step(np.vstack((token, context_at(playhead))), state, parameters)
        p = masked_softmax(densor(state[:n_a], parameters), temperature, allowed_at(playhead))
        t = table.shape[1]
        drawn, token = predict_and_sample(p, uniforms[t : t + 1])
        table = np.hstack((table, np.vstack((p, drawn[np.newaxis]))))
        playhead = advance(playhead, int(drawn[0]))
    return table[-1].astype(int).tolist(), table[:-1]
