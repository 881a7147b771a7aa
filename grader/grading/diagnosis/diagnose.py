"""Diagnose one failed task: the catalogue first, general findings where nothing fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import msgspec

from grader.checking.suite import Suite
from grader.content.edits import FunctionText
from grader.content.intake.source_names import names_in
from grader.content.mistakes import MistakeTexts
from grader.grading.diagnosis.allowance import TRIALS, Allowance
from grader.grading.diagnosis.evidence import Evidence
from grader.grading.diagnosis.explanation import Explanation
from grader.grading.diagnosis.findings import Findings
from grader.grading.diagnosis.fingerprints import Fingerprints
from grader.grading.diagnosis.gathering import (
    Seen,
    evidence_of,
    narrowing_of,
    seen_in,
    variables_in,
)
from grader.grading.diagnosis.inlined import fault_in_a_step
from grader.grading.diagnosis.leftovers import run_without_leftovers
from grader.grading.diagnosis.looks import Sighting
from grader.grading.diagnosis.other_inputs import other_inputs
from grader.grading.diagnosis.own_facts import fact_of
from grader.grading.diagnosis.own_lines import dropped_call
from grader.grading.diagnosis.own_names import (
    OwnCode,
    locals_of,
    names_by_role,
    translate_names,
)
from grader.grading.diagnosis.reported import (
    Diagnosis,
    joined_of,
    never_filled,
    shared_by,
)
from grader.grading.diagnosis.search import explain
from grader.grading.diagnosis.telling import never_updated_among, told_of
from grader.grading.diagnosis.workshop import Workshop
from grader.grading.grade import Grading, TaskRun
from grader.grading.task_run import CheckRun
from grader.results import Location

OwnCodeOf = Callable[[str], OwnCode | None]


# Trials for all the searches of one report; a learner with every task wrong needs the first few
# explained, and soon.
TRIALS_PER_REPORT = 3 * TRIALS


class Diagnostician(msgspec.Struct, frozen=True):
    """Knows the catalogue, the reference's texts and how to read the learner's source."""

    texts_of: Callable[[str], MistakeTexts]
    functions: Mapping[str, FunctionText]
    own_code: OwnCodeOf
    allowance: Allowance = msgspec.field(default_factory=lambda: Allowance(TRIALS_PER_REPORT))
    workshops: dict[str, Workshop] = {}
    fingerprints_of: Callable[[str], Fingerprints | None] = lambda function: None

    def diagnose(self, grading: Grading, run: TaskRun) -> dict[str, Diagnosis]:
        """A diagnosis per failed check, by the check's id."""
        own = self.own_code(run.task.id)
        run, unfilled = run_without_leftovers(run, own, grading)
        failed = [check for check in run.runs if check.failure is not None]
        evidence = evidence_of(run, grading.seed)
        found, seen = self._explanation(evidence, run, grading)
        if found is None:
            diagnoses = self._general(failed, own, grading)
        else:
            diagnosis = self._told(found, evidence, own, grading, seen)
            diagnoses = shared_by(diagnosis, failed, evidence)
        return never_filled(diagnoses, failed, unfilled) if unfilled else diagnoses

    def _explanation(
        self, evidence: Evidence, run: TaskRun, grading: Grading
    ) -> tuple[Explanation | None, Seen]:
        """What explains the footprint, and a call in which the learner's variables were seen."""
        function, suite = evidence.function, grading.suite
        seen = partial(seen_in, evidence, run, grading)
        if function not in self.functions or evidence.empty:
            return None, seen
        if function not in self.workshops:
            self.workshops[function] = Workshop(self.functions[function], suite.code)
        texts = self.texts_of(function)
        part = self.allowance.part(TRIALS)
        before = part.left
        table = self.fingerprints_of(function)
        narrowing = narrowing_of(table, self.workshops[function], texts, run, grading)
        found = explain(
            evidence,
            lambda ids: texts.parsed(ids).mistakes,
            self.workshops[function],
            suite,
            allowance=part,
            narrowing=narrowing,
        )
        found = found or fault_in_a_step(evidence, narrowing, self.functions, self.texts_of, suite)
        self.allowance.spend(before - part.left)
        if narrowing is not None and narrowing.seen.failure is None:
            call, variables = narrowing.seen, narrowing.variables
            return found, lambda: (call, variables)
        return found, seen

    def _told(
        self,
        found: Explanation,
        evidence: Evidence,
        own: OwnCode | None,
        grading: Grading,
        seen: Seen,
    ) -> Diagnosis:
        names: dict[str, str] = {}
        location = None
        if own is not None:
            names, own = self._names(found, evidence, own, grading, seen)
            location = _line(found, names, own)
        line = location.text if location is not None else None
        told = [told_of(tells, names, own, line) for tells in found.tells]
        joined = joined_of(told, together=found.together)
        named = [names.get(name, name) for name in re.findall(r"\{(\w+)\}", " ".join(found.tells))]
        stale = never_updated_among(own, named) if own is not None else None
        if stale is not None:
            joined, location = stale
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
        seen: Seen,
    ) -> tuple[dict[str, str], OwnCode]:
        """The learner's names for the reference's variables, by their values in one call."""
        wanted = set(found.variables)
        wanted |= {name for tells in found.tells for name in re.findall(r"\{(\w+)\}", tells)}
        call, variables = seen() if wanted else (None, None)
        if call is None:
            return {}, own
        own = msgspec.structs.replace(own, variables=variables or {})
        code = grading.suite.code.with_function(evidence.function, found.code)
        ours = locals_of(code, grading.suite, call)
        text = names_in(self.functions[evidence.function].text, evidence.function)
        names = names_by_role(sorted(wanted), text, own)
        return names | translate_names(sorted(wanted), ours, own), own

    def _general(
        self, failed: Sequence[CheckRun], own: OwnCode | None, grading: Grading
    ) -> dict[str, Diagnosis]:
        own = self._with_variables_of(failed, own, grading)
        findings = Findings(failed, own, grading.suite)
        whole = self._as_a_whole(findings, own, failed[0].check.task, grading.suite)
        found: dict[str, Diagnosis] = {}
        told: set[str] = set()
        for run in failed:
            finding = findings.of(run)
            if finding is None:
                continue
            sighting, location = finding.sighting, finding.location
            if whole is not None and findings.shows(run):
                sighting, location = whole[0], whole[1] or location
            sentence = sighting.sentence if sighting is not None else ""
            name = f"looks:{sighting.id}" if sighting is not None and sighting.id else ""
            sentence = "" if sentence in told else sentence
            told.add(sentence)
            found[run.check.id] = Diagnosis(name, sentence, location)
        return found

    def _as_a_whole(
        self, findings: Findings, own: OwnCode | None, function: str, suite: Suite
    ) -> tuple[Sighting, Location | None] | None:
        """What explains the wrong results together."""
        text = self.functions.get(function)
        if not findings.comparisons or text is None:
            return None
        fact = fact_of(own, text.text) if own is not None else None
        if fact is not None:
            return fact
        if findings.is_plain:
            return None
        sighting = self._of_other_inputs(findings, function, suite)
        return (sighting, None) if sighting is not None else None

    def _with_variables_of(
        self, failed: Sequence[CheckRun], own: OwnCode | None, grading: Grading
    ) -> OwnCode | None:
        """The learner's code with its variables in a call that shows the fault."""
        if own is None:
            return None
        for run in sorted(failed, key=_has_numbers):
            calls = [c for c in run.calls if c.function == run.check.task and c.failure is None]
            if calls and not calls[-1].watched:
                return msgspec.structs.replace(
                    own, variables=variables_in(calls[-1], grading, run.helped)
                )
        return own

    def _of_other_inputs(self, findings: Findings, function: str, suite: Suite) -> Sighting | None:
        """What the function would have to be given to return what the learner's returned."""
        text = self.functions.get(function)
        if text is None or "random" in text.text:
            return None
        names = names_in(text.text, function)
        return other_inputs(findings.comparisons, suite.code.functions()[function], names)


def _has_numbers(run: CheckRun) -> bool:
    """False for checks that met NaN or infinity: these come first."""
    difference = run.failure.difference if run.failure is not None else None
    return difference is None or difference.fault != "finiteness"


def _line(found: Explanation, names: Mapping[str, str], own: OwnCode) -> Location | None:
    """Where the learner sets the first of the fault's variables that their code has."""
    if own.node is not None and (line := dropped_call(own.node, found.lost_calls)) is not None:
        return own.place(line)
    for variable in found.variables:
        location = own.line_of(names.get(variable, variable), first=variable in found.begun_wrong)
        if location is not None:
            return location
    return own.line_of_return()
