"""Sentences for whatever comes of a call, and the place they are about."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from grader.grading.outcomes import location_of, place, sentence_of, shown
from grader.grading.workplace import found_in
from grader.results import Location
from grader.sandbox import (
    Crashed,
    LimitExceeded,
    Loaded,
    LoadNote,
    ProtocolViolation,
    Raised,
    TimedOut,
    UnsetName,
)
from grader.sandbox.outcomes import Frame

OUTER = Frame("rnn.py", 3, "caller", "return step(x)")
INNER = Frame("rnn.py", 9, "step", "return x @ y")
CELL = Frame("work.ipynb[7]", 2, "step", "return x")


def test_exception_is_told_with_line_arrays_and_meaning() -> None:
    problem = Raised(
        "TypeError",
        "'NoneType' object is not subscriptable",
        (OUTER, INNER),
        (("x", "float64 array of shape (5, 8)"), ("y", "None")),
        "",
    )
    assert sentence_of("step", problem) == (
        "step raised TypeError at rnn.py, line 9: `return x @ y`. `step` was called at rnn.py, "
        "line 3: `return step(x)`. There, x: float64 array of shape "
        "(5, 8), y: None. Python says: 'NoneType' object is not subscriptable. `y` is None here. "
        "Is its line still a placeholder, or does the function that made it lack a `return`?"
    )


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (Raised("ValueError", "", (), (), ""), "step raised ValueError."),
        (Raised("ValueError", "no\n  good.", (), (), ""), "Python says: no good."),
        (Raised("ValueError", "x" * 900, (), (), ""), "xxx...."),
        (TimedOut(4.0, (INNER,), ""), "did not finish within 4 seconds of computing. It was at "
         "rnn.py, line 9: `return x @ y`. Is there a loop whose condition never becomes false?"),
        (TimedOut(0.5, (), ""), "within 0.5 seconds of computing. Is there"),
        (LimitExceeded("memory (2 GiB)", ""), "went over the limit of memory (2 GiB)"),
        (Crashed("signal SIGSEGV"), "ended the Python process (signal SIGSEGV)"),
        (ProtocolViolation("unsolicited bytes"), "(unsolicited bytes); this is no answer"),
    ],
)  # fmt: skip
def test_other_outcomes_are_told(problem: object, says: str) -> None:
    sentence = sentence_of("step", problem)  # type: ignore[arg-type]
    assert sentence.startswith("step ")
    assert says in sentence


@pytest.mark.parametrize(
    ("line", "names", "says"),
    [
        ("caches = caches.append(x)", ("caches",), "after `caches = ...` the list is gone"),
        ("y = f * g", ("f", "g"), "`f` and `g` are None here. Are their lines still placeholders"),
    ],
)
def test_what_is_none_is_said_to_be_none(line: str, names: tuple[str, ...], says: str) -> None:
    message = "'NoneType' object has no attribute 'append'"
    frame = Frame("rnn.py", 9, "step", line)
    empty = tuple((name, "None") for name in names)
    assert says in sentence_of("step", Raised("AttributeError", message, (frame,), empty, ""))


def test_none_in_a_matrix_product_is_said_to_be_none() -> None:
    message = "matmul: Input operand 1 does not have enough dimensions (has 0, ...)"
    problem = Raised("ValueError", message, (INNER,), (("y", "None"),), "")
    assert "`y` is None here." in sentence_of("step", problem)


def test_place_is_the_innermost_of_the_learners_lines() -> None:
    assert location_of((OUTER, INNER)) == Location("rnn.py", 9, None, "return x @ y")
    assert location_of(()) is None


def test_cell_of_a_notebook_is_told_as_such() -> None:
    location = location_of((CELL,))
    assert location == Location("work.ipynb", 2, 7, "return x")
    assert shown(location) == "work.ipynb, cell 7, line 2"
    assert shown(place("rnn.py", 4)) == "rnn.py, line 4"


def not_defined(name: str, frame: Frame = CELL) -> Raised:
    return Raised("NameError", f"name '{name}' is not defined", (frame,), (), "")


def test_a_name_that_a_line_left_out_would_bind_is_told_with_that_line() -> None:
    unset = {"W": UnsetName("work.ipynb[3]", 12, False), "b": UnsetName("work.ipynb[4]", 1, True)}
    left_out = sentence_of("step", not_defined("W"), unset)
    assert "`W` is set in work.ipynb, cell 3, line 12, which is not run for grading" in left_out
    failed = sentence_of("step", not_defined("b"), unset)
    assert "`b` is set in work.ipynb, cell 4, line 1, but that line failed" in failed
    for sentence in (left_out, failed):
        assert "exists neither" not in sentence


@pytest.mark.parametrize("frame", [CELL, INNER])
def test_a_name_that_no_line_of_the_file_binds_is_told_as_before(frame: Frame) -> None:
    elsewhere = {"W": UnsetName("other.py", 12, False)}
    sentence = sentence_of("step", not_defined("W", frame), elsewhere)
    assert "`W` exists neither in this function nor in this file." in sentence


def test_a_line_that_took_too_long_to_load_is_told_in_plain_words() -> None:
    note = LoadNote("raised", "work.py", 9, "OutOfTimeError", "it took too long")
    submission = SimpleNamespace(name="work.py", errors=(), notes=())
    found = found_in(submission, Loaded({}, (note,)), [])  # type: ignore[arg-type]
    assert found.notes == (
        "work.py, line 9: this took too long while the file was loaded, so it was left out.",
    )
