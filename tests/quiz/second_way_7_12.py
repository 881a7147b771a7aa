"""The answers of the banks of lessons 7 to 12, computed a second way.

`SECOND_WAY` maps the id of every numeric and shape question to a function of its drawn
variables. It builds the arrays, runs the loops, simulates or differentiates numerically where
the bank has a formula. Symbols that a question leaves open (`n_x`, `m`, ...) get the values in
`SIZES`, all different; the bank's answer is to be evaluated with the same values.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

SIZES: Mapping[str, int] = {
    "n_x": 3, "n_a": 5, "n_y": 7, "m": 2, "T_x": 11, "T_y": 13, "V": 17,
}  # fmt: skip

Values = Mapping[str, Any]
Answer = float | tuple[int, ...]
SMALL = 1e-6  # step of a central difference: error about 1e-10 at values of order one


def _block(n_below: int, n_a: int) -> list[np.ndarray]:
    """Weights and bias of one gate, candidate or plain cell."""
    return [np.zeros((n_a, n_a + n_below)), np.zeros((n_a, 1))]


def _library_block(n_below: int, n_a: int) -> list[np.ndarray]:
    """The same as libraries store it: two matrices, two biases."""
    return [np.zeros((n_a, n_below)), np.zeros((n_a, n_a)), np.zeros(n_a), np.zeros(n_a)]


def _softmax_layer(n_y: int, n_below: int) -> list[np.ndarray]:
    return [np.zeros((n_y, n_below)), np.zeros((n_y, 1))]


def _size(arrays: list[np.ndarray]) -> int:
    return sum(array.size for array in arrays)


def _softmax(scores: list[float]) -> list[float]:
    e = np.exp(np.array(scores, dtype=float) - max(scores))
    return list((e / e.sum()).tolist())


def _sigmoid(z: float) -> float:
    return 0.5 * (1 + math.tanh(z / 2))


def _repeated(factor: float, k: int, start: float = 1.0) -> float:
    for _ in range(k):
        start *= factor
    return start


def _steps_until_below(factor: float, limit: float) -> int:
    left, steps = 1.0, 0
    while left >= limit:
        left, steps = left * factor, steps + 1
    return steps


def _bisect(f: Callable[[float], float], low: float, high: float) -> float:
    """The zero of a rising function."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) < 0 else (low, middle)
    return (low + high) / 2


def _slope(f: Callable[[float], float], at: float) -> float:
    return (f(at + SMALL) - f(at - SMALL)) / (2 * SMALL)


# Lesson 7


def _expected_count(v: Values) -> float:
    return float(sum(v["percent"] / 100 for _ in range(v["n"])))


def _flat_probabilities(v: Values) -> tuple[int, ...]:
    return (np.zeros((v["V"], v["n_a"])) @ np.zeros((v["n_a"], 1))).ravel().shape


def _mean_length(v: Values) -> float:
    q, left, total = 1 / v["k"], 1.0, 0.0
    for letters in range(5000):
        total += letters * left * q
        left *= 1 - q
    return total


def _two_tokens(v: Values) -> float:
    return _softmax([v["z1"] / v["T"], v["z2"] / v["T"]])[0]


def _power_of_probability(v: Values) -> float:
    scores = [math.log(v["p"]) + 3, math.log(1 - v["p"]) + 3]  # any constant may be added
    return _softmax([score / v["T"] for score in scores])[0]


def _find_temperature(v: Values) -> float:
    def too_flat(temperature: float) -> float:
        first, second = _softmax([math.log(v["before"]) / temperature, 0.0])
        return math.log(v["after"]) - math.log(first / second)

    return _bisect(too_flat, 0.05, 50)


def _top_two(v: Values) -> float:
    p = np.array([v["a"], v["b"], v["c"], v["d"]]) / 100
    p[np.argsort(p)[:-2]] = 0
    return float((p / p.sum())[0])


def _nucleus_size(v: Values) -> int:
    p, kept = [40, 25, 15, 10, 6, 4], 0
    while sum(p[:kept]) < round(100 * v["P"]):
        kept += 1
    return kept


def _first_loss(v: Values) -> float:
    return sum(-math.log(_softmax([0.0] * v["V"])[0]) for _ in [*range(v["L"]), "newline"])


# Lesson 8


def _recent_share(v: Values) -> float:
    terms = [v["w"] ** j for j in range(2000)]
    return float(sum(terms[: v["k"]]) / sum(terms))


def _tanh_bound(v: Values) -> float:
    step = v["d"] * np.diag([v["s"], v["s"] / 2])
    return float(np.linalg.norm(np.linalg.matrix_power(step, v["k"]), 2))


