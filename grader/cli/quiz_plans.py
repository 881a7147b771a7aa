"""Which questions a sitting asks: from what the command line wished to a plan."""

from __future__ import annotations

import json
from dataclasses import dataclass

import msgspec

from grader.cli.exit_codes import Exit
from grader.cli.quiz_desk import Desk, find_bank, new_seed
from grader.cli.quiz_overview import overview_json
from grader.quiz.asking import shown_question
from grader.quiz.drawing import draw
from grader.quiz.events import Event, SessionPlan
from grader.quiz.progress import (
    SESSION_SIZE,
    Progress,
    lesson_plan,
    next_plan,
    retry_plan,
    review_plan,
    week_plan,
)


@dataclass(frozen=True)
class Wish:
    """What the command line asked for."""

    lesson: str | None = None
    review: bool = False
    retry_wrong: bool = False
    count: int | None = None
    confidence: bool = False
    resume: bool | None = None
    seed: str | None = None
    plain: bool = False

    @property
    def bare(self) -> bool:
        """Just ``quiz``."""
        return self.lesson is None and not self.review and not self.retry_wrong


def plan_of(wish: Wish, desk: Desk, state: Progress, events: list[Event]) -> SessionPlan:
    """Carry out the wish."""
    seed, size = wish.seed or new_seed(), wish.count or SESSION_SIZE
    if wish.lesson == "week":
        return week_plan(desk.library, seed, _asked_in_week(events))
    bank = find_bank(desk.library, wish.lesson) if wish.lesson else None
    if wish.retry_wrong:
        return retry_plan(state, bank, seed, size)
    if bank is not None and not wish.review:
        return lesson_plan(state, bank, seed, size)
    if wish.review:
        if bank is not None:
            due = [question for question in state.due() if question in bank.questions]
            plan = tuple((question.id, question.rev) for question in due[:size])
            return SessionPlan(mode="review", target=bank.header.id, seed=seed, plan=plan)
        return review_plan(state, seed, size)
    return next_plan(state, seed, size)


def _asked_in_week(events: list[Event]) -> frozenset[str]:
    plans = (event.body for event in events if event.kind == "session")
    weeks = (msgspec.convert(body, SessionPlan) for body in plans if body.get("mode") == "week")
    return frozenset(question for plan in weeks for question, _ in plan.plan)


def fits(wish: Wish, plan: SessionPlan, desk: Desk) -> bool:
    """Whether a paused session is of the kind that was asked for."""
    if plan.mode == "answers":
        return False
    if wish.bare:
        return True
    if wish.retry_wrong:
        return plan.target == "retry"
    if wish.lesson is None:
        return plan.mode == "review"
    if wish.lesson == "week":
        return plan.mode == "week"
    return plan.target == find_bank(desk.library, wish.lesson).header.id


def questions_json(wish: Wish, desk: Desk, state: Progress, events: list[Event]) -> int:
    """The overview, or the questions as drawn, without their answers."""
    if wish.bare:
        print(json.dumps(overview_json(state), indent=1))
        return Exit.WORK_TO_DO if state.due() or state.next_bank() else Exit.ALL_RIGHT
    plan = plan_of(wish, desk, state, events)
    questions = []
    for number, (name, rev) in enumerate(plan.plan):
        drawn = draw(desk.library.questions[name], f"{plan.seed}.{number}")
        shown = msgspec.to_builtins(shown_question(drawn, desk.library))
        questions.append({**shown, "rev": rev, "seed": drawn.seed})
    print(json.dumps({"schema": 1, "mode": plan.mode, "target": plan.target, "seed": plan.seed,
                      "questions": questions}, indent=1))  # fmt: skip
    return Exit.ALL_RIGHT
