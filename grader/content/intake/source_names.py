"""The names a learner gave to things inside one function, and the lines where they are set.

A diagnosis speaks with them: "look at `my_state` in line 88", not at the reference's variable.
Everything is read from the syntax tree; nothing is run, and what cannot be told is left out.
"""

from __future__ import annotations

import ast
import copy
import textwrap
import warnings
from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from grader.content.intake.assigned_names import (
    Names,
    assigned_targets,
    changed_by_method,
    own_nodes,
    root_name,
    shape_of,
)

_COPIES = frozenset(("copy", "deepcopy", "array", "asarray", "float64"))


class SourceNames(msgspec.Struct, frozen=True):
    """Names and lines in a function; all of it is empty when the function is not there.

    Attributes
    ----------
    arguments
        Names of the positional arguments.
    lookups
        Key of a dictionary -> local name: {"Wf": "W"} for ``W = parameters["Wf"]``.
    unpacked
        Source text of what is taken apart -> names by position, nested as in the source, None
        where there is no plain name: {"cache": ("a_next", "c", ...)}. Single positions count too:
        ``c = cache[1]``.
    returned
        Names by position in the last ``return`` (nested; None where there is an expression).
    returned_keys
        Key of the returned dictionary -> name of the variable stored under it.
    key_lines
        Key of the returned dictionary -> lines where it is set.
    assignments
        Name -> lines where it is set or changed: targets of every kind, ``a[:, :, t] = ...``,
        ``caches.append(...)``.
    """

    arguments: tuple[str, ...] = ()
    lookups: Mapping[str, str] = {}
    unpacked: Mapping[str, Names] = {}
    returned: Names = ()
    returned_keys: Mapping[str, str] = {}
    key_lines: Mapping[str, tuple[int, ...]] = {}
    assignments: Mapping[str, tuple[int, ...]] = {}


@lru_cache(maxsize=32)
def names_in(function_source: str, function: str, first_line: int = 1) -> SourceNames:
    """Return the names in `function`, the last of that name in `function_source`.

    Parameters
    ----------
    function_source
        A whole file or cell, or the function alone; it may be indented.
    first_line
        The number of the first line of `function_source`, so that all lines are the learner's.
    """
    node = function_node(function_source, function, first_line)
    if node is None:
        return SourceNames()
    arguments = tuple(one.arg for one in (*node.args.posonlyargs, *node.args.args))
    if isinstance(node, ast.Lambda):
        return SourceNames(arguments=arguments, returned=_returned(node.body))
    nodes = list(own_nodes(node.body))
    results = [one.value for one in nodes if isinstance(one, ast.Return) and one.value]
    result = results[-1] if results else None
    keys = list(_keys_of(result, nodes)) if result is not None else []
    return SourceNames(
        arguments=arguments,
        lookups=_lookups(nodes),
        unpacked=_unpacked(nodes),
        returned=_returned(result) if result is not None else (),
        returned_keys={key: value.id for key, value, _ in keys if isinstance(value, ast.Name)},
        key_lines=_lines((key, line) for key, _, line in keys),
        assignments=_lines(_assignments(nodes)),
    )


def function_node(
    source: str, name: str, first_line: int = 1
) -> ast.FunctionDef | ast.Lambda | None:
    """Return the last function of that name, its lines counted from `first_line`."""
    node = _function_node(source, name)
    if node is not None and first_line != 1:
        return ast.increment_lineno(copy.deepcopy(node), first_line - 1)
    return node


def _function_node(source: str, name: str) -> ast.FunctionDef | ast.Lambda | None:
    tree = _tree(source) or _tree(textwrap.dedent(source))
    found: ast.FunctionDef | ast.Lambda | None = None
    for node in own_nodes(tree.body) if tree else ():
        if isinstance(node, ast.FunctionDef) and node.name == name:
            found = node
        for target, value in assigned_targets(node):
            if isinstance(value, ast.Lambda) and root_name(target) == name:
                found = value
    return found


