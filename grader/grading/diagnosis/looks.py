"""What all detectors share: the finding, and when two arrays are the same."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np

from grader.checking.compare_arrays import deviation
from grader.checking.tolerances import EXACT, NEXT_TO_NOTHING, SAME_MISTAKE
from grader.grading.diagnosis.scenes import Array, Scene

# Fewer numbers than these agree with many a formula by chance.
ENOUGH_NUMBERS = 6


class Sighting(msgspec.Struct, frozen=True):
    """A detector's name and what it says."""

    id: str
    sentence: str


Detector = Callable[[Scene], "Sighting | None"]


def same(first: Array, second: Array) -> bool:
    """Whether two arrays agree as one mistake written twice does."""
    if first.shape != second.shape or not np.all(np.isfinite(first)):
        return False
    if float(np.max(np.abs(second), initial=0.0)) < NEXT_TO_NOTHING:
        return False
    return deviation(first, second) <= SAME_MISTAKE


def exactly(first: Array, second: Array) -> bool:
    """Whether two arrays agree as two ways to write one right formula do."""
    return same(first, second) and deviation(first, second) <= EXACT


def listed(numbers: list[int], total: int) -> str:
    """``1, 2`` or, where most are meant, ``all but 0``."""
    if len(numbers) > 3 and total - len(numbers) <= 2:
        rest = sorted(set(range(total)) - set(numbers))
        return "all but " + ", ".join(map(str, rest))
    return ", ".join(map(str, numbers))
