"""Grade one submission: checks, follow-through, diagnosis, and the report of it all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from time import monotonic, perf_counter

import msgspec

from grader.checking.check import Check
from grader.checking.failures import CallFailure, CheckFailure
from grader.checking.student import StandIn, Student
from grader.checking.suite import Suite
from grader.content.course import Assignment, Task
from grader.grading.follow_through import answers
from grader.grading.outcomes import location_of
from grader.grading.task_run import CheckRun, run_checks
from grader.grading.twin import Passed, run_with_twin
from grader.results import Report, Status, TaskResult

# A right submission takes about a second. One that sleeps or crawls through every check has
# been told so often enough by then.
SECONDS_PER_SUBMISSION = 90.0

# For fewer checks than these a second process costs more than it brings.
WORTH_A_TWIN = 24


class StudentMaker:
    """Makes the student for a check; floors above decide whether it lives in a worker.

    Attributes
    ----------
    lanes : int
        How many students may be at work at once.
    """

    lanes = 1

    def for_twin(self) -> StudentMaker | None:
        """Students for a forked copy of this process; None where there may be no such copy."""
        return None

    def close(self) -> None:
        """Let go of whatever the students live in."""

    def make(self, seed: int, callees: dict[str, StandIn], *, watch_locals: bool) -> Student:
        """A student whose ``callees`` the reference answers for."""
        raise NotImplementedError


class Found(msgspec.Struct, frozen=True):
    """What is known of the learner's functions before any is called.

    Attributes
    ----------
    functions : frozenset of str
        Names that the submission defines.
    missing : dict
        For a function that is not there: why, in a sentence.
    notes : tuple of str
        Worth saying about the submission as a whole.
    unreadable : frozenset of str
        Functions that are there, but are no Python.
    """

    functions: frozenset[str]
    missing: dict[str, str]
    notes: tuple[str, ...] = ()
    unreadable: frozenset[str] = frozenset()


class TaskRun(msgspec.Struct, frozen=True):
    """One task with the runs of its checks."""

    task: Task
    status: Status
    runs: tuple[CheckRun, ...] = ()
    message: str = ""

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return self.status == "passed"


class Grading:
    """One submission being graded; every task is run at most once.

    Parameters
    ----------
    students : StudentMaker
        Where calls of the learner's functions go.
    seed : int
        Decides all fresh draws.
    """

    def __init__(
        self,
        assignment: Assignment,
        suite: Suite,
        students: StudentMaker,
        found: Found,
        seed: int,
    ) -> None:
        self.assignment = assignment
        self.suite = suite
        self.students = students
        self.found = found
        self.seed = seed
        self._first: dict[str, TaskRun] = {}
        self._runs: dict[str, TaskRun] = {}
        self._ends = monotonic() + SECONDS_PER_SUBMISSION

    def run(self, task: Task) -> TaskRun:
        """The task's run, with follow-through where its callees have failed."""
        if task.id not in self._runs:
            first = self._plain(task)
            self._runs[task.id] = first
            if first.status == "failed":
                self._runs[task.id] = self._followed_through(first)
        return self._runs[task.id]

    def student(self, callees: Iterable[str] = (), *, watch_locals: bool = False) -> Student:
        """A student whose ``callees`` are answered for by the reference."""
        return self.students.make(
            self.seed, answers(callees, self.suite), watch_locals=watch_locals
        )

    def run_first(self, tasks: Sequence[Task]) -> None:
        """Run tasks side by side, each with the learner's own callees; `run` goes on from there."""
        there = [task for task in tasks if task.id in self.found.functions]
        checks = sum(len(self.suite.checks_of(task.id)) for task in there)
        twin = self.students.for_twin() if len(there) > 1 and checks >= WORTH_A_TWIN else None
        if twin is not None:
            self._run_with_twin(there, twin)
            there = [task for task in there if task.id not in self._first]
        self._run_in_lanes(there, self.students)

    def _run_with_twin(self, tasks: Sequence[Task], students: StudentMaker) -> None:
        """Run tasks here and in a forked copy of this process, whichever is free."""

        def here(number: int) -> None:
            self._run_in_lanes([tasks[number]], self.students, lanes=1)

        def there(number: int) -> list[Passed] | None:
            self._run_in_lanes([tasks[number]], students, lanes=1)
            run = self._first[tasks[number].id]
            return [Passed(r.notes, r.stdout) for r in run.runs] if run.passed else None

        with closing(students):
            found = run_with_twin(len(tasks), here, there)
        for number, passed in found.items():
            task = tasks[number]
            checks = self.suite.checks_of(task.id)
            runs = [
                CheckRun(check, None, (), one.notes, one.stdout)
                for check, one in zip(checks, passed, strict=True)
            ]
            self._first[task.id] = _plain(task, runs)

    def _run_in_lanes(
        self, tasks: Sequence[Task], students: StudentMaker, lanes: int | None = None
    ) -> None:
        runs = run_checks(
            [self.suite.checks_of(task.id) for task in tasks],
            lambda check: students.make(self.seed, {}, watch_locals=False),
            self.suite,
            self.seed,
            enough=lambda run: untouched(run, run.check.task),
            lanes=lanes or students.lanes,
            time_is_left=self._time_is_left,
        )
        self._first |= {task.id: _plain(task, of) for task, of in zip(tasks, runs, strict=True)}

    def _plain(self, task: Task) -> TaskRun:
        if task.id not in self.found.functions:
            return self._missing(task)
        if task.id not in self._first:
            self.run_first([task])
        return self._first[task.id]

    def _time_is_left(self) -> bool:
        return monotonic() < self._ends

    def _missing(self, task: Task) -> TaskRun:
        """What is lost to a mistake in the file was written; what is not there was not."""
        reason = self.found.missing.get(task.id, "")
        if task.id not in self.found.unreadable:
            return TaskRun(task, "not_started", message=reason)
        failure = CheckFailure(reason, function=task.id)
        runs = tuple(CheckRun(check, failure) for check in self.suite.checks_of(task.id))
        return TaskRun(task, "failed", runs, reason)

    def _maker(self, callees: Sequence[str] = ()) -> Callable[[Check], Student]:
        return lambda check: self.student(callees)

    def _followed_through(self, first: TaskRun) -> TaskRun:
        """Grade failed checks once more, with the reference in place of what else failed."""
        task = first.task
        failed = [
            name
            for name in self.assignment.callees(task)
            if not self.run(self.assignment.task(name)).passed
        ]
        if not failed:
            return first
        again = tuple(run.check for run in first.runs if run.failure is not None)
        [helping] = run_checks(
            [again],
            self._maker(failed),
            self.suite,
            self.seed,
            lanes=self.students.lanes,
            time_is_left=self._time_is_left,
        )
        helped = {
            run.check.id: msgspec.structs.replace(run, helped=tuple(failed)) for run in helping
        }
        runs = tuple(helped.get(run.check.id, run) for run in first.runs)
        return TaskRun(task, status_of(runs), runs)


