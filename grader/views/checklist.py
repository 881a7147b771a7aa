"""The checklist of the week: lessons, quiz, assignments, and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.content.course import Assignment, Course, Task
from grader.results import Report
from grader.views.console import spoken


@dataclass(frozen=True)
class Standing:
    """How far one assignment has come.

    Attributes
    ----------
    report : Report or None
        The latest report; None where nothing was written yet.
    problem : str
        Why the learner's files could not be read, if so.
    """

    assignment: Assignment
    report: Report | None
    graded_now: bool
    problem: str = ""

    @property
    def earned(self) -> float:
        """Points so far."""
        return self.report.earned if self.report is not None else 0.0

    def open_task(self) -> tuple[Task, str] | None:
        """The first task with work to do, and the verb for it."""
        done = {task.id: task.status for task in self.report.tasks} if self.report else {}
        for task in self.assignment.tasks:
            status = done.get(task.id, "not_started")
            if status != "passed":
                return task, "write" if status == "not_started" else "mend"
        return None


def standings_json(course: str, standings: Sequence[Standing]) -> bytes:
    """The checklist as JSON: one entry per assignment, with its latest report or null."""
    found = [
        {
            "assignment": standing.assignment.id,
            "earned": standing.earned,
            "points": sum(task.points for task in standing.assignment.tasks),
            "report": standing.report,
        }
        for standing in standings
    ]
    told = {"schema": 1, "course": course, "assignments": found}
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"


class ChecklistView:
    """Shows the checklist on a console."""

    def __init__(self, console: Console, *, unicode: bool = True) -> None:
        self._console = console
        self._done, self._part, self._open = ("✓", "◐", "·") if unicode else ("x", "-", ".")

    def show(self, course: Course, standings: Sequence[Standing]) -> None:
        """Lessons, quiz and assignments, then the next step."""
        self._console.print(Text(course.course.title, style="bold"))
        table = Table.grid(padding=(0, 1, 0, 0), expand=True)
        table.add_column(no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
        table.add_column(justify="right", no_wrap=True)
        for lesson in course.lessons:
            table.add_row(f"{lesson.number:>2}", lesson.title, Text(lesson.practice, style="dim"))
        table.add_row("", f"Quiz: {course.quiz.title}", Text(spoken("quiz week"), style="dim"))
        for standing in standings:
            table.add_row(*self._row(standing))
        self._console.print(table)
        for standing in standings:
            if standing.problem:
                self._console.print(Text(standing.problem, style="red"))
        self._next(standings)

    def _row(self, standing: Standing) -> tuple[Text, Text, Text]:
        points = sum(task.points for task in standing.assignment.tasks)
        full = standing.earned >= points - 1e-9
        mark = self._done if full else self._part if standing.earned else self._open
        style = "green" if full else ""
        return (
            Text(f" {mark}", style=style),
            Text(standing.assignment.title, style=style),
            Text(f"{standing.earned:g} / {points:g}", style=style),
        )

    def _next(self, standings: Sequence[Standing]) -> None:
        for standing in standings:
            found = standing.open_task()
            if found is None:
                continue
            task, verb = found
            folder = f"exercises/{standing.assignment.id}"
            self._console.print()
            self._console.print(
                Text.assemble(
                    (f"Next: {verb} `{task.id}` (task {task.todo}) ", "bold"),
                    f"in {folder}/{task.file}, then run: {spoken(f'grade {task.id}')}",
                )
            )
            self._console.print(
                Text(
                    f"Brief: {spoken(f'grade --show {task.id}')}\n"
                    f"Hints: {spoken(f'grade --hint {task.id}')}",
                    style="dim",
                )
            )
            return
        self._console.print(Text("All assignments are done.", style="bold green"))
