"""The student as a check sees it: attributes are the learner's functions.

``student.rnn_forward(x, a0, parameters)`` runs the learner's code on independent copies and
returns an independent copy of the result. Every call is recorded: a diagnosis replays them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import msgspec
import numpy as np

from grader.checking.copies import independent
from grader.checking.failures import CallFailure
from grader.checking.observed import Observed, Observer, note

StandIn = Callable[..., Any]


class Replace(msgspec.Struct, frozen=True):
    """A stand-in's answer that also changes its arguments in place.

    Attributes
    ----------
    value : object
        What the stand-in returns.
    arguments : sequence
        The arguments as they should be afterwards; arrays are written into the caller's.
    """

    value: Any
    arguments: Sequence[Any]


class Call(msgspec.Struct, frozen=True, eq=False):
    """One call of the learner's code and everything that could be seen of it.

    Attributes
    ----------
    seed : int or None
        State of numpy's legacy generator before the call.
    arguments_after : tuple
        The arguments as the call left them.
    modified : mapping
        Values after the call, by path, of the arguments that the call changed.
    aliases : tuple of pairs of paths
        Parts of the result that share memory with each other or with an argument.
    then : tuple, optional
        Arguments of a second call of the same function, before whose end nothing was read: the
        value is the pair of both results.
    watched : bool
        Whether the check itself has to be repeated to see the same: stand-ins of its own
        answered for other functions, their calls were observed, or two calls belong together.
    """

    function: str
    arguments: tuple[Any, ...]
    seed: int | None = None
    value: Any = None
    failure: CallFailure | None = None
    arguments_after: tuple[Any, ...] = ()
    modified: Mapping[str, Any] = {}
    aliases: tuple[tuple[str, str], ...] = ()
    then: tuple[Any, ...] | None = None
    watched: bool = False
    stdout: str = ""


class Student(ABC):
    """Calls functions by name, remembers the calls and what is worth noting."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.notes: list[str] = []
        self._stand_ins: dict[str, StandIn] = {}
        self._observers: dict[str, Observer] = {}
        self._files: dict[str, str] = {}
        self._seed: int | None = None
        self.stdout = ""
        self.locals: tuple[Any, ...] = ()

    def close(self) -> None:  # noqa: B027  (most students hold nothing)
        """Let go of whatever the calls ran in."""

    @abstractmethod
    def _answer(self, call: Call, stand_ins: Mapping[str, StandIn]) -> Call:
        """Carry out ``call`` and fill in what came of it."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return partial(self.call, name)

    def call(self, function: str, *arguments: Any) -> Any:
        """Call ``function`` with ``arguments``, positionally.

        Raises
        ------
        CallFailure
            Where the function raises, hangs, crashes or meets a limit.
        """
        watched = bool(self._stand_ins or self._observers or self._files)
        return self._made(Call(function, arguments, self._seed, watched=watched))

    def pair(self, function: str, first: tuple[Any, ...], second: tuple[Any, ...]) -> Any:
        """Call ``function`` twice; both results, the first read only after the second call.

        Raises
        ------
        CallFailure
            As for ``call``.
        """
        return self._made(Call(function, first, self._seed, then=second, watched=True))

    def _made(self, call: Call) -> Any:
        done = self._answer(call, self._stand_ins)
        self.calls.append(done)
        if done.failure is not None:
            raise done.failure
        return independent(done.value)

    def after(self, function: str, *arguments: Any) -> tuple[Any, tuple[Any, ...]]:
        """Call ``function``; its result, and the arguments as the call left them."""
        value = self.call(function, *arguments)
        return value, independent(self.last.arguments_after)

    @property
    def last(self) -> Call:
        """The latest call."""
        return self.calls[-1]

    @contextmanager
    def standing_in(self, **functions: StandIn) -> Iterator[None]:
        """Let ``functions`` answer inside the learner's code in place of those named so."""
        before = self._stand_ins
        self._stand_ins = before | functions
        try:
            yield
        finally:
            self._stand_ins = before

    @contextmanager
    def observing(self, *functions: str) -> Iterator[list[Observed]]:
        """Collect every call that the learner's code makes of these functions of its own.

        The functions themselves run, however they are reached.
        """
        before, seen = self._observers, list[Observed]()
        self._observers = before | {name: partial(note, seen, name) for name in functions}
        try:
            yield seen
        finally:
            self._observers = before

    @contextmanager
    def files(self, texts: Mapping[str, str]) -> Iterator[None]:
        """Let the learner's code open these texts for reading, by the last part of their name."""
        before, self._files = self._files, {**self._files, **texts}
        try:
            yield
        finally:
            self._files = before

    @contextmanager
    def seeded(self, seed: int) -> Iterator[None]:
        """Set numpy's legacy generator to ``seed`` before every call inside."""
        before, self._seed = self._seed, seed
        try:
            yield
        finally:
            self._seed = before


def write_in_place(targets: Sequence[Any], values: Sequence[Any]) -> None:
    """Write the arrays of ``values`` into the arrays at the same places of ``targets``."""
    for target, value in zip(targets, values, strict=False):
        if isinstance(target, np.ndarray) and isinstance(value, np.ndarray):
            target[...] = value
        elif isinstance(target, dict) and isinstance(value, Mapping):
            for key in value:
                if isinstance(target.get(key), np.ndarray | dict | list):
                    write_in_place([target[key]], [value[key]])
                else:
                    target[key] = value[key]
        elif isinstance(target, list) and isinstance(value, list):
            write_in_place(target, value)


def changed_parts(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The parts of a value that a call changed, as pairs of path and new value."""
    if isinstance(before, np.ndarray) and isinstance(after, np.ndarray):
        same = before.shape == after.shape and before.dtype == after.dtype
        if not same or before.tobytes() != after.tobytes():
            yield path, after
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        if list(before) != list(after):
            yield path, after
        else:
            for key in before:
                yield from changed_parts(before[key], after[key], f"{path}[{key!r}]")
    elif isinstance(before, tuple | list) and isinstance(after, tuple | list):
        if len(before) != len(after):
            yield path, after
        else:
            for index, (old, new) in enumerate(zip(before, after, strict=True)):
                yield from changed_parts(old, new, f"{path}[{index}]")


def recorded(call: Call, **found: Any) -> Call:
    """The call with what came of it."""
    return msgspec.structs.replace(call, **found)
