"""An edit of a function's text as a change of its syntax tree: only what is new is parsed."""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence

import msgspec


class Fragment(msgspec.Struct, frozen=True):
    """The statements of an edited function, those that stayed the same shared with the original.

    Attributes
    ----------
    new : list
        Statements that were parsed anew.
    lines : sequence of str
        The source that the places in ``new`` are counted in.
    """

    body: list[ast.stmt]
    new: list[ast.stmt]
    lines: Sequence[str]


def spliced(definition: ast.FunctionDef, before: Sequence[str], after: str) -> Fragment | None:
    """The body of the edited function, or None where the edit is not of whole statements alone.

    Parameters
    ----------
    before : sequence of str
        The lines that ``definition`` was parsed from.
    after : str
        The edited text.
    """
    lines = after.splitlines()
    first, last = _changed_lines(before, lines)
    path, body = [], definition.body
    start, stop = _touched(body, first, last)
    while stop - start == 1 and (inner := _inner(body[start], first, last)) is not None:
        path.append((body, start))
        body = inner
        start, stop = _touched(body, first, last)
    if start == stop or first < definition.body[0].lineno:
        return None
    first = min(first, body[start].lineno)
    last = max(last, body[stop - 1].end_lineno or last)
    new_lines = ["if 1:", *lines[first - 1 : last + len(lines) - len(before)]]
    new = _parsed(new_lines)
    if new is None:
        return None
    made = [*body[:start], *new, *body[stop:]]
    for outer, place in reversed(path):
        parent = copy.copy(outer[place])
        parent.body = made  # type: ignore[attr-defined]
        made = [*outer[:place], parent, *outer[place + 1 :]]
    return Fragment(made, new, new_lines)


def _changed_lines(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """The first and the last line of the original (from 1) that an edit changes."""
    shorter = min(len(before), len(after))
    head = 0
    while head < shorter and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shorter - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    first, last = head + 1, len(before) - tail
    return (first, last) if last >= first else (first - 1, first - 1)


def _touched(body: Sequence[ast.stmt], first: int, last: int) -> tuple[int, int]:
    """Which statements of a block lie on the lines: start and stop of a slice."""
    hit = [
        place
        for place, statement in enumerate(body)
        if statement.lineno <= last and (statement.end_lineno or statement.lineno) >= first
    ]
    return (hit[0], hit[-1] + 1) if hit else (0, 0)


def _inner(statement: ast.stmt, first: int, last: int) -> list[ast.stmt] | None:
    """The block inside a statement that holds all the lines."""
    if isinstance(statement, ast.For | ast.If) and not statement.orelse:
        if first >= statement.body[0].lineno and last <= (statement.end_lineno or 0):
            return statement.body
    return None


def _parsed(lines: Sequence[str]) -> list[ast.stmt] | None:
    try:
        module = ast.parse("\n".join(lines)).body
    except SyntaxError:
        return None
    holder = module[0]
    if len(module) != 1 or not isinstance(holder, ast.If) or holder.orelse:
        return None
    return holder.body
