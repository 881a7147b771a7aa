"""Which parts of a function's result a variable can reach: a search looks nowhere else."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

Parts = frozenset[str]


class Influence:
    """The data flow of one function, without regard to the order of its statements.

    Parameters
    ----------
    source : str
        The text of the ``def``.
    """

    def __init__(self, source: str) -> None:
        definition = ast.parse(source).body[0]
        self._feeds: dict[str, set[str]] = defaultdict(set)
        self._parts: dict[str, set[str]] = defaultdict(set)
        self._known = True
        for node in ast.walk(definition):
            self._note(node)

    def reach(self, variable: str | None) -> Parts | None:
        """The parts that ``variable`` can change; None where it may be any of them.

        Parts are named as ``wrong_parts`` names them: keys, or places in a tuple.
        """
        if variable is None or not self._known:
            return None
        seen, pending = {variable}, [variable]
        while pending:
            new = self._feeds[pending.pop()] - seen
            seen |= new
            pending += new
        found = {part for name in seen for part in self._parts.get(name, ())}
        return frozenset(found) if found else None

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value)
        elif isinstance(node, ast.AugAssign):
            self._assign(node.target, node.value)
        elif isinstance(node, ast.For):
            self._assign(node.target, node.iter)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            self._method(node.value)
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            for place, part in enumerate(node.value.elts):
                for name in _loaded(part):
                    self._parts[name].add(str(place))
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
            self._known = self._keyed(node.value) and self._known
        elif isinstance(node, ast.Return) and not isinstance(node.value, ast.Name):
            self._known = False

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(value, ast.Dict) and self._keyed(value):
            return
        for name in _bound(target):
            for source in (*_loaded(value), *_loaded_in_index(target)):
                self._feeds[source].add(name)

    def _keyed(self, value: ast.Dict) -> bool:
        """Take a dictionary of named values as parts of the result."""
        keys = [key.value for key in value.keys if isinstance(key, ast.Constant)]
        if len(keys) != len(value.keys) or not all(isinstance(key, str) for key in keys):
            return False
        for key, part in zip(keys, value.values, strict=True):
            for name in _loaded(part):
                self._parts[name].add(str(key))
        return True

    def _method(self, call: ast.Call) -> None:
        if not isinstance(call.func, ast.Attribute):
            return
        if call.func.attr == "update" and call.args and isinstance(call.args[0], ast.Dict):
            if self._keyed(call.args[0]):
                return
        for owner in _loaded(call.func.value):
            for argument in call.args:
                for source in _loaded(argument):
                    self._feeds[source].add(owner)


def _loaded(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            yield inner.id


def _bound(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _bound(element)
    while isinstance(target, ast.Subscript | ast.Attribute | ast.Starred):
        target = target.value
    if isinstance(target, ast.Name):
        yield target.id


def _loaded_in_index(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Subscript):
        yield from _loaded(target.slice)
