"""Compare what came back with what should have, and speak of the first thing that is wrong.

The order is kind, shape, dtype, finiteness, values. Where the contract is generous (a list
for a tuple, extra keys, an extra value at the end, single precision) a note is left instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.checking.compare_arrays import compare_array, describe
from grader.checking.failures import Difference, Fault
from grader.checking.labels import Label, inner, label_of_item, name_of
from grader.worker.codec import Opaque

Notes = list[str]


class Mismatch(Exception):
    """Carries the first difference out of a comparison; never leaves this room."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(difference.sentence)
        self.difference = difference


def first_difference(
    actual: Any,
    expected: Any,
    label: Label,
    notes: Notes | None = None,
    *,
    path: str | None = None,
) -> Difference | None:
    """The first difference between a returned value and the expected one, or None.

    Parameters
    ----------
    label : Label
        Names for the value and its parts.
    notes : list of str, optional
        Collects what is right but worth saying.
    path : str, optional
        Where the value stands in a larger one; its name where nothing is given.
    """
    try:
        _compare(actual, expected, path or name_of(label), label, [] if notes is None else notes)
    except Mismatch as mismatch:
        return mismatch.difference
    return None


def wrong(path: str, fault: Fault, sentence: str, actual: Any, expected: Any) -> Mismatch:
    """A mismatch at ``path``."""
    return Mismatch(Difference(path, fault, sentence, actual, expected))


def _compare(actual: Any, expected: Any, path: str, label: Label | None, notes: Notes) -> None:
    if isinstance(actual, Opaque):
        sentence = f"{path} is {describe(actual)}, but {_wanted(expected)} is expected."
        raise wrong(path, "kind", sentence, actual, expected)
    if isinstance(expected, np.ndarray):
        difference = compare_array(actual, expected, path, notes)
        if difference is not None:
            raise Mismatch(difference)
    elif isinstance(expected, tuple | list):
        _compare_sequence(actual, expected, path, label, notes)
    elif isinstance(expected, Mapping):
        _compare_mapping(actual, expected, path, notes)
    elif expected is None or isinstance(expected, str | bool | np.bool_):
        _compare_plain(actual, expected, path)
    elif isinstance(expected, int | float | complex | np.number):
        _compare_number(actual, expected, path, notes)
    else:
        raise TypeError(f"the reference returned a {type(expected).__name__} for {path}")


def _wanted(expected: Any) -> str:
    """What a contract asks for, for a sentence."""
    if isinstance(expected, tuple | list):
        return f"a {type(expected).__name__} of {len(expected)} values"
    return "a dictionary" if isinstance(expected, Mapping) else describe(expected)


def _compare_sequence(
    actual: Any, expected: tuple[Any, ...] | list[Any], path: str, label: Label | None, notes: Notes
) -> None:
    wanted = "list" if isinstance(expected, list) else "tuple"
    numbers = bool(expected) and all(isinstance(x, int | float | np.number) for x in expected)
    if isinstance(actual, np.ndarray) and numbers and actual.ndim == 1:
        notes.append(f"{path} is an array where the contract has a {wanted}; accepted.")
        actual = actual.tolist()
    if not isinstance(actual, tuple | list):
        raise wrong(path, "kind", _not_a_sequence(actual, expected, path), actual, expected)
    note_form(actual, expected, path, notes)
    _compare_length(actual, expected, path)
    for index, part in enumerate(expected):
        part_label = label_of_item(inner(label), index)
        _compare(
            actual[index], part, path_of_item(path, label, part_label, index), part_label, notes
        )


def _not_a_sequence(actual: Any, expected: Any, path: str) -> str:
    count = len(expected)
    if actual is None:
        return f"{path} is None, but {count} values are expected: is the `return` missing?"
    kind = "list" if isinstance(expected, list) else "tuple"
    return f"{path} is {describe(actual)}, but a {kind} of {count} values is expected."


def note_form(actual: Any, expected: Any, path: str, notes: Notes) -> None:
    """Note where a sequence is of another kind than the contract's, or longer: both accepted."""
    if type(actual) is not type(expected):
        wanted, found = type(expected).__name__, type(actual).__name__
        notes.append(f"{path} is a {found} where the contract has a {wanted}; accepted.")
    have, want = len(actual), len(expected)
    if have > want and isinstance(expected, tuple):
        notes.append(
            f"{path} has {have} values where the contract has {want}; the rest is ignored."
        )


