"""Hidden tests of the LSTM: a whole sequence, backward."""

from dataclasses import replace

import numpy as np
from cases import (
    WIDE_AND_LONG,
    deaf,
    first_steps,
    forgetful,
    louder,
    lstm_sequence,
    lstm_sequence_back,
    one_example_back_in_time,
    only_at_first_step,
    with_other_values,
)
from checks_between_calls import (
    any_loudness,
    one_of_the_batch,
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
from lstm import lstm_forward

from grader.checking import agree, check, expect, gradients_agree


def gradients(back):
    """Take the gradients out of a result of the backward pass through time for this case."""
    (n_a, m, T_x), n_x = back.da.shape, back.sequence.x.shape[0]
    shapes = {"dx": (n_x, m, T_x), "da0": (n_a, m)} | lstm_gradient_shapes(n_a, n_x)
    return lambda result: gradients_of(result, shapes, "lstm_backward", (back.da,))


@check(task="lstm_backward", points=1)
def last_step_of_the_lstm_hears_from_the_loss_alone(student, reference, rng):
    """After the last step there is nothing: its gradient is da alone."""
    back = lstm_sequence_back(rng)
    dx = gradients(back)(student.lstm_backward(*back.arguments))["dx"]
    expected = reference.lstm_backward(*back.arguments)["dx"]
    expect(dx[:, :, -1], expected[:, :, -1], "dx[:, :, -1]", of="lstm_backward")


@check(task="lstm_backward", points=1.75)
def hidden_gradient_is_carried_back(student, reference, rng):
    """Every step hears, through the hidden state, from the step after it."""
    back = lstm_sequence_back(rng, forgetful(lstm_sequence(rng)))
    agree(student, reference, "lstm_backward", *back.arguments, part="dx")


@check(task="lstm_backward", points=1.75)
def cell_gradient_is_carried_back(student, reference, rng):
    """Every step hears, through the cell state, from the step after it."""
    back = lstm_sequence_back(rng, deaf(lstm_sequence(rng)))
    agree(student, reference, "lstm_backward", *back.arguments, part="dx")


def summed_over_time(student, reference, rng, names):
    """Agree on parameter gradients where no step hears from the step after it."""
    back = lstm_sequence_back(rng, deaf(forgetful(lstm_sequence(rng))))
    agree(student, reference, "lstm_backward", *back.arguments, part=names)


@check(task="lstm_backward", points=1.25)
def lstm_weights_are_summed_over_time(student, reference, rng):
    """The gradients of the weights collect the share of every step."""
    summed_over_time(student, reference, rng, WEIGHTS)


@check(task="lstm_backward", points=0.75)
def lstm_biases_are_summed_over_time(student, reference, rng):
    """The gradients of the biases collect the share of every step."""
    summed_over_time(student, reference, rng, BIASES)


@check(task="lstm_backward", points=1)
def lstm_gradient_of_the_start(student, reference, rng):
    """The gradient da0 is what leaves the first step, towards the state before it."""
    back = only_at_first_step(lstm_sequence_back(rng))
    agree(student, reference, "lstm_backward", *back.arguments, part="da0")


@check(task="lstm_backward", points=1.25)
def lstm_gradients_are_slopes(student, reference, rng):
    """Through a long sequence, too, every gradient is the slope of the forward pass."""
    back = lstm_sequence_back(rng, lstm_sequence(rng, **WIDE_AND_LONG))
    sequence = back.sequence
    found = gradients(back)(student.lstm_backward(*back.arguments))

    def loss(at):
        a = reference.lstm_forward(at["x"], at["a0"], sequence.parameters | at)[0]
        return np.sum(a * back.da)

    at = {"x": sequence.x, "a0": sequence.a0, **sequence.parameters}
    gradients_agree(found, loss, at, rng, of="lstm_backward")


@check(task="lstm_backward", points=0.5)
def lstm_steps_are_counted_by_da(student, rng):
    """With fewer steps in da than in the caches, the later steps are left out."""
    back = lstm_sequence_back(rng)
    fewer = first_steps(back, back.da.shape[2] - 1)
    take = gradients(fewer)
    wanted = take(student.lstm_backward(*fewer.arguments))
    found = take(student.lstm_backward(fewer.da, back.caches))
    here = "where there are more caches than steps in da"
    own_results_agree(found, wanted, "lstm_backward", here, "where the later ones are left out")


@check(task="lstm_backward", points=0.25)
def lstm_goes_back_through_a_single_step(student, reference, rng):
    """A sequence of a single step has all its gradients too."""
    back = first_steps(lstm_sequence_back(rng), 1)
    agree(student, reference, "lstm_backward", *back.arguments)


@check(task="lstm_backward", points=0.5)
def lstm_goes_back_through_own_caches(student, reference, rng):
    """The way back works on the caches of your own forward pass."""
    back = lstm_sequence_back(rng, deaf(forgetful(lstm_sequence(rng))))
    back = replace(back, caches=own_cache(student, reference, "lstm", back, back.sequence))
    agree(student, reference, "lstm_backward", *back.arguments)


@check(task="lstm_backward", points=0.25)
def lstm_backward_leaves_its_arguments_alone(student, reference, rng):
    """Both da and the caches are the same after the call."""
    back = lstm_sequence_back(rng)
    untouched(student, reference, "lstm_backward", back, gradients(back))


@check(task="lstm_backward", points=0.5)
def lstm_goes_back_with_one_example(student, rng):
    """An example alone has the gradients that it has among others."""
    back = lstm_sequence_back(rng)
    single = one_example_back_in_time(back, lstm_forward, 1)
    takes = states(back), states(single)
    one_of_the_batch(student, "lstm_backward", back, single, *takes)


def states(back):
    """Take the gradients that every example has of its own; all must have their shapes."""
    take = gradients(back)
    return lambda result: {name: take(result)[name] for name in ("dx", "da0")}


@check(task="lstm_backward", points=0.25)
def lstm_passes_large_gradients(student, rng):
    """Gradients a thousand times as large leave a thousand times as large: nothing clips them."""
    back = lstm_sequence_back(rng)
    take = gradients(back)
    any_loudness(student, "lstm_backward", back, louder(back, 1000.0), 1000.0, take)


@check(task="lstm_backward", points=1)
def lstm_backward_remembers_no_call(student, rng):
    """A call gives the same whatever was called before it, and changes no earlier result."""
    back = lstm_sequence_back(rng)
    repeatable(student, "lstm_backward", back, with_other_values(rng, back), gradients(back))
