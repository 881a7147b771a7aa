"""Speak of the learner's own variables: which of theirs is the reference's ``c_next``?

Values tell best: where the explained mistake's variable and one of the learner's hold the
same array, they are the same thing, whatever it is called. The source tells the rest.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import FrameType
from typing import Any

import msgspec
import numpy as np

from grader.checking.failures import Difference
from grader.checking.student import Call
from grader.checking.suite import Suite
from grader.content.code import Code
from grader.content.intake.source_names import SourceNames, function_node
from grader.grading.diagnosis.evidence import again
from grader.grading.diagnosis.own_lines import (
    Function,
    begun_at,
    lines_of,
    return_line,
)
from grader.grading.diagnosis.parts import same_value
from grader.results import Location


class OwnCode(msgspec.Struct, frozen=True, dict=True):
    """One of the learner's functions: its names, and where it stands.

    Attributes
    ----------
    variables : mapping
        Its local variables as they were when it returned.
    texts : sequence of str
        Lines of the file or cell, the first at ``first_line``.
    """

    file: str
    cell: int | None
    names: SourceNames
    texts: Sequence[str] = ()
    first_line: int = 1
    variables: Mapping[str, Any] | None = None
    function: str = ""

    @cached_property
    def node(self) -> Function | None:
        """The function's syntax tree, with the lines of its file or cell."""
        return function_node("\n".join(self.texts), self.function, self.first_line)

    def line_of(self, name: str, *, first: bool = False) -> Location | None:
        """The last line that computes ``name``, or the first one that sets it."""
        if self.node is not None:
            begun = begun_at(self.node, name) if first else None
            lines: Sequence[int] = [begun] if begun else lines_of(self.node, name)
            lines = lines or lines_of(self.node, f"[{name!r}]")
        else:
            lines = self.names.assignments.get(name, ())
        lines = lines or self.names.key_lines.get(name, ())
        return self.place(lines[-1]) if lines else None

    def line_of_return(self) -> Location | None:
        """The line that returns the result."""
        line = return_line(self.node) if self.node is not None else None
        return self.place(line) if line else None

    def line_of_key(self, key: str) -> Location | None:
        """The last line that stores under ``key`` of the returned dictionary."""
        lines: Sequence[int] = lines_of(self.node, f"[{key!r}]") if self.node is not None else ()
        lines = lines or self.names.key_lines.get(key, ())
        return self.place(lines[-1]) if lines else None

    def words(self) -> frozenset[str]:
        """Every identifier in the learner's file or cell."""
        return frozenset(re.findall(r"\w+", "\n".join(self.texts)))

    def place(self, line: int) -> Location:
        """A line of the file or cell."""
        index = line - self.first_line
        text = self.texts[index].strip() if 0 <= index < len(self.texts) else ""
        return Location(self.file, line, self.cell, text[:200])


def locals_of(code: Code, suite: Suite, call: Call) -> dict[str, Any]:
    """The local variables with which our own ``code`` returns from a call."""
    from grader.checking.local_student import LocalStudent

    kept: dict[str, Any] = {}

    def note(frame: FrameType, event: str, argument: object) -> None:
        if event == "return" and frame.f_code.co_name == call.function:
            kept.clear()
            kept.update(frame.f_locals)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        again(LocalStudent(code, suite.labels), call)
    finally:
        sys.setprofile(before)
    return kept


def translate_names(wanted: Sequence[str], ours: Mapping[str, Any], own: OwnCode) -> dict[str, str]:
    """The learner's name for each of our variables, where it can be told."""
    found = {}
    theirs = own.variables or {}
    for name in wanted:
        if name not in ours:
            continue
        value = ours[name]
        if not isinstance(value, np.ndarray) or value.size < 2:
            continue
        dull = not np.ptp(value)  # zeros are equal to other zeros, whatever they are for
        if name in theirs and np.shape(theirs[name]) == value.shape:
            found[name] = name  # theirs may be what is wrong
            continue
        equal = [n for n, v in theirs.items() if not dull and _alike(v, value)]
        if len(equal) == 1:
            found[name] = equal[0]
    return found


def names_by_role(wanted: Sequence[str], ours: SourceNames, own: OwnCode) -> dict[str, str]:
    """The learner's names for what has the same role: an argument, a key, a place in a tuple."""
    theirs = dict(_roles(own.names))
    found: dict[str, str] = {}
    for role, name in _roles(ours):
        if name in wanted and role in theirs:
            found.setdefault(name, theirs[role])
    return found


def _roles(names: SourceNames) -> Iterator[tuple[tuple[str, object], str]]:
    """What a function's names stand for, as far as its form says it."""
    yield from ((("argument", place), name) for place, name in enumerate(names.arguments))
    yield from ((("looked up", key), name) for key, name in names.lookups.items())
    yield from ((("returned key", key), name) for key, name in names.returned_keys.items())
    for source, parts in (*names.unpacked.items(), ("", names.returned)):
        place = names.arguments.index(source) if source in names.arguments else source and None
        if place is not None:
            for index, name in enumerate(parts):
                if isinstance(name, str):
                    yield ("part", (place, index)), name


def _alike(theirs: Any, ours: Any) -> bool:
    return isinstance(theirs, np.ndarray) and same_value(theirs, ours)


def name_of_part(part: str, place: int | None, own: OwnCode) -> str | None:
    """The learner's variable that is returned under a key, or at a place of the tuple."""
    if part in own.names.returned_keys:
        return own.names.returned_keys[part]
    returned = own.names.returned
    if place is not None and isinstance(returned, tuple) and place < len(returned):
        name = returned[place]
        return name if isinstance(name, str) else None
    return None


def place_of_difference(
    difference: Difference, labels: Sequence[str], own: OwnCode
) -> Location | None:
    """Where the learner sets what turned out to be wrong."""
    return place_of(difference.path, labels, own)


def place_of(path: str, labels: Sequence[str], own: OwnCode) -> Location | None:
    """Where the learner sets what stands at a path of the result."""
    top = re.match(r"\w+", path)
    if top is None:
        return None
    name = top.group()
    leaf = path.rpartition(".")[2]
    place = labels.index(name) if name in labels else None
    for candidate in (leaf, name_of_part(name, place, own)):
        if candidate and own.line_of(candidate) is not None:
            return own.line_of(candidate)
    return own.line_of_key(name) or own.line_of_return()


def filled(tells: str, names: Mapping[str, str], own: OwnCode | None) -> str:
    """A sentence with every ``{name}`` replaced by the learner's name for it, in backquotes.

    A name that the learner's code does not have is said to be the brief's, once.
    """
    known = own.words() if own is not None else frozenset()
    strange: list[str] = []

    def put(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in names or name in known or own is None:
            return f"`{names.get(name, name)}`"
        if name not in strange:
            strange.append(name)
            return f"`{name}` (the brief's name for it)"
        return f"`{name}`"

    return re.sub(r"`?\{(\w+)\}`?", put, tells)
