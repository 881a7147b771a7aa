"""Make the tables of fingerprints: every known fault of an assignment, tried on one call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from grader.checking.local_student import LocalStudent, legacy_seed
from grader.checking.student import Call
from grader.checking.suite import Suite
from grader.checking.time_limit import TooLongError, time_limit
from grader.content.edits import FunctionText
from grader.content.mistakes import Mistake, MistakeTexts, mistake_texts
from grader.grading.diagnosis.evidence import again, numbers_in
from grader.grading.diagnosis.fingerprints import (
    DOES_NOT_COMPILE,
    UNSETTLED,
    Fingerprints,
    Row,
    digest_of,
    key_of,
    row_of,
    same_row,
)
from grader.grading.diagnosis.inlined import called_by
from grader.grading.diagnosis.workshop import SECONDS_PER_CANDIDATE, Workshop, compiled

# A fault that does not show in the probe has to be tried, which takes about as long as sending so
# many numbers to the learner's function and back.
NUMBERS_PER_TRIAL = 200


def made_fingerprints(
    functions: dict[str, FunctionText],
    suite: Suite,
    solutions: Path,
    checks: Mapping[str, str] | None = None,
) -> dict[str, Fingerprints]:
    """The tables of all functions that have catalogued mistakes and are called directly.

    Parameters
    ----------
    checks : mapping, optional
        Per function the check that the probe is taken from; otherwise the one that tells most.
    """
    made = {}
    chosen = checks or {}
    for name, text in functions.items():
        texts = mistake_texts(solutions / "mistakes.yaml", name)
        workshop = Workshop(text, suite.code)
        if (
            texts.texts
            and (table := table_of(workshop, suite, texts, chosen.get(name))) is not None
        ):
            steps = {
                entry.id: row
                for callee in called_by(name, functions)
                for entry, row in _rows_of_steps(functions[callee], table, workshop, suite)
            }
            made[name] = msgspec.structs.replace(table, steps=steps)
    return made


def _rows_of_steps(
    callee: FunctionText, table: Fingerprints, workshop: Workshop, suite: Suite
) -> Iterator[tuple[Mistake, Row]]:
    """What the mistakes of a called function make of the caller's probe."""
    probe = workshop.probe(table.check, suite)
    assert probe is not None
    for entry in mistake_texts(suite.folder / "mistakes.yaml", callee.name).parsed().mistakes:
        student = LocalStudent(
            suite.code.with_function(callee.name, compiled(callee, entry.changes))
        )
        row = _row(partial(_ended, student, probe), probe)
        if not isinstance(row, str) and not same_row(row, table.right):
            yield entry, row


def _ended(student: LocalStudent, probe: Call) -> Call | None:
    try:
        with time_limit(SECONDS_PER_CANDIDATE):
            return again(student, probe)
    except TooLongError:
        return None


def written(tables: dict[str, Fingerprints]) -> str:
    """The file's text: a line per fault, so that a change of one shows."""
    functions = []
    for name, table in tables.items():
        plain: dict[str, Any] = msgspec.to_builtins(table)
        rows = {key: _lines(plain.pop(key)) for key in ("mistakes", "mutants", "steps")}
        head = ",\n".join(f"  {_json(key)}: {_json(value)}" for key, value in plain.items())
        tail = ",\n".join(f"  {_json(key)}: {lines}" for key, lines in rows.items())
        functions.append(f"{_json(name)}: {{\n{head},\n{tail}\n}}")
    return "{\n" + ",\n".join(functions) + "\n}\n"


def _lines(rows: dict[str, Row]) -> str:
    lines = ",\n".join(f"    {_json(key)}: {_json(row)}" for key, row in rows.items())
    return f"{{\n{lines}\n  }}" if rows else "{}"


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def table_of(
    workshop: Workshop, suite: Suite, texts: MistakeTexts, chosen: str | None = None
) -> Fingerprints | None:
    """The table of one function; None where no check calls it directly."""
    entries = texts.parsed().mistakes
    best: tuple[int, str, Call, dict[str, Row]] | None = None
    for check, probe in _probes(workshop, suite, texts.function, chosen):
        right = row_of(probe, probe.value)
        rows = {e.id: _row(partial(workshop.whole, probe, e.changes), probe) for e in entries}
        unseen = sum(row == right for row in rows.values())
        cost = unseen * NUMBERS_PER_TRIAL + numbers_in(probe.arguments) + numbers_in(probe.value)
        if best is None or cost < best[0]:
            best = cost, check, probe, rows
    if best is None:
        return None
    _, check, probe, rows = best
    right = row_of(probe, probe.value)
    assert isinstance(right, list)
    digest = digest_of(workshop.text.text, texts)
    return Fingerprints(digest, check, right, rows, dict(_mutants(workshop, probe)))


def _row(ended: Callable[[], Call | None], probe: Call) -> Row:
    """What a fault comes to, where it comes to the same wherever numpy's generator stands."""
    rows = []
    for seed in (1, 2):
        with legacy_seed(seed):
            rows.append(row_of(ended(), probe.value))
    return rows[0] if same_row(*rows) else UNSETTLED


def _probes(
    workshop: Workshop, suite: Suite, function: str, chosen: str | None
) -> Iterator[tuple[str, Call]]:
    for check in suite.checks_of(function):
        if chosen not in (None, check.id):
            continue
        probe = workshop.probe(check.id, suite)
        if probe is not None and probe.failure is None:
            yield check.id, probe


def _mutants(workshop: Workshop, probe: Call) -> Iterator[tuple[str, Row]]:
    rows: dict[str, Row] = {}

    def note(body: object, changed: object, place: tuple[int, int]) -> bool:
        rows[key_of(place)] = DOES_NOT_COMPILE
        return True

    for mutant in workshop.mutants(plausible=note):
        rows[key_of(mutant.place)] = _row(partial(workshop.ended, probe, mutant.code), probe)
    yield from rows.items()
