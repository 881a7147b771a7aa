"""Reading and checking ``course.yaml``: all mistakes at once, each with its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.content.course import HINTS, Assignment, Course, Task, unknown
from grader.content.yaml_records import Reading
from grader.content.yaml_source import read_yaml
from grader.errors import ContentError

FULL_POINTS = 100


def load_course(path: Path) -> Course:
    """Read and check ``course.yaml``.

    Raises
    ------
    ContentError
        With every finding, each with its line and a did-you-mean where one is near.
    """
    node, findings = read_yaml(path)
    reading = Reading(str(path), findings)
    course = reading.record(node, Course) if node is not None else None
    if course is not None:
        _check_numbers(course, reading)
        for assignment in course.assignments:
            _check_assignment(assignment, course, reading)
    if course is None or reading.findings:
        raise ContentError(sorted(reading.findings, key=lambda finding: finding.line))
    return course


def _check_numbers(course: Course, reading: Reading) -> None:
    if course.format != 1:
        reading.note(course.line, "format", f"format {course.format} is not known", "use 1")
    for position, lesson in enumerate(course.lessons, start=1):
        if lesson.number != position:
            message = f"lesson {lesson.number} stands at place {position}"
            reading.note(lesson.line, "lesson-order", message, f"number it {position}")
        if not lesson.video.startswith("https://"):
            message = f"the video of lesson {lesson.number} is no https address"
            reading.note(lesson.line, "video", message, "start it with https://")
    named = [(a.id, a.line) for a in course.assignments]
    named += [(t.id, t.line) for a in course.assignments for t in a.tasks]
    for name, line in _repeated(named):
        reading.note(line, "unique-id", f"the id `{name}` is used twice", "rename one of them")


def _repeated(named: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    seen: Counter[str] = Counter()
    for name, line in named:
        seen[name] += 1
        if seen[name] > 1:
            yield name, line


def _check_assignment(assignment: Assignment, course: Course, reading: Reading) -> None:
    points = sum(task.points for task in assignment.tasks)
    if abs(points - FULL_POINTS) > 1e-9:
        message = f"the tasks of {assignment.id} come to {points:g} points, not {FULL_POINTS}"
        reading.note(assignment.line, "points", message, "change the points of its tasks")
    for number in assignment.lessons:
        _check_lesson(number, assignment.line, course, reading)
    for task in assignment.tasks:
        _check_task(task, assignment, course, reading)


def _check_lesson(number: int, line: int, course: Course, reading: Reading) -> None:
    if not 1 <= number <= len(course.lessons):
        message = f"there is no lesson {number}"
        reading.note(line, "lesson", message, f"lessons are 1 to {len(course.lessons)}")


def _check_task(task: Task, assignment: Assignment, course: Course, reading: Reading) -> None:
    _check_lesson(task.lesson, task.line, course, reading)
    if not task.id.isidentifier():
        message = f"`{task.id}` is no name of a Python function"
        reading.note(task.line, "task-id", message, "use letters, digits and underscores")
    if task.points <= 0:
        message = f"task {task.id} is worth {task.points:g} points"
        reading.note(task.line, "points", message, "use a positive number")
    if task.file not in assignment.stubs:
        sentence = unknown("stub", task.file, assignment.stubs)
        reading.note(task.line, "task-file", sentence, "name one of `stubs`")
    if len(task.hints) != HINTS:
        message = f"task {task.id} has {len(task.hints)} hints"
        reading.note(task.line, "hints", message, "write the question, the equation, the skeleton")
    for callee in task.calls:
        if callee not in assignment.functions or callee == task.id:
            others = [name for name in assignment.functions if name != task.id]
            reading.note(task.line, "task-calls", unknown("task", callee, others), "")
