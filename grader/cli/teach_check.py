"""``teach check``: the author's report."""

from __future__ import annotations

import sys
from pathlib import Path

from grader.cli.exit_codes import Exit
from grader.content.course import load_course
from grader.content.workspace import find_workspace
from grader.proof.assignment_proof import QUICK, Effort, Subject, prove
from grader.proof.findings import Proof, Row
from grader.views.console import make_console, speaks_unicode
from grader.views.proof_view import ProofView, proof_json


def check(name: str | None, *, quick: bool, seeds: int, as_json: bool) -> int:
    """Prove one assignment or all of them, and show what is to be mended."""
    workspace = find_workspace(Path.cwd())
    course = load_course(workspace.course_file)
    chosen = [course.assignment(name)] if name else list(course.assignments)
    effort = QUICK if quick else Effort(tuple(range(1, seeds + 1)))
    rows: list[Row] = []
    for assignment in chosen:
        for row in prove(Subject(course, assignment, workspace), effort, None):
            rows.append(row)
            if not as_json:
                print(f"{assignment.id}: {row.claim}: {row.held} / {row.asked}", file=sys.stderr)
    proof = Proof(tuple(rows))
    if as_json:
        sys.stdout.buffer.write(proof_json(proof))
    else:
        ProofView(make_console(), unicode=speaks_unicode(sys.stdout)).show(proof)
    return Exit.ALL_RIGHT if proof.kept else Exit.WORK_TO_DO
