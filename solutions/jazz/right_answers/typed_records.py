"""Right, with frozen dataclasses, a NamedTuple for notes and tokens, and types on everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST

Array = NDArray[np.float64]


class Token(NamedTuple):
    degree: int
    direction: int
    ticks: int


class Note(NamedTuple):
    pitch: int | None
    ticks: int


@dataclass(frozen=True)
class Ear:
    pitch: int

    def direction_of(self, pitch: int) -> int:
        return int(pitch > self.pitch) - int(pitch < self.pitch)

    def nearest(self, pitch_class: int, direction: int) -> int:
        if direction == 0:
            return self.pitch
        gap = (pitch_class - self.pitch) * direction % 12
        return self.pitch + direction * (gap if gap > 0 else 12)


@dataclass(frozen=True)
class State:
    a: Array
    c: Array
    cache: tuple[Any, ...] = field(default=(), repr=False)

    def after(self, x: Array, parameters: dict[str, Array]) -> State:
        a, c, cache = lstm_step(x, self.a, self.c, parameters)
        return State(a, c, cache)


@dataclass(frozen=True)
class Solo:
    playhead: dict[str, Any]
    state: State
    token: int = -1
    indices: tuple[int, ...] = ()
    columns: tuple[Array, ...] = ()


def encode_melody(
    melody: Sequence[tuple[int | None, int]], roots: Sequence[int], start: int
) -> list[Token]:
    ear = Ear(start)
    tokens: list[Token] = []
    for note, root in zip((Note(*pair) for pair in melody), roots):
        if note.pitch is None:
            tokens.append(Token(REST, 0, note.ticks))
        else:
            tokens.append(Token((note.pitch - root) % 12, ear.direction_of(note.pitch), note.ticks))
            ear = replace(ear, pitch=note.pitch)
    return tokens


def decode_melody(
    tokens: Sequence[tuple[int, int, int]], roots: Sequence[int], start: int
) -> list[Note]:
    ear = Ear(start)
    melody: list[Note] = []
    for token, root in zip((Token(*triple) for triple in tokens), roots):
        if token.degree == REST:
            melody.append(Note(None, token.ticks))
        else:
            ear = Ear(ear.nearest(token.degree + root, token.direction))
            melody.append(Note(ear.pitch, token.ticks))
    return melody


def one_hot_tokens(indices: NDArray[np.int64], n_values: int) -> Array:
    one_hot: Array = np.zeros((n_values, len(indices)))
    played = [(index, i) for i, index in enumerate(indices) if index >= 0]
    if played:
        rows, columns = zip(*played)
        one_hot[list(rows), list(columns)] = 1.0
    return one_hot


def _states(X: Array, state: State, parameters: dict[str, Array]) -> Iterator[State]:
    for x in X.transpose(2, 0, 1):
        state = state.after(x, parameters)
        yield state


def djmodel(
    X: Array, a0: Array, c0: Array, parameters: dict[str, Array]
) -> tuple[Array, list[tuple[Any, ...]]]:
    states = list(_states(X, State(a0, c0), parameters))
    outputs = np.stack([softmax(densor(state.a, parameters)) for state in states], axis=-1)
    return outputs, [state.cache for state in states]


def masked_softmax(logits: Array, temperature: float, allowed: NDArray[np.bool_]) -> Array:
    top: Array = np.amax(logits, axis=0, initial=-np.inf, where=allowed)
    weights: Array = np.zeros_like(logits, dtype=np.float64)
    np.exp((logits - top) / temperature, out=weights, where=allowed)
    return weights / np.sum(weights, axis=0)


def predict_and_sample(
    probabilities: Array, uniforms: NDArray[np.float64]
) -> tuple[NDArray[np.int64], Array]:
    ladder = np.cumsum(probabilities, axis=0)
    beyond = ladder > np.asarray(uniforms)[None, :]
    beyond[-1] |= ~beyond.any(axis=0)
    indices: NDArray[np.int64] = np.argmax(beyond, axis=0)
    return indices, one_hot_tokens(indices, probabilities.shape[0])


def music_inference_model(
    playhead: dict[str, Any],
    a0: Array,
    c0: Array,
    parameters: dict[str, Array],
    uniforms: Array,
    temperature: float,
) -> tuple[list[int], Array]:
    n_values = parameters["Wy"].shape[0]
    solo = Solo(playhead, State(a0, c0))
    while not at_end(solo.playhead):
        token = one_hot_tokens(np.array([solo.token]), n_values)
        state = solo.state.after(np.vstack([token, context_at(solo.playhead)]), parameters)
        p = masked_softmax(densor(state.a, parameters), temperature, allowed_at(solo.playhead))
        t = len(solo.indices)
        index = int(predict_and_sample(p, uniforms[t : t + 1])[0][0])
        solo = Solo(
            advance(solo.playhead, index),
            state,
            index,
            (*solo.indices, index),
            (*solo.columns, p),
        )
    return list(solo.indices), np.concatenate(solo.columns, axis=1)
