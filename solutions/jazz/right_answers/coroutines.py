"""Right, with generators: melodies are yielded, and the cell is a coroutine one sends inputs to."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def _written(melody, roots, last):
    for (pitch, ticks), root in zip(melody, roots):
        if pitch is None:
            yield REST, 0, ticks
        else:
            yield (pitch - root) % 12, (pitch > last) - (pitch < last), ticks
            last = pitch


def encode_melody(melody, roots, start):
    return list(_written(melody, roots, start))


def _singer(pitch):
    """Takes (token, root), yields the note."""
    note = None
    while True:
        (degree, direction, ticks), root = yield note
        if degree == REST:
            note = (None, ticks)
        else:
            target = degree + root
            if direction == 1:
                pitch += 12 - (pitch - target) % 12
            elif direction == -1:
                pitch -= 12 - (target - pitch) % 12
            note = (pitch, ticks)


def decode_melody(tokens, roots, start):
    singer = _singer(start)
    next(singer)
    return [singer.send(pair) for pair in zip(tokens, roots)]


def one_hot_tokens(indices, n_values):
    def numbers():
        for row in range(n_values):
            for index in indices:
                yield 1.0 if row == index else 0.0

    flat = np.fromiter(numbers(), dtype=float, count=n_values * len(indices))
    return flat.reshape(n_values, len(indices))


def _network(a, c, parameters):
    """Takes x<t>, yields the logits and the cache of the step."""
    answer = None
    while True:
        x = yield answer
        a, c, cache = lstm_step(x, a, c, parameters)
        answer = densor(a, parameters), cache


def djmodel(X, a0, c0, parameters):
    network = _network(a0, c0, parameters)
    network.send(None)
    answers = [network.send(X[:, :, t]) for t in range(X.shape[2])]
    network.close()
    outputs = np.stack([softmax(logits) for logits, _ in answers], axis=2)
    return outputs, [cache for _, cache in answers]


def masked_softmax(logits, temperature, allowed):
    def columns():
        for scores, may in zip(logits.T, allowed.T):
            highest = max(score for score, yes in zip(scores, may) if yes)
            e = [np.exp((s - highest) / temperature) if yes else 0.0 for s, yes in zip(scores, may)]
            yield np.array(e) / sum(e)

    return np.column_stack(list(columns()))


def _pieces(p):
    """Yields every possible index with the end of its piece of the line."""
    end = 0.0
    for index, share in enumerate(p):
        end += share
        if share > 0:
            yield index, end


def predict_and_sample(probabilities, uniforms):
    indices = []
    for p, u in zip(probabilities.T, uniforms):
        for index, end in _pieces(p):
            if end > u:
                break
        indices.append(index)
    return np.array(indices), one_hot_tokens(indices, len(probabilities))


def _solo(playhead, network, n_values, uniforms, temperature):
    token = np.zeros((n_values, 1))
    for u in uniforms:
        if at_end(playhead):
            return
        logits, _ = network.send(np.vstack((token, context_at(playhead))))
        p = masked_softmax(logits, temperature, allowed_at(playhead))
        drawn, token = predict_and_sample(p, [u])
        yield int(drawn[0]), p
        playhead = advance(playhead, int(drawn[0]))


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    network = _network(a0, c0, parameters)
    next(network)
    solo = _solo(playhead, network, len(parameters["by"]), uniforms, temperature)
    indices, columns = zip(*solo)
    return list(indices), np.hstack(columns)