@lru_cache(maxsize=8)
def _tree(source: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _lines(pairs: Iterator[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    lines: dict[str, set[int]] = {}
    for name, line in pairs:
        lines.setdefault(name, set()).add(line)
    return {name: tuple(sorted(found)) for name, found in lines.items()}


def _assignments(nodes: list[ast.AST]) -> Iterator[tuple[str, int]]:
    for node in nodes:
        for target, _ in assigned_targets(node):
            name = root_name(target)
            if name:
                yield name, target.lineno
        changed = changed_by_method(node)
        if changed:
            yield changed, getattr(node, "lineno", 1)


def _pairs(nodes: list[ast.AST]) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield (target, value) of all assignments; `a, b = x, y` yields two pairs as well."""
    for node in nodes:
        for target, value in assigned_targets(node, whole=True):
            if value is None:
                continue
            yield target, value
            if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
                yield from zip(target.elts, value.elts, strict=False)


def _lookups(nodes: list[ast.AST]) -> dict[str, str]:
    lookups: dict[str, str] = {}
    for target, value in _pairs([node for node in nodes if not isinstance(node, ast.AugAssign)]):
        key = _key_looked_up(value)
        if key is not None and isinstance(target, ast.Name):
            lookups.setdefault(key, target.id)
    return lookups


def _key_looked_up(value: ast.expr) -> str | None:
    """Return "Wf" for `p["Wf"]`, `p.get("Wf")`, `np.array(p["Wf"])` and `p["Wf"].copy()`."""
    if isinstance(value, ast.Subscript):
        return _text(value.slice)
    if not isinstance(value, ast.Call):
        return None
    called = value.func
    word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    if word in ("get", "pop") and value.args:
        return _text(value.args[0])
    if word not in _COPIES:
        return None
    if value.args:
        return _key_looked_up(value.args[0])
    return _key_looked_up(called.value) if isinstance(called, ast.Attribute) else None


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def _unpacked(nodes: list[ast.AST]) -> dict[str, Names]:
    unpacked: dict[str, Names] = {}
    single: dict[str, dict[int, str]] = {}
    for target, value in _pairs(nodes):
        if isinstance(target, ast.Tuple | ast.List):
            if isinstance(value, ast.Name | ast.Subscript | ast.Attribute | ast.Call):
                unpacked.setdefault(ast.unparse(value), shape_of(target))
        elif isinstance(target, ast.Name) and isinstance(value, ast.Subscript):
            position = value.slice.value if isinstance(value.slice, ast.Constant) else None
            if type(position) is int and 0 <= position < 100:
                single.setdefault(ast.unparse(value.value), {}).setdefault(position, target.id)
    for source, positions in single.items():
        names = tuple(positions.get(k) for k in range(max(positions) + 1))
        unpacked.setdefault(source, names)
    return unpacked


def _returned(result: ast.expr) -> Names:
    if isinstance(result, ast.Tuple | ast.List):
        return shape_of(result)
    return (result.id if isinstance(result, ast.Name) else None,)


def _keys_of(result: ast.expr, nodes: list[ast.AST]) -> Iterator[tuple[str, ast.expr, int]]:
    """Yield (key, value, line) for everything stored in the returned dictionary."""
    if not isinstance(result, ast.Name):
        yield from _keys_written(result)
        return
    for target, value in _pairs(nodes):
        if isinstance(target, ast.Name) and target.id == result.id:
            yield from _keys_written(value)
        elif isinstance(target, ast.Subscript) and root_name(target) == result.id:
            key = _text(target.slice)
            if key is not None:
                yield key, value, target.lineno
    for node in nodes:
        if isinstance(node, ast.Call) and _updates(node, result.id):
            for source in (node, *node.args):
                yield from _keys_written(source)


def _updates(call: ast.Call, name: str) -> bool:
    """Tell whether a call is `name.update(...)`."""
    called = call.func
    return (
        isinstance(called, ast.Attribute)
        and called.attr == "update"
        and root_name(called.value) == name
    )


def _keys_written(value: ast.expr) -> Iterator[tuple[str, ast.expr, int]]:
    """Yield what `{"a": a}`, `dict(a=a)` or the keywords of any call say."""
    if isinstance(value, ast.Dict):
        for key, item in zip(value.keys, value.values, strict=True):
            text = _text(key) if key is not None else None
            if text is not None:
                yield text, item, item.lineno
    elif isinstance(value, ast.Call) and getattr(value.func, "id", "dict") == "dict":
        for keyword in value.keywords:
            if keyword.arg is not None:
                yield keyword.arg, keyword.value, keyword.value.lineno
