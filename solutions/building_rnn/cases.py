"""Inputs that hide nothing: fresh, of pairwise different sizes, with nothing zero or tiny.

Batches of one, equal sizes, zero biases, zero states and small weights each hide realistic
mistakes; they occur here only where a check isolates one idea and says so.
"""

from dataclasses import dataclass, replace

import numpy as np
from lstm import lstm_cell_forward, lstm_forward
from rnn import rnn_cell_forward, rnn_forward

# Above 1.3 / sqrt(n_a), rounding grows over time until right answers differ in visible digits.
RECURRENT_SCALE = 1.2

# exp(-25) is 1.4e-11: a gate this far shut changes nothing that a tolerance of 1e-9 could see.
SHUT = 25.0

# exp overflows above 709: formulas that meet it turn into infinity over infinity, NaN.
LIMIT = 1000.0

# Sizes differ, and always in this order: whether a confusion of two shows is no matter of luck.
OF_A_STEP = ("n_y", "n_x", "m", "n_a")
OF_A_SEQUENCE = ("n_y", "T_x", "n_x", "m", "n_a")

# More features than hidden units, and more steps: every two sizes in the other order.
WIDE_AND_LONG = {"n_a": 3, "m": 4, "n_x": 6, "T_x": 8, "n_y": 9}

# Numbers that published examples use; code that has them built in must not be right by chance.
POPULAR = {"n_x": (3,), "n_a": (5,), "n_y": (2,), "m": (10,), "T_x": (4, 7, 10)}


class ForwardCase:
    """Arguments of a forward pass: one field each, in the order of the call."""

    @property
    def arguments(self):
        """In the order of the call."""
        return tuple(vars(self).values())


@dataclass(frozen=True)
class RnnStep(ForwardCase):
    """Arguments of `rnn_cell_forward`."""

    xt: np.ndarray
    a_prev: np.ndarray
    parameters: dict


@dataclass(frozen=True)
class LstmStep(ForwardCase):
    """Arguments of `lstm_cell_forward`."""

    xt: np.ndarray
    a_prev: np.ndarray
    c_prev: np.ndarray
    parameters: dict


@dataclass(frozen=True)
class Sequence(ForwardCase):
    """Arguments of `rnn_forward` and of `lstm_forward`."""

    x: np.ndarray
    a0: np.ndarray
    parameters: dict


@dataclass(frozen=True)
class StepBack:
    """Arguments of a cell's backward pass, and the step they go back through."""

    step: RnnStep | LstmStep
    gradients: tuple
    cache: tuple

    @property
    def arguments(self):
        """In the order of the call."""
        return *self.gradients, self.cache


@dataclass(frozen=True)
class SequenceBack:
    """Arguments of a backward pass through time, and the sequence they go back through."""

    sequence: Sequence
    da: np.ndarray
    caches: tuple

    @property
    def arguments(self):
        """In the order of the call."""
        return self.da, self.caches


def rnn_step(rng, **fixed):
    """Draw one step of the plain cell; `fixed` sets sizes by name."""
    sizes = _sizes(rng, OF_A_STEP, fixed)
    xt = rng.standard_normal((sizes["n_x"], sizes["m"]))
    return RnnStep(xt, _state(rng, sizes), rnn_parameters(rng, sizes))


def rnn_sequence(rng, **fixed):
    """Draw a sequence for the plain network."""
    return _sequence(rng, _sizes(rng, OF_A_SEQUENCE, fixed), rnn_parameters)


def lstm_step(rng, **fixed):
    """Draw one step of the LSTM cell."""
    sizes = _sizes(rng, OF_A_STEP, fixed)
    xt = rng.standard_normal((sizes["n_x"], sizes["m"]))
    a_prev, c_prev = _state(rng, sizes), 1.5 * _state(rng, sizes)
    return LstmStep(xt, a_prev, c_prev, lstm_parameters(rng, sizes))


def lstm_sequence(rng, **fixed):
    """Draw a sequence for the LSTM."""
    return _sequence(rng, _sizes(rng, OF_A_SEQUENCE, fixed), lstm_parameters)


def rnn_step_back(rng, step=None):
    """Draw the gradient that arrives at a step, a new one by default."""
    step = step or rnn_step(rng)
    cache = rnn_cell_forward(*step.arguments)[-1]
    return StepBack(step, (rng.standard_normal(step.a_prev.shape),), cache)


