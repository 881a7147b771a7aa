"""Right, with functions that make functions: the state lives in closures, nothing is handed on."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def _remember(value):
    def look():
        return value

    def put(new):
        nonlocal value
        value = new
        return new

    return look, put


def encode_melody(melody, roots, start):
    latest, sounds = _remember(start)

    def direction_to(pitch):
        before = latest()
        sounds(pitch)
        return 0 if pitch == before else (1 if pitch > before else -1)

    return [
        (REST, 0, ticks) if pitch is None else ((pitch + 120 - root) % 12, direction_to(pitch), ticks)
        for (pitch, ticks), root in zip(melody, roots)
    ]


def _nearest(direction):
    def find(pitch, wanted):
        here = pitch + direction
        for _ in range(12):
            if (here - wanted) % 12 == 0:
                return here
            here += direction
        raise ValueError(wanted)

    return find


def decode_melody(tokens, roots, start):
    latest, sounds = _remember(start)
    ways = {1: _nearest(1), -1: _nearest(-1), 0: lambda pitch, wanted: pitch}

    def note(degree, direction, ticks, root):
        if degree == REST:
            return None, ticks
        return sounds(ways[direction](latest(), degree + root)), ticks

    return [note(*token, root) for token, root in zip(tokens, roots)]


def _column_maker(n_values):
    def make(index):
        column = [0.0] * n_values
        if index != -1:
            column[index] = 1.0
        return column

    return make


def one_hot_tokens(indices, n_values):
    make = _column_maker(n_values)
    return np.array([make(int(index)) for index in indices]).T.reshape(n_values, len(indices))


def _listener(a, c, parameters):
    def hear(x):
        nonlocal a, c
        a, c, cache = lstm_step(x, a, c, parameters)
        return densor(a, parameters), cache

    return hear


def djmodel(X, a0, c0, parameters):
    hear = _listener(a0, c0, parameters)
    outputs = np.empty((len(parameters["by"]), *X.shape[1:]))
    caches = []

    def store(t):
        logits, cache = hear(X[:, :, t])
        outputs[:, :, t] = softmax(logits)
        caches.append(cache)

    for t in range(X.shape[2]):
        store(t)
    return outputs, caches


def _tempered(temperature):
    return lambda scores: scores / temperature


def _only(allowed):
    return lambda scores: np.where(allowed, scores, np.finfo(float).min)


def masked_softmax(logits, temperature, allowed):
    z = _only(allowed)(_tempered(temperature)(logits))
    return softmax(z)


def _wheel(p):
    ladder = np.cumsum(p)
    possible = np.flatnonzero(p > 0)

    def spin(u):
        return next((k for k in possible if ladder[k] > u), possible[-1])

    return spin


def predict_and_sample(probabilities, uniforms):
    wheels = [_wheel(probabilities[:, i]) for i in range(probabilities.shape[1])]
    indices = np.array([wheel(u) for wheel, u in zip(wheels, uniforms)])
    return indices, one_hot_tokens(indices, probabilities.shape[0])


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    hear = _listener(a0, c0, parameters)
    where, go = _remember(playhead)
    token, play = _remember(np.zeros((len(parameters["by"]), 1)))

    def one(u):
        logits, _ = hear(np.vstack((token(), context_at(where()))))
        p = masked_softmax(logits, temperature, allowed_at(where()))
        (index,), column = predict_and_sample(p, np.array([u]))
        play(column)
        go(advance(where(), index))
        return int(index), p

    played = []
    supply = iter(uniforms)
    while not at_end(where()):
        played.append(one(next(supply)))
    return [index for index, _ in played], np.hstack([p for _, p in played])
