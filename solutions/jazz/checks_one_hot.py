"""Checks of the one-hot columns: as wide as the vocabulary, whatever was drawn."""

import numpy as np

from grader.checking import check, expect, fail


def same_one_hot(student, reference, indices, n_values):
    """Compare the one-hots; whole numbers are as good as floats here."""
    returned = student.one_hot_tokens(indices, n_values)
    if isinstance(returned, np.ndarray) and returned.dtype.kind in "iub":
        returned = returned.astype(float)
    expect(returned, reference.one_hot_tokens(indices, n_values), "one_hot", of="one_hot_tokens")


@check(task="one_hot_tokens", points=3)
def every_column_has_its_one(student, reference, rng):
    """Column i has a one in row indices[i] and zeros elsewhere."""
    n_values = int(rng.integers(8, 14))
    indices = rng.permutation(n_values)[: n_values - 2]
    indices[:2] = 0, n_values - 1
    same_one_hot(student, reference, rng.permutation(indices), n_values)


@check(task="one_hot_tokens", points=2)
def width_is_the_vocabulary(student, reference, rng):
    """The number of rows is `n_values`, whichever tokens were drawn."""
    for n_values in (int(rng.integers(9, 13)), int(rng.integers(14, 20))):
        same_one_hot(student, reference, rng.integers(5, size=3), n_values)


@check(task="one_hot_tokens", points=1.5)
def no_token_yet_is_a_zero_column(student, reference, rng):
    """An index of -1 leaves its column all zero."""
    n_values = int(rng.integers(6, 11))
    indices = rng.integers(n_values, size=5)
    indices[rng.permutation(5)[:2]] = -1
    same_one_hot(student, reference, indices, n_values)


@check(task="one_hot_tokens", points=0.5)
def one_token_makes_one_column(student, reference, rng):
    """A single index makes an array of one column."""
    same_one_hot(student, reference, rng.integers(6, size=1), 6)


@check(task="one_hot_tokens", points=0.5)
def before_a_solo_all_columns_are_zero(student, reference):
    """With no token yet in any example, all is zero."""
    same_one_hot(student, reference, np.full(4, -1), 7)


@check(task="one_hot_tokens", points=0.5)
def indices_stay_as_they_are(student, reference, rng):
    """The indices are not changed."""
    indices = np.concatenate((rng.integers(9, size=3), [-1]))
    student.one_hot_tokens(indices, 9)
    if student.last.modified:
        fail("one_hot_tokens changes its indices. Work on a copy: the caller still needs them.")
