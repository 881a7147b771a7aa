"""From a path to an order: read what lies there, and see how it may be graded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.content.course import Assignment, Course
from grader.content.intake.reading import read_submission
from grader.content.intake.submission import Submission
from grader.content.intake.traces import leaves_no_trace
from grader.content.workspace import Workspace
from grader.grading.order import Order


def read(path: Path, assignment: Assignment) -> Submission:
    """Read what lies at ``path`` as a submission to ``assignment``."""
    return read_submission(path, assignment.functions, assignment.stubs, assignment.provides)


def order_of(
    course: Course,
    assignment: Assignment,
    workspace: Workspace,
    submission: Submission,
    seed: str,
    tasks: Sequence[str] = (),
) -> Order:
    """The order to grade a submission that was read."""
    return Order(
        course=course.course.id,
        assignment=assignment,
        exercises=str(workspace.exercises / assignment.id),
        solutions=str(workspace.solutions / assignment.id),
        submission=submission,
        seed=seed,
        tasks=tuple(tasks),
    )


def is_traceless(order: Order) -> bool:
    """Whether no call of the submission's functions leaves anything behind for the next."""
    assignment, modules = order.assignment, order.submission.modules
    own = {module.name for module in modules}
    given = {
        name.removesuffix(".py"): (Path(order.exercises) / name).read_text(encoding="utf-8")
        for name in assignment.provides
        if name.removesuffix(".py") not in own
    }
    return leaves_no_trace(modules, assignment.functions, given)
