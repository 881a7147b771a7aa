"""Item analysis: how hard a question is, whether it separates, what it reveals.

Difficulty is the share of first tries that were right, with Wilson's score interval
(Wilson 1927, doi:10.1080/01621459.1927.10502953). Discrimination is the corrected
point-biserial correlation (item against the rest of the score); below 20 people it says
nothing and is refused.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from statistics import mean, median

import msgspec

from grader.quiz.events import Answered

LEAST_PEOPLE = 20
_Z = 1.959963984540054  # the normal's 97.5 % point: an interval of 95 %


class ItemStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """What the answers say about one question."""

    question: str
    rev: int
    first_tries: int
    first_right: int
    low: float
    high: float
    discrimination: float | None
    discrimination_refused: str | None
    median_seconds: float | None
    traps: dict[str, int]

    @property
    def difficulty(self) -> float:
        """The share of first tries that were right (0 hard, 1 easy)."""
        return self.first_right / self.first_tries if self.first_tries else math.nan


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """How often answers of one confidence were right."""

    confidence: int
    answers: int
    right: int


def wilson(right: int, tries: int) -> tuple[float, float]:
    """Wilson's 95 % interval for a share; (0, 1) when nothing is known."""
    if tries == 0:
        return 0.0, 1.0
    share, square = right / tries, _Z * _Z
    centre = (share + square / (2 * tries)) / (1 + square / tries)
    spread = math.sqrt(share * (1 - share) / tries + square / (4 * tries * tries))
    half = _Z * spread / (1 + square / tries)
    return max(0.0, centre - half), min(1.0, centre + half)


def point_biserial(item: Sequence[int], rest: Sequence[float]) -> float | None:
    """Pearson's correlation of a 0/1 item with the score on the rest; None when one is constant."""
    item_mean, rest_mean = mean(item), mean(rest)
    cross = sum((a - item_mean) * (b - rest_mean) for a, b in zip(item, rest, strict=True))
    item_square = sum((a - item_mean) ** 2 for a in item)
    rest_square = sum((b - rest_mean) ** 2 for b in rest)
    if item_square == 0 or rest_square == 0:
        return None
    return cross / math.sqrt(item_square * rest_square)


def discrimination(
    scores: Mapping[str, Mapping[str, bool]], question: str
) -> tuple[float | None, str | None]:
    """The corrected point-biserial of `question` from person -> question -> first try right.

    The rest is the person's share of right first tries on all OTHER questions they tried.
    """
    item, rest = [], []
    for tried in scores.values():
        others = [right for name, right in tried.items() if name != question]
        if question in tried and others:
            item.append(int(tried[question]))
            rest.append(mean(map(float, others)))
    if len(item) < LEAST_PEOPLE:
        return None, f"{len(item)} of {LEAST_PEOPLE} people needed"
    value = point_biserial(item, rest)
    return value, None if value is not None else "everybody scored the same"


def first_tries(answered: Sequence[Answered]) -> dict[tuple[str, int], dict[str, Answered]]:
    """(question, rev) -> person -> their first answer; a person is a store's origin."""
    found: dict[tuple[str, int], dict[str, Answered]] = defaultdict(dict)
    for one in sorted(answered, key=lambda one: one.at):
        found[one.answer.question, one.answer.rev].setdefault(one.origin, one)
    return dict(found)


def item_statistics(answered: Sequence[Answered]) -> list[ItemStatistics]:
    """One record a question that was ever answered, hardest first."""
    firsts = first_tries(answered)
    scores: dict[str, dict[str, bool]] = defaultdict(dict)
    for (question, _), people in firsts.items():
        for person, one in people.items():
            scores[person][question] = one.answer.right
    traps: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    seconds: dict[tuple[str, int], list[float]] = defaultdict(list)
    for one in answered:
        key = (one.answer.question, one.answer.rev)
        traps[key].update(one.answer.traps)
        if one.answer.ms:
            seconds[key].append(one.answer.ms / 1000)
    records = []
    for (question, rev), people in firsts.items():
        right = sum(one.answer.right for one in people.values())
        low, high = wilson(right, len(people))
        value, refused = discrimination(scores, question)
        records.append(
            ItemStatistics(
                question=question,
                rev=rev,
                first_tries=len(people),
                first_right=right,
                low=low,
                high=high,
                discrimination=value,
                discrimination_refused=refused,
                median_seconds=median(seconds[question, rev]) if seconds[question, rev] else None,
                traps=dict(traps[question, rev].most_common()),
            )
        )
    return sorted(records, key=lambda record: (record.difficulty, record.question))


def misconception_counts(answered: Sequence[Answered]) -> dict[str, int]:
    """How often each misconception was met, most frequent first."""
    counts: Counter[str] = Counter()
    for one in answered:
        counts.update(one.answer.misconceptions)
    return dict(counts.most_common())


def calibration(answered: Sequence[Answered]) -> list[Calibration]:
    """Of the answers given as guessed, unsure, sure: how many were right."""
    by_confidence: dict[int, list[bool]] = defaultdict(list)
    for one in answered:
        if one.answer.confidence is not None:
            by_confidence[one.answer.confidence].append(one.answer.right)
    return [
        Calibration(confidence=level, answers=len(rights), right=sum(rights))
        for level, rights in sorted(by_confidence.items())
    ]
