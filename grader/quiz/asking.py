"""A drawn question as something to show: no colours, no terminal."""

from __future__ import annotations

from dataclasses import dataclass

from grader.content.question_library import Library
from grader.content.question_records import Cloze, Match, Order, Question, Trace
from grader.quiz.drawing import Drawn
from grader.quiz.marker import LETTERS
from grader.quiz.marking import marker_of
from grader.quiz.marking_choice import option_texts
from grader.quiz.marking_cloze import code_with_numbers
from grader.quiz.tracing import source_of

KIND_NAMES = {
    "single": "one is right", "multi": "one or more are right",
    "truefalse": "true or false, and why",
    "numeric": "a number", "shape": "a shape", "text": "a word or phrase", "order": "put in order",
    "match": "join the two columns", "cloze": "fill the blanks", "trace": "what does this print?",
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """Everything of a question that the learner may see before answering."""

    id: str
    type: str
    lesson: str
    kind: str
    prompt: str
    code: str
    numbered: tuple[str, ...]  # left sides of a match
    lettered: tuple[str, ...]  # options, reasons, items or right sides, as laid out
    how: str
    hints: int


def shown_question(drawn: Drawn, library: Library) -> Shown:
    """What to show of `drawn`."""
    question = drawn.question
    numbered: tuple[str, ...] = ()
    if isinstance(question, Match):
        numbered = tuple(drawn.text(pair.left) for pair in question.pairs)
    return Shown(
        id=question.id,
        type=question.type,
        lesson=library.bank_of(question.id).header.title,
        kind=KIND_NAMES[question.type],
        prompt=drawn.prompt.strip(),
        code=_code(drawn),
        numbered=numbered,
        lettered=tuple(_lettered(drawn)),
        how=marker_of(drawn).how(drawn),
        hints=len(question.hints),
    )


def _code(drawn: Drawn) -> str:
    question = drawn.question
    if isinstance(question, Trace):
        return source_of(question.code, drawn.variables).rstrip()
    if isinstance(question, Cloze):
        return source_of(code_with_numbers(question), drawn.variables).rstrip()
    return ""


def _lettered(drawn: Drawn) -> list[str]:
    question = drawn.question
    if question.type in ("single", "multi", "truefalse"):
        return option_texts(drawn)
    if isinstance(question, Order):
        return [drawn.text(question.items[index].text) for index in drawn.layout]
    if isinstance(question, Match):
        texts = (*(p.right for p in question.pairs), *(e.text for e in question.extra))
        return [drawn.text(texts[index]) for index in drawn.layout]
    return []


def given_in_words(drawn: Drawn, given: str) -> str:
    """A stored answer as a learner recognises it: the texts of the options that were picked."""
    question = drawn.question
    parts = given.split()
    if not all(part in LETTERS or part in ("true", "false") for part in parts):
        return given  # "don't know", or what was typed
    if question.type in ("single", "multi", "truefalse"):
        by_file = dict(zip(drawn.layout, option_texts(drawn), strict=True))
        words = [by_file[LETTERS.index(p)] if p in LETTERS else p for p in parts]
        return "; ".join(words)
    if isinstance(question, Order):
        return "; then ".join(drawn.text(question.items[LETTERS.index(p)].text) for p in parts)
    return given


def references(question: Question, library: Library) -> list[str]:
    """Where to read on, one line each."""
    titles = {bank.header.lesson: bank.header.title for bank in library.banks}
    lines = []
    for reference in question.refs:
        if reference.task:
            lines.append(f"Task `{reference.task}`: `grade --show {reference.task}`")
        elif reference.lesson:
            title = titles.get(reference.lesson, "")
            lines.append(f"Lesson {reference.lesson}" + (f": {title}" if title else ""))
        elif reference.paper:
            lines.append(reference.paper)
    return lines
