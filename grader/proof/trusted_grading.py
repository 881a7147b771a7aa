"""Grade code of our own in this process: the catalogue, mutants and references need no walls."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from grader.checking.local_student import LocalStudent
from grader.checking.student import StandIn, Student
from grader.checking.suite import Suite
from grader.content.code import Code
from grader.content.course import Assignment
from grader.grading.grade import Found, Grading, StudentMaker

# A mutant whose loop never ends is a rejected mutant; the reference needs milliseconds.
SECONDS_PER_CHECK = 3.0


class TooLongError(Exception):
    """Code of our own that does not come to an end."""


class TrustedStudents(StudentMaker):
    """Students that are code of our own."""

    def __init__(self, code: Code, suite: Suite) -> None:
        self._code = code
        self._suite = suite

    def make(self, seed: int, callees: dict[str, StandIn], *, watch_locals: bool) -> Student:
        """A student in this process."""
        return LocalStudent(self._code.with_stand_ins(callees), self._suite.labels)


def trusted_grading(assignment: Assignment, suite: Suite, code: Code, seed: int) -> Grading:
    """A grading of ``code`` in place of a submission."""
    found = Found(frozenset(code.functions()) & frozenset(assignment.functions), {})
    return Grading(assignment, suite, TrustedStudents(code, suite), found, seed)


@contextmanager
def time_limit(seconds: float = SECONDS_PER_CHECK) -> Iterator[None]:
    """Raise ``TooLongError`` in code that runs longer; only in a process's main thread."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLongError(f"no end within {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
