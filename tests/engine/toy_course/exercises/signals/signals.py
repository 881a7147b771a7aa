"""Signals: `n` rows, `m` examples, `T` steps."""

import numpy as np
from loudness import limited


def scale(x, gain):
    """Multiply every row by its gain; x (n, m), gain (n, 1)."""
    gain = limited(gain)
    # TODO 1.1 (about 1 line): every row times its gain
    raise NotImplementedError("scale")
    return scaled


def shift_then_scale(x, shift, gain):
    """Add a shift to every row, then scale; shift (n, 1)."""
    # TODO 1.2 (about 2 lines): lift first,
    # then make louder
    raise NotImplementedError("shift_then_scale")
    return shifted, scaled


def running_sum(x, start):
    """Sum along time; x (n, m, T), start (n, m)."""
    # TODO 2.1 (about 5 lines): carry the sum from step to step
    raise NotImplementedError("running_sum")
    return totals, last
