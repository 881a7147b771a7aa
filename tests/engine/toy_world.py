"""The toy course and the ways to grade it: what every test of the engine starts from."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from rich.console import Console

from grader.checking.suite import Suite, load_suite
from grader.content.course import Assignment, Course
from grader.content.course_file import load_course
from grader.content.workspace import Workspace
from grader.grading.ordering import is_traceless, order_of, read
from grader.grading.session import grade_order
from grader.results import CheckResult, Report, TaskResult
from grader.sandbox import Worker
from grader.views.report_view import ReportView

ROOT = Path(__file__).resolve().parents[2]
TOY = Path(__file__).resolve().parent / "toy_course"
SEED = "c0ffee"


def toy_copy(folder: Path) -> Path:
    """The toy course in a folder of its own, to be changed at will."""
    ignore = shutil.ignore_patterns("__pycache__", ".unroll")
    shutil.copytree(TOY, folder, ignore=ignore, dirs_exist_ok=True)
    return folder


def workspace_of(folder: Path) -> Workspace:
    names = ("exercises", "quizzes", "solutions", ".unroll")
    return Workspace(folder, *(folder / name for name in names))


def toy_course() -> Course:
    return load_course(TOY / "exercises" / "course.yaml")


def toy_suite(folder: Path = TOY) -> Suite:
    here = (folder / "solutions" / "signals", folder / "exercises" / "signals")
    return load_suite("signals", *here, ["signals.py"])


def reference_source() -> str:
    return (TOY / "solutions" / "signals" / "signals.py").read_text()


def stub_source() -> str:
    return (TOY / "exercises" / "signals" / "signals.py").read_text()


def reference_with(*edits: tuple[str, str]) -> str:
    """The reference with texts replaced; each must stand there once."""
    source = reference_source()
    for find, put in edits:
        assert source.count(find) == 1, find
        source = source.replace(find, put)
    return source


@dataclass(frozen=True)
class ToyGrader:
    """Grades sources as the toy assignment, in one worker."""

    worker: Worker
    folder: Path
    scratch: Path

    @property
    def course(self) -> Course:
        return load_course(self.folder / "exercises" / "course.yaml")

    @property
    def assignment(self) -> Assignment:
        return self.course.assignments[0]

    def path(self, path: Path, *, seed: str = SEED, tasks: Sequence[str] = ()) -> Report:
        order = order_of(
            self.course,
            self.assignment,
            workspace_of(self.folder),
            read(path, self.assignment),
            seed,
            tasks,
        )
        return grade_order(order, self.worker, lambda: is_traceless(order))

    def source(self, source: str, *, seed: str = SEED) -> Report:
        path = self.scratch / "signals.py"
        path.write_text(source)
        return self.path(path, seed=seed)


def task_of(report: Report, name: str) -> TaskResult:
    return next(task for task in report.tasks if task.id == name)


def check_of(report: Report, name: str) -> CheckResult:
    return next(check for task in report.tasks for check in task.checks if check.id == name)


def settled(report: Report) -> Report:
    """The report without what differs from run to run and from machine to machine."""
    return msgspec.structs.replace(report, duration_ms=0, isolation=1, submission="signals.py")


def rendered(report: Report, width: int, *, unicode: bool = True) -> str:
    """What a terminal without colour shows."""
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, highlight=False, markup=False, emoji=False, color_system=None
    )
    view = ReportView(console, unicode=unicode)
    view.show(settled(report), "Signals, louder and summed")
    view.next_step(report)
    return "".join(line.rstrip() + "\n" for line in stream.getvalue().splitlines())


def plain_environment(**more: str) -> dict[str, str]:
    """An environment in which the commands run as for a learner, from this source tree."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")
    found = {name: os.environ[name] for name in kept if name in os.environ}
    return found | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | more


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "grader.cli", *words]


def cli(
    folder: Path, *words: str, timeout: float = 60, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of the course in a folder."""
    return subprocess.run(
        command(*words),
        cwd=folder,
        env=plain_environment(**environment),
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
