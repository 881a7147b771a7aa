"""Hidden tests of `optimize`."""

import copy
import re

import numpy as np
from cases import gentle_lesson, steep_lesson

from grader.checking import agree, check, expect, fail


def parameters_after(student, *arguments):
    """Call `optimize` and return the parameters as they are afterwards."""
    student.optimize(*arguments)
    call = student.last
    parameters = copy.deepcopy(call.arguments[3])
    for path, value in call.modified.items():
        key = re.fullmatch(r"\[3\]\['(\w+)'\]", path)
        if key:
            parameters[key[1]] = value
        elif path == "[3]":
            parameters = dict(value)
    return parameters


def same_step(student, reference, *arguments):
    """Fail unless both leave the same parameters behind."""
    expected = parameters_after(reference, *arguments)
    actual = parameters_after(student, *arguments)
    before = arguments[3]
    if all(np.array_equal(actual.get(name), before[name]) for name in before):
        fail(
            "optimize: the parameters are what they were before. The step changes the arrays of "
            "`parameters` in place; update_parameters does that."
        )
    for name in before:
        expect(actual.get(name), expected[name], f'parameters["{name}"]', of="optimize")


@check(task="optimize", points=3)
def loss_of_the_name_is_returned(student, reference, rng):
    """The loss of the given name, before the step, comes back first."""
    for lesson in (gentle_lesson(rng), steep_lesson(rng)):
        agree(student, reference, "optimize", *lesson.arguments, 0.03, part="loss")


@check(task="optimize", points=4)
def parameters_step_downhill(student, reference, rng):
    """The parameters move downhill, in place, by the learning rate times the gradient."""
    same_step(student, reference, *gentle_lesson(rng).arguments, 0.01)


@check(task="optimize", points=3)
def learning_rate_is_used(student, reference, rng):
    """The size of the step follows the learning rate that was handed in."""
    lesson = gentle_lesson(rng)
    for rate in (0.2, 0.003):
        same_step(student, reference, *lesson.arguments, rate)


@check(task="optimize", points=1)
def learning_rate_defaults_to_a_hundredth(student, reference, rng):
    """Without a learning rate the step is taken with 0.01."""
    same_step(student, reference, *gentle_lesson(rng).arguments)


@check(task="optimize", points=4)
def step_is_taken_with_clipped_gradients(student, reference, rng):
    """The gradients are clipped to 5 before the step, and the step uses the clipped ones."""
    same_step(student, reference, *steep_lesson(rng).arguments, 0.02)


@check(task="optimize", points=3)
def clipped_gradients_are_returned(student, reference, rng):
    """The gradients that come back are the clipped ones."""
    arguments = (*steep_lesson(rng).arguments, 0.02)
    # `rnn_backward` leaves da_next among its gradients, and a learner's clip may keep it.
    agree(student, reference, "optimize", *arguments, part="gradients", known_extra=["da_next"])


@check(task="optimize", points=2)
def last_hidden_state_is_returned(student, reference, rng):
    """The hidden state after the last letter, and only that one, comes back."""
    for lesson in (gentle_lesson(rng), steep_lesson(rng)):
        agree(student, reference, "optimize", *lesson.arguments, 0.05, part="a_last")
