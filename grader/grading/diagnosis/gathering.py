"""What there is to go by: the calls of a task's checks, and calls made anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grader.checking.student import Call
from grader.content.mistakes import MistakeTexts
from grader.grading.diagnosis.evidence import Evidence, WatchedCheck, again
from grader.grading.diagnosis.fingerprints import Fingerprints, Narrowing, digest_of
from grader.grading.diagnosis.workshop import Workshop
from grader.grading.grade import Grading, TaskRun
from grader.grading.task_run import CheckRun, seeds_of, stopped

# A call of the learner's function that returned, and the local variables that it returned with.
Variables = Mapping[str, Any]
Seen = Callable[[], tuple[Call | None, Variables | None]]


def evidence_of(run: TaskRun, seed: int) -> Evidence:
    """The footprint of the task's own function, failing checks first."""
    calls: list[Call] = []
    watched: list[WatchedCheck] = []
    for check in _telling_runs(run):
        if any(call.watched for call in check.calls):
            sentence = check.failure.sentence if check.failure is not None else None
            watched.append(WatchedCheck(check.check, seeds_of(seed, check.check), sentence))
        else:
            calls += [call for call in check.calls if call.function == run.task.id]
    return Evidence(run.task.id, tuple(calls), tuple(watched))


def _telling_runs(run: TaskRun) -> list[CheckRun]:
    """Failing ones first; where the reference answered for callees, those runs alone.

    What came with the learner's own callees tells of other functions' faults.
    """
    helped = [check for check in run.runs if check.helped]
    return sorted(helped or run.runs, key=lambda check: check.passed)


def narrowing_of(
    table: Fingerprints | None,
    workshop: Workshop,
    texts: MistakeTexts,
    run: TaskRun,
    grading: Grading,
) -> Narrowing | None:
    """What one more call of the learner's function rules out; None without a table in step."""
    if table is None or table.of != digest_of(workshop.text.text, texts):
        return None
    probe = workshop.probe(table.check, grading.suite)
    if probe is None or not table.is_in_step(probe.value) or any(map(stopped, run.runs)):
        return None
    seen, variables = _made_anew(probe, grading, _telling_runs(run)[0].helped)
    return Narrowing(table, seen, probe.value, variables)


def seen_in(
    evidence: Evidence, run: TaskRun, grading: Grading
) -> tuple[Call | None, Variables | None]:
    """The first of the recorded calls that returned, and the variables in it."""
    call = next((call for call in evidence.calls if call.failure is None), None)
    if call is None:
        return None, None
    return call, variables_in(call, grading, _telling_runs(run)[0].helped)


def variables_in(call: Call, grading: Grading, helped: Sequence[str]) -> Variables:
    """The local variables with which the learner's function returns from a call."""
    _, variables = _made_anew(call, grading, helped)
    return variables or {}


def _made_anew(
    call: Call, grading: Grading, helped: Sequence[str]
) -> tuple[Call, Variables | None]:
    student = grading.student(helped, watch_locals=True)
    try:
        made = again(student, call)
        recorded = student.locals
    finally:
        student.close()
    return made, recorded[0].variables if recorded else None
