"""Where the learner stands: what is due, what is next, what went wrong; and joining stores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from grader.cli.exit_codes import Exit
from grader.cli.quiz_desk import find_bank, make_screen, open_desk
from grader.quiz.events import Answered, answers
from grader.quiz.progress import Progress, progress
from grader.quiz.statistics import (
    ItemStatistics,
    calibration,
    item_statistics,
    misconception_counts,
)
from grader.store.quiz_store import utc_now
from grader.views.quiz_screens import Screen

_CONFIDENCE_NAMES = {1: "guessed", 2: "unsure", 3: "sure"}


def overview_json(state: Progress) -> dict[str, Any]:
    """The overview for programs."""
    following = state.next_bank()
    return {
        "schema": 1,
        "due": [question.id for question in state.due()],
        "next": following.header.id if following else None,
        "lessons": _lessons(state),
    }


def _lessons(state: Progress) -> list[dict[str, Any]]:
    due = {question.id for question in state.due()}
    rows = []
    for bank in state.library.banks:
        ids = [question.id for question in bank.questions]
        rows.append(
            {
                "lesson": bank.header.lesson,
                "id": bank.header.id,
                "title": bank.header.title,
                "questions": len(ids),
                "seen": sum(name in state.standings for name in ids),
                "due": len(due & set(ids)),
                "mastered": state.mastered(bank),
            }
        )
    return rows


def show_overview(screen: Screen, state: Progress) -> None:
    """What is due and what is next, lesson by lesson."""
    head = ("lesson", "seen", "due", "mastered")
    rows = [
        (f"{row['lesson']} {row['id']}", f"{row['seen']}/{row['questions']}", str(row["due"]),
         str(row["mastered"]))
        for row in _lessons(state)
    ]  # fmt: skip
    screen.table("Questions", head, rows)
    due, following = len(state.due()), state.next_bank()
    if due:
        screen.note(f"{due} due now: `quiz --review`.")
    if following:
        screen.note(f"Next lesson: `quiz {following.header.id}` ({following.header.title}).")
    elif not due:
        screen.note("Nothing is due. The graded quiz: `quiz week`.")


def show_statistics(lesson: str | None, *, as_json: bool, plain: bool) -> int:
    """Progress, hardest questions, misconceptions, calibration."""
    desk = open_desk()
    with desk.store() as store:
        answered = answers(store.events())
    if lesson is not None and lesson != "week":
        bank = find_bank(desk.library, lesson)
        answered = [a for a in answered if a.answer.question.partition(".")[0] == bank.header.id]
    state = progress(desk.library, answered, utc_now())
    items = item_statistics(answered)
    if as_json:
        print(json.dumps(_statistics_json(state, answered, items), indent=1))
        return Exit.ALL_RIGHT
    screen = make_screen(plain=plain)
    show_overview(screen, state)
    if not answered:
        screen.note("No answers yet.")
        return Exit.ALL_RIGHT
    _show_items(screen, items)
    _show_beliefs(screen, state, answered)
    return Exit.ALL_RIGHT


def _statistics_json(
    state: Progress, answered: list[Answered], items: list[ItemStatistics]
) -> dict[str, Any]:
    built = [{**msgspec.to_builtins(item), "difficulty": item.difficulty} for item in items]
    return {
        **overview_json(state),
        "answers": len(answered),
        "items": built,
        "misconceptions": misconception_counts(answered),
        "calibration": msgspec.to_builtins(calibration(answered)),
    }


def _show_items(screen: Screen, items: list[ItemStatistics]) -> None:
    head = ("question", "first right", "95 %", "separates", "time")
    rows = [
        (
            item.question,
            f"{item.first_right}/{item.first_tries}",
            f"{item.low:.0%}-{item.high:.0%}",
            "-" if item.discrimination is None else f"{item.discrimination:+.2f}",
            "-" if item.median_seconds is None else f"{item.median_seconds:.0f} s",
        )
        for item in items[:15]
    ]
    screen.table("Hardest first", head, rows)
    refused = next((i.discrimination_refused for i in items if i.discrimination_refused), None)
    if refused:
        screen.note(f"Whether a question separates is not said: {refused}.")


def _show_beliefs(screen: Screen, state: Progress, answered: list[Answered]) -> None:
    counts = misconception_counts(answered)
    known = state.library.misconceptions
    rows = [(known[name].title if name in known else name, str(n)) for name, n in counts.items()]
    if rows:
        screen.table("Beliefs to put right", ("belief", "met"), rows[:10])
    levels = calibration(answered)
    if levels:
        rows = [(_CONFIDENCE_NAMES[c.confidence], f"{c.right}/{c.answers}") for c in levels]
        screen.table("How sure, and how right", ("when", "right"), rows)


def merge(other: Path, *, as_json: bool) -> int:
    """Take over the answers of another machine."""
    desk = open_desk()
    with desk.store() as store:
        taken = store.merge(other)
    if as_json:
        print(json.dumps({"schema": 1, "taken": taken}))
    else:
        print(f"{taken} events taken over from {other}." if taken else "Nothing new there.")
    return Exit.ALL_RIGHT
