"""What authors write with: check, agree, expect, fail, the student, sizes, copies, gradients."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from toy_world import toy_suite

from grader.checking import (
    CheckFailure,
    Replace,
    agree,
    check,
    complex_gradient,
    distinct_sizes,
    expect,
    fail,
    gradients_agree,
)
from grader.checking.agreement import name_argument
from grader.checking.copies import independent
from grader.checking.failures import CallFailure
from grader.checking.local_student import LocalStudent
from grader.checking.observed import MOST_BYTES, MOST_CALLS, Observed, note
from grader.checking.student import changed_parts, write_in_place
from grader.content.code import Code, Loader

Function = Callable[..., Any]
LABELS = {"pair": ("first", ("rest", ("second", "third"))), "single": "only"}


def pair(x):
    return x + 1, (x * 2, [x])


def single(x):
    return 2.0 * x


def table(x):
    return {"dW": x, "db": x.sum()}


def student_of(*functions: Function, **named: Function) -> LocalStudent:
    """A student whose functions are these."""
    found = {function.__name__: function for function in functions} | named
    return LocalStudent(Code({"work": dict(found)}), LABELS)


REFERENCE = student_of(pair, single, table)
X = np.arange(6.0).reshape(2, 3)


# --- the decorator


def a_sound_check(student, reference, rng):
    """The claim holds.

    And more that only authors read.
    """


def test_check_takes_its_texts_from_the_function() -> None:
    made = check(task="single", points=2)(a_sound_check).__check__
    assert (made.id, made.task, made.title) == ("a_sound_check", "single", "The claim holds")
    assert made.arguments == ("student", "reference", "rng")
    assert made.points == 2.0
    assert Path(made.file).name == Path(__file__).name


def without_docstring(student):
    pass


def asks_for_more(student, solution):
    """A claim."""


@pytest.mark.parametrize(
    ("function", "points", "error", "says"),
    [
        (without_docstring, 1, ValueError, "without_docstring needs a docstring"),
        (asks_for_more, 1, TypeError, r"asks for \['solution'\]; a check has reference, rng"),
        (a_sound_check, 0, ValueError, "is worth 0 points; use a positive number"),
        (a_sound_check, -1, ValueError, "use a positive number"),
    ],
)
def test_unsound_check_is_refused(
    function: Function, points: float, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        check(task="single", points=points)(function)


# --- agree, expect, fail


def test_agreement_is_silent() -> None:
    agree(student_of(pair), REFERENCE, "pair", X)
    agree(student_of(table), REFERENCE, "table", X, part=("dW", "db"))
    expect(X.copy(), X, "x")


@pytest.mark.parametrize(
    ("wrong", "part", "says"),
    [
        (lambda x: (x, (x * 2, [x])), None, "pair: first is wrong at [0, 0]"),
        (lambda x: (x + 1, (x, [x])), "rest.second", "pair: rest.second is wrong"),
        (lambda x: (x + 1, (x * 2, [x + 1])), "rest.third", "pair: rest.third[0] is wrong"),
        (lambda x: (x + 1, (x * 2, [-x])), "rest.third.0", "pair: rest.third[0] is wrong"),
        (lambda x: x + 1, "rest", "but a tuple of 2 values is expected"),
        (lambda x: (x + 1,), "rest", "has 1 values, but 2 are expected"),
        (lambda x: None, "first", "is the `return` missing?"),
    ],
)
def test_difference_of_a_part_is_named(wrong: Function, part: str | None, says: str) -> None:
    with pytest.raises(CheckFailure) as failure:
        agree(student_of(pair=wrong), REFERENCE, "pair", X, part=part)
    assert says in failure.value.sentence
    assert failure.value.function == "pair"


def test_part_that_is_right_passes_beside_a_wrong_one() -> None:
    agree(student_of(pair=lambda x: (x + 1, 0)), REFERENCE, "pair", X, part="first")


def test_single_result_has_the_name_of_the_contract() -> None:
    with pytest.raises(CheckFailure, match="single: only is wrong"):
        agree(student_of(single=lambda x: x), REFERENCE, "single", X)


def test_dictionary_result_has_the_names_of_its_keys() -> None:
    with pytest.raises(CheckFailure, match="^table: dW is wrong"):
        agree(student_of(table=lambda x: {"dW": x + 1, "db": x.sum()}), REFERENCE, "table", X)
    with pytest.raises(CheckFailure, match="lacks the keys 'dW', 'db'"):
        agree(student_of(table=lambda x: {}), REFERENCE, "table", X, part="dW")


@pytest.mark.parametrize("part", ["fourth", "rest.fifth", "first.x"])
def test_part_that_the_contract_lacks_is_the_authors_mistake(part: str) -> None:
    with pytest.raises(ValueError, match="pair returns"):
        agree(student_of(pair), REFERENCE, "pair", X, part=part)
    with pytest.raises(ValueError, match=r"table returns \['dW', 'db'\], not dx"):
        agree(student_of(table), REFERENCE, "table", X, part="dx")


def doubling_in_place(x):
    x *= 2
    return x


def test_modified_argument_is_named_only_where_asked_for() -> None:
    agree(student_of(single=doubling_in_place), REFERENCE, "single", X)
    with pytest.raises(CheckFailure, match="changes its argument `x`. Work on a copy"):
        agree(student_of(single=doubling_in_place), REFERENCE, "single", X, unmodified=True)
    assert X[0, 1] == 1.0, "the check's own array is untouched"


@pytest.mark.parametrize(
    ("path", "name"),
    [("[0]", "x"), ("[1]['Wf']", "parameters['Wf']"), ("[2]", "[2]"), ("odd", "odd")],
)
def test_arguments_are_called_by_their_names(path: str, name: str) -> None:
    assert name_argument(path, ("x", "parameters")) == name


def test_fail_and_expect_raise_what_the_learner_reads() -> None:
    with pytest.raises(CheckFailure, match="^so it is$"):
        fail("so it is")
    with pytest.raises(CheckFailure, match="^f: y is wrong at"):
        expect(X, X + 1, "y", of="f")


# --- the student


def test_calls_get_copies_and_give_copies() -> None:
    kept = []

    def keeping(x):
        kept.append(x)
        return x

    student = student_of(keeping)
    result = student.keeping(X)
    assert result is not kept[0]
    assert kept[0] is not X
    result[0, 0] = 99
    assert student.last.value[0, 0] == 0
    assert X[0, 0] == 0


def test_exception_becomes_a_call_failure() -> None:
    def dividing(x):
        return x / 0

    with pytest.raises(CallFailure, match="dividing raised ZeroDivisionError"):
        student_of(dividing).dividing(1)


def test_function_that_is_not_there_is_a_call_failure() -> None:
    with pytest.raises(CallFailure, match="there is no function nothing"):
        student_of(pair).nothing(X)


def test_private_attributes_are_no_functions() -> None:
    with pytest.raises(AttributeError):
        student_of(pair)._missing  # noqa: B018


def test_seeded_calls_repeat_and_leave_numpys_generator_alone() -> None:
    def drawing():
        return np.random.rand()

    student = student_of(drawing)
    before = np.random.get_state()[1].copy()
    with student.seeded(5):
        first, second = student.drawing(), student.drawing()
    assert first == second
    assert np.array_equal(np.random.get_state()[1], before)


def caller(x):
    return helper(x) + 1  # noqa: F821


def helper(x):
    return x


def stand_in_code() -> LocalStudent:
    namespace: dict[str, Any] = {}
    exec("def helper(x):\n    return x\n\ndef caller(x):\n    return helper(x) + x", namespace)
    return LocalStudent(Code({"work": namespace}))


def test_stand_in_answers_only_inside_its_block() -> None:
    student = stand_in_code()
    with student.standing_in(helper=lambda x: x * 100):
        assert student.caller(1) == 101
        assert student.last.watched
    assert student.caller(1) == 2
    assert not student.last.watched


def test_stand_in_sees_copies_unless_it_replaces() -> None:
    def spoiling(x):
        x[...] = 0
        return x

    student = stand_in_code()
    with student.standing_in(helper=spoiling):
        assert student.caller(np.ones(2)).tolist() == [1, 1]
    with student.standing_in(helper=lambda x: Replace(x, [np.full(2, 7.0)])):
        assert student.caller(np.ones(2)).tolist() == [8, 8]


OBSERVED = """
def step(x, state, rate=0.5):
    state["n"] = 2
    return x + rate

