"""Marking a file of answers: for scripts, classes and tests."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from grader.cli.exit_codes import Exit
from grader.cli.quiz_desk import Desk, find_bank, new_session, open_desk
from grader.errors import UsageError
from grader.quiz.drawing import Drawn, draw
from grader.quiz.events import SessionPlan, answer_record
from grader.quiz.marking import explanation, mark
from grader.quiz.verdicts import Verdict
from grader.store.quiz_store import QuizStore

LIMIT_BYTES = 1_000_000


def mark_file(path: Path, lesson: str | None, seed: str | None, *, as_json: bool) -> int:
    """Mark every line ``id answer`` (or ``id<TAB>answer``) and store the answers.

    The seed is that of the draws: ``quiz LESSON --json --seed S`` shows each question with the
    seed ``S.n``; a line may name it: ``id@S.n answer``. Without it, the draw of `seed` itself.
    """
    desk = open_desk()
    prefix = find_bank(desk.library, lesson).header.id + "." if lesson else ""
    drawn = [(_drawn(desk, name, seed or "1"), typed) for name, typed in _lines(path, prefix)]
    verdicts = [(one, typed, mark(one, typed)) for one, typed in drawn]
    with desk.store() as store:
        _store(store, seed or "1", verdicts)
    right = sum(verdict.right for _, _, verdict in verdicts)
    if as_json:
        results = [_json(*one) for one in verdicts]
        print(json.dumps({"schema": 1, "right": right, "answers": len(results),
                          "results": results}, indent=1))  # fmt: skip
    else:
        _print(verdicts)
        print(f"{right} of {len(verdicts)} right.")
    return Exit.ALL_RIGHT if right == len(verdicts) else Exit.WORK_TO_DO


def _lines(path: Path, prefix: str) -> list[tuple[str, str]]:
    try:
        raw = sys.stdin.buffer.read(LIMIT_BYTES) if str(path) == "-" else _bytes(path)
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text.") from error
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, typed = line.replace("\t", " ").strip().partition(" ")
        if not typed.strip():
            raise UsageError(f"{path}:{number}: no answer stands behind `{name}`.")
        found.append((name if "." in name.partition("@")[0] else prefix + name, typed.strip()))
    return found


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise UsageError(f"There is no file {path}.")
    if path.stat().st_size > LIMIT_BYTES:
        raise UsageError(f"{path} is larger than {LIMIT_BYTES:,} bytes.")
    return path.read_bytes()


def _drawn(desk: Desk, name: str, seed: str) -> Drawn:
    question_id, _, own_seed = name.partition("@")
    question = desk.library.questions.get(question_id)
    if question is None:
        raise UsageError(f"There is no question `{question_id}`.")
    return draw(question, own_seed or seed)


def _store(store: QuizStore, seed: str, verdicts: list[tuple[Drawn, str, Verdict]]) -> None:
    session = new_session()
    plan = tuple((drawn.question.id, drawn.question.rev) for drawn, _, _ in verdicts)
    store.add("session", session, SessionPlan(mode="answers", target="file", seed=seed, plan=plan))
    for number, (drawn, typed, verdict) in enumerate(verdicts):
        if verdict.status != "unreadable":
            store.add("answer", session, answer_record(drawn, verdict, typed[:500], number))
    store.add("end", session, {"reason": "done"})


def _json(drawn: Drawn, typed: str, verdict: Verdict) -> dict[str, Any]:
    counted = verdict.status != "unreadable"
    return {
        "id": drawn.question.id,
        "rev": drawn.question.rev,
        "seed": drawn.seed,
        "typed": typed,
        "status": verdict.status,
        "credit": verdict.credit,
        "remarks": [remark.text for remark in verdict.remarks],
        "misconceptions": [r.misconception for r in verdict.remarks if r.misconception],
        "explanation": explanation(drawn) if counted else None,
    }


def _print(verdicts: list[tuple[Drawn, str, Verdict]]) -> None:
    for drawn, typed, verdict in verdicts:
        click.echo(f"{drawn.question.id}: {verdict.status} ({typed})")
        for remark in verdict.remarks:
            click.echo(f"  {remark.text}")