def lstm_step_back(rng, step=None):
    """Draw the gradients that arrive at a step of the LSTM."""
    step = step or lstm_step(rng)
    cache = lstm_cell_forward(*step.arguments)[-1]
    shape = step.a_prev.shape
    return StepBack(step, (rng.standard_normal(shape), rng.standard_normal(shape)), cache)


def rnn_sequence_back(rng, sequence=None):
    """Draw the gradients that arrive at every step of a sequence, a new one by default."""
    return _sequence_back(rng, sequence or rnn_sequence(rng), rnn_forward)


def lstm_sequence_back(rng, sequence=None):
    """Draw the gradients that arrive at every step of a sequence of the LSTM."""
    return _sequence_back(rng, sequence or lstm_sequence(rng), lstm_forward)


def rnn_parameters(rng, sizes):
    """Draw all five parameters, at a scale that keeps tanh away from its flat ends."""
    n_x, n_a, n_y = sizes["n_x"], sizes["n_a"], sizes["n_y"]
    return {
        "Wax": rng.standard_normal((n_a, n_x)) / np.sqrt(n_x),
        "Waa": RECURRENT_SCALE * rng.standard_normal((n_a, n_a)) / np.sqrt(n_a),
        "Wya": rng.standard_normal((n_y, n_a)),
        "ba": _far_from_zero(rng, (n_a, 1)),
        "by": _far_from_zero(rng, (n_y, 1)),
    }


def lstm_parameters(rng, sizes):
    """Draw the weights and biases of all four gates and of the prediction."""
    n_x, n_a, n_y = sizes["n_x"], sizes["n_a"], sizes["n_y"]
    parameters = {}
    for gate in "fico":
        hidden = RECURRENT_SCALE * rng.standard_normal((n_a, n_a)) / np.sqrt(n_a)
        seen = rng.standard_normal((n_a, n_x)) / np.sqrt(n_x)
        parameters["W" + gate] = np.concatenate((hidden, seen), axis=1)
        parameters["b" + gate] = _far_from_zero(rng, (n_a, 1))
    parameters["Wy"] = rng.standard_normal((n_y, n_a))
    parameters["by"] = _far_from_zero(rng, (n_y, 1))
    return parameters


def with_parameters(case, **changed):
    """The same case with some parameters replaced."""
    return replace(case, parameters=case.parameters | changed)


def with_parameters_of(case, other):
    """The same case with the parameters of another one, in its caches too; all else stays."""
    if isinstance(case, StepBack):
        return replace(case, cache=(*case.cache[:-1], other.cache[-1]))
    if isinstance(case, SequenceBack):
        parameters = other.caches[0][0][-1]
        steps, x = case.caches
        return replace(case, caches=([(*cache[:-1], parameters) for cache in steps], x))
    return replace(case, parameters=other.parameters)


def from_zero_state(sequence):
    """The same sequence from a0 = 0: the start cannot matter, only what is carried."""
    return replace(sequence, a0=np.zeros_like(sequence.a0))


def deaf(case):
    """The same case where no weight listens to the hidden state before."""
    if "Waa" in case.parameters:
        return with_parameters(case, Waa=np.zeros_like(case.parameters["Waa"]))
    silenced = {gate: case.parameters[gate].copy() for gate in ("Wf", "Wi", "Wc", "Wo")}
    for weights in silenced.values():
        weights[:, : weights.shape[0]] = 0.0
    return with_parameters(case, **silenced)


def overflowing(case):
    """The same step of the LSTM with cell states far above those that are usual."""
    return replace(case, c_prev=40 * case.c_prev)


def brimming(case):
    """The same case of the LSTM where every step adds one to the cell state, and none forgets."""
    open_gates = {name: case.parameters[name] + SHUT for name in ("bf", "bi", "bc")}
    return with_parameters(case, **open_gates)


def forgetful(case):
    """The same case of the LSTM with the forget gate shut: no cell state survives a step."""
    return with_parameters(case, bf=case.parameters["bf"] - SHUT)


def at_its_limits(case):
    """The same case with biases of a thousand, of both signs: all that can saturate does."""
    limits = {n: LIMIT * np.sign(p) for n, p in case.parameters.items() if n.startswith("b")}
    for bias in limits.values():
        bias[:2, 0] = LIMIT, -LIMIT
    if "by" in limits:  # two winners: a winner alone looks the same to a sigmoid
        limits["by"][-1, 0] = LIMIT
    return with_parameters(case, **limits)


