"""Grade a submission from start to end: load it in a worker, run the checks, report."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import cache, cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from grader.checking.suite import Suite, load_suite
from grader.content.course import Assignment
from grader.content.intake.submission import Submission
from grader.grading.bundle import begin_load
from grader.grading.grade import Grading, grade
from grader.grading.order import Order
from grader.grading.seeds import seed_number
from grader.grading.verdict import Verdict
from grader.grading.workplace import WorkerStudents, found_in, own_code
from grader.results import Report, TaskResult
from grader.sandbox import Worker

if TYPE_CHECKING:
    from grader.content.edits import FunctionText
    from grader.content.mistakes import MistakeTexts
    from grader.grading.diagnosis.diagnose import Diagnostician


class HiddenSide:
    """Reference, checks and catalogue of one assignment, each loaded when first needed.

    Parameters
    ----------
    exercises, solutions : Path
        The assignment's own folders.
    """

    def __init__(self, assignment: Assignment, exercises: Path, solutions: Path) -> None:
        self.assignment = assignment
        self.exercises = exercises
        self.solutions = solutions

    @cached_property
    def suite(self) -> Suite:
        """Reference and checks."""
        assignment = self.assignment
        return load_suite(assignment.id, self.solutions, self.exercises, assignment.stubs)

    @cached_property
    def mistakes(self) -> dict[str, MistakeTexts]:
        """Known mistakes of every function; right answers need none of them."""
        from grader.content.mistakes import all_mistake_texts

        return all_mistake_texts(self.solutions / "mistakes.yaml")

    def mistakes_of(self, function: str) -> MistakeTexts:
        """Known mistakes in one function."""
        from grader.content.mistakes import NO_MISTAKES

        return self.mistakes.get(function, NO_MISTAKES)

    @cached_property
    def functions(self) -> dict[str, FunctionText]:
        """The text of the reference's functions."""
        from grader.content.mistakes import reference_functions

        return reference_functions(self.solutions, self.assignment.stubs)


def grade_order(
    order: Order,
    worker: Worker,
    traceless: Callable[[], bool] = lambda: False,
    *,
    progress: Callable[[TaskResult], None] | None = None,
    clock: Callable[[], float] = perf_counter,
) -> Report:
    """Grade what was ordered.

    Parameters
    ----------
    worker : Worker
        Started before anything hidden was read.
    traceless : callable, optional
        Asked before the first check: whether no call of the submission's functions leaves
        anything behind for the next.
    progress : callable, optional
        Told every task's result as soon as it is known.
    """
    begin_load(order, worker)
    return grade_begun(order, worker, traceless, progress=progress, clock=clock)


def grade_begun(
    order: Order,
    worker: Worker,
    traceless: Callable[[], bool],
    *,
    progress: Callable[[TaskResult], None] | None = None,
    clock: Callable[[], float] = perf_counter,
) -> Report:
    """Grade what the worker has begun to load; see `grade_order`."""
    started = clock()
    assignment, submission = order.assignment, order.submission
    hidden = HiddenSide(assignment, Path(order.exercises), Path(order.solutions))
    suite = hidden.suite  # read while the worker loads the submission
    loaded = worker.finish_load()
    students = WorkerStudents(worker, shared=traceless(), unset=loaded.unset)
    found = found_in(submission, loaded, assignment.functions)
    with closing(students):
        return grade(
            order.course,
            Grading(assignment, suite, students, found, seed_number(order.seed)),
            [task for task in assignment.tasks if not order.tasks or task.id in order.tasks],
            Verdict(cache(lambda: _diagnostician(hidden, submission))),
            submission=submission.name,
            seed=order.seed,
            isolation=worker.level,
            clock=clock,
            started=started,
            progress=progress,
        )


def _diagnostician(hidden: HiddenSide, submission: Submission) -> Diagnostician:
    """Imported and built only when something is wrong: right answers need none of it."""
    from grader.grading.diagnosis.diagnose import Diagnostician
    from grader.grading.diagnosis.fingerprints import load_fingerprints

    return Diagnostician(
        hidden.mistakes_of,
        hidden.functions,
        lambda function: own_code(submission, function),
        fingerprints_of=lambda function: load_fingerprints(hidden.solutions, function),
    )
