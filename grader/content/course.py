"""The course: lessons, quiz, assignments and tasks, as typed records from ``course.yaml``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from grader.content.yaml_records import Reading
from grader.content.yaml_source import read_yaml
from grader.errors import ContentError, UsageError

FULL_POINTS = 100
HINTS = 3


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the records: immutable, and a field that nobody knows is a finding."""


class Lesson(Record, frozen=True):
    """One video lesson."""

    number: int
    title: str
    video: str
    practice: str = ""
    line: int = 0


class Quiz(Record, frozen=True):
    """The week's graded quiz."""

    id: str
    title: str
    line: int = 0


class Task(Record, frozen=True):
    """One function to write.

    Attributes
    ----------
    calls : tuple of str
        Other tasks whose functions this one calls: their faults are not punished here.
    hints : tuple of str
        A ladder of three: the question, the equation, the line's skeleton.
    """

    id: str
    title: str
    file: str
    points: float
    lesson: int
    todo: str
    hints: tuple[str, ...]
    calls: tuple[str, ...] = ()
    line: int = 0


class Assignment(Record, frozen=True):
    """One programming assignment.

    Attributes
    ----------
    stubs : tuple of str
        Files that the learner edits.
    provides : tuple of str
        Given modules that a submission may import.
    data : dict
        Texts that a submission may open: the name it uses, and the file that is served.
    play : str or None
        The given module that ``play`` runs, where there is something to play.
    """

    id: str
    title: str
    lessons: tuple[int, ...]
    stubs: tuple[str, ...]
    tasks: tuple[Task, ...]
    provides: tuple[str, ...] = ()
    data: dict[str, str] = {}
    play: str | None = None
    line: int = 0

    @property
    def functions(self) -> tuple[str, ...]:
        """The names of the functions that are graded."""
        return tuple(task.id for task in self.tasks)

    def task(self, name: str) -> Task:
        """The task of that name; raises UsageError with a did-you-mean."""
        for task in self.tasks:
            if task.id == name:
                return task
        raise UsageError(unknown("task", name, self.functions))

    def callees(self, task: Task) -> tuple[str, ...]:
        """All tasks that a task calls, directly or through others."""
        found: list[str] = []
        pending = list(task.calls)
        while pending:
            name = pending.pop(0)
            if name not in found:
                found.append(name)
                pending += self.task(name).calls
        return tuple(found)


class Heading(Record, frozen=True):
    """What the course is called."""

    id: str
    title: str
    line: int = 0


class Course(Record, frozen=True):
    """Everything that ``course.yaml`` says."""

    format: int
    course: Heading
    lessons: tuple[Lesson, ...]
    quiz: Quiz
    assignments: tuple[Assignment, ...]
    line: int = 0

    def assignment(self, name: str) -> Assignment:
        """The assignment of that name; raises UsageError with a did-you-mean."""
        for assignment in self.assignments:
            if assignment.id == name:
                return assignment
        raise UsageError(unknown("assignment", name, [a.id for a in self.assignments]))

    def find(self, name: str) -> tuple[Assignment, Task | None]:
        """The assignment, or the task and its assignment, of that name."""
        for assignment in self.assignments:
            if assignment.id == name:
                return assignment, None
            for task in assignment.tasks:
                if task.id == name:
                    return assignment, task
        names = [a.id for a in self.assignments]
        names += [task.id for a in self.assignments for task in a.tasks]
        raise UsageError(unknown("assignment or task", name, names))


def unknown(kind: str, name: str, names: Iterable[str]) -> str:
    """A sentence for a name that does not exist, with the nearest ones."""
    import difflib  # only for what went wrong

    names = list(names)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    if near:
        return f"there is no {kind} `{name}`; did you mean {', '.join(f'`{n}`' for n in near)}?"
    return f"there is no {kind} `{name}`; there are {', '.join(names)}"


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
