import math

import pytest

from grader.quiz.events import Answer, Answered
from grader.quiz.statistics import (
    calibration,
    discrimination,
    item_statistics,
    misconception_counts,
    point_biserial,
    wilson,
)


def one(person: str, question: str, right: bool, at: int = 0, **more: object) -> Answered:
    answer = Answer(
        number=0,
        question=question,
        rev=1,
        seed="",
        typed="",
        given="",
        right=right,
        credit=0,
        **more,
    )  # type: ignore[arg-type]
    return Answered(at=at, day="2026-01-01", origin=person, session="s", answer=answer)


@pytest.mark.parametrize(
    ("right", "tries", "low", "high"),
    [(0, 0, 0, 1), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1), (0, 10, 0, 0.2775), (81, 263,
     0.2553, 0.3662)],
)  # fmt: skip
def test_wilson_intervals_equal_published_values(
    right: int, tries: int, low: float, high: float
) -> None:
    assert wilson(right, tries) == pytest.approx((low, high), abs=5e-5)


def test_point_biserial_equals_a_value_by_hand() -> None:
    # means 0.5 and 5; cross products 2+1+1+2 = 6; squares 1 and 4+4+4+4+... = 40
    item, rest = [0, 0, 1, 1], [1, 3, 7, 9]
    assert point_biserial(item, rest) == pytest.approx(6 / math.sqrt(1 * 40))
    assert point_biserial([1, 1, 1], [1, 2, 3]) is None


def test_discrimination_is_refused_below_twenty_people() -> None:
    scores = {f"p{n}": {"a": n > 9, "b": n > 9, "c": n > 5} for n in range(19)}
    assert discrimination(scores, "a") == (None, "19 of 20 people needed")


def test_discrimination_leaves_the_item_itself_out_of_the_score() -> None:
    scores = {f"p{n}": {"a": n % 2 == 0, "b": n < 10, "c": n < 10} for n in range(20)}
    value, refused = discrimination(scores, "a")
    assert refused is None
    assert value == pytest.approx(0, abs=1e-12)


def test_only_first_tries_count_for_difficulty() -> None:
    history = [
        one("x", "a", False, 1, traps=("option b",), ms=2000),
        one("x", "a", True, 2, ms=4000),
        one("y", "a", True, 3),
    ]
    item = item_statistics(history)[0]
    assert (item.first_right, item.first_tries, item.difficulty) == (1, 2, 0.5)
    assert item.traps == {"option b": 1}
    assert item.median_seconds == 3


def test_misconceptions_and_confidence_are_counted() -> None:
    history = [
        one("x", "a", False, misconceptions=("m", "k"), confidence=3),
        one("x", "b", False, misconceptions=("m",), confidence=3),
        one("x", "c", True, confidence=1),
    ]
    assert misconception_counts(history) == {"m": 2, "k": 1}
    assert [(c.confidence, c.right, c.answers) for c in calibration(history)] == [
        (1, 1, 1),
        (3, 0, 2),
    ]