def _sure_threshold(v: Values) -> float:
    return _bisect(lambda s: v["d"] * s - 1, 0.0, 100.0)


def _sigmoid_state(v: Values) -> float:
    steepest = max(_slope(_sigmoid, z / 100) for z in range(-300, 301))
    return _repeated(float(v["w"]) * steepest, v["k"])


def _rotation(v: Values) -> float:
    turn = math.radians(30)
    W = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    grad = np.array([v["g"], 0.0])
    for _ in range(v["k"]):
        grad = W.T @ grad
    return float(np.linalg.norm(grad))


def _global_factor(v: Values) -> float:
    both = np.concatenate((np.full(9, v["k"]), np.full(16, v["k"])))  # norms 3k and 4k
    clipped = both * (v["bound"] / np.linalg.norm(both))
    return float(clipped[-1] / both[-1])


def _ratio_after_clip(v: Values) -> float:
    first, second = np.clip(np.array([v["big"], v["small"]]), -v["bound"], v["bound"])
    return float(first / second)


def _residual_path(v: Values) -> float:
    return _repeated(v["f"], v["k"]) / _repeated(v["w"], v["k"])


# Lesson 9


def _gru(n_x: int, n_a: int) -> int:
    return _size([array for _ in ("Wu", "Wr", "Wc") for array in _block(n_x, n_a)])


def _lstm(n_x: int, n_a: int) -> int:
    return _size([array for _ in ("Wf", "Wi", "Wc", "Wo") for array in _block(n_x, n_a)])


def _mixture(v: Values) -> float:
    return float(v["old"] + v["u"] * (v["new"] - v["old"]))


def _gru_remains(v: Values) -> float:
    c = 1.0
    for _ in range(v["k"]):
        c = v["u"] * 0.0 + (1 - v["u"]) * c
    return c


def _same_budget(v: Values) -> int:
    budget = _lstm(v["n_x"], v["n_l"])
    return max(n for n in range(1, 2 * v["n_l"]) if _gru(v["n_x"], n) <= budget)


def _gate_shape(_: Values) -> tuple[int, ...]:
    concat = np.zeros((SIZES["n_a"] + SIZES["n_x"], SIZES["m"]))
    return (_block(SIZES["n_x"], SIZES["n_a"])[0] @ concat).shape


def _inner_shape(v: Values) -> tuple[int, ...]:
    return np.concatenate((np.zeros((v["n_a"], v["b"])), np.zeros((v["n_x"], v["b"])))).shape


def _slope_of_gate(v: Values) -> float:
    def state(z: float) -> float:
        return float(_sigmoid(z) * v["new"] + (1 - _sigmoid(z)) * v["old"])

    return _slope(state, math.log(v["u"] / (1 - v["u"])))


# Lesson 10


def _lstm_memory(v: Values) -> float:
    gates, contents = np.array([v["f"], v["i"]]), np.array([v["old"], v["new"]])
    return float(gates @ contents)


def _lstm_activation(v: Values) -> float:
    return float(v["o"] * (1 - 2 / (1 + math.exp(2 * v["c"]))))


def _library_lstm(n_x: int, n_a: int) -> int:
    return _size([array for _ in range(4) for array in _library_block(n_x, n_a)])


def _peepholes(v: Values) -> int:
    extra = [np.zeros((v["n_a"], 1)) for _ in ("forget", "update", "output")]
    return _lstm(v["n_x"], v["n_a"]) + _size(extra)


def _second_result(v: Values) -> tuple[int, ...]:
    step = np.zeros((v["n_y"], v["n_a"])) @ np.zeros((v["n_a"], v["b"]))
    return np.stack([step] * v["T"], axis=-1).shape


def _lstm_gradient_shape(_: Values) -> tuple[int, ...]:
    concat = np.zeros((SIZES["n_a"] + SIZES["n_x"], SIZES["m"]))
    return (np.zeros((SIZES["n_a"], SIZES["m"])) @ concat.T).shape


def _stack_gradient(v: Values) -> tuple[int, ...]:
    Wf = _block(v["n_x"], v["n_a"])[0]
    return (Wf[:, v["n_a"] :].T @ np.zeros((v["n_a"], v["b"]))).shape


def _bias_for_a_span(v: Values) -> float:
    return _bisect(lambda b: _repeated(_sigmoid(b), v["k"]) - 0.5, -5.0, 20.0)


