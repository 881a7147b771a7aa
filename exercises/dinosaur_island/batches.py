"""Names of unequal length side by side: padding and the mask that remembers it. Given."""

import numpy as np
from names import NEWLINE, char_to_ix, spell_out


def make_batch(names):
    """Lay names out as rows and fill up the short ones.

    An array has no place for None: the newline stands before the first letter, as if
    another name had just ended. It also fills the padding, where the mask is 0.

    Returns
    -------
    inputs, targets : ndarray of int (m, T_x)
        T_x is the length of the longest name and its newline.
    mask : ndarray (m, T_x)
        1 where there is a target, 0 in the padding.

    Examples
    --------
    >>> inputs, targets, mask = make_batch(["ab", "abba"])
    >>> inputs
    array([[0, 1, 2, 0, 0],
           [0, 1, 2, 2, 1]])
    >>> targets
    array([[1, 2, 0, 0, 0],
           [1, 2, 2, 1, 0]])
    >>> mask.sum(axis=1)
    array([3., 5.], dtype=float32)
    """
    rows = [spell_out(name) for name in names]
    shape = (len(rows), max(len(row) for row in rows))
    targets = np.full(shape, char_to_ix()[NEWLINE])
    mask = np.zeros(shape, np.float32)
    for i, row in enumerate(rows):
        targets[i, : len(row)] = row
        mask[i, : len(row)] = 1.0
    inputs = np.roll(targets, 1, axis=1)
    inputs[:, 0] = char_to_ix()[NEWLINE]
    return inputs, targets, mask


def shuffled_batches(names, size, rng):
    """All names once, in a new order, `size` at a time (the last batch may be smaller).

    Within every eight batches names of like length stand together: a third less padding.
    """
    order = rng.permutation(len(names))
    for start in range(0, len(names), 8 * size):
        drawn = sorted(order[start : start + 8 * size], key=lambda i: len(names[i]))
        batches = [drawn[first : first + size] for first in range(0, len(drawn), size)]
        for place in rng.permutation(len(batches)):
            yield make_batch([names[i] for i in batches[place]])
