"""The quiz's memory on disk: one SQLite file of events that are only ever added.

Every event is one transaction, synced to disk before the call returns: a killed process or a
power cut loses nothing that was answered. Two stores are joined by taking each event once.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import EnvironmentProblem
from grader.quiz.events import Event

VERSION = 1
APPLICATION = 0x756E726C  # "unrl"
_COLUMNS = "id, at, day, origin, kind, session, body"
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS event (
    id TEXT PRIMARY KEY, at INTEGER NOT NULL, day TEXT NOT NULL, origin TEXT NOT NULL,
    kind TEXT NOT NULL, session TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS self (origin TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS event_by_time ON event (at, id);
CREATE TRIGGER IF NOT EXISTS event_is_never_changed BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER IF NOT EXISTS event_is_never_deleted BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
"""

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


class QuizStore:
    """An open memory; use as a context manager."""

    def __init__(self, path: Path, clock: Clock = utc_now) -> None:
        """Open or create the store at `path`.

        Raises
        ------
        EnvironmentProblem
            When the file is damaged, is something else, or was written by a newer version. The
            file is never changed or removed then.
        """
        self.path = path
        self._clock = clock
        with _told_to_a_person(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=10, isolation_level=None)
            try:
                self.origin = self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self) -> QuizStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _prepare(self) -> str:
        run = self._connection.execute
        _check_version(self._connection, self.path)
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        if run("PRAGMA user_version").fetchone()[0] != VERSION:
            self._connection.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}COMMIT;")
        run("BEGIN IMMEDIATE")
        found = run("SELECT origin FROM self").fetchone()
        origin = found[0] if found else secrets.token_hex(8)
        if not found:
            run("INSERT INTO self VALUES (?)", (origin,))
        run("COMMIT")
        return str(origin)

    def add(self, kind: str, session: str, body: msgspec.Struct | dict[str, Any]) -> Event:
        """Store one event; when this returns, it is on the disk."""
        now = self._clock()
        event = Event(
            id=secrets.token_hex(16),
            at=int(now.timestamp() * 1000),
            day=now.astimezone().date().isoformat()
            if now.tzinfo is UTC
            else now.date().isoformat(),
            origin=self.origin,
            kind=kind,
            session=session,
            body=msgspec.to_builtins(body),
        )
        with _told_to_a_person(self.path):
            self._insert(event)
        return event

    def _insert(self, event: Event) -> None:
        text = msgspec.json.encode(event.body).decode()
        row = (event.id, event.at, event.day, event.origin, event.kind, event.session, text)
        self._connection.execute(f"INSERT INTO event ({_COLUMNS}) VALUES (?,?,?,?,?,?,?)", row)  # noqa: S608

    def events(self) -> list[Event]:
        """Every event, oldest first."""
        with _told_to_a_person(self.path):
            return _read(self._connection)

    def merge(self, other: Path) -> int:
        """Take over every event of another store that is not here yet; how many those were.

        The other file is only read. All or nothing: a broken one changes nothing here.
        """
        if not other.is_file():
            raise EnvironmentProblem(f"There is no quiz store at {other}.")
        with (
            _told_to_a_person(other),
            closing(sqlite3.connect(f"{other.resolve().as_uri()}?mode=ro", uri=True)) as theirs,
        ):
            _check_version(theirs, other)
            events = _read(theirs)
        with _told_to_a_person(self.path):
            known = {row[0] for row in self._connection.execute("SELECT id FROM event")}
            fresh = [event for event in events if event.id not in known]
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                for event in fresh:
                    self._insert(event)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
        return len(fresh)


def _read(connection: sqlite3.Connection) -> list[Event]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM event ORDER BY at, id")  # noqa: S608
    return [
        Event(
            id=i,
            at=at,
            day=day,
            origin=origin,
            kind=kind,
            session=session,
            body=msgspec.json.decode(body),
        )
        for i, at, day, origin, kind, session, body in rows
    ]


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if version > VERSION:
        raise EnvironmentProblem(
            f"{path} was written by a newer version of this program (format {version}, known "
            f"here: {VERSION}). It stays as it is: get the newer program, or set UNROLL_HOME to "
            "another folder."
        )
    if tables and application != APPLICATION:
        raise EnvironmentProblem(
            f"{path} is a database of some other program; it is left as it is."
        )


@contextmanager
def _told_to_a_person(path: Path) -> Iterator[None]:
    """Turn what the database or the disk says into a sentence; the file stays."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise EnvironmentProblem(f"{path} is in use by another program; try again.") from error
        raise EnvironmentProblem(f"{path} cannot be used: {error}.") from error
    except (sqlite3.DatabaseError, msgspec.DecodeError) as error:
        raise EnvironmentProblem(
            f"{path} is damaged ({error}). It is left as it is: move it away to begin anew, or "
            "restore a copy and join it with `quiz --merge FILE`."
        ) from error
    except OSError as error:
        raise EnvironmentProblem(f"{path} cannot be used: {error.strerror}.") from error
