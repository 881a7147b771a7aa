"""Right, and the one-hot is never multiplied: its product is a column of the weights, picked out."""

import numpy as np
from lstm_layer import densor, lstm_step, sigmoid, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    pitches = np.array([-1 if pitch is None else pitch for pitch, _ in melody], dtype=int)
    order = np.flatnonzero(pitches >= 0)
    degrees = np.full(len(melody), REST)
    directions = np.zeros(len(melody), dtype=int)
    degrees[order] = (pitches[order] - np.array(roots, dtype=int)[order]) % 12
    directions[order] = np.sign(np.diff(pitches[order], prepend=start))
    return [
        (int(degree), int(direction), ticks)
        for degree, direction, (_, ticks) in zip(degrees, directions, melody)
    ]


def decode_melody(tokens, roots, start):
    melody = []
    for (degree, direction, ticks), root in zip(tokens, roots):
        if degree == REST:
            melody.append((None, ticks))
            continue
        wanted = degree + root
        if direction > 0:
            start = wanted + 12 * ((start - wanted) // 12 + 1)
        elif direction < 0:
            start = wanted + 12 * ((start - wanted - 1) // 12)
        melody.append((start, ticks))
    return melody


def one_hot_tokens(indices, n_values):
    one_hot = np.zeros((n_values, len(indices)))
    there = np.asarray(indices) != -1
    one_hot[:, there] = np.eye(n_values)[:, np.asarray(indices)[there]]
    return one_hot


def djmodel(X, a0, c0, parameters):
    a, c = a0, c0
    hidden, caches = [], []
    for xt in np.rollaxis(X, 2):
        a, c, cache = lstm_step(xt, a, c, parameters)
        hidden.append(a)
        caches.append(cache)
    logits = [densor(a, parameters) for a in hidden]
    return np.stack(list(map(softmax, logits)), axis=-1), caches


def masked_softmax(logits, temperature, allowed):
    rows, columns = np.where(allowed)
    top = np.full(logits.shape[1], -np.inf)
    np.maximum.at(top, columns, logits[rows, columns])
    weights = np.exp((logits[rows, columns] - top[columns]) / temperature)
    total = np.bincount(columns, weights)
    probabilities = np.zeros(logits.shape)
    probabilities[rows, columns] = weights / total[columns]
    return probabilities


def predict_and_sample(probabilities, uniforms):
    n_values, m = probabilities.shape
    order = np.arange(n_values)[:, None]
    ends = np.cumsum(probabilities, axis=0)
    candidates = np.where((ends > uniforms) & (probabilities > 0), order, n_values)
    last = np.max(np.where(probabilities > 0, order, 0), axis=0)
    indices = np.minimum(np.min(candidates, axis=0), last)
    return indices, one_hot_tokens(indices, n_values)


class Gate:
    def __init__(self, W, b, n_a, n_values):
        self.state, self.context, self.b = W[:, :n_a], W[:, n_a + n_values :], b
        self.embedding = W[:, n_a : n_a + n_values]

    def __call__(self, a, token, context):
        z = self.state @ a + self.context @ context + self.b
        return z if token is None else z + self.embedding[:, token : token + 1]


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_a, n_values = len(a0), len(parameters["by"])
    forget, update, candidate, output = (
        Gate(parameters["W" + name], parameters["b" + name], n_a, n_values) for name in "fico"
    )
    a, c, token = a0, c0, None
    indices, columns = [], []
    while not at_end(playhead):
        heard = a, token, context_at(playhead)
        c = sigmoid(forget(*heard)) * c + sigmoid(update(*heard)) * np.tanh(candidate(*heard))
        a = sigmoid(output(*heard)) * np.tanh(c)
        p = masked_softmax(densor(a, parameters), temperature, allowed_at(playhead))
        t = len(indices)
        token = int(predict_and_sample(p, uniforms[t : t + 1])[0][0])
        playhead = advance(playhead, token)
        indices.append(token)
        columns.append(p)
    return indices, np.concatenate(columns, axis=1)
