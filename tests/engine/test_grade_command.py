"""``grade`` as a program: exit codes, JSON, seeds, and what it remembers."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from toy_world import cli, reference_source, reference_with, stub_source, toy_copy

from grader.results import from_json

GOLDEN = Path(__file__).parent / "golden"
WRONG = reference_with(("scaled = gain * x\n", "scaled = gain + x\n"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A learner's folder that the tests here share; what is handed in lies beside it."""
    return toy_copy(tmp_path_factory.mktemp("toys") / "workspace")


@pytest.fixture
def hand_in(tmp_path: Path) -> Path:
    return tmp_path / "signals.py"


def graded_json(folder: Path, hand_in: Path, *more: str) -> tuple[int, dict]:
    done = cli(folder, "grade", "signals", "--submission", str(hand_in), "--json", *more)
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def untimed(report: dict) -> dict:
    return {name: value for name, value in report.items() if name != "duration_ms"}


@pytest.mark.parametrize(
    ("source", "code", "earned"),
    [(reference_source(), 0, 100), (WRONG, 1, 60), (stub_source(), 1, 0)],
    ids=["all right", "wrong", "not started"],
)
def test_json_report_has_the_agreed_fields_and_exit_code(
    source: str, code: int, earned: float, folder: Path, hand_in: Path
) -> None:
    hand_in.write_text(source)
    status, report = graded_json(folder, hand_in)
    assert status == code
    assert list(report)[0] == "schema"
    assert {name: report[name] for name in ("schema", "course", "assignment", "submission")} == {
        "schema": 1,
        "course": "toys",
        "assignment": "signals",
        "submission": "signals.py",
    }
    assert (report["points"], report["earned"]) == (100, earned)
    assert isinstance(report["duration_ms"], int)
    assert isinstance(report["seed"], str)
    assert report["isolation"] >= 1
    assert [task["id"] for task in report["tasks"]] == ["scale", "shift_then_scale", "running_sum"]
    task = report["tasks"][0]
    assert {"id", "status", "points", "earned", "lesson", "checks"} <= task.keys()
    check = task["checks"][0]
    assert {"id", "title", "status", "points", "earned", "message", "stdout"} <= check.keys()
    assert check["status"] in ("passed", "failed", "not_started")


def test_failed_check_carries_diagnosis_and_location(folder: Path, hand_in: Path) -> None:
    hand_in.write_text(WRONG)
    check = graded_json(folder, hand_in)[1]["tasks"][0]["checks"][0]
    assert check["diagnosis"] == "gain-added"
    assert check["location"] == {"file": "signals.py", "line": 12, "text": "scaled = gain + x"}


def test_same_seed_gives_the_same_report(folder: Path, hand_in: Path) -> None:
    hand_in.write_text(WRONG)
    _, fresh = graded_json(folder, hand_in)
    _, again = graded_json(folder, hand_in, "--seed", fresh["seed"])
    _, other = graded_json(folder, hand_in, "--seed", "another seed")
    assert untimed(again) == untimed(fresh)
    assert untimed(other)["tasks"] != untimed(fresh)["tasks"]


def test_report_is_read_back_from_its_json(folder: Path, hand_in: Path) -> None:
    hand_in.write_text(WRONG)
    done = cli(folder, "grade", "signals", "-s", str(hand_in), "--json")
    assert from_json(done.stdout.encode()).earned == 60


def test_text_report_is_the_golden_one(folder: Path, hand_in: Path) -> None:
    hand_in.write_text(reference_source())
    done = cli(folder, "grade", "signals", "-s", str(hand_in), "--seed", "c0ffee", COLUMNS="80")
    lines = [line.rstrip() for line in done.stdout.splitlines() if "isolation" not in line]
    golden = (GOLDEN / "all_right.80.txt").read_text().splitlines()
    assert lines == [line for line in golden if "isolation" not in line]
    assert (done.returncode, done.stderr) == (0, "")


def test_output_falls_back_to_ascii(folder: Path, hand_in: Path) -> None:
    hand_in.write_text(stub_source())
    words = ("grade", "signals", "-s", str(hand_in))
    done = cli(folder, *words, COLUMNS="40", PYTHONIOENCODING="ascii")
    assert done.stdout.isascii()
    assert ".. scale" in done.stdout
    assert done.returncode == 1