def _compare_length(actual: Any, expected: Any, path: str) -> None:
    have, want = len(actual), len(expected)
    longer = have > want and isinstance(expected, tuple)
    if have != want and not longer:
        sentence = f"{path} has {have} values, but {want} are expected."
        raise wrong(path, "shape", sentence, actual, expected)


def path_of_item(path: str, label: Label | None, part: Label | None, index: int) -> str:
    """``a`` for a part of the whole result, ``caches[0][2].c_prev`` deeper inside."""
    top = path == "the result"
    if part is not None and not isinstance(inner(label), tuple):
        return f"{path}[{index}]"
    if part is not None:
        return name_of(part) if top else f"{path}.{name_of(part)}"
    return f"result[{index}]" if top else f"{path}[{index}]"


def _compare_mapping(actual: Any, expected: Mapping[Any, Any], path: str, notes: Notes) -> None:
    if not isinstance(actual, Mapping):
        missing = " Is the `return` missing?" if actual is None else ""
        sentence = f"{path} is {describe(actual)}, but a dictionary is expected.{missing}"
        raise wrong(path, "kind", sentence, actual, expected)
    missing_keys = [key for key in expected if key not in actual]
    extra = [key for key in actual if key not in expected]
    if missing_keys:
        named = ", ".join(map(repr, missing_keys))
        have = f" It has {', '.join(map(repr, actual))}." if actual else " It is empty."
        keys = "keys" if len(missing_keys) > 1 else "key"
        raise wrong(path, "kind", f"{path} lacks the {keys} {named}.{have}", actual, expected)
    if extra:
        named = ", ".join(map(repr, extra))
        several = len(extra) > 1
        told = f"keys {named}; they are" if several else f"key {named}; it is"
        notes.append(f"{path} has the extra {told} ignored.")
    for key, part in expected.items():
        _compare(actual[key], part, path_of_key(path, key), None, notes)


def path_of_key(path: str, key: Any) -> str:
    """``dWax`` for an entry of a returned dictionary, ``parameters['Wf']`` deeper inside."""
    return str(key) if path == "the result" else f"{path}[{key!r}]"


def _compare_plain(actual: Any, expected: Any, path: str) -> None:
    if isinstance(actual, np.generic):
        actual = actual.item()
    if type(actual) is not type(expected):
        sentence = f"{path} is {describe(actual)}, but {_show(expected)} is expected."
        raise wrong(path, "kind", sentence, actual, expected)
    if actual != expected:
        yours, want = beside_each_other(actual, expected)
        sentence = f"{path} is {yours}, but {want} is expected."
        raise wrong(path, "values", sentence, actual, expected)


def beside_each_other(actual: Any, expected: Any, room: int = 40) -> tuple[str, str]:
    """Two values for a sentence; of long ones the part around the first place that differs."""
    if not isinstance(actual, str | list | tuple) or not isinstance(expected, str | list | tuple):
        return _show(actual), _show(expected)
    if len(repr(actual)) <= 2 * room and len(repr(expected)) <= 2 * room:
        return repr(actual), repr(expected)
    pairs = enumerate(zip(actual, expected, strict=False))
    shorter = min(len(actual), len(expected))
    place = next((index for index, (one, other) in pairs if one != other), shorter)
    width = room if isinstance(actual, str) else room // 4
    start = max(0, place - width // 2)
    return _around(actual, start, width), _around(expected, start, width)


def _around(value: Any, start: int, width: int) -> str:
    stop = start + width
    shown = repr(value[start:stop]) + "..." * (stop < len(value))
    return f"{'...' * (start > 0)}{shown} (length {len(value)}, from place {start})"


def _show(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _compare_number(actual: Any, expected: Any, path: str, notes: Notes) -> None:
    """A number may come as any numeric scalar, or as an array that holds just one."""
    if isinstance(actual, np.ndarray) and actual.size == 1 and actual.dtype.kind in "iufc":
        if actual.ndim:
            notes.append(f"{path} is an array of shape {actual.shape} that holds one number.")
        actual = actual.reshape(())[()]
    numeric = isinstance(actual, int | float | complex | np.number)
    if not numeric or isinstance(actual, bool):
        sentence = f"{path} is {describe(actual)}, but a number is expected."
        raise wrong(path, "kind", sentence, actual, expected)
    if isinstance(expected, int | np.integer):
        if actual != expected:
            sentence = f"{path} is {actual!s}, but {expected!s} is expected."
            raise wrong(path, "values", sentence, actual, expected)
        return
    found = np.asarray(actual)
    found = found.astype(float) if found.dtype.kind in "iu" else found
    difference = compare_array(found, np.asarray(expected), path, notes)
    if difference is not None:
        raise Mismatch(difference)
