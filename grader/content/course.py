"""The course: lessons, quiz, assignments and tasks, as typed records from ``course.yaml``."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from grader.errors import UsageError

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
