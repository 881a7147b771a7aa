"""Right, and never looks before it leaps: exceptions end the loops and tell rests from notes."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    tokens = []
    while True:
        try:
            pitch, ticks = melody[len(tokens)]
        except IndexError:
            return tokens
        try:
            degree = (pitch - roots[len(tokens)]) % 12
            direction = (pitch - start) // abs(pitch - start)
        except TypeError:  # no pitch to subtract from
            degree, direction = REST, 0
        except ZeroDivisionError:
            direction = 0
        else:
            start = pitch
        tokens.append((degree, direction, ticks))


def decode_melody(tokens, roots, start):
    melody = []
    notes = iter(zip(tokens, roots))
    while True:
        try:
            (degree, direction, ticks), root = next(notes)
        except StopIteration:
            return melody
        if degree == REST:
            melody.append((None, ticks))
            continue
        try:
            way = range(start + direction, start + 13 * direction, direction)
            start = way[[pitch % 12 for pitch in way].index((degree + root) % 12)]
        except ValueError:  # a range needs a step that is not zero
            pass
        melody.append((start, ticks))


def one_hot_tokens(indices, n_values):
    one_hot = np.zeros((n_values, len(indices)))
    rows = list(one_hot)
    numbers = {index: row for index, row in enumerate(rows)}
    for column, index in enumerate(indices):
        try:
            numbers[int(index)][column] = 1.0
        except KeyError:  # -1: nothing yet
            continue
    return one_hot


def djmodel(X, a0, c0, parameters):
    a, c, t = a0, c0, 0
    outputs, caches = [], []
    while True:
        try:
            xt = X[:, :, t]
        except IndexError:
            break
        a, c, cache = lstm_step(xt, a, c, parameters)
        outputs.append(softmax(densor(a, parameters))[..., None])
        caches.append(cache)
        t += 1
    return np.concatenate(outputs, axis=2), caches


def masked_softmax(logits, temperature, allowed):
    shift = np.where(allowed, logits, -np.inf).max(axis=0)
    with np.errstate(over="raise"):
        try:
            e = np.exp((logits - shift) / temperature)
        except FloatingPointError:  # something forbidden lies far above all that is allowed
            e = np.exp(np.where(allowed, logits - shift, 0.0) / temperature)
    e *= allowed
    return e / e.sum(axis=0)


def predict_and_sample(probabilities, uniforms):
    n_values, m = probabilities.shape
    one_hots = np.zeros((n_values, m))
    indices = np.zeros(m, dtype=int)
    for i in range(m):
        beyond = np.flatnonzero(np.cumsum(probabilities[:, i]) > uniforms[i])
        try:
            indices[i] = beyond[0]
        except IndexError:  # rounding left the last sum below the uniform
            indices[i] = np.flatnonzero(probabilities[:, i])[-1]
        one_hots[indices[i], i] = 1.0
    return indices, one_hots


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = parameters["by"].shape[0]
    indices, probabilities = [], None
    a, c = a0, c0
    while not at_end(playhead):
        try:
            token = one_hot_tokens([indices[-1]], n_values)
        except IndexError:
            token = np.zeros((n_values, 1))
        x = np.vstack((token, context_at(playhead)))
        a, c, _ = lstm_step(x, a, c, parameters)
        p = masked_softmax(densor(a, parameters), temperature, allowed_at(playhead))
        try:
            probabilities = np.hstack((probabilities, p))
        except ValueError:
            probabilities = p
        drawn, _ = predict_and_sample(p, [uniforms[len(indices)]])
        indices.append(int(drawn[0]))
        playhead = advance(playhead, indices[-1])
    return indices, probabilities
