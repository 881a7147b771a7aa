"""Findings about whole results: shared memory, other inputs, sizes, what was never filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from toy_world import ToyGrader, check_of, reference_with

from grader.checking import each
from grader.checking.check import Check
from grader.checking.failures import CheckFailure, Difference
from grader.checking.student import Call, StandIn, Student, recorded
from grader.content.intake.source_names import names_in
from grader.grading.diagnosis.leftovers import without_leftovers
from grader.grading.diagnosis.other_inputs import other_inputs
from grader.grading.diagnosis.own_names import OwnCode
from grader.grading.diagnosis.parts import same_value
from grader.grading.diagnosis.reported import Diagnosis, never_filled
from grader.grading.diagnosis.scenes import Comparison, key_of, parts_in
from grader.grading.diagnosis.shared_memory import shared
from grader.grading.diagnosis.sizes import named, sizes_of
from grader.grading.task_run import CheckRun

RNG = np.random.default_rng(8)
LABEL: Any = ("the result", ("c", ("caches", each(("cache", ("c_prev",))))))
C = RNG.standard_normal((3, 2, 4))
LOOP = """def f(x):
    c = np.zeros((3, 2, 4))
    state = c[:, :, 0]
    buffer = np.zeros((3, 2))
    for t in range(4):
        buffer[:] = cell(state)
        c[:, :, t] = buffer
    return c, caches
