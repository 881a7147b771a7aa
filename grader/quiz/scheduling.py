"""When a question comes back: FSRS, with intervals that end before the course does.

FSRS-6 (Ye 2024, https://github.com/open-spaced-repetition/fsrs4anki/wiki) models each memory by
stability and difficulty. We use the `fsrs` package without fuzz, so that equal histories give
equal plans, and without its minute-long learning steps: within a session, wrong items return
by the session's own rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from grader.quiz.events import Answered

MASTERY_DAYS = 3
LONGEST_DAYS = 36_500
Rating = Literal["again", "hard", "good", "easy"]


@dataclass(frozen=True)
class Review:
    """One answer as the scheduler sees it."""

    at: datetime
    day: str
    rating: Rating


@dataclass(frozen=True)
class Standing:
    """How well one question is known."""

    due: datetime
    stability: float
    difficulty: float
    reviews: int
    recalled_days: int
    last_right: bool

    @property
    def mastered(self) -> bool:
        """Recalled on three different days."""
        return self.recalled_days >= MASTERY_DAYS


def rating_of(answered: Answered) -> Rating:
    """Wrong: again; right with hints or by a guess: hard; right: good."""
    answer = answered.answer
    if not answer.right:
        return "again"
    return "hard" if answer.hints or answer.confidence == 1 else "good"


def reviews(history: Iterable[Answered]) -> list[Review]:
    """The answers to one question as reviews, oldest first."""
    ordered = sorted(history, key=lambda one: one.at)
    return [
        Review(datetime.fromtimestamp(one.at / 1000, UTC), one.day, rating_of(one))
        for one in ordered
    ]


def longest_interval(at: datetime, course_end: datetime | None) -> int:
    """The most days until the next review: the course's end, as long as that lies ahead."""
    if course_end is None or course_end <= at:
        return LONGEST_DAYS
    return max(1, (course_end - at).days)


@lru_cache(maxsize=512)
def _scheduler(longest: int) -> Any:
    from fsrs import Scheduler

    return Scheduler(
        learning_steps=(), relearning_steps=(), maximum_interval=longest, enable_fuzzing=False
    )


def standing(history: list[Review], course_end: datetime | None = None) -> Standing | None:
    """What FSRS makes of a history; None when there is none."""
    if not history:
        return None
    from fsrs import Card
    from fsrs import Rating as FsrsRating

    ratings = {"again": FsrsRating.Again, "hard": FsrsRating.Hard,
               "good": FsrsRating.Good, "easy": FsrsRating.Easy}  # fmt: skip
    card = Card(card_id=1, due=history[0].at)
    for review in history:
        scheduler = _scheduler(longest_interval(review.at, course_end))
        card, _ = scheduler.review_card(card, ratings[review.rating], review.at)
    return Standing(
        due=_capped(card.due, history[-1].at, course_end),
        stability=float(card.stability or 0.0),
        difficulty=float(card.difficulty or 0.0),
        reviews=len(history),
        recalled_days=recalled_days(history),
        last_right=history[-1].rating != "again",
    )


def _capped(due: datetime, reviewed: datetime, course_end: datetime | None) -> datetime:
    if course_end is None or course_end <= reviewed:
        return due
    return min(due, max(course_end, reviewed + timedelta(hours=1)))


def recalled_days(history: list[Review]) -> int:
    """On how many days the day's first answer was right: later ones the same day are no recall."""
    first: dict[str, bool] = {}
    for review in history:
        first.setdefault(review.day, review.rating != "again")
    return sum(first.values())
