"""The local variables of a learner's functions as they were when the function returned."""

from __future__ import annotations

import itertools
from collections.abc import Container
from types import FrameType
from typing import Any

import numpy as np

_MAX_BYTES = 4 << 20
_MAX_VARIABLES = 2_000
_MAX_PARTS = 64  # of one variable: a list of caches is copied and sent for nothing
_SCALARS = (bool, int, float, complex, str, type(None))


class Recorder:
    """A profile function that keeps the locals with which the called function returned.

    Own functions that it calls are passed over: to copy what they hold at every return takes
    longer than to run them.
    """

    def __init__(self, files: Container[str]) -> None:
        self._files = files
        self._kept: dict[tuple[str, int, str], dict[str, Any]] = {}

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        """Note a return (see `sys.setprofile`)."""
        code = frame.f_code
        if event != "return" or code.co_filename not in self._files or code.co_name[0] == "<":
            return
        caller = frame.f_back
        if caller is not None and caller.f_code.co_filename in self._files:
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
    bytes_left = _MAX_BYTES
    copied = {}
    for name, value in itertools.islice(variables.items(), _MAX_VARIABLES):
        budget = [bytes_left, _MAX_PARTS]
        try:
            copied[name] = _copy(value, budget, 0)
        except _DropError:
            continue
        bytes_left = budget[0]
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
