"""Trying a mistake step by step comes to what running its whole function comes to."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.checking.student import Call
from grader.checking.time_limit import TooLongError, time_limit
from grader.content.course_file import load_course
from grader.content.workspace import find_workspace
from grader.grading.diagnosis.evidence import same_call
from grader.grading.diagnosis.workshop import Workshop
from grader.proof.assignment_proof import Subject
from grader.proof.trusted_grading import trusted_grading

WORKSPACE = find_workspace(Path(__file__).parent)
COURSE = load_course(WORKSPACE.course_file)
SUBJECTS = [Subject(COURSE, assignment, WORKSPACE) for assignment in COURSE.assignments]
TASKS = [(subject, task.id) for subject in SUBJECTS for task in subject.assignment.tasks]


def calls_of(subject: Subject, task: str) -> list[Call]:
    """Two calls that the checks make of the reference."""
    grading = trusted_grading(subject.assignment, subject.suite, subject.suite.code, 5)
    runs = grading.run(subject.assignment.task(task)).runs
    calls = [call for run in runs for call in run.calls if call.function == task]
    return [call for call in calls if not call.watched][:2]


@pytest.mark.parametrize(("subject", "task"), TASKS, ids=lambda value: str(value)[:30])
def test_a_step_by_step_trial_ends_as_the_whole_function_does(subject: Subject, task: str) -> None:
    workshop = Workshop(subject.functions[task], subject.suite.code)
    wrong = []
    for call in calls_of(subject, task):
        tape = workshop.replay(call)
        if tape is None:
            continue
        for mistake in subject.catalogue.of(task):
            tried = workshop.outcome(tape, mistake.changes)
            try:
                with time_limit(5):
                    whole = workshop.whole(call, mistake.changes)
            except TooLongError:
                continue
            if tried is None or whole is None:
                continue
            both_failed = tried.failure is not None and whole.failure is not None
            if not both_failed and not same_call(tried, whole):
                wrong.append(mistake.id)
    assert wrong == []
