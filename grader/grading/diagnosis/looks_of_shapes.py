"""Findings about arrays of a wrong shape: the sizes by their names, the axes in another order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np

from grader.grading.diagnosis.looks import Detector, Sighting, same
from grader.grading.diagnosis.scenes import Scene, is_numeric
from grader.grading.diagnosis.sizes import named


def _exchanged(scene: Scene) -> Sighting | None:
    """Two results, of different shapes, stand in each other's place."""
    for name, (actual, expected) in scene.results.items():
        if name == scene.name or not is_numeric(actual) or not is_numeric(expected):
            continue
        if same(scene.actual, expected) and same(actual, scene.expected):
            other = name.rpartition(".")[2]
            tells = f"`{scene.name}` and `{other}` stand in each other's place."
            return Sighting("exchanged", tells)
    return None


def _another(scene: Scene) -> Sighting | None:
    for name, array in scene.others.items():
        if name.split("`")[1] != scene.name and same(scene.actual, array):
            return Sighting("another-value", f"`{scene.name}` holds {name}.")
    return None


def _permuted(scene: Scene) -> Sighting | None:
    have, want = scene.actual, scene.expected
    if have.ndim != want.ndim or not 2 <= have.ndim <= 3:
        return None
    for order in permutations(range(have.ndim)):
        if same(np.transpose(have, order), want):
            if have.ndim == 2:
                return Sighting("transposed", f"`{scene.name}` is right when transposed.")
            wanted = ", ".join(named(size, scene.sizes) for size in want.shape)
            tells = f"The axes of `{scene.name}` stand in another order: wanted are ({wanted})."
            return Sighting("axes-permuted", tells)
    return None


def _reshaped(scene: Scene) -> Sighting | None:
    have, want = scene.actual, scene.expected
    if have.size != want.size or have.ndim == want.ndim:
        return None
    if not same(have.reshape(want.shape), want):
        return None
    return Sighting("reshaped", f"The numbers of `{scene.name}` are right, only its axes are not.")


def _too_many(scene: Scene) -> Sighting | None:
    """One slice more than there should be, before the right ones or after them."""
    have, want = scene.actual, scene.expected
    axis = _differing_axis(scene)
    if axis is None or have.shape[axis] != want.shape[axis] + 1:
        return None
    count = want.shape[axis]
    for which, start in (("first", 1), ("last", 0)):
        if same(have.take(range(start, start + count), axis), want):
            tells = f"`{scene.name}` has one too many on axis {axis}: without the {which} it is"
            return Sighting("one-too-many", f"{tells} right.")
    return None


def _too_few(scene: Scene) -> Sighting | None:
    have, want = scene.actual, scene.expected
    axis = _differing_axis(scene)
    if axis is None or have.shape[axis] != want.shape[axis] - 1:
        return None
    count = have.shape[axis]
    for which, start in (("first", 1), ("last", 0)):
        if same(have, want.take(range(start, start + count), axis)):
            tells = f"`{scene.name}` lacks the {which} on axis {axis}; what is there is right."
            return Sighting("one-too-few", tells)
    return None


def _sized_by_another(scene: Scene) -> Sighting | None:
    """One size stands where another belongs; named where the sizes of the call are known."""
    axis = _differing_axis(scene)
    if axis is None:
        return None
    have, want = scene.actual.shape[axis], scene.expected.shape[axis]
    known = have in scene.sizes and (want in scene.sizes or want == 1)
    whole = [slice(None)] * scene.actual.ndim
    whole[axis] = slice(0, min(have, want))
    shared = same(scene.actual[tuple(whole)], scene.expected[tuple(whole)])
    if not known and not shared:
        return None
    tells = f"`{scene.name}` has {named(have, scene.sizes)} instead of "
    tells += f"{named(want, scene.sizes)} places on axis {axis}"
    if shared:
        tells += "; what it shares with the right one is right"
    elif want == 1:
        tells += ": is a sum over them missing?"
        return Sighting("axis-size", tells)
    return Sighting("axis-size", tells + ".")


def _sizes_named(scene: Scene) -> Sighting | None:
    """Several axes differ: say what each size is."""
    have, want = scene.actual.shape, scene.expected.shape
    if not all(size in scene.sizes or size == 1 for size in (*have, *want)):
        return None
    told = [", ".join(named(size, scene.sizes) for size in shape) for shape in (have, want)]
    tells = f"The shape of `{scene.name}` is ({told[0]}); wanted is ({told[1]})."
    return Sighting("sizes", tells)


def _differing_axis(scene: Scene) -> int | None:
    have, want = scene.actual.shape, scene.expected.shape
    if len(have) != len(want):
        return None
    axes = [axis for axis, (a, b) in enumerate(zip(have, want, strict=True)) if a != b]
    return axes[0] if len(axes) == 1 else None


OF_SHAPES: Sequence[Detector] = (
    _exchanged,
    _another,
    _permuted,
    _reshaped,
    _too_many,
    _too_few,
    _sized_by_another,
    _sizes_named,
)
