"""A factor is told where it means something: a size of the call, 2, a half."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grader.grading.diagnosis.looks import ENOUGH_NUMBERS, Sighting, exactly, same
from grader.grading.diagnosis.scenes import Scene
from grader.grading.diagnosis.sizes import named


def scaled(scene: Scene) -> Sighting | None:
    """All numbers are right but for one factor."""
    factor = _factor(scene)
    if factor is None:
        return None
    name, sizes = scene.name, scene.sizes
    for size in sorted({*sizes, *_lengths(scene)}):
        if exactly(scene.actual * size, scene.expected):
            tells = f"`{name}` is too small by the factor {named(size, sizes)}: is a mean taken "
            return Sighting("divided", tells + "where the sum belongs?")
        if exactly(scene.actual / size, scene.expected):
            tells = f"`{name}` is too large by the factor {named(size, sizes)}: is something added "
            return Sighting("multiplied", tells + "up too often?")
    for known, word in ((2.0, "twice"), (0.5, "half of")):
        if exactly(scene.actual / known, scene.expected):
            return Sighting("scaled", f"`{name}` is {word} what it should be.")
    return Sighting("proportional", f"`{name}` is right but for a constant factor.")


def _factor(scene: Scene) -> float | None:
    if np.sum(scene.expected != 0) < ENOUGH_NUMBERS:
        return None
    largest = np.unravel_index(int(np.argmax(np.abs(scene.expected))), scene.expected.shape)
    factor = float(scene.actual[largest] / scene.expected[largest])
    if not np.isfinite(factor) or abs(factor) < 1e-6 or abs(factor - 1) < 1e-6:
        return None
    return factor if same(scene.actual / factor, scene.expected) else None


def _lengths(scene: Scene) -> Iterator[int]:
    for array in scene.others.values():
        yield from (length for length in array.shape if length > 1)
