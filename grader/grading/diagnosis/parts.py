"""Compare what two versions of a function returned, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

import numpy as np

from grader.checking.tolerances import NEXT_TO_NOTHING, SAME_MISTAKE

# For every part of a result: whether it is the reference's, and whether it is the learner's.
Trace = tuple[tuple[bool, bool], ...]


def same_value(yours: Any, other: Any) -> bool:
    """Whether two returned values agree to the accuracy that one mistake written twice has."""
    if isinstance(yours, np.ndarray) and isinstance(other, tuple | list):
        yours = list(yours)  # an array where the contract has a list is accepted
    if isinstance(yours, np.ndarray | np.generic | int | float) and not isinstance(yours, bool):
        return _same_array(yours, other)
    if isinstance(yours, tuple | list):
        same_length = isinstance(other, tuple | list) and len(yours) == len(other)
        return same_length and all(map(same_value, yours, other))
    if isinstance(yours, Mapping):
        return isinstance(other, Mapping) and all(
            key in yours and same_value(yours[key], value) for key, value in other.items()
        )
    return type(yours) is type(other) and bool(yours == other)


def _same_array(yours: Any, other: Any) -> bool:
    if not isinstance(other, np.ndarray | np.generic | int | float):
        return False
    mine, theirs = np.asarray(yours), np.asarray(other)
    if mine.shape != theirs.shape or mine.dtype.kind not in "iufcb":
        return False
    if mine is theirs:
        return True
    if not theirs.size:
        return True
    if mine.dtype.kind == "b" or theirs.dtype.kind == "b":
        mine, theirs = mine.astype(float), theirs.astype(float)
    with np.errstate(all="ignore"):
        distance = float(np.abs(mine - theirs).max())
        if not isfinite(distance):
            finite = np.isfinite(theirs)
            if not np.array_equal(np.isfinite(mine), finite):
                return False
            mine, theirs = np.where(finite, mine, 0), np.where(finite, theirs, 0)
            distance = float(np.abs(mine - theirs).max())
        return distance <= SAME_MISTAKE * max(float(np.abs(theirs).max()), NEXT_TO_NOTHING)


def wrong_parts(yours: Any, expected: Any, path: str = "") -> Iterator[str]:
    """The top-level parts (tuple places, dictionary keys) in which two values differ."""
    if isinstance(expected, Mapping) and isinstance(yours, Mapping):
        for key, value in expected.items():
            if key not in yours or not same_value(yours[key], value):
                yield str(key)
    elif isinstance(expected, tuple | list) and isinstance(yours, tuple | list):
        for index, value in enumerate(expected):
            if index >= len(yours) or not same_value(yours[index], value):
                yield str(index)
    elif not same_value(yours, expected):
        yield path


def names_of_parts(value: Any) -> tuple[str, ...]:
    """The parts of a result as ``wrong_parts`` names them."""
    if isinstance(value, Mapping):
        return tuple(map(str, value))
    return tuple(map(str, range(len(value)))) if isinstance(value, tuple | list) else ("",)


def part_of(value: Any, part: str) -> Any:
    """One part of a result, by the name that ``wrong_parts`` gives it."""
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(value, tuple | list) and part.isdigit():
        return value[int(part)] if int(part) < len(value) else None
    return value


def trace(made: Any, right: Any, yours: Any) -> Trace:
    """What one mistake makes of every part of the result; of a result that never came, None."""
    found = []
    for name in names_of_parts(right):
        part = part_of(made, name)
        found.append(
            (same_value(part, part_of(right, name)), same_value(part_of(yours, name), part))
        )
    return tuple(found)


def may_join(first: Trace | None, second: Trace | None) -> bool:
    """Whether two mistakes, each tried by itself, may together come to the learner's result.

    Where one of them leaves a part as it is, the other must make of it what the learner has.
    """
    if first is None or second is None:
        return False
    for (left_by_first, as_first), (left_by_second, as_second) in zip(first, second, strict=True):
        if left_by_first and not as_second:
            return False
        if left_by_second and not as_first:
            return False
    return True
