"""Functions of a submission that are answered for, or observed, however they are reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader.sandbox import Bundle, Limits, Module, Outcome, Raised, Replace, Returned, Worker

SOURCE = """\
import functools
from collections import deque
import numpy as np

def step(x, state, rate=0.5):
    state["n"] = state.get("n", 0) + 1
    return x + rate, "real"

def plain(x):
    return step(x, {"n": 1})

def by_renamed_keywords(x):
    return step(x, rate=2, state={})

alias = step
def by_alias(x):
    return alias(x, {})

half = functools.partial(step, rate=0.25)
def by_partial(x):
    return half(x, {})

TABLE = {"step": step}
def by_table(x):
    return TABLE["step"](x, {})

def by_default(x, how=step):
    return how(x, {})

class Trainer:
    def learn(self, x):
        return step(x, {})
def by_method(x):
    return Trainer().learn(x)

def logged(function):
    def wrapper(*given, **named):
        return function(*given, **named)
    return wrapper

@logged
def by_decorator(x):
    return step(x, {})

def make():
    kept = step
    def inner(x):
        return kept(x, {})
    return inner
by_closure = make()

@logged
def decorated(x):
    return 2 * x, "real"
@logged
def other(x):
    return 3 * x
def two_of_a_kind(x):
    return other(x), decorated(x)

@functools.wraps(step)
def wrapping(*given, **named):
    return step(*given, **named)

class Layer:
    def __init__(self, factor):
        self.factor = factor
    def __call__(self, x, times=1):
        return times * self.factor * x, "real"
layer, another = Layer(2), Layer(3)
def by_instance(x):
    return another(x), layer(x, times=4)

bound = Layer(5).__call__
def by_bound_method(x):
    return bound(x)

def gather(first, *rest, last=9, **more):
    return first
def many_arguments(x):
    return gather(x, 2, 3, extra=4), gather(first=x)

vector = np.vectorize(lambda x: x)
def by_vector(x):
    return vector(x)

def awkward(x):
    return given(np.array([None, 1], dtype=object), deque([1, 2]), range(3))
def given(a, b, c):
    a[0] = 5
    return deque([7])

def failing(x):
    return broken(x)
def broken(x):
    return x.undefined

def loops(n):
    for i in range(n):
        step(i, {})
    return "done"

def large(n):
    return heavy(np.zeros(n))[0]
def heavy(x):
    return x[:2]
