"""Checks of the probabilities: temperature and mask."""

import numpy as np
from cases import scores_case

from grader.checking import agree, check, expect, fail


@check(task="masked_softmax", points=4)
def temperature_divides_the_scores(student, reference, rng):
    """A low temperature sharpens, a high one flattens."""
    case = scores_case(rng)
    everything = np.ones_like(case.allowed)
    for temperature in (case.temperature, 1.0, 1.0 / case.temperature):
        agree(student, reference, "masked_softmax", case.logits, temperature, everything)


@check(task="masked_softmax", points=4)
def only_what_is_allowed_has_probability(student, reference, rng):
    """What is not allowed has probability zero, exactly (temperature 1)."""
    case = scores_case(rng)
    probabilities = student.masked_softmax(case.logits, 1.0, case.allowed)
    expected = reference.masked_softmax(case.logits, 1.0, case.allowed)
    expect(np.shape(probabilities), expected.shape, "the shape", of="masked_softmax")
    if np.any(np.asarray(probabilities)[~case.allowed] != 0):
        fail("masked_softmax gives probability to tokens that are not allowed.")
    if np.any(np.asarray(probabilities)[case.allowed] <= 0):
        fail("masked_softmax gives no probability to a token that is allowed.")


@check(task="masked_softmax", points=2)
def allowed_tokens_share_the_whole(student, rng):
    """The probabilities of the allowed tokens sum to one in every column."""
    case = scores_case(rng)
    probabilities = student.masked_softmax(case.logits, case.temperature, case.allowed)
    expect(np.shape(probabilities), case.logits.shape, "the shape", of="masked_softmax")
    sums = np.sum(probabilities, axis=0)
    expect(sums, np.ones(case.logits.shape[1]), "the sum of a column", of="masked_softmax")


@check(task="masked_softmax", points=2.5)
def temperature_and_mask_work_together(student, reference, rng):
    """Temperature and mask at once."""
    case = scores_case(rng)
    agree(student, reference, "masked_softmax", case.logits, case.temperature, case.allowed)


@check(task="masked_softmax", points=1)
def large_scores_do_not_overflow(student, reference, rng):
    """Scores of a thousand make no NaN, at a low temperature either."""
    case = scores_case(rng)
    agree(student, reference, "masked_softmax", 1000 * case.logits, 0.3, case.allowed)


@check(task="masked_softmax", points=1)
def unlikely_tokens_may_be_all_there_is(student, reference, rng):
    """Where only very unlikely tokens are allowed, they share the whole probability."""
    case = scores_case(rng)
    logits = case.logits + np.where(case.allowed, -900.0, 900.0)
    agree(student, reference, "masked_softmax", logits, case.temperature, case.allowed)


@check(task="masked_softmax", points=0.5)
def scores_and_mask_stay_as_they_are(student, reference, rng):
    """The scores and the mask are not changed."""
    case = scores_case(rng)
    agree(
        student, reference, "masked_softmax", case.logits, case.temperature, case.allowed,
        unmodified=True,
    )  # fmt: skip
