"""What to tell a learner about a syntax error: the cause in plain words, the next step."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.content.intake.notebook_commands import is_command
from grader.content.intake.plain_text import plain
from grader.content.intake.submission import SyntaxProblem

_MARKER = re.compile(r"(?:<{7}|>{7})(?: |$)|={7}$")
_LINE_NUMBER = re.compile(r"\bon line (\d+)")

# Words of CPython's message -> what we say; the first that matches.
_SAYINGS: tuple[tuple[str, str], ...] = (
    (
        r"Missing parentheses in call to '(\w+)'",
        r"this is Python 2: in Python 3 write \1(...), with parentheses",
    ),
    (
        "multiple exception types must be parenthesized",
        "this is Python 2: in Python 3 write `except Error as name:`",
    ),
    ("leading zeros in decimal", "a number must not begin with 0 (in Python 2 that was octal)"),
    (
        r"(expected an indented block.*)",
        r"\1: the lines that belong to it are missing, or not indented",
    ),
    (
        "inconsistent use of tabs|unindent does not match",
        "this line is indented differently from the lines around it; use four spaces for each "
        "level, and no tabs",
    ),
    ("unexpected indent", "this line is indented more than the line it follows"),
    (
        "'(return|yield)' outside function",
        r"`\1` stands outside of a function: it must be indented like the function's other lines",
    ),
    (
        r"(unterminated triple-quoted string literal).*",
        r"a text that begins with three quotes is "
        "never closed",
    ),
    (r"unterminated string literal.*", "a text in quotes is not closed in this line"),
    (r"(.* was never closed)", r"\1: a closing bracket is missing"),
)


def is_merge_marker(line: str) -> bool:
    """Tell whether a line was written by git into a file with a merge conflict."""
    return _MARKER.match(line.rstrip()) is not None


def merge_conflicts(lines: Sequence[str]) -> dict[int, int]:
    """Return start and end (exclusive) of every merge conflict, as indices of lines."""
    conflicts, start = {}, None
    for index, line in enumerate(lines):
        if line.startswith("<<<<<<<") and is_merge_marker(line):
            start = index
        elif start is not None and line.startswith(">>>>>>>") and is_merge_marker(line):
            conflicts[start], start = index + 1, None
    return conflicts


def problem_at(
    error: SyntaxError,
    lines: Sequence[str],
    display: str,
    first_line: int,
    functions: tuple[str, ...],
) -> SyntaxProblem:
    """Return the problem that `error` found in `lines`, the first of which is `first_line`."""
    index = min(max((error.lineno or 1) - 1, 0), len(lines) - 1)
    marker = next((k for k, line in enumerate(lines) if is_merge_marker(line)), None)
    if marker is not None:
        index = marker
    elif not lines[index].strip():  # an end of file that came too soon: the last written line
        index = next((k for k in range(index, -1, -1) if lines[k].strip()), index)
    text = plain(lines[index])
    message = _saying(error.msg or "invalid syntax", lines[index], first_line)
    return SyntaxProblem(display, first_line + index, text, message, functions)


def _saying(message: str, line: str, first_line: int) -> str:
    if is_merge_marker(line):
        return (
            "this is a merge conflict that was left open: choose one of the two versions and "
            "delete the lines with <<<<<<<, ======= and >>>>>>>"
        )
    if is_command(line):
        return "this is a notebook command, not Python: remove the line"
    message = _LINE_NUMBER.sub(lambda m: f"on line {int(m.group(1)) + first_line - 1}", message)
    for pattern, saying in _SAYINGS:
        match = re.match(pattern, message)
        if match:
            return plain(match.expand(saying), 300)
    return plain(f"this is not valid Python ({message})", 300)
