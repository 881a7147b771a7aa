"""From a submission that was read to what a worker loads; light, so that it can be early."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.content.course import Assignment
from grader.content.intake.submission import SourceModule, Submission
from grader.sandbox.submission import Bundle, Module

if TYPE_CHECKING:
    from grader.grading.order import Order
    from grader.sandbox.worker import Worker


def begin_load(order: Order, worker: Worker) -> None:
    """Hand the ordered submission over; the worker loads it while this process goes on."""
    worker.begin_load(bundle_of(order.submission, order.assignment, Path(order.exercises)))


def bundle_of(submission: Submission, assignment: Assignment, exercises: Path) -> Bundle:
    """What the worker loads: the learner's modules, and the given modules and data."""
    own = {module.name for module in submission.modules if not module.entry}
    entries = [_module(module) for module in submission.modules if module.entry]
    given = [_module(module) for module in submission.modules if not module.entry]
    for name in assignment.provides:
        stem = name.removesuffix(".py")
        if stem not in own:
            given.append(Module(stem, ((name, (exercises / name).read_bytes()),)))
    data = {name: (exercises / file).read_bytes() for name, file in assignment.data.items()}
    return Bundle(tuple(entries), tuple(given), data)


def _module(module: SourceModule) -> Module:
    units = tuple((_display(unit.display, unit.cell), unit.source) for unit in module.units)
    return Module(module.name, units, module.policy, module.made)


def _display(display: str, cell: int | None) -> str:
    """The name the worker knows a unit by; ``outcomes.place`` reads it back."""
    return display if cell is None else f"{file_of(display)}[{cell}]"


def file_of(display: str) -> str:
    """The file in a display name such as ``week1.ipynb, code cell 3``."""
    return display.partition(", code cell")[0].partition("[")[0]
