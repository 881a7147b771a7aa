"""The same function as another person would have written it: other names, another order.

A diagnosis that only knows the reference's own wording is worth little; the proof therefore
restyles every mistake before it asks for its name.
"""

from __future__ import annotations

import ast
import builtins

import numpy as np


def restyled(source: str, rng: np.random.Generator) -> str:
    """A function that behaves the same, with its local variables renamed and statements moved.

    Parameters
    ----------
    source : str
        The text of one ``def``.
    """
    definition = ast.parse(source).body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise ValueError("only a function can be restyled")
    if ast.get_docstring(definition) is not None:
        definition.body = definition.body[1:]
    _reorder(definition.body, rng)
    names = _local_names(definition)
    renamed = {name: f"{name.lower()}_{'xyzuvw'[i % 6]}{i}" for i, name in enumerate(sorted(names))}
    tree = _Renamer(renamed).visit(definition)
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _local_names(definition: ast.FunctionDef) -> set[str]:
    stored = {
        node.id
        for node in ast.walk(definition)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    arguments = {argument.arg for argument in definition.args.args}
    return (stored | arguments) - set(dir(builtins))


class _Renamer(ast.NodeTransformer):
    """Renames variables, never attributes, keys or keyword arguments of calls."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.copy_location(ast.Name(self._names.get(node.id, node.id), node.ctx), node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._names.get(node.arg, node.arg)
        return node


def _reorder(body: list[ast.stmt], rng: np.random.Generator) -> None:
    """Swap neighbours that do not depend on each other, a few times over."""
    for statement in body:
        if isinstance(statement, ast.For):
            _reorder(statement.body, rng)
    for _ in range(2 * len(body)):
        if len(body) < 2:
            return
        place = int(rng.integers(len(body) - 1))
        if _independent(body[place], body[place + 1]):
            body[place], body[place + 1] = body[place + 1], body[place]


def _independent(first: ast.stmt, second: ast.stmt) -> bool:
    """Whether two plain assignments may change places."""
    if not isinstance(first, ast.Assign) or not isinstance(second, ast.Assign):
        return False
    first_sets, first_reads = _effects(first)
    second_sets, second_reads = _effects(second)
    return not (
        first_sets & (second_sets | second_reads) or second_sets & (first_sets | first_reads)
    )


def _effects(statement: ast.Assign) -> tuple[set[str], set[str]]:
    """The names that an assignment sets (also in part), and those that it reads."""
    names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
    reads = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    sets = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    for target in statement.targets:
        root: ast.expr = target
        while isinstance(root, ast.Subscript | ast.Attribute):
            root = root.value
        if isinstance(root, ast.Name):
            sets.add(root.id)
    called = any(isinstance(node, ast.Call) for node in ast.walk(statement.value))
    if called:  # a call may change what it is given, as an `append` or an in-place clip does
        sets |= {name for name in reads if name not in ("np",)} & _given(statement.value)
    return sets, reads


def _given(value: ast.expr) -> set[str]:
    """Names handed to functions that may change them: not numpy's own functions."""
    given = set()
    for node in ast.walk(value):
        if isinstance(node, ast.Call) and not _of_numpy(node.func):
            given |= {n.id for a in node.args for n in ast.walk(a) if isinstance(n, ast.Name)}
    return given


def _of_numpy(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "np"
    ) or (isinstance(function, ast.Name) and function.id in ("sigmoid", "softmax"))
