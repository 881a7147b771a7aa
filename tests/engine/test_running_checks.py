"""Running checks: whose fault an upset is, seeds, hangs, and the plugin that authors use."""

from __future__ import annotations

import io
import subprocess
import sys
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from toy_world import plain_environment, toy_copy, toy_suite

from grader.checking import CheckFailure, check
from grader.checking.check import Check
from grader.checking.failures import CallFailure
from grader.checking.local_student import LocalStudent
from grader.content.code import Code
from grader.grading.argument_changes import with_changes
from grader.grading.seeds import new_seed, seed_number
from grader.grading.task_run import CheckRun, run_check, run_checks, seeds_of
from grader.views.console import make_console, speaks_unicode, spoken
from grader.worker.codec import Opaque

SUITE = toy_suite()


def a_check(function: Any) -> Check:
    found = check(task="scale", points=1)(function).__check__
    assert isinstance(found, Check)
    return found


def using_the_shape(student, rng):
    """The result has rows."""
    if student.scale(rng.standard_normal((2, 3)), np.ones((2, 1))).shape[0] != 2:
        raise CheckFailure("not two rows")


def always_upset(student):
    """The course is upset by itself."""
    raise RuntimeError("our slip")


def drawing(student, rng):
    """What is drawn is told."""
    raise CheckFailure(str(rng.random()))


def student_with(scale: Any) -> LocalStudent:
    return LocalStudent(Code({"signals": {"scale": scale}}))


def test_value_that_upsets_a_check_is_the_learners_fault() -> None:
    run = run_check(a_check(using_the_shape), student_with(lambda x, gain: None), SUITE, 1)
    assert run.fault_of_ours is None
    assert run.failure is not None
    assert "what scale returned cannot be worked with (AttributeError" in run.failure.sentence


def test_value_of_a_foreign_kind_is_told_in_the_learners_words() -> None:
    foreign = {"W": [Opaque("collections.deque", "")]}
    run = run_check(a_check(using_the_shape), student_with(lambda x, gain: foreign), SUITE, 1)
    assert run.failure is not None
    assert "what scale returned cannot be worked with (it holds a collections.deque)." in (
        run.failure.sentence
    )
    assert "Opaque" not in run.failure.sentence


def test_check_that_upsets_the_reference_is_our_fault() -> None:
    run = run_check(a_check(always_upset), student_with(lambda x, gain: x), SUITE, 1)
    assert run.failure is None
    assert run.fault_of_ours == "RuntimeError: our slip"
    assert not run.passed


def test_draws_of_a_check_depend_on_seed_and_name_alone() -> None:
    made = a_check(drawing)
    told = [str(run_check(made, SUITE.reference(), SUITE, seed).failure) for seed in (1, 1, 2)]
    assert told[0] == told[1] != told[2]
    assert len({seeds_of(1, one) for one in SUITE.checks}) == len(SUITE.checks)


def hanging(student):
    """It hangs."""
    raise CallFailure("came to no end", function="scale", outcome=type("TimedOut", (), {})())


def test_after_a_hang_nothing_is_tried_again() -> None:
    made: list[str] = []

    def student(one: Check) -> LocalStudent:
        made.append(one.id)
        return SUITE.reference()

    checks = [a_check(hanging), a_check(always_upset), a_check(drawing)]
    [runs] = run_checks([checks], student, SUITE, 1)
    assert made == ["hanging"]
    assert [str(run.failure) for run in runs[1:]] == [
        "Not tried: scale was stopped in the check above."
    ] * 2


def test_no_checks_are_no_runs() -> None:
    assert run_checks([[]], lambda one: SUITE.reference(), SUITE, 1) == [[]]


@pytest.mark.parametrize("enough", [True, False])
def test_runs_stop_where_the_first_says_enough(enough: bool) -> None:
    [runs] = run_checks(
        [SUITE.checks], lambda one: SUITE.reference(), SUITE, 1, enough=lambda run: enough
    )
    assert [run.check for run in runs] == list(SUITE.checks[: 1 if enough else None])
    assert all(isinstance(run, CheckRun) and run.passed for run in runs)


@pytest.mark.parametrize(
    ("seed", "number"),
    [
        ("0000000f", 15),
        ("c0ffee", 0xC0FFEE),
        ("f" * 40, 2**64 - 1),
        ("any text", zlib.crc32(b"any text")),
    ],
)
def test_any_text_is_a_seed(seed: str, number: int) -> None:
    assert seed_number(seed) == number


def test_fresh_seeds_differ() -> None:
    assert len({new_seed() for _ in range(50)}) == 50


def test_changes_of_arguments_are_put_into_a_copy() -> None:
    arguments = (np.zeros(2), {"W": np.zeros(2), "it's": 1}, ([1, 2], 3))
    after = with_changes(
        arguments, {"[0]": np.ones(2), "[1]['W']": np.ones(2), '[1]["it\'s"]': 2, "[2][0][1]": 9}
    )
    assert after[0].tolist() == after[1]["W"].tolist() == [1, 1]
    assert after[1]["it's"] == 2
    assert after[2][0] == [1, 9]
    assert arguments[0].tolist() == [0, 0]
    assert arguments[2][0] == [1, 2]


# --- the console


@pytest.mark.parametrize(
    ("environment", "width"), [({}, 80), ({"COLUMNS": "52"}, 52), ({"COLUMNS": "3"}, 20),
                               ({"COLUMNS": "wide"}, 80)],
)  # fmt: skip
def test_width_without_a_terminal(environment: dict[str, str], width: int) -> None:
    assert make_console(io.StringIO(), environment=environment).width == width


def test_texts_of_a_learner_are_no_markup() -> None:
    stream = io.StringIO()
    make_console(stream, environment={}).print("[bold]x[/bold] :smile:")
    assert stream.getvalue() == "[bold]x[/bold] :smile:\n"


@pytest.mark.parametrize(
    ("encoding", "speaks"),
    [("utf-8", True), ("ascii", False), ("latin-1", False), (None, False), ("nonsense", False)],
)
def test_ticks_are_written_where_they_can_be(encoding: str | None, speaks: bool) -> None:
    assert speaks_unicode(SimpleNamespace(encoding=encoding)) is speaks  # type: ignore[arg-type]


def test_commands_are_spoken_as_they_were_started() -> None:
    assert spoken("grade", {}) == "grade"
    assert spoken("grade", {"UNROLL_RUN": "python3 run.py"}) == "python3 run.py grade"


# --- the plugin


def pytest_on(folder: Path) -> subprocess.CompletedProcess[str]:
    words = ["-p", "grader.checking.pytest_plugin", "-p", "no:cacheprovider", "--check-seeds", "3"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *words, "solutions"],
        cwd=folder,
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def test_pytest_runs_every_check_and_names_the_seed_of_a_broken_promise(tmp_path: Path) -> None:
    toy_copy(tmp_path)
    checks = tmp_path / "solutions" / "signals" / "checks_film.py"
    slip = 'fail("a promise broken")\n    student.running_sum(*film(rng))'
    checks.write_text(checks.read_text().replace("student.running_sum(*film(rng))", slip))
    done = pytest_on(tmp_path)
    assert done.returncode == 1
    assert "1 failed, 6 passed" in done.stdout
    assert "a promise broken" in done.stdout
    assert "with seed 0" in done.stdout