TABLE = {"step": step}

def steps(x):
    return step(x, rate=1, state={"n": 1}), TABLE["step"](x, {})
"""


def observed_code(tmp_path: Path, *, file: bool) -> LocalStudent:
    if not file:
        namespace: dict[str, Any] = {}
        exec(OBSERVED.replace('TABLE["step"]', "step"), namespace)
        return LocalStudent(Code({"work": namespace}))
    (tmp_path / "work.py").write_text(OBSERVED)
    return LocalStudent(Code({"work": Loader((tmp_path,), "work").load("work").__dict__}))


@pytest.mark.parametrize("file", [False, True])
def test_observed_functions_run_and_their_calls_are_collected(tmp_path: Path, file: bool) -> None:
    student = observed_code(tmp_path, file=file)
    with student.observing("step") as seen:
        assert student.steps(1) == (2, 1.5)
        assert student.last.watched
    assert [(one.function, one.arguments, one.named, one.value) for one in seen] == [
        ("step", [1, {"n": 1}, 1], {}, 2),
        ("step", [1, {}, 0.5], {}, 1.5),
    ]
    assert student.steps(1) == (2, 1.5)
    assert len(seen) == 2
    assert not student.last.watched


def test_a_stand_in_is_observed_and_gets_its_arguments_by_place(tmp_path: Path) -> None:
    student = observed_code(tmp_path, file=True)
    given = []

    def answer(*arguments: Any) -> int:
        given.append(arguments)
        return 7

    with student.standing_in(step=answer), student.observing("step") as seen:
        assert student.steps(1) == (7, 7)
    assert given == [(1, {"n": 1}, 1), (1, {})]
    assert [one.value for one in seen] == [7, 7]


def test_arguments_are_found_by_place_or_name_and_forged_reports_hold_none() -> None:
    observed = Observed("f", [1], {"rate": 2}, None)
    assert (observed.argument(0, "x"), observed.argument(4, "rate")) == (1, 2)
    assert observed.argument(5, "other", "none") == "none"
    seen: list[Observed] = []
    note(seen, "f", "no list", None, 3)
    assert (seen[0].arguments, seen[0].named, seen[0].value) == ([], {}, 3)


def test_endless_reports_of_calls_are_refused() -> None:
    seen: list[Observed] = []
    part = np.zeros(MOST_BYTES // 8 // 3)
    note(seen, "f", [part], {}, None)
    note(seen, "f", [{"W": part}], {}, None)
    with pytest.raises(CheckFailure, match="f was called far more often"):
        note(seen, "f", [], {}, (part, part))
    many = [Observed("f", [], {}, None)] * MOST_CALLS
    with pytest.raises(CheckFailure):
        note(many, "f", [], {}, None)


def test_files_are_served_by_the_last_part_of_their_name() -> None:
    namespace: dict[str, Any] = {}
    exec("def reading(name):\n    return open(name).read()", namespace)
    student = LocalStudent(Code({"work": namespace}))
    with student.files({"names.txt": "a b"}):
        assert student.reading("data/names.txt") == "a b"
        with pytest.raises(CallFailure, match="FileNotFoundError"):
            student.reading("other.txt")


def test_arguments_after_a_call_are_handed_back() -> None:
    value, after = student_of(doubling_in_place).after(
        "doubling_in_place",
        np.ones(2),
    )
    assert value.tolist() == after[0].tolist() == [2, 2]


def test_changed_parts_are_told_by_path() -> None:
    before = (X, {"W": X, "b": [X, X]}, (1, 2))
    after = (X, {"W": X + 1, "b": [X, X * 2]}, (1, 2))
    assert [path for path, _ in changed_parts(before, after)] == ["[1]['W']", "[1]['b'][1]"]
    assert [path for path, _ in changed_parts(({"a": 1},), ({"a": 1, "b": 2},))] == ["[0]"]
    assert [path for path, _ in changed_parts(([1],), ([1, 2],))] == ["[0]"]
    assert [path for path, _ in changed_parts((X,), (X.astype("f4"),))] == ["[0]"]


def test_values_are_written_in_place() -> None:
    targets: list[Any] = [np.zeros(2), {"W": np.zeros(2), "n": 1}, [np.zeros(1)]]
    arrays = targets[0], targets[1]["W"], targets[2][0]
    write_in_place(targets, [np.ones(2), {"W": np.ones(2), "n": 2, "new": 3}, [np.ones(1)]])
    assert all(np.all(array == 1) for array in arrays)
    assert targets[1]["n"] == 2
    assert targets[1]["new"] == 3


# --- copies and sizes


def test_copies_share_nothing() -> None:
    value = (X, [X], {"a": (X, "text", None)})
    copied = independent(value)
    for old, new in ((X, copied[0]), (X, copied[1][0]), (X, copied[2]["a"][0])):
        assert np.array_equal(old, new)
        assert not np.shares_memory(old, new)
    assert copied[2]["a"][1:] == ("text", None)


def test_copies_keep_memory_order_and_protection() -> None:
    fortran = np.asfortranarray(X)
    fortran.flags.writeable = False
    copied = independent(fortran)
    assert copied.flags.f_contiguous
    assert not copied.flags.writeable


def test_sizes_are_distinct_and_large_enough() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        sizes = distinct_sizes(rng, "n_x", "n_a", "n_y", "m", "T_x")
        assert len(set(sizes.values())) == 5
        assert sizes["T_x"] >= 3
        assert sizes["m"] >= 2
        assert all(2 <= size <= 7 for size in sizes.values())


def test_more_names_than_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="4 different sizes do not fit into 2..4"):
        distinct_sizes(np.random.default_rng(0), "a", "b", "c", "d", low=2, high=4)


# --- gradients


AT = {"W": np.random.default_rng(3).standard_normal((3, 2)), "b": np.ones((3, 1))}


def loss(at):
    return np.sum(np.tanh(at["W"] @ np.array([[0.3], [-0.7]]) + at["b"]) ** 2)


RIGHT = {"dW": complex_gradient(loss, AT, "W"), "db": complex_gradient(loss, AT, "b")}


def rng() -> np.random.Generator:
    return np.random.default_rng(8)


def test_right_gradients_pass() -> None:
    gradients_agree(RIGHT, loss, AT, rng(), own_loss=loss)
    gradients_agree({"the_slope": RIGHT["dW"]}, loss, AT, rng(), names={"the_slope": "W"})


def test_complex_step_equals_the_formula() -> None:
    assert complex_gradient(lambda at: np.sum(at["x"] ** 3), {"x": X}, "x") == pytest.approx(
        3 * X**2, rel=1e-14
    )


@pytest.mark.parametrize("index", [(0, 0), (2, 1), (1, 0)])
def test_single_wrong_entry_is_named(index: tuple[int, int]) -> None:
    wrong = RIGHT["dW"].copy()
    wrong[index] += 0.01 * np.abs(wrong).max()
    with pytest.raises(CheckFailure, match=rf"f: dW is not the slope.*worst at \[{index[0]}, "):
        gradients_agree({"dW": wrong}, loss, AT, rng(), of="f")


def test_wrong_shape_is_told_first() -> None:
    with pytest.raises(CheckFailure, match=r"dW has shape \(2, 3\), but \(3, 2\) is expected"):
        gradients_agree({"dW": RIGHT["dW"].T}, loss, AT, rng())


def test_consistently_wrong_pair_fails_and_the_forward_pass_is_blamed() -> None:
    def own_loss(at):
        return 2 * loss(at)

    wrong = {"dW": 2 * RIGHT["dW"]}
    with pytest.raises(CheckFailure, match="fit your own forward pass, so it is the forward"):
        gradients_agree(wrong, loss, AT, rng(), own_loss=own_loss)


def test_second_opinion_disagrees_or_stays_silent() -> None:
    def failing(at):
        raise CheckFailure("the forward pass raises")

    wrong = {"dW": 2 * RIGHT["dW"]}
    with pytest.raises(CheckFailure, match="does not fit your own forward pass either"):
        gradients_agree(wrong, loss, AT, rng(), own_loss=loss)
    with pytest.raises(CheckFailure) as failure:
        gradients_agree(wrong, loss, AT, rng(), own_loss=failing)
    assert "own forward pass" not in failure.value.sentence


def test_zero_gradients_of_a_tiny_slope_are_refused() -> None:
    with pytest.raises(CheckFailure, match="is not the slope"):
        gradients_agree({"dW": np.zeros((3, 2))}, lambda at: 1e-9 * loss(at), AT, rng())


# --- the toy suite itself


@pytest.mark.parametrize("check", toy_suite().checks, ids=lambda check: check.id)
def test_every_toy_check_holds_for_the_reference(check: Any) -> None:
    suite = toy_suite()
    for seed in range(5):
        check.run(
            {
                "student": suite.reference(),
                "reference": suite.reference(),
                "rng": np.random.default_rng(seed),
            }
        )
