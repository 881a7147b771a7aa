"""Stubs are generated from the reference: solution regions become holes that raise.

    # BEGIN SOLUTION
    # TODO 1.2 (about 3 lines): through tanh first, then through the sum
    dz = ...
    # END SOLUTION

becomes the TODO line and ``raise NotImplementedError("rnn_cell_backward")``. A hole raises
and never is ``None``: ``None`` stored into a float array becomes NaN without a word.
"""

from __future__ import annotations

import re
from pathlib import Path

from grader.errors import ContentError, Finding

_BEGIN = re.compile(r"^(?P<indent>\s*)# BEGIN SOLUTION\s*$")
_END = re.compile(r"^\s*# END SOLUTION\s*$")
_DEF = re.compile(r"^(?:def|class)\s+(\w+)")


def stub_of(source: str, file: str) -> str:
    """The stub that belongs to a reference.

    Raises
    ------
    ContentError
        Where regions are not closed, stand inside each other or have no TODO, with lines.
    """
    kept: list[str] = []
    findings: list[Finding] = []
    function, opened, indent = "", 0, ""
    for number, line in enumerate(source.splitlines(), start=1):
        named = _DEF.match(line)
        function = named.group(1) if named else function
        begin, end = _BEGIN.match(line), _END.match(line)
        if opened and number == opened + 1 and not line.strip().startswith("# TODO"):
            findings.append(Finding(file, number, "todo", "a solution begins without its TODO"))
        if begin and opened:
            findings.append(Finding(file, number, "region", "a solution begins inside another"))
        elif begin:
            opened, indent = number, begin.group("indent")
        elif end and not opened:
            findings.append(Finding(file, number, "region", "a solution ends that never began"))
        elif end:
            opened = 0
            kept.append(f'{indent}raise NotImplementedError("{function}")')
        elif not opened or (line.strip().startswith("#") and _in_todo(kept, opened, number)):
            kept.append(line)
    if opened:
        findings.append(Finding(file, opened, "region", "a solution begins and never ends"))
    if findings:
        raise ContentError(findings)
    return "\n".join(kept) + "\n"


def _in_todo(kept: list[str], opened: int, number: int) -> bool:
    """Whether a comment inside a region belongs to the TODO at its top."""
    if number == opened + 1:
        return True
    comments = 0
    for line in reversed(kept):
        if not line.strip().startswith("#"):
            break
        comments += 1
    return comments >= number - opened - 1 > 0


def stub_changes(solutions: Path, exercises: Path, stubs: tuple[str, ...]) -> dict[Path, str]:
    """Stub files that are not what the reference makes them, with what they should hold."""
    changes = {}
    for stub in stubs:
        reference = solutions / stub
        wanted = stub_of(reference.read_text(encoding="utf-8"), str(reference))
        path = exercises / stub
        if not path.is_file() or path.read_text(encoding="utf-8") != wanted:
            changes[path] = wanted
    return changes
