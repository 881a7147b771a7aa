"""Intake of notebooks and their exports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.content.intake.notebook_commands import without_commands
from grader.content.intake.reading import read_submission
from grader.content.intake.submission import Submission
from grader.errors import SubmissionError

WANTED = ("rnn_forward", "lstm_forward")
RNN = "def rnn_forward(x):\n    return x\n"
LSTM = "def lstm_forward(x):\n    return x\n"


def code(source: object) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": [], "metadata": {}}


def notebook(*cells: object, **more: object) -> str:
    return json.dumps({"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": cells, **more})


def read(tmp_path: Path, content: str | bytes, name: str = "week1.ipynb") -> Submission:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_submission(path, WANTED, ["rnn.py"], [])


def refusal(tmp_path: Path, content: str | bytes) -> str:
    with pytest.raises(SubmissionError) as caught:
        read(tmp_path, content)
    return str(caught.value)


def sources(submission: Submission) -> list[str]:
    return [unit.source for unit in submission.modules[0].units]


def test_cells_are_units_with_their_numbers(tmp_path: Path) -> None:
    text = {"cell_type": "markdown", "source": "# Title"}
    submission = read(tmp_path, notebook(text, code("x = 1"), {"cell_type": "raw"}, code(RNN)))
    (module,) = submission.modules
    assert (module.policy, module.entry) == ("definitions", True)
    assert [(unit.cell, unit.display) for unit in module.units] == [
        (1, "week1.ipynb, code cell 1"),
        (2, "week1.ipynb, code cell 2"),
    ]
    assert submission.found == {"rnn_forward": ("week1.ipynb, code cell 2", 1)}


def test_lines_that_make_a_wanted_function_are_named(tmp_path: Path) -> None:
    cells = (
        "def make(step): ...",
        "cell = Cell()\nother = Cell()",
        "rnn_forward = make(cell.step)",
        "lstm_forward: object = rnn_forward\nlstm_forward(train())",
    )
    (module,) = read(tmp_path, notebook(*map(code, cells))).modules
    assert module.made == ("cell", "lstm_forward", "rnn_forward")


def test_what_functions_use_of_the_learners_own_making_is_named(tmp_path: Path) -> None:
    cells = (
        "class Gate: ...\ndef table(n): ...\ndef train(): ...",
        "gate, other = Gate(), Gate()\nsizes = {k: table(k) for k in 'ab'}",
        "noise = np.random.rand()\nW = {'a': noise}\nby_gate = gate.size",
        "parameters = train()\nunused = table(3)\nresult = rnn_forward(gate)",
        "def helper(x):\n    return sizes['a'] * x",
        "def rnn_forward(x, parameters=1):\n    unused = gate(x)\n    return W, by_gate, helper",
        "def lstm_forward(x):\n    return result",
    )
    (module,) = read(tmp_path, notebook(*map(code, cells))).modules
    assert module.made == ("by_gate", "gate", "sizes")


def test_a_long_web_of_assignments_is_followed_at_once(tmp_path: Path) -> None:
    web = "\n".join(f"v{k} = v{k - 1} + v{k - 2}" for k in range(2, 3000))
    cells = (
        "class Gate: ...",
        "v0 = v1 = Gate()",
        web,
        "def rnn_forward(x):\n    return v2999",
        LSTM,
    )
    (module,) = read(tmp_path, notebook(*map(code, cells))).modules
    assert len(module.made) == 3000


@pytest.mark.parametrize("line", ["rnn_forward = timed(rnn_forward)", "x = rnn_forward(1)"])
def test_a_definition_needs_no_line_to_make_it(tmp_path: Path, line: str) -> None:
    (module,) = read(tmp_path, notebook(code(RNN), code(line), code(LSTM))).modules
    assert module.made == ()


def test_sources_may_be_lists_and_parts_may_be_missing(tmp_path: Path) -> None:
    lines = RNN.splitlines(keepends=True)
    odd: list[object] = [{"cell_type": "code"}, {}, 7, None, code(None), code([1, *lines])]
    assert list(read(tmp_path, notebook(*odd)).found) == ["rnn_forward"]


def test_the_third_format_has_worksheets_and_input(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "input": RNN.splitlines(keepends=True), "language": "python"}
    content = {"nbformat": 3, "worksheets": [{"cells": [cell]}, {"cells": [code(LSTM)]}]}
    assert len(read(tmp_path, json.dumps(content)).found) == 2


def test_outputs_count_for_nothing(tmp_path: Path) -> None:
    forged = code("x = 1") | {"outputs": [{"text": RNN, "data": {"text/html": "100 points"}}]}
    assert "none of the functions" in refusal(tmp_path, notebook(forged))
    plain_digest = read(tmp_path, notebook(code(RNN))).digest
    assert read(tmp_path, notebook(code(RNN) | {"outputs": [{"text": "1"}]})).digest == plain_digest


def test_a_notebook_under_another_name_is_recognised(tmp_path: Path) -> None:
    for name in ("rnn.py", "week1.ipynb.txt", "week1"):
        submission = read(tmp_path, notebook(code(RNN)), name)
        assert submission.modules[0].policy == "definitions"


@pytest.mark.parametrize(
    ("command", "left"),
    [
        ("%matplotlib inline", "pass"),
        ("!pip install numpy", "pass"),
        ("?help", "pass"),
        ("files = !ls", "pass"),
        ("t = %timeit -o f()", "pass"),
        ("np.tanh?", "pass"),
        ("model??", "pass"),
        ("if x:\n    !ls", "if x:\n    pass"),
        ("!pip install a \\\n   b", "pass\n"),
        ("pip install numpy", "pass"),
        ("y = (7\n % 2)\n%time y", "y = (7\n % 2)\npass"),
        ('s = """\n%not a command\n"""\n!ls', 's = """\n%not a command\n"""\npass'),
        ("x = 1  # right?\n!ls", "x = 1  # right?\npass"),
        ("x = 7 \\\n % 2\n!ls", "x = 7 \\\n % 2\npass"),
        ("print('a=%d' % 1)\n%ls", "print('a=%d' % 1)\npass"),
    ],
)
def test_commands_become_pass_and_nothing_else_changes(
    tmp_path: Path, command: str, left: str
) -> None:
    submission = read(tmp_path, notebook(code(command + "\n" + RNN)))
    assert sources(submission) == [left + "\n" + RNN]
    assert submission.errors == ()


def test_a_cell_that_parses_is_never_touched(tmp_path: Path) -> None:
    cell = RNN + "y = (7\n%time)\n"
    assert sources(read(tmp_path, notebook(code(cell)))) == [cell]


def test_cleaning_keeps_the_number_of_lines() -> None:
    source = "%a\n!b \\\n c\nx = 1\n?d\n"
    assert without_commands(source).count("\n") == source.count("\n")


@pytest.mark.parametrize("magic", ["time", "timeit -n 1", "capture out", "prun", "python3"])
def test_python_under_a_cell_magic_counts(tmp_path: Path, magic: str) -> None:
    submission = read(tmp_path, notebook(code(f"\n%%{magic}\n{RNN}")))
    assert submission.found["rnn_forward"].line == 3


@pytest.mark.parametrize("magic", ["bash", "html", "javascript", "writefile rnn.py"])
def test_other_cell_magics_drop_the_cell_and_say_what_was_in_it(tmp_path: Path, magic: str) -> None:
    submission = read(tmp_path, notebook(code(LSTM), code(f"%%{magic}\n{RNN}")))
    assert submission.missing == ("rnn_forward",)
    (note,) = submission.notes
    assert note.startswith("rnn_forward in week1.ipynb, code cell 2 does not count")


def test_a_cell_with_an_error_leaves_the_others(tmp_path: Path) -> None:
    bad = "x = 1\ndef lstm_forward(x):\n    return (x\n"
    submission = read(tmp_path, notebook(code(bad), code(RNN)))
    (problem,) = submission.errors
    assert (problem.display, problem.line) == ("week1.ipynb, code cell 1", 3)
    assert problem.text == "    return (x"
    assert problem.functions == ("lstm_forward",)
    assert list(submission.found) == ["rnn_forward"]


def test_commands_in_a_broken_cell_are_no_errors(tmp_path: Path) -> None:
    cell = "def lstm_forward(x:\n    pass\n%matplotlib inline\n" + RNN
    submission = read(tmp_path, notebook(code(cell)))
    assert [problem.line for problem in submission.errors] == [1]
    assert list(submission.found) == ["rnn_forward"]


def test_lone_surrogates_and_nul_in_cells_do_no_harm(tmp_path: Path) -> None:
    submission = read(tmp_path, notebook(code("s = '\ud800'"), code("x\0 = 1"), code(RNN)))
    assert list(submission.found) == ["rnn_forward"]
    assert len(submission.errors) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("def f(): pass", "it is not JSON (line 1)"),
        ('{"cells": [', "it is not JSON"),
        ("[1, 2]", "no notebook (it has no cells)"),
        ('{"a": 1}', "no notebook (it has no cells)"),
        ('{"cells": {"a": 1}}', "no notebook (it has no cells)"),
        ('{"worksheets": [3]}', "no notebook (it has no cells)"),
        ('{"cells": []}', "has no code"),
        ("[" * 100_000, "nested too deep"),
        ('{"cells": ' + "1" * 10_000 + "}", "not JSON"),
        (notebook(code(RNN), metadata={"kernelspec": {"language": "R"}}), "language R, not Python"),
        (notebook(code(RNN), metadata={"language_info": {"name": "julia"}}), "julia"),
        (b'{"cells": "\xff"}', "is not UTF-8"),
        (b'{"cells": \0}', "NUL byte"),
        (notebook(*[{"cell_type": "code"}] * 20_001), "more than 5000 cells"),
        (notebook(*[{"type": "code"}] * 5_001), "more than 5000 cells"),
    ],
)
def test_what_is_no_notebook_is_refused(tmp_path: Path, content: str | bytes, said: str) -> None:
    assert said in refusal(tmp_path, content)


def test_a_nbconvert_export_is_read_like_its_notebook(tmp_path: Path) -> None:
    body = "def lstm_forward(x):\\n    return x\\n"
    source = (
        "#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\n"
        "get_ipython().run_line_magic('matplotlib', 'inline')\n"
        "files = get_ipython().getoutput('ls')\n" + RNN + "\n# In[ ]:\n\n"
        f"get_ipython().run_cell_magic('time', '', '{body}')\n"
        "get_ipython().run_cell_magic('bash', '', 'rm -rf nothing')\nx = 1\n"
    )
    submission = read(tmp_path, source, "week1.py")
    assert submission.modules[0].policy == "definitions"
    assert submission.found["rnn_forward"] == ("week1.py", 8)
    assert submission.found["lstm_forward"] == ("week1.py (%%time cell in line 13)", 1)
    assert "get_ipython" not in "".join(sources(submission))
    assert submission.modules[0].units[-1].source.startswith("x = 1")
    assert submission.modules[0].units[-1].first_line == 15


def test_a_colab_export_is_read_like_its_notebook(tmp_path: Path) -> None:
    source = (
        '# -*- coding: utf-8 -*-\n"""Week 1.ipynb\n\nAutomatically generated by Colab.\n"""\n'
        "!pip install numpy\n\n"
        "# Commented out IPython magic to ensure Python compatibility.\n# %matplotlib inline\n"
        + RNN
        + '\n"""# Part 2\n% of text\n"""\n\n'
        "# Commented out IPython magic to ensure Python compatibility.\n# %%time\n"
        "# def lstm_forward(x):\n#     return x\n# \n"
    )
    submission = read(tmp_path, source, "week1.py")
    assert submission.modules[0].policy == "definitions"
    assert (submission.found["rnn_forward"].line, submission.found["lstm_forward"].line) == (10, 19)


@pytest.mark.parametrize("mark", ["# %%", "#%% a cell", "# ---\n# jupyter:\n#   jupytext:\n# ---"])
def test_percent_scripts_are_notebooks(tmp_path: Path, mark: str) -> None:
    submission = read(tmp_path, f"{mark}\n{RNN}", "week1.py")
    assert submission.modules[0].policy == "definitions"
