"""Everything that one assignment promises, proven: the rows of ``teach check``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.checking.suite import Suite, load_suite
from grader.content.code import Code, Loader
from grader.content.course import Assignment, Course
from grader.content.edits import FunctionText
from grader.content.mistakes import Catalogue, check_catalogue, load_catalogue, reference_functions
from grader.content.stubs import stub_changes
from grader.content.workspace import Workspace
from grader.errors import Finding
from grader.grading.diagnosis.fingerprints import FILE_NAME, load_fingerprints
from grader.proof.catalogue_proof import Trial, trials_of
from grader.proof.catalogue_rows import catalogue_rows
from grader.proof.effort import BOTH_STYLES, TURNS, Effort
from grader.proof.findings import Row
from grader.proof.fingerprint_making import made_fingerprints
from grader.proof.memory import remembering
from grader.proof.mutation_proof import (
    MutantRun,
    all_mutants,
    load_equivalents,
    mutation_row,
    run_mutant,
)
from grader.proof.spread import spread
from grader.proof.trusted_grading import trusted_grading


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
    yield fingerprints_row(subject)
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


def fingerprints_row(subject: Subject) -> Row:
    """The tables of fingerprints are what the reference and the catalogue make them."""
    path = subject.solutions / FILE_NAME
    loaded = {name: load_fingerprints(subject.solutions, name) for name in subject.functions}
    kept = {name: table for name, table in loaded.items() if table is not None}
    checks = {name: table.check for name, table in kept.items()}
    made = made_fingerprints(subject.functions, subject.suite, subject.solutions, checks)
    findings = [
        Finding(str(path), 1, "fingerprints", f"{name} is out of date", "teach fingerprints")
        for name, table in made.items()
        if name not in kept or not kept[name].same_as(table)
    ]
    held = len(made) - len(findings)
    claim = "fingerprints in step"
    return Row(subject.assignment.id, claim, held, len(made), 1, tuple(findings))


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
    code = subject.suite.code

    def work(seed: int) -> list[Finding]:
        return Losses(subject.suite, seed).of(subject, code, subject.solutions)

    found = spread(work, effort.seeds, effort.processes, effort.told("the reference"))
    return _marks_row(subject, "full marks for the reference", found)


def right_answers_row(subject: Subject, effort: Effort) -> Row:
    """Right but different code earns everything as well."""
    answers = list(subject.right_answers())

    def work(seed: int) -> list[list[Finding]]:
        # One draw of all answers at a time: what the reference says to it is worked out once.
        shared = Losses(remembering(subject.suite), seed)
        return [shared.of(subject, code, path) for path, code in answers]

    told = effort.told("right answers")
    by_seed = spread(work, effort.seeds, effort.processes, told)
    found = [losses for one_seed in by_seed for losses in one_seed]
    return _marks_row(subject, "full marks for right answers", found)


def _marks_row(subject: Subject, claim: str, found: list[list[Finding]]) -> Row:
    findings = tuple(finding for losses in found for finding in losses)
    return Row(subject.assignment.id, claim, len(found) - len(findings), len(found), 1, findings)


@dataclass(frozen=True)
class Losses:
    """The points that right code loses in one draw."""

    suite: Suite
    seed: int

    def of(self, subject: Subject, code: Code, path: Path) -> list[Finding]:
        """One finding where anything is lost."""
        grading = trusted_grading(subject.assignment, self.suite, code, self.seed)
        tasks = subject.assignment.tasks
        lost = [
            f"{run.check.id} ({run.failure or run.fault_of_ours})"
            for task in tasks
            for run in grading.run(task).runs
            if not run.passed
        ]
        missing = [t.id for t in tasks if grading.run(t).status == "not_started"]
        if not lost and not missing:
            return []
        message = f"loses points with seed {self.seed}: {'; '.join(lost + missing)[:400]}"
        return [Finding(str(path), 1, "right-answer", message)]


def trials(subject: Subject, effort: Effort) -> list[Trial]:
    """Every catalogued mistake on every seed, as it stands and restyled.

    A job is one draw of one function: all its mistakes meet the same inputs, and what these
    come to is worked out once.
    """
    functions = [name for name in subject.functions if subject.catalogue.of(name)]
    jobs = [(seed, name) for seed in effort.seeds for name in functions]
    _ = subject.suite  # loaded once, before the processes are forked
    both = frozenset(effort.seeds[:BOTH_STYLES])

    def work(job: tuple[int, str]) -> list[Trial]:
        seed, name = job
        text = subject.functions[name]
        styles = (False, True) if seed in both else (seed // TURNS % 2 == 1,)
        return trials_of(
            subject.assignment,
            subject.suite,
            subject.catalogue,
            text,
            seed=seed,
            styles=styles,
            turns=1 if seed in both else TURNS,
        )

    found = spread(work, jobs, effort.processes, effort.told("mistakes"))
    return [trial for trials in found for trial in trials]


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
    found = spread(work, shares, effort.processes, effort.told("mutants"))
    return [run for runs in found for run in runs]
