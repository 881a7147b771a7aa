"""What a report says of a failed check, and how one cause is told of several checks."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from grader.grading.diagnosis.evidence import Evidence
from grader.grading.diagnosis.scenes import key_of
from grader.grading.task_run import CheckRun
from grader.results import Location


class Diagnosis(msgspec.Struct, frozen=True):
    """What is behind a failed check.

    Attributes
    ----------
    id : str
        Entries of the catalogue joined by ``+`` (together) or ``|`` (either), ``mutant:...``,
        or ``looks:...`` for a general finding.
    instead : bool
        Whether the sentence stands for what the check says, which would mislead.
    """

    id: str
    sentence: str
    location: Location | None = None
    instead: bool = False


def joined_of(sentences: Sequence[str], *, together: bool) -> str:
    """Several sentences as one: two mistakes together, or either of them."""
    if len(sentences) == 1:
        return sentences[0]
    if together:
        return "Two things come together here. First: " + " Second: ".join(sentences)
    return "From outside these cannot be told apart. Either: " + " Or: ".join(sentences)


def shared_by(
    diagnosis: Diagnosis, failed: Sequence[CheckRun], evidence: Evidence
) -> dict[str, Diagnosis]:
    """Tell the diagnosis in full once; the other checks that it explains only point to it."""
    explained = {watched.check.id for watched in evidence.watched}
    covered = [
        run
        for run in failed
        if run.check.id in explained or any(call in evidence.calls for call in run.calls)
    ]
    found = {}
    for position, run in enumerate(covered):
        sentence = diagnosis.sentence if position == 0 else "The cause is the one named above."
        found[run.check.id] = Diagnosis(diagnosis.id, sentence, diagnosis.location)
    return found


def never_filled(
    diagnoses: dict[str, Diagnosis], failed: Sequence[CheckRun], unfilled: frozenset[str]
) -> dict[str, Diagnosis]:
    """Say it in place of the numbers that were found there."""
    for run in failed:
        difference = run.failure.difference if run.failure is not None else None
        key = key_of(difference.path) if difference is not None else ""
        if key in unfilled:
            old = diagnoses.get(run.check.id, Diagnosis("", ""))
            tells = f"{run.check.task}: a part of {key} is never filled; it holds what happened to "
            tells += "be in memory (`np.empty` makes room, not zeros). "
            tells += old.sentence.replace("still zero", "never filled")
            diagnoses[run.check.id] = msgspec.structs.replace(
                old, sentence=tells.rstrip(), instead=True
            )
    return diagnoses
