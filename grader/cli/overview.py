"""``grade`` alone: grade what was touched, then show the checklist of the week."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from grader.cli.graders import Graders, exit_code
from grader.errors import SubmissionError
from grader.store.attempts import Attempts
from grader.views.checklist import Standing, standings_json

if TYPE_CHECKING:
    from grader.content.course import Assignment
    from grader.content.intake.submission import Submission


def grade_touched(grading: Graders, *, as_json: bool) -> int:
    """Grade every assignment whose code has changed; untouched stubs are not run at all."""
    attempts = Attempts(grading.workspace.state / "progress.sqlite")
    standings = [
        _standing(grading, assignment, attempts) for assignment in grading.course.assignments
    ]
    if as_json:
        sys.stdout.buffer.write(standings_json(grading.course.course.id, standings))
        sys.stdout.buffer.flush()
    else:
        _show(grading, standings)
    reports = [standing.report for standing in standings if standing.report is not None]
    if len(reports) < len(standings):
        return max(1, exit_code(*reports))
    return exit_code(*reports)


def _standing(grading: Graders, assignment: Assignment, attempts: Attempts) -> Standing:
    try:
        submission = grading.read(assignment)
    except SubmissionError as problem:
        return Standing(assignment, None, graded_now=False, problem=str(problem))
    if untouched(submission):
        return Standing(assignment, None, graded_now=False)
    latest = attempts.latest(assignment.id)
    if latest is not None and latest.digest == submission.digest:
        return Standing(assignment, latest.report, graded_now=False)
    report = grading.report(assignment, submission)
    grading.keep(report, submission)
    return Standing(assignment, report, graded_now=True)


def untouched(submission: Submission) -> bool:
    """Whether every function that was found is still the stub."""
    return not submission.errors and set(submission.found) == set(submission.not_started)


def _show(grading: Graders, standings: list[Standing]) -> None:
    from grader.views.checklist import ChecklistView
    from grader.views.console import make_console, speaks_unicode
    from grader.views.report_view import ReportView

    console = make_console()
    unicode = speaks_unicode(sys.stdout)
    reports = ReportView(console, unicode=unicode)
    for standing in standings:
        if standing.graded_now and standing.report is not None:
            reports.show(standing.report, standing.assignment.title)
            console.print()
    ChecklistView(console, unicode=unicode).show(grading.course, standings)
