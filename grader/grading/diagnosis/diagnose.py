"""Diagnose one failed task: the catalogue first, general findings where nothing fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.checking.failures import CallFailure, CheckFailure
from grader.checking.labels import name_of
from grader.checking.student import Call
from grader.checking.suite import Suite
from grader.content.edits import FunctionText
from grader.content.mistakes import Catalogue
from grader.grading.diagnosis.detectors import look
from grader.grading.diagnosis.evidence import Evidence, WatchedCheck, again
from grader.grading.diagnosis.explanation import Explanation
from grader.grading.diagnosis.own_names import (
    OwnCode,
    filled,
    locals_of,
    place_of_difference,
    translate_names,
)
from grader.grading.diagnosis.search import TRIALS, Allowance, explain
from grader.grading.diagnosis.workshop import Workshop
from grader.grading.grade import Grading, TaskRun
from grader.grading.task_run import CheckRun, seeds_of
from grader.results import Location

OwnCodeOf = Callable[[str], OwnCode | None]


@dataclass(frozen=True)
class Diagnosis:
    """What is behind a failed check.

    Attributes
    ----------
    id : str
        Entries of the catalogue joined by ``+`` (together) or ``|`` (either), ``mutant:...``,
        or ``looks:...`` for a general finding.
    """

    id: str
    sentence: str
    location: Location | None = None


# Trials for all the searches of one report; a learner with every task wrong needs the first few
# explained, and soon.
TRIALS_PER_REPORT = 3 * TRIALS


@dataclass(frozen=True)
class Diagnostician:
    """Knows the catalogue, the reference's texts and how to read the learner's source."""

    catalogue_of: Callable[[str], Catalogue]
    functions: Mapping[str, FunctionText]
    own_code: OwnCodeOf
    allowance: Allowance = field(default_factory=lambda: Allowance(TRIALS_PER_REPORT))
    workshops: dict[str, Workshop] = field(default_factory=dict)

    def diagnose(self, grading: Grading, run: TaskRun) -> dict[str, Diagnosis]:
        """A diagnosis per failed check, by the check's id."""
        failed = [check for check in run.runs if check.failure is not None]
        evidence = evidence_of(run, grading.seed)
        found = self._explanation(evidence, grading.suite)
        own = self.own_code(run.task.id)
        if found is None:
            return self._general(failed, own, grading.suite)
        diagnosis = self._told(found, evidence, own, grading, failed)
        return _shared(diagnosis, failed, evidence)

    def _explanation(self, evidence: Evidence, suite: Suite) -> Explanation | None:
        function = evidence.function
        if function not in self.functions or evidence.empty:
            return None
        if function not in self.workshops:
            self.workshops[function] = Workshop(self.functions[function], suite.code)
        part = self.allowance.part(TRIALS)
        before = part.left
        found = explain(
            evidence,
            self.catalogue_of(function),
            self.workshops[function],
            suite,
            allowance=part,
        )
        self.allowance.spend(before - part.left)
        return found

    def _told(
        self,
        found: Explanation,
        evidence: Evidence,
        own: OwnCode | None,
        grading: Grading,
        failed: Sequence[CheckRun],
    ) -> Diagnosis:
        names: dict[str, str] = {}
        location = None
        if own is not None:
            names, own = self._names(found, evidence, own, grading, failed)
            location = _line(found, names, own)
        sentences = [filled(tells, names, own) for tells in found.tells]
        joined = _joined(sentences, together=found.together)
        if evidence.only_errors:  # one error message may have several causes
            joined = f"A likely cause: {joined}"
        sign = "+" if found.together else "|"
        return Diagnosis(sign.join(found.ids), joined, location)

    def _names(
        self,
        found: Explanation,
        evidence: Evidence,
        own: OwnCode,
        grading: Grading,
        failed: Sequence[CheckRun],
    ) -> tuple[dict[str, str], OwnCode]:
        """The learner's names for the reference's variables, by their values in one call."""
        wanted = set(found.variables)
        wanted |= {name for tells in found.tells for name in re.findall(r"\{(\w+)\}", tells)}
        call = next((call for call in evidence.calls if call.failure is None), None)
        if call is None or not wanted:
            return {}, own
        helped = failed[0].helped if failed else ()
        own = _with_variables(own, call, grading, helped)
        code = grading.suite.code.with_function(evidence.function, found.code)
        ours = locals_of(code, grading.suite, call)
        return translate_names(sorted(wanted), ours, own), own

    def _general(
        self, failed: Sequence[CheckRun], own: OwnCode | None, suite: Suite
    ) -> dict[str, Diagnosis]:
        found = {}
        for run in failed:
            diagnosis = _sighted(run, own, suite)
            if diagnosis is not None:
                found[run.check.id] = diagnosis
        return found


