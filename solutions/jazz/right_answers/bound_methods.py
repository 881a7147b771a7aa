"""Right, though hardly one of the names is bound by `def`: methods, partials, callable objects."""

from functools import cached_property, lru_cache, partial, wraps

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


class Notation:
    octave = 12

    def encode(self, melody, roots, start):
        tokens = []
        for (pitch, ticks), root in zip(melody, roots):
            start, token = self._token(pitch, root, ticks, start)
            tokens.append(token)
        return tokens

    def _token(self, pitch, root, ticks, last):
        if pitch is None:
            return last, (REST, 0, ticks)
        return pitch, ((pitch - root) % self.octave, self.sign(pitch - last), ticks)

    @staticmethod
    def sign(interval):
        return (interval > 0) - (interval < 0)

    @classmethod
    def decode(cls, tokens, roots, start):
        melody = []
        for (degree, direction, ticks), root in zip(tokens, roots):
            if degree == REST:
                melody.append((None, ticks))
            else:
                gap = direction * (root + degree - start) % cls.octave or cls.octave
                start += direction * gap
                melody.append((start, ticks))
        return melody


notation = Notation()
encode_melody = notation.encode
decode_melody = Notation.decode


@lru_cache(maxsize=None)
def _column(index, n_values):
    return tuple(float(row == index) for row in range(n_values))


one_hot_tokens = lambda indices, n_values: np.array(  # noqa: E731
    [_column(int(index), n_values) for index in indices]
).T.copy()


class Unroll:
    """One object, called like a function; a fresh run for every call."""

    class Run:
        def __init__(self, X, a0, c0, parameters):
            self.X, self.first, self.parameters = X, (a0, c0), parameters

        @cached_property
        def steps(self):
            steps, (a, c) = [], self.first
            for t in range(self.X.shape[2]):
                a, c, cache = lstm_step(self.X[:, :, t], a, c, self.parameters)
                steps.append((softmax(densor(a, self.parameters)), cache))
            return steps

        @property
        def outputs(self):
            return np.stack([p for p, _ in self.steps], axis=-1)

        @property
        def caches(self):
            return [cache for _, cache in self.steps]

    def __call__(self, X, a0, c0, parameters):
        run = self.Run(X, a0, c0, parameters)
        return run.outputs, run.caches


djmodel = Unroll()


def _softmax_of(forbidden, logits, temperature, allowed):
    return softmax(np.where(allowed, np.divide(logits, temperature), forbidden))


masked_softmax = partial(_softmax_of, -np.inf)


def with_one_hots(draw):
    @wraps(draw)
    def both(probabilities, uniforms):
        indices = draw(probabilities, uniforms)
        return indices, one_hot_tokens(indices, probabilities.shape[0])

    return both


@with_one_hots
def predict_and_sample(probabilities, uniforms):
    ladder = np.cumsum(probabilities, axis=0)
    ladder[probabilities == 0] = 0.0
    beyond = ladder > uniforms
    last = probabilities.shape[0] - 1 - np.argmax(probabilities[::-1] > 0, axis=0)
    return np.where(beyond.any(axis=0), beyond.argmax(axis=0), last)


class Improviser:
    def __init__(self, playhead, state, parameters):
        self.playhead, self.state, self.parameters = playhead, state, parameters
        self.token = np.zeros((len(parameters["by"]), 1))
        self.indices, self.columns = [], []

    def __iter__(self):
        return self

    def __next__(self):
        if at_end(self.playhead):
            raise StopIteration
        x = np.concatenate((self.token, context_at(self.playhead)))
        *self.state, _ = lstm_step(x, *self.state, self.parameters)
        return densor(self.state[0], self.parameters), allowed_at(self.playhead)

    def take(self, index, p, token):
        self.indices.append(index)
        self.columns.append(p)
        self.token, self.playhead = token, advance(self.playhead, index)

    @classmethod
    def play(cls, playhead, a0, c0, parameters, uniforms, temperature):
        improviser = cls(playhead, (a0, c0), parameters)
        for (logits, allowed), u in zip(improviser, uniforms):
            p = masked_softmax(logits, temperature, allowed)
            (index,), token = predict_and_sample(p, np.array([u]))
            improviser.take(int(index), p, token)
        return improviser.indices, np.hstack(improviser.columns)


music_inference_model = Improviser.play
