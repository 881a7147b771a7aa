"""Notebook commands (%magic, !shell, ?help) taken out of source, line by line.

Every line keeps its number. A command becomes `pass` at the same indentation, so that a block
which holds nothing else stays a block; of `%time name = ...` the assignment stays.
"""

from __future__ import annotations

import re

from grader.content.intake.line_scanner import BETWEEN_STATEMENTS, after_line

# Cell magics whose body runs as Python in the notebook's own namespace.
_BODY_IS_PYTHON = frozenset(
    ("time", "timeit", "capture", "prun", "python3", "python", "debug", "memit", "mprun")
)
_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
_COMMAND = re.compile(
    r"""[%!?]                                          # %magic, !shell, ?help
      | [A-Za-z_][\w., ]*=\s*(?:!|%%?[A-Za-z])         # files = !ls, t = %timeit -o f()
      | [\w.*\[\]]+\s*\?\??\s*;?\s*$                   # np.tanh?, model??
      | (?:pip3?|conda|mamba)\s+(?:install|list|show|uninstall|freeze)\b""",
    re.VERBOSE,
)

_TIMED = re.compile(r"%time\s+([A-Za-z_]\w*\s*=(?!=)[^\\]*)$")  # it runs the statement behind it


def cell_magic(source: str) -> str | None:
    """Return the name of the cell magic on the first written line, if there is one."""
    match = _CELL_MAGIC.match(source)
    return match.group(1) if match else None


def keeps_its_body(magic: str) -> bool:
    """Tell whether the lines below this cell magic are Python that counts."""
    return magic in _BODY_IS_PYTHON


def is_command(line: str) -> bool:
    """Tell whether a line that begins a statement is a notebook command."""
    return _COMMAND.match(line.lstrip(" \t\f")) is not None


def without_commands(source: str) -> str:
    """Return `source` with its notebook commands replaced by `pass`.

    Lines inside brackets or long strings are left alone: there, a `%` is an operator or text.
    To be called only for source that does not parse as it is.
    """
    cleaned: list[str] = []
    state, goes_on = BETWEEN_STATEMENTS, False
    for line in source.split("\n"):
        if goes_on:  # a command that a backslash carries to this line
            cleaned.append("")
            goes_on = line.endswith("\\")
        elif state == BETWEEN_STATEMENTS and is_command(line):
            body = line.lstrip(" \t\f")
            timed = _TIMED.match(body)
            kept = timed.group(1) if timed else "pass"
            cleaned.append(line[: len(line) - len(body)] + kept)
            goes_on = line.endswith("\\")
        else:
            cleaned.append(line)
            state = after_line(line, state)
    return "\n".join(cleaned)
