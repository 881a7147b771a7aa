"""The store of attempts: kept and reread; what cannot be used is left as it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from grader.errors import EnvironmentProblem
from grader.results import CheckResult, Location, Report, TaskResult, from_json, to_json
from grader.store.attempts import VERSION, Attempts

CHECK = CheckResult(
    "a_check", "It holds", "failed", 4.0, 0.0, "No.", "slip", Location("a.py", 3), "hi", ("note",)
)
TASK = TaskResult("scale", "Louder", "failed", 4.0, 0.0, 1, (CHECK,), notes=("a note",))


def report(earned: float = 0.0, assignment: str = "signals") -> Report:
    return Report("toys", assignment, "signals.py", "7", 1, 4.0, earned, 12, (TASK,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "progress.sqlite"


def test_report_is_the_same_after_json() -> None:
    assert from_json(to_json(report())) == report()


def test_report_says_whether_it_is_complete_or_broken() -> None:
    assert not report().complete
    assert not report().broken


def test_attempts_are_kept_and_reread(path: Path) -> None:
    Attempts(path).keep(report(1.0), "d1", "2024-01-01T00:00:00+00:00")
    Attempts(path).keep(report(2.0), "d2", "2024-01-02T00:00:00+00:00")
    Attempts(path).keep(report(3.0, "other"), "d3", "2024-01-03T00:00:00+00:00")
    latest = Attempts(path).latest("signals")
    assert latest is not None
    assert (latest.at, latest.digest, latest.report) == (
        "2024-01-02T00:00:00+00:00",
        "d2",
        report(2.0),
    )


def test_nothing_is_written_by_asking(path: Path) -> None:
    assert Attempts(path).latest("signals") is None
    assert not path.parent.exists()


def test_hints_are_counted_by_task(path: Path) -> None:
    attempts = Attempts(path)
    assert [attempts.next_hint("scale", 3) for _ in range(4)] == [0, 1, 2, 2]
    assert Attempts(path).next_hint("running_sum", 3) == 0


@pytest.mark.parametrize("content", [b"this is no database" * 100, b"\0" * 4096], ids=["text", "0"])
def test_damaged_file_is_named_and_left_as_it_is(content: bytes, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    for action in (
        lambda: Attempts(path).latest("signals"),
        lambda: Attempts(path).keep(report(), "d", "now"),
        lambda: Attempts(path).next_hint("scale", 3),
    ):
        with pytest.raises(EnvironmentProblem, match="was left as it is"):
            action()
    assert path.read_bytes() == content


def test_file_of_a_newer_version_is_refused_and_untouched(path: Path) -> None:
    Attempts(path).keep(report(), "d", "now")
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"pragma user_version = {VERSION + 1}")
        database.commit()
    before = path.read_bytes()
    with pytest.raises(EnvironmentProblem, match="written by a newer version of the course"):
        Attempts(path).keep(report(), "d", "now")
    assert path.read_bytes() == before


def test_folder_in_the_place_of_the_file_is_told(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(EnvironmentProblem, match="cannot be opened"):
        Attempts(path).latest("signals")


def test_file_in_the_place_of_the_folder_is_told(path: Path) -> None:
    path.parent.write_text("")
    with pytest.raises(OSError, match="File exists|Not a directory"):
        Attempts(path).keep(report(), "d", "now")


def test_unreadable_old_report_is_told(path: Path) -> None:
    Attempts(path).keep(report(), "d", "now")
    with closing(sqlite3.connect(path)) as database:
        database.execute("update attempt set report = ?", (b'{"schema": 1}',))
        database.commit()
    with pytest.raises(EnvironmentProblem, match="was left as it is"):
        Attempts(path).latest("signals")
