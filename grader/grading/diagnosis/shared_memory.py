"""Results that share their memory: a window onto an array that a later step overwrites."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

import numpy as np

from grader.content.intake.assigned_names import root_name
from grader.grading.diagnosis.looks import Sighting
from grader.grading.diagnosis.own_names import OwnCode, name_of_part
from grader.grading.diagnosis.parts import same_value
from grader.grading.diagnosis.scenes import Comparison, Part, key_of
from grader.results import Location


def shared(
    comparison: Comparison, key: str, own: OwnCode | None
) -> tuple[Sighting, Location | None] | None:
    """What a wrong array shares its memory with, where that explains how it became wrong.

    Parameters
    ----------
    key : str
        Of the wrong array: ``caches.c_prev``.
    """
    wrong = [path for path in comparison.wrong if key_of(path) == key]
    for part, partner in _pairs(comparison):
        if part.path in wrong and partner.path != part.path:
            told = _told(comparison, part, partner, own)
            if told is not None:
                return told
    return None


def _pairs(comparison: Comparison) -> Iterator[tuple[Part, Part]]:
    """Parts of the learner's result that share memory, each with an earlier one."""
    by_raw = {part.raw: part for part in comparison.actual.values()}
    for one, other in comparison.call.aliases:
        if one in by_raw and other in by_raw:
            yield by_raw[one], by_raw[other]
            yield by_raw[other], by_raw[one]


def _told(
    comparison: Comparison, part: Part, partner: Part, own: OwnCode | None
) -> tuple[Sighting, Location | None] | None:
    name = part.path.rpartition(".")[2]
    nested, top = "[" in part.path or "." in part.path, "." not in partner.path
    if nested and top and partner.path not in comparison.wrong:
        line = _window(own, _own_name(comparison, partner, own))
        tells = f"`{part.path}` is no array of its own but a window (a view) onto "
        tells += f"`{partner.path}`: what a later step stores there changes it. Keep a copy, or "
        return Sighting("view", tells + "a variable of its own."), line
    if nested and key_of(part.path) == key_of(partner.path):
        tells = f"The caches of several steps hold one and the same array as `{name}`, and a later "
        tells += "step writes into it. Make a new array at every step."
        return Sighting("one-array", tells), _written_into(own)
    if not nested and top and same_value(part.value, partner.value):
        tells = f"`{part.path}` and `{partner.path}` are two names of one array: what is stored "
        return Sighting("one-array", tells + "in one changes the other."), _twice_named(own)
    return None


def _own_name(comparison: Comparison, part: Part, own: OwnCode | None) -> str | None:
    if own is None:
        return None
    place = list(comparison.expected).index(part.path) if part.path in comparison.expected else None
    return name_of_part(part.path, place, own)


def _window(own: OwnCode | None, name: str | None) -> Location | None:
    """The line that takes a slice of an array without copying it."""
    if own is None or own.node is None:
        return None
    for node in ast.walk(own.node):
        taken: Sequence[ast.expr] = ()
        if isinstance(node, ast.Assign):
            taken = [node.value, *(node.value.elts if isinstance(node.value, ast.Tuple) else ())]
        elif isinstance(node, ast.Call):
            taken = node.args
        for value in taken:
            if isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name):
                if name in (None, value.value.id) and _is_slice(value.slice):
                    return own.place(value.lineno)
    return None


def _is_slice(index: ast.expr) -> bool:
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    return any(isinstance(part, ast.Slice | ast.Constant) for part in parts)


def _written_into(own: OwnCode | None) -> Location | None:
    """The line that stores into an array which is not returned."""
    if own is None or own.node is None:
        return None
    returned = {name for name in own.names.returned if isinstance(name, str)}
    for node in ast.walk(own.node):
        if isinstance(node, ast.Assign | ast.AugAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            whole = isinstance(node, ast.AugAssign) and isinstance(target, ast.Name)
            if isinstance(target, ast.Subscript) or whole:
                name = root_name(target)
                value = (own.variables or {}).get(name or "")
                if name not in returned and isinstance(value, np.ndarray):
                    return own.place(target.lineno)
    return None


def _twice_named(own: OwnCode | None) -> Location | None:
    """The line ``a = b = np.zeros(...)``."""
    if own is None or own.node is None:
        return None
    for node in ast.walk(own.node):
        if isinstance(node, ast.Assign) and len(node.targets) > 1:
            if isinstance(node.value, ast.Call):
                return own.place(node.lineno)
    return None
