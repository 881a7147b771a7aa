"""Right, with folds and accumulations instead of loops that assign."""

from functools import reduce
from itertools import accumulate

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    def latest(last, note):
        return last if note[0] is None else note[0]

    def token(note, root, before):
        pitch, ticks = note
        if pitch is None:
            return (REST, 0, ticks)
        return ((pitch - root) % 12, (pitch > before) - (pitch < before), ticks)

    return list(map(token, melody, roots, accumulate(melody, latest, initial=start)))


def decode_melody(tokens, roots, start):
    def move(pitch, pair):
        (degree, direction, _), root = pair
        if degree == REST or not direction:
            return pitch
        distance = direction * (degree + root - pitch) % 12 or 12
        return pitch + direction * distance

    pairs = list(zip(tokens, roots, strict=True))
    pitches = list(accumulate(pairs, move, initial=start))[1:]
    return [
        (None if degree == REST else pitch, ticks)
        for pitch, (degree, _, ticks) in zip(pitches, tokens, strict=True)
    ]


def one_hot_tokens(indices, n_values):
    columns = [[float(row == index) for row in range(n_values)] for index in indices]
    return np.array(columns).reshape(len(indices), n_values).T


def djmodel(X, a0, c0, parameters):
    def step(state, xt):
        a, c, cache = lstm_step(xt, state[0], state[1], parameters)
        return a, c, (*state[2], cache)

    caches = reduce(step, np.moveaxis(X, -1, 0), (a0, c0, ()))[2]
    outputs = [softmax(densor(cache[0], parameters)) for cache in caches]
    return np.stack(outputs, axis=-1), list(caches)


def masked_softmax(logits, temperature, allowed):
    def one(column, may):
        scaled = column[may] / temperature
        weights = np.exp(scaled - np.logaddexp.reduce(scaled))
        whole = np.zeros(len(column))
        whole[may] = weights
        return whole

    return np.stack(list(map(one, logits.T, allowed.T)), axis=1)


def predict_and_sample(probabilities, uniforms):
    def draw(p, u):
        possible = np.flatnonzero(p)
        place = np.searchsorted(np.cumsum(p[possible]), u, side="right")
        return possible[min(place, len(possible) - 1)]

    indices = np.array(list(map(draw, probabilities.T, uniforms)))
    return indices, one_hot_tokens(indices, len(probabilities))


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    def play(playhead, a, c, token, uniforms):
        if at_end(playhead):
            return (), ()
        xt = np.concatenate([token, context_at(playhead)])
        a, c, _ = lstm_step(xt, a, c, parameters)
        p = masked_softmax(densor(a, parameters), temperature, allowed_at(playhead))
        drawn, token = predict_and_sample(p, uniforms[:1])
        index = int(drawn[0])
        indices, columns = play(advance(playhead, index), a, c, token, uniforms[1:])
        return (index, *indices), (p, *columns)

    silence = np.zeros((parameters["Wy"].shape[0], 1))
    indices, columns = play(playhead, a0, c0, silence, uniforms)
    return list(indices), np.concatenate(columns, axis=1)
