"""The answers of the banks of lessons 1 to 6, computed a second way.

`SECOND_WAY` maps the id of every numeric and shape question to a function of its drawn
variables. It builds the arrays, runs the loops or counts one by one where the bank has a
formula. Symbols that a question leaves open (`n_x`, `m`, ...) get the values in `SIZES`, all
different; the bank's answer is to be evaluated with the same values.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

SIZES: Mapping[str, int] = {
    "n_x": 3, "n_a": 5, "n_y": 7, "m": 2, "T_x": 11, "T_y": 13, "V": 17,
}  # fmt: skip

Values = Mapping[str, Any]
Answer = float | tuple[int, ...]


def _cell(n_x: int, n_a: int) -> list[np.ndarray]:
    return [np.zeros((n_a, n_x)), np.zeros((n_a, n_a)), np.zeros((n_a, 1))]


def _softmax_layer(n_y: int, n_a: int) -> list[np.ndarray]:
    return [np.zeros((n_y, n_a)), np.zeros((n_y, 1))]


def _size(arrays: list[np.ndarray]) -> int:
    return sum(array.size for array in arrays)


def _multiplications(left: tuple[int, int], right: tuple[int, int]) -> int:
    """Scalar multiplications of a matrix product, counted over rows, columns and terms."""
    assert left[1] == right[0]
    return sum(right[0] for _ in range(left[0]) for _ in range(right[1]))


def _unrolled(w: float, u: float, a0: float, inputs: list[float]) -> float:
    state = a0
    for x in inputs:
        state = w * state + u * x
    return state


# Lesson 1


def _frames(v: Values) -> int:
    return len(range(0, v["seconds"] * 1000 - v["hop"] + 1, v["hop"]))


def _orders(v: Values) -> int:
    return math.prod(range(1, v["k"] + 1))


def _dense_parameters(v: Values) -> int:
    window = np.zeros((v["T"], v["n_x"]))
    return np.zeros((v["n_h"], window.ravel().size)).size + np.zeros((v["n_h"], 1)).size


def _flattened_shape(_: Values) -> tuple[int, ...]:
    x = np.zeros((SIZES["n_x"], SIZES["m"], SIZES["T_x"]))
    return x.transpose(0, 2, 1).reshape(-1, SIZES["m"]).shape


def _padding(lengths: list[int]) -> int:
    longest = max(lengths)
    return sum(1 for n in lengths for t in range(longest) if t >= n)


def _longer_window(v: Values) -> int:
    def gap(steps: int) -> int:
        dense = np.zeros((v["n_a"], steps * v["n_x"])).size + v["n_a"]
        return dense - _size(_cell(v["n_x"], v["n_a"]))

    return gap(2 * v["T"]) - gap(v["T"])


def _history_table(v: Values) -> int:
    return math.prod(v["V"] for _ in range(v["k"]))


def _serial_time(v: Values) -> int:
    """Longest chain of dependent cell steps, by the time at which each state is ready."""
    ready = [0] * v["m"]
    for _ in range(v["T"]):
        ready = [moment + v["tau"] for moment in ready]
    return max(ready)


def _reach_of_convolutions(v: Values) -> int:
    """Layers until the first input is seen, following the earliest entry seen downwards."""
    earliest, layers = v["T"], 0
    while earliest > 1:
        earliest, layers = earliest - v["k"] + 1, layers + 1
    return layers


# Lesson 2


def _one_hot_memory(v: Values) -> float:
    row = np.zeros((v["V"], v["b"]), dtype=np.float64)
    return row.nbytes * v["T"] / 1e6


def _strides(v: Values) -> int:
    return np.zeros((v["n_x"], v["b"], v["T"])).strides[1]


def _real_steps(v: Values) -> int:
    lengths = np.array([v["p"], v["q"], v["r"]])
    return int((np.arange(lengths.max()) < lengths[:, None]).sum())


def _bucketing(v: Values) -> int:
    before = _padding([v["p"], v["s"]]) + _padding([v["q"], v["r"]])
    return before - _padding([v["p"], v["q"]]) - _padding([v["r"], v["s"]])


# Lesson 3


def _run_shapes(v: Values) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Shapes of the states and predictions, by running a small network."""
    weights, recurrent, bias = _cell(v["n_x"], v["n_a"])
    output, output_bias = _softmax_layer(v["n_y"], v["n_a"])
    x = np.zeros((v["n_x"], v["m"], v["T_x"]))
    state = np.zeros((v["n_a"], v["m"]))
    states, predictions = [], []
    for t in range(v["T_x"]):
        state = np.tanh(recurrent @ state + weights @ x[:, :, t] + bias)
        states.append(state)
        predictions.append(output @ state + output_bias)
    return np.stack(states, axis=2).shape, np.stack(predictions, axis=2).shape


