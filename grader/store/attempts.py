"""Attempts of a learner: every report, in one SQLite file in the workspace."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from grader.errors import EnvironmentProblem
from grader.results import Report, from_json, to_json

VERSION = 1
_TABLES = """
create table if not exists attempt (
    number integer primary key,
    at text not null,
    assignment text not null,
    digest text not null,
    earned real not null,
    points real not null,
    report blob not null
);
create index if not exists attempt_of on attempt (assignment, number);
create table if not exists hint (
    task text primary key,
    shown integer not null
);
"""


@dataclass(frozen=True)
class Attempt:
    """One graded state of one assignment.

    Attributes
    ----------
    digest : str
        Of the code that was graded: the same code is not graded again.
    """

    at: str
    digest: str
    report: Report


class Attempts:
    """The attempts kept in one file; a file that cannot be used is left as it is.

    Parameters
    ----------
    path : Path
        The SQLite file; made with its folder when the first attempt is kept.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, report: Report, digest: str, at: str) -> None:
        """Keep one attempt.

        Parameters
        ----------
        at : str
            The time in ISO 8601.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as database:
            database.execute(
                "insert into attempt (at, assignment, digest, earned, points, report) "
                "values (?, ?, ?, ?, ?, ?)",
                (at, report.assignment, digest, report.earned, report.points, to_json(report)),
            )

    def latest(self, assignment: str) -> Attempt | None:
        """The latest attempt at an assignment."""
        if not self._path.exists():
            return None
        with self._open() as database:
            row = database.execute(
                "select at, digest, report from attempt where assignment = ? "
                "order by number desc limit 1",
                (assignment,),
            ).fetchone()
        return Attempt(row[0], row[1], self._report(row[2])) if row else None

    def _report(self, stored: bytes) -> Report:
        try:
            return from_json(stored)
        except msgspec.MsgspecError as error:
            raise EnvironmentProblem(
                f"{self._path} holds an attempt that cannot be read ({error}). It was left as it "
                "is; move it away to start a new one."
            ) from error

    def next_hint(self, task: str, rungs: int) -> int:
        """The number of the next rung of a task's ladder, from 0; the last one repeats."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as database:
            row = database.execute("select shown from hint where task = ?", (task,)).fetchone()
            rung = min(row[0] if row else 0, rungs - 1)
            database.execute(
                "insert into hint values (?, ?) on conflict (task) do update set shown = ?",
                (task, rung + 1, rung + 1),
            )
        return rung

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            database = sqlite3.connect(self._path, timeout=5)
        except sqlite3.Error as error:
            raise EnvironmentProblem(f"{self._path} cannot be opened: {error}") from error
        try:
            with database:
                self._prepare(database)
                yield database
        except sqlite3.DatabaseError as error:
            raise EnvironmentProblem(
                f"{self._path} cannot be used ({error}). It was left as it is; "
                "move it away to start a new one."
            ) from error
        finally:
            database.close()

    def _prepare(self, database: sqlite3.Connection) -> None:
        version = database.execute("pragma user_version").fetchone()[0]
        if version > VERSION:
            raise EnvironmentProblem(
                f"{self._path} was written by a newer version of the course; update it first."
            )
        if version < VERSION:
            database.executescript(_TABLES)
            database.execute(f"pragma user_version = {VERSION}")
