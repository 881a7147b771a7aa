"""From what the worker reports to a sentence in the learner's words, and the line it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from grader.grading.translations import translate
from grader.results import Location
from grader.sandbox import (
    Crashed,
    LimitExceeded,
    ProtocolViolation,
    Raised,
    TimedOut,
    UnsetName,
)

Problem = Raised | TimedOut | Crashed | LimitExceeded | ProtocolViolation

_PLACEHOLDER = re.compile(r"=\s*None\b")
_NOT_DEFINED = re.compile(r"name '(\w+)' is not defined(?:\. .*)?")
_CELL = re.compile(r"^(?P<file>.*)\[(?P<cell>\d+)\]$")


def location_of(frames: Sequence[Any]) -> Location | None:
    """The innermost place in the learner's own files, or None where there is none."""
    if not frames:
        return None
    frame = frames[-1]
    return place(frame.file, frame.line, frame.text)


def place(file: str, line: int, text: str = "") -> Location:
    """A location from the name that the worker knows a file by: ``work.ipynb[7]`` is a cell."""
    match = _CELL.match(file)
    if match is not None:
        return Location(match.group("file"), line, int(match.group("cell")), text)
    return Location(file, line, None, text)


def shown(location: Location) -> str:
    """``rnn.py, line 42`` or ``work.ipynb, cell 7, line 3``."""
    cell = f", cell {location.cell}" if location.cell is not None else ""
    return f"{location.file}{cell}, line {location.line}"


def sentence_of(function: str, problem: Problem, unset: Mapping[str, UnsetName] = {}) -> str:
    """What happened when ``function`` was called, why it probably did, and where.

    Parameters
    ----------
    unset : mapping, optional
        Names that the submission's own top-level lines would bind, but were not run to.
    """
    if isinstance(problem, Raised):
        return _raised(function, problem, unset)
    if isinstance(problem, TimedOut):
        return _timed_out(function, problem)
    if isinstance(problem, LimitExceeded):
        return (
            f"{function} went over the limit of {problem.which}. "
            "Is an array much larger than it should be, or does a list grow without end?"
        )
    if isinstance(problem, Crashed):
        return (
            f"{function} ended the Python process ({problem.detail}). "
            "Code that is graded returns its result; it does not exit."
        )
    return f"{function} disturbed the connection to the grader ({problem.what}); this is no answer."


def _raised(function: str, problem: Raised, unset: Mapping[str, UnsetName]) -> str:
    location = location_of(problem.frames)
    where = ""
    if location is not None:
        where = f" at {shown(location)}"
        if location.text:
            where += f": `{location.text}`"
    sentence = f"{function} raised {problem.type}{where}.{_called_from(problem.frames)}"
    if problem.variables:
        listed = ", ".join(f"{name}: {kind}" for name, kind in problem.variables)
        sentence += f" There, {listed}."
    line = location.text if location is not None else ""
    translated = translate(problem.type, problem.message, line)
    meaning = _not_set(problem, location, unset) or translated
    if location is not None and _PLACEHOLDER.search(location.text):
        meaning = "This line still holds a placeholder, None: write what belongs there."
    elif _is_about_none(problem):
        meaning = _of_none(problem, line)
    if problem.message:
        sentence += f" Python says: {_shortened(problem.message)}."
    return f"{sentence} {meaning}".rstrip()


def _called_from(frames: Sequence[Any]) -> str:
    """The line that called a helper in which the error arose."""
    if len(frames) < 2 or frames[-1].function == frames[-2].function:
        return ""
    caller = location_of(frames[:-1])
    if caller is None or not caller.text:
        return ""
    return f" `{frames[-1].function}` was called at {shown(caller)}: `{caller.text}`."


def _is_about_none(problem: Raised) -> bool:
    none = any(kind == "None" for _, kind in problem.variables)
    return none and ("NoneType" in problem.message or "enough dimensions" in problem.message)


def _of_none(problem: Raised, line: str) -> str:
    """Why something may be None: what changes a list returns nothing."""
    names = [name for name, kind in problem.variables if kind == "None"]
    changing = re.search(r"(\w+)\s*=\s*\1\.(append|extend|insert|update)\(", line)
    if changing is not None:
        name, method = changing.groups()
        return (
            f"`{name}.{method}(...)` changes `{name}` and returns None, so after `{name} = ...` "
            f"the list is gone. Call `{method}` without assigning what it returns."
        )
    if len(names) == 1:
        return (
            f"`{names[0]}` is None here. Is its line still a placeholder, or does the function "
            "that made it lack a `return`?"
        )
    empty = ", ".join(f"`{name}`" for name in names[:-1]) + f" and `{names[-1]}`"
    return (
        f"{empty} are None here. Are their lines still placeholders, or does the function that "
        "made them lack a `return`?"
    )


def _not_set(problem: Raised, location: Location | None, unset: Mapping[str, UnsetName]) -> str:
    """Why a name of the learner's own file is not there: its line was not run, or failed."""
    match = _NOT_DEFINED.fullmatch(problem.message) if problem.type == "NameError" else None
    if match is None or match.group(1) not in unset or location is None:
        return ""
    name, at = match.group(1), unset[match.group(1)]
    there = place(at.file, at.line)
    if there.file != location.file:
        return ""
    if at.failed:
        return f"`{name}` is set in {shown(there)}, but that line failed when the file was loaded."
    return (
        f"`{name}` is set in {shown(there)}, which is not run for grading: outside functions only "
        f"imports and small definitions are. A function works with its arguments: hand `{name}` "
        "in, or set it inside the function."
    )


def _shortened(message: str, limit: int = 240) -> str:
    message = " ".join(message.split()).rstrip(".")
    return message if len(message) <= limit else message[: limit - 3] + "..."


def _timed_out(function: str, problem: TimedOut) -> str:
    location = location_of(problem.frames)
    where = ""
    if location is not None:
        line = f": `{location.text}`" if location.text else ""
        where = f" It was at {shown(location)}{line}."
    return (
        f"{function} did not finish within {problem.seconds:g} seconds of computing.{where} "
        "Is there a loop whose condition never becomes false?"
    )
