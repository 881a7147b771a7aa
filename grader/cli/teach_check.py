"""``teach check``: the author's report."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from time import monotonic

from grader.cli.exit_codes import Exit
from grader.content.course_file import load_course
from grader.content.question_bank import read_library
from grader.content.workspace import find_workspace
from grader.grading.diagnosis.fingerprints import FILE_NAME
from grader.proof.assignment_proof import Subject, prove
from grader.proof.effort import QUICK, Effort
from grader.proof.findings import Proof, Row
from grader.proof.fingerprint_making import made_fingerprints, written
from grader.proof.quiz_proof import prove_quiz
from grader.views.console import make_console, speaks_unicode
from grader.views.proof_view import ProofProgress, ProofView, proof_json


def quiz_row(folder: Path, tasks: list[str], *, seeds: int) -> Row:
    """The quiz bank's proof of itself as one row of the table."""
    library, _ = read_library(folder)
    asked = sum(len(bank.questions) for bank in library.banks)
    proof = prove_quiz(folder, tasks=tasks, seeds=seeds)
    places = {(finding.file, finding.line) for finding in proof.findings}
    held = max(0, asked - len(places))
    remark = "; ".join(proof.summary)
    return Row("quizzes", "questions that prove themselves", held, asked, 1, proof.findings, remark)


def write_fingerprints() -> int:
    """Write the tables of every assignment anew."""
    workspace = find_workspace(Path.cwd())
    course = load_course(workspace.course_file)
    for assignment in course.assignments:
        subject = Subject(course, assignment, workspace)
        tables = made_fingerprints(subject.functions, subject.suite, subject.solutions)
        if tables:
            path = subject.solutions / FILE_NAME
            path.write_text(written(tables), encoding="utf-8")
            print(f"wrote {path}")
    return Exit.ALL_RIGHT


def _progress(row: Row, *, as_json: bool) -> None:
    if not as_json:
        print(f"{row.assignment}: {row.claim}: {row.held} / {row.asked}", file=sys.stderr)


def check(name: str | None, *, quick: bool, draws: range, as_json: bool) -> int:
    """Prove one assignment or all of them, and show what is to be mended."""
    workspace = find_workspace(Path.cwd())
    course = load_course(workspace.course_file)
    chosen = [course.assignment(name)] if name else list(course.assignments)
    effort = QUICK if quick else Effort(tuple(draws))
    if not as_json:
        effort = replace(effort, progress=ProofProgress(make_console(sys.stderr), monotonic).told)
    library, _ = read_library(workspace.quizzes)
    known = sorted(library.misconceptions)
    rows: list[Row] = []
    for assignment in chosen:
        for row in prove(Subject(course, assignment, workspace), effort, known):
            rows.append(row)
            _progress(row, as_json=as_json)
    if name is None:
        tasks = [task.id for assignment in course.assignments for task in assignment.tasks]
        rows.append(quiz_row(workspace.quizzes, tasks, seeds=20 if quick else 200))
        _progress(rows[-1], as_json=as_json)
    proof = Proof(tuple(rows))
    if as_json:
        sys.stdout.buffer.write(proof_json(proof))
    else:
        ProofView(make_console(), unicode=speaks_unicode(sys.stdout)).show(proof)
    return Exit.ALL_RIGHT if proof.kept else Exit.WORK_TO_DO
