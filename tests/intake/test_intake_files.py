"""Intake of single files: what is accepted, and every refusal with its reason."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from grader.content.intake import reading as intake
from grader.content.intake.reading import read_submission
from grader.content.intake.submission import Submission
from grader.errors import SubmissionError

WANTED = ("rnn_forward", "lstm_forward")
FINISHED = "def rnn_forward(x):\n    return x\n"
STUB = 'def rnn_forward(x):\n    """Docs."""\n    raise NotImplementedError("rnn_forward")\n'


def read(path: Path) -> Submission:
    return read_submission(path, WANTED, ["rnn.py", "lstm.py"], ["rnn_utils"])


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(SubmissionError) as caught:
        read(path)
    return str(caught.value)


def test_an_ordinary_file_is_one_module_that_is_run(tmp_path: Path) -> None:
    submission = read(write(tmp_path / "my answer (1).py", "x = 1\n" + FINISHED))
    (module,) = submission.modules
    assert submission.name == "my answer (1).py"
    assert (module.policy, module.entry) == ("run", True)
    assert submission.found == {"rnn_forward": ("my answer (1).py", 2)}
    assert submission.owners["rnn_forward"] == module.name
    assert submission.missing == ("lstm_forward",)
    assert submission.not_started == ()
    (unit,) = module.units
    assert (unit.source, unit.cell, unit.first_line) == ("x = 1\n" + FINISHED, None, 1)


def test_learner_code_is_never_executed(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    read(write(tmp_path / "rnn.py", f"open({str(trace)!r}, 'w')\n{FINISHED}"))
    assert not trace.exists()


@pytest.mark.parametrize(
    "source",
    [
        "if True:\n    def rnn_forward(x): return x\n",
        "try:\n    import foo\nexcept ImportError:\n    def rnn_forward(x): return x\n",
        "with open('f') as f:\n    def rnn_forward(x): return x\n",
        "rnn_forward = lambda x: x\n",
        "rnn_forward: object = lambda x: x\n",
        "def mine(x): return x\nrnn_forward = mine\n",
        "import my\nrnn_forward = my.forward\n",
        "@memo\n@other(1)\ndef rnn_forward(x): return x\n",
        "from functools import partial\nrnn_forward = partial(max, 1)\n",
    ],
)
def test_functions_are_found_however_they_are_bound(tmp_path: Path, source: str) -> None:
    assert "rnn_forward" in read(write(tmp_path / "a.py", source)).found


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("class Net:\n    def rnn_forward(self): pass\n", "inside class Net"),
        ("def main():\n    def rnn_forward(x): pass\n", "inside function main"),
        ("async def rnn_forward(x): return x\n", "remove the word `async`"),
        ("if __name__ == '__main__':\n    def rnn_forward(x): return x\n", "top level"),
        ("class rnn_forward:\n    pass\n", "is a class"),
        ("from my_solution import rnn_forward\n", "only imported"),
        ("def rnn_foward(x): return x\n", "did you mean rnn_forward?"),
        ("def RNN_Forward(x): return x\n", "did you mean rnn_forward?"),
        ("def rnnForward(x): return x\n", "did you mean rnn_forward?"),
    ],
)
def test_a_function_that_does_not_count_is_explained(
    tmp_path: Path, source: str, said: str
) -> None:
    submission = read(write(tmp_path / "a.py", source + "def lstm_forward(x): return x\n"))
    assert submission.missing == ("rnn_forward",)
    assert any(said in note for note in submission.notes), submission.notes


def test_other_functions_are_not_taken_for_slips_of_the_pen(tmp_path: Path) -> None:
    source = "def gru_forward(x): return x\ndef rnn_forward_test(x): return x\n"
    submission = read(write(tmp_path / "a.py", source + "def lstm_forward(x): return x\n"))
    assert submission.notes == ()


@pytest.mark.parametrize(
    ("body", "is_stub"),
    [
        ("raise NotImplementedError('x')", True),
        ("raise NotImplementedError", True),
        ("'''Docs.'''; a = p['a']; raise NotImplementedError('x'); return a", True),
        ("for t in range(3): raise NotImplementedError", True),
        ("pass", True),
        ("...", True),
        ("return x", False),
        ("if x is None: raise NotImplementedError\n    return x", False),
        ("return x\n    raise NotImplementedError", False),
        ("raise ValueError", False),
    ],
)
def test_an_untouched_stub_is_told_from_an_answer(tmp_path: Path, body: str, is_stub: bool) -> None:
    submission = read(write(tmp_path / "a.py", f"def rnn_forward(x, p=None):\n    {body}\n"))
    assert submission.not_started == (("rnn_forward",) if is_stub else ())
    assert "rnn_forward" in submission.found


def test_an_alias_of_a_stub_is_not_started(tmp_path: Path) -> None:
    source = STUB.replace("def rnn_forward", "def mine") + "rnn_forward = mine\n"
    assert read(write(tmp_path / "a.py", source)).not_started == ("rnn_forward",)


def test_the_last_definition_wins(tmp_path: Path) -> None:
    submission = read(write(tmp_path / "a.py", FINISHED + FINISHED))
    assert submission.found["rnn_forward"].line == 3
    assert submission.notes == ()


def test_a_stub_below_a_finished_function_wins_and_is_explained(tmp_path: Path) -> None:
    submission = read(write(tmp_path / "a.py", FINISHED + STUB))
    assert submission.not_started == ("rnn_forward",)
    (note,) = submission.notes
    assert "line 1" in note
    assert "line 3" in note
    assert "delete" in note


def test_a_variable_of_the_same_name_does_not_hide_the_function(tmp_path: Path) -> None:
    submission = read(write(tmp_path / "a.py", FINISHED + "rnn_forward = make()\n"))
    assert submission.found["rnn_forward"].line == 1


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + FINISHED.encode(),
        FINISHED.encode("utf-16"),
        b"\xff\xfe\0\0" + FINISHED.encode("utf-32-le"),
        FINISHED.replace("\n", "\r\n").encode(),
        FINISHED.replace("\n", "\r").encode(),
        b"# -*- coding: latin-1 -*-\nname = '\xe9'\n" + FINISHED.encode(),
        b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nname = '\x80'\n" + FINISHED.encode(),
        b"x = 1\n\x0c\n" + FINISHED.encode(),
        b"x = '\\d'\n" + FINISHED.encode(),
    ],
    ids=["bom", "utf16", "utf32", "crlf", "cr", "latin1", "cp1252", "form feed", "escape"],
)
def test_text_of_every_editor_is_read(tmp_path: Path, data: bytes) -> None:
    submission = read(write(tmp_path / "rnn.py", data))
    assert "rnn_forward" in submission.found
    assert submission.errors == ()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        (b"x = 1\ny\0 = 2\n", "NUL byte in line 2"),
        (FINISHED.encode("utf-16-le"), "looks like UTF-16"),
        (b"x = 1\ns = '\xe9'\n", "line 2 has the byte 0xE9"),
        (b"# coding: klingon\nx = 1\n", "declares the encoding klingon"),
        (b"# coding: utf-8-nonsense\nx = 1\n", "unknown encoding"),
        (b"# coding: idna\nx = 1\n", "which is not known"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"<!DOCTYPE html><html>", "is a web page"),
        (b"Rar!\x1a\x07", "is a RAR archive"),
        (b"x = 1\n", "defines none of the functions rnn_forward and lstm_forward"),
    ],
)
def test_a_file_that_cannot_be_graded_is_refused_with_its_reason(
    tmp_path: Path, data: bytes, said: str
) -> None:
    assert said in refusal(write(tmp_path / "rnn.py", data))


def test_a_missing_path_names_its_neighbour(tmp_path: Path) -> None:
    write(tmp_path / "lstm.py", FINISHED)
    assert f"Did you mean {tmp_path / 'lstm.py'}?" in refusal(tmp_path / "lstn.py")
    assert "does not exist" in refusal(tmp_path / "quite_different.ipynb")
    assert "Nor is there a folder" in refusal(tmp_path / "no" / "where.py")


def test_too_large_a_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "rnn.py").open("wb") as file:
        file.truncate(20_000_001)
    assert "20 MB is the limit" in refusal(tmp_path / "rnn.py")


def test_too_much_code_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "rnn.py", FINISHED + "x = 1\n" * 200_000)
    assert "move data out of the code" in refusal(path)


def test_a_folder_with_the_name_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rnn.py").mkdir()
    assert "folder with the name of a file" in refusal(tmp_path / "rnn.py")


def test_a_named_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rnn.py")
    started = time.monotonic()
    assert "no ordinary file" in refusal(tmp_path / "rnn.py")
    assert time.monotonic() - started < 2


def test_a_device_is_refused() -> None:
    assert "no ordinary file" in refusal(Path("/dev/zero"))


def test_links_that_lead_nowhere_are_named(tmp_path: Path) -> None:
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nothing")
    assert "leads back to itself" in refusal(tmp_path / "loop.py")
    assert "not there any more" in refusal(tmp_path / "gone.py")


def test_an_unreadable_file_says_chmod(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "rnn.py", FINISHED)

    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("grader.content.intake.file_access.os.open", denied)
    assert "chmod" in refusal(path)


def test_a_path_with_a_nul_character_is_refused(tmp_path: Path) -> None:
    assert "no valid file name" in refusal(tmp_path / "rnn\0.py")


def test_names_and_lines_from_outside_are_made_plain(tmp_path: Path) -> None:
    path = write(tmp_path / "\x1b[31mred\u202e.py", FINISHED + "def lstm_forward(:  # \x1b[2J\n")
    submission = read(path)
    assert submission.name == "\\x1b[31mred\\u202e.py"
    assert "\x1b" not in submission.found["rnn_forward"].display + submission.errors[0].text


def test_the_digest_is_that_of_the_code(tmp_path: Path) -> None:
    one = read(write(tmp_path / "rnn.py", FINISHED)).digest
    (tmp_path / "b").mkdir()
    assert read(write(tmp_path / "b" / "rnn.py", FINISHED)).digest == one
    assert read(write(tmp_path / "rnn.py", FINISHED + "#")).digest != one
    assert len(one) == 64


@pytest.mark.parametrize(
    "hostile",
    [
        "(" * 5000,
        "-" * 100_000 + "1",
        "x" + ".a" * 100_000,
        "x = " + "9" * 100_000,
        "[" * 150 + "\n" * 20_000,
        '"""\ndef f(:\n' * 20_000,
        '\\"' * 190_000,
        "a b\n" * 90_000,
        "if x:\n" + "".join(" " * k + "if x:\n" for k in range(1, 150)),
    ],
    ids=["parens", "minus", "dots", "digits", "open", "quotes", "escapes", "junk", "indents"],
)
def test_hostile_source_is_read_quickly_and_loses_nothing_before_it(
    tmp_path: Path, hostile: str
) -> None:
    started = time.monotonic()
    submission = read(write(tmp_path / "rnn.py", FINISHED + hostile + "\n"))
    assert time.monotonic() - started < 5
    assert "rnn_forward" in submission.found
    assert 1 <= len(submission.errors) <= 20


def test_no_functions_wanted_means_no_refusal(tmp_path: Path) -> None:
    assert read_submission(write(tmp_path / "a.py", "x = 1\n"), [], [], []).missing == ()


def test_intake_loads_nothing_heavy() -> None:
    import subprocess
    import sys

    code = (
        "import sys; import grader.content.intake.reading; "
        "print([m for m in ('numpy', 'yaml', 'zipfile', 'gzip', 'rich') if m in sys.modules])"
    )
    root = Path(intake.__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
