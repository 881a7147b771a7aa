import random

from grader.content.question_library import Library
from grader.quiz.events import Answer, Answered, SessionPlan
from grader.quiz.progress import week_passed, week_plan
from grader.quiz.session import MOST_RETURNS, Session, begin, resumed


def plan(count: int, mode: str = "practice") -> SessionPlan:
    return SessionPlan(
        mode=mode, target="toy", seed="s", plan=tuple((f"toy.q{n}", 1) for n in range(count))
    )  # type: ignore[arg-type]


def started(count: int, mode: str = "practice") -> Session:
    made = plan(count, mode)
    return begin("one", made, set(made.plan))


def play(session: Session, rng: random.Random, share: float) -> list[tuple[str, bool]]:
    while not session.done:
        session = session.after(rng.random() < share)
        assert len(session.asked) < 400
    return list(session.asked)


def answered(session: Session) -> list[Answered]:
    return [
        Answered(at=number, day="2026-01-01", origin="o", session="one",
                 answer=Answer(number=number, question=name, rev=1, seed="", typed="", given="",
                 right=right, credit=1))
        for number, (name, right) in enumerate(session.asked)
    ]  # fmt: skip


def test_a_wrong_item_comes_back_after_at_least_three_others() -> None:
    for seed in range(300):
        rng = random.Random(seed)
        asked = play(started(rng.randrange(1, 12)), rng, 0.5)
        for place, (name, right) in enumerate(asked):
            if right:
                continue
            later = [at for at in range(place + 1, len(asked)) if asked[at][0] == name]
            if later:
                assert later[0] - place > 3


def test_a_wrong_item_does_come_back_even_when_it_was_the_last() -> None:
    session = started(5)
    for right in (True, True, True, True, False):
        session = session.after(right)
    assert [entry.question for entry in session.queue] == ["toy.q0", "toy.q1", "toy.q2", "toy.q4"]


def test_with_too_few_others_a_wrong_item_waits_for_another_day() -> None:
    assert started(1).after(False).done
    assert len(play(started(3), random.Random(0), 0.0)) == 3


def test_every_sitting_ends_soon_whatever_is_answered() -> None:
    for seed in range(300):
        rng = random.Random(seed)
        count = rng.randrange(1, 15)
        assert len(play(started(count), rng, rng.random())) <= count * (1 + MOST_RETURNS * 4)


def test_always_wrong_items_end_after_a_few_returns() -> None:
    asked = play(started(8), random.Random(0), 0.0)
    counts = {name: sum(one == name for one, _ in asked) for name, _ in asked}
    assert max(counts.values()) == 1 + MOST_RETURNS


def test_the_graded_quiz_asks_everything_once() -> None:
    assert len(play(started(20, "week"), random.Random(0), 0.0)) == 20


def test_a_session_is_rebuilt_from_any_prefix_of_its_answers() -> None:
    for seed in range(100):
        rng = random.Random(seed)
        session = started(rng.randrange(1, 12))
        steps = [session]
        while not session.done:
            session = session.after(rng.random() < 0.6)
            steps.append(session)
        kept = rng.choice(steps)
        history = answered(kept)
        rng.shuffle(history)
        known = set(plan(12).plan)
        assert resumed("one", plan(len(steps[0].queue)), history + history, known) == kept


def test_a_question_that_left_the_bank_is_skipped_on_resuming() -> None:
    session = started(4).after(True)
    again = resumed("one", plan(4), answered(session), {("toy.q2", 1), ("toy.q3", 1)})
    assert [entry.question for entry in again.queue] == ["toy.q2", "toy.q3"]
    assert again.draw_seed == "s.1"


def test_first_tries_make_the_score() -> None:
    session = started(5).after(False)
    while not session.done:
        session = session.after(True)
    assert session.score == (4, 5)


def test_the_week_quiz_is_spread_over_lessons_and_drawn_anew(toy: Library) -> None:
    one, two = week_plan(toy, "1"), week_plan(toy, "2")
    assert len(one.plan) == len(set(one.plan)) == 5
    assert one.plan != two.plan
    earlier = frozenset(name for name, _ in one.plan)
    assert not earlier & {name for name, _ in week_plan(toy, "2", earlier).plan}


def test_eighty_percent_pass(toy: Library) -> None:
    assert week_passed(toy, 16, 20)
    assert not week_passed(toy, 15, 20)
    assert not week_passed(toy, 0, 0)
