"""Parts of a result that are never filled: they hold whatever was in memory before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from grader.checking.copies import independent
from grader.checking.labels import Label
from grader.checking.student import Call, Student
from grader.grading.diagnosis.evidence import again
from grader.grading.diagnosis.own_names import OwnCode
from grader.grading.diagnosis.scenes import is_numeric, key_of, parts_in
from grader.grading.grade import Grading, TaskRun
from grader.grading.task_run import CheckRun

ENOUGH_RUNS = 8


def without_leftovers(
    runs: Sequence[CheckRun], student: Student, label: Label
) -> tuple[tuple[CheckRun, ...], frozenset[str]]:
    """The runs with zeros where nothing was stored, and the keys of the arrays that have such.

    What a second run, after one on other numbers, leaves otherwise was never computed. Where a
    whole array differs, something else may be behind it: a value that outlives the call.
    """
    found: set[str] = set()
    cleaned = []
    for position, run in enumerate(runs):
        calls = run.calls
        if position < ENOUGH_RUNS:
            calls = tuple([_cleaned(call, student, label, found) for call in run.calls])
        cleaned.append(msgspec.structs.replace(run, calls=calls))
    return tuple(cleaned), frozenset(found)


def run_without_leftovers(
    run: TaskRun, own: OwnCode | None, grading: Grading
) -> tuple[TaskRun, frozenset[str]]:
    """The run as if never filled memory held zeros, and which arrays have such."""
    if own is None or not any("empty" in word for word in own.words()):
        return run, frozenset()
    failed = [check for check in run.runs if check.failure is not None]
    student = grading.student(failed[0].helped if failed else ())
    try:
        label = grading.suite.reference().label(run.task.id)
        cleaned, unfilled = without_leftovers(failed, student, label)
    finally:
        student.close()
    found = {check.check.id: check for check in cleaned}
    runs = tuple(found.get(check.check.id, check) for check in run.runs)
    return msgspec.structs.replace(run, runs=runs), unfilled


def _cleaned(call: Call, student: Student, label: Label, found: set[str]) -> Call:
    if call.failure is not None or call.watched:
        return call
    again(student, msgspec.structs.replace(call, arguments=_turned(call.arguments)))
    other = again(student, call)
    if other.failure is not None:
        return call
    value = independent(call.value)
    second = {part.path: part.value for part in parts_in(other.value, label)}
    for part in parts_in(value, label):
        twin: Any = second.get(part.path)
        if not is_numeric(part.value) or np.shape(twin) != part.value.shape:
            continue
        twin = np.asarray(twin)
        differs = ~np.isclose(part.value, twin, rtol=1e-9, atol=0, equal_nan=True)
        if np.any(differs) and not np.all(differs):
            part.value[differs] = 0
            found.add(key_of(part.path))
    return msgspec.structs.replace(call, value=value)


def _turned(value: Any) -> Any:
    """Other numbers of the same form."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return -value
    if isinstance(value, tuple | list):
        return type(value)(map(_turned, value))
    if isinstance(value, Mapping):
        return {key: _turned(item) for key, item in value.items()}
    return value