def in_fortran_order(case):
    """The same case with every array stored column by column."""
    arrays = {name: np.asfortranarray(v) for name, v in vars(case).items() if name != "parameters"}
    columns = {name: np.asfortranarray(p) for name, p in case.parameters.items()}
    return replace(case, parameters=columns, **arrays)


def one_example(case, index):
    """One column of a batch, as a batch of one."""
    batch = {name: v for name, v in vars(case).items() if name != "parameters"}
    return replace(case, **{name: v[:, index : index + 1] for name, v in batch.items()})


def with_other_values(rng, case):
    """Draw another case of the same kind and of the same sizes."""
    if isinstance(case, SequenceBack):
        sequence = with_other_values(rng, case.sequence)
        forward = rnn_forward if "Waa" in sequence.parameters else lstm_forward
        return _sequence_back(rng, sequence, forward)
    if isinstance(case, StepBack):
        step = with_other_values(rng, case.step)
        return rnn_step_back(rng, step) if isinstance(step, RnnStep) else lstm_step_back(rng, step)
    sizes = _sizes_of(case)
    if isinstance(case, RnnStep):
        return rnn_step(rng, **sizes)
    if isinstance(case, LstmStep):
        return lstm_step(rng, **sizes)
    return rnn_sequence(rng, **sizes) if "Waa" in case.parameters else lstm_sequence(rng, **sizes)


def one_example_back(back, forward, index):
    """One column of a cell's backward pass, as a batch of one."""
    step = one_example(back.step, index)
    gradients = tuple(gradient[:, index : index + 1] for gradient in back.gradients)
    return StepBack(step, gradients, forward(*step.arguments)[-1])


def one_example_back_in_time(back, forward, index):
    """One column of a backward pass through time, as a batch of one."""
    sequence = one_example(back.sequence, index)
    da = back.da[:, index : index + 1]
    return SequenceBack(sequence, da, forward(*sequence.arguments)[-1])


def louder(back, factor):
    """The same way back from gradients that are `factor` times as large."""
    if isinstance(back, SequenceBack):
        return replace(back, da=factor * back.da)
    return replace(back, gradients=tuple(factor * gradient for gradient in back.gradients))


def first_steps(back, count):
    """The same way back, from step `count` of the sequence."""
    caches, x = back.caches
    sequence = replace(back.sequence, x=x[:, :, :count])
    return SequenceBack(sequence, back.da[:, :, :count], (caches[:count], x[:, :, :count]))


def only_at_first_step(back):
    """The same way back where the loss looks at the first step alone."""
    da = np.zeros_like(back.da)
    da[:, :, 0] = back.da[:, :, 0]
    return replace(back, da=da)


def _sequence(rng, sizes, parameters):
    x = rng.standard_normal((sizes["n_x"], sizes["m"], sizes["T_x"]))
    return Sequence(x, _state(rng, sizes), parameters(rng, sizes))


def _sequence_back(rng, sequence, forward):
    caches = forward(*sequence.arguments)[-1]
    shape = (*sequence.a0.shape, sequence.x.shape[2])
    return SequenceBack(sequence, rng.standard_normal(shape), caches)


def _sizes(rng, names, fixed):
    while True:
        drawn = sorted(int(size) for size in rng.choice(range(3, 10), len(names), replace=False))
        sizes = dict(zip(names, drawn, strict=True))
        if any(sizes[name] in POPULAR[name] for name in names):
            continue
        sizes |= {name: size for name, size in fixed.items() if name in names}
        if len(set(sizes.values())) == len(names):
            return sizes


def _sizes_of(case):
    """The sizes of a step or of a sequence, by name."""
    seen = case.x if isinstance(case, Sequence) else case.xt
    n_a = (case.a0 if isinstance(case, Sequence) else case.a_prev).shape[0]
    sizes = {"n_x": seen.shape[0], "m": seen.shape[1], "n_a": n_a}
    sizes["n_y"] = case.parameters["by"].shape[0]
    return sizes | ({"T_x": seen.shape[2]} if isinstance(case, Sequence) else {})


def _state(rng, sizes):
    return _far_from_zero(rng, (sizes["n_a"], sizes["m"]))


def _far_from_zero(rng, shape):
    """Values of either sign whose size is between 0.3 and 0.9."""
    return rng.choice((-1.0, 1.0), size=shape) * rng.uniform(0.3, 0.9, size=shape)
