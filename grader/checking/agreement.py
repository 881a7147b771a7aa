"""The two verbs of a check: ``agree`` with the reference, and ``expect`` a value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from grader.checking.compare import first_difference, note_form, path_of_item, path_of_key
from grader.checking.failures import CheckFailure, Difference
from grader.checking.labels import Label, inner, label_of_item, name_of
from grader.checking.local_student import LocalStudent
from grader.checking.student import Student


def expect(actual: Any, expected: Any, label: Label, *, of: str | None = None) -> None:
    """Fail unless ``actual`` is what is expected.

    Parameters
    ----------
    label : Label
        What the value is called.
    of : str, optional
        The function that returned it.
    """
    difference = first_difference(actual, expected, label)
    if difference is not None:
        raise _failure(difference, of)


def agree(
    student: Student,
    reference: LocalStudent,
    function: str,
    *arguments: Any,
    part: str | Iterable[str] | None = None,
    unmodified: bool = False,
    known_extra: Iterable[str] = (),
) -> None:
    """Call ``function`` of both on independent copies and fail at their first difference.

    Parameters
    ----------
    part : str or several, optional
        Compare only these parts of the result: names of ``contract.py``, keys of a
        dictionary, indices of a list, deeper parts with dots (``"caches.0.c_prev"``).
    unmodified : bool
        Fail, too, where the learner's code changed its arguments.
    known_extra : several str, optional
        Keys beyond the contract that are no news: the given code hands them out itself.
    """
    expected = reference.call(function, *arguments)
    actual = _without(student.call(function, *arguments), frozenset(known_extra))
    label = reference.label(function)
    # The keys of a dictionary speak for themselves: `dWaa`, not `gradients['dWaa']`.
    path = "the result" if isinstance(expected, dict) else name_of(label)
    whole = Part(path, label, actual, expected)
    names = [""] if part is None else [part] if isinstance(part, str) else list(part)
    for name in names:
        picked = whole
        for step in filter(None, name.split(".")):
            picked = picked.inside(step, student.notes, function)
        picked.compare(student.notes, function)
    if unmodified and student.last.modified:
        _complain_of_modified(student, reference.argument_names(function), function)


def _without(value: Any, keys: frozenset[str]) -> Any:
    """A value without some keys of its dictionaries."""
    if keys and isinstance(value, dict):
        return {key: _without(part, keys) for key, part in value.items() if key not in keys}
    if keys and type(value) in (tuple, list):
        return type(value)(_without(part, keys) for part in value)
    return value


class Part(msgspec.Struct, frozen=True):
    """A part of a returned value, beside the same part of the expected one."""

    path: str
    label: Label | None
    actual: Any
    expected: Any

    def compare(self, notes: list[str], function: str) -> None:
        """Fail at the first difference."""
        difference = first_difference(
            self.actual, self.expected, self.label or self.path, notes, path=self.path
        )
        if difference is not None:
            raise _failure(difference, function)

    def inside(self, step: str, notes: list[str], function: str) -> Part:
        """The part called ``step``; where the learner's value has no such part, fail."""
        if isinstance(self.expected, dict):
            if step not in self.expected:
                raise ValueError(f"{function} returns {sorted(self.expected)}, not {step}")
            if not isinstance(self.actual, dict) or step not in self.actual:
                self.compare(notes, function)
            path = path_of_key(self.path, step)
            return Part(path, None, self.actual[step], self.expected[step])
        index = _index_of(self.label, step, function)
        if not isinstance(self.actual, tuple | list) or index >= len(self.actual):
            self.compare(notes, function)
        note_form(self.actual, self.expected, self.path, notes)
        label = label_of_item(inner(self.label), index)
        path = path_of_item(self.path, self.label, label, index)
        return Part(path, label, self.actual[index], self.expected[index])


def _index_of(label: Label | None, step: str, function: str) -> int:
    """The place of a part that is named, or numbered, in its label."""
    if step.isdigit():
        return int(step)
    labels = inner(label)
    names = [name_of(part) for part in labels] if isinstance(labels, tuple) else []
    if step not in names:
        raise ValueError(f"{function} returns {names}, not {step}")
    return names.index(step)


def _complain_of_modified(student: Student, names: tuple[str, ...], function: str) -> None:
    changed = ", ".join(f"`{name_argument(path, names)}`" for path in student.last.modified)
    raise CheckFailure(
        f"{function} changes its argument {changed}. Work on a copy: the caller still needs it.",
        function=function,
    )


def name_argument(path: str, names: tuple[str, ...]) -> str:
    """``[3]['Wf']`` in the names of the arguments: ``parameters['Wf']``."""
    number, _, rest = path.removeprefix("[").partition("]")
    if number.isdigit() and int(number) < len(names):
        return names[int(number)] + rest
    return path


def _failure(difference: Difference, function: str | None) -> CheckFailure:
    prefix = f"{function}: " if function else ""
    return CheckFailure(prefix + difference.sentence, difference=difference, function=function)
