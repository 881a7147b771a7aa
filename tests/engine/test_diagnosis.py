"""Diagnosis: what is behind a wrong result, said in the learner's own names and lines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from toy_world import TOY, ToyGrader, check_of, reference_with, task_of, toy_suite

from grader.checking.failures import Difference
from grader.checking.student import Call
from grader.content.edits import Edit, edited
from grader.content.intake.source_names import names_in
from grader.content.mistakes import load_catalogue, reference_functions
from grader.grading.diagnosis.evidence import same_call
from grader.grading.diagnosis.own_names import (
    OwnCode,
    filled,
    locals_of,
    name_of_part,
    place_of_difference,
    translate_names,
)
from grader.grading.diagnosis.parts import same_value, wrong_parts
from grader.results import Location

HIDDEN = TOY / "solutions" / "signals"
CATALOGUE = load_catalogue(HIDDEN / "mistakes.yaml")
FUNCTIONS = reference_functions(HIDDEN, ["signals.py"])
SUM = "    last = start.copy()\n"
STEP = "last = last + x[:, :, t]\n"


# --- through the whole engine


@pytest.mark.parametrize("entry", CATALOGUE.mistakes, ids=lambda entry: entry.id)
def test_every_catalogued_mistake_is_called_by_its_name(entry, toy: ToyGrader) -> None:
    text = FUNCTIONS[entry.function].text
    source = reference_with((text, edited(FUNCTIONS[entry.function], entry.changes)))
    caught = check_of(toy.source(source), entry.caught_by)
    assert caught.status == "failed"
    assert caught.diagnosis == entry.id


def test_mistake_is_told_in_the_learners_names_and_lines(toy: ToyGrader) -> None:
    source = reference_with(
        (SUM, ""),
        (STEP, "so_far = start + x[:, :, t]\n"),
        ("totals[:, :, t] = last\n", "totals[:, :, t] = so_far\n"),
        ("return totals, last", "return totals, so_far"),
    )
    check = check_of(toy.source(source), "every_step_adds_up")
    assert check.diagnosis == "sum-not-carried"
    assert "What should `so_far` carry on?" in check.message
    assert check.location is not None
    assert check.location.text == "so_far = start + x[:, :, t]"
    assert source.splitlines()[check.location.line - 1].strip() == check.location.text


def test_mistake_outside_the_catalogue_is_named_by_its_mutant(toy: ToyGrader) -> None:
    source = reference_with(("for t in range(x.shape[2])", "for t in range(x.shape[2] - 1)"))
    check = check_of(toy.source(source), "every_step_adds_up")
    assert check.diagnosis is not None
    assert check.diagnosis.startswith("mutant:loop")
    assert "the loop leaves out the last" in check.message


def test_two_mistakes_at_once_are_both_named(toy: ToyGrader) -> None:
    source = reference_with(
        ("start.copy()", "np.zeros(start.shape)"), ("totals[:, :, t] =", "totals[:, :, t - 1] =")
    )
    check = check_of(toy.source(source), "every_step_adds_up")
    assert check.diagnosis == "start-forgotten+stored-one-early"
    assert "Two things come together here. First: The sum starts from zero." in check.message


def test_what_fits_no_mistake_is_not_given_a_name(toy: ToyGrader) -> None:
    source = reference_with((STEP, "last = last + np.cos(x[:, :, t]) * 3\n"))
    check = check_of(toy.source(source), "every_step_adds_up")
    assert check.diagnosis is None or check.diagnosis.startswith("looks:")
    assert check.message


def test_mistake_in_a_task_is_named_beside_a_callee_that_is_wrong_too(toy: ToyGrader) -> None:
    source = reference_with(
        ("scaled = gain * x\n", "scaled = gain + x\n"), ("scale(shifted, gain)", "scale(x, gain)")
    )
    report = toy.source(source)
    assert check_of(report, "the_shifted_is_scaled").diagnosis == "scaled-unshifted"


def test_callees_faults_are_not_counted_twice(toy: ToyGrader) -> None:
    report = toy.source(reference_with(("scaled = gain * x\n", "scaled = gain + x\n")))
    task = task_of(report, "shift_then_scale")
    assert (task.status, task.earned) == ("passed", 30)
    assert "the course's `scale` in place of yours" in task.notes[0]


def test_callee_that_is_not_started_is_stood_in_for(toy: ToyGrader) -> None:
    source = reference_with(("    scaled = gain * x\n", '    raise NotImplementedError("scale")\n'))
    report = toy.source(source)
    assert task_of(report, "scale").status == "not_started"
    assert task_of(report, "shift_then_scale").earned == 30


def test_stub_of_a_caller_is_not_started_though_its_callee_is_done(toy: ToyGrader) -> None:
    body = "    shifted = x + shift\n    scaled = scale(shifted, gain)\n"
    report = toy.source(reference_with((body, '    raise NotImplementedError("later")\n')))
    assert [task.status for task in report.tasks] == ["passed", "not_started", "passed"]


def test_empty_diagnosis_is_null_in_the_report(toy: ToyGrader) -> None:
    for step in ("last = last + np.cos(x[:, :, t]) * 3\n", "last = last * x[:, :, t] - 7\n"):
        report = toy.source(reference_with((STEP, step)))
        names = {check.diagnosis for task in report.tasks for check in task.checks}
        assert "" not in names


# --- evidence


X = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    ("yours", "other", "same"),
    [
        (X, X * (1 + 1e-9), True),
        (X, X + 1e-3, False),
        (X, X.T, False),
        (X, None, False),
        (np.full(2, np.nan), np.full(2, np.nan), True),
        (np.array([np.nan, 1]), np.array([1, np.nan]), False),
        ((X, 1), [X, 1], True),
        ((X,), (X, X), False),
        ({"a": X, "more": 1}, {"a": X}, True),
        ({"a": X}, {"b": X}, False),
        ("a", "a", True),
        (True, 1, False),
        (None, None, True),
    ],
)
def test_values_of_one_mistake_are_the_same(yours: object, other: object, same: bool) -> None:
    assert same_value(yours, other) is same


def test_calls_that_modify_their_arguments_are_not_those_that_do_not() -> None:
    plain = Call("f", (X,), value=X)
    modifying = Call("f", (X,), value=X, modified={"[0]": X})
    assert same_call(plain, plain)
    assert same_call(modifying, modifying)
    assert not same_call(plain, modifying)


def test_wrong_parts_are_listed_by_key_or_place() -> None:
    assert list(wrong_parts({"a": X, "b": X}, {"a": X, "b": X + 1, "c": X})) == ["b", "c"]
    assert list(wrong_parts((X, X + 1), (X, X, X))) == ["1", "2"]
    assert list(wrong_parts(X + 1, X)) == [""]


# --- the learner's own names

OWN = """def running_sum(film, begin):
    out = np.zeros(film.shape)
    so_far = begin
    for step in range(film.shape[2]):
        so_far = so_far + film[:, :, step]
        out[:, :, step] = so_far
    found = {"dW": so_far}
    found["db"] = out
    return out, so_far
