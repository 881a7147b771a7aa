"""One file of a submission: bytes in, units and the functions they define out."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

import msgspec

from grader.content.intake.definitions import Definition, definitions_in, functions_inside
from grader.content.intake.file_kind import looks_like_notebook
from grader.content.intake.kept_source import seems_to_define
from grader.content.intake.plain_text import plain
from grader.content.intake.readable_source import keep_what_parses
from grader.content.intake.source_text import decode_source
from grader.content.intake.submission import Place, Policy, SyntaxProblem, Unit
from grader.errors import SubmissionError

# Parsing takes up to 450 times the memory of the source; a whole notebook has some 60 kB of code.
MAX_SOURCE = 400_000

# One of these stands in every export; looking for them is cheaper than loading what reads exports.
_EXPORT_HINTS = ("In[", "%%", "get_ipython", "by Colab", "IPython magic", "jupytext")


class SourceFile(msgspec.Struct, frozen=True):
    """A file as it was read: `text` is everything written in it, `units` what can be executed."""

    path: PurePosixPath
    display: str
    is_notebook: bool
    policy: Policy
    text: str
    units: tuple[Unit, ...]
    definitions: tuple[Definition, ...]
    misplaced: tuple[tuple[str, str, Place], ...]
    problems: tuple[SyntaxProblem, ...]
    notes: tuple[str, ...] = ()


class _Part(NamedTuple):
    """A part of a file that is parsed in one go."""

    display: str
    source: str
    cell: int | None
    first_line: int


def read_source(path: PurePosixPath, data: bytes, wanted: Sequence[str]) -> SourceFile:
    """Read a Python file, the export of a notebook, or a notebook.

    Raises
    ------
    SubmissionError
        The bytes are none of these, or hold nothing.
    """
    display = plain(str(path))
    if path.suffix.lower() == ".ipynb" or looks_like_notebook(data):
        return _notebook(path, display, data, wanted)
    source = decode_source(data, display)
    if not source.strip():
        raise SubmissionError(f"{display} is empty: save your work and hand it in again.")
    _require_size(source, display)
    if any(hint in source for hint in _EXPORT_HINTS):
        exported = _export(path, display, source, wanted)
        if exported is not None:
            return exported
    parts = [_Part(display, source, None, 1)]
    return _assembled(path, display, "run", source, parts, wanted, None)


def _export(
    path: PurePosixPath, display: str, source: str, wanted: Sequence[str]
) -> SourceFile | None:
    """Read a Python file as the export of a notebook, if it is one."""
    from grader.content.intake.notebook_commands import without_commands
    from grader.content.intake.notebook_export import is_export, pieces_of_export

    if not is_export(source):
        return None
    parts = [
        _Part(f"{display} (%%{piece.magic} cell in line {piece.first_line})", piece.source, None, 1)
        if piece.magic
        else _Part(display, piece.source, None, piece.first_line)
        for piece in pieces_of_export(source)
    ]
    return _assembled(path, display, "definitions", source, parts, wanted, without_commands)


def _require_size(source: str, display: str) -> None:
    if len(source) > MAX_SOURCE:
        raise SubmissionError(
            f"{display} holds {len(source):,} characters of code, more than {MAX_SOURCE:,}: "
            "move data out of the code."
        )


def _notebook(path: PurePosixPath, display: str, data: bytes, wanted: Sequence[str]) -> SourceFile:
    from grader.content.intake.notebook import read_cells
    from grader.content.intake.notebook_commands import without_commands

    cells = read_cells(data, display)
    text = "\n".join(cell.source for cell in cells)
    if not text.strip():
        raise SubmissionError(f"{display} has no code: save the notebook and hand it in again.")
    _require_size(text, display)
    parts, notes = [], []
    for cell in cells:
        shown = f"{display}, code cell {cell.number}"
        if cell.dropped is None:
            parts.append(_Part(shown, cell.source, cell.number, 1))
            continue
        lost = seems_to_define(cell.source, wanted)
        if lost:
            notes.append(
                f"{' and '.join(lost)} in {shown} does not count, because the cell begins with "
                f"%%{plain(cell.dropped, 30)}: remove that line."
            )
    read = _assembled(path, display, "definitions", text, parts, wanted, without_commands)
    return msgspec.structs.replace(read, is_notebook=True, notes=tuple(notes))


def _assembled(
    path: PurePosixPath,
    display: str,
    policy: Policy,
    text: str,
    parts: Sequence[_Part],
    wanted: Sequence[str],
    clean: Callable[[str], str] | None,
) -> SourceFile:
    units: list[Unit] = []
    definitions: list[Definition] = []
    misplaced: list[tuple[str, str, Place]] = []
    problems: list[SyntaxProblem] = []
    for part in parts:
        kept = keep_what_parses(part.source, part.display, wanted, part.first_line, clean)
        problems.extend(kept.problems)
        if kept.tree.body:
            units.append(Unit(part.display, kept.source, part.cell, part.first_line))
            definitions.extend(definitions_in(kept.tree, part.display, part.first_line))
            misplaced.extend(_misplaced(kept.tree, part, wanted))
    return SourceFile(
        path,
        display,
        False,
        policy,
        text,
        tuple(units),
        tuple(definitions),
        tuple(misplaced),
        tuple(problems),
    )


def _misplaced(
    tree: ast.Module, part: _Part, wanted: Sequence[str]
) -> Iterator[tuple[str, str, Place]]:
    for name, inside, node in functions_inside(tree):
        if name in wanted:
            line = getattr(node, "lineno", 1) + part.first_line - 1
            yield name, inside, Place(part.display, line)
