"""Run the checks of one task against a student and keep what each of them saw."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from grader.checking.check import Check
from grader.checking.compare_arrays import describe
from grader.checking.failures import CallFailure, CheckFailure
from grader.checking.student import Call, Student
from grader.checking.suite import Suite
from grader.grading.side_by_side import side_by_side
from grader.worker.codec import Opaque


class CheckRun(msgspec.Struct, frozen=True):
    """What came of one check.

    Attributes
    ----------
    failure : CheckFailure or None
        Why it failed; None where it passed or could not be carried out.
    fault_of_ours : str or None
        What went wrong in our own code.
    helped : tuple of str
        Functions that the reference answered for.
    """

    check: Check
    failure: CheckFailure | None
    calls: tuple[Call, ...] = ()
    notes: tuple[str, ...] = ()
    stdout: str = ""
    fault_of_ours: str | None = None
    helped: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the claim holds."""
        return self.failure is None and self.fault_of_ours is None

    def with_help(self, functions: Sequence[str]) -> CheckRun:
        """The same run, in which the reference answered for these functions."""
        return msgspec.structs.replace(self, helped=tuple(functions))


MakeStudent = Callable[[Check], Student]


def seeds_of(seed: int, check: Check) -> tuple[int, int]:
    """What seeds the generator of one check: no check's draws depend on another's."""
    return seed, zlib.crc32(check.id.encode())


def run_check(check: Check, student: Student, suite: Suite, seed: int) -> CheckRun:
    """Run one check; whatever happens inside ends up in the result."""
    available: Mapping[str, Any] = {
        "student": student,
        "reference": suite.reference(),
        "rng": np.random.default_rng(seeds_of(seed, check)),
    }
    failure: CheckFailure | None = None
    ours: str | None = None
    try:
        check.run(available)
    except CheckFailure as found:
        failure = found
    except Exception as error:  # a value of an unexpected form may upset a check
        failure, ours = _upset(check, suite, seed, error, student)
    finally:
        student.close()
    return CheckRun(
        check,
        failure,
        tuple(student.calls),
        tuple(dict.fromkeys(student.notes)),
        student.stdout,
        ours,
    )


def _upset(
    check: Check, suite: Suite, seed: int, error: Exception, student: Student
) -> tuple[CheckFailure | None, str | None]:
    """Whose fault an exception inside a check is: the reference is tried on the same draws."""
    again = {
        "student": suite.reference(),
        "reference": suite.reference(),
        "rng": np.random.default_rng(seeds_of(seed, check)),
    }
    shown = f"{type(error).__name__}: {error}"
    try:
        check.run(again)
    except Exception:
        return None, shown
    called = ", ".join(dict.fromkeys(call.function for call in student.calls)) or check.task
    unknown = next(filter(None, (_foreign_part(call.value) for call in student.calls)), None)
    reason = f"it holds {describe(unknown)}" if unknown is not None else shown
    sentence = (
        f"what {called} returned cannot be worked with ({reason}). "
        "Compare its kind and shape with the brief."
    )
    return CheckFailure(sentence, function=check.task), None


def _foreign_part(value: Any) -> Opaque | None:
    """The first part of a value that is of no kind which comes out of the learner's process."""
    if isinstance(value, Opaque):
        return value
    if isinstance(value, dict | list | tuple):
        parts = value.values() if isinstance(value, dict) else value
        return next(filter(None, map(_foreign_part, parts)), None)
    return None


def stopped(run: CheckRun) -> bool:
    """Whether a check ended because the learner's code hung, or ate its limits."""
    if not isinstance(run.failure, CallFailure):
        return False
    return type(run.failure.outcome).__name__ in ("TimedOut", "LimitExceeded")


def run_checks(
    tasks: Sequence[Sequence[Check]],
    make_student: MakeStudent,
    suite: Suite,
    seed: int,
    *,
    enough: Callable[[CheckRun], bool] = lambda run: False,
    lanes: int = 1,
    time_is_left: Callable[[], bool] = lambda: True,
) -> list[list[CheckRun]]:
    """Run the checks of several tasks; where a task's first one hangs, its others are not tried.

    Parameters
    ----------
    tasks : sequence of sequences of Check
        The checks of each task, in the order of its runs.
    enough : callable, optional
        Whether a task's first run says that the others need not be made.
    lanes : int
        How many checks may be under way at once: while one waits for the worker, another
        can compute what it expects.
    time_is_left : callable, optional
        Whether the whole submission still has time; without it checks are not tried.
    """

    def carry_out(check: Check) -> CheckRun:
        if not time_is_left():
            return CheckRun(check, _no_time_left(check))
        return run_check(check, make_student(check), suite, seed)

    def follow(first: CheckRun, others: Sequence[Check]) -> Sequence[CheckRun] | None:
        if enough(first):
            return ()
        if stopped(first):
            return [CheckRun(check, _not_again(first)) for check in others]
        return None

    return side_by_side(tasks, carry_out, follow, lanes)


def _no_time_left(check: Check) -> CheckFailure:
    sentence = "Not tried: the time for the whole submission was used up before this check."
    return CheckFailure(sentence, function=check.task)


def _not_again(hung: CheckRun) -> CheckFailure:
    assert hung.failure is not None
    sentence = f"Not tried: {hung.check.task} was stopped in the check above."
    return CheckFailure(sentence, function=hung.failure.function)
