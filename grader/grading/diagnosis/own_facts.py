"""Facts of the learner's own code that explain a wrong result, each checked on its variables."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import numpy as np

from grader.content.intake.assigned_names import root_name
from grader.grading.diagnosis.looks import Sighting
from grader.grading.diagnosis.own_lines import begun_at
from grader.grading.diagnosis.own_names import OwnCode
from grader.grading.diagnosis.parts import same_value
from grader.grading.diagnosis.scenes import is_numeric
from grader.results import Location

Fact = tuple[Sighting, Location]


def fact_of(own: OwnCode, right: str) -> Fact | None:
    """The first fact that explains something.

    Parameters
    ----------
    right : str
        The text of the reference: what it does itself is no fault.
    """
    found = _one_array_twice(own) or _integers(own)
    return found or (None if "clip" in right else _clipped(own))


def first_not_finite(own: OwnCode) -> Location | None:
    """The line that first computes something infinite or NaN."""
    places = [
        own.line_of(name)
        for name, value in (own.variables or {}).items()
        if is_numeric(value) and not np.all(np.isfinite(value))
    ]
    found = [place for place in places if place is not None]
    return min(found, key=lambda place: place.line) if found else None


def _one_array_twice(own: OwnCode) -> Fact | None:
    """Two names that one statement gives to one array, which is changed in place afterwards."""
    if own.node is None:
        return None
    for node in ast.walk(own.node):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call | ast.Name):
            continue
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        names += [node.value.id] if isinstance(node.value, ast.Name) else []
        values = [(own.variables or {}).get(name) for name in names]
        alike = all(is_numeric(value) and same_value(value, values[0]) for value in values)
        if len(names) > 1 and alike and _changed_and_read(own.node, names, node.lineno):
            told = ", ".join(f"`{name}`" for name in names[:-1]) + f" and `{names[-1]}`"
            tells = f"{told} are names of one and the same array: what is stored in one of them "
            return Sighting("one-array", tells + "changes the others."), own.place(node.lineno)
    return None


def _changed_and_read(node: ast.AST, names: list[str], line: int) -> bool:
    """Whether one name's array is changed in place below a line, and another name read there."""
    below = [one for one in ast.walk(node) if getattr(one, "lineno", 0) > line]
    changed = {name for one in below for name in _changed_in_place(one)} & set(names)
    read = {one.id for one in below if isinstance(one, ast.Name)} & set(names)
    return any(read - {name} for name in changed)


def _integers(own: OwnCode) -> Fact | None:
    """An integer array that fractions are stored in."""
    if own.node is None:
        return None
    for name, value in (own.variables or {}).items():
        if not is_numeric(value) or value.dtype.kind != "i" or value.ndim < 2:
            continue
        line = begun_at(own.node, name)
        if line is not None and any(name in _changed_in_place(node) for node in ast.walk(own.node)):
            tells = f"`{name}` is an array of integers: what is stored in it loses everything "
            return Sighting("integers", tells + "after the decimal point."), own.place(line)
    return None


def _clipped(own: OwnCode) -> Fact | None:
    """A variable that the learner's code cuts off, and that stands at its bound."""
    if own.node is None:
        return None
    for node in ast.walk(own.node):
        name = _clipped_name(node)
        value = (own.variables or {}).get(name or "")
        if name is None or not is_numeric(value) or not value.size:
            continue
        bound = float(np.max(np.abs(value)))
        if np.sum(np.abs(value) == bound) > 1 and bound == float(f"{bound:.2g}"):
            tells = f"`{name}` is cut off at {bound:.6g}; nothing asks for that here."
            return Sighting("clipped", tells), own.place(getattr(node, "lineno", 1))
    return None


def _clipped_name(node: ast.AST) -> str | None:
    """The variable that a statement cuts off: ``x = np.clip(x, ...)`` or ``out=x``."""
    if isinstance(node, ast.Assign) and _clips(node.value):
        return root_name(node.targets[0])
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _clips(node.value):
        outs = [word.value for word in node.value.keywords if word.arg == "out"]
        return root_name(outs[0]) if outs else None
    return None


def _clips(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
        return False
    return value.func.attr in ("clip", "minimum", "maximum")


def _changed_in_place(node: ast.AST) -> Iterator[str]:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = [target for target in node.targets if isinstance(target, ast.Subscript)]
    elif isinstance(node, ast.AugAssign):
        targets = [node.target]
    for target in targets:
        name = root_name(target)
        if name is not None:
            yield name
