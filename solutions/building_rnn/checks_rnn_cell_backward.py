"""Hidden tests of the plain recurrent network: one step, backward."""

from dataclasses import replace

import numpy as np
from cases import (
    WIDE_AND_LONG,
    louder,
    one_example_back,
    rnn_step,
    rnn_step_back,
    with_other_values,
)
from checks_between_calls import (
    any_loudness,
    own_results_agree,
    repeatable,
)
from checks_form import (
    gradients_of,
    untouched,
)
from checks_own_caches import own_cache
from checks_partial_credit import agree_on_any, agree_or_follow, telling
from rnn import rnn_cell_forward

from grader.checking import agree, check, expect, gradients_agree


def cell_gradients(back):
    """Take the gradients out of a result of the cell's backward pass for this case."""
    n_x, m = back.step.xt.shape
    n_a = back.step.a_prev.shape[0]
    inputs = {"dxt": (n_x, m), "da_prev": (n_a, m)}
    weights = {"dWax": (n_a, n_x), "dWaa": (n_a, n_a), "dba": (n_a, 1)}
    return lambda result: gradients_of(
        result, inputs | weights, "rnn_cell_backward", back.gradients
    )


def own_dz(student, back):
    """What the learner's code has in place of dz: dba of every example on its own."""
    columns = []
    for j in range(back.step.xt.shape[1]):
        single = one_example_back(back, rnn_cell_forward, j)
        columns.append(student.rnn_cell_backward(*single.arguments)["dba"])
    return telling(np.concatenate(columns, axis=1), back.step.a_prev.shape)


def right_given_own_dz(student, reference, rng, name, rule):
    """Agree on one gradient, or have it follow from the learner's own dz."""
    back = rnn_step_back(rng)

    def follows_from_dz(result):
        expect(result[name], rule(own_dz(student, back), back.step), name)

    agree_or_follow(student, reference, "rnn_cell_backward", back.arguments, name, follows_from_dz)


@check(task="rnn_cell_backward", points=1.75)
def gradient_passes_through_tanh(student, reference, rng):
    """The gradient goes back through tanh first, with the slope at this very state."""
    names = ("dWax", "dWaa", "dxt", "da_prev", "dba")
    arguments = rnn_step_back(rng).arguments
    agree_on_any(student, reference, "rnn_cell_backward", arguments, names)


@check(task="rnn_cell_backward", points=1.25)
def rnn_gradient_of_the_input(student, reference, rng):
    """The gradient dxt goes back through the weights of the input."""
    right_given_own_dz(
        student, reference, rng, "dxt", lambda dz, step: step.parameters["Wax"].T @ dz
    )


@check(task="rnn_cell_backward", points=1.25)
def rnn_gradient_of_the_state_before(student, reference, rng):
    """The gradient da_prev goes back through the weights of the memory."""
    right_given_own_dz(
        student, reference, rng, "da_prev", lambda dz, step: step.parameters["Waa"].T @ dz
    )


@check(task="rnn_cell_backward", points=1.25)
def rnn_gradient_of_the_input_weights(student, reference, rng):
    """The gradient dWax pairs what arrives with the input it came from."""
    right_given_own_dz(student, reference, rng, "dWax", lambda dz, step: dz @ step.xt.T)


@check(task="rnn_cell_backward", points=1.5)
def rnn_gradient_of_the_memory_weights(student, reference, rng):
    """The gradient dWaa pairs what arrives with the state before the step."""
    right_given_own_dz(student, reference, rng, "dWaa", lambda dz, step: dz @ step.a_prev.T)


@check(task="rnn_cell_backward", points=1.25)
def rnn_gradient_of_the_bias(student, reference, rng):
    """The gradient dba is a column: the sum over the examples."""
    right_given_own_dz(
        student, reference, rng, "dba", lambda dz, step: np.sum(dz, axis=1, keepdims=True)
    )


@check(task="rnn_cell_backward", points=1.5)
def rnn_cell_gradients_are_slopes(student, reference, rng):
    """Every gradient is the slope that numerical differentiation of the forward step finds."""
    back = rnn_step_back(rng, rnn_step(rng, **WIDE_AND_LONG))
    step, (da_next,) = back.step, back.gradients
    found = cell_gradients(back)(student.rnn_cell_backward(*back.arguments))

    def loss(at):
        a_next = reference.rnn_cell_forward(at["xt"], at["a_prev"], step.parameters | at)[0]
        return np.sum(a_next * da_next)

    at = {"xt": step.xt, "a_prev": step.a_prev, **step.parameters}
    gradients_agree(found, loss, at, rng, of="rnn_cell_backward")


@check(task="rnn_cell_backward", points=0.25)
def rnn_gradient_of_a_batch(student, rng):
    """The gradient of a batch is the sum over its examples."""
    back = rnn_step_back(rng)
    found = cell_gradients(back)(student.rnn_cell_backward(*back.arguments))
    alone = []
    for j in range(back.step.xt.shape[1]):
        single = one_example_back(back, rnn_cell_forward, j)
        alone.append(cell_gradients(single)(student.rnn_cell_backward(*single.arguments)))
    total = {name: sum(one[name] for one in alone) for name in ("dWax", "dWaa", "dba")}
    there = "as the sum of what its examples give alone"
    own_results_agree(found, total, "rnn_cell_backward", "for a batch", there)


@check(task="rnn_cell_backward", points=0.5)
def rnn_cell_goes_back_through_own_cache(student, reference, rng):
    """The backward step works on the cache of your own forward step."""
    back = rnn_step_back(rng)
    back = replace(back, cache=own_cache(student, reference, "rnn_cell", back, back.step))
    agree(student, reference, "rnn_cell_backward", *back.arguments)


@check(task="rnn_cell_backward", points=0.25)
def rnn_cell_backward_leaves_its_arguments_alone(student, reference, rng):
    """da_next and the cache are the same after the call."""
    back = rnn_step_back(rng)
    untouched(student, reference, "rnn_cell_backward", back, cell_gradients(back))


@check(task="rnn_cell_backward", points=0.25)
def rnn_cell_passes_large_gradients(student, rng):
    """Gradients a thousand times as large leave a thousand times as large: nothing clips them."""
    back = rnn_step_back(rng)
    take = cell_gradients(back)
    any_loudness(student, "rnn_cell_backward", back, louder(back, 1000.0), 1000.0, take)


@check(task="rnn_cell_backward", points=1)
def rnn_cell_backward_remembers_no_call(student, rng):
    """A call gives the same whatever was called before it, and changes no earlier result."""
    back = rnn_step_back(rng)
    other = with_other_values(rng, back)
    repeatable(student, "rnn_cell_backward", back, other, cell_gradients(back))