def _prediction_shape(v: Values) -> tuple[int, ...]:
    return _run_shapes({**v, "m": v["b"], "T_x": v["T"]})[1]


def _stacked_weights(_: Values) -> tuple[int, ...]:
    weights, recurrent, _bias = _cell(SIZES["n_x"], SIZES["n_a"])
    return np.hstack((recurrent, weights)).shape


def _param_count(v: Values) -> int:
    return _size(_cell(v["n_x"], v["n_a"]) + _softmax_layer(v["n_y"], v["n_a"]))


def _rnn_multiplications(v: Values) -> int:
    n_x, n_a, n_y, b = v["n_x"], v["n_a"], v["n_y"], v["b"]
    step = _multiplications((n_a, n_a), (n_a, b)) + _multiplications((n_a, n_x), (n_x, b))
    return sum(step + _multiplications((n_y, n_a), (n_a, b)) for _ in range(v["T"]))


def _sign_flips(v: Values) -> int:
    """Networks that differ in `Wax` (one input) when each unit's row may change its sign."""
    column = range(1, v["n_a"] + 1)
    signs = itertools.product((-1, 1), repeat=v["n_a"])
    return len({tuple(s * w for s, w in zip(flips, column, strict=True)) for flips in signs})


def _sum_of_predictions(v: Values) -> float:
    scores = np.random.default_rng(0).normal(size=(v["n_y"], v["b"], v["T"]))
    e = np.exp(scores)
    return float((e / e.sum(axis=0)).sum())


# Lesson 4


def _sequence_loss(v: Values) -> float:
    return -math.log(v["p"] * v["q"] * v["r"])


def _nonzero_upstream(v: Values) -> int:
    da = np.zeros((v["n_a"], v["b"], v["T"]))
    da[:, :, -1] = 1
    return int(np.count_nonzero(da))


def _tanh_derivative(v: Values) -> float:
    z, h = math.atanh(v["a"]), 1e-5
    return (math.tanh(z + h) - math.tanh(z - h)) / (2 * h) * v["d"]


def _scalar_gradient(v: Values) -> float:
    """Central difference, exact for a polynomial of degree two."""

    def loss(w: float) -> float:
        return _unrolled(w, 1, v["a0"], [v["x1"], v["x2"]])

    return (loss(v["w"] + 0.5) - loss(v["w"] - 0.5)) / 1.0


def _check_evaluations(v: Values) -> int:
    return sum(2 for array in _cell(v["n_x"], v["n_a"]) for _ in array.ravel())


def _erratum_bias(v: Values) -> float:
    local = np.array([[v["g1"] / 10, v["g2"] / 10]])
    return float(np.sum(local * np.array([[v["d1"], v["d2"]]]), axis=1)[0])


def _bias_shape(_: Values) -> tuple[int, ...]:
    return np.sum(np.ones((SIZES["n_a"], SIZES["m"])), axis=1, keepdims=True).shape


def _input_gradient_shape(v: Values) -> tuple[int, ...]:
    weights = np.zeros((v["n_a"], v["n_x"]))
    steps = [weights.T @ np.zeros((v["n_a"], v["b"])) for _ in range(v["T"])]
    return np.stack(steps, axis=2).shape


def _cached_states(v: Values) -> float:
    return sum(np.zeros((v["n_a"], v["b"]), np.float32).nbytes for _ in range(v["T"])) / 1e6


