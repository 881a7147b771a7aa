"""Annotated to the last variable, with frozen dataclasses for whatever belongs together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from numpy.typing import NDArray
from utils import (
    get_initial_loss,
    get_sample,
    initialize_parameters,
    rnn_backward,
    rnn_forward,
    smooth,
    softmax,
    update_parameters,
)

Array: TypeAlias = NDArray[np.float64]
LONGEST: Final = 50
BOUND: Final[float] = 5.0


@dataclass(frozen=True)
class Range:
    low: float
    high: float

    def limit(self, values: Array) -> Array:
        return np.select([values < self.low, values > self.high], [self.low, self.high], values)


def clip(gradients: dict[str, Array], maxValue: float) -> dict[str, Array]:
    allowed: Range = Range(-maxValue, maxValue)
    return {key: allowed.limit(gradients[key]) for key in ("dWaa", "dWax", "dWya", "db", "dby")}


@dataclass(frozen=True)
class State:
    a: Array
    x: Array
    drawn: tuple[int, ...] = ()

    @property
    def seed(self) -> int:
        return 2 * len(self.drawn)

    def done(self, end: int) -> bool:
        return len(self.drawn) == LONGEST or (bool(self.drawn) and self.drawn[-1] == end)


def step(state: State, parameters: Mapping[str, Array], seed: int) -> State:
    a: Array = np.tanh(parameters["Wax"] @ state.x + parameters["Waa"] @ state.a + parameters["b"])
    y: Array = softmax(parameters["Wya"] @ a + parameters["by"])
    np.random.seed(seed + state.seed)
    index: int = int(np.random.choice(a=y.size, size=None, replace=True, p=y.squeeze(axis=1)))
    x: Array = np.zeros_like(state.x)
    x[index] = 1.0
    return replace(state, a=a, x=x, drawn=(*state.drawn, index))


def sample(parameters: Mapping[str, Array], char_to_ix: Mapping[str, int], seed: int) -> list[int]:
    end: int = char_to_ix["\n"]
    state: State = State(np.zeros_like(parameters["b"]), np.zeros_like(parameters["by"]))
    while not state.done(end):
        state = step(state, parameters, seed)
    return list(state.drawn) if state.drawn[-1] == end else [*state.drawn, end]


def optimize(
    X: Sequence[int | None],
    Y: Sequence[int],
    a_prev: Array,
    parameters: dict[str, Array],
    learning_rate: float = 0.01,
) -> tuple[float, dict[str, Array], Array]:
    loss, cache = rnn_forward(X, Y, a_prev, parameters, len(parameters["by"]))
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, BOUND)
    update_parameters(parameters, gradients, learning_rate)
    return float(loss), gradients, a[len(X) - 1]


@dataclass(frozen=True)
class Lesson:
    X: list[int | None]
    Y: list[int]

    @classmethod
    def of(cls, name: str, char_to_ix: Mapping[str, int]) -> "Lesson":
        indices: list[int] = [char_to_ix[letter] for letter in name]
        return cls([None, *indices], [*indices, char_to_ix["\n"]])


def model(
    data_x: Sequence[str],
    ix_to_char: Mapping[int, str],
    char_to_ix: Mapping[str, int],
    num_iterations: int = 35000,
    n_a: int = 50,
    dino_names: int = 7,
    vocab_size: int = 27,
    verbose: bool = False,
) -> tuple[dict[str, Array], str]:
    parameters: dict[str, Array] = initialize_parameters(n_a, vocab_size, vocab_size)
    loss: float = get_initial_loss(vocab_size, dino_names)
    examples: list[str] = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    course: list[Lesson] = [Lesson.of(name, char_to_ix) for name in examples]
    last_dino_name: str = ""
    a_prev: Array = np.zeros((n_a, 1))
    for j in range(num_iterations):
        lesson: Lesson = course[j % len(course)]
        curr_loss, _, a_prev = optimize(lesson.X, lesson.Y, a_prev, parameters, 0.01)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


@dataclass(frozen=True)
class Prediction:
    p: Array
    log_p: Array

    @classmethod
    def of(cls, logits: Array) -> "Prediction":
        shifted: Array = logits - logits.max(axis=0, keepdims=True)
        log_p: Array = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
        return cls(np.exp(log_p), log_p)


def masked_loss(logits: Array, targets: NDArray[np.int64], mask: Array) -> tuple[float, Array]:
    prediction: Prediction = Prediction.of(logits)
    letters: float = float(np.count_nonzero(mask))
    correct: NDArray[np.bool_] = np.equal.outer(np.arange(logits.shape[0]), targets)
    loss: float = float(-np.where(correct & (mask > 0), prediction.log_p, 0.0).sum() / letters)
    dlogits: Array = np.where(mask > 0, prediction.p - correct, 0.0) / letters
    return loss, dlogits


def lstm_language_model(
    inputs: NDArray[np.int64], targets: NDArray[np.int64], mask: Array, parameters: dict[str, Array]
) -> tuple[float, dict[str, Array]]:
    Wy: Array = parameters["Wy"]
    a, cache = lstm_forward(inputs, parameters)
    logits: Array = np.tensordot(Wy, a, axes=(1, 0)) + parameters["by"].reshape(-1, 1, 1)
    loss, dlogits = masked_loss(logits, targets, mask)
    through_lstm: dict[str, Array] = lstm_backward(np.tensordot(Wy, dlogits, axes=(0, 0)), cache)
    output: dict[str, Array] = {
        "dWy": np.tensordot(dlogits, a, axes=((1, 2), (1, 2))),
        "dby": dlogits.sum(axis=2).sum(axis=1, keepdims=True),
    }
    return loss, {**through_lstm, **output}
