"""Take a function apart into statements, and say which of them need not be run again.

A statement that only binds names, from values that nobody changes in place, comes to the same
whenever it reads the same objects. What is doubtful is refused: then the whole function is run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from types import CodeType

import msgspec

# Methods that change their list or dictionary; arrays on a tape cannot be written to.
CHANGING = frozenset({"append", "clear", "extend", "fill", "insert", "pop", "popitem", "remove"})
CHANGING |= {"reverse", "setdefault", "sort", "update"}
# Iterators are used up by whoever reads them first.
USED_UP = frozenset({"enumerate", "filter", "iter", "map", "open", "reversed", "zip"})
# Calls that make something new, which shares nothing with their arguments.
NEW = frozenset({"array", "copy", "dict", "empty", "empty_like", "eye", "full", "list", "ones"})
NEW |= {"ones_like", "zeros", "zeros_like"}
DISPLAYS = (ast.List, ast.Dict, ast.Tuple, ast.ListComp, ast.DictComp, ast.BinOp, ast.Constant)
STRANGE = (ast.Lambda, ast.Yield, ast.YieldFrom, ast.Await, ast.GeneratorExp)


class UnsureError(Exception):
    """A statement that is not understood well enough to be run by itself."""


class Step(msgspec.Struct, frozen=True, eq=False):
    """One simple statement.

    Attributes
    ----------
    text : str
        Its source; empty where no other statement may be taken for it.
    repeatable : bool
        Whether it comes to the same whenever it reads the same objects.
    shared : tuple of str
        Names of what is changed in place later, though others may hold it as well. Arrays on a
        tape are read-only, and so speak for themselves; lists and dictionaries are not.
    """

    code: CodeType
    text: str
    reads: tuple[str, ...]
    binds: tuple[str, ...]
    repeatable: bool
    shared: tuple[str, ...]


def step_of(statement: ast.stmt, text: str, mutated: frozenset[str]) -> Step:
    """A simple statement, compiled.

    Parameters
    ----------
    mutated : frozenset of str
        Names whose objects the function changes in place.

    Raises
    ------
    UnsureError
        Where another object may be changed, or the statement is none of the simple ones.
    """
    if not isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr):
        raise UnsureError(type(statement).__name__)
    nodes = list(ast.walk(statement))
    if any(isinstance(node, STRANGE) or _is_starred_target(node) for node in nodes):
        raise UnsureError("a statement with a life of its own")
    names = [node for node in nodes if isinstance(node, ast.Name)]
    reads = tuple(sorted({n.id for n in names if isinstance(n.ctx, ast.Load)}))
    binds = tuple(sorted({n.id for n in names if isinstance(n.ctx, ast.Store)}))
    changed = set(changed_by(statement, nodes))
    if not changed <= mutated:
        raise UnsureError(f"{changed - mutated} changed in place")
    shared = () if _makes_new(statement) else tuple(mutated.intersection(binds) - changed)
    alone = not changed and mutated.isdisjoint(reads) and mutated.isdisjoint(binds)
    repeatable = alone and isinstance(statement, ast.Assign) and not _used_up(statement.value)
    code = compile(ast.Module([statement], []), "<step>", "exec")
    return Step(code, text, reads, binds, repeatable, shared)


def changed_by(statement: ast.stmt, nodes: Iterable[ast.AST] | None = None) -> Iterator[str]:
    """Names whose objects one statement may change in place.

    Parameters
    ----------
    nodes : iterable, optional
        All nodes of the statement, where they are at hand.
    """
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from _written_into(target)
    elif isinstance(statement, ast.AugAssign):
        yield from _roots([statement.target])
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        if not (isinstance(statement.value.func, ast.Attribute) and _is_changing(statement.value)):
            yield from _roots(statement.value.args)
    for node in nodes or ast.walk(statement):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and _is_changing(node):
            yield from _roots([node.func.value])
        yield from _roots(word.value for word in node.keywords if word.arg == "out")


def statements_in(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Every statement, nested ones too."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.For | ast.If):
            yield from statements_in(statement.body)
            yield from statements_in(statement.orelse)


def _written_into(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _written_into(element)
    elif not isinstance(target, ast.Name):
        yield from _roots([target])


def _roots(nodes: Iterable[ast.expr]) -> Iterator[str]:
    """The names at the bottom of expressions such as ``a[:, t].T``; all names of other ones."""
    for node in nodes:
        while isinstance(node, ast.Subscript | ast.Attribute):
            node = node.value
        names = (inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))
        yield from (name for name in names if name != "np")


def _is_changing(call: ast.Call) -> bool:
    """Whether it is a method that changes its own object, and nothing else."""
    return isinstance(call.func, ast.Attribute) and call.func.attr in CHANGING


def _is_starred_target(node: ast.AST) -> bool:
    return isinstance(node, ast.Starred) and isinstance(node.ctx, ast.Store)


def _makes_new(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Assign):
        return False
    if not all(isinstance(target, ast.Name) for target in statement.targets):
        return False
    value = statement.value
    return isinstance(value, DISPLAYS) or (isinstance(value, ast.Call) and _called(value) in NEW)


def _used_up(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and _called(value) in USED_UP


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""
