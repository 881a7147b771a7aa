"""The arguments of a call, in the order in which the learner's own function names them."""

from __future__ import annotations

from collections import deque
from types import FunctionType
from typing import Any

import numpy as np

_DEEPEST = 8
_MOST_OBJECTS = 10_000


def in_order(
    function: FunctionType, given: tuple[Any, ...], named: dict[str, Any], *, complete: bool
) -> tuple[list[Any], dict[str, Any]]:
    """Return the arguments by place, and those by name that have no place.

    Parameters
    ----------
    function
        Whose signature counts; one that wraps another has that one's.
    complete
        Add the defaults of whatever was left out at the end, too.
    """
    while isinstance(inner := getattr(function, "__wrapped__", None), FunctionType):
        function = inner
    code = function.__code__
    first = code.co_varnames[: code.co_argcount]
    places = (*first, *code.co_varnames[len(first) : len(first) + code.co_kwonlyargcount])
    usual = function.__defaults__ or ()
    defaults = dict(zip(first[len(first) - len(usual) :], usual)) | (function.__kwdefaults__ or {})
    values, rest = list(given), dict(named)
    for place, name in enumerate(places[len(given) :], start=len(given)):
        if name in rest:
            values.append(rest.pop(name))
        elif name in defaults and (complete or rest.keys() & set(places[place:])):
            values.append(defaults[name])
        else:
            break
    return values, rest


def plain_copy(value: Any, depth: int = 0) -> Any:
    """Copy a value as it is now, in kinds that cross the border where that loses nothing.

    An array of objects becomes a list, a deque or a range as well; what is unknown stays as it is.
    """
    kind = type(value)
    if isinstance(value, np.ndarray):
        whole = np.array(np.ndarray.view(value, np.ndarray))
        if whole.dtype != object or whole.size > _MOST_OBJECTS:
            return whole
        return plain_copy(whole.tolist(), depth)
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        return {key: plain_copy(part, depth + 1) for key, part in dict.items(value)}
    if isinstance(value, tuple):
        return tuple(plain_copy(part, depth + 1) for part in tuple.__iter__(value))
    if kind in (list, deque) or (kind is range and len(value) <= _MOST_OBJECTS):
        return [plain_copy(part, depth + 1) for part in value]
    return value
