"""Python files that were a notebook once: nbconvert, JupyterLab, Colab, jupytext exports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from grader.content.intake.line_scanner import BETWEEN_STATEMENTS, after_line
from grader.content.intake.notebook_commands import keeps_its_body

_MARKS = re.compile(
    r"""^\#\ In\[[\d\ ]*\]:                     # nbconvert, JupyterLab
      | ^\#\ ?%%(?:\s|$)                        # jupytext percent, Spyder, VS Code
      | ^(?:[\w., ]+=\s*)?get_ipython\(\)\.
      | ^Automatically\ generated\ by\ Colab
      | ^\#\ Commented\ out\ IPython\ magic\ to\ ensure
      | ^\#\ {1,3}jupytext:""",
    re.VERBOSE | re.MULTILINE,
)
_CALL = re.compile(r"(\s*)(?:[A-Za-z_][\w., ]*=\s*)?get_ipython\(\)\.")
_CELL_CALL = re.compile(r"get_ipython\(\)\.run_cell_magic\(")
_COLAB_MARK = "# Commented out IPython magic to ensure Python compatibility."
_COLAB_MAGIC = re.compile(r"# %%(\w+)")


class Piece(NamedTuple):
    """A part of an exported file: where its lines stand, or the cell magic it was in."""

    first_line: int
    source: str
    magic: str | None = None


def is_export(source: str) -> bool:
    """Tell whether a Python file is the export of a notebook."""
    return _MARKS.search(source) is not None


def pieces_of_export(source: str) -> Iterator[Piece]:
    """Yield the file in parts, `get_ipython()` calls replaced by `pass`.

    The body of a timed cell, which the export holds as one long string, becomes a part of its own
    whose lines are counted from the line of that string.
    """
    lines = source.split("\n")
    first, kept = 1, list[str]()
    state = BETWEEN_STATEMENTS
    for number, line in enumerate(_with_colab_bodies(lines), start=1):
        body = _cell_body(line) if state == BETWEEN_STATEMENTS else None
        if body is not None:
            yield Piece(first, "\n".join(kept))
            yield Piece(number, body[1], magic=body[0])
            first, kept = number + 1, []
            continue
        call = _CALL.match(line) if state == BETWEEN_STATEMENTS else None
        after = after_line(line, state)
        if call and after == BETWEEN_STATEMENTS:
            line = call.group(1) + "pass"
        kept.append(line)
        state = after
    yield Piece(first, "\n".join(kept))


def _cell_body(line: str) -> tuple[str, str] | None:
    """Return magic and body of `get_ipython().run_cell_magic('time', '', 'body')`."""
    if not _CELL_CALL.match(line):
        return None
    try:
        call = ast.parse(line, mode="eval").body
        arguments = [ast.literal_eval(argument) for argument in getattr(call, "args", ())]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if len(arguments) != 3 or not all(isinstance(argument, str) for argument in arguments):
        return None
    return arguments[0], arguments[2] if keeps_its_body(arguments[0]) else ""


def _with_colab_bodies(lines: list[str]) -> Iterator[str]:
    """Yield the lines; a cell that Colab commented out because of `%%time` comes back."""
    bodies, previous = False, ""
    for line in lines:
        if previous.rstrip() == _COLAB_MARK:
            magic = _COLAB_MAGIC.match(line)
            bodies = magic is not None and keeps_its_body(magic.group(1))
            yield line
        elif bodies and line.startswith("# "):
            yield line[2:]
        elif bodies and line.rstrip() == "#":
            yield ""
        else:
            bodies = False
            yield line
        previous = line
