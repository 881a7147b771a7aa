"""What a wrong array looks like: general findings where no known mistake fits.

Each detector is a claim that was checked on the numbers: it says what the wrong values are
(transposed, the sign turned, another output), and only asks about the cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checking.compare_arrays import deviation
from grader.checking.failures import Difference
from grader.checking.tolerances import SAME_MISTAKE

Array = NDArray[Any]


@dataclass(frozen=True)
class Scene:
    """A wrong array and what stood around it.

    Attributes
    ----------
    others : mapping
        Other arrays by name: the rest of the expected result and the arguments.
    """

    name: str
    actual: Array
    expected: Array
    others: Mapping[str, Array]


@dataclass(frozen=True)
class Sighting:
    """A detector's name and what it says."""

    id: str
    sentence: str


# What is next to nothing looks like anything else that is next to nothing.
SMALLEST_SCALE = 1e-6

Detector = Callable[[Scene], "Sighting | None"]


def look(
    difference: Difference, arguments: Mapping[str, Any], expected: Mapping[str, Any]
) -> Sighting | None:
    """The first detector that recognises the wrong array of a difference, or None.

    Parameters
    ----------
    arguments, expected : mapping
        What the function was given and should have returned, by name.
    """
    actual, right = difference.actual, difference.expected
    if not isinstance(actual, np.ndarray) or not isinstance(right, np.ndarray):
        return None
    if actual.dtype.kind not in "iuf" or right.dtype.kind not in "iuf" or right.size < 2:
        return None
    name = difference.path.rpartition(".")[2]
    others = dict(_named_arrays(expected, "the right `{}`")) | dict(
        _named_arrays(arguments, "the argument `{}`")
    )
    scene = Scene(name, actual.astype(float), right.astype(float), others)
    detectors = _OF_VALUES if difference.fault == "values" else _OF_SHAPES
    for detector in detectors:
        sighting = detector(scene)
        if sighting is not None:
            return sighting
    return None


def _named_arrays(values: Mapping[str, Any], template: str) -> Iterator[tuple[str, Array]]:
    for name, value in values.items():
        if isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
            yield template.format(name), value.astype(float)
        elif isinstance(value, Mapping):
            inner = {key: part for key, part in value.items() if isinstance(part, np.ndarray)}
            yield from _named_arrays(inner, template)


def same(first: Array, second: Array) -> bool:
    """Whether two arrays agree as one mistake written twice does."""
    if first.shape != second.shape or not np.all(np.isfinite(first)):
        return False
    if float(np.max(np.abs(second), initial=0.0)) < SMALLEST_SCALE:
        return False
    return deviation(first, second) <= SAME_MISTAKE


def _zeros(scene: Scene) -> Sighting | None:
    if np.any(scene.actual) or not np.any(scene.expected):
        return None
    return Sighting("all-zeros", f"`{scene.name}` is all zeros: was it ever stored or added to?")


def _sign(scene: Scene) -> Sighting | None:
    if not same(-scene.actual, scene.expected):
        return None
    return Sighting("sign", f"Every number of `{scene.name}` has the wrong sign.")


def _transposed(scene: Scene) -> Sighting | None:
    if scene.actual.ndim != 2 or not same(scene.actual.T, scene.expected):
        return None
    return Sighting("transposed", f"`{scene.name}` is right when transposed: is a `.T` missing?")


def _scaled(scene: Scene) -> Sighting | None:
    largest = np.unravel_index(int(np.argmax(np.abs(scene.expected))), scene.expected.shape)
    if scene.expected[largest] == 0:
        return None
    factor = float(scene.actual[largest] / scene.expected[largest])
    if not np.isfinite(factor) or abs(factor) < 1e-6 or factor == 1.0:
        return None
    if not same(scene.actual / factor, scene.expected):
        return None
    for axis in sorted({s for a in scene.others.values() for s in a.shape if s > 1}):
        if abs(factor * axis - 1) < 1e-9:
            tells = f"{_size(scene, axis)}: is a mean taken where the sum belongs?"
            return Sighting("divided", f"`{scene.name}` is too small by the factor {axis}, {tells}")
        if abs(factor / axis - 1) < 1e-9:
            tells = f"{_size(scene, axis)}: is something added up too often?"
            return Sighting("multiplied", f"`{scene.name}` is too large by {axis}, {tells}")
    return Sighting("scaled", f"`{scene.name}` is right but for the constant factor {factor:.6g}.")


def _size(scene: Scene, size: int) -> str:
    """Where a size comes from: the batch is axis 1, time is axis 2 of what is three-dimensional."""
    for array in scene.others.values():
        if array.ndim == 3 and array.shape[2] == size and array.shape[1] != size:
            return "the number of steps"
    for array in scene.others.values():
        if array.ndim in (2, 3) and array.shape[1] == size and array.shape[0] != size:
            return "the size of the batch"
    return "one of the sizes"


