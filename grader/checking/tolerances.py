"""The one table of tolerances, each with its reason.

All deviations are block-scaled: ``max|x - ref| / max|ref|`` over one whole array.
Element-wise relative thresholds reject correct code wherever an element is near zero.
"""

from __future__ import annotations

from typing import Final

import msgspec

# Correct float64 code written in another order (einsum, loops, another sigmoid,
# longdouble inside) was measured to deviate by at most 7e-15; over long sequences
# with recurrent weights at their permitted scale it stays far below this.
EXACT: Final = 1e-9

# Correct code that keeps float32 buffers, or works in float32 throughout, deviates by
# 2.4e-7 to 1.6e-6; the smallest realistic mistake by 1.5e-3.
SINGLE_PRECISION: Final = 1e-5

# Two runs of the same mistake, written in different styles, agree as correct code does.
SAME_MISTAKE: Final = 1e-7

# What is smaller than this throughout is next to nothing: two formulas of one sigmoid differ by
# 3e-17 there, which is much beside 1e-11. Mistakes are matched, and looks told, beside this scale
# at least; verdicts are not, for a right array that is all tiny has to be right as well.
NEXT_TO_NOTHING: Final = 1e-6

# The complex step has no subtraction and so no cancellation: errors near 1e-15.
COMPLEX_STEP: Final = 1e-8

# Central differences with h = 1e-5 reach 4e-10 in float64.
CENTRAL_DIFFERENCE: Final = 1e-5

COMPLEX_STEP_SIZE: Final = 1e-30
CENTRAL_STEP_SIZE: Final = 1e-5


class Verdict(msgspec.Struct, frozen=True):
    """What a deviation means: right, right with a note, or wrong."""

    right: bool
    imprecise: bool = False


def judge(deviation: float) -> Verdict:
    """Judge one block-scaled deviation; NaN is wrong.

    Examples
    --------
    >>> judge(1e-15), judge(1e-6).imprecise, judge(1e-3).right
    (Verdict(right=True, imprecise=False), True, False)
    """
    if deviation <= EXACT:
        return Verdict(True)
    if deviation <= SINGLE_PRECISION:
        return Verdict(True, imprecise=True)
    return Verdict(False)
