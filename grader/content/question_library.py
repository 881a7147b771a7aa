"""All banks of a course, the misconceptions they name and the week's graded quiz."""

from __future__ import annotations

import msgspec

from grader.content.question_records import BankHeader, Question, Record


class Misconception(Record, frozen=True, kw_only=True):
    """A wrong belief, named once for the whole course, and the paragraph that puts it right."""

    id: str
    title: str
    lesson: int
    text: str


class Week(Record, frozen=True, kw_only=True):
    """The graded quiz over all lessons, and how long the course lasts."""

    title: str = "The week's graded quiz"
    questions: int = 20
    pass_percent: int = 80
    course_days: int = 28


class Bank(msgspec.Struct, frozen=True, kw_only=True):
    """One lesson's questions and the file they came from."""

    header: BankHeader
    questions: tuple[Question, ...]
    file: str


class Library(msgspec.Struct, frozen=True, kw_only=True):
    """All banks of a course."""

    banks: tuple[Bank, ...]
    misconceptions: dict[str, Misconception]
    week: Week

    @property
    def questions(self) -> dict[str, Question]:
        """Every question of the course by its id."""
        return {question.id: question for bank in self.banks for question in bank.questions}

    def bank_of(self, question_id: str) -> Bank:
        """The bank that holds a question."""
        prefix = question_id.partition(".")[0]
        return next(bank for bank in self.banks if bank.header.id == prefix)
