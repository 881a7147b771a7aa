"""What a notebook's own top-level lines may do when only its definitions are kept.

A whitelist of callables that construct something, each call measured before it is made: a table
of names is built, `list(range(10**9))` is not, and a learner's own function is never called.
"""

from __future__ import annotations

import operator
import sys
from collections import deque, namedtuple
from collections.abc import Iterator
from types import FunctionType, MethodDescriptorType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from grader.worker.cheap_names import CALLABLES, METHODS
from grader.worker.cheap_sizes import (
    CREATORS,
    MOST_PARTS,
    broadcast_parts,
    parts_of,
    power_is_small,
    size_made,
)

# Guarded events (items, calls, operations) of one submission; about a second at most.
BUDGET = 400_000

# These call what they are given at once, so only functions of one small value may be given.
_CALLING = (map, filter, sorted, min, max, iter)
_OF_ONE_VALUE = (int, float, str, bool, complex, len, abs, ord, chr, repr, round)
_REPEATED = (list, tuple, str, bytes, deque)
_OF_TYPES = {(dict, "fromkeys"), (str, "maketrans")}


class RefusedError(BaseException):
    """A line does more than define something cheaply; no `except` of the learner sees this."""


class CheapCalls:
    """Makes calls for guarded lines, or refuses; one budget for a whole submission."""

    def __init__(self, module: str, budget: int = BUDGET) -> None:
        self._module = module
        self._left = budget
        self._allowed: dict[int, Any] = {}

    def spend(self, parts: int = 1) -> None:
        """Count what is done; refuse what is too much, at once or in all."""
        self._left -= parts
        if parts > MOST_PARTS or self._left < 0:
            raise RefusedError

    def call(self, function: Any, /, *given: Any, **named: Any) -> Any:
        """Call a function of the whitelist, or a class that runs no code of the learner."""
        if not self._may_call(function):
            raise RefusedError
        if function is namedtuple:
            named.setdefault("module", self._module)
        values = (*given, *named.values())
        self.spend(1 + sum(map(parts_of, values)))
        if function in _CALLING and not all(map(_is_tame, values)):
            raise RefusedError
        self._measure(function, given, named)
        return function(*(self._counted(value) for value in given), **named)

    def method(self, owner: Any, name: str, /, *given: Any, **named: Any) -> Any:
        """Call a method of a plain value, or a function of a module."""
        known = isinstance(owner, type) and (owner, name) in _OF_TYPES
        if isinstance(owner, ModuleType | type) and not known:
            return self.call(getattr(owner, name), *given, **named)
        if not known and name not in METHODS.get(_plain_kind(owner), ()):
            raise RefusedError
        self.spend(1 + parts_of(owner) + sum(map(parts_of, (*given, *named.values()))))
        if name == "sort" and not all(map(_is_tame, (*given, *named.values()))):
            raise RefusedError
        if isinstance(owner, str):
            if name == "join":
                given = tuple(list(self.each(parts)) for parts in given)
            _measure_text(owner, name, given)
        return getattr(owner, name)(*map(self._counted, given), **named)

    def operate(self, name: str, left: Any, right: Any) -> Any:
        """Apply a function of `operator` to operands whose result stays small."""
        self.spend(1 + parts_of(left) + parts_of(right))
        word = name.removeprefix("i").strip("_")
        if isinstance(left, int) and isinstance(right, int):
            if not power_is_small(word, left, right):
                raise RefusedError
        elif word == "mod" and isinstance(left, str | bytes):
            _measure_text(str(left), "format", ())
        elif word == "mul" and isinstance(left, _REPEATED) and isinstance(right, int):
            self.spend(parts_of(left) * max(right, 1))
        elif word == "mul" and isinstance(right, _REPEATED) and isinstance(left, int):
            self.spend(parts_of(right) * max(left, 1))
        else:
            self.spend(broadcast_parts((left, right)))
        return getattr(operator, name)(left, right)

    def each(self, values: Any) -> Iterator[Any]:
        """Iterate, counting."""
        self.spend(1 + parts_of(values))
        for value in values:
            self.spend()
            yield value

    def turn(self, condition: Any) -> Any:
        """Pass on the condition of a loop, counting."""
        self.spend()
        return condition

    def indexed(self, value: Any) -> Any:
        """Return what may be indexed: not numpy's index tricks, which make arrays of any size."""
        if type(value).__module__.startswith("numpy.lib"):
            raise RefusedError
        return value

    def owner(self, value: Any) -> Any:
        """Return what may get an attribute: a function, class or object of the learner's."""
        if isinstance(value, SimpleNamespace):
            return value
        if isinstance(value, FunctionType | type):
            refused = _is_foreign(value)
        else:
            kind = type(value)
            plain = getattr(kind, "__setattr__", None) is object.__setattr__
            refused = _is_foreign(kind) or not plain
        if refused:
            raise RefusedError
        return value

    def _counted(self, value: Any) -> Any:
        return self.each(value) if isinstance(value, Iterator) else value

    def _may_call(self, function: Any) -> bool:
        if not self._allowed:
            self._allowed = _allowed_now()
        if id(function) in self._allowed or isinstance(function, np.ufunc):
            return True
        return isinstance(function, type) and _runs_no_own_code(function)

    def _measure(self, function: Any, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        """Refuse what would make much out of little."""
        name = str(getattr(function, "__name__", ""))
        if function is getattr or function is hasattr:
            if not isinstance(given[0], ModuleType):
                raise RefusedError
        elif function is sum and any(not _is_number(value) for value in (*given[1:], *named)):
            raise RefusedError
        elif getattr(np, name, None) is function and name in CREATORS:
            self.spend(size_made(name, given, named))
        elif isinstance(function, np.ufunc) or function in (np.where, np.clip):
            self.spend(broadcast_parts((*given, *named.values())))


def _allowed_now() -> dict[int, Any]:
    found = {}
    for module, names in CALLABLES.items():
        for name in names.split():
            function = getattr(sys.modules.get(module), name, None)
            if function is not None:
                found[id(function)] = function  # kept, so that the id stays its own
    return found


def _plain_kind(value: Any) -> type:
    """The kind whose methods count; those of `collections` are dictionaries and lists."""
    kind = type(value)
    if kind.__module__ == "collections" and kind.__name__ != "ChainMap":
        return dict if isinstance(value, dict) else list
    return kind


def _is_tame(value: Any) -> bool:
    known = any(value is one for one in _OF_ONE_VALUE) or isinstance(value, MethodDescriptorType)
    return known or not callable(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | complex)


def _runs_no_own_code(kind: type) -> bool:
    """Whether making an instance runs only Python's, numpy's or generated code."""
    if issubclass(kind, np.generic):
        return True
    if type(kind) is not type or _is_foreign(kind):
        return False
    steps = (getattr(kind, name, None) for name in ("__new__", "__init__", "__post_init__"))
    codes = [step.__code__ for step in steps if isinstance(step, FunctionType)]
    return all(code.co_filename.startswith("<string>") for code in codes)


def _is_foreign(value: Any) -> bool:
    root = str(value.__module__).partition(".")[0]
    return root == "numpy" or root in sys.stdlib_module_names


def _measure_text(text: str, name: str, given: tuple[Any, ...]) -> None:
    """Refuse a text method whose result could be much longer than what goes in."""
    if name == "join" and given and isinstance(given[0], list | tuple):
        lengths = [len(part) for part in given[0] if isinstance(part, str)]
        if sum(lengths) + len(text) * len(lengths) > 10 * MOST_PARTS:
            raise RefusedError
    if name == "replace" and len(given) > 1 and isinstance(given[1], str):
        if len(text) * max(len(given[1]), 1) > 10 * MOST_PARTS:
            raise RefusedError
    if name == "format":
        digits = "".join("0" if letter.isdigit() else letter for letter in text)
        if "0000" in digits or "*" in digits or digits.count("{") > 20:
            raise RefusedError
