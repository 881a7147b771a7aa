import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.errors import EnvironmentProblem
from grader.quiz.events import Event
from grader.store.quiz_store import QuizStore


def clock() -> datetime:
    return datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_events_come_back_as_they_were_given(tmp_path: Path) -> None:
    with QuizStore(tmp_path / "q.sqlite", clock) as store:
        made = store.add("answer", "s", {"typed": "é \u2028 ✓", "list": [1, 2.5, None]})
        assert store.events() == [made]
    with QuizStore(tmp_path / "q.sqlite", clock) as again:
        assert again.events() == [made]
        assert again.origin == made.origin


def test_nothing_can_be_changed_or_deleted(tmp_path: Path) -> None:
    with QuizStore(tmp_path / "q.sqlite") as store:
        store.add("answer", "s", {})
    with sqlite3.connect(tmp_path / "q.sqlite") as raw:
        for statement in ("UPDATE event SET at = 0", "DELETE FROM event"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                raw.execute(statement)
    raw.close()


def ids(events: list[Event]) -> set[str]:
    return {event.id for event in events}


def test_two_machines_join_without_loss_in_any_order(tmp_path: Path) -> None:
    with QuizStore(tmp_path / "a.sqlite") as a:
        a.add("answer", "s", {"n": 0})
    shutil.copy(tmp_path / "a.sqlite", tmp_path / "b.sqlite")
    with QuizStore(tmp_path / "a.sqlite") as a, QuizStore(tmp_path / "b.sqlite") as b:
        for n in range(20):
            (a if n % 3 else b).add("answer", "s", {"n": n})
        everything = ids(a.events()) | ids(b.events())
        assert a.merge(tmp_path / "b.sqlite") == 7
        assert b.merge(tmp_path / "a.sqlite") == 13
        assert a.events() == b.events()
        assert ids(a.events()) == everything
        assert a.merge(tmp_path / "b.sqlite") == 0


@pytest.mark.parametrize("damage", ["text", "cut", "middle"])
def test_a_damaged_store_is_told_and_kept(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "q.sqlite"
    with QuizStore(path) as store:
        for n in range(300):
            store.add("answer", "s", {"n": n, "typed": "x" * 100})
    raw = path.read_bytes()
    harmed = {"text": b"not a database at all" * 50, "cut": raw[: len(raw) // 2 + 100],
              "middle": raw[:8192] + b"\xa5" * 20_000 + raw[28_192:]}[damage]  # fmt: skip
    path.write_bytes(harmed)
    with (
        pytest.raises(EnvironmentProblem, match=r"damaged|cannot be used"),
        QuizStore(path) as store,
    ):
        store.events()
    assert path.read_bytes() == harmed


def test_a_store_of_a_newer_version_is_told_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "q.sqlite"
    with QuizStore(path) as store:
        store.add("answer", "s", {})
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 2")
    raw.close()
    with pytest.raises(EnvironmentProblem, match="newer version"):
        QuizStore(path)
    with QuizStore(tmp_path / "other.sqlite") as other:
        with pytest.raises(EnvironmentProblem, match="newer version"):
            other.merge(path)
        assert other.events() == []


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "q.sqlite"
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE mine (x)")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(EnvironmentProblem, match="some other program"):
        QuizStore(path)
    assert path.read_bytes() == before


def test_a_missing_other_store_and_a_folder_in_the_way_are_told(tmp_path: Path) -> None:
    with (
        QuizStore(tmp_path / "q.sqlite") as store,
        pytest.raises(EnvironmentProblem, match="no quiz store"),
    ):
        store.merge(tmp_path / "none.sqlite")
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentProblem, match="cannot be used"):
        QuizStore(tmp_path / "file" / "q.sqlite")