def _backward_multiplications(v: Values) -> int:
    n_x, n_a, b = v["n_x"], v["n_a"], v["b"]
    return (
        _multiplications((n_x, n_a), (n_a, b))
        + _multiplications((n_a, n_a), (n_a, b))
        + _multiplications((n_a, b), (b, n_x))
        + _multiplications((n_a, b), (b, n_a))
    )


def _checkpointing(v: Values) -> int:
    """Most states in memory, by walking the segments back with a set of what is kept."""
    steps, k = v["k"] * v["q"], v["k"]
    kept = set(range(0, steps, k))
    most = len(kept)
    for start in sorted(kept, reverse=True):
        most = max(most, len(kept | set(range(start + 1, start + k + 1))))
    return most


def _truncation_pairs(v: Values) -> int:
    steps, k = v["k"] * v["q"], v["k"]
    return sum(1 for t in range(steps) for s in range(t + 1) if s // k == t // k)


# Lesson 5


def _loss_terms(v: Values) -> int:
    return np.zeros((v["b"], v["q"])).size - np.zeros((v["b"], 1)).size


def _many_to_one_shape(_: Values) -> tuple[int, ...]:
    output, bias = _softmax_layer(SIZES["n_y"], SIZES["n_a"])
    return (output @ np.zeros((SIZES["n_a"], SIZES["m"], SIZES["T_x"]))[:, :, -1] + bias).shape


def _decoder_shape(v: Values) -> tuple[int, ...]:
    sizes = {"n_x": v["V_out"], "n_a": 4, "n_y": v["V_out"], "m": v["b"], "T_x": v["T_out"]}
    return _run_shapes(sizes)[1]


def _decoder_parameters(v: Values) -> int:
    encoder = _cell(v["n_x"], v["n_a"])
    decoder = _cell(v["n_y"], v["n_a"]) + _softmax_layer(v["n_y"], v["n_a"])
    return _size(encoder + decoder)


def _own_last_step_shape(_: Values) -> tuple[int, ...]:
    a = np.zeros((SIZES["n_a"], SIZES["m"], SIZES["T_x"]))
    lengths = np.arange(SIZES["m"]) + 1
    return a[:, np.arange(SIZES["m"]), lengths - 1].shape


def _error_free(v: Values) -> float:
    return math.exp(v["T"] * math.log1p(-v["e"]))


def _total_steps(v: Values) -> int:
    return len([*range(v["p"]), *range(v["q"])])


def _first_output(v: Values) -> int:
    moment = 0
    for _ in range(v["p"]):
        moment += v["tau"]
    return moment + v["tau"]


def _handed_over(v: Values) -> int:
    return np.zeros((v["n_a"], 1, v["T"]))[:, :, -1].size


# Lesson 6


def _character_steps(v: Values) -> int:
    return len([*" ".join(["x" * v["c"]] * v["w"]), "<end>"])


def _number_of_targets(v: Values) -> int:
    return sum(len([*range(n), "<end>"]) for n in (v["p"], v["q"], v["r"]))


def _masked_mean(v: Values) -> float:
    lengths = np.array([v["p"], v["q"]])
    mask = np.arange(lengths.max()) < lengths[:, None]
    losses = np.array([[v["s"] / v["p"]], [v["u"] / v["q"]]]) * mask
    return float(losses.sum() / mask.sum())


def _output_shape(v: Values) -> tuple[int, ...]:
    return _run_shapes({"n_x": v["V"], "n_a": 3, "n_y": v["V"], "m": v["b"], "T_x": v["T"]})[1]


def _output_weights(_: Values) -> tuple[int, ...]:
    return _softmax_layer(SIZES["V"], SIZES["n_a"])[0].shape


def _softmax_parameters(v: Values) -> int:
    return sum(v["n_a"] + 1 for _ in range(v["V"])) - _size(_softmax_layer(v["c"], v["n_a"]))


def _score_difference(v: Values) -> float:
    scores = np.array([v["s"] + v["g"], v["s"], 0.3, -1.0])
    y = np.exp(scores) / np.exp(scores).sum()
    return float(y[0] / y[1])


def _perplexity_of_three(v: Values) -> float:
    return math.exp(-np.mean(np.log([v["p"], v["q"], v["r"]])))


def _uniform_loss(v: Values) -> float:
    return -sum(math.log(1 / v["V"]) for _ in range(v["T"]))


SECOND_WAY: Mapping[str, Callable[[Values], Answer]] = {
    "sequences.frames": _frames,
    "sequences.orders-confused": _orders,
    "sequences.dense-parameters": _dense_parameters,
    "sequences.flattened-shape": _flattened_shape,
    "sequences.padding-share": lambda v: _padding([v["p"], v["q"], v["r"]]),
    "sequences.longer-window": _longer_window,
    "sequences.history-table": _history_table,
    "sequences.serial-time": _serial_time,
    "sequences.reach-of-convolutions": _reach_of_convolutions,
    "notation.batch-shape": lambda v: np.zeros((v["V"], v["b"], v["T"])).shape,
    "notation.step-shape": lambda _: np.zeros((3, 2, 11))[:, :, 0].shape,
    "notation.example-shape": lambda _: np.zeros((3, 4, 11))[:, 2].shape,
    "notation.one-hot-memory": _one_hot_memory,
    "notation.strides": _strides,
    "notation.real-steps": _real_steps,
    "notation.bucketing": _bucketing,
    "rnn.scalar-steps": lambda v: _unrolled(v["w"], v["u"], v["a0"], [v["x1"], v["x2"]]),
    "rnn.no-activation-power": lambda v: _unrolled(v["w"], 0, v["a0"], [0] * v["T"]),
    "rnn.state-shape": lambda _: _run_shapes(SIZES)[0],
    "rnn.prediction-shape": _prediction_shape,
    "rnn.stacked-weights": _stacked_weights,
    "rnn.param-count": _param_count,
    "rnn.multiplications": _rnn_multiplications,
    "rnn.sign-flips": _sign_flips,
    "rnn.sum-of-predictions": _sum_of_predictions,
    "rnn.cache-count": lambda v: np.zeros((v["b"], v["T"])).shape[-1],
    "bptt.sequence-loss": _sequence_loss,
    "bptt.nonzero-upstream": _nonzero_upstream,
    "bptt.tanh-derivative": _tanh_derivative,
    "bptt.bias-shape": _bias_shape,
    "bptt.input-gradient-shape": _input_gradient_shape,
    "bptt.scalar-gradient": _scalar_gradient,
    "bptt.check-evaluations": _check_evaluations,
    "bptt.erratum-bias": _erratum_bias,
    "bptt.cached-states-memory": _cached_states,
    "bptt.backward-multiplications": _backward_multiplications,
    "bptt.checkpointing": _checkpointing,
    "bptt.truncation-pairs": _truncation_pairs,
    "types.many-to-one-shape": _many_to_one_shape,
    "types.decoder-shape": _decoder_shape,
    "types.loss-terms": _loss_terms,
    "types.decoder-parameters": _decoder_parameters,
    "types.own-last-step-shape": _own_last_step_shape,
    "types.error-free": _error_free,
    "types.total-steps": _total_steps,
    "types.first-output": _first_output,
    "types.handed-over": _handed_over,
    "language_model.sentence-probability": lambda v: math.exp(
        math.log(v["p"]) + math.log(v["q"]) + math.log(v["r"])
    ),
    "language_model.character-steps": _character_steps,
    "language_model.number-of-targets": _number_of_targets,
    "language_model.masked-mean": _masked_mean,
    "language_model.output-shape": _output_shape,
    "language_model.output-weights": _output_weights,
    "language_model.softmax-parameters": _softmax_parameters,
    "language_model.score-difference": _score_difference,
    "language_model.perplexity-of-three": _perplexity_of_three,
    "language_model.uniform-loss": _uniform_loss,
    "language_model.bits-to-perplexity": lambda v: math.exp(v["h"] * math.log(2)),
    "language_model.nats-to-bits": lambda v: math.log2(math.exp(v["l"])),
    "language_model.word-to-character": lambda v: math.log(2 ** v["k"], 2) / v["c"],
}
