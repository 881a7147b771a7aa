"""What the quiz bank proves about itself; run by ``teach check`` and by the tests.

    proof = prove_quiz(Path("quizzes"), tasks=known_task_ids, seeds=200)
    proof.findings        every fault with file and line
    proof.summary         a few lines for a person

Structure; an oracle that knows the key is right on every seed; every accepted form is accepted,
every trap refused with its own why; strategies of the test-wise stay at chance; hints do not
give the answer away; every objective and lesson has questions.
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from grader.content.question_bank import read_library
from grader.content.question_library import Library
from grader.content.question_records import Trace
from grader.content.yaml_records import closest
from grader.errors import ContentError, Finding
from grader.proof.quiz_questions import Notes, prove_question
from grader.proof.quiz_strategies import prove_strategies, rates
from grader.quiz.drawing import draw
from grader.quiz.tracing import Tracer, process_tracer

RECALL = frozenset({"numeric", "shape", "text", "cloze", "trace"})
LEAST_RECALL = 0.40
LESSONS = range(1, 13)


@dataclass(frozen=True)
class QuizProof:
    """The outcome: no findings means that every promise holds."""

    findings: tuple[Finding, ...]
    summary: tuple[str, ...]


def prove_quiz(
    folder: Path,
    *,
    tasks: Collection[str] | None = None,
    lessons: Collection[int] = LESSONS,
    seeds: int = 200,
) -> QuizProof:
    """Prove every bank in `folder`; `tasks` are the ids that `refs` may name (None: any)."""
    library, findings = read_library(folder)
    prepare_traces(library, seeds, process_tracer())
    for bank in library.banks:
        notes = Notes(bank.file)
        for question in bank.questions:
            prove_question(notes, question, seeds)
        findings += notes.findings
    findings += _coverage(library, tasks, lessons)
    findings += prove_strategies(library)
    return QuizProof(tuple(findings), tuple(_summary(library, findings, seeds)))


def prepare_traces(library: Library, seeds: int, tracer: Tracer) -> None:
    """Run the code of all trace questions at once: one interpreter instead of hundreds."""
    jobs = []
    for question in library.questions.values():
        if isinstance(question, Trace):
            for number in range(seeds if question.vars else 1):
                try:
                    jobs.append((question.code, draw(question, f"proof-{number}").variables))
                except ValueError:
                    break  # told by prove_question
    tracer.prepare(jobs)


def _coverage(
    library: Library, tasks: Collection[str] | None, lessons: Collection[int]
) -> list[Finding]:
    found: list[Finding] = []
    present = {bank.header.lesson for bank in library.banks}
    for lesson in sorted(set(lessons) - present):
        file = library.banks[0].file if library.banks else "quizzes"
        found.append(Finding(file, 1, "lesson-without-bank", f"Lesson {lesson} has no questions."))
    prompts: dict[str, str] = {}
    for bank in library.banks:
        notes = Notes(bank.file)
        asked = {question.objective for question in bank.questions}
        for objective in bank.header.objectives:
            if objective.id not in asked:
                message = f"No question asks for the objective `{objective.id}`."
                notes.add(objective.line, "objective-without-question", message)
        for question in bank.questions:
            if question.objective is None:
                message = f"`{question.id}` names no objective."
                notes.add(question.line, "no-objective", message)
            same = prompts.setdefault(question.prompt + getattr(question, "code", ""), question.id)
            if same != question.id:
                message = f"`{question.id}` asks word for word what `{same}` asks."
                notes.add(question.line, "duplicate-prompt", message)
            for reference in question.refs:
                if tasks is not None and reference.task and reference.task not in tasks:
                    message = f"`{question.id}` refers to the task `{reference.task}`."
                    mend = closest(reference.task, tasks)
                    notes.add(reference.line, "unknown-task", message, mend)
        found += notes.findings
    return found + _recall(library)


def _recall(library: Library) -> list[Finding]:
    kinds = [question.type for question in library.questions.values()]
    share = sum(kind in RECALL for kind in kinds) / len(kinds) if kinds else 1
    if share >= LEAST_RECALL:
        return []
    message = f"Only {share:.0%} of the questions ask for recall (typed answers)."
    return [Finding(library.banks[0].file, 1, "recall", message, f"reach {LEAST_RECALL:.0%}")]


def _summary(library: Library, findings: list[Finding], seeds: int) -> list[str]:
    kinds = [question.type for question in library.questions.values()]
    counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds)))
    lines = [
        f"{len(kinds)} questions in {len(library.banks)} banks ({counted}); "
        f"{len(library.misconceptions)} misconceptions; {seeds} seeds",
    ]
    for name, (rate, chance, count) in rates(library).items():
        lines.append(f"strategy {name}: right in {rate:.0%} of {count} (chance {chance:.0%})")
    lines.append(f"{len(findings)} findings" if findings else "nothing to mend")
    return lines


def main() -> None:
    """Prove the banks of the folder given (default: quizzes) and print every finding."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("quizzes")
    try:
        proof = prove_quiz(folder)
    except ContentError as error:
        sys.exit(str(error))
    print("\n".join(map(str, proof.findings)))
    print("\n".join(proof.summary))
    sys.exit(1 if proof.findings else 0)


if __name__ == "__main__":
    main()
