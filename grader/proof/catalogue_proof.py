"""Every catalogued mistake is rejected by the check it names, and called by its own name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from grader.checking.check import Check
from grader.checking.local_student import LocalStudent
from grader.checking.suite import Suite
from grader.checking.time_limit import TooLongError, time_limit
from grader.content.code import Code
from grader.content.course import Assignment
from grader.content.edits import FunctionText, edited
from grader.content.mistakes import Catalogue, Mistake, MistakeTexts, mistake_texts
from grader.grading.diagnosis.diagnose import Diagnostician
from grader.grading.diagnosis.fingerprints import Fingerprints, load_fingerprints
from grader.grading.diagnosis.workshop import Workshop
from grader.grading.task_run import run_check
from grader.proof.memory import remembering
from grader.proof.remembering_workshop import RememberingWorkshop
from grader.proof.restyle import restyled
from grader.proof.trusted_grading import trusted_grading


@dataclass(frozen=True)
class Trial:
    """One mistake, graded once.

    Attributes
    ----------
    caught_by : tuple of str
        The checks that failed.
    named : str or None
        The diagnosis; empty where nothing was named, None where nobody asked.
    """

    mistake: Mistake
    style: str
    seed: int
    caught_by: tuple[str, ...]
    named: str | None

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
        named = (self.named or "").replace("+", "|").split("|")
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
    turns: int = 1,
) -> list[Trial]:
    """Grade and diagnose every mistake of one function, restyled where ``styles`` says so.

    With several ``turns`` one in so many is diagnosed, another with the next seed; of the others
    only the check that they name is run.

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
        (trial if (number + seed) % turns == 0 else rejection)(
            bench, mistake, seed=seed, restyle=restyle
        )
        for number, mistake in enumerate(catalogue.of(text.name))
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
    code = _code(bench, mistake, seed, restyle=restyle)
    grading = trusted_grading(bench.assignment, suite, code, seed)
    style = _style(restyle=restyle)
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


def rejection(bench: Bench, mistake: Mistake, *, seed: int, restyle: bool) -> Trial:
    """Run the one check that a mistake names, and ask for no diagnosis."""
    code = _code(bench, mistake, seed, restyle=restyle)
    check = next(one for one in bench.suite.checks if one.id == mistake.caught_by)
    caught = (check.id,) if is_caught(bench.suite, code, check, seed) else ()
    return Trial(mistake, _style(restyle=restyle), seed, caught, None)


def is_caught(suite: Suite, code: Code, check: Check, seed: int) -> bool:
    """Whether a check rejects code of our own; code that never ends is rejected, too."""
    try:
        with time_limit(5):
            run = run_check(check, LocalStudent(code, suite.labels), suite, seed)
    except TooLongError:
        return True
    return run.failure is not None


def _code(bench: Bench, mistake: Mistake, seed: int, *, restyle: bool) -> Code:
    source = edited(bench.text, mistake.changes)
    if restyle:
        source = restyled(source, np.random.default_rng(seed))
    return bench.suite.code.with_function(mistake.function, compile(source, "<mistake>", "exec"))


def _style(*, restyle: bool) -> str:
    return "restyled" if restyle else "as it stands"
