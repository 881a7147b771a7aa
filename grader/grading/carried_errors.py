"""Errors of the grading process, carried to its parent and raised there."""

from __future__ import annotations

import json
import traceback

from grader.errors import (
    ContentError,
    EnvironmentProblem,
    Finding,
    SubmissionError,
    UnrollError,
    UsageError,
)

_KINDS: dict[str, type[UnrollError]] = {
    kind.__name__: kind for kind in (SubmissionError, UsageError, EnvironmentProblem)
}


class GradingFault(RuntimeError):
    """Something of ours went wrong in the grading process; carries its traceback."""


def carried(problem: Exception) -> bytes:
    """An error as text."""
    if isinstance(problem, ContentError):
        findings = [
            [one.file, one.line, one.rule, one.message, one.mend] for one in problem.findings
        ]
        record = {"kind": "ContentError", "message": str(problem), "findings": findings}
    elif type(problem).__name__ in _KINDS:
        record = {"kind": type(problem).__name__, "message": str(problem)}
    else:
        told = "".join(traceback.format_exception(problem))
        record = {"kind": "fault", "message": told}
    return json.dumps(record).encode("ascii")


def carried_error(text: bytes) -> Exception:
    """The error that was carried."""
    record = json.loads(text)
    kind, message = record["kind"], record["message"]
    if kind == "ContentError":
        findings = [Finding(*one) for one in record["findings"]]
        return ContentError(findings or message)
    if kind in _KINDS:
        return _KINDS[kind](message)
    return GradingFault(message)
