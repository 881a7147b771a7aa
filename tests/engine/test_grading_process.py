"""The process that grades beside the command, and its twin: what is carried, and what may fail."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from toy_world import (
    TOY,
    cli,
    command,
    plain_environment,
    reference_source,
    toy_copy,
    toy_course,
    workspace_of,
)

from grader.cli.plain_words import plain_order
from grader.content.course_cache import cached_course
from grader.content.course_file import load_course
from grader.errors import ContentError, EnvironmentProblem, Finding, SubmissionError, UsageError
from grader.grading.carried_errors import GradingFault, carried, carried_error
from grader.grading.grading_process import GradingProcess
from grader.grading.order import Order, read_order, written
from grader.grading.ordering import is_traceless, order_of, read
from grader.grading.side_by_side import side_by_side
from grader.grading.twin import Passed, run_with_twin
from grader.worker.kernel import children_of


def reference_order() -> Order:
    """The toy course's own solution, to be graded."""
    course = toy_course()
    assignment = course.assignments[0]
    submission = read(TOY / "solutions" / "signals", assignment)
    return order_of(course, assignment, workspace_of(TOY), submission, "7")


# --- orders and errors cross unharmed


def test_an_order_comes_out_as_it_went_in(tmp_path: Path) -> None:
    handed_in = tmp_path / "signals.py"
    handed_in.write_text(reference_source() + "\nword = '\\ud800 ünï'\n", encoding="utf-8")
    course = toy_course()
    submission = read(handed_in, course.assignments[0])
    order = order_of(
        course, course.assignments[0], workspace_of(TOY), submission, "seed", ["scale"]
    )
    assert read_order(written(order)) == order


@pytest.mark.parametrize(
    "problem",
    [
        ContentError(
            [Finding("a.yaml", 3, "rule", "is wrong", "mend it"), Finding("b", 1, "r", "m")]
        ),
        ContentError("in words"),
        SubmissionError("cannot be read"),
        UsageError("no such task"),
        EnvironmentProblem("no space"),
    ],
)
def test_errors_for_people_are_raised_on_the_other_side(problem: Exception) -> None:
    other = carried_error(carried(problem))
    assert (type(other), str(other)) == (type(problem), str(problem))
    assert getattr(other, "findings", None) == getattr(problem, "findings", None)


def test_a_fault_of_ours_comes_with_its_traceback() -> None:
    try:
        raise ZeroDivisionError("here")
    except ZeroDivisionError as problem:
        other = carried_error(carried(problem))
    assert isinstance(other, GradingFault)
    assert "test_grading_process.py" in str(other)
    assert "ZeroDivisionError: here" in str(other)


def test_broken_hidden_tests_are_our_fault_and_say_where(tmp_path: Path) -> None:
    folder = toy_copy(tmp_path / "toy")
    checks = folder / "solutions" / "signals" / "checks_film.py"
    checks.write_text(checks.read_text() + "\n1 / 0\n")
    done = cli(folder, "grade", "signals", "--json")
    assert (done.returncode, done.stdout) == (3, "")
    assert "checks_film.py:" in done.stderr
    assert "ZeroDivisionError" in done.stderr


def test_a_dead_grading_process_is_said(tmp_path: Path) -> None:
    grader = GradingProcess.start()
    os.kill(grader._pid, signal.SIGKILL)
    order = reference_order()
    with pytest.raises(EnvironmentProblem, match="grading process"):
        grader.grade(order, lambda: True)
    grader.close()


def test_one_grading_process_grades_several_orders() -> None:
    grader = GradingProcess.start()
    order = reference_order()
    reports = [grader.grade(order, lambda: is_traceless(order)) for _ in range(2)]
    assert [report.complete for report in reports] == [True, True]
    grader.close()


def test_after_the_last_order_the_grading_process_ends_by_itself() -> None:
    grader = GradingProcess.start()
    order = reference_order()
    assert grader.grade(order, lambda: is_traceless(order), last=True).complete
    pid, status = os.waitpid(grader._pid, 0)  # without hanging up
    assert (pid, os.waitstatus_to_exitcode(status)) == (grader._pid, 0)
    grader.close()


