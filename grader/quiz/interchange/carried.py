"""What every export shares: its result, Moodle's fractions, and what is lost on the way."""

from __future__ import annotations

from dataclasses import dataclass

from grader.content.question_library import Library
from grader.content.question_records import Choice, Match, Numeric, Question, Text, Trace
from grader.quiz.drawing import Drawn, draw

# The only fractions (per cent) that Moodle takes; others make it refuse the question.
FRACTIONS = (
    100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667,
    14.28571, 12.5, 11.11111, 10, 5, 0,
)  # fmt: skip


@dataclass(frozen=True)
class Export:
    """The file's text, and one line for everything that could not be carried."""

    text: str
    reports: tuple[str, ...]
    carried: int


def fraction(share: float) -> str:
    """The nearest fraction of Moodle's list, as it writes it."""
    nearest = min(FRACTIONS, key=lambda known: abs(known - abs(100 * share)))
    sign = "-" if share < 0 else ""
    return (
        f"{sign}{nearest:g}" if float(nearest).is_integer() else f"{sign}{nearest:.5f}".rstrip("0")
    )


def drawn_questions(library: Library, bank_id: str | None, seed: str) -> list[Drawn]:
    """The questions of one bank, or of all, with their numbers fixed by `seed`."""
    return [
        draw(question, seed)
        for bank in library.banks
        if bank_id in (None, bank.header.id)
        for question in bank.questions
    ]


def losses(question: Question, *, hints: bool, kind_note: str = "") -> list[str]:
    """What a format without variables, schedules or misconceptions loses of `question`."""
    found = [kind_note] if kind_note else []
    if question.vars:
        found.append("its numbers are fixed; they no longer change with each attempt")
    if question.hints and not hints:
        found.append(f"{len(question.hints)} hints are left out")
    if question.refs:
        found.append("its references are left out")
    if isinstance(question, Numeric) and question.unit:
        found.append("the unit is not checked")
    if isinstance(question, Text) and question.patterns:
        found.append("its patterns are left out; only the accepted forms are right")
    if isinstance(question, Text) and any(trap.pattern for trap in question.traps):
        found.append("traps given as patterns are left out")
    if isinstance(question, Text) and question.typo:
        found.append("a typo is not forgiven")
    if isinstance(question, Trace):
        found.append("the output is compared as text")
    if isinstance(question, Choice) and question.type == "multi":
        found.append("partly right answers earn part of the points")
    if isinstance(question, Match):
        found.append("why a pair is wrong is told in the general feedback only")
    return [f"{question.id}: {loss}" for loss in found]
