"""Right, as comprehensions that assign on the way: one expression a function wherever it goes."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    last = start
    return [
        ((pitch - root) % 12, (pitch > (before := last)) - ((last := pitch) < before), ticks)
        if pitch is not None
        else (REST, 0, ticks)
        for (pitch, ticks), root in zip(melody, roots)
    ]


def decode_melody(tokens, roots, start):
    last = start
    return [
        (None, ticks)
        if degree == REST
        else (last := last + way * ((way * (degree + root - last) + 11) % 12 + 1), ticks)
        for (degree, way, ticks), root in zip(tokens, roots)
    ]


def one_hot_tokens(indices, n_values):
    return np.column_stack([np.eye(1, n_values, k)[0] * (k >= 0) for k in indices])


def djmodel(X, a0, c0, parameters):
    state = (a0, c0)
    outputs = [
        (softmax(densor((state := (step := lstm_step(xt, *state, parameters))[:2])[0], parameters)),
         step[2])
        for xt in (X[:, :, t] for t in range(X.shape[2]))
    ]
    return np.stack([p for p, _ in outputs], axis=2), [cache for _, cache in outputs]


def masked_softmax(logits, temperature, allowed):
    return (e := np.exp(
        (z := np.where(allowed, logits / temperature, -np.inf)) - z.max(axis=0)
    )) / e.sum(axis=0)


def predict_and_sample(probabilities, uniforms):
    indices = np.array([
        hits[0] if len(hits := np.flatnonzero(np.cumsum(p) > u)) else np.flatnonzero(p)[-1]
        for p, u in zip(probabilities.T, uniforms)
    ])
    return indices, one_hot_tokens(indices, probabilities.shape[0])


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    a, c, token, rest = a0, c0, np.zeros_like(parameters["by"]), list(uniforms)
    solo = []
    while not at_end(playhead):
        a, c, _ = lstm_step(np.vstack((token, context_at(playhead))), a, c, parameters)
        (index,), token = predict_and_sample(
            p := masked_softmax(densor(a, parameters), temperature, allowed_at(playhead)),
            [rest.pop(0)],
        )
        solo.append((index := int(index), p))
        playhead = advance(playhead, index)
    return [index for index, _ in solo], np.hstack([p for _, p in solo])
