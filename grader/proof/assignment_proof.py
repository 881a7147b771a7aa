"""Everything that one assignment promises, proven: the rows of ``teach check``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from grader.checking.suite import Suite, load_suite
from grader.content.code import Code, Loader
from grader.content.course import Assignment, Course
from grader.content.edits import FunctionText
from grader.content.mistakes import Catalogue, check_catalogue, load_catalogue, reference_functions
from grader.content.stubs import stub_changes
from grader.content.workspace import Workspace
from grader.errors import Finding
from grader.proof.catalogue_proof import Trial, catalogue_rows, trial
from grader.proof.findings import Row
from grader.proof.mutation_proof import (
    MutantRun,
    all_mutants,
    load_equivalents,
    mutation_row,
    run_mutant,
)
from grader.proof.trusted_grading import trusted_grading

Result = TypeVar("Result")


@dataclass(frozen=True)
class Effort:
    """How much is tried.

    Attributes
    ----------
    seeds : tuple of int
        Draws for references, right answers and the catalogue.
    mutants : int
        Every so many mutants one is run; 1 runs all, 0 none.
    """

    seeds: tuple[int, ...] = (1, 2, 3)
    mutants: int = 1
    processes: int = os.cpu_count() or 1


QUICK = Effort((1,), mutants=10, processes=1)


@dataclass(frozen=True)
class Subject:
    """One assignment with all its files, loaded when first needed."""

    course: Course
    assignment: Assignment
    workspace: Workspace

    @property
    def solutions(self) -> Path:
        """The hidden folder."""
        return self.workspace.solutions / self.assignment.id

    @property
    def exercises(self) -> Path:
        """The learner's folder."""
        return self.workspace.exercises / self.assignment.id

    @cached_property
    def suite(self) -> Suite:
        """Reference and checks."""
        stubs = self.assignment.stubs
        return load_suite(self.assignment.id, self.solutions, self.exercises, stubs)

    @cached_property
    def functions(self) -> dict[str, FunctionText]:
        """The reference's functions as text."""
        return reference_functions(self.solutions, self.assignment.stubs)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The mistakes."""
        return load_catalogue(self.solutions / "mistakes.yaml")

    def right_answers(self) -> Iterator[tuple[Path, Code]]:
        """Every right but different solution."""
        folder = self.solutions / "right_answers"
        for path in sorted(folder.glob("*.py")):
            loader = Loader((folder, self.exercises), f"{self.assignment.id}.right")
            yield path, Code({path.stem: loader.load(path.stem).__dict__})


def prove(subject: Subject, effort: Effort, misconceptions: list[str] | None) -> Iterator[Row]:
    """All rows of one assignment, as soon as each is known."""
    yield stubs_row(subject)
    yield points_row(subject)
    yield full_marks_row(subject, effort)
    yield right_answers_row(subject, effort)
    names = [check.id for check in subject.suite.checks]
    path = subject.solutions / "mistakes.yaml"
    check_catalogue(subject.catalogue, path, subject.functions, names, misconceptions)
    yield from catalogue_rows(subject.assignment.id, trials(subject, effort), path, names)
    if effort.mutants:
        known = load_equivalents(subject.solutions)
        runs = mutants(subject, effort)
        if effort.mutants == 1:
            yield mutation_row(subject.assignment.id, runs, known, subject.solutions)


def stubs_row(subject: Subject) -> Row:
    """Stubs are what the reference makes them."""
    stubs = subject.assignment.stubs
    changed = stub_changes(subject.solutions, subject.exercises, stubs)
    findings = tuple(
        Finding(str(path), 1, "stub", "is not what the reference makes it", "teach stubs")
        for path in changed
    )
    held = len(stubs) - len(changed)
    return Row(subject.assignment.id, "stubs in step", held, len(stubs), 1, findings)


def points_row(subject: Subject) -> Row:
    """The checks of each task come to the task's points."""
    findings = []
    for task in subject.assignment.tasks:
        points = sum(check.points for check in subject.suite.checks_of(task.id))
        if abs(points - task.points) > 1e-9:
            message = f"the checks of {task.id} come to {points:g} of {task.points:g} points"
            file = str(subject.workspace.course_file)
            findings.append(Finding(file, task.line, "points", message))
    asked = len(subject.assignment.tasks)
    held = asked - len(findings)
    return Row(
        subject.assignment.id, "points of the checks add up", held, asked, 1, tuple(findings)
    )