"""


def own(source: str = OWN, first_line: int = 1, **variables: object) -> OwnCode:
    names = names_in(source, "running_sum", first_line)
    return OwnCode("mine.py", None, names, source.splitlines(), first_line, variables)


def test_names_are_told_by_their_values() -> None:
    ours = {"last": X, "totals": X + 1, "t": 3, "tiny": np.ones(1)}
    names = translate_names(["last", "totals", "t", "tiny"], ours, own(so_far=X, out=X + 1))
    assert names == {"last": "so_far", "totals": "out"}


def test_equal_names_with_equal_values_win_and_twins_are_not_guessed() -> None:
    assert translate_names(["last"], {"last": X}, own(a=X, last=X)) == {"last": "last"}
    assert translate_names(["last"], {"last": X}, own(a=X, b=X)) == {}
    assert translate_names(["other"], {"last": X}, own(a=X)) == {}


def test_sentence_is_filled_with_the_learners_names() -> None:
    text = "Look at {last}, `{film}` and {c_next}; {c_next} again."
    assert filled(text, {"last": "so_far"}, own()) == (
        "Look at `so_far`, `film` and `c_next` (the brief's name for it); `c_next` again."
    )
    assert filled("Look at {last}.", {}, None) == "Look at `last`."


def test_locals_are_those_of_the_function_at_its_end() -> None:
    suite = toy_suite()
    call = Call("running_sum", (np.ones((2, 2, 3)), np.zeros((2, 2))))
    found = locals_of(suite.code, suite, call)
    assert found["t"] == 2
    assert found["last"].tolist() == [[3, 3], [3, 3]]


def test_part_of_the_result_leads_to_the_learners_variable() -> None:
    assert name_of_part("totals", 0, own()) == "out"
    assert name_of_part("nothing", None, own()) is None
    assert name_of_part("nothing", 7, own()) is None


@pytest.mark.parametrize(
    ("path", "line", "text"),
    [
        ("last", 5, "so_far = so_far + film[:, :, step]"),
        ("totals[0]", 6, "out[:, :, step] = so_far"),
        ("caches[1].so_far", 5, "so_far = so_far + film[:, :, step]"),
    ],
)
def test_difference_leads_to_the_line_that_sets_it(path: str, line: int, text: str) -> None:
    difference = Difference(path, "values", "")
    place = place_of_difference(difference, ["totals", "last"], own())
    assert place == Location("mine.py", line, None, text)
    below = place_of_difference(difference, ["totals", "last"], own(first_line=11))
    assert below is not None
    assert (below.line, below.text) == (line + 10, text)


def test_difference_that_leads_nowhere_has_no_line() -> None:
    assert place_of_difference(Difference("gone", "values", ""), [], own()) is None
    assert place_of_difference(Difference("", "values", ""), [], own()) is None


def test_edits_of_the_catalogue_are_ready_to_apply() -> None:
    assert CATALOGUE.of("scale")[0].changes == (Edit("gain * x", "gain + x"),)
    assert Path(FUNCTIONS["scale"].file) == HIDDEN / "signals.py"
