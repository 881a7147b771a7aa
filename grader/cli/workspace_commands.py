"""The parts of ``grade`` that run no code: hints, briefs, the checklist, stubs, a new folder."""

from __future__ import annotations

import re
import shutil
import sys
from datetime import datetime
from pathlib import Path

from grader.cli.exit_codes import Exit
from grader.content.course import HINTS, Assignment, Course, unknown
from grader.content.course_file import load_course
from grader.content.stubs import stub_of
from grader.content.workspace import Workspace, find_workspace, lay_out
from grader.errors import UsageError
from grader.store.attempts import Attempts


def init(folder: Path) -> int:
    """Lay out a folder to work in."""
    lay_out(folder, find_workspace(Path.cwd()))
    print(f"Your exercises are in {folder / 'exercises'}.")
    print(f"Start with: cd {folder} && grade")
    return Exit.ALL_RIGHT


def answer(*, hint: str | None, show: str | None, reset: str | None, as_json: bool) -> int:
    """Carry out the one of these that was asked for; the checklist where none was."""
    workspace = find_workspace(Path.cwd())
    course = load_course(workspace.course_file)
    if hint is not None:
        return _hint(course, workspace, hint)
    if show is not None:
        return _show(course, workspace, show)
    if reset is not None:
        return _reset(course, workspace, reset)
    return _status(course, workspace, as_json=as_json)


def _hint(course: Course, workspace: Workspace, name: str) -> int:
    _, task = course.find(name)
    if task is None:
        raise UsageError(f"`{name}` is an assignment; hints are given for one of its tasks")
    rung = Attempts(workspace.state / "progress.sqlite").next_hint(task.id, HINTS)
    print(f"Hint {rung + 1} of {HINTS} for {task.id}: {task.hints[rung]}")
    if rung + 1 < HINTS:
        print("Ask again for the next one.")
    return Exit.ALL_RIGHT


def _show(course: Course, workspace: Workspace, name: str) -> int:
    assignment, task = course.find(name)
    path = workspace.exercises / assignment.id / "README.md"
    text = path.read_text(encoding="utf-8")
    if task is not None:
        text = section(text, task.id) or f"{path} has no section on {task.id}."
    from grader.views.brief_view import show_brief

    show_brief(text)
    return Exit.ALL_RIGHT


def section(text: str, name: str) -> str | None:
    """The section of a brief whose heading names ``name``, up to the next of its rank."""
    heading = re.compile(r"^(#+) .*\b" + re.escape(name) + r"\b.*$", re.MULTILINE)
    match = heading.search(text)
    if match is None:
        return None
    rank = len(match.group(1))
    following = re.compile(rf"^#{{1,{rank}}} ", re.MULTILINE).search(text, match.end())
    return text[match.start() : following.start() if following else len(text)].rstrip() + "\n"


def _reset(course: Course, workspace: Workspace, name: str) -> int:
    assignment, stub = _stub(course, name)
    path = workspace.exercises / assignment.id / stub
    reference = workspace.solutions / assignment.id / stub
    fresh = stub_of(reference.read_text(encoding="utf-8"), stub)
    if path.exists() and path.read_text(encoding="utf-8", errors="replace") == fresh:
        print(f"{path} is the untouched stub already; nothing was changed.")
        return Exit.ALL_RIGHT
    if path.exists():
        backup = _backup_name(path)
        shutil.copy2(path, backup)
        print(f"Your version is kept as {backup.name}.")
    path.write_text(fresh, encoding="utf-8")
    print(f"{path} is the stub again.")
    return Exit.ALL_RIGHT


def _backup_name(path: Path) -> Path:
    """A name beside the file that does not end in .py and does not exist yet."""
    stamp = f"{datetime.now():%Y%m%d-%H%M%S}"
    for number in range(1000):
        suffix = f".{number}" if number else ""
        backup = path.with_name(f"{path.name}.{stamp}{suffix}.backup")
        if not backup.exists():
            return backup
    raise UsageError(f"there are too many backups beside {path}; move some away")


def _stub(course: Course, name: str) -> tuple[Assignment, str]:
    wanted = Path(name).name
    stubs = [(a, stub) for a in course.assignments for stub in a.stubs]
    for assignment, stub in stubs:
        if stub == wanted:
            return assignment, stub
    raise UsageError(unknown("stub", wanted, [stub for _, stub in stubs]))


def _status(course: Course, workspace: Workspace, *, as_json: bool) -> int:
    from grader.views.checklist import ChecklistView, Standing, standings_json

    attempts = Attempts(workspace.state / "progress.sqlite")
    standings = []
    for assignment in course.assignments:
        latest = attempts.latest(assignment.id)
        standings.append(Standing(assignment, latest.report if latest else None, graded_now=False))
    if as_json:
        sys.stdout.buffer.write(standings_json(course.course.id, standings))
        return Exit.ALL_RIGHT
    from grader.views.console import make_console, speaks_unicode

    ChecklistView(make_console(), unicode=speaks_unicode(sys.stdout)).show(course, standings)
    return Exit.ALL_RIGHT
