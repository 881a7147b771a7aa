"""The course keeps its promises: stubs, references and right answers of every assignment."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from grader.checking.suite import Suite, load_suite
from grader.checking.time_limit import time_limit
from grader.content.code import Code, Loader
from grader.content.course import Assignment
from grader.content.course_file import load_course
from grader.content.stubs import stub_changes
from grader.content.workspace import find_workspace
from grader.grading.ordering import is_traceless, order_of, read
from grader.grading.session import grade_order
from grader.proof.assignment_proof import Subject, fingerprints_row
from grader.proof.trusted_grading import trusted_grading
from grader.results import Report
from grader.sandbox import Worker

HERE = find_workspace(Path(__file__).resolve().parent, {})
COURSE = load_course(HERE.course_file)
SEEDS = range(20)
# Every right answer is graded in the worker on this one, in this process on more.
WORKER_SEED = "5eed"
ANSWER_SEEDS = range(3)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker.start(fresh=True) as worker:
        yield worker


def name_of(assignment: Assignment) -> str:
    return assignment.id


each_assignment = pytest.mark.parametrize("assignment", COURSE.assignments, ids=name_of)


def sides(assignment: Assignment) -> tuple[Path, Path]:
    return HERE.solutions / assignment.id, HERE.exercises / assignment.id


@cache
def suite_of(name: str) -> Suite:
    assignment = COURSE.assignment(name)
    return load_suite(name, *sides(assignment), assignment.stubs)


def graded(worker: Worker, assignment: Assignment, path: Path) -> Report:
    submission = read(path, assignment)
    order = order_of(COURSE, assignment, HERE, submission, WORKER_SEED)
    return grade_order(order, worker, lambda: is_traceless(order))


def complaints(report: Report) -> list[str]:
    return [
        f"{check.id} {check.status}: {check.message}"
        for task in report.tasks
        for check in task.checks
        if check.status != "passed"
    ]


def answers() -> list[tuple[Assignment, Path]]:
    found = []
    for assignment in COURSE.assignments:
        folder = HERE.solutions / assignment.id / "right_answers"
        found += [(assignment, path) for path in sorted(folder.glob("*.py"))]
    return found


def first_answers() -> list[tuple[Assignment, Path]]:
    first: dict[str, list[tuple[Assignment, Path]]] = {}
    for assignment, path in answers():
        first.setdefault(assignment.id, []).append((assignment, path))
    return [pair for pairs in first.values() for pair in pairs[:2]]


def answer_name(value: object) -> str:
    return f"{value.parents[1].name}/{value.stem}" if isinstance(value, Path) else ""


def assert_full_marks(assignment: Assignment, code: Code, seed: int) -> None:
    with time_limit(60):
        grading = trusted_grading(assignment, suite_of(assignment.id), code, seed)
        for task in assignment.tasks:
            run = grading.run(task)
            wrong = [
                f"{one.check.id}: {one.failure or one.fault_of_ours}"
                for one in run.runs
                if not one.passed
            ]
            assert run.passed, f"seed {seed}, {task.id} {run.status}: {wrong}"


@each_assignment
def test_fingerprints_are_in_step(assignment: Assignment) -> None:
    row = fingerprints_row(Subject(COURSE, assignment, HERE))
    assert row.findings == ()
    assert row.held == row.asked > 0


@each_assignment
def test_stubs_are_in_step_with_the_reference(assignment: Assignment) -> None:
    assert list(stub_changes(*sides(assignment), assignment.stubs)) == []


@each_assignment
def test_checks_come_to_the_points_of_their_task(assignment: Assignment) -> None:
    suite = suite_of(assignment.id)
    tasks = set(assignment.functions)
    assert {check.task for check in suite.checks} == tasks
    for task in assignment.tasks:
        assert sum(check.points for check in suite.checks_of(task.id)) == task.points, task.id


@each_assignment
def test_untouched_stubs_are_not_started(assignment: Assignment, worker: Worker) -> None:
    report = graded(worker, assignment, HERE.exercises / assignment.id)
    assert {task.id: task.status for task in report.tasks} == dict.fromkeys(
        assignment.functions, "not_started"
    )
    assert report.earned == 0
    assert report.notes == ()


@each_assignment
def test_reference_earns_full_marks_in_the_worker(assignment: Assignment, worker: Worker) -> None:
    report = graded(worker, assignment, HERE.solutions / assignment.id)
    assert complaints(report) == []
    assert report.earned == report.points == 100


@pytest.mark.parametrize("seed", SEEDS)
@each_assignment
def test_reference_earns_full_marks_on_every_seed(assignment: Assignment, seed: int) -> None:
    assert_full_marks(assignment, suite_of(assignment.id).code, seed)


@pytest.mark.parametrize(("assignment", "path"), answers(), ids=answer_name)
def test_right_answer_earns_full_marks(assignment: Assignment, path: Path) -> None:
    loader = Loader((path.parent, *sides(assignment)), assignment.id)
    code = Code({path.stem: loader.load(path.stem).__dict__})
    for seed in ANSWER_SEEDS:
        assert_full_marks(assignment, code, seed)


@pytest.mark.parametrize(("assignment", "path"), first_answers(), ids=answer_name)
def test_right_answer_earns_full_marks_in_the_worker(
    assignment: Assignment, path: Path, worker: Worker
) -> None:
    report = graded(worker, assignment, path)
    assert complaints(report) == []
    assert report.complete
