"""Signals: `n` rows, `m` examples, `T` steps."""

import numpy as np
from loudness import limited


def scale(x, gain):
    """Multiply every row by its gain; x (n, m), gain (n, 1)."""
    gain = limited(gain)
    # BEGIN SOLUTION
    # TODO 1.1 (about 1 line): every row times its gain
    scaled = gain * x
    # END SOLUTION
    return scaled


def shift_then_scale(x, shift, gain):
    """Add a shift to every row, then scale; shift (n, 1)."""
    # BEGIN SOLUTION
    # TODO 1.2 (about 2 lines): lift first,
    # then make louder
    shifted = x + shift
    scaled = scale(shifted, gain)
    # END SOLUTION
    return shifted, scaled


def running_sum(x, start):
    """Sum along time; x (n, m, T), start (n, m)."""
    # BEGIN SOLUTION
    # TODO 2.1 (about 5 lines): carry the sum from step to step
    totals = np.zeros(x.shape)
    last = start.copy()
    for t in range(x.shape[2]):
        last = last + x[:, :, t]
        totals[:, :, t] = last
    # END SOLUTION
    return totals, last