def _memory_gradient(v: Values) -> float:
    def loss(c_prev: float) -> float:
        c_next = v["f"] * c_prev + rest
        return float(v["da"] * v["o"] * math.tanh(c_next) + v["dc"] * c_next)

    rest = math.atanh(v["s"]) - v["f"] * 0.3  # so that tanh(c_next) = s at c_prev = 0.3
    return _slope(loss, 0.3)


def _fresh_cells(v: Values) -> int:
    cells = [_lstm(v["n_x"], v["n_a"]) for _ in range(v["T"])]
    return sum(cells[1:])


# Lesson 11


def _backward_count(v: Values) -> int:
    return int([*reversed(range(1, v["T"] + 1))][v["k"] - 1])


def _gradient_window(v: Values) -> int:
    reach = range(-400, 401)
    return sum(1 for j in reach if _repeated(v["w"], abs(j)) >= v["eps"])


def _two_directions(blocks: int, n_below: int, n_a: int) -> int:
    directions = ("forward", "backward")
    return sum(_size(_block(n_below, n_a)) for _ in directions for _ in range(blocks))


def _whole_count(v: Values) -> int:
    stack = np.concatenate((np.zeros((v["n_a"], 1)), np.zeros((v["n_a"], 1))))
    return _two_directions(4, v["n_x"], v["n_a"]) + _size(_softmax_layer(v["n_y"], stack.size))


def _bidirectional_output_weights(_: Values) -> tuple[int, ...]:
    state = np.zeros((SIZES["n_a"], SIZES["m"]))
    stack = np.concatenate((state, state))
    return np.linalg.lstsq(stack.T, np.zeros((SIZES["m"], SIZES["n_y"])), rcond=None)[0].T.shape


def _stacked_states(v: Values) -> tuple[int, ...]:
    states = np.zeros((v["n_a"], v["b"], v["T"]))
    return np.concatenate((states, states[:, :, ::-1])).shape


def _second_layer(v: Values) -> int:
    below = np.concatenate((np.zeros((v["n_a"], 1)), np.zeros((v["n_a"], 1)))).shape[0]
    return _two_directions(1, below, v["n_a"])


def _first_answer(v: Values) -> float:
    arrivals = list(itertools.accumulate(v["ms"] for _ in range(v["T"])))
    return float(arrivals[-1]) / 1000


def _look_ahead(v: Values) -> int:
    arrivals = list(itertools.accumulate(v["ms"] for _ in range(v["T"])))
    return int(arrivals[100 + v["L"]] - arrivals[100])


# Lesson 12


def _second_weight_shape(v: Values) -> tuple[int, ...]:
    return _block(v["n1"], v["n2"])[0].shape


def _stack(n_x: int, n_a: int, L: int, block: Callable[[int, int], int]) -> list[int]:
    """Parameters of each layer of a stack."""
    sizes, below = [], n_x
    for _ in range(L):
        sizes.append(block(below, n_a))
        below = n_a
    return sizes


def _plain(n_below: int, n_a: int) -> int:
    return _size(_block(n_below, n_a))


def _wide_or_deep(v: Values) -> int:
    return _plain(v["n_x"], 2 * v["n"]) - sum(_stack(v["n_x"], v["n"], 2, _plain))


def _library_stack(v: Values) -> int:
    total, below = 0, v["n_x"]
    for _ in range(v["L"]):
        total += sum(_library_lstm(below, v["n_a"]) for _ in ("forward", "backward"))
        below = 2 * v["n_a"]
    return total


def _flat_head(v: Values) -> int:
    return _plain(v["n_x"], v["n_a"]) + _size(_softmax_layer(v["n_d"], v["n_a"]))


def _sequence_of_layer_two(_: Values) -> tuple[int, ...]:
    x = np.zeros((SIZES["n_x"], SIZES["m"], SIZES["T_x"]))
    states: np.ndarray = np.einsum("ax,xmt->amt", np.zeros((SIZES["n_a"], SIZES["n_x"])), x)
    return states.shape


def _top_states(v: Values) -> tuple[int, ...]:
    sequence = np.zeros((v["n_x"], v["b"], v["T"]))
    for _ in range(v["L"]):
        sequence = np.einsum("ax,xmt->amt", np.zeros((v["n_a"], len(sequence))), sequence)
    return sequence.shape


def _finished(v: Values) -> int:
    """When the corner of the grid is ready, every cell starting as soon as it can."""
    ready = np.zeros((v["L"] + 1, v["T"] + 1), dtype=int)
    for layer, t in itertools.product(range(1, v["L"] + 1), range(1, v["T"] + 1)):
        ready[layer, t] = max(ready[layer - 1, t], ready[layer, t - 1]) + v.get("ms", 1)
    return int(ready[-1, -1])