def test_ending_the_command_ends_the_grading_process_and_the_worker(tmp_path: Path) -> None:
    folder = toy_copy(tmp_path / "workspace")
    path = tmp_path / "signals.py"
    path.write_text("import time\nstarted = open  # at the top\nwhile True:\n    pass\n"
                    + reference_source())  # fmt: skip
    mark = {"UNROLL_MARK": str(tmp_path)}
    process = subprocess.Popen(
        command("grade", "signals", "--submission", str(path)),
        cwd=folder,
        env=plain_environment(**mark),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _wait_until(lambda: len(_marked(tmp_path)) >= 3)
    process.kill()
    process.wait()
    _wait_until(lambda: not _marked(tmp_path))


def _marked(mark: Path) -> list[str]:
    """Live processes that were started with the mark in their environment (zombies have none)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"UNROLL_MARK={mark}".encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def _wait_until(holds: object, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


# --- plain words


SAID = [
    [], ["signals"], ["signals", "--json"], ["--json", "signals", "--seed", "7"],
    ["signals", "-s", "x.py"], ["signals", "--submission", "x.py", "--seed", "0f"],
]  # fmt: skip
NOT_PLAIN = [
    ["--help"], ["-h"], ["signals", "--hint", "x"], ["--watch"], ["--submission=x", "signals"],
    ["signals", "more"], ["--seed"], ["signals", "--seed", "--json"], ["--submission", "x"],
    ["--", "signals"], ["signals", "--seed", "1", "--seed", "2"], ["--version"], ["--jsn"], [""],
]  # fmt: skip


@pytest.mark.parametrize("words", SAID, ids=" ".join)
def test_plain_words_mean_what_click_reads(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.cli import grade_command, grade_now

    asked: list[tuple[object, ...]] = []

    def note(name: object, **named: object) -> int:
        submission = named["submission"] and str(named["submission"])
        asked.append((name, submission, named["seed"], named["as_json"]))
        return 0

    monkeypatch.setattr(grade_now, "grade_now", note)
    grade_command.grade.main(list(words), standalone_mode=False)
    order = plain_order(words)
    assert order is not None
    assert asked == [(order.name, order.submission, order.seed, order.as_json)]


@pytest.mark.parametrize("words", NOT_PLAIN, ids=" ".join)
def test_everything_else_is_left_to_click(words: list[str]) -> None:
    assert plain_order(words) is None


# --- the course, parsed once


def test_the_course_is_kept_and_found_again(tmp_path: Path) -> None:
    file = toy_copy(tmp_path) / "exercises" / "course.yaml"
    assert cached_course(file) == load_course(file)
    [kept] = (file.parent / "__pycache__").glob("course.*.json")
    kept.write_text(kept.read_text().replace("Signals", "Kept signals"))
    assert "Kept signals" in cached_course(file).assignments[0].title


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"format": 2}'])
def test_a_broken_copy_of_the_course_is_made_anew(broken: str, tmp_path: Path) -> None:
    file = toy_copy(tmp_path) / "exercises" / "course.yaml"
    cached_course(file)
    [kept] = (file.parent / "__pycache__").glob("course.*.json")
    kept.write_text(broken)
    assert cached_course(file) == load_course(file)
    assert json.loads(kept.read_text())["format"] == 1


def test_a_changed_course_is_read_and_the_old_copy_goes(tmp_path: Path) -> None:
    file = toy_copy(tmp_path) / "exercises" / "course.yaml"
    cached_course(file)
    file.write_text(file.read_text() + "\n# a remark\n")
    assert cached_course(file) == load_course(file)
    assert len(list((file.parent / "__pycache__").glob("course.*.json"))) == 1


def test_a_course_with_mistakes_is_never_kept(tmp_path: Path) -> None:
    file = toy_copy(tmp_path) / "exercises" / "course.yaml"
    file.write_text(file.read_text().replace("format: 1", "format: 3"))
    with pytest.raises(ContentError):
        cached_course(file)
    assert not list(file.parent.glob("__pycache__/course.*"))


# --- side by side, and the twin


@pytest.mark.parametrize("lanes", [1, 2, 5])
def test_results_come_in_the_order_of_the_jobs(lanes: int) -> None:
    groups = [[1, 2, 3], [], [4], [5, 6]]
    found = side_by_side(groups, lambda job: 10 * job, lambda first, others: None, lanes)
    assert found == [[10, 20, 30], [], [40], [50, 60]]


def test_the_first_job_may_settle_the_others() -> None:
    done: list[int] = []

    def work(job: int) -> int:
        done.append(job)
        return job

    def follow(first: int, others: object) -> list[int] | None:
        return [-1, -1] if first == 1 else None

    assert side_by_side([[1, 2, 3], [4, 5]], work, follow, 2) == [[1, -1, -1], [4, 5]]
    assert sorted(done) == [1, 4, 5]


@pytest.mark.parametrize("lanes", [1, 3])
def test_what_goes_wrong_in_a_lane_is_raised(lanes: int) -> None:
    def work(job: int) -> int:
        return 1 // job

    with pytest.raises(ZeroDivisionError):
        side_by_side([[3, 2, 1, 0, 1], [1, 1]], work, lambda first, others: None, lanes)


def test_every_task_is_run_here_or_passes_in_the_twin() -> None:
    here: list[int] = []

    def run_here(number: int) -> None:
        time.sleep(0.01)
        here.append(number)

    def run_there(number: int) -> list[Passed]:
        time.sleep(0.01)
        return [Passed((f"note {number}",), "said")]

    there = run_with_twin(30, run_here, run_there)
    assert sorted([*here, *there]) == list(range(30))
    assert there
    assert all(passed == [Passed((f"note {number}",), "said")] for number, passed in there.items())


def hang(number: int) -> None:
    time.sleep(60)


def die(number: int) -> None:
    os._exit(0)


def fail(number: int) -> None:
    return None


def upset(number: int) -> None:
    raise ValueError("in the twin")


@pytest.mark.parametrize("twin", [hang, die, fail, upset])
def test_a_twin_in_trouble_takes_nothing_away(twin: object) -> None:
    here: list[int] = []
    children = children_of(os.getpid())

    def run_here(number: int) -> None:
        time.sleep(0.02)
        here.append(number)

    begun = time.monotonic()
    there = run_with_twin(8, run_here, twin)  # type: ignore[arg-type]
    assert there == {}
    assert len(here) >= 7  # at most one was with the twin, and is run by whoever asks for it
    assert time.monotonic() - begun < 10
    assert children_of(os.getpid()) == children
