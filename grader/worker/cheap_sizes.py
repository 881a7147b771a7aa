"""How much a value holds, and how much a call or an operator would make, before it does."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

# Tables of names and small matrices hold far less; test data and training runs hold more.
MOST_PARTS = 20_000
_TOO_MUCH = MOST_PARTS + 1
_LETTERS_A_PART = 10
_MOST_BITS = 4096


def parts_of(value: Any) -> int:
    """Count the items of a value and of what it holds, up to one more than `MOST_PARTS`."""
    found, waiting = 0, [value]
    while waiting and found <= MOST_PARTS:
        one = waiting.pop()
        found += _own_parts(one)
        if found <= MOST_PARTS:
            if isinstance(one, dict):
                waiting.extend(dict.values(one))
            elif type(one) in (list, tuple):
                waiting.extend(one)
    return min(found, _TOO_MUCH)


def _own_parts(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return int(value.size)
    if isinstance(value, str | bytes):
        return 1 + len(value) // _LETTERS_A_PART
    if isinstance(value, range):
        far = bool(value) and (value[-1] - value[0]) // value.step > MOST_PARTS
        return _TOO_MUCH if far else len(value)
    if isinstance(value, list | tuple | dict | set | frozenset):
        return int(value.__len__())
    return 1


def broadcast_parts(values: tuple[Any, ...]) -> int:
    """Count the items of an element-wise result."""
    if not any(isinstance(value, np.ndarray) for value in values):
        return 1
    try:
        shapes = [np.shape(value) for value in values]
        return math.prod(np.broadcast_shapes(*shapes))
    except (ValueError, TypeError):
        return 1  # it will fail by itself


def power_is_small(operation: str, left: int, right: int) -> bool:
    """Whether an operation of two integers gives one of few digits."""
    if operation == "pow":
        return left.bit_length() * max(right, 1) <= _MOST_BITS
    if operation == "lshift":
        return left.bit_length() + right <= _MOST_BITS
    return left.bit_length() + right.bit_length() <= _MOST_BITS


def size_made(name: str, given: tuple[Any, ...], named: dict[str, Any]) -> int:
    """Count the items that one of numpy's `CREATORS` would make."""
    try:
        return int(CREATORS[name](*given, **named))
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        return _TOO_MUCH  # called in a way that is not understood here


def _product(shape: Any, *_: Any, **__: Any) -> int:
    sizes = [shape] if np.ndim(shape) == 0 else list(shape)
    return math.prod(map(int, sizes))


def _square(size: Any, columns: Any = None, *_: Any, **named: Any) -> int:
    columns = named.get("M", columns)
    return int(size) * int(size if columns is None else columns)


def _steps(start: Any, stop: Any = None, step: Any = 1, *_: Any, **__: Any) -> int:
    first, last = (0, start) if stop is None else (start, stop)
    return max(math.ceil(float((last - first) / step)), 0)


def _count(start: Any, stop: Any, num: Any = 50, *_: Any, **__: Any) -> int:
    return int(num)


# numpy's functions whose result is larger than what they are given.
CREATORS: dict[str, Callable[..., int]] = {
    "zeros": _product,
    "ones": _product,
    "empty": _product,
    "full": _product,
    "eye": _square,
    "identity": _square,
    "arange": _steps,
    "linspace": _count,
}
