import random
from datetime import UTC, datetime, timedelta

import pytest
from fsrs import Card, Rating, Scheduler

from grader.content.question_library import Library
from grader.quiz.events import Answer, Answered
from grader.quiz.progress import lesson_plan, next_plan, progress, retry_plan, review_plan
from grader.quiz.scheduling import Review, longest_interval, recalled_days, reviews, standing

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
FSRS = {"again": Rating.Again, "hard": Rating.Hard, "good": Rating.Good, "easy": Rating.Easy}


def history(rng: random.Random) -> list[Review]:
    at, made = START, []
    for _ in range(rng.randrange(1, 12)):
        made.append(Review(at, at.date().isoformat(), rng.choice(list(FSRS))))  # type: ignore[arg-type]
        at += timedelta(minutes=rng.choice([1, 30, 700, 3000, 20_000, 100_000]))
    return made


def test_standings_equal_those_of_fsrs_on_a_thousand_random_histories() -> None:
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    for seed in range(1000):
        made = history(random.Random(seed))
        card = Card(card_id=1, due=made[0].at)
        for review in made:
            card, _ = scheduler.review_card(card, FSRS[review.rating], review.at)
        ours = standing(made)
        assert ours is not None
        assert (ours.due, ours.stability, ours.difficulty) == (
            card.due,
            card.stability,
            card.difficulty,
        )


def test_no_interval_reaches_beyond_the_end_of_the_course() -> None:
    for seed in range(300):
        made = history(random.Random(seed))
        end = START + timedelta(days=28)
        ours = standing(made, end)
        assert ours is not None
        if made[-1].at + timedelta(hours=1) < end:
            assert ours.due <= end
        assert ours.due > made[-1].at


@pytest.mark.parametrize(("days", "longest"), [(10, 10), (0.5, 1), (-3, 36_500)])
def test_the_cap_is_the_time_that_is_left(days: float, longest: int) -> None:
    assert longest_interval(START, START + timedelta(days=days)) == longest


def review(day: int, right: bool, hour: int = 9) -> Review:
    at = datetime(2026, 3, day, hour, tzinfo=UTC)
    return Review(at, at.date().isoformat(), "good" if right else "again")


def test_mastery_is_recall_on_three_different_days() -> None:
    same_day = [review(1, True, hour) for hour in range(9, 14)]
    assert recalled_days(same_day) == 1
    three = [review(1, True), review(3, True), review(9, True)]
    found = standing(three)
    assert found is not None
    assert found.mastered
    relearned = [review(1, True), review(3, False), review(3, True, 10), review(9, True)]
    assert recalled_days(relearned) == 2


def one(question: str, right: bool, day: int = 1, rev: int = 1, **more: object) -> Answered:
    at = datetime(2026, 3, day, 9, tzinfo=UTC)
    answer = Answer(
        number=0,
        question=question,
        rev=rev,
        seed="",
        typed="",
        given="",
        right=right,
        credit=1,
        **more,
    )  # type: ignore[arg-type]
    return Answered(
        at=int(at.timestamp() * 1000),
        day=at.date().isoformat(),
        origin="o",
        session="s",
        answer=answer,
    )


def test_hints_and_guesses_make_a_right_answer_a_hard_one() -> None:
    rated = [reviews([one("q", right, **more)])[0].rating for right, more in
             [(True, {}), (True, {"hints": 1}), (True, {"confidence": 1}), (True,
              {"confidence": 3}), (False, {})]]  # fmt: skip
    assert rated == ["good", "hard", "hard", "good", "again"]


def test_answers_to_an_earlier_revision_do_not_count(toy: Library) -> None:
    state = progress(toy, [one("toy.multi", True, rev=1)], datetime(2026, 3, 20, tzinfo=UTC))
    assert "toy.multi" not in state.standings


def test_plans_ask_what_is_due_then_what_is_new(toy: Library) -> None:
    now = datetime(2026, 3, 20, 9, tzinfo=UTC)
    answered = [one("toy.single", True), one("toy.text", False, 2), one("toy.match", True, 20)]
    state = progress(toy, answered, now)
    assert {question.id for question in state.due()} == {"toy.single", "toy.text"}
    assert {name for name, _ in review_plan(state, "s").plan} == {"toy.single", "toy.text"}
    assert [name for name, _ in retry_plan(state, None, "s").plan] == ["toy.text"]
    lesson = [name for name, _ in lesson_plan(state, toy.banks[0], "s", 4).plan]
    assert set(lesson[:2]) == {"toy.single", "toy.text"}
    assert lesson[2:] == ["toy.multi", "toy.truefalse"]
    assert len(next_plan(state, "s", 6).plan) == 6
