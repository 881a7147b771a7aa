"""Every catalogued mistake is rejected by the check it names, and called by its own name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from grader.checking.suite import Suite
from grader.checking.time_limit import TooLongError, time_limit
from grader.content.course import Assignment
from grader.content.edits import FunctionText, edited
from grader.content.mistakes import Catalogue, Mistake, MistakeTexts, mistake_texts
from grader.errors import Finding
from grader.grading.diagnosis.diagnose import Diagnostician
from grader.grading.diagnosis.fingerprints import Fingerprints, load_fingerprints
from grader.grading.diagnosis.workshop import Workshop
from grader.proof.findings import Row
from grader.proof.memory import remembering
from grader.proof.remembering_workshop import RememberingWorkshop
from grader.proof.restyle import restyled
from grader.proof.trusted_grading import trusted_grading

RIGHT_NAME = 0.95


@dataclass(frozen=True)
class Trial:
    """One mistake, graded once.

    Attributes
    ----------
    caught_by : tuple of str
        The checks that failed.
    named : str
        The diagnosis; empty where nothing was named.
    """

    mistake: Mistake
    style: str
    seed: int
    caught_by: tuple[str, ...]
    named: str

    @property
    def rejected(self) -> bool:
        """Whether the check that the entry names has failed."""
        return self.mistake.caught_by in self.caught_by

    @property
    def right_name(self) -> bool:
        """Whether the diagnosis is this mistake and no other."""
        return self.named == self.mistake.id

    @property
    def wrong_name(self) -> bool:
        """Whether another mistake of the catalogue was named, and not this one among others."""
        named = self.named.replace("+", "|").split("|")
        known = [name for name in named if name and ":" not in name]
        return bool(known) and self.mistake.id not in known


def trials_of(
    assignment: Assignment,
    suite: Suite,
    catalogue: Catalogue,
    text: FunctionText,
    *,
    seed: int,
    styles: Sequence[bool] = (False, True),
) -> list[Trial]:
    """Grade and diagnose every mistake of one function, restyled where ``styles`` says so.

    What the reference answers and what the catalogue's entries come to is worked out once: the
    inputs of one draw are the same for all mistakes.
    """
    workshop = RememberingWorkshop(text, suite.code)
    texts = mistake_texts(suite.folder / "mistakes.yaml", text.name)
    known = KnownMistakes(texts.path, texts.function, texts.texts, catalogue.of(text.name))
    bench = Bench(
        assignment,
        remembering(suite),
        known,
        text,
        {text.name: workshop},
        load_fingerprints(suite.folder, text.name),
    )
    return [
        trial(bench, mistake, seed=seed, restyle=restyle)
        for mistake in catalogue.of(text.name)
        for restyle in styles
    ]


class KnownMistakes(MistakeTexts, frozen=True):
    """The entries of one function, parsed once for all trials."""

    entries: tuple[Mistake, ...] = ()

    def parsed(self, ids: Collection[str] | None = None) -> Catalogue:
        """The entries of these ids; all of them where none are given."""
        return Catalogue(1, tuple(one for one in self.entries if ids is None or one.id in ids))


@dataclass(frozen=True)
class Bench:
    """Everything that the trials of one function share.

    Attributes
    ----------
    workshops : dict
        Empty where nothing is to be remembered.
    """

    assignment: Assignment
    suite: Suite
    known: MistakeTexts
    text: FunctionText
    workshops: dict[str, Workshop] = field(default_factory=dict)
    fingerprints: Fingerprints | None = None


def trial(bench: Bench, mistake: Mistake, *, seed: int, restyle: bool) -> Trial:
    """Grade and diagnose one mistake, as it stands in the catalogue or restyled."""
    suite, text = bench.suite, bench.text
    source = edited(text, mistake.changes)
    if restyle:
        source = restyled(source, np.random.default_rng(seed))
    code = suite.code.with_function(mistake.function, compile(source, "<mistake>", "exec"))
    grading = trusted_grading(bench.assignment, suite, code, seed)
    style = "restyled" if restyle else "as it stands"
    try:
        with time_limit(20):
            run = grading.run(bench.assignment.task(mistake.function))
            failed = tuple(one.check.id for one in run.runs if one.failure is not None)
            diagnostician = Diagnostician(
                lambda name: bench.known,
                {text.name: text},
                lambda function: None,
                workshops=bench.workshops,
                fingerprints_of=lambda name: bench.fingerprints,
            )
            diagnoses = diagnostician.diagnose(grading, run) if failed else {}
    except TooLongError:
        return Trial(mistake, style, seed, (mistake.caught_by,), "")
    named = next((diagnoses[name].id for name in failed if name in diagnoses), "")
    return Trial(mistake, style, seed, failed, named)


def catalogue_rows(
    assignment: str, trials: Sequence[Trial], path: Path, checks: Iterable[str]
) -> list[Row]:
    """The rows of the table that the trials come to."""
    return [
        _rejected(assignment, trials, path),
        _named(assignment, trials, path),
        _no_wrong_name(assignment, trials, path),
        _every_check_catches(assignment, trials, path, checks),
    ]


def _rejected(assignment: str, trials: Sequence[Trial], path: Path) -> Row:
    findings = [
        Finding(
            str(path),
            one.mistake.line,
            "rejected",
            f"`{one.mistake.id}` ({one.style}, seed {one.seed}) is not caught by "
            f"{one.mistake.caught_by}, but by {', '.join(one.caught_by) or 'no check'}",
        )
        for one in trials
        if not one.rejected
    ]
    held = sum(one.rejected for one in trials)
    return Row(assignment, "catalogued mistakes rejected", held, len(trials), 1.0, tuple(findings))


def _named(assignment: str, trials: Sequence[Trial], path: Path) -> Row:
    held = sum(one.right_name for one in trials)
    missed = [one for one in trials if not one.right_name]
    findings: tuple[Finding, ...] = ()
    if trials and held / len(trials) < RIGHT_NAME:
        findings = tuple(
            Finding(
                str(path),
                one.mistake.line,
                "named",
                f"`{one.mistake.id}` ({one.style}, seed {one.seed}) is called "
                f"`{one.named or 'nothing'}`",
            )
            for one in missed
        )
    return Row(assignment, "mistakes called by their name", held, len(trials), RIGHT_NAME, findings)


def _no_wrong_name(assignment: str, trials: Sequence[Trial], path: Path) -> Row:
    wrong = [one for one in trials if one.wrong_name]
    findings = tuple(
        Finding(
            str(path),
            one.mistake.line,
            "wrong-name",
            f"`{one.mistake.id}` ({one.style}, seed {one.seed}) is taken for `{one.named}`",
        )
        for one in wrong
    )
    held = len(trials) - len(wrong)
    return Row(assignment, "mistakes never called by a wrong name", held, len(trials), 1, findings)


def _every_check_catches(
    assignment: str, trials: Sequence[Trial], path: Path, checks: Iterable[str]
) -> Row:
    known = list(checks)
    busy = {name for one in trials for name in one.caught_by}
    idle = [name for name in known if name not in busy]
    findings = tuple(
        Finding(str(path), 1, "idle-check", f"no catalogued mistake fails the check {name}")
        for name in idle
    )
    return Row(
        assignment, "checks that catch a mistake", len(known) - len(idle), len(known), 1, findings
    )
