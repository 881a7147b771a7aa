"""Find a function's text in a module, and edit it by ``find`` and ``put``."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Sequence

import msgspec


class Edit(msgspec.Struct, frozen=True):
    """Put ``put`` where ``find`` stands; ``find`` must stand there exactly once."""

    find: str
    put: str


class EditError(ValueError):
    """An edit that does not apply exactly once, or leaves no valid Python."""


class FunctionText(msgspec.Struct, frozen=True):
    """The text of one top-level function and where it stands.

    Attributes
    ----------
    line : int
        Line of the ``def`` in its file, from 1.
    """

    name: str
    text: str
    file: str
    line: int


def functions_in(source: str, file: str) -> dict[str, FunctionText]:
    """The top-level functions of a module by name."""
    lines = source.splitlines(keepends=True)
    found = {}
    for node in ast.parse(source, file).body:
        if isinstance(node, ast.FunctionDef):
            text = "".join(lines[node.lineno - 1 : node.end_lineno])
            found[node.name] = FunctionText(node.name, text, file, node.lineno)
    return found


def edited(function: FunctionText, edits: Sequence[Edit]) -> str:
    """The function's text with all edits applied.

    Raises
    ------
    EditError
        Where a ``find`` does not stand in the original text exactly once, where two edits
        overlap, or where the result does not parse.
    """
    text = replaced(function, edits)
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise EditError(f"the edited {function.name} does not parse: {error}") from error
    return text


def replaced(function: FunctionText, edits: Sequence[Edit]) -> str:
    """Like ``edited``, without asking whether the result parses."""
    spans = []
    for edit in edits:
        count = function.text.count(edit.find)
        if count != 1:
            raise EditError(f"{edit.find!r} stands {count} times in {function.name}, not once")
        start = function.text.index(edit.find)
        spans.append((start, start + len(edit.find), edit.put))
    spans.sort()
    if any(before[1] > after[0] for before, after in itertools.pairwise(spans)):
        raise EditError(f"two edits of {function.name} overlap")
    text = function.text
    for start, end, put in reversed(spans):
        text = text[:start] + put + text[end:]
    return text
