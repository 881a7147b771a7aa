"""What a wrong array looks like: general findings where no known mistake fits.

Each detector is a claim that was checked on the numbers: it says what the wrong values are
(transposed, the sign turned, another output), and only asks about the cause. What does not hold
in every call that shows the same array wrong is not told.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.grading.diagnosis.looks import ENOUGH_NUMBERS, Detector, Sighting
from grader.grading.diagnosis.looks_of_shapes import OF_SHAPES
from grader.grading.diagnosis.looks_of_steps import OF_STEPS
from grader.grading.diagnosis.looks_of_values import COARSE, OF_VALUES, REARRANGED
from grader.grading.diagnosis.scenes import Scene

ALL_OF_VALUES: Sequence[Detector] = (
    *OF_VALUES,
    OF_STEPS[0],
    REARRANGED,
    *OF_STEPS[1:],
    *COARSE,
)


def look(scenes: Sequence[Scene]) -> Sighting | None:
    """The first detector that recognises one wrong array in all of its scenes, or None.

    Parameters
    ----------
    scenes : sequence
        The same array in several calls; what is said is said of the first.
    """
    with np.errstate(all="ignore"):
        return _looked(scenes)


def _looked(scenes: Sequence[Scene]) -> Sighting | None:
    shapes = [scene for scene in scenes if scene.actual.shape != scene.expected.shape]
    if shapes:
        # An array of zeros resembles nothing, and contradicts nothing.
        return _agreed(OF_SHAPES, [scene for scene in shapes if np.any(scene.actual)] or shapes)
    return _agreed(ALL_OF_VALUES, telling(scenes))


def telling(scenes: Sequence[Scene]) -> Sequence[Scene]:
    """The scenes that are not too small to tell: one example looks like many things by chance."""
    most = max((_axes(scene) for scene in scenes), default=0)
    found = [s for s in scenes if _axes(s) == most and s.expected.size >= ENOUGH_NUMBERS]
    found = found or list(scenes)
    return [s for s in found if np.all(np.isfinite(s.actual))] or found


def _axes(scene: Scene) -> int:
    """How many axes are longer than one."""
    return sum(1 for size in scene.expected.shape if size > 1)


def _agreed(detectors: Sequence[Detector], scenes: Sequence[Scene]) -> Sighting | None:
    for detector in detectors:
        seen = [detector(scene) for scene in scenes]
        first = seen[0] if seen else None
        if first is not None and all(one is not None and one.id == first.id for one in seen):
            return first
    return None
