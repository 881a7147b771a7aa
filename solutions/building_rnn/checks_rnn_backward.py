"""Hidden tests of the plain recurrent network: a whole sequence, backward."""

from dataclasses import replace

import numpy as np
from cases import (
    WIDE_AND_LONG,
    deaf,
    first_steps,
    louder,
    one_example_back_in_time,
    only_at_first_step,
    rnn_sequence,
    rnn_sequence_back,
    with_other_values,
)
from checks_between_calls import (
    any_loudness,
    one_of_the_batch,
    own_results_agree,
    repeatable,
)
from checks_form import (
    gradients_of,
    untouched,
)
from checks_own_caches import own_cache
from rnn import rnn_forward

from grader.checking import agree, check, expect, gradients_agree


def gradients(back):
    """Take the gradients out of a result of the backward pass through time for this case."""
    n_a, m, T_x = back.da.shape
    n_x = back.sequence.x.shape[0]
    inputs = {"dx": (n_x, m, T_x), "da0": (n_a, m)}
    weights = {"dWax": (n_a, n_x), "dWaa": (n_a, n_a), "dba": (n_a, 1)}
    return lambda result: gradients_of(result, inputs | weights, "rnn_backward", (back.da,))


@check(task="rnn_backward", points=2.5)
def gradient_is_carried_back(student, reference, rng):
    """Every step hears from the loss directly and from the step after it."""
    back = rnn_sequence_back(rng)
    agree(student, reference, "rnn_backward", *back.arguments, part="dx")


@check(task="rnn_backward", points=1)
def last_step_hears_from_the_loss_alone(student, reference, rng):
    """After the last step there is nothing: its gradient is da alone."""
    back = rnn_sequence_back(rng)
    dx = gradients(back)(student.rnn_backward(*back.arguments))["dx"]
    expected = reference.rnn_backward(*back.arguments)["dx"]
    expect(dx[:, :, -1], expected[:, :, -1], "dx[:, :, -1]", of="rnn_backward")


def summed_over_time(student, reference, rng, name):
    """Agree on one parameter's gradient where no step hears from the step after it."""
    back = rnn_sequence_back(rng, deaf(rnn_sequence(rng)))
    agree(student, reference, "rnn_backward", *back.arguments, part=name)


@check(task="rnn_backward", points=0.75)
def dWax_is_summed_over_time(student, reference, rng):
    """The gradient dWax collects the share of every step."""
    summed_over_time(student, reference, rng, "dWax")


@check(task="rnn_backward", points=0.75)
def dWaa_is_summed_over_time(student, reference, rng):
    """The gradient dWaa collects the share of every step."""
    summed_over_time(student, reference, rng, "dWaa")


@check(task="rnn_backward", points=0.75)
def dba_is_summed_over_time(student, reference, rng):
    """The gradient dba collects the share of every step."""
    summed_over_time(student, reference, rng, "dba")


@check(task="rnn_backward", points=1.25)
def rnn_gradient_of_the_start(student, reference, rng):
    """The gradient da0 is what leaves the first step, towards the state before it."""
    back = only_at_first_step(rnn_sequence_back(rng))
    agree(student, reference, "rnn_backward", *back.arguments, part="da0")


@check(task="rnn_backward", points=1.5)
def rnn_gradients_are_slopes(student, reference, rng):
    """Through a long sequence, too, every gradient is the slope of the forward pass."""
    back = rnn_sequence_back(rng, rnn_sequence(rng, **WIDE_AND_LONG))
    sequence = back.sequence
    found = gradients(back)(student.rnn_backward(*back.arguments))

    def loss(at):
        a = reference.rnn_forward(at["x"], at["a0"], sequence.parameters | at)[0]
        return np.sum(a * back.da)

    at = {"x": sequence.x, "a0": sequence.a0, **sequence.parameters}
    gradients_agree(found, loss, at, rng, of="rnn_backward")


@check(task="rnn_backward", points=0.5)
def rnn_steps_are_counted_by_da(student, rng):
    """With fewer steps in da than in the caches, the later steps are left out."""
    back = rnn_sequence_back(rng)
    fewer = first_steps(back, back.da.shape[2] - 1)
    take = gradients(fewer)
    wanted = take(student.rnn_backward(*fewer.arguments))
    found = take(student.rnn_backward(fewer.da, back.caches))
    here = "where there are more caches than steps in da"
    own_results_agree(found, wanted, "rnn_backward", here, "where the later ones are left out")


@check(task="rnn_backward", points=0.5)
def rnn_goes_back_through_a_single_step(student, reference, rng):
    """A sequence of a single step has all its gradients too."""
    back = first_steps(rnn_sequence_back(rng), 1)
    agree(student, reference, "rnn_backward", *back.arguments)


@check(task="rnn_backward", points=0.5)
def rnn_goes_back_through_own_caches(student, reference, rng):
    """The way back works on the caches of your own forward pass."""
    back = rnn_sequence_back(rng, deaf(rnn_sequence(rng)))
    back = replace(back, caches=own_cache(student, reference, "rnn", back, back.sequence))
    agree(student, reference, "rnn_backward", *back.arguments)


@check(task="rnn_backward", points=0.25)
def rnn_backward_leaves_its_arguments_alone(student, reference, rng):
    """Both da and the caches are the same after the call."""
    back = rnn_sequence_back(rng)
    untouched(student, reference, "rnn_backward", back, gradients(back))


@check(task="rnn_backward", points=0.5)
def rnn_goes_back_with_one_example(student, rng):
    """An example alone has the gradients that it has among others."""
    back = rnn_sequence_back(rng)
    single = one_example_back_in_time(back, rnn_forward, 1)
    takes = states(back), states(single)
    one_of_the_batch(student, "rnn_backward", back, single, *takes)


def states(back):
    """Take the gradients that every example has of its own; all must have their shapes."""
    take = gradients(back)
    return lambda result: {name: take(result)[name] for name in ("dx", "da0")}


@check(task="rnn_backward", points=0.25)
def rnn_passes_large_gradients(student, rng):
    """Gradients a thousand times as large leave a thousand times as large: nothing clips them."""
    back = rnn_sequence_back(rng)
    take = gradients(back)
    any_loudness(student, "rnn_backward", back, louder(back, 1000.0), 1000.0, take)


@check(task="rnn_backward", points=1)
def rnn_backward_remembers_no_call(student, rng):
    """A call gives the same whatever was called before it, and changes no earlier result."""
    back = rnn_sequence_back(rng)
    repeatable(student, "rnn_backward", back, with_other_values(rng, back), gradients(back))
