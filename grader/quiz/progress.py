"""What a learner knows by now, and what to ask next."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from grader.content.question_library import Bank, Library
from grader.content.question_records import Question
from grader.quiz.events import Answered, SessionPlan
from grader.quiz.scheduling import Standing, reviews, standing

SESSION_SIZE = 10


@dataclass(frozen=True)
class Progress:
    """Every question's standing at one moment."""

    library: Library
    standings: Mapping[str, Standing]
    answers: Mapping[str, tuple[Answered, ...]]
    now: datetime

    def due(self) -> list[Question]:
        """Questions whose time has come, the most overdue first."""
        waiting = [(s.due, name) for name, s in self.standings.items() if s.due <= self.now]
        return [self.library.questions[name] for _, name in sorted(waiting)]

    def unseen(self, bank: Bank) -> list[Question]:
        """Questions of a bank that were never asked."""
        return [question for question in bank.questions if question.id not in self.standings]

    def wrong(self) -> list[Question]:
        """Questions whose latest answer was wrong."""
        wrong = [name for name, s in self.standings.items() if not s.last_right]
        return [self.library.questions[name] for name in sorted(wrong)]

    def mastered(self, bank: Bank) -> int:
        """How many questions of a bank were recalled on three different days."""
        found = (self.standings.get(question.id) for question in bank.questions)
        return sum(one.mastered for one in found if one)

    def next_bank(self) -> Bank | None:
        """The first lesson with questions never asked."""
        return next((bank for bank in self.library.banks if self.unseen(bank)), None)


def progress(library: Library, answered: list[Answered], now: datetime) -> Progress:
    """Standings of all questions; answers to an earlier `rev` count no more."""
    revs = {question.id: question.rev for question in library.questions.values()}
    histories: dict[str, list[Answered]] = defaultdict(list)
    for one in answered:
        if revs.get(one.answer.question) == one.answer.rev:
            histories[one.answer.question].append(one)
    end = course_end(library, answered)
    standings: dict[str, Standing] = {}
    for name, history in histories.items():
        found = standing(reviews(history), end)
        if found is not None:
            standings[name] = found
    return Progress(library, standings, {k: tuple(v) for k, v in histories.items()}, now)


def course_end(library: Library, answered: list[Answered]) -> datetime | None:
    """The end of the learner's course: so many days after the first answer."""
    if not answered:
        return None
    first = datetime.fromtimestamp(min(one.at for one in answered) / 1000, UTC)
    return first + timedelta(days=library.week.course_days)


def lesson_plan(state: Progress, bank: Bank, seed: str, size: int = SESSION_SIZE) -> SessionPlan:
    """A lesson: what is due, then what is new in the bank's order, then the least stable."""
    mine = {question.id for question in bank.questions}
    due = [question for question in state.due() if question.id in mine]
    fresh = state.unseen(bank)
    chosen = {question.id for question in (*due, *fresh)}
    rest = [question for question in bank.questions if question.id not in chosen]
    rest.sort(key=lambda question: state.standings[question.id].stability)
    return _plan("practice", bank.header.id, seed, (due + fresh + rest)[:size])


def review_plan(state: Progress, seed: str, size: int = SESSION_SIZE) -> SessionPlan:
    """What is due over all lessons, mixed: mixing asks which idea applies, not only how."""
    due = state.due()[:size]
    random.Random(f"{seed}/review").shuffle(due)
    return _plan("review", "review", seed, due)


def next_plan(state: Progress, seed: str, size: int = SESSION_SIZE) -> SessionPlan:
    """What is due, then new questions of the next lesson."""
    due, bank = state.due()[:size], state.next_bank()
    fresh = state.unseen(bank)[: size - len(due)] if bank else []
    return _plan("review", "next", seed, due + fresh)


def retry_plan(
    state: Progress, bank: Bank | None, seed: str, size: int = SESSION_SIZE
) -> SessionPlan:
    """What was answered wrong last time."""
    mine = {question.id for question in bank.questions} if bank else set(state.standings)
    wrong = [question for question in state.wrong() if question.id in mine]
    return _plan("review", "retry", seed, wrong[:size])


def week_plan(library: Library, seed: str, earlier: frozenset[str] = frozenset()) -> SessionPlan:
    """The graded quiz, spread over all lessons; questions of `earlier` attempts come last."""
    rng = random.Random(f"{seed}/week")
    piles = []
    for bank in library.banks:
        pile = list(bank.questions)
        rng.shuffle(pile)
        pile.sort(key=lambda question: question.id in earlier)
        piles.append(pile)
    rng.shuffle(piles)  # which lessons give two questions changes with each attempt
    drawn: list[Question] = []
    while len(drawn) < library.week.questions and any(piles):
        for pile in piles:
            if pile and len(drawn) < library.week.questions:
                drawn.append(pile.pop(0))
    rng.shuffle(drawn)
    return _plan("week", "week", seed, drawn)


def week_passed(library: Library, right: int, asked: int) -> bool:
    """Whether the graded quiz is passed: 80 % unless the course says otherwise."""
    return asked > 0 and right * 100 >= library.week.pass_percent * asked


def _plan(mode: str, target: str, seed: str, questions: list[Question]) -> SessionPlan:
    plan = tuple((question.id, question.rev) for question in questions)
    return SessionPlan(mode=mode, target=target, seed=seed, plan=plan)  # type: ignore[arg-type]
