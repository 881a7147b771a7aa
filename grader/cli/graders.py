"""Grades paths of one workspace, shows and remembers what came of it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.exit_codes import Exit

if TYPE_CHECKING:
    from grader.cli.grader import Grader
    from grader.content.course import Assignment, Course, Task
    from grader.content.intake.submission import Submission
    from grader.content.workspace import Workspace
    from grader.results import Report


class Graders:
    """Grades paths of one workspace.

    Parameters
    ----------
    seed : str or None
        Repeats an earlier run's draws; a new one is drawn where it is None.
    """

    def __init__(
        self, workspace: Workspace, course: Course, grader: Grader, seed: str | None
    ) -> None:
        self.workspace = workspace
        self.course = course
        self._grader = grader
        self._seed = seed

    def one(self, name: str, path: Path | None, *, as_json: bool) -> int:
        """Grade one assignment or task, and show it."""
        assignment, task = self.course.find(name)
        submission = self.read(assignment, path)
        report = self.report(assignment, submission, task, last=True)
        if path is None and task is None:
            self.keep(report, submission)
        show(report, assignment, as_json=as_json)
        return exit_code(report)

    def read(self, assignment: Assignment, path: Path | None = None) -> Submission:
        """Read what lies at ``path``, or the learner's own folder."""
        from grader.grading.ordering import read

        return read(path or self.workspace.exercises / assignment.id, assignment)

    def report(
        self,
        assignment: Assignment,
        submission: Submission,
        task: Task | None = None,
        *,
        last: bool = False,
    ) -> Report:
        """Grade what was read; after the `last` one nothing more may be graded."""
        from grader.grading.ordering import is_traceless, order_of
        from grader.grading.seeds import new_seed

        seed = self._seed or new_seed()
        tasks = () if task is None else (task.id,)
        order = order_of(self.course, assignment, self.workspace, submission, seed, tasks)
        return self._grader.grade(order, lambda: is_traceless(order), last=last)

    def keep(self, report: Report, submission: Submission) -> None:
        """Remember the attempt; a store that fails costs the memory, not the report."""
        from grader.errors import EnvironmentProblem
        from grader.store.attempts import Attempts

        at = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            Attempts(self.workspace.state / "progress.sqlite").keep(report, submission.digest, at)
        except (EnvironmentProblem, OSError) as problem:
            print(f"This attempt could not be remembered: {problem}", file=sys.stderr)


def show(report: Report, assignment: Assignment, *, as_json: bool) -> None:
    """Write one report to standard output."""
    if as_json:
        from grader.results import to_json

        sys.stdout.buffer.write(to_json(report))
        sys.stdout.buffer.flush()
        return
    from grader.views.console import make_console, speaks_unicode
    from grader.views.report_view import ReportView

    view = ReportView(make_console(), unicode=speaks_unicode(sys.stdout))
    view.show(report, assignment.title)
    view.next_step(report)


def exit_code(*reports: Report) -> int:
    """0 where everything passed, 3 where something of ours broke, 1 otherwise."""
    if any(report.broken for report in reports):
        return Exit.OUR_FAULT
    return Exit.ALL_RIGHT if all(report.complete for report in reports) else Exit.WORK_TO_DO
