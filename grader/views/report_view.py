"""A report in the terminal: a checklist, and for what is wrong the reason and the next step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.results import CheckResult, Location, Report, Status, TaskResult
from grader.views.console import spoken

MARKS: dict[Status, tuple[str, str, str]] = {
    "passed": ("✓", "ok", "green"),
    "failed": ("✗", "--", "red"),
    "not_started": ("·", "..", "dim"),
    "skipped": ("–", "  ", "dim"),
    "broken": ("!", "!!", "magenta"),
}

# A learner mends one thing at a time; the rest is one line each.
TOLD_IN_FULL = 3
STDOUT_LINES = 6


class ReportView:
    """Shows reports on a console."""

    def __init__(self, console: Console, *, unicode: bool = True) -> None:
        self._console = console
        self._unicode = unicode

    def show(self, report: Report, title: str) -> None:
        """The whole report of one assignment."""
        self.heading(title, report)
        for task in report.tasks:
            self.task(task)
        self.ending(report)

    def heading(self, title: str, report: Report) -> None:
        """The title, and what was earned."""
        self._row(title, f"{report.earned:g} / {report.points:g}", "bold")

    def task(self, task: TaskResult) -> None:
        """One task: a line, and under it what is wrong."""
        mark, style = self._mark(task.status)
        points = "" if task.status == "not_started" else f"{task.earned:g} / {task.points:g}"
        self._row(f"{mark} {task.id}", points, style)
        if task.status == "not_started":
            words = task.message or f"not started: {task.title}"
            self._indented(Text(words, style="dim"), 2)
            return
        for note in task.notes:
            self._indented(Text(note, style="dim"), 2)
        self._checks(task)

    def ending(self, report: Report) -> None:
        """Notes on the whole submission, the seed and the isolation."""
        for note in report.notes:
            self._console.print(Text(f"Note: {note}", style="dim"))
        self._console.print(
            Text(
                f"seed {report.seed}, isolation level {report.isolation}, "
                f"{report.duration_ms / 1000:.1f} s",
                style="dim",
            )
        )

    def next_step(self, report: Report) -> None:
        """The one thing to do next, and the command that helps with it."""
        for status, words in (("failed", "mend"), ("not_started", "write")):
            for task in report.tasks:
                if task.status == status:
                    self._console.print(
                        Text.assemble(
                            (f"Next: {words} {task.id}. ", "bold"),
                            f"Brief: {spoken(f'grade --show {task.id}')}; "
                            f"stuck: {spoken(f'grade --hint {task.id}')}",
                        )
                    )
                    return
        if not report.broken:
            self._console.print(Text("All of it is right.", style="bold green"))

    def _checks(self, task: TaskResult) -> None:
        failed = [check for check in task.checks if check.status in ("failed", "broken")]
        for position, check in enumerate(failed):
            mark, style = self._mark(check.status)
            title = Text(f"{mark} {check.title} ", style=style)
            title.append(f"({_points(check)})", style="dim")
            self._indented(title, 2)
            if position < TOLD_IN_FULL:
                for line in _told(check):
                    self._indented(line, 4)
        more = len(failed) - TOLD_IN_FULL
        if more > 0:
            words = f"Mend the first, the other {more} may go with it (--json tells all)."
            self._indented(Text(words, style="dim"), 4)

    def _mark(self, status: Status) -> tuple[str, str]:
        fine, plain, style = MARKS[status]
        return (fine if self._unicode else plain), style

    def _row(self, left: str, right: str, style: str) -> None:
        table = Table.grid(expand=True, padding=(0, 1, 0, 0))
        table.add_column(ratio=1, overflow="fold")
        table.add_column(justify="right", no_wrap=True)
        table.add_row(Text(left, style=style), Text(right, style=style))
        self._console.print(table)

    def _indented(self, text: Text, columns: int) -> None:
        self._console.print(Padding(text, (0, 0, 0, columns)))


def _points(check: CheckResult) -> str:
    unit = "point" if check.points == 1 else "points"
    return f"{check.points:g} {unit}"


def _told(check: CheckResult) -> Iterator[Text]:
    if check.location is not None and check.location.text not in check.message:
        yield Text(where(check.location), style="cyan")
    yield Text(check.message)
    for note in check.notes:
        yield Text(note, style="dim")
    if check.stdout.strip():
        yield Text("It printed:", style="dim")
        yield from (Text(f"  {line}", style="dim") for line in _few(check.stdout.splitlines()))


def _few(lines: Sequence[str]) -> list[str]:
    if len(lines) <= STDOUT_LINES:
        return list(lines)
    left = len(lines) - STDOUT_LINES + 1
    return [*lines[: STDOUT_LINES - 1], f"... and {left} more lines"]


def where(location: Location) -> str:
    """``rnn.py, line 42: a_next = ...``."""
    cell = f", cell {location.cell}" if location.cell is not None else ""
    text = f": {location.text}" if location.text else ""
    return f"{location.file}{cell}, line {location.line}{text}"
