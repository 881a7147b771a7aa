"""Every mutant of the reference is rejected, or is written down as equivalent with its proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from grader.checking.failures import CheckFailure
from grader.checking.local_student import LocalStudent
from grader.checking.mutants import Mutant, mutants_of
from grader.checking.suite import Suite
from grader.checking.time_limit import TooLongError, time_limit
from grader.content.course import Assignment
from grader.content.edits import FunctionText
from grader.content.yaml_records import load_as
from grader.errors import Finding
from grader.grading.task_run import seeds_of
from grader.proof.findings import Row

REJECTED = 0.995


class Equivalent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant that behaves like the reference on all legal inputs."""

    function: str
    change: str
    proof: str
    line: int = 0


class Equivalents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All equivalent mutants of an assignment."""

    format: int
    equivalents: tuple[Equivalent, ...]
    line: int = 0


@dataclass(frozen=True)
class MutantRun:
    """One mutant and the check that rejected it, if one did.

    Attributes
    ----------
    raised : bool
        Whether it was rejected because it raised or did not end.
    """

    name: str
    function: str
    change: str
    line: int
    file: str
    rejected_by: str | None
    raised: bool = False


def load_equivalents(folder: Path) -> Equivalents:
    """The equivalent mutants that are written down; none where there is no file."""
    path = folder / "equivalent_mutants.yaml"
    return load_as(path, Equivalents) if path.is_file() else Equivalents(1, ())


def all_mutants(functions: Mapping[str, FunctionText], graded: tuple[str, ...]) -> Iterator[Mutant]:
    """Every mutant of every graded function."""
    for name in graded:
        yield from mutants_of(functions[name].text, name)


def run_mutant(
    assignment: Assignment, suite: Suite, text: FunctionText, mutant: Mutant, seed: int
) -> MutantRun:
    """Run the checks of the mutant's task, then those of its callers, until one rejects it."""
    code = suite.code.with_function(mutant.function, mutant.code)
    rejected_by, raised = None, False
    for check in _checks(assignment, suite, mutant.function):
        student = LocalStudent(code, suite.labels)
        available = {
            "student": student,
            "reference": suite.reference(),
            "rng": np.random.default_rng(seeds_of(seed, check)),
        }
        try:
            with time_limit():
                check.run(available)
        except (CheckFailure, TooLongError) as failure:
            rejected_by = check.id
            raised = isinstance(failure, TooLongError) or student.last.failure is not None
            break
        except Exception:  # a value of a wrong form upset the check: rejected as well
            rejected_by = check.id
            break
    return MutantRun(
        mutant.name,
        mutant.function,
        f"{mutant.before} -> {mutant.after}",
        text.line + mutant.line - 1,
        text.file,
        rejected_by,
        raised,
    )


def _checks(assignment: Assignment, suite: Suite, function: str):  # type: ignore[no-untyped-def]
    yield from suite.checks_of(function)
    for task in assignment.tasks:
        if function in assignment.callees(task):
            yield from suite.checks_of(task.id)


def mutation_row(assignment: str, runs: list[MutantRun], known: Equivalents, folder: Path) -> Row:
    """The row of the table that the runs come to."""
    explained = {(one.function, one.change): one for one in known.equivalents}
    survivors = [run for run in runs if run.rejected_by is None]
    open_ones = [run for run in survivors if (run.function, run.change) not in explained]
    findings = [
        Finding(run.file, run.line, "survivor", f"no check rejects {run.function}: {run.change}")
        for run in open_ones
    ]
    alive = {(run.function, run.change) for run in survivors}
    findings += [
        Finding(
            str(folder / "equivalent_mutants.yaml"),
            one.line,
            "not-equivalent",
            f"{one.function}: {one.change} is listed as equivalent, but is rejected or gone",
        )
        for place, one in explained.items()
        if place not in alive
    ]
    counted = len(runs) - (len(survivors) - len(open_ones))
    returned = sum(run.rejected_by is not None and not run.raised for run in runs)
    remark = (
        f"{len(survivors) - len(open_ones)} equivalent, "
        f"{returned} rejected of those that return a value"
    )
    held = sum(run.rejected_by is not None for run in runs)
    return Row(assignment, "mutants rejected", held, counted, REJECTED, tuple(findings), remark)
