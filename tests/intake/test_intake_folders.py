"""Intake of folders: who owns which function, what is left out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.content.intake.reading import read_submission
from grader.content.intake.submission import Submission
from grader.errors import SubmissionError

WANTED = ("rnn_forward", "lstm_forward")


def function(name: str, body: str = "return x") -> str:
    return f"def {name}(x):\n    {body}\n"


RNN, LSTM = function("rnn_forward"), function("lstm_forward")
STUB = function("rnn_forward", "raise NotImplementedError('rnn_forward')")


def notebook(source: str) -> str:
    import json

    return json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": source}]})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "answers"
    root.mkdir()
    return root


def fill(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def read(root: Path) -> Submission:
    return read_submission(root, WANTED, ["rnn.py", "lstm.py"], ["rnn_utils"])


def refusal(root: Path) -> str:
    with pytest.raises(SubmissionError) as caught:
        read(root)
    return str(caught.value)


def test_every_function_has_the_file_that_defines_it(folder: Path) -> None:
    fill(folder, rnn_dot_py=RNN, lstm_dot_py="import rnn\n" + LSTM)
    submission = read(folder)
    assert submission.owners == {"rnn_forward": "rnn", "lstm_forward": "lstm"}
    assert [module.name for module in submission.modules] == ["rnn", "lstm"]
    assert submission.missing == submission.notes == ()
    assert submission.name == "answers"


def test_own_helpers_come_along_but_are_no_entries(folder: Path) -> None:
    fill(folder, rnn_dot_py=RNN, my_own_dot_py="X = 1\n", rnn_utils_dot_py="Y = 1\n")
    entries = {module.name: module.entry for module in read(folder).modules}
    assert entries == {"rnn": True, "my_own": False, "rnn_utils": False}


def test_a_stub_loses_against_a_finished_function_elsewhere(folder: Path) -> None:
    fill(folder, rnn_dot_py=STUB + LSTM, week1_dot_ipynb=notebook(RNN))
    submission = read(folder)
    assert submission.owners == {"rnn_forward": "week1.ipynb", "lstm_forward": "rnn"}
    assert submission.not_started == submission.notes == ()


def test_of_two_finished_functions_the_stub_files_is_graded_with_a_note(folder: Path) -> None:
    other = function("rnn_forward", "return 2")
    fill(folder, rnn_dot_py=RNN, a_first_dot_py=other, week1_dot_ipynb=notebook(other))
    submission = read(folder)
    assert submission.owners["rnn_forward"] == "rnn"
    assert len(submission.notes) == 2
    assert submission.notes[0] == (
        "rnn_forward is finished in two files, rnn.py and a_first.py: the code in rnn.py is graded."
    )


def test_stub_files_are_asked_in_the_order_of_the_course(folder: Path) -> None:
    fill(folder, rnn_dot_py=RNN + LSTM, lstm_dot_py=RNN.replace("x", "y") + LSTM)
    assert set(read(folder).owners.values()) == {"rnn"}


def test_the_same_function_twice_needs_no_note(folder: Path) -> None:
    fill(folder, rnn_dot_py=RNN, copy_of_it_dot_py="\n" + RNN + "# end\n")
    assert read(folder).notes == ()


def test_a_helper_of_the_course_is_asked_last(folder: Path) -> None:
    fill(folder, rnn_utils_dot_py=RNN.replace("x", "y"), zz_dot_py=RNN)
    assert read(folder).owners["rnn_forward"] == "zz"


def test_a_broken_function_gives_way_to_one_that_can_be_read(folder: Path) -> None:
    fill(folder, rnn_dot_py="def rnn_forward(x:\n    pass\n", other_dot_py=RNN)
    submission = read(folder)
    assert submission.owners["rnn_forward"] == "other"
    assert "has a syntax error in line 1; the one in other.py is graded" in submission.notes[0]


def test_one_level_down_is_read_when_nothing_is_at_the_top(folder: Path) -> None:
    fill(folder, building__rnn_dot_py=RNN, notes_dot_py="x = 1\n", a__b__lstm_dot_py=LSTM)
    submission = read(folder)
    assert submission.found == {"rnn_forward": ("building/rnn.py", 1)}
    assert submission.missing == ("lstm_forward",)


def test_below_is_not_read_when_something_is_at_the_top(folder: Path) -> None:
    fill(folder, rnn_dot_py=STUB, old__rnn_dot_py=RNN)
    assert read(folder).not_started == ("rnn_forward",)


def test_two_modules_of_one_name_do_not_hide_each_other(folder: Path) -> None:
    fill(folder, a__rnn_dot_py=RNN, b__rnn_dot_py=LSTM)
    names = [module.name for module in read(folder).modules]
    assert names == ["rnn", "b/rnn.py"]


@pytest.mark.parametrize(
    "name",
    [
        "checks_rnn.py", "contract.py", "cases.py", "test_rnn.py", "conftest.py", ".hidden.py",
        "right_answers/rnn.py", ".ipynb_checkpoints/rnn.py", ".venv/rnn.py", "__pycache__/rnn.py",
        "venv/rnn.py", "rnn.txt",
    ],
)  # fmt: skip
def test_tests_solutions_and_hidden_folders_are_never_read(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(RNN)
    assert "no Python file or notebook" in refusal(folder)
    (folder / "lstm.py").write_text(LSTM)
    assert len(read(folder).modules) == 1


@pytest.mark.parametrize("name", ["numpy", "random", "json"])
def test_a_file_named_like_a_module_of_python_is_left_out(folder: Path, name: str) -> None:
    fill(folder, rnn_dot_py=RNN, **{f"{name}_dot_py": "def randn(*a): return 0\n"})
    submission = read(folder)
    assert [module.name for module in submission.modules] == ["rnn"]
    assert f"{name}.py was left out" in submission.notes[0]


def test_answers_in_such_a_file_count_under_a_name_nobody_imports(folder: Path) -> None:
    fill(folder, code_dot_py=RNN)
    submission = read(folder)
    assert submission.owners == {"rnn_forward": "code.py"}
    assert submission.notes == ()


def test_an_empty_folder_is_refused(folder: Path) -> None:
    assert refusal(folder) == (
        "answers holds no Python file or notebook: hand in your .py or .ipynb file."
    )


def test_a_folder_without_a_wanted_function_says_where_it_looked(folder: Path) -> None:
    fill(folder, a_dot_py="def rnn_foward(x): return x\n", b_dot_ipynb="oops")
    said = refusal(folder)
    assert "none of the functions rnn_forward and lstm_forward (looked in a.py)" in said
    assert "did you mean rnn_forward?" in said
    assert "b.ipynb was left out: b.ipynb is no notebook" in said


def test_a_file_that_cannot_be_read_does_not_lose_the_others(folder: Path) -> None:
    fill(folder, rnn_dot_py=RNN, empty_dot_py="", week1_dot_ipynb="{}")
    (folder / "nul.py").write_bytes(b"\0")
    os.mkfifo(folder / "pipe.py")
    (folder / "lstm.py").mkdir()
    submission = read(folder)
    assert list(submission.found) == ["rnn_forward"]
    assert len(submission.notes) == 5


def test_links_out_of_the_folder_are_left_out(folder: Path) -> None:
    solution = folder.parent / "solution.py"
    solution.write_text(LSTM)
    fill(folder, mine_dot_py=RNN)
    (folder / "lstm.py").symlink_to(solution)
    (folder / "rnn.py").symlink_to(folder / "mine.py")
    (folder / "loop.py").symlink_to(folder / "loop.py")
    submission = read(folder)
    assert submission.missing == ("lstm_forward",)
    assert submission.owners["rnn_forward"] == "rnn"
    assert "lstm.py was left out: it is a link to a file outside" in " ".join(submission.notes)


def test_linked_folders_are_not_entered(folder: Path) -> None:
    outside = folder.parent / "outside"
    fill(outside, rnn_dot_py=RNN)
    (folder / "inside").symlink_to(outside)
    assert "no Python file" in refusal(folder)


def test_junk_notebooks_beside_the_answer_report_no_errors(folder: Path) -> None:
    fill(folder, rnn_dot_py=RNN, scratch_dot_ipynb=notebook("x = = 1\n"))
    assert read(folder).errors == ()


def test_too_many_files_are_refused(folder: Path) -> None:
    for number in range(201):
        (folder / f"f{number}.py").write_text("x = 1\n")
    assert "more than 200" in refusal(folder)


def test_too_much_code_in_all_is_refused(folder: Path) -> None:
    for number in range(3):
        (folder / f"f{number}.py").write_text("#" * 390_000)
    assert "more than 1,000,000 characters" in refusal(folder)


def test_the_current_folder_has_a_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(folder, rnn_dot_py=RNN)
    monkeypatch.chdir(folder)
    assert read(Path()).name == "answers"
