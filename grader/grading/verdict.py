"""From a task's run to what the learner reads: messages, diagnosis, places, points."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from grader.checking.failures import CallFailure, CheckFailure
from grader.grading.grade import Grading, TaskRun
from grader.grading.outcomes import location_of
from grader.grading.task_run import CheckRun
from grader.results import CheckResult, Location, TaskResult

if TYPE_CHECKING:
    from grader.grading.diagnosis.diagnose import Diagnostician
    from grader.grading.diagnosis.reported import Diagnosis


class Verdict(msgspec.Struct, frozen=True):
    """Describes task runs; ``diagnostician`` is made when the first task fails."""

    diagnostician: Callable[[], Diagnostician]

    def __call__(self, grading: Grading, run: TaskRun) -> TaskResult:
        """The result of one task."""
        task = run.task
        if run.status == "not_started":
            return _not_started(grading, run)
        diagnoses: Mapping[str, Diagnosis] = {}
        if run.status == "failed":
            diagnoses = self.diagnostician().diagnose(grading, run)
        checks = _once(_check_result(check, diagnoses) for check in run.runs)
        notes = [note for check in run.runs for note in check.notes] + _help_notes(run)
        return TaskResult(
            id=task.id,
            title=task.title,
            status=run.status,
            points=task.points,
            earned=round(sum(check.earned for check in checks), 6),
            lesson=task.lesson,
            checks=checks,
            message=run.message,
            notes=tuple(dict.fromkeys(notes)),
        )


def _not_started(grading: Grading, run: TaskRun) -> TaskResult:
    task = run.task
    checks = tuple(
        CheckResult(check.id, check.title, "not_started", check.points, 0.0)
        for check in grading.suite.checks_of(task.id)
    )
    return TaskResult(
        task.id, task.title, "not_started", task.points, 0.0, task.lesson, checks, run.message
    )


def _help_notes(run: TaskRun) -> list[str]:
    helped = sorted({name for check in run.runs if check.passed for name in check.helped})
    if not helped:
        return []
    named = ", ".join(f"`{name}`" for name in helped)
    return [
        f"Graded with the course's {named} in place of yours, so that its faults do not "
        "count here a second time."
    ]


def _once(checks: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """The results, with a message that was told already only pointed to."""
    told: set[str] = set()
    results = []
    for check in checks:
        if check.message and check.message in told:
            check = msgspec.structs.replace(check, message="The same as above.")
        told.add(check.message)
        results.append(check)
    return tuple(results)


def _check_result(run: CheckRun, diagnoses: Mapping[str, Diagnosis]) -> CheckResult:
    check = run.check
    if run.fault_of_ours is not None:
        message = f"This check broke: {run.fault_of_ours}. No points are lost; please report it."
        return CheckResult(check.id, check.title, "broken", check.points, check.points, message)
    if run.failure is None:
        return CheckResult(
            check.id,
            check.title,
            "passed",
            check.points,
            check.points,
            stdout=run.stdout,
            notes=run.notes,
        )
    diagnosis = diagnoses.get(check.id)
    message = run.failure.sentence
    location = _place(run.failure)
    if diagnosis is not None:
        said = "" if diagnosis.instead else message
        message = f"{said} {diagnosis.sentence}".strip()
        location = location or diagnosis.location
    return CheckResult(
        check.id,
        check.title,
        "failed",
        check.points,
        0.0,
        message,
        (diagnosis.id or None) if diagnosis is not None else None,
        location,
        run.stdout,
        run.notes,
    )


def _place(failure: CheckFailure) -> Location | None:
    if isinstance(failure, CallFailure):
        return location_of(getattr(failure.outcome, "frames", ()))
    return None