def _path_count(v: Values) -> int:
    @cache
    def ways(layer: int, t: int) -> int:
        if layer < 1 or t < 1:
            return 0
        return 1 if (layer, t) == (1, 1) else ways(layer - 1, t) + ways(layer, t - 1)

    return ways(3, v["T"])


SECOND_WAY: Mapping[str, Callable[[Values], Answer]] = {
    "sampling.expected-count": _expected_count,
    "sampling.flat-probabilities": _flat_probabilities,
    "sampling.never-ends": lambda v: _repeated(1 - v["q"], 50),
    "sampling.mean-length": _mean_length,
    "sampling.two-tokens": _two_tokens,
    "sampling.power-of-probability": _power_of_probability,
    "sampling.find-temperature": _find_temperature,
    "sampling.top-two": _top_two,
    "sampling.nucleus-size": _nucleus_size,
    "sampling.first-loss": _first_loss,
    "vanishing.what-is-left": lambda v: _repeated(v["w"], v["k"]),
    "vanishing.steps-to-a-millionth": lambda v: _steps_until_below(v["w"], 1e-6),
    "vanishing.recent-share": _recent_share,
    "vanishing.tanh-bound": _tanh_bound,
    "vanishing.sure-threshold": _sure_threshold,
    "vanishing.sigmoid-state": _sigmoid_state,
    "vanishing.rotation": _rotation,
    "vanishing.global-factor": _global_factor,
    "vanishing.ratio-after-clip": _ratio_after_clip,
    "vanishing.residual-path": _residual_path,
    "gru.mixture": _mixture,
    "gru.what-remains": _gru_remains,
    "gru.half-life": lambda v: _steps_until_below(1 - v["u"], 0.5),
    "gru.parameter-count": lambda v: _gru(v["n_x"], v["n_a"]),
    "gru.from-lstm-count": lambda v: _gru(v["n_x"], v["n_a"]),
    "gru.same-budget": _same_budget,
    "gru.gate-shape": _gate_shape,
    "gru.inner-shape": _inner_shape,
    "gru.slope-of-gate": _slope_of_gate,
    "gru.bias-elsewhere": lambda v: 1 - _sigmoid(v["b"]),
    "lstm.memory-by-hand": _lstm_memory,
    "lstm.activation-by-hand": _lstm_activation,
    "lstm.param-count": lambda v: _lstm(v["n_x"], v["n_a"]),
    "lstm.library-biases": lambda v: _library_lstm(v["n_x"], v["n_a"]),
    "lstm.peepholes": _peepholes,
    "lstm.second-result": _second_result,
    "lstm.gradient-shape": _lstm_gradient_shape,
    "lstm.stack-gradient": _stack_gradient,
    "lstm.forget-bias": lambda v: _repeated(_sigmoid(v["b"]), v["k"]),
    "lstm.bias-for-a-span": _bias_for_a_span,
    "lstm.memory-gradient": _memory_gradient,
    "lstm.fresh-cells": _fresh_cells,
    "bidirectional.backward-count": _backward_count,
    "bidirectional.two-processors": lambda v: _finished({"L": 1, "T": v["T"], "ms": v["ms"]}),
    "bidirectional.gradient-window": _gradient_window,
    "bidirectional.parameter-count": lambda v: _two_directions(1, v["n_x"], v["n_a"]),
    "bidirectional.whole-count": _whole_count,
    "bidirectional.output-weights": _bidirectional_output_weights,
    "bidirectional.stacked-states": _stacked_states,
    "bidirectional.second-layer-count": _second_layer,
    "bidirectional.first-answer": _first_answer,
    "bidirectional.look-ahead": _look_ahead,
    "deep.second-weight-shape": _second_weight_shape,
    "deep.input-of-layer-two": _sequence_of_layer_two,
    "deep.all-states-shape": _top_states,
    "deep.upper-layer-count": lambda v: _stack(v["n_x"], v["n_a"], v["L"], _plain)[-1],
    "deep.stack-count": lambda v: sum(_stack(v["n_x"], v["n_a"], v["L"], _lstm)),
    "deep.wide-or-deep": _wide_or_deep,
    "deep.library-stack": _library_stack,
    "deep.flat-head": _flat_head,
    "deep.evaluations": lambda v: len(list(itertools.product(range(v["L"]), range(v["T"])))),
    "deep.wavefront": _finished,
    "deep.path-count": _path_count,
    "deep.distance": lambda v: _finished({"L": v["L"], "T": v["T"]}) - 1,
}