def full_marks_row(subject: Subject, effort: Effort) -> Row:
    """The reference earns everything, whatever the draw."""
    findings = _losses(subject, subject.suite.code, effort, subject.solutions)
    held = len(effort.seeds) - len(findings)
    return Row(
        subject.assignment.id,
        "full marks for the reference",
        held,
        len(effort.seeds),
        1,
        tuple(findings),
    )


def right_answers_row(subject: Subject, effort: Effort) -> Row:
    """Right but different code earns everything as well."""
    findings: list[Finding] = []
    asked = 0
    for path, code in subject.right_answers():
        asked += len(effort.seeds)
        findings += _losses(subject, code, effort, path)
    return Row(
        subject.assignment.id,
        "full marks for right answers",
        asked - len(findings),
        asked,
        1,
        tuple(findings),
    )


def _losses(subject: Subject, code: Code, effort: Effort, path: Path) -> list[Finding]:
    """One finding per seed at which right code loses points."""
    findings = []
    for seed in effort.seeds:
        grading = trusted_grading(subject.assignment, subject.suite, code, seed)
        lost = [
            f"{run.check.id} ({run.failure or run.fault_of_ours})"
            for task in subject.assignment.tasks
            for run in grading.run(task).runs
            if not run.passed
        ]
        missing = [t.id for t in subject.assignment.tasks if grading.run(t).status == "not_started"]
        if lost or missing:
            message = f"loses points with seed {seed}: {'; '.join(lost + missing)[:400]}"
            findings.append(Finding(str(path), 1, "right-answer", message))
    return findings


def trials(subject: Subject, effort: Effort) -> list[Trial]:
    """Every catalogued mistake on every seed, as it stands and restyled."""
    jobs = [
        (mistake.id, seed, restyle)
        for mistake in subject.catalogue.mistakes
        for seed in effort.seeds
        for restyle in (False, True)
    ]

    def work(job: tuple[str, int, bool]) -> Trial:
        name, seed, restyle = job
        mistake = next(one for one in subject.catalogue.mistakes if one.id == name)
        return trial(
            subject.assignment,
            subject.suite,
            subject.catalogue,
            subject.functions,
            mistake,
            seed=seed,
            restyle=restyle,
        )

    return spread(work, jobs, effort.processes)


def mutants(subject: Subject, effort: Effort) -> list[MutantRun]:
    """Every mutant (or every so many) of the reference."""
    count = sum(1 for _ in all_mutants(subject.functions, subject.assignment.functions))
    jobs = list(range(0, count, effort.mutants))

    def work(share: list[int]) -> list[MutantRun]:
        wanted = set(share)
        return [
            run_mutant(
                subject.assignment,
                subject.suite,
                subject.functions[mutant.function],
                mutant,
                effort.seeds[0],
            )
            for number, mutant in enumerate(
                all_mutants(subject.functions, subject.assignment.functions)
            )
            if number in wanted
        ]

    shares = [jobs[start :: effort.processes] for start in range(effort.processes)]
    found = spread(work, shares, effort.processes)
    return [run for runs in found for run in runs]


Job = TypeVar("Job")
_WORK: list[Callable[..., Any]] = []


def spread(work: Callable[[Job], Result], jobs: list[Job], processes: int) -> list[Result]:
    """Do all jobs, in forked processes where there are several; results in the jobs' order.

    ``work`` may be a closure: the processes inherit it by the fork.
    """
    if processes <= 1 or len(jobs) <= 1:
        return [work(job) for job in jobs]
    _WORK.append(work)
    try:
        with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
            size = max(1, len(jobs) // (processes * 4))
            return list(pool.map(_do, jobs, chunksize=size))
    finally:
        _WORK.pop()


def _do(job: Any) -> Any:
    return _WORK[-1](job)
