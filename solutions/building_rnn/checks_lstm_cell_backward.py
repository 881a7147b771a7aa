"""Hidden tests of the LSTM: one step, backward."""

from dataclasses import replace

import numpy as np
from cases import (
    WIDE_AND_LONG,
    at_its_limits,
    louder,
    lstm_step,
    lstm_step_back,
    one_example_back,
    with_other_values,
)
from checks_between_calls import (
    any_loudness,
    own_results_agree,
    repeatable,
)
from checks_form import (
    BIASES,
    WEIGHTS,
    gradients_of,
    lstm_gradient_shapes,
    untouched,
)
from checks_own_caches import own_cache
from checks_partial_credit import agree_on_any, agree_or_follow, telling
from lstm import lstm_cell_forward

from grader.checking import agree, check, expect, gradients_agree

GATES = "fico"


def cell_gradients(back):
    """Take the gradients out of a result of the cell's backward pass for this case."""
    (n_a, m), n_x = back.step.a_prev.shape, back.step.xt.shape[0]
    inputs = {"dxt": (n_x, m), "da_prev": (n_a, m), "dc_prev": (n_a, m)}
    shapes = inputs | lstm_gradient_shapes(n_a, n_x)
    return lambda result: gradients_of(result, shapes, "lstm_cell_backward", back.gradients)


def own_gates(student, back):
    """What the learner's code has in place of dft, dit, dcct and dot, by gate.

    The bias gradient of one example on its own is the gate's gradient for this example.
    """
    columns = {gate: [] for gate in GATES}
    for j in range(back.step.xt.shape[1]):
        single = one_example_back(back, lstm_cell_forward, j)
        result = student.lstm_cell_backward(*single.arguments)
        for gate in GATES:
            columns[gate].append(result["db" + gate])
    shape = back.step.a_prev.shape
    return {gate: telling(np.concatenate(columns[gate], axis=1), shape) for gate in GATES}


def right_given_own_gates(student, reference, rng, names, rule):
    """Agree on some gradients, or have them follow from the learner's own gate gradients."""
    back = lstm_step_back(rng)

    def follows_from_gates(result):
        wanted = rule(own_gates(student, back), back)
        for name in names:
            expect(result[name], wanted[name], name)

    arguments = back.arguments
    agree_or_follow(student, reference, "lstm_cell_backward", arguments, names, follows_from_gates)


def gate_is_right(student, reference, rng, gate):
    """Agree on the gradient of a gate's weights or of its bias: either shows the gate's own."""
    arguments = lstm_step_back(rng).arguments
    parts = ("dW" + gate, "db" + gate)
    agree_on_any(student, reference, "lstm_cell_backward", arguments, parts)


@check(task="lstm_cell_backward", points=1.25)
def gradient_of_the_forget_gate(student, reference, rng):
    """The forget gate's gradient comes from the cell state that it lets through."""
    gate_is_right(student, reference, rng, "f")


@check(task="lstm_cell_backward", points=1.25)
def gradient_of_the_update_gate(student, reference, rng):
    """The update gate's gradient comes from the candidate that it admits."""
    gate_is_right(student, reference, rng, "i")


@check(task="lstm_cell_backward", points=1.25)
def gradient_of_the_candidate(student, reference, rng):
    """The candidate's gradient passes the update gate, and then its own tanh."""
    gate_is_right(student, reference, rng, "c")


@check(task="lstm_cell_backward", points=1.25)
def gradient_of_the_output_gate(student, reference, rng):
    """The output gate's gradient comes from the hidden state that it shows."""
    gate_is_right(student, reference, rng, "o")


@check(task="lstm_cell_backward", points=1.5)
def lstm_gradients_of_the_weights(student, reference, rng):
    """Every gate's weights pair its gradient with [a_prev; xt], over all examples."""

    def rule(gates, back):
        concat = np.concatenate((back.step.a_prev, back.step.xt), axis=0)
        return {"dW" + gate: gates[gate] @ concat.T for gate in GATES}

    right_given_own_gates(student, reference, rng, WEIGHTS, rule)


@check(task="lstm_cell_backward", points=1.5)
def lstm_gradients_of_the_biases(student, reference, rng):
    """Every gate's bias collects its gradient over the examples, as a column."""

    def rule(gates, back):
        return {"db" + gate: np.sum(gates[gate], axis=1, keepdims=True) for gate in GATES}

    right_given_own_gates(student, reference, rng, BIASES, rule)


def through_weights(gates, back):
    """The gradient of [a_prev; xt], from those of the gates."""
    parameters = back.step.parameters
    return sum(parameters["W" + gate].T @ gates[gate] for gate in GATES)