def _shifted(scene: Scene) -> Sighting | None:
    if scene.actual.ndim != 3 or scene.actual.shape[2] < 3:
        return None
    yours, right = scene.actual, scene.expected
    if same(yours[:, :, 1:], right[:, :, :-1]):
        tells = f"`{scene.name}` comes one step late: step t holds what belongs to t - 1."
        return Sighting("one-step-late", tells)
    if same(yours[:, :, :-1], right[:, :, 1:]):
        tells = f"`{scene.name}` comes one step early: step t holds what belongs to t + 1."
        return Sighting("one-step-early", tells)
    if same(yours[:, :, ::-1], right):
        return Sighting("reversed", f"The steps of `{scene.name}` stand in reverse order.")
    return None


def _some_steps(scene: Scene) -> Sighting | None:
    if scene.actual.ndim != 3:
        return None
    steps = range(scene.actual.shape[2])
    right = [same(scene.actual[:, :, t], scene.expected[:, :, t]) for t in steps]
    if not any(right) or all(right):
        return None
    last = len(right) - 1
    if right[0] and not any(right[1:]):
        tells = "is right at the first step only: what is handed from one step to the next?"
        return Sighting("right-at-first-step", f"`{scene.name}` {tells}")
    if right[last] and not any(right[:last]):
        tells = "is right at the last step only."
        if scene.name.startswith("d"):
            tells += " What is handed back from one step to the one before?"
        return Sighting("right-at-last-step", f"`{scene.name}` {tells}")
    if not right[0] and all(right[1:]):
        return Sighting("wrong-at-first-step", f"`{scene.name}` is wrong at the first step only.")
    if not right[last] and all(right[:last]):
        return Sighting("wrong-at-last-step", f"`{scene.name}` is wrong at the last step only.")
    wrong = ", ".join(str(t) for t, good in enumerate(right) if not good)
    return Sighting(
        "some-steps", f"`{scene.name}` is wrong at step t = {wrong} and right elsewhere."
    )


def _another(scene: Scene) -> Sighting | None:
    for name, array in scene.others.items():
        bare = name.split("`")[1]
        if bare != scene.name and same(scene.actual, array):
            return Sighting("another-value", f"`{scene.name}` holds {name}.")
    for name, array in scene.others.items():
        if array.ndim == 3 and scene.actual.ndim == 2:
            for t in (0, array.shape[2] - 1):
                if same(scene.actual, array[:, :, t]):
                    which = "first" if t == 0 else "last"
                    tells = f"`{scene.name}` holds the {which} step of {name}."
                    return Sighting("another-value", tells)
    return None


def _some_rows(scene: Scene) -> Sighting | None:
    if scene.actual.ndim != 2 or scene.actual.shape[0] < 2:
        return None
    for axis, word in ((0, "row"), (1, "column")):
        count = scene.actual.shape[axis]
        right = [
            same(scene.actual.take(i, axis), scene.expected.take(i, axis)) for i in range(count)
        ]
        if any(right) and not all(right):
            wrong = ", ".join(str(i) for i, good in enumerate(right) if not good)
            tells = f"only {word} {wrong} of `{scene.name}` is wrong."
            return Sighting("some-" + word + "s", tells[0].upper() + tells[1:])
    return None


def _constant(scene: Scene) -> Sighting | None:
    if not np.all(scene.actual == scene.actual.flat[0]):
        return None
    value = float(scene.actual.flat[0])
    return Sighting("constant", f"Every number of `{scene.name}` is {value:.6g}.")


def _softmax_axis(scene: Scene) -> Sighting | None:
    if scene.actual.ndim != 2 or np.any(scene.actual < 0):
        return None
    if not np.allclose(scene.expected.sum(axis=0), 1) or scene.actual.shape[1] < 2:
        return None
    if np.allclose(scene.actual.sum(axis=0), 1):
        return None
    if np.allclose(scene.actual.sum(axis=1), 1):
        tells = "Each row of `{}` adds up to one, but each column (an example) should."
        return Sighting("softmax-axis", tells.format(scene.name))
    tells = "The columns of `{}` do not add up to one: probabilities of one example should."
    return Sighting("not-probabilities", tells.format(scene.name))


def _summed_elsewhere(scene: Scene) -> Sighting | None:
    for name, array in scene.others.items():
        for axis in range(array.ndim):
            if same(scene.actual, array.sum(axis=axis, keepdims=True)):
                tells = f"`{scene.name}` is {name} summed over axis {axis}."
                return Sighting("sum", tells)
    return None


_OF_VALUES: Sequence[Detector] = (
    _zeros,
    _constant,
    _sign,
    _transposed,
    _another,
    _shifted,
    _scaled,
    _softmax_axis,
    _some_steps,
    _some_rows,
    _summed_elsewhere,
)


def _sized_by_another(scene: Scene) -> Sighting | None:
    have, want = scene.actual.shape, scene.expected.shape
    if len(have) != len(want):
        return None
    axes = [axis for axis, (a, b) in enumerate(zip(have, want, strict=True)) if a != b]
    if len(axes) != 1:
        return None
    axis = axes[0]
    whole = [slice(None)] * len(want)
    whole[axis] = slice(0, min(have[axis], want[axis]))
    if same(scene.actual[tuple(whole)], scene.expected[tuple(whole)]):
        tells = f"`{scene.name}` has {have[axis]} instead of {want[axis]} places on axis {axis}"
        return Sighting("axis-size", tells + "; what it shares with the right one is right.")
    return None


_OF_SHAPES: Sequence[Detector] = (_sized_by_another,)
