"""Where things stand: the folder a learner works in, and the course's own files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from grader.errors import EnvironmentProblem, UsageError

STATE = ".unroll"


class Workspace(msgspec.Struct, frozen=True):
    """One learner's folder.

    Attributes
    ----------
    exercises, quizzes : Path
        What the learner edits and reads.
    solutions : Path
        The hidden side; in a clone beside the exercises, else inside the installed package.
    state : Path
        Where attempts and answers are kept.
    """

    root: Path
    exercises: Path
    quizzes: Path
    solutions: Path
    state: Path

    @property
    def course_file(self) -> Path:
        """The one list of content."""
        return self.exercises / "course.yaml"


def packaged_files() -> Path:
    """The course's files inside the installed package."""
    return Path(__file__).resolve().parent.parent / "course_files"


def find_workspace(start: Path, environment: Mapping[str, str] = os.environ) -> Workspace:
    """The workspace that ``start`` lies in, else the nearest thing that can grade.

    Looks for ``exercises/course.yaml`` in ``start`` and its parents, then in the folder of a
    clone that the package runs from, then in the installed package.

    Raises
    ------
    EnvironmentProblem
        Where no course is found at all.
    """
    clone = Path(__file__).resolve().parent.parent.parent
    for root in (start.resolve(), *start.resolve().parents, clone):
        if (root / "exercises" / "course.yaml").is_file():
            return _workspace(root, root, environment)
    if (packaged_files() / "exercises" / "course.yaml").is_file():
        return _workspace(start.resolve(), packaged_files(), environment)
    raise EnvironmentProblem(
        "no course was found here; `grade --init FOLDER` lays out a folder to work in"
    )


def _workspace(root: Path, files: Path, environment: Mapping[str, str]) -> Workspace:
    clone = Path(__file__).resolve().parent.parent.parent
    homes = (files, clone, packaged_files())
    solutions = next((h / "solutions" for h in homes if (h / "solutions").is_dir()), None)
    if solutions is None:
        raise EnvironmentProblem(
            "the hidden tests are not on this machine; install the course's package, or work in "
            "a clone of its repository"
        )
    state = environment.get("UNROLL_HOME")
    return Workspace(
        root,
        files / "exercises",
        files / "quizzes",
        solutions,
        Path(state) if state else root / STATE,
    )


def lay_out(folder: Path, source: Workspace) -> list[Path]:
    """Copy exercises and quizzes into a new folder to work in; nothing is overwritten.

    Raises
    ------
    UsageError
        Where the folder holds a course already.
    """
    import shutil

    if (folder / "exercises").exists():
        raise UsageError(
            f"{folder} holds exercises already; nothing was changed. Name another folder."
        )
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, origin in (("exercises", source.exercises), ("quizzes", source.quizzes)):
        if origin.is_dir():
            ignore = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
            shutil.copytree(origin, folder / name, ignore=ignore)
            made.append(folder / name)
    return made
