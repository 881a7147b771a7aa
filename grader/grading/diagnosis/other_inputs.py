"""Would the right function, given something else, return what the learner's returned?

An argument that is left out, counted twice, cut to whole numbers, or read at the first example
for all: such slips look like nothing in the result, but the reference makes the same of a changed
argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from grader.checking.copies import independent
from grader.checking.student import Call
from grader.content.intake.source_names import SourceNames
from grader.grading.diagnosis.evidence import numbers_in
from grader.grading.diagnosis.looks import ENOUGH_NUMBERS, Sighting
from grader.grading.diagnosis.parts import same_value
from grader.grading.diagnosis.scenes import Array, Comparison, parts_in

# Trials of one report: a trial runs the reference once.
TRIALS = 150

Path = tuple[Any, ...]
Change = Callable[[Array], Array]


class Leaf(msgspec.Struct, frozen=True):
    """One array among the arguments: where it stands, and what it is called."""

    path: Path
    name: str


class Variant(msgspec.Struct, frozen=True):
    """Other arguments, and the sentence that would be true of them."""

    id: str
    sentence: str
    changed: Mapping[Path, Change]


def other_inputs(
    comparisons: Sequence[Comparison],
    function: Callable[..., Any],
    names: SourceNames,
    trials: int = TRIALS,
) -> Sighting | None:
    """What else the function would have to be given to return what the learner's returns.

    Parameters
    ----------
    comparisons : sequence
        Calls with wrong results; what is told holds in all of them.
    names : SourceNames
        Of the reference: what it calls the parts of a tuple that it is given.
    """
    if not comparisons:
        return None
    first = min(comparisons, key=lambda one: numbers_in(one.call.arguments))
    left = trials
    for variant in _variants(first.call, list(first.arguments), names):
        left -= 1
        if left < 0:
            return None
        if all(_explains(variant, one, function) for one in (first, *comparisons)):
            return Sighting(variant.id, variant.sentence)
    return None


def _explains(variant: Variant, comparison: Comparison, function: Callable[..., Any]) -> bool:
    arguments = list(independent(comparison.call.arguments))
    for path, change in variant.changed.items():
        _put(arguments, path, change)
    try:
        with np.errstate(all="ignore"):
            made = function(*arguments)
    except Exception:  # a changed argument may not fit
        return False
    made = {part.path: part.value for part in parts_in(made, comparison.label)}
    numbers = 0
    for where, part in comparison.actual.items():
        right = comparison.expected.get(where)
        if right is None:
            continue
        wrong = where in comparison.wrong
        handed_on = not wrong and _is_given(right.value, comparison.call.arguments)
        if not handed_on and not same_value(part.value, made.get(where)):
            return False
        numbers += right.value.size if wrong else 0
    return numbers >= ENOUGH_NUMBERS


def _is_given(value: Any, arguments: Sequence[Any]) -> bool:
    """Whether a part of the right result is an argument handed on, as a cache does."""
    for given in arguments:
        if isinstance(given, np.ndarray) and given.shape[: np.ndim(value)] == np.shape(value):
            if given.ndim == np.ndim(value):
                if np.array_equal(given, value):
                    return True
            elif any(np.array_equal(one, value) for one in np.moveaxis(given, -1, 0)):
                return True
    return False


def _variants(call: Call, names: list[str], source: SourceNames) -> Iterator[Variant]:
    leaves = list(_leaves(call.arguments, names, source))
    arrays = {leaf.path: _at(call.arguments, leaf.path) for leaf in leaves}
    for leaf in leaves:
        yield from _of_one(leaf, arrays[leaf.path])
    yield Variant(
        "input-whole",
        "Your result is what comes out when the inputs are cut to whole numbers: is an integer "
        "array filled with them?",
        {leaf.path: np.trunc for leaf in leaves},
    )
    for one in leaves:
        for other in leaves:
            if one.path != other.path and arrays[one.path].shape == arrays[other.path].shape:
                tells = f"Your result is what comes out when `{other.name}` is used where "
                tells += f"`{one.name}` belongs."
                yield Variant("input-taken-for", tells, {one.path: _Other(other.path)})


class _Other(msgspec.Struct, frozen=True):
    """Stands for the array at another place of the same arguments."""

    path: Path

    def __call__(self, array: Array) -> Array:
        return array


def _of_one(leaf: Leaf, array: Array) -> Iterator[Variant]:
    name = leaf.name
    said = "Your result is what comes out when"

    def variant(id: str, tells: str, change: Change) -> Variant:
        return Variant(f"input-{id}", f"{said} {tells}", {leaf.path: change})

    yield variant("left-out", f"`{name}` is zero: is it used, and filled in, everywhere?", _nothing)
    yield variant("twice", f"`{name}` counts twice.", _doubled)
    yield variant("sign", f"the sign of `{name}` is turned round.", np.negative)
    yield variant("whole", f"`{name}` is cut to whole numbers: an integer array?", np.trunc)
    if array.ndim >= 2 and array.shape[1] > 1:
        tells = f"all examples use the first column of `{name}`."
        yield variant("first-column", tells, _first_column)
    if array.ndim >= 2 and array.shape[0] > 1:
        what = "entry" if array.shape[1] == 1 else "row"
        tells = f"the first {what} of `{name}` stands for all."
        yield variant("first-row", tells, _first_row)
        for place, word in ((0, "first"), (-1, "last")):
            tells = f"the {word} row of `{name}` is left out."
            yield variant(f"without-{word}-row", tells, _without(place))


def _nothing(array: Array) -> Array:
    return np.zeros_like(array)


def _doubled(array: Array) -> Array:
    return 2 * array


def _first_column(array: Array) -> Array:
    return np.repeat(array[:, :1], array.shape[1], axis=1)


def _first_row(array: Array) -> Array:
    return np.repeat(array[:1], array.shape[0], axis=0)


def _without(place: int) -> Change:
    def change(array: Array) -> Array:
        made = array.copy()
        made[place] = 0
        return made

    return change


def _leaves(arguments: Sequence[Any], names: Sequence[str], source: SourceNames) -> Iterator[Leaf]:
    for place, (value, name) in enumerate(zip(arguments, names, strict=False)):
        if _is_float(value):
            yield Leaf((place,), name)
        elif isinstance(value, Mapping):
            yield from (Leaf((place, key), key) for key, part in value.items() if _is_float(part))
        elif isinstance(value, tuple):
            words = source.unpacked.get(name, ())
            for index, (part, word) in enumerate(zip(value, words, strict=False)):
                if _is_float(part) and isinstance(word, str):
                    yield Leaf((place, index), word)


def _is_float(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.ndim > 0


def _at(arguments: Sequence[Any], path: Path) -> Any:
    value: Any = arguments
    for step in path:
        value = value[step]
    return value


def _put(arguments: list[Any], path: Path, change: Change) -> None:
    """Change the array at a path; a tuple on the way is rebuilt."""
    old = _at(arguments, path)
    new = _at(arguments, change.path).copy() if isinstance(change, _Other) else change(old)
    if len(path) == 1:
        arguments[path[0]] = new
        return
    holder = arguments[path[0]]
    if isinstance(holder, tuple):
        arguments[path[0]] = (*holder[: path[1]], new, *holder[path[1] + 1 :])
    else:
        holder[path[1]] = new