"""


def compared(value: Any, right: Any, aliases: Any = (), arguments: Any = ()) -> Comparison:
    call = Call("f", tuple(arguments), value=value, aliases=aliases)
    names = dict(zip("xyz", arguments, strict=False))
    return Comparison(call, Call("f", (), value=right), LABEL, names, {})


def own(**variables: object) -> OwnCode:
    return OwnCode("mine.py", None, names_in(LOOP, "f"), LOOP.splitlines(), 1, variables, "f")


# --- shared memory

RIGHT = (C, [(np.zeros((3, 2)),), (C[:, :, 0],)])


def test_cached_window_onto_a_right_output_is_found_at_its_line() -> None:
    wrong = (C, [(C[:, :, 0],), (C[:, :, 0],)])
    comparison = compared(wrong, RIGHT, (("result[1][0][0]", "result[0]"),))
    told = shared(comparison, "caches.c_prev", own())
    assert told is not None
    assert told[0].id == "view"
    assert "`caches[0].c_prev` is no array of its own but a window (a view)" in told[0].sentence
    assert told[1] is not None
    assert told[1].line == 3


def test_window_explains_nothing_where_the_output_is_wrong_too() -> None:
    wrong = (C + 1, [(C[:, :, 0],), (C[:, :, 0],)])
    comparison = compared(wrong, RIGHT, (("result[1][0][0]", "result[0]"),))
    assert shared(comparison, "caches.c_prev", own()) is None


def test_one_array_in_the_caches_of_all_steps_is_found() -> None:
    wrong = (C, [(C[:, :, 3],), (C[:, :, 3],)])
    comparison = compared(wrong, RIGHT, (("result[1][1][0]", "result[1][0][0]"),))
    told = shared(comparison, "caches.c_prev", own(buffer=C[:, :, 0], c=C))
    assert told is not None
    assert "hold one and the same array as `c_prev`" in told[0].sentence
    assert told[1] is not None
    assert told[1].line == 6


# --- other inputs


def times(x: Any, y: Any, z: Any) -> Any:
    return np.tanh(x * y["g"] + z[0])


ARGUMENTS = (RNG.standard_normal((3, 3)), {"g": RNG.standard_normal((3, 3))},
             (RNG.standard_normal((3, 1)),))  # fmt: skip
SOURCE = "def f(x, y, z):\n    (b,) = z\n    return x\n"
G, B = ARGUMENTS[1]["g"], ARGUMENTS[2][0]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (times(ARGUMENTS[0] * 0, {"g": G}, (B,)), "when `x` is zero"),
        (times(ARGUMENTS[0], {"g": G}, (2 * B,)), "when `b` counts twice."),
        (times(ARGUMENTS[0], {"g": G}, (-B,)), "the sign of `b` is turned round"),
        (times(ARGUMENTS[0], {"g": G}, (np.trunc(3 * B) / 3,)), ""),
        (times(ARGUMENTS[0], {"g": G}, (np.repeat(B[:1], 3, 0),)), "the first entry of `b` stands"),
        (times(np.repeat(ARGUMENTS[0][:, :1], 3, 1), {"g": G}, (B,)), "the first column of `x`"),
        (times(ARGUMENTS[0], {"g": ARGUMENTS[0]}, (B,)), "`x` is used where `g` belongs"),
    ],
)
def test_other_input_that_would_give_the_same_is_named(changed: Any, says: str) -> None:
    comparison = compared(changed, times(*ARGUMENTS), arguments=ARGUMENTS)
    found = other_inputs([comparison], times, names_in(SOURCE, "f"))
    assert found is not None if says else found is None
    if found is not None:
        assert says in found.sentence


def test_other_inputs_must_explain_every_call_and_have_an_end() -> None:
    doubled = compared(times(ARGUMENTS[0], {"g": G}, (2 * B,)), times(*ARGUMENTS), (), ARGUMENTS)
    other = compared(C[:, :, 0], times(*ARGUMENTS)[:, :2], (), ARGUMENTS)
    assert other_inputs([doubled, other], times, names_in(SOURCE, "f")) is None
    assert other_inputs([doubled], times, names_in(SOURCE, "f"), trials=3) is None
    assert other_inputs([], times, names_in(SOURCE, "f")) is None


# --- sizes and paths


def test_sizes_are_named_where_they_differ() -> None:
    text = "x : ndarray (n_x, m)\n W (n_a, n_a + n_x), b (n_a, 1)"
    values = {"x": np.ones((4, 6)), "parameters": {"W": np.ones((9, 13)), "b": np.ones((9, 1))}}
    sizes = sizes_of(text, values)
    assert sizes == {4: "n_x", 6: "m", 9: "n_a", 13: "n_a + n_x"}
    assert (named(6, sizes), named(7, sizes)) == ("m = 6", "7")
    assert 4 not in sizes_of(text, values | {"x": np.ones((4, 4))})


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("caches[0][2].c_prev, beside what your own result says of this step,", "caches.c_prev"),
        ("a[:, :, 0]", "a"),
        ("gradients['dW']", "gradients['dW']"),
        ("yt_pred[1, :2]", "yt_pred"),
    ],
)
def test_paths_of_one_array_have_one_key(path: str, key: str) -> None:
    assert key_of(path) == key


def test_parts_of_a_result_go_by_the_names_of_the_contract() -> None:
    paths = [part.path for part in parts_in((C, [(C,), (C,)]), LABEL)]
    assert paths == ["c", "caches[0].c_prev", "caches[1].c_prev"]
    assert [part.path for part in parts_in({"dW": C, "n": 1}, "gradients")] == ["dW"]


def test_what_is_next_to_nothing_is_matched_beside_a_small_scale() -> None:
    tiny = np.full((2, 3), 1e-11)
    assert same_value(tiny + 2.7e-17, tiny)
    assert not same_value(np.full((2, 3), 2e-6), np.full((2, 3), 1e-6))


# --- what was never filled


class Forgetful(Student):
    """Fills all but the first column, with what happens to be there in its place."""

    def __init__(self) -> None:
        super().__init__()
        self._memory = 0.0

    def _answer(self, call: Call, stand_ins: Mapping[str, StandIn]) -> Call:
        self._memory += 1e200
        made = 2 * call.arguments[0]
        made[:, 0] = self._memory
        return recorded(call, value=made)


def test_part_that_is_never_filled_counts_as_zeros_and_is_said_to_be_so() -> None:
    student, x = Forgetful(), np.ones((3, 4))
    student.call("f", x)
    check = Check("twice", "f", "It is twice x", 1.0, lambda: None, (), "checks.py", 1)
    difference = Difference("y[0]", "values", "")
    run = CheckRun(check, CheckFailure("", difference=difference), (student.last,))
    (cleaned,), unfilled = without_leftovers([run], student, "y")
    assert unfilled == {"y"}
    assert cleaned.calls[0].value[:, 0].tolist() == [0, 0, 0]
    assert cleaned.calls[0].value[:, 1:].min() == 2
    old = {check.id: Diagnosis("late", "The first slice is still zero.")}
    told = never_filled(old, [run], unfilled)[check.id]
    assert told.instead
    assert told.sentence.startswith("f: a part of y is never filled; it holds what happened to be")
    assert told.sentence.endswith("The first slice is never filled.")


# --- through the whole engine


def test_line_of_a_result_without_a_name_is_that_of_the_return(toy: ToyGrader) -> None:
    both = "    shifted = x + shift\n    scaled = scale(shifted, gain)\n"
    source = reference_with(
        (both, "    both = x + shift, scale(x, gain)\n"),
        ("return shifted, scaled", "return both[0] * 1, both[1]"),
    )
    check = check_of(toy.source(source), "the_shifted_is_scaled")
    assert check.location is not None
    assert check.location.text == "return both[0] * 1, both[1]"


def test_input_that_counts_twice_is_told_once(toy: ToyGrader) -> None:
    source = reference_with(("shifted = x + shift\n", "shifted = x + shift + shift\n"))
    messages = [check.message for task in toy.source(source).tasks for check in task.checks]
    assert sum("`shift` counts twice" in message for message in messages) == 1