def evidence_of(run: TaskRun, seed: int) -> Evidence:
    """The footprint of the task's own function, failing checks first."""
    calls: list[Call] = []
    watched: list[WatchedCheck] = []
    # Where the reference answers for callees, runs with the learner's own tell of other faults.
    helped = [check for check in run.runs if check.helped]
    for check in sorted(helped or run.runs, key=lambda check: check.passed):
        if any(call.watched for call in check.calls):
            sentence = check.failure.sentence if check.failure is not None else None
            watched.append(WatchedCheck(check.check, seeds_of(seed, check.check), sentence))
        else:
            calls += [call for call in check.calls if call.function == run.task.id]
    return Evidence(run.task.id, tuple(calls), tuple(watched))


def _with_variables(own: OwnCode, call: Call, grading: Grading, helped: Sequence[str]) -> OwnCode:
    """The learner's code with the local variables that it returned with from ``call``."""
    student = grading.student(helped, watch_locals=True)
    try:
        again(student, call)
        recorded = student.locals
    finally:
        student.close()
    variables = recorded[0].variables if recorded else {}
    return OwnCode(own.file, own.cell, own.names, own.texts, own.first_line, variables)


def _line(found: Explanation, names: Mapping[str, str], own: OwnCode) -> Location | None:
    """Where the learner sets the first of the fault's variables that their code has."""
    for variable in found.variables:
        location = own.line_of(names.get(variable, variable), first=variable in found.begun_wrong)
        if location is not None:
            return location
    return None


def _joined(sentences: Sequence[str], *, together: bool) -> str:
    if len(sentences) == 1:
        return sentences[0]
    if together:
        return "Two things come together here. First: " + " Second: ".join(sentences)
    return "From outside these cannot be told apart. Either: " + " Or: ".join(sentences)


def _shared(
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


def _sighted(run: CheckRun, own: OwnCode | None, suite: Suite) -> Diagnosis | None:
    """A general finding about the first wrong value of one check."""
    failure = run.failure
    if failure is None or isinstance(failure, CallFailure) or failure.difference is None:
        return None
    labels = _labels(suite, failure)
    location = None
    if own is not None:
        location = place_of_difference(failure.difference, labels, own)
    arguments, expected = _surroundings(run, failure, suite, labels)
    sighting = look(failure.difference, arguments, expected)
    if sighting is None:
        return Diagnosis("", "", location) if location is not None else None
    return Diagnosis(f"looks:{sighting.id}", sighting.sentence, location)


def _labels(suite: Suite, failure: CheckFailure) -> list[str]:
    labels = suite.labels.get(failure.function or "", ())
    return [name_of(label) for label in labels] if isinstance(labels, tuple) else []


def _surroundings(
    run: CheckRun, failure: CheckFailure, suite: Suite, labels: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the function was given, and what it should have returned, by name."""
    calls = [call for call in run.calls if call.function == failure.function]
    if not calls:
        return {}, {}
    reference = suite.reference()
    names = reference.argument_names(calls[-1].function)
    arguments = dict(zip(names, calls[-1].arguments, strict=False))
    right = again(reference, calls[-1]).value
    if isinstance(right, tuple):
        return arguments, dict(zip(labels, right, strict=False))
    return arguments, right if isinstance(right, dict) else {}
