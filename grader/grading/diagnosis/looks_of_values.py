"""Findings about all the numbers of a wrong array at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.checking.tolerances import NEXT_TO_NOTHING
from grader.grading.diagnosis.factors import scaled
from grader.grading.diagnosis.looks import (
    ENOUGH_NUMBERS,
    Detector,
    Sighting,
    exactly,
    listed,
    same,
)
from grader.grading.diagnosis.scenes import Array, Scene, is_numeric


def _zeros(scene: Scene) -> Sighting | None:
    if np.any(scene.actual) or not np.any(scene.expected):
        return None
    return Sighting("all-zeros", f"`{scene.name}` is all zeros: was it ever stored or added to?")


def _not_finite(scene: Scene) -> Sighting | None:
    """Nothing else can be told of numbers that are none."""
    return None if np.all(np.isfinite(scene.actual)) else Sighting("", "")


def _constant(scene: Scene) -> Sighting | None:
    if np.ptp(scene.actual) or not np.ptp(scene.expected):
        return None
    value = float(scene.actual.flat[0])
    return Sighting("constant", f"Every number of `{scene.name}` is {value:.6g}.")


def _sign(scene: Scene) -> Sighting | None:
    if not same(-scene.actual, scene.expected):
        return None
    return Sighting("sign", f"Every number of `{scene.name}` has the wrong sign.")


def _one_minus(scene: Scene) -> Sighting | None:
    if not exactly(1 - scene.actual, scene.expected):
        return None
    return Sighting("one-minus", f"`{scene.name}` is 1 minus what it should be.")


def _transposed(scene: Scene) -> Sighting | None:
    if scene.actual.ndim != 2 or not same(scene.actual.T, scene.expected):
        return None
    return Sighting("transposed", f"`{scene.name}` is right when transposed: is a `.T` missing?")


def _exchanged(scene: Scene) -> Sighting | None:
    """Two results of one form stand in each other's place."""
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


def _rounded(scene: Scene) -> Sighting | None:
    if not np.any(scene.actual) or scene.actual.size < ENOUGH_NUMBERS:
        return None
    if np.array_equal(scene.actual, np.trunc(scene.actual)):
        tells = f"`{scene.name}` holds whole numbers only. Is an integer array filled on the way?"
        return Sighting("whole-numbers", tells)
    for digits in range(1, 9):
        if np.array_equal(scene.actual, np.round(scene.actual, digits)):
            if np.max(np.abs(scene.actual - scene.expected)) > 0.51 * 10.0**-digits:
                return None
            return Sighting("rounded", f"`{scene.name}` is rounded to {digits} digits.")
    return None


def _clipped(scene: Scene) -> Sighting | None:
    """Some numbers stand at a bound that the right ones go beyond, to the same side."""
    actual, right = scene.actual, scene.expected
    for turn in (1.0, -1.0):
        bound = float(np.max(turn * actual))
        stuck = turn * actual == bound
        beyond = turn * right > bound
        plain = bound and bound == float(f"{bound:.2g}")
        if plain and np.sum(stuck) > 1 and np.all(beyond[stuck]) and not np.all(stuck):
            tells = f"`{scene.name}` never goes beyond {turn * bound:.6g}, and is exactly that in "
            tells += f"{int(np.sum(stuck))} places where it should: is something clipped?"
            return Sighting("clipped", tells)
    return None


def _probabilities(scene: Scene) -> Sighting | None:
    """Numbers that should be probabilities: each column of the right ones adds up to one."""
    actual, name = scene.actual, scene.name
    if actual.ndim != 2 or actual.shape[0] < 2 or np.any(scene.expected < 0):
        return None
    if not np.allclose(scene.expected.sum(axis=0), 1):
        return None
    if np.any(actual < 0):
        tells = (
            f"Some numbers of `{name}` are negative; probabilities are not. Is an `exp` missing?"
        )
        return Sighting("negative-probabilities", tells)
    if np.allclose(actual.sum(axis=0), 1):
        return None
    if np.allclose(actual.sum(axis=1), 1) and actual.shape[1] > 1:
        tells = f"Each row of `{name}` adds up to one, but each column (an example) should."
        return Sighting("softmax-axis", tells)
    if np.isclose(actual.sum(), 1):
        tells = f"All of `{name}` together adds up to one, but each column (an example) should."
        return Sighting("softmax-of-all", tells)
    tells = f"The columns of `{name}` do not add up to one: probabilities of one example should."
    return Sighting("not-probabilities", tells)


