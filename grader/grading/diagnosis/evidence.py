"""What the learner's function did in its checks, and whether another function does the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checking.check import Check
from grader.checking.compare_arrays import deviation
from grader.checking.failures import CheckFailure
from grader.checking.local_student import LocalStudent
from grader.checking.student import Call, Student
from grader.checking.suite import Suite
from grader.checking.tolerances import SAME_MISTAKE
from grader.content.code import Code

# More calls than these distinguish no further pair of mistakes, and cost time.
ENOUGH_CALLS = 6


@dataclass(frozen=True)
class WatchedCheck:
    """A check that answered for other functions: it is run again as a whole.

    Attributes
    ----------
    seeds : tuple of int
        What the check's generator was seeded with.
    sentence : str or None
        What it said of the learner's code; None where it passed.
    """

    check: Check
    seeds: tuple[int, ...]
    sentence: str | None


@dataclass(frozen=True)
class Evidence:
    """The footprint of one of the learner's functions.

    Attributes
    ----------
    calls : tuple of Call
        Direct calls, those of failing checks first.
    """

    function: str
    calls: tuple[Call, ...]
    watched: tuple[WatchedCheck, ...]

    @property
    def raised(self) -> bool:
        """Whether the first call, one of a failing check, did not return."""
        return bool(self.calls) and self.calls[0].failure is not None

    @property
    def only_errors(self) -> bool:
        """Whether no call returned: one error message may have many causes."""
        return bool(self.calls) and all(call.failure is not None for call in self.calls)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to compare."""
        return not self.calls and not self.watched


def fits(evidence: Evidence, code: Code, suite: Suite) -> bool:
    """Whether ``code`` leaves exactly the learner's footprint."""
    functions = LocalStudent(code, suite.labels)
    reference = suite.reference()
    others = []
    for call in evidence.calls[:ENOUGH_CALLS]:
        others.append(again(functions, call))
        if not same_call(call, others[-1]):
            return False
        # What the reference changes in place belongs to the result: it counts both ways.
        right = again(reference, call)
        if _keys(call.value, right.value) != _keys(others[-1].value, right.value):
            return False
        for path in right.modified:
            if not same_value(call.modified.get(path), others[-1].modified.get(path)):
                return False
    if not all(_same_check(watched, code, suite) for watched in evidence.watched):
        return False
    failed = any(watched.sentence is not None for watched in evidence.watched)
    return failed or _differs(others, suite)


def _keys(value: Any, contract: Any) -> set[Any]:
    """The keys of the contract that a returned dictionary has; extra keys do not count."""
    if not isinstance(contract, Mapping):
        return set()
    return set(contract) & set(value) if isinstance(value, Mapping) else set()


def _differs(calls: Sequence[Call], suite: Suite) -> bool:
    """Whether any of these calls ended otherwise than the reference's would."""
    reference = suite.reference()
    for call in calls:
        right = again(reference, call)
        if not same_call(call, right) or bool(call.modified) != bool(right.modified):
            return True
    return False


def again(student: Student, call: Call) -> Call:
    """Make the same call of other code."""
    try:
        if call.seed is None:
            student.call(call.function, *call.arguments)
        else:
            with student.seeded(call.seed):
                student.call(call.function, *call.arguments)
    except CheckFailure:
        pass
    return student.last


def _same_check(watched: WatchedCheck, code: Code, suite: Suite) -> bool:
    student = LocalStudent(code, suite.labels)
    try:
        watched.check.run(
            {
                "student": student,
                "reference": suite.reference(),
                "rng": np.random.default_rng(watched.seeds),
            }
        )
    except CheckFailure as failure:
        return failure.sentence == watched.sentence
    except Exception:  # a value of a wrong form may upset the check itself
        return False
    return watched.sentence is None


def same_call(yours: Call, other: Call) -> bool:
    """Whether two calls ended alike: same values, or the same error about the same sizes."""
    if yours.failure is not None or other.failure is not None:
        return _same_error(yours, other)
    if not same_value(yours.value, other.value):
        return False
    # Working in place where the reference copies is a matter of style, unless the result is
    # right and the changed argument is all that is wrong: then `fits` asks for it.
    return all(
        same_value(yours.modified.get(path), value) for path, value in other.modified.items()
    )


def _same_error(yours: Call, other: Call) -> bool:
    if yours.failure is None or other.failure is None:
        return False
    mine, theirs = yours.failure.outcome, other.failure.outcome
    mine_type = getattr(mine, "type", None)
    if mine_type is None or mine_type != theirs.type:
        return False
    return _numbers(mine.message) == _numbers(theirs.message) and mine.message == theirs.message


def _numbers(message: str) -> list[str]:
    return sorted(part for part in message.replace(",", " ").split() if part.isdigit())


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
    finite = np.isfinite(theirs)
    if not np.array_equal(np.isfinite(mine), finite):
        return False
    return deviation(np.where(finite, mine, 0), np.where(finite, theirs, 0)) <= SAME_MISTAKE


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
