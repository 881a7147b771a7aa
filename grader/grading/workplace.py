"""Where one submission is graded: a worker that holds it, and students that live there."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from grader.checking.student import StandIn, Student
from grader.content.intake.submission import Submission
from grader.grading.bundle import file_of
from grader.grading.grade import Found, StudentMaker
from grader.grading.sandboxed_student import SandboxedStudent
from grader.grading.sessions import OneSession, OwnSessions, Sessions, SharedSession
from grader.sandbox import Loaded, LoadNote, Session, UnsetName, Worker

if TYPE_CHECKING:
    from grader.grading.diagnosis.own_names import OwnCode

# numpy's legacy generator takes 32 bits.
LEGACY_SEED = 2**32


class WorkerStudents(StudentMaker):
    """Students that live in sessions of one worker; two keep both sides of the wire busy.

    Parameters
    ----------
    shared : bool
        Whether one session may serve a student after the other: only where calls are known to
        leave no trace in it.
    unset : mapping, optional
        Names that lines of the submission would bind that were not run.
    """

    lanes = 2

    def __init__(
        self,
        worker: Worker,
        *,
        shared: bool = False,
        unset: Mapping[str, UnsetName] | None = None,
    ) -> None:
        self._worker = worker
        self._shared = shared
        self._unset = unset
        self._sessions: Sessions = SharedSession(worker) if shared else OwnSessions(worker)

    def for_twin(self) -> StudentMaker | None:
        """Students in a session that a twin inherits, where sharing is safe and a core is there."""
        if not self._shared or not sys.platform.startswith("linux") or _cores() < 2:
            return None
        return TwinStudents(self._worker.session(another=False), self._unset)

    def make(self, seed: int, callees: dict[str, StandIn], *, watch_locals: bool) -> Student:
        """A student in a session of its own, or in one that nobody else uses now."""
        return SandboxedStudent(
            self._sessions,
            seed % LEGACY_SEED,
            callees,
            watch_locals=watch_locals,
            unset=self._unset,
        )

    def close(self) -> None:
        """Let go of every session."""
        self._sessions.close()


class TwinStudents(StudentMaker):
    """Students of a twin process, one after the other in its only session."""

    def __init__(self, session: Session, unset: Mapping[str, UnsetName] | None = None) -> None:
        self._session = session
        self._unset = unset

    def make(self, seed: int, callees: dict[str, StandIn], *, watch_locals: bool) -> Student:
        """A student; called in the twin only."""
        self._session.leave_host()
        return SandboxedStudent(
            OneSession(self._session),
            seed % LEGACY_SEED,
            callees,
            watch_locals=watch_locals,
            unset=self._unset,
        )

    def close(self) -> None:
        """Hang up."""
        self._session.abandon()


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def found_in(submission: Submission, loaded: Loaded, wanted: Sequence[str]) -> Found:
    """What the learner's files define, and for what is missing the reason."""
    missing = {}
    unreadable = {name for problem in submission.errors for name in problem.functions}
    for name in wanted:
        if name not in loaded.functions:
            missing[name] = _reason(name, submission, loaded)
    notes = list(submission.notes)
    notes += [
        problem.sentence()
        for problem in submission.errors
        if not missing.keys() & problem.functions
    ]
    notes += [_told(note) for note in (*loaded.errors, *loaded.notes)]
    return Found(
        frozenset(loaded.functions),
        missing,
        tuple(dict.fromkeys(filter(None, notes))),
        frozenset(unreadable),
    )


def _reason(name: str, submission: Submission, loaded: Loaded) -> str:
    for problem in submission.errors:
        if name in problem.functions:
            return f"`{name}` could not be read. {problem.sentence()}"
    for note in loaded.errors:
        if name in note.message:
            return f"`{name}` could not be loaded: {_told(note)}"
    return f"No function `{name}` was found in {submission.name}."


def _told(note: LoadNote) -> str:
    """A note of the worker as a sentence; a library that is not here is no news by itself."""
    if note.kind == "missing-import":
        return ""
    where = f"{note.file}, line {note.line}: " if note.file else ""
    if note.type == "OutOfTimeError":
        return f"{where}this took too long while the file was loaded, so it was left out."
    kind = f"{note.type}: " if note.type else ""
    return f"{where}{kind}{note.message}"


def own_code(submission: Submission, function: str) -> OwnCode | None:
    """The learner's source of one function, where it can be found."""
    from grader.content.intake.source_names import names_in
    from grader.grading.diagnosis.own_names import OwnCode

    place = submission.found.get(function)
    if place is None:
        return None
    for module in submission.modules:
        for unit in module.units:
            inside = unit.first_line <= place.line < unit.first_line + unit.source.count("\n") + 1
            if unit.display == place.display and inside:
                lines = unit.source.splitlines()
                names = names_in("\n".join(lines), function, unit.first_line)
                file = file_of(unit.display)
                return OwnCode(file, unit.cell, names, lines, unit.first_line, function=function)
    return None