def test_one_task_is_graded_alone(folder: Path, hand_in: Path) -> None:
    hand_in.write_text(WRONG)
    done = cli(folder, "grade", "running_sum", "-s", str(hand_in), "--json")
    report = json.loads(done.stdout)
    assert [task["id"] for task in report["tasks"]] == ["running_sum"]
    assert (report["points"], done.returncode) == (30, 0)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["grade", "runing_sum"], "did you mean `running_sum`?"),
        (["grade", "signals", "--submission", "nowhere.py"], "nowhere.py"),
        (["gradde"], "usage: python -m grader.cli"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_to_do(
    words: list[str], says: str, folder: Path
) -> None:
    done = cli(folder, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_unreadable_submission_ends_with_2_and_no_json(folder: Path, hand_in: Path) -> None:
    hand_in.write_text("x = 1\n")
    done = cli(folder, "grade", "signals", "-s", str(hand_in), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (GOLDEN / "nothing_readable.txt").read_text()


def test_broken_check_ends_with_3_and_costs_nothing(toy_folder: Path) -> None:
    checks = toy_folder / "solutions" / "signals" / "checks_film.py"
    text = checks.read_text()
    checks.write_text(text.replace("x, start = film(rng)", "x, start = film(rng, 1 / 0)", 1))
    source = str(toy_folder / "solutions" / "signals" / "signals.py")
    done = cli(toy_folder, "grade", "signals", "-s", source, "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 3
    assert report["earned"] == 100
    assert [task["status"] for task in report["tasks"]] == ["passed", "passed", "broken"]


def test_course_with_mistakes_ends_with_3_and_all_findings(toy_folder: Path) -> None:
    course = toy_folder / "exercises" / "course.yaml"
    course.write_text(course.read_text().replace("points: 40", "points: 41"))
    course.write_text(course.read_text().replace("calls: [scale]", "calls: [scal]"))
    done = cli(toy_folder, "grade", "signals")
    assert (done.returncode, done.stdout) == (3, "")
    assert "[points]" in done.stderr
    assert "did you mean `scale`?" in done.stderr


def test_own_folder_is_graded_and_remembered(toy_folder: Path) -> None:
    stub = toy_folder / "exercises" / "signals" / "signals.py"
    stub.write_text(reference_source())
    first = cli(toy_folder, "grade")
    assert first.returncode == 0
    assert "Signals, louder and summed" in first.stdout
    assert "All assignments are done." in first.stdout
    with sqlite3.connect(toy_folder / ".unroll" / "progress.sqlite") as database:
        assert database.execute("select assignment, earned from attempt").fetchall() == [
            ("signals", 100.0)
        ]
    database.close()
    second = cli(toy_folder, "grade", "--json")
    (standing,) = json.loads(second.stdout)["assignments"]
    assert standing["report"]["seed"] in first.stdout, "the same code is not graded again"


def test_untouched_workspace_names_the_first_step(toy_folder: Path) -> None:
    done = cli(toy_folder, "grade")
    assert done.returncode == 1
    assert "Next: write `scale` (task 1.1)" in done.stdout
    assert not (toy_folder / ".unroll").exists()


def test_handed_in_file_stays_as_it_is_and_is_not_remembered(
    toy_folder: Path, hand_in: Path
) -> None:
    hand_in.write_text(WRONG)
    before = hand_in.stat().st_mtime_ns
    cli(toy_folder, "grade", "signals", "-s", str(hand_in))
    assert (hand_in.read_text(), hand_in.stat().st_mtime_ns) == (WRONG, before)
    assert not (toy_folder / ".unroll").exists()
    assert not (hand_in.parent / "__pycache__").exists()


def test_unusable_store_costs_the_memory_and_not_the_report(toy_folder: Path) -> None:
    (toy_folder / ".unroll").write_text("a file stands where the folder belongs")
    done = cli(toy_folder, "grade", "signals", "--json")
    assert json.loads(done.stdout)["assignment"] == "signals"
    assert "This attempt could not be remembered" in done.stderr
    assert "Traceback" not in done.stderr


def test_assignment_is_added_by_files_alone(toy_folder: Path) -> None:
    """A second assignment with modules of the same names: folders and a list entry, no code."""
    course = toy_folder / "exercises" / "course.yaml"
    added = course.read_text().partition("assignments:\n")[2]
    for old in ("signals", "scale", "shift_then_scale", "running_sum"):
        added = added.replace(f"id: {old}\n", f"id: more_{old}\n")
    added = added.replace("calls: [scale]", "calls: [more_scale]")
    course.write_text(course.read_text() + added)
    for side in ("exercises", "solutions"):
        toy_copy_of(toy_folder / side / "signals", toy_folder / side / "more_signals")
    reference = toy_folder / "solutions" / "more_signals" / "signals.py"
    done = cli(toy_folder, "grade", "more_signals", "-s", str(reference), "--json")
    assert json.loads(done.stdout)["earned"] == 100
    assert done.returncode == 0
    first = cli(toy_folder, "grade", "signals", "--json")
    assert json.loads(first.stdout)["earned"] == 0


def toy_copy_of(old: Path, new: Path) -> None:
    """The same files with all functions renamed."""
    new.mkdir()
    for path in old.glob("*.*"):
        text = path.read_text()
        for name in ("shift_then_scale", "running_sum"):
            text = text.replace(name, f"more_{name}")
        for before in ("def scale(", 'task="scale"', '"scale": ', 'reference, "scale"', " scale("):
            text = text.replace(before, before.replace("scale", "more_scale"))
        text = text.replace("function: scale\n", "function: more_scale\n")
        (new / path.name).write_text(text)