def _empty_lines(scene: Scene) -> Sighting | None:
    """Whole rows or columns were never filled, or hold what belongs to the first."""
    found = _wrong_lines(scene)
    if found is None:
        return None
    word, wrong, yours, right = found
    good = [i for i in range(len(right)) if i not in wrong]
    if not any(np.any(yours[i]) for i in wrong):
        few = good if len(good) < len(wrong) else wrong
        which = ", ".join(map(str, few))
        state = "right" if few is good else "all zeros"
        other = "all zeros" if few is good else "right"
        tells = f"Of the {word}s of `{scene.name}` only {which} {_is(few)} {state}, "
        tells += f"the others are {other}: "
        tells += "does a loop leave some out, or return too early?"
        return Sighting(f"zero-{word}s", tells)
    if 0 in good and all(same(yours[i], right[0]) for i in wrong):
        tells = f"Every {word} of `{scene.name}` holds what belongs to {word} 0."
        return Sighting(f"first-{word}", tells)
    return None


def _lines(scene: Scene) -> Sighting | None:
    """Whole rows or columns are wrong, others right."""
    found = _wrong_lines(scene)
    if found is None:
        return None
    word, wrong, _, right = found
    which = listed(wrong, len(right))
    if which.startswith("all"):
        tells = f"The {word}s of `{scene.name}` are wrong, {which}."
    else:
        ending = "s" if len(wrong) > 1 else ""
        tells = f"Only {word}{ending} {which} of `{scene.name}` {_is(wrong)} wrong."
    return Sighting(f"some-{word}s", tells)


def _wrong_lines(scene: Scene) -> tuple[str, list[int], list[Array], list[Array]] | None:
    """``row`` or ``column``, which of them are wrong, and all of them, yours and right."""
    if scene.actual.ndim != 2:
        return None
    for axis, word in ((0, "row"), (1, "column")):
        count = scene.actual.shape[axis]
        yours = [scene.actual.take(i, axis) for i in range(count)]
        right = [scene.expected.take(i, axis) for i in range(count)]
        wrong = [i for i in range(count) if not same(yours[i], right[i])]
        if 0 < len(wrong) < count and all(map(_tells, right)):
            return word, wrong, yours, right
    return None


def _is(several: list[int]) -> str:
    return "are" if len(several) > 1 else "is"


def _tells(line: Array) -> bool:
    return line.size > 1 and float(np.max(np.abs(line))) > NEXT_TO_NOTHING


def _summed_elsewhere(scene: Scene) -> Sighting | None:
    """A sum over one axis; over an axis of length one it would be nothing but the array."""
    for name, array in scene.others.items():
        if name.split("`")[1] == scene.name:
            continue
        for axis, length in enumerate(array.shape):
            if length > 1 and same(scene.actual, array.sum(axis=axis, keepdims=True)):
                tells = f"`{scene.name}` is {name} summed over axis {axis}."
                return Sighting("sum", tells)
    return None


def _rearranged(scene: Scene) -> Sighting | None:
    """The right numbers, all of them, in other places."""
    if scene.actual.size < ENOUGH_NUMBERS or not np.all(np.isfinite(scene.actual)):
        return None
    if not same(np.sort(scene.actual, axis=None), np.sort(scene.expected, axis=None)):
        return None
    tells = f"`{scene.name}` holds the right numbers in other places: is an array reshaped where "
    return Sighting("rearranged", tells + "its axes have to change places?")


OF_VALUES: Sequence[Detector] = (
    _not_finite,
    _zeros,
    _constant,
    _sign,
    _transposed,
    _exchanged,
    _another,
    _one_minus,
    _rounded,
    scaled,
    _empty_lines,
    _probabilities,
    _clipped,
)

# Where nothing better can be said.
COARSE: Sequence[Detector] = (_lines, _summed_elsewhere)
REARRANGED: Detector = _rearranged