@check(task="lstm_cell_backward", points=1.25)
def lstm_gradient_of_the_state_before(student, reference, rng):
    """The gradient da_prev collects from all four gates, through the first n_a columns."""

    def rule(gates, back):
        return {"da_prev": through_weights(gates, back)[: back.step.a_prev.shape[0]]}

    right_given_own_gates(student, reference, rng, ("da_prev",), rule)


@check(task="lstm_cell_backward", points=1.25)
def lstm_gradient_of_the_input(student, reference, rng):
    """The gradient dxt collects from all four gates, through the other columns."""

    def rule(gates, back):
        return {"dxt": through_weights(gates, back)[back.step.a_prev.shape[0] :]}

    right_given_own_gates(student, reference, rng, ("dxt",), rule)


@check(task="lstm_cell_backward", points=1.25)
def gradient_of_the_cell_state_before(student, reference, rng):
    """The gradient dc_prev is all that reached the cell state, as far as ft is open."""

    def rule(gates, back):
        ft, it, cct = back.cache[4:7]
        reached = gates["c"] / (it * (1 - cct**2))
        return {"dc_prev": reached * ft}

    right_given_own_gates(student, reference, rng, ("dc_prev",), rule)


@check(task="lstm_cell_backward", points=1.5)
def lstm_cell_gradients_are_slopes(student, reference, rng):
    """Every gradient is the slope that numerical differentiation of the forward step finds."""
    back = lstm_step_back(rng, lstm_step(rng, **WIDE_AND_LONG))
    step, (da_next, dc_next) = back.step, back.gradients
    found = cell_gradients(back)(student.lstm_cell_backward(*back.arguments))

    def loss(at):
        states = at["xt"], at["a_prev"], at["c_prev"]
        a_next, c_next, _, _ = reference.lstm_cell_forward(*states, step.parameters | at)
        return np.sum(a_next * da_next) + np.sum(c_next * dc_next)

    at = {"xt": step.xt, "a_prev": step.a_prev, "c_prev": step.c_prev, **step.parameters}
    gradients_agree(found, loss, at, rng, of="lstm_cell_backward")


@check(task="lstm_cell_backward", points=0.5)
def saturated_gates_pass_finite_gradients(student, reference, rng):
    """Gates that are fully open or shut pass on what they should, and never NaN."""
    back = lstm_step_back(rng, at_its_limits(lstm_step(rng)))
    agree(student, reference, "lstm_cell_backward", *back.arguments, part="dc_prev")


@check(task="lstm_cell_backward", points=0.25)
def lstm_gradient_of_a_batch(student, rng):
    """The gradient of a batch is the sum over its examples."""
    back = lstm_step_back(rng)
    found = cell_gradients(back)(student.lstm_cell_backward(*back.arguments))
    alone = []
    for j in range(back.step.xt.shape[1]):
        single = one_example_back(back, lstm_cell_forward, j)
        alone.append(cell_gradients(single)(student.lstm_cell_backward(*single.arguments)))
    total = {name: sum(one[name] for one in alone) for name in WEIGHTS + BIASES}
    there = "as the sum of what its examples give alone"
    own_results_agree(found, total, "lstm_cell_backward", "for a batch", there)


@check(task="lstm_cell_backward", points=0.5)
def lstm_cell_goes_back_through_own_cache(student, reference, rng):
    """The backward step works on the cache of your own forward step."""
    back = lstm_step_back(rng)
    back = replace(back, cache=own_cache(student, reference, "lstm_cell", back, back.step))
    agree(student, reference, "lstm_cell_backward", *back.arguments)


@check(task="lstm_cell_backward", points=0.25)
def lstm_cell_backward_leaves_its_arguments_alone(student, reference, rng):
    """The gradients that arrive and the cache are the same after the call."""
    back = lstm_step_back(rng)
    untouched(student, reference, "lstm_cell_backward", back, cell_gradients(back))


@check(task="lstm_cell_backward", points=0.25)
def lstm_cell_passes_large_gradients(student, rng):
    """Gradients a thousand times as large leave a thousand times as large: nothing clips them."""
    back = lstm_step_back(rng)
    take = cell_gradients(back)
    any_loudness(student, "lstm_cell_backward", back, louder(back, 1000.0), 1000.0, take)


@check(task="lstm_cell_backward", points=1)
def lstm_cell_backward_remembers_no_call(student, rng):
    """A call gives the same whatever was called before it, and changes no earlier result."""
    back = lstm_step_back(rng)
    other = with_other_values(rng, back)
    repeatable(student, "lstm_cell_backward", back, other, cell_gradients(back))
