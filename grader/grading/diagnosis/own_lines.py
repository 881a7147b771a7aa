"""Which of the lines that set a variable computes it: a fault is seldom where zeros are made."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from grader.content.intake.assigned_names import (
    assigned_targets,
    changed_by_method,
    own_nodes,
    root_name,
)

Function = ast.FunctionDef | ast.Lambda

# Calls that make room for numbers, and compute none.
ROOM = frozenset(("zeros", "empty", "ones", "full", "eye", "list", "dict"))
ROOM |= frozenset(("zeros_like", "empty_like", "ones_like", "full_like"))

COMPUTED, PASSED_ON, ROOM_MADE = 2, 1, 0


def lines_of(node: ast.AST, name: str) -> list[int]:
    """The lines that set a variable, those that compute it last; of equals the later last."""
    ranked = [(rank, line) for one, rank, line in _bindings(node) if one == name]
    return [line for _, line in sorted(ranked)]


def begun_at(node: ast.AST, name: str) -> int | None:
    """The first line that sets a variable."""
    return min((line for one, _, line in _bindings(node) if one == name), default=None)


def return_line(node: ast.AST) -> int | None:
    """The line of the function's last ``return`` of a value."""
    if isinstance(node, ast.Lambda):
        return node.body.lineno
    lines = [n.lineno for n in _nodes(node) if isinstance(n, ast.Return) and n.value is not None]
    return lines[-1] if lines else None


def name_at(node: ast.AST, place: int) -> str | None:
    """The name below what is returned at a place: ``H`` where ``H.T`` is returned."""
    values = [n.value for n in _nodes(node) if isinstance(n, ast.Return)]
    value = values[-1] if values else None
    if not isinstance(value, ast.Tuple) or place >= len(value.elts):
        return None
    part = value.elts[place]
    return part.id if isinstance(part, ast.Name) else None


def made_once(node: ast.AST, name: str) -> int | None:
    """The line that makes room for a variable, where nothing else sets it; None otherwise."""
    found = [(rank, line) for one, rank, line in _bindings(node) if one == name]
    return found[0][1] if len(found) == 1 and found[0][0] == ROOM_MADE else None


def read_by_every_step(node: ast.AST, name: str, after: int) -> bool:
    """Whether a loop below a line reads a variable whatever the step: not within a condition."""
    for loop in _nodes(node):
        if isinstance(loop, ast.For | ast.While) and loop.lineno > after:
            for one in _unconditional(loop.body):
                if isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Load):
                    return True
    return False


def _unconditional(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    for node in body:
        if not isinstance(node, ast.If | ast.IfExp | ast.BoolOp):
            yield node
            yield from _unconditional(list(ast.iter_child_nodes(node)))


def calling_line(node: ast.AST, functions: Collection[str]) -> int | None:
    """The last line that calls one of some functions."""
    lines = [
        one.lineno
        for one in _nodes(node)
        if isinstance(one, ast.Call) and getattr(one.func, "id", "") in functions
    ]
    return lines[-1] if lines else None


def dropped_call(node: ast.AST, functions: frozenset[str]) -> int | None:
    """The line of a call whose result nobody takes."""
    for one in _nodes(node):
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Call):
            called = one.value.func
            word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if word in functions:
                return one.lineno
    return None


@lru_cache(maxsize=16)
def _nodes(node: ast.AST) -> tuple[ast.AST, ...]:
    return tuple(own_nodes(node.body if isinstance(node, ast.FunctionDef) else []))


@lru_cache(maxsize=16)
def _bindings(node: ast.AST) -> tuple[tuple[str, int, int], ...]:
    """Name, rank and line of everything that sets or changes a variable."""
    return tuple(_bound(node))


def _bound(node: ast.AST) -> Iterator[tuple[str, int, int]]:
    turning = {
        name.id
        for loop in _nodes(node)
        if isinstance(loop, ast.While)
        for name in ast.walk(loop.test)
        if isinstance(name, ast.Name)
    }
    for one in _nodes(node):
        for target, value in assigned_targets(one):
            name, key = root_name(target), _key(target)
            if key is not None:
                yield f"[{key!r}]", _rank(one, value), target.lineno
            if name:
                counted = name in turning and isinstance(one, ast.AugAssign)
                yield name, PASSED_ON if counted else _rank(one, value), target.lineno
        changed = changed_by_method(one)
        if changed:
            yield changed, COMPUTED, getattr(one, "lineno", 1)
        if isinstance(one, ast.While):
            for name in sorted(turning):
                yield name, COMPUTED, one.lineno


def _key(target: ast.expr) -> str | None:
    """``dxt`` where ``gradients["dxt"][:, j]`` is set."""
    while isinstance(target, ast.Subscript):
        if isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str):
            return target.slice.value
        target = target.value
    return None


def _rank(statement: ast.AST, value: ast.expr | None) -> int:
    if isinstance(statement, ast.For | ast.AugAssign):
        return COMPUTED
    if isinstance(value, ast.Call):
        called = value.func
        word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        return ROOM_MADE if word in ROOM else COMPUTED
    if isinstance(value, ast.List | ast.Dict | ast.Constant) and not _names(value):
        return ROOM_MADE
    if isinstance(value, ast.Tuple | ast.Name | ast.Dict | ast.List):
        stored = isinstance(statement, ast.Assign) and isinstance(
            statement.targets[0], ast.Subscript
        )
        return COMPUTED if stored else PASSED_ON
    return COMPUTED


def _names(value: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) for node in ast.walk(value))
