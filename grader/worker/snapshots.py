"""The local variables of a learner's functions as they were when the function returned."""

from __future__ import annotations

from collections.abc import Container
from types import FrameType
from typing import Any

import numpy as np

_MAX_BYTES = 4 << 20
_MAX_PARTS = 2_000
_MAX_PARTS_OF_ONE = 64  # a list of caches is copied and sent for nothing
_SCALARS = (bool, int, float, complex, str, type(None))


class Recorder:
    """A profile function that keeps the locals of every own function's last return."""

    def __init__(self, files: Container[str]) -> None:
        self._files = files
        self._kept: dict[tuple[str, int, str], dict[str, Any]] = {}

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        """Note a return (see `sys.setprofile`)."""
        code = frame.f_code
        if event != "return" or code.co_filename not in self._files or code.co_name[0] == "<":
            return
        key = (code.co_filename, code.co_firstlineno, code.co_name)
        self._kept.pop(key, None)
        self._kept[key] = _copies(frame.f_locals)

    def report(self) -> list[list[Any]]:
        """Return function, file, first line and variables, per function.

        The function that returned last, which is the one that was called, comes first.
        """
        return [
            [name, file, line, variables]
            for (file, line, name), variables in reversed(self._kept.items())
        ]


def _copies(variables: dict[str, Any]) -> dict[str, Any]:
    bytes_left, parts_left = _MAX_BYTES, _MAX_PARTS
    known: dict[int, Any] = {}
    copied = {}
    for name, value in variables.items():
        budget = [bytes_left, min(parts_left, _MAX_PARTS_OF_ONE)]
        try:
            copied[name] = _copy(value, budget, 0, known)
        except _DropError:
            continue
        bytes_left, parts_left = budget[0], parts_left - 1
    return copied


class _DropError(Exception):
    """A value that is not worth keeping, or too large to."""


def _copy(value: Any, budget: list[int], depth: int, known: dict[int, Any]) -> Any:
    """A copy; what stands in several places is copied once, as the wire carries it once."""
    if id(value) in known:
        return known[id(value)]
    kind = type(value)
    budget[1] -= 1
    if budget[1] < 0 or depth > 6:
        raise _DropError
    if kind is np.ndarray and value.dtype.kind in "biufc":
        budget[0] -= value.nbytes
        if budget[0] < 0:
            raise _DropError
        known[id(value)] = copied = value.copy()
        return copied
    if kind in _SCALARS or (isinstance(value, np.generic) and value.dtype.kind in "biufc"):
        return value
    if kind is list or kind is tuple:
        return kind(_copy(item, budget, depth + 1, known) for item in value)
    if kind is dict and all(type(key) in (str, int) for key in value):
        parts = {key: _copy(item, budget, depth + 1, known) for key, item in value.items()}
        known[id(value)] = parts
        return parts
    raise _DropError
