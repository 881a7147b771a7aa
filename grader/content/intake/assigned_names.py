"""The statements of one function that set or change a variable."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Union

Names = tuple[Union[str, "Names", None], ...]

_CHANGING_METHODS = frozenset(
    ("append", "extend", "insert", "update", "fill", "setdefault", "pop", "clear", "remove")
)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def own_nodes(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Yield all nodes below `body` in source order, not those of functions and classes in it."""
    pending = list(reversed(body))
    while pending:  # a loop, not recursion: expressions of learners may be deep
        node = pending.pop()
        yield node
        if not isinstance(node, _SCOPES):
            pending.extend(reversed(list(ast.iter_child_nodes(node))))


def assigned_targets(
    node: ast.AST, *, whole: bool = False
) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Yield (target, value) for what a node assigns; tuples are taken apart unless `whole`."""
    for target, value in _targets(node):
        if whole:
            yield target, value
        else:
            yield from ((leaf, value) for leaf in _leaves(target))


def _targets(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, ast.AugAssign | ast.NamedExpr | ast.AnnAssign):
        if node.value is not None:  # `a: int` sets nothing
            yield node.target, node.value
    elif isinstance(node, ast.For | ast.AsyncFor):
        yield node.target, node.iter
    elif isinstance(node, ast.With | ast.AsyncWith):
        for item in node.items:
            if item.optional_vars is not None:
                yield item.optional_vars, item.context_expr


def _leaves(target: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            yield from _leaves(part)
    elif isinstance(target, ast.Starred):
        yield from _leaves(target.value)
    else:
        yield target


def root_name(target: ast.expr) -> str | None:
    """Return `a` for `a`, `a[:, t]`, `a["key"][0]` and `a.T`."""
    while isinstance(target, ast.Subscript | ast.Attribute):
        target = target.value
    return target.id if isinstance(target, ast.Name) else None


def changed_by_method(node: ast.AST) -> str | None:
    """Return the name that a call such as `caches.append(...)` changes."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return None
    return root_name(node.func.value) if node.func.attr in _CHANGING_METHODS else None


def shape_of(target: ast.Tuple | ast.List) -> Names:
    """Return the names in a tuple by position, nested like it; None where there is no name."""
    names: list[str | Names | None] = []
    for part in target.elts:
        if isinstance(part, ast.Tuple | ast.List):
            names.append(shape_of(part))
        elif isinstance(part, ast.Starred):
            break  # the positions after it depend on the length
        else:
            names.append(part.id if isinstance(part, ast.Name) else None)
    return tuple(names)
