"""A function is tried step by step: what is the same is not run twice, what is doubtful is left."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from grader.checking.student import Call
from grader.content.code import Code
from grader.content.edits import Edit, FunctionText
from grader.grading.diagnosis.splice import spliced
from grader.grading.diagnosis.steps import UnsureError, changed_by, step_of
from grader.grading.diagnosis.workshop import Workshop

SOURCE = '''def f(x, w):
    """Weigh."""
    z = counted(x)
    total = np.zeros(x.shape[0])
    for t in range(x.shape[1]):
        part = w * z[:, t]
        total += part
    y = total + 1
    return total, y
'''
X, W = np.arange(6.0).reshape(2, 3), 2.0


def workshop(source: str = SOURCE) -> tuple[Workshop, list[int]]:
    runs: list[int] = []

    def counted(x):
        runs.append(1)
        return x * x

    namespace = {"np": np, "counted": counted}
    exec(source, namespace)
    return Workshop(FunctionText("f", source, "f.py", 1), Code({"f": namespace})), runs


def outcome(*edits: tuple[str, str]) -> tuple[Call | None, list[int]]:
    made, runs = workshop()
    tape = made.replay(Call("f", (X, W)))
    assert tape is not None
    return made.outcome(tape, tuple(Edit(*edit) for edit in edits)), runs


def test_only_what_reads_something_new_is_run_again() -> None:
    found, runs = outcome(("total + 1", "total + 2"))
    assert found is not None
    assert np.array_equal(found.value[1], (W * X * X).sum(axis=1) + 2)
    assert runs == [1]


def test_an_edit_inside_a_loop_is_tried_there() -> None:
    found, runs = outcome(("w * z[:, t]", "w + z[:, t]"))
    assert found is not None
    assert np.array_equal(found.value[0], (W + X * X).sum(axis=1))
    assert runs == [1]


def test_two_edits_are_tried_together() -> None:
    found, _ = outcome(("w * z", "z"), ("total + 1", "total"))
    assert found is not None
    assert np.array_equal(found.value[1], (X * X).sum(axis=1))


def test_an_error_is_how_the_call_ends() -> None:
    found, _ = outcome(("w * z[:, t]", "w @ z[:, t]"))
    assert found is not None
    assert found.failure is not None
    assert found.failure.outcome.type == "ValueError"


@pytest.mark.parametrize(
    "edit",
    [
        ("z = counted(x)", "x[0] = 1\n    z = counted(x)"),  # an argument is written to
        ("np.zeros(x.shape[0])", "x[:, 0]"),  # added up in somebody else's array
        ("def f(x, w):", "def f(x, w, v=1):"),
        ("z = counted(x)", "x.sort()\n    z = counted(x)"),
        ("return total, y", "while True:\n        return total, y"),
    ],
)
def test_what_is_doubtful_is_left_to_the_whole_function(edit: tuple[str, str]) -> None:
    assert outcome(edit)[0] is None


@pytest.mark.parametrize(
    "source",
    [
        SOURCE.replace("total += part", "x += part"),
        SOURCE.replace("np.zeros(x.shape[0])", "z[0]"),
        SOURCE.replace("z = counted(x)", "z = (lambda v: v)(x)"),
        SOURCE.replace("counted(x)", "np.random.rand(2, 3)"),
    ],
)
def test_a_function_that_does_not_go_in_steps_is_not_recorded(source: str) -> None:
    made, _ = workshop(source)
    assert made.replay(Call("f", (X, W))) is None


def test_the_module_s_own_arrays_stay_writable() -> None:
    made, _ = workshop(SOURCE.replace("z = counted(x)", "z = table"))
    made._function.__globals__["table"] = table = np.ones((2, 3))
    assert made.replay(Call("f", (X, W))) is None
    assert table.flags.writeable


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("a = b", set()),
        ("a[0] = b", {"a"}),
        ("a.T[0], b = c", {"a"}),
        ("a += b", {"a"}),
        ("a.append(b)", {"a"}),
        ("f(a, b[0])", {"a", "b"}),
        ("a = b.pop()", {"b"}),
        ("a = np.clip(b, 0, 1, out=c)", {"c"}),
    ],
)
def test_names_that_a_statement_changes_in_place(statement: str, names: set[str]) -> None:
    assert set(changed_by(ast.parse(statement).body[0])) == names


def test_an_iterator_is_read_but_once() -> None:
    assert not step_of(ast.parse("a = zip(b, c)").body[0], "text", frozenset()).repeatable
    assert step_of(ast.parse("a = b @ c").body[0], "text", frozenset()).repeatable
    with pytest.raises(UnsureError):
        step_of(ast.parse("while a: b = c").body[0], "text", frozenset())


def test_only_the_lines_of_the_edit_are_parsed_anew() -> None:
    definition = ast.parse(SOURCE).body[0]
    assert isinstance(definition, ast.FunctionDef)
    fragment = spliced(definition, SOURCE.splitlines(), SOURCE.replace("w * z", "w"))
    assert fragment is not None
    assert [ast.unparse(statement) for statement in fragment.new] == ["part = w[:, t]"]
    assert fragment.body[0] is definition.body[0]
    assert "total += part" in ast.unparse(fragment.body[3])
