"""The rows of the table that the trials of a catalogue come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.errors import Finding
from grader.proof.catalogue_proof import Trial
from grader.proof.findings import Row

RIGHT_NAME = 0.95


def catalogue_rows(
    assignment: str, trials: Sequence[Trial], path: Path, checks: Iterable[str]
) -> list[Row]:
    """The rows of the table that the trials come to; names count where one was asked for."""
    diagnosed = [one for one in trials if one.named is not None]
    return [
        _rejected(assignment, trials, path),
        _named(assignment, diagnosed, path),
        _no_wrong_name(assignment, diagnosed, path),
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
