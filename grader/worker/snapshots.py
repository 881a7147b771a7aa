"""The local variables of a learner's functions as they were when the function returned."""

from __future__ import annotations

import ast
from types import FrameType
from typing import Any

import numpy as np

_MAX_BYTES = 4 << 20
_MAX_PARTS = 2_000
_SCALARS = (bool, int, float, complex, str, type(None))


class Recorder:
    """A profile function that keeps the locals of every own function's last return."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts
        self._kept: dict[tuple[str, int, str], dict[str, Any]] = {}

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        """Note a return (see `sys.setprofile`)."""
        code = frame.f_code
        if event != "return" or code.co_filename not in self._texts or code.co_name[0] == "<":
            return
        key = (code.co_filename, code.co_firstlineno, code.co_name)
        self._kept.pop(key, None)
        self._kept[key] = _copies(frame.f_locals)

    def report(self) -> list[list[Any]]:
        """Return function, file, first line, variables and the lines that bind them, per function.

        The function that returned last, which is the one that was called, comes first.
        """
        report = []
        for (file, line, name), variables in reversed(self._kept.items()):
            lines = _binding_lines(self._texts[file], line, name)
            report.append([name, file, line, variables, lines])
        return report


def _copies(variables: dict[str, Any]) -> dict[str, Any]:
    budget = [_MAX_BYTES, _MAX_PARTS]
    copied = {}
    for name, value in variables.items():
        try:
            copied[name] = _copy(value, budget, 0)
        except _DropError:
            continue
    return copied


class _DropError(Exception):
    """A value that is not worth keeping, or too large to."""


def _copy(value: Any, budget: list[int], depth: int) -> Any:
    kind = type(value)
    budget[1] -= 1
    if budget[1] < 0 or depth > 6:
        raise _DropError
    if kind is np.ndarray and value.dtype.kind in "biufc":
        budget[0] -= value.nbytes
        if budget[0] < 0:
            raise _DropError
        return value.copy()
    if kind in _SCALARS or (isinstance(value, np.generic) and value.dtype.kind in "biufc"):
        return value
    if kind is list or kind is tuple:
        return kind(_copy(item, budget, depth + 1) for item in value)
    if kind is dict and all(type(key) in (str, int) for key in value):
        return {key: _copy(item, budget, depth + 1) for key, item in value.items()}
    raise _DropError


def _binding_lines(text: str, first_line: int, function: str) -> dict[str, int]:
    """Map each name bound in a function to the last line that binds it."""
    lines: dict[str, int] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            start = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
            if start == first_line:
                for inner in ast.walk(node):
                    _note_binding(inner, lines)
    return lines


def _note_binding(node: ast.AST, lines: dict[str, int]) -> None:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        lines[node.id] = max(node.lineno, lines.get(node.id, 0))
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        base: ast.expr = node
        while isinstance(base, ast.Subscript):
            base = base.value
        if isinstance(base, ast.Name):
            lines[base.id] = max(node.lineno, lines.get(base.id, 0))
