"""Checks of the draws: indices and one-hots that the uniforms decide."""

import numpy as np
from cases import draws_case

from grader.checking import check, expect, fail

ALMOST_ONE = 1.0 - 2.0**-53  # the largest number that a generator of uniforms returns


def same_draws(student, reference, probabilities, uniforms, part=None):
    """Compare the draws; a list of indices and one-hots of whole numbers are as good."""
    returned = student.predict_and_sample(probabilities, uniforms)
    if not isinstance(returned, tuple | list) or len(returned) < 2:
        fail("predict_and_sample should return two things: indices and one_hots.")
    expected = reference.predict_and_sample(probabilities, uniforms)
    for place, name in enumerate(("indices", "one_hots")):
        actual = returned[place]
        if name == "indices" and isinstance(actual, tuple | list):
            actual = np.array(actual)
        if name == "one_hots" and isinstance(actual, np.ndarray) and actual.dtype.kind in "iub":
            actual = actual.astype(float)
        if part in (None, name):
            expect(actual, expected[place], name, of="predict_and_sample")


@check(task="predict_and_sample", points=4)
def draw_is_the_first_beyond_the_uniform(student, reference, rng):
    """The first index whose cumulative probability exceeds the uniform is drawn."""
    case = draws_case(rng)
    same_draws(student, reference, case.probabilities, case.uniforms, part="indices")


@check(task="predict_and_sample", points=2)
def one_hots_show_the_draws(student, reference, rng):
    """The one-hots are those of the indices that were drawn, as wide as the vocabulary."""
    case = draws_case(rng)
    same_draws(student, reference, case.probabilities, case.uniforms, part="one_hots")
    low = np.array([[0.9, 0.8], [0.1, 0.1], [0.0, 0.1], [0.0, 0.0]])
    same_draws(student, reference, low, np.array([0.3, 0.4]), part="one_hots")


@check(task="predict_and_sample", points=2)
def frequencies_follow_the_probabilities(student, rng):
    """Over evenly spread uniforms every token is drawn as often as its probability says."""
    count = 400
    p = rng.dirichlet(np.full(6, 2.0))
    uniforms = rng.permutation((np.arange(count) + 0.5) / count)
    returned = student.predict_and_sample(np.tile(p[:, None], count), uniforms)
    if not isinstance(returned, tuple | list) or np.size(returned[0]) != count:
        fail("predict_and_sample should return one index per column, and the one-hots.")
    drawn = np.bincount(np.ravel(returned[0]).astype(int), minlength=6)
    worst = int(np.argmax(np.abs(drawn - count * p)))
    if abs(drawn[worst] - count * p[worst]) > 2:
        fail(
            f"Token {worst} has probability {p[worst]:.3f}: of {count} evenly spread draws"
            f" {count * p[worst]:.0f} should be its own, but {drawn[worst]} were."
        )


@check(task="predict_and_sample", points=0.5)
def impossible_tokens_are_never_drawn(student, reference):
    """A token of probability zero is not drawn, even by a uniform of exactly zero."""
    p = np.array([[0.0, 0.5], [0.75, 0.0], [0.25, 0.5]])
    same_draws(student, reference, p, np.array([0.0, 0.5]))


@check(task="predict_and_sample", points=0.5)
def largest_uniform_draws_the_last_possible_token(student, reference):
    """A uniform just below one draws the last token that is possible."""
    p = np.array([[0.5], [0.25], [0.25], [0.0]])
    same_draws(student, reference, p, np.array([ALMOST_ONE]))


@check(task="predict_and_sample", points=0.5)
def single_column_is_enough(student, reference, rng):
    """One column gives one index, in an array, and one one-hot column."""
    case = draws_case(rng, m=1)
    same_draws(student, reference, case.probabilities, case.uniforms)


@check(task="predict_and_sample", points=0.5)
def probabilities_stay_as_they_are(student, rng):
    """The probabilities and the uniforms are not changed."""
    case = draws_case(rng)
    student.predict_and_sample(case.probabilities, case.uniforms)
    if student.last.modified:
        fail("predict_and_sample changes its arguments. Work on copies: the caller needs them.")
