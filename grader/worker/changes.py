"""What a call did to its arguments, and which arrays it returned without copying."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

_MAX_REPORTED = 256
_MAX_DEPTH = 16


def differences(before: Any, after: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield every part of a value that is no longer what it was, with its path."""
    if type(before) is not type(after):
        yield path, after
    elif type(before) is np.ndarray:
        if not _same_array(before, after):
            yield path, after
    elif isinstance(before, list | tuple):
        if len(before) != len(after):
            yield path, after
            return
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, f"{path}[{index}]")
    elif isinstance(before, dict):
        if before.keys() != after.keys():
            yield path, after
            return
        for key, old in before.items():
            yield from differences(old, after[key], f"{path}[{key!r}]")
    elif not _same_scalar(before, after):
        yield path, after


def _same_array(before: Any, after: Any) -> bool:
    if before.dtype != after.dtype or before.shape != after.shape:
        return False
    return bool(before.tobytes() == after.tobytes())


def _same_scalar(before: Any, after: Any) -> bool:
    return bool(before is after or before == after or (before != before and after != after))


def arrays_in(value: Any, path: str) -> list[tuple[str, Any]]:
    """The arrays inside nested lists, tuples and dicts, each with its path.

    A dict that stands in several places counts in the first.
    """
    found: list[tuple[str, Any]] = []
    _collect(value, path, 0, found, set())
    return found


def _collect(
    value: Any, path: str, depth: int, found: list[tuple[str, Any]], dicts: set[int]
) -> None:
    if isinstance(value, np.ndarray):
        if value.size and value.dtype != object:
            found.append((path, value))
    elif depth < _MAX_DEPTH and isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _collect(item, f"{path}[{index}]", depth + 1, found, dicts)
    elif depth < _MAX_DEPTH and isinstance(value, dict) and id(value) not in dicts:
        dicts.add(id(value))
        for key, item in value.items():
            if type(key) is str or type(key) is int:
                _collect(item, f"{path}[{key!r}]", depth + 1, found, dicts)


def shared_memory(result: Any, arguments: list[Any]) -> list[tuple[str, str]]:
    """Pair every returned array with the argument, or earlier result, whose memory it shares.

    A sweep over the arrays sorted by address: only neighbours that overlap are compared.
    """
    returned = arrays_in(result, "result")
    if not returned:
        return []
    # Arguments come first, so that they are named rather than another part of the result.
    everything = arrays_in(arguments, "args") + returned
    if all(array.base is None for _, array in everything):  # each has memory of its own
        return _same_objects(everything, len(everything) - len(returned))
    spans = sorted((*_bounds(array), order) for order, (_, array) in enumerate(everything))
    given = len(everything) - len(returned)
    pairs: list[tuple[int, int]] = []
    for group in _overlapping(spans):
        pairs.extend(_pairs(sorted(group), everything, given))
        if len(pairs) > _MAX_REPORTED:
            break
    named = [(everything[one][0], everything[other][0]) for one, other in sorted(pairs)]
    return named[:_MAX_REPORTED]


def _same_objects(everything: list[tuple[str, Any]], given: int) -> list[tuple[str, str]]:
    first: dict[int, str] = {}
    pairs = []
    for order, (path, array) in enumerate(everything):
        earlier = first.setdefault(id(array), path)
        if order >= given and earlier is not path:
            pairs.append((path, earlier))
    return pairs[:_MAX_REPORTED]


def _bounds(array: Any) -> tuple[int, int]:
    if array.flags.forc:
        start = array.__array_interface__["data"][0]
        return start, start + array.nbytes
    low, high = np.lib.array_utils.byte_bounds(array)
    return low, high


def _overlapping(spans: list[tuple[int, int, int]]) -> Iterator[list[int]]:
    group: list[int] = []
    end = -1
    for low, high, order in spans:
        if low >= end and group:
            if len(group) > 1:
                yield group
            group = []
        group.append(order)
        end = max(end, high)
    if len(group) > 1:
        yield group


def _pairs(
    group: list[int], everything: list[tuple[str, Any]], given: int
) -> Iterator[tuple[int, int]]:
    for position, order in enumerate(group):
        if order < given:
            continue
        for other in group[: min(position, 8)]:
            if _share(everything[order][1], everything[other][1]):
                yield order, other
                break


def _share(one: Any, other: Any) -> bool:
    try:
        work: Any = 1000  # exact for ordinary views; numpy's stubs know only its two extremes
        return bool(np.shares_memory(one, other, max_work=work))
    except (np.exceptions.TooHardError, OverflowError):
        return False


def write_back(into: Any, values: Any) -> None:
    """Write the arrays of `values` into the arrays at the same places of `into`.

    Entries of dicts and lists that are no arrays are replaced.
    """
    if isinstance(into, np.ndarray) and isinstance(values, np.ndarray):
        if into.shape == values.shape:
            into[...] = values
    elif isinstance(into, dict) and isinstance(values, dict):
        for key, value in values.items():
            _replace_item(into, key, value)
    elif isinstance(into, list) and isinstance(values, list):
        del into[len(values) :]
        for index, value in enumerate(values):
            if index == len(into):
                into.append(value)
            else:
                _replace_item(into, index, value)
    elif isinstance(into, tuple) and isinstance(values, tuple):
        for old, new in zip(into, values, strict=False):
            write_back(old, new)


def _replace_item(into: Any, key: Any, value: Any) -> None:
    old = into.get(key) if isinstance(into, dict) else into[key]
    same_shape = (
        isinstance(old, np.ndarray) and isinstance(value, np.ndarray) and old.shape == value.shape
    )
    if same_shape or isinstance(old, dict | list | tuple):
        write_back(old, value)
    else:
        into[key] = value