def _plain(task: Task, runs: Sequence[CheckRun]) -> TaskRun:
    if runs and untouched(runs[0], task.id):
        return TaskRun(task, "not_started")
    return TaskRun(task, status_of(runs), tuple(runs))


def untouched(run: CheckRun, function: str) -> bool:
    """Whether the learner's function is still the stub, which raises NotImplementedError."""
    if not isinstance(run.failure, CallFailure):
        return False
    outcome = run.failure.outcome
    if getattr(outcome, "type", None) != "NotImplementedError":
        return False
    frames = getattr(outcome, "frames", ())
    return not frames or frames[-1].function == function


def status_of(runs: Sequence[CheckRun]) -> Status:
    """The status of a task from its checks."""
    if any(run.fault_of_ours is not None for run in runs):
        return "broken"
    return "passed" if all(run.passed for run in runs) else "failed"


def grade(
    course: str,
    grading: Grading,
    tasks: Sequence[Task],
    describe: Callable[[Grading, TaskRun], TaskResult],
    *,
    submission: str,
    seed: str,
    isolation: int,
    clock: Callable[[], float] = perf_counter,
    started: float | None = None,
    progress: Callable[[TaskResult], None] | None = None,
) -> Report:
    """Grade ``tasks`` and report.

    Parameters
    ----------
    course : str
        The id of the course.
    describe : callable
        Turns a task's run into its result, with messages and diagnosis.
    progress : callable, optional
        Told every result as soon as it is known.
    """
    began = clock() if started is None else started
    grading.run_first(tasks)
    results = []
    for task in tasks:
        result = describe(grading, grading.run(task))
        results.append(result)
        if progress is not None:
            progress(result)
    return Report(
        course=course,
        assignment=grading.assignment.id,
        submission=submission,
        seed=seed,
        isolation=isolation,
        points=sum(result.points for result in results),
        earned=round(sum(result.earned for result in results), 6),
        duration_ms=round(1000 * (clock() - began)),
        tasks=tuple(results),
        notes=grading.found.notes,
    )


__all__ = ["Found", "Grading", "StudentMaker", "TaskRun", "grade", "location_of", "untouched"]
