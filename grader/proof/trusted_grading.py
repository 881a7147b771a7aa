"""Grade code of our own in this process: the catalogue, mutants and references need no walls."""

from __future__ import annotations

from grader.checking.local_student import LocalStudent
from grader.checking.student import StandIn, Student
from grader.checking.suite import Suite
from grader.content.code import Code
from grader.content.course import Assignment
from grader.grading.grade import Found, Grading, StudentMaker


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