"""
WAYS = (
    "plain", "by_renamed_keywords", "by_alias", "by_partial", "by_table", "by_default",
    "by_method", "by_decorator", "by_closure", "wrapping",
)  # fmt: skip


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker.start(Limits()) as worker:
        worker.begin_load(Bundle((Module("work", (("work.py", SOURCE),)),)))
        loaded = worker.finish_load()
        assert (loaded.notes, loaded.errors) == ((), ())
        yield worker


@pytest.fixture
def call(worker: Worker) -> Iterator[Callable[..., Outcome]]:
    with worker.session() as session:
        yield session.call


class Heard(list[Any]):
    """What an observer was told."""

    def __call__(self, *told: Any) -> None:
        self.append(told)


def value_of(outcome: Outcome) -> Any:
    assert isinstance(outcome, Returned), outcome
    return outcome.value


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_a_function_is_observed_and_runs_it(
    call: Callable[..., Outcome], way: str
) -> None:
    heard = Heard()
    arguments = [1, {}] if way == "wrapping" else [1]
    value = value_of(call(way, arguments, observers={"step": heard}))
    rates = {"by_renamed_keywords": 2, "by_partial": 0.25}
    state = {"n": 1} if way == "plain" else {}
    rate = rates.get(way, 0.5)
    assert value == (1 + rate, "real")
    assert heard == [([1, state, rate], {}, value)]


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_a_function_meets_its_stand_in(call: Callable[..., Outcome], way: str) -> None:
    def answer(x: int, state: dict[str, int], *rate: float) -> Replace:
        return Replace(("asked", x, rate), (x, {"n": 8}))

    arguments = [1, {}] if way == "wrapping" else [1]
    value = value_of(call(way, arguments, stand_ins={"step": answer}))
    assert value[:2] == ("asked", 1)
    assert value[2] in ((), (2,), (0.25,))
    after = value_of(call(way, arguments))
    assert after[1] == "real", "the stand-in is gone after the call"


def test_what_stands_in_is_observed_as_well(call: Callable[..., Outcome]) -> None:
    heard = Heard()
    stand_ins = {"step": lambda *given: "asked"}
    assert value_of(call("by_table", [1], stand_ins=stand_ins, observers={"step": heard})) == (
        "asked"
    )
    assert heard == [([1, {}, 0.5], {}, "asked")]


def test_a_function_is_not_taken_for_another_of_the_same_decorator(
    call: Callable[..., Outcome],
) -> None:
    heard = Heard()
    assert value_of(call("two_of_a_kind", [1], observers={"decorated": heard})) == (3, (2, "real"))
    assert heard == [([1], {}, (2, "real"))]
    answered = call("two_of_a_kind", [1], stand_ins={"decorated": lambda x: "asked"})
    assert value_of(answered) == (3, "asked")


def test_an_object_is_not_taken_for_another_of_its_class(call: Callable[..., Outcome]) -> None:
    heard = Heard()
    value = value_of(call("by_instance", [1], observers={"layer": heard}))
    assert value == ((3, "real"), (8, "real"))
    assert heard == [([1, 4], {}, (8, "real"))]
    answered = call("by_instance", [1], stand_ins={"layer": lambda x, *more: ("asked", more)})
    assert value_of(answered) == ((3, "real"), ("asked", (4,)))
    assert value_of(call("by_bound_method", [1], stand_ins={"bound": lambda x: -x})) == -1


def test_arguments_without_a_place_come_by_their_names(call: Callable[..., Outcome]) -> None:
    heard = Heard()
    call("many_arguments", [1], observers={"gather": heard})
    assert heard == [([1, 2, 3], {"extra": 4}, 1), ([1, 9], {}, 1)]


def test_what_is_no_function_of_the_file_is_replaced_by_its_name(
    call: Callable[..., Outcome],
) -> None:
    assert value_of(call("by_vector", [1], stand_ins={"vector": lambda x: -x})) == -1
    heard = Heard()
    assert value_of(call("by_vector", [4], observers={"vector": heard})) == 4
    assert len(heard) == 1
    assert value_of(call("by_vector", [4])) == 4


def test_what_is_observed_is_as_it_was_before_and_in_kinds_that_cross(
    call: Callable[..., Outcome],
) -> None:
    heard = Heard()
    call("awkward", [1], observers={"given": heard})
    assert heard == [([[None, 1], [1, 2], [0, 1, 2]], {}, [7])]


def test_errors_are_the_learners_own_and_tell_their_lines(call: Callable[..., Outcome]) -> None:
    heard = Heard()
    plain = call("failing", [1])
    observed = call("failing", [1], observers={"broken": heard})
    assert isinstance(observed, Raised)
    assert observed == plain
    assert [frame.function for frame in observed.frames] == ["failing", "broken"]
    assert heard == []


def test_many_calls_are_heard_one_by_one(call: Callable[..., Outcome]) -> None:
    heard = Heard()
    assert value_of(call("loops", [5_000], observers={"step": heard}, cpu_seconds=10.0)) == "done"
    assert [arguments[0] for arguments, _, _ in heard] == list(range(5_000))


def test_a_call_with_too_much_in_it_is_told_without_it(call: Callable[..., Outcome]) -> None:
    heard = Heard()
    assert value_of(call("large", [9_000_000], observers={"heavy": heard})) == 0.0
    assert heard == [([], {}, None)]


def test_a_name_that_nobody_has_is_only_answered(call: Callable[..., Outcome]) -> None:
    heard = Heard()
    assert value_of(call("plain", [1], observers={"nothing_here": heard}))[1] == "real"
    assert heard == []


def test_locals_are_those_of_the_functions_themselves(call: Callable[..., Outcome]) -> None:
    outcome = call("by_alias", [1], observers={"step": Heard()}, want_locals=True)
    assert isinstance(outcome, Returned)
    assert [kept.function for kept in outcome.locals] == ["by_alias", "step"]
    np.testing.assert_equal(outcome.locals[1].variables["rate"], 0.5)
