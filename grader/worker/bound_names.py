"""Which names a top-level statement binds, changes and reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.worker.cheap_statements import DEFINITIONS, IMPORTS, changed_by_call

_INNER = (*DEFINITIONS, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def bound_in(statement: ast.stmt | ast.withitem) -> Iterator[tuple[str, int]]:
    """Yield each name that a statement may bind at its own level, with the line of it."""
    for node in _own_level(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, DEFINITIONS):
            yield node.name, node.lineno
        elif isinstance(node, IMPORTS):
            for alias in node.names:
                if alias.name != "*":
                    yield alias.asname or alias.name.partition(".")[0], node.lineno


def changed_in(statement: ast.stmt) -> Iterator[str]:
    """Yield the names of containers that a statement stores into."""
    for node in _own_level(statement):
        name = changed_by_call(node) if isinstance(node, ast.stmt) else None
        if name is not None:
            yield name
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            base: ast.AST = node
            while isinstance(base, ast.Subscript | ast.Attribute):
                base = base.value
            if isinstance(base, ast.Name):
                yield base.id


def read_in(statement: ast.stmt) -> set[str]:
    """Return every name that a statement reads, also in what it only defines."""
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}


def _own_level(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, _INNER):
        for child in ast.iter_child_nodes(node):
            yield from _own_level(child)
