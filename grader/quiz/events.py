"""What happened, as records that are only ever added: the quiz's whole memory.

Kinds: ``session`` (a plan was made), ``answer``, ``hint``, ``end``. Ids are random, so the
memories of two machines can be joined by taking each event once.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from grader.quiz.drawing import Drawn
from grader.quiz.verdicts import Verdict

Mode = Literal["practice", "review", "week", "answers"]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log; `at` in milliseconds since 1970 UTC, `day` the local date."""

    id: str
    at: int
    day: str
    origin: str
    kind: str
    session: str
    body: dict[str, Any]


class SessionPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a ``session`` event: what will be asked, and the seed of all its draws."""

    mode: Mode
    target: str
    seed: str
    plan: tuple[tuple[str, int], ...]  # (question id, rev)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The body of an ``answer`` event; `number` counts the answers of its session from 0."""

    number: int
    question: str
    rev: int
    seed: str
    typed: str
    given: str
    right: bool
    credit: float
    traps: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()
    ms: int = 0
    hints: int = 0
    confidence: int | None = None  # 1 guessed, 2 unsure, 3 sure


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """An answer with its place in time."""

    at: int
    day: str
    origin: str
    session: str
    answer: Answer


def answers(events: list[Event]) -> list[Answered]:
    """All answers, oldest first."""
    found = [
        Answered(
            at=event.at,
            day=event.day,
            origin=event.origin,
            session=event.session,
            answer=msgspec.convert(event.body, Answer),
        )
        for event in events
        if event.kind == "answer"
    ]
    return sorted(found, key=lambda one: (one.at, one.session, one.answer.number))


def answer_record(
    drawn: Drawn, verdict: Verdict, typed: str, number: int, ms: int = 0, hints: int = 0,
    confidence: int | None = None,
) -> Answer:  # fmt: skip
    """What is stored of one answer."""
    named = (remark.misconception for remark in verdict.remarks)
    return Answer(
        number=number,
        question=drawn.question.id,
        rev=drawn.question.rev,
        seed=drawn.seed,
        typed=typed,
        given=verdict.given,
        right=verdict.right,
        credit=verdict.credit,
        traps=verdict.traps,
        misconceptions=tuple(name for name in named if name),
        ms=ms,
        hints=hints,
        confidence=confidence,
    )
