"""Right, with a class that holds the state of the player."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


class Line:
    """Remembers the pitch that sounded last."""

    def __init__(self, start):
        self.pitch = start

    def write(self, pitch, root, ticks):
        if pitch is None:
            return (REST, 0, ticks)
        direction = int(np.clip(pitch - self.pitch, -1, 1))
        self.pitch = pitch
        return (divmod(pitch - root, 12)[1], direction, ticks)

    def read(self, degree, direction, ticks, root):
        if degree == REST:
            return (None, ticks)
        candidates = [p for p in range(self.pitch - 12, self.pitch + 13) if (p - root) % 12 == degree]
        if direction == 1:
            self.pitch = min(p for p in candidates if p > self.pitch)
        if direction == -1:
            self.pitch = max(p for p in candidates if p < self.pitch)
        return (self.pitch, ticks)


class Player:
    """One shared cell and its two states."""

    def __init__(self, a0, c0, parameters):
        self.a, self.c, self.parameters = a0, c0, parameters
        self.caches = []

    def hear(self, xt):
        self.a, self.c, cache = lstm_step(xt, self.a, self.c, self.parameters)
        self.caches.append(cache)
        return densor(self.a, self.parameters)


def encode_melody(melody, roots, start):
    line = Line(start)
    return [line.write(pitch, root, t) for (pitch, t), root in zip(melody, roots, strict=True)]


def decode_melody(tokens, roots, start):
    line = Line(start)
    return [line.read(*token, root) for token, root in zip(tokens, roots, strict=True)]


def one_hot_tokens(indices, n_values):
    one_hot = np.zeros((n_values, len(indices)))
    for column, index in enumerate(indices):
        if index >= 0:
            one_hot[index, column] = 1.0
    return one_hot


def djmodel(X, a0, c0, parameters):
    player = Player(a0, c0, parameters)
    outputs = np.empty((parameters["by"].size, X.shape[1], X.shape[2]))
    for t in range(X.shape[2]):
        outputs[..., t] = softmax(player.hear(X[..., t]))
    return outputs, player.caches


def masked_softmax(logits, temperature, allowed):
    forbidden = np.where(allowed, 0.0, -np.inf)
    return softmax(logits / temperature + forbidden)


def predict_and_sample(probabilities, uniforms):
    ladder = np.add.accumulate(probabilities) / probabilities.sum(axis=0)
    indices = np.array([int(np.flatnonzero(ladder[:, i] > u)[0]) for i, u in enumerate(uniforms)])
    return indices, one_hot_tokens(indices, probabilities.shape[0])


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    player = Player(a0, c0, parameters)
    token, indices, columns = np.zeros((parameters["by"].size, 1)), [], []
    for u in uniforms:
        if at_end(playhead):
            break
        logits = player.hear(np.concatenate((token, context_at(playhead))))
        columns.append(masked_softmax(logits, temperature, allowed_at(playhead)))
        drawn, token = predict_and_sample(columns[-1], [u])
        indices.append(int(drawn[0]))
        playhead = advance(playhead, indices[-1])
    return indices, np.concatenate(columns, axis=1)
