"""No check sees what an earlier one left behind, whether sessions are shared or not."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from toy_world import ToyGrader, cli, reference_source, toy_copy

from grader.grading.sessions import OwnSessions, SharedSession
from grader.sandbox import Bundle, Module, Session, Worker

# Right in its first three calls only; a check makes fewer.
FORGETFUL = """
calls = []


def right_at_first(function):
    def counted(*arguments):
        calls.append(1)
        return function(*arguments) if len(calls) < 4 else None
    return counted


scale = right_at_first(scale)
shift_then_scale = right_at_first(shift_then_scale)
running_sum = right_at_first(running_sum)
"""

SOURCE = """
import numpy as np
import time
import os

def double(x):
    return 2 * x

def end(x):
    os._exit(0)

def warn(x):
    return np.log(np.float64(-1.0))

def settings(x):
    before = np.geterr()["divide"]
    np.seterr(divide="raise")
    return before
"""


def test_code_that_remembers_gets_a_fresh_copy_for_each_check(toy: ToyGrader) -> None:
    assert toy.source(reference_source() + FORGETFUL).complete


@pytest.fixture
def loaded(worker: Worker) -> Worker:
    worker.begin_load(Bundle((Module("work", (("work.py", SOURCE),)),)))
    worker.finish_load()
    return worker


def test_a_shared_session_serves_one_after_the_other(loaded: Worker) -> None:
    sessions = SharedSession(loaded)
    first = sessions.lend()
    assert first.call("double", [2]).value == 4  # type: ignore[union-attr]
    sessions.give_back(first)
    assert sessions.lend() is first
    sessions.give_back(first)
    sessions.close()
    assert first.call("double", [2]).detail == "the session is over"  # type: ignore[union-attr]


def test_nobody_is_lent_a_session_that_is_in_use(loaded: Worker) -> None:
    sessions = SharedSession(loaded)
    session = sessions.lend()
    lent: list[Session] = []
    other = threading.Thread(target=lambda: lent.append(sessions.lend()))
    other.start()
    other.join(0.1)
    assert lent == []
    sessions.give_back(session)
    other.join(5)
    assert lent == [session]
    sessions.give_back(session)
    sessions.close()


def test_a_shared_session_that_ended_is_not_lent_again(loaded: Worker) -> None:
    sessions = SharedSession(loaded)
    session = sessions.lend()
    session.call("end", [1])
    assert session.is_over
    sessions.give_back(session)
    other = sessions.lend()
    assert other is not session
    assert other.call("double", [3]).value == 6  # type: ignore[union-attr]
    sessions.give_back(other)
    sessions.close()


def test_an_old_session_is_retired(loaded: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = SharedSession(loaded)
    session = sessions.lend()
    monkeypatch.setattr("grader.grading.sessions.SECONDS_SHARED", 0.0)
    sessions.give_back(session)
    other = sessions.lend()
    assert other is not session
    sessions.give_back(other)
    sessions.close()


def test_own_sessions_end_with_their_student(loaded: Worker) -> None:
    sessions = OwnSessions(loaded)
    session = sessions.lend()
    sessions.give_back(session)
    other = sessions.lend()
    assert other is not session
    sessions.give_back(other)


def test_every_call_warns_anew_and_forgets_numpys_settings(loaded: Worker) -> None:
    session = loaded.session(another=False)
    outcomes = [session.call("warn", [1]) for _ in range(2)]
    assert all("RuntimeWarning" in outcome.stdout for outcome in outcomes)  # type: ignore[union-attr]
    values = [session.call("settings", [1]).value for _ in range(2)]  # type: ignore[union-attr]
    assert values == ["warn", "warn"]
    session.close()


def test_a_session_whose_call_was_given_up_is_over(loaded: Worker) -> None:
    session = loaded.session(another=False)

    def refuse(*arguments: object) -> object:
        raise KeyError("no answer")

    with pytest.raises(KeyError):
        session.call("double", [1], stand_ins={"double": refuse})
    assert session.is_over
    session.close()


def test_no_process_is_left_when_grade_has_ended(tmp_path: Path) -> None:
    folder = toy_copy(tmp_path / "workspace")
    done = cli(folder, "grade", "signals", "--json", UNROLL_MARK=str(tmp_path))
    assert done.returncode in (0, 1)
    left = [
        path.parent.name
        for path in Path("/proc").glob("[0-9]*/environ")
        if _read(path).find(f"UNROLL_MARK={tmp_path}".encode()) >= 0
    ]
    assert left == []


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
