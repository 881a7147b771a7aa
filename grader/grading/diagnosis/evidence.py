"""What the learner's function did in its checks, and whether another function does the same."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from grader.checking.check import Check
from grader.checking.failures import CheckFailure
from grader.checking.local_student import LocalStudent
from grader.checking.student import Call, Student
from grader.checking.suite import Suite
from grader.content.code import Code
from grader.grading.diagnosis.parts import part_of, same_value, wrong_parts

# More calls than these distinguish no further pair of mistakes, and cost time.
ENOUGH_CALLS = 6


class WatchedCheck(msgspec.Struct, frozen=True):
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


class Evidence(msgspec.Struct, frozen=True):
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


class Footprint:
    """Evidence beside what the reference does in the same calls, each asked for once."""

    def __init__(self, evidence: Evidence, suite: Suite) -> None:
        self.evidence = evidence
        self._suite = suite
        self._calls = sorted(evidence.calls[:ENOUGH_CALLS], key=_size)
        self._right: dict[int, Call] = {}

    @cached_property
    def telling(self) -> Call | None:
        """The smallest call with a wrong result, or the first one that failed."""
        wrong = (call for call in self._calls if call.failure is None and self._wrong_in(call))
        failed = (call for call in self.evidence.calls if call.failure is not None)
        return next(wrong, None) or next(failed, None)

    @cached_property
    def wrong(self) -> frozenset[str]:
        """The parts of the result that are wrong in the telling call."""
        call = self.telling
        return self._wrong_in(call) if call is not None and call.failure is None else frozenset()

    def right(self, call: Call) -> Call:
        """The reference's own answer to a call."""
        if id(call) not in self._right:
            self._right[id(call)] = again(self._suite.reference(), call)
        return self._right[id(call)]

    def tells_against(self, other: Call) -> bool:
        """Whether the telling call ended otherwise than ``other``."""
        call = self.telling
        if call is None:
            return False
        if call.failure is None and other.failure is None:
            for part in self.wrong:
                if not same_value(part_of(call.value, part), part_of(other.value, part)):
                    return True
        return not same_call(call, other)

    def fits(self, code: Code) -> bool:
        """Whether ``code`` leaves exactly the learner's footprint."""
        functions = LocalStudent(code, self._suite.labels)
        others = []
        telling = self.telling
        calls = sorted(self._calls, key=lambda call: call is not telling)
        for call in calls:
            others.append(again(functions, call))
            if not same_call(call, others[-1]) or not self._same_rest(call, others[-1]):
                return False
        shown = any(map(self._differs, calls, others))
        failed = [watched for watched in self.evidence.watched if watched.sentence is not None]
        # What the calls show already, checks that passed say nothing new of: they cost the most.
        watched = failed if shown else self.evidence.watched
        if not all(_same_check(one, code, self._suite) for one in watched):
            return False
        return shown or bool(failed)

    def _same_rest(self, call: Call, other: Call) -> bool:
        """What the reference changes in place belongs to the result: it counts both ways."""
        if not (call.modified or other.modified or isinstance(call.value, Mapping)):
            return True  # whatever the reference does
        right = self.right(call)
        if _keys(call.value, right.value) != _keys(other.value, right.value):
            return False
        return all(
            same_value(call.modified.get(path), other.modified.get(path)) for path in right.modified
        )

    def _differs(self, call: Call, other: Call) -> bool:
        """Whether a call ended otherwise than the reference's."""
        right = self.right(call)
        return not same_call(other, right) or bool(other.modified) != bool(right.modified)

    def _wrong_in(self, call: Call) -> frozenset[str]:
        return frozenset(wrong_parts(call.value, self.right(call).value))


def _size(call: Call) -> tuple[bool, int]:
    """Calls that returned come first, small ones before large ones."""
    return call.failure is not None, numbers_in(call.arguments)


def numbers_in(value: Any) -> int:
    """How many numbers a value holds."""
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, Mapping):
        return sum(map(numbers_in, value.values()))
    return sum(map(numbers_in, value)) if isinstance(value, tuple | list) else 1


def _keys(value: Any, contract: Any) -> set[Any]:
    """The keys of the contract that a returned dictionary has; extra keys do not count."""
    if not isinstance(contract, Mapping):
        return set()
    return set(contract) & set(value) if isinstance(value, Mapping) else set()


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
