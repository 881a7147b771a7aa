"""One bad function does not lose its neighbours, and its place is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.content.intake.kept_source import parse
from grader.content.intake.readable_source import keep_what_parses
from grader.content.intake.reading import read_submission
from grader.content.intake.submission import Submission

WANTED = ("first", "second", "third")
GOOD = "def {0}(x):\n    '''About {0}.'''\n    return x\n"
FIRST, THIRD = GOOD.format("first"), GOOD.format("third")


def read(tmp_path: Path, source: str) -> Submission:
    path = tmp_path / "rnn.py"
    path.write_text(source)
    return read_submission(path, WANTED, ["rnn.py"], [])


@pytest.mark.parametrize(
    ("second", "line", "said"),
    [
        ("def second(x):\n    return (x\n", 5, "closing bracket is missing"),
        ("def second(x:\n    return x\n", 4, "closing bracket is missing"),
        ("def second(x)\n    return x\n", 4, "expected ':'"),
        ("def second(x):\n    '''never closed\n    return x\n", 5, "never closed"),
        ("def second(x):\n    s = 'open\n    return x\n", 5, "not closed in this line"),
        ("def second(x):\n", 4, "not indented"),
        ("def second(x):\nreturn x\n", 4, "not indented"),
        ("def second(x):\n    if x:\n    return x\n", 6, "after 'if' statement on line 5"),
        ("def second(x):\n        y = x\n    return y\n", 6, "indented differently"),
        ("def second(x):\n    if x:\n\ty = 1\n        return y\n", 6, "four spaces"),
        ("def second(x):\n    print x\n    return x\n", 5, "this is Python 2"),
        ("def second(x):\n    try: x\n    except E, e: x\n", 6, "this is Python 2"),
        ("def second(x):\n    y = x\n      return y\n", 6, "more than the line"),
        ("def second(x):\n    y = x\nz = 2\n    return y\n", 7, "more than the line"),
        ("def second(x):\n    y = x\nreturn y\n", 6, "outside of a function"),
        ("def second(x, x):\n    return x\n", 4, "duplicate argument"),
        ("def second(x):\n    %time x\n    return x\n", 5, "notebook command"),
        ("@wrap\ndef second(x):\n    return x +\n", 6, "not valid Python"),
        (
            "def second(x):\n    '''\nexample at the margin:\n    '''\n    return (x\n",
            8,
            "closing bracket",
        ),
        (
            "def second(x):\n<<<<<<< HEAD\n    return x\n=======\n    return 2\n>>>>>>> b\n",
            5,
            "merge conflict",
        ),
    ],
)
def test_a_bad_function_is_named_and_its_neighbours_count(
    tmp_path: Path, second: str, line: int, said: str
) -> None:
    submission = read(tmp_path, FIRST + second + THIRD)
    assert sorted(submission.found) == ["first", "third"]
    assert submission.missing == ("second",)
    (problem,) = submission.errors
    assert problem.functions == ("second",)
    assert (problem.display, problem.line) == ("rnn.py", line)
    assert said in problem.message
    assert problem.text == (FIRST + second + THIRD).split("\n")[line - 1].replace("\t", "    ")
    assert f"rnn.py, line {line} (in second)" in problem.sentence()


def test_line_numbers_of_what_remains_are_the_learners(tmp_path: Path) -> None:
    submission = read(tmp_path, FIRST + "def second(x:\n    return x\n" + THIRD)
    (unit,) = submission.modules[0].units
    assert submission.found["third"].line == 6
    assert unit.source.split("\n")[5] == "def third(x):"
    compile(unit.source, "rnn.py", "exec")


def test_a_conflict_around_a_whole_function_loses_only_that(tmp_path: Path) -> None:
    conflict = (
        "<<<<<<< HEAD\ndef second(x):\n    return 1\n=======\n"
        "def second(x):\n    return 2\n>>>>>>> other\n"
    )
    submission = read(tmp_path, FIRST + conflict + THIRD)
    assert sorted(submission.found) == ["first", "third"]
    (problem,) = submission.errors
    assert (problem.line, problem.functions) == (4, ("second",))


def test_statements_between_functions_are_lost_alone(tmp_path: Path) -> None:
    submission = read(tmp_path, FIRST + "print 'testing'\nx = first(3)\n" + THIRD)
    assert sorted(submission.found) == ["first", "third"]
    (problem,) = submission.errors
    assert problem.functions == ()
    assert "x = first(3)" in submission.modules[0].units[0].source


def test_text_at_the_margin_of_a_long_string_is_no_new_statement(tmp_path: Path) -> None:
    source = 'NOTES = """\ndef second(x):\nimport nothing\n"""\n' + FIRST + "1 +\n"
    submission = read(tmp_path, source)
    assert list(submission.found) == ["first"]
    assert [problem.line for problem in submission.errors] == [8]


def test_two_bad_functions_are_two_problems(tmp_path: Path) -> None:
    source = FIRST + "def second(x):\n    return (x\ndef third(x):\n    return x x\n"
    problems = read(tmp_path, source).errors
    assert [(p.line, p.functions) for p in problems] == [(5, ("second",)), (7, ("third",))]


def test_a_file_of_which_nothing_parses_still_names_its_problem(tmp_path: Path) -> None:
    submission = read(tmp_path, "def first(x:\n    return x\n")
    assert submission.found == {}
    assert submission.errors[0].functions == ("first",)


def test_prose_is_one_problem_not_many(tmp_path: Path) -> None:
    submission = read(tmp_path, "Dear teacher\nI could not do it\nplease forgive me\n" + FIRST)
    assert len(submission.errors) == 1
    assert list(submission.found) == ["first"]


def test_if_else_and_try_at_the_margin_stay_whole(tmp_path: Path) -> None:
    source = (
        "try:\n    import a\nexcept ImportError:\n    a = None\nelse:\n    b = 1\n"
        "call(\n    1,\n)\n" + FIRST + "x = = 1\n"
    )
    submission = read(tmp_path, source)
    assert [problem.line for problem in submission.errors] == [13]
    assert "except ImportError" in submission.modules[0].units[0].source


SOURCE = "import numpy as np\n\n" + FIRST + "@np.vectorize\n" + GOOD.format("second") + THIRD
SCRAPS = [
    "(",
    ")",
    '"""',
    "'",
    "\n",
    "\t",
    "    ",
    "def ",
    "return\n",
    "#",
    "\\",
    ":",
    "@",
    "%",
    "=",
]


@settings(database=None, deadline=None)
@given(
    st.integers(0, len(SOURCE)),
    st.integers(0, 12),
    st.lists(st.sampled_from(SCRAPS), max_size=4).map("".join),
)
def test_whatever_happens_to_a_file_what_is_kept_compiles_on_its_lines(
    at: int, removed: int, inserted: str
) -> None:
    damaged = SOURCE[:at] + inserted + SOURCE[at + removed :]
    kept = keep_what_parses(damaged, "rnn.py", WANTED)
    assert not isinstance(parse(kept.source), SyntaxError)
    original, lines = damaged.split("\n"), kept.source.split("\n")
    assert kept.source == "" or len(lines) == len(original)
    assert all(line in ("", before) for line, before in zip(lines, original, strict=False))
    assert bool(kept.problems) == (kept.source != damaged)
    assert all(1 <= problem.line <= len(original) for problem in kept.problems)
