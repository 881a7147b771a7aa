"""The learner's code as a student: what happens to its session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from grader.checking import CallFailure
from grader.grading.sandboxed_student import SandboxedStudent
from grader.sandbox import Crashed, Returned, TimedOut


class Session:
    """A session that gives one answer and counts how often it was closed."""

    def __init__(self, outcome: Any) -> None:
        self.outcome = outcome
        self.closed = 0
        self.is_over = False

    def call(self, *arguments: Any, **named: Any) -> Any:
        self.is_over = not isinstance(self.outcome, Returned)
        return self.outcome

    def close(self) -> None:
        self.closed += 1


class Lending:
    """Lends one session after the other, and ends each that comes back."""

    def __init__(self, waiting: Iterator[Session]) -> None:
        self.waiting = waiting

    per_call = False

    def lend(self) -> Session:
        return next(self.waiting)

    def give_back(self, session: Session) -> None:
        session.close()


@pytest.mark.parametrize("end", [TimedOut(2.0), Crashed("exit 0")])
def test_after_a_session_has_ended_the_next_call_gets_a_new_one(end: Any) -> None:
    sessions = [Session(end), Session(Returned(7))]
    waiting = iter(sessions)
    student = SandboxedStudent(Lending(waiting), seed=1)  # type: ignore[arg-type]
    with pytest.raises(CallFailure):
        student.call("endless")
    assert student.call("fine") == 7
    assert [session.closed for session in sessions] == [1, 0]


def test_calls_of_one_check_share_a_session() -> None:
    session = Session(Returned(7))
    student = SandboxedStudent(Lending(iter([session])), seed=1)  # type: ignore[arg-type]
    assert [student.call("fine"), student.call("fine")] == [7, 7]
    student.close()
    assert session.closed == 1
