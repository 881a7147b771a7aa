"""The report, version 1: the seam between the engine and everything that shows it.

Points of a check are its weight; a task's points are the sum of its checks'.
``Status`` is never a tri-state: ``broken`` is our own fault and costs nothing.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Status = Literal["passed", "failed", "not_started", "skipped", "broken"]

SCHEMA = 1


class Location(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place in the learner's own files; ``cell`` only in a notebook."""

    file: str
    line: int
    cell: int | None = None
    text: str = ""


class CheckResult(msgspec.Struct, frozen=True):
    """What one check found out."""

    id: str
    title: str
    status: Status
    points: float
    earned: float
    message: str = ""
    diagnosis: str | None = None
    location: Location | None = None
    stdout: str = ""
    notes: tuple[str, ...] = ()


class TaskResult(msgspec.Struct, frozen=True):
    """All checks of one task, and what they come to."""

    id: str
    title: str
    status: Status
    points: float
    earned: float
    lesson: int
    checks: tuple[CheckResult, ...] = ()
    message: str = ""
    notes: tuple[str, ...] = ()


class Report(msgspec.Struct, frozen=True):
    """One graded submission."""

    course: str
    assignment: str
    submission: str
    seed: str
    isolation: int
    points: float
    earned: float
    duration_ms: int
    tasks: tuple[TaskResult, ...]
    notes: tuple[str, ...] = ()
    schema: int = SCHEMA

    @property
    def complete(self) -> bool:
        """Whether every task earned all its points."""
        return all(task.status == "passed" for task in self.tasks)

    @property
    def broken(self) -> bool:
        """Whether something of ours went wrong in any task."""
        return any(task.status == "broken" for task in self.tasks)


def to_json(report: Report) -> bytes:
    """The report as indented JSON, UTF-8, ending in a newline; ``schema`` comes first."""
    fields = {"schema": report.schema} | {
        name: getattr(report, name) for name in report.__struct_fields__ if name != "schema"
    }
    return msgspec.json.format(msgspec.json.encode(fields), indent=2) + b"\n"


def from_json(data: bytes) -> Report:
    """Read a report back; raises ``msgspec.ValidationError`` for anything else."""
    return msgspec.json.decode(data, type=Report)
