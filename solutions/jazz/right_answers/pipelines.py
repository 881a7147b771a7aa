"""Right, as pipelines: small functions of one argument, partially applied, composed and reduced."""

import operator
from functools import partial, reduce

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def pipe(*stages):
    return lambda value: reduce(lambda result, stage: stage(result), stages, value)


def modulo(number, by=12):
    return operator.mod(number, by)


def _encoded(state, pair):
    tokens, last = state
    (pitch, ticks), root = pair
    if pitch is None:
        return [*tokens, (REST, 0, ticks)], last
    degree = pipe(partial(operator.add, -root), modulo)(pitch)
    direction = pipe(partial(operator.add, -last), np.sign, int)(pitch)
    return [*tokens, (degree, direction, ticks)], pitch


def encode_melody(melody, roots, start):
    return reduce(_encoded, zip(melody, roots), ([], start))[0]


def _decoded(state, pair):
    melody, last = state
    (degree, direction, ticks), root = pair
    if degree == REST:
        return [*melody, (None, ticks)], last
    from_last = pipe(
        partial(operator.add, root - last),
        partial(operator.mul, direction),
        partial(operator.add, -1),
        modulo,
        partial(operator.add, 1),
        partial(operator.mul, direction),
        partial(operator.add, last),
    )
    return [*melody, (from_last(degree), ticks)], from_last(degree)


def decode_melody(tokens, roots, start):
    return reduce(_decoded, zip(tokens, roots), ([], start))[0]


def one_hot_tokens(indices, n_values):
    rows = np.arange(n_values).reshape(-1, 1)
    return pipe(np.asarray, partial(np.equal, rows), partial(np.multiply, 1.0))(indices)


def djmodel(X, a0, c0, parameters):
    cell = partial(lstm_step, parameters=parameters)
    to_output = pipe(operator.itemgetter(0), partial(densor, parameters=parameters), softmax)
    at = partial(np.take, X, axis=2)

    def step(steps, t):
        a_prev, c_prev = steps[-1][:2]
        return [*steps, cell(at(t), a_prev, c_prev)]

    steps = reduce(step, range(X.shape[2]), [(a0, c0)])[1:]
    stack = pipe(partial(map, to_output), list, partial(np.stack, axis=2))
    return stack(steps), list(map(operator.itemgetter(2), steps))


def masked_softmax(logits, temperature, allowed):
    return pipe(
        partial(np.multiply, 1.0 / temperature),
        lambda z: np.where(allowed, z, -np.inf),
        lambda z: z - np.max(z, axis=0),
        np.exp,
        lambda e: e / np.sum(e, axis=0),
    )(logits)


def predict_and_sample(probabilities, uniforms):
    at_least = pipe(np.sign, partial(np.flip, axis=0), partial(np.argmax, axis=0))
    last = len(probabilities) - 1 - at_least(probabilities)
    draw = pipe(
        partial(np.cumsum, axis=0),
        lambda ends: ends <= np.asarray(uniforms),
        partial(np.sum, axis=0),
        partial(np.minimum, last),
    )
    indices = draw(probabilities)
    return indices, one_hot_tokens(indices, len(probabilities))


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = len(parameters["by"])
    cell = partial(lstm_step, parameters=parameters)
    scores = partial(densor, parameters=parameters)

    def play(solo, u):
        place, a, c, token, indices, columns = solo
        if at_end(place):
            return solo
        hear = pipe(
            context_at,
            lambda heard: np.vstack((token, heard)),
            partial(cell, a_prev=a, c_prev=c),
        )
        a, c, _ = hear(place)
        p = masked_softmax(scores(a), temperature, allowed_at(place))
        drawn, token = predict_and_sample(p, np.array([u]))
        return advance(place, int(drawn[0])), a, c, token, [*indices, int(drawn[0])], [*columns, p]

    beginning = (playhead, a0, c0, np.zeros((n_values, 1)), [], [])
    *_, indices, columns = reduce(play, uniforms, beginning)
    return indices, np.hstack(columns)
