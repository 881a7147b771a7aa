"""Grade a path from start to end: read it, load it in a worker, run the checks, report."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from grader.checking.suite import Suite, load_suite
from grader.content.course import Assignment, Course, Task
from grader.content.intake.reading import read_submission
from grader.content.intake.submission import Submission
from grader.content.workspace import Workspace
from grader.grading.grade import Grading, grade
from grader.grading.verdict import Verdict
from grader.grading.workplace import WorkerStudents, bundle_of, found_in, own_code
from grader.results import Report, TaskResult
from grader.sandbox import Worker

if TYPE_CHECKING:
    from grader.content.edits import FunctionText
    from grader.content.mistakes import Catalogue
    from grader.grading.diagnosis.diagnose import Diagnostician


def new_seed() -> str:
    """A seed that nobody can foresee, short enough to be typed."""
    return os.urandom(4).hex()


def seed_number(seed: str) -> int:
    """The number that a seed's text stands for; any text will do.

    Examples
    --------
    >>> seed_number("0000000f"), seed_number("7")
    (15, 7)
    """
    try:
        return int(seed, 16) % 2**64
    except ValueError:
        return zlib.crc32(seed.encode())


@dataclass(frozen=True)
class HiddenSide:
    """Reference, checks and catalogue of one assignment, each loaded when first needed."""

    assignment: Assignment
    workspace: Workspace

    @cached_property
    def suite(self) -> Suite:
        """Reference and checks."""
        name = self.assignment.id
        return load_suite(
            name,
            self.workspace.solutions / name,
            self.workspace.exercises / name,
            self.assignment.stubs,
        )

    def mistakes_of(self, function: str) -> Catalogue:
        """Known mistakes in one function; right answers need none of them."""
        from grader.content.mistakes import load_mistakes_of

        path = self.workspace.solutions / self.assignment.id / "mistakes.yaml"
        return load_mistakes_of(path, function)

    @cached_property
    def functions(self) -> dict[str, FunctionText]:
        """The text of the reference's functions."""
        from grader.content.mistakes import reference_functions

        folder = self.workspace.solutions / self.assignment.id
        return reference_functions(folder, self.assignment.stubs)


def read(path: Path, assignment: Assignment) -> Submission:
    """Read what lies at ``path`` as a submission to ``assignment``."""
    return read_submission(path, assignment.functions, assignment.stubs, assignment.provides)


def grade_submission(
    course: Course,
    hidden: HiddenSide,
    submission: Submission,
    worker: Worker,
    seed: str,
    *,
    tasks: Sequence[Task] | None = None,
    progress: Callable[[TaskResult], None] | None = None,
    clock: Callable[[], float] = perf_counter,
) -> Report:
    """Grade a submission that was read.

    Parameters
    ----------
    worker : Worker
        Started before anything hidden was read.
    tasks : sequence of Task, optional
        Only these; all of the assignment where not given.
    """
    started = clock()
    assignment = hidden.assignment
    folder = hidden.workspace.exercises / assignment.id
    worker.begin_load(bundle_of(submission, assignment, folder))
    suite = hidden.suite  # read while the worker loads the submission
    loaded = worker.finish_load()
    grading = Grading(
        assignment,
        suite,
        WorkerStudents(worker),
        found_in(submission, loaded, assignment.functions),
        seed_number(seed),
    )
    return grade(
        course,
        grading,
        tasks or assignment.tasks,
        Verdict(cache(lambda: _diagnostician(hidden, submission))),
        submission=submission.name,
        seed=seed,
        isolation=worker.level,
        clock=clock,
        started=started,
        progress=progress,
    )


def _diagnostician(hidden: HiddenSide, submission: Submission) -> Diagnostician:
    """Imported and built only when something is wrong: right answers need none of it."""
    from grader.grading.diagnosis.diagnose import Diagnostician

    return Diagnostician(
        hidden.mistakes_of, hidden.functions, lambda function: own_code(submission, function)
    )
