"""Answers of the reference, each worked out once: a proof asks for the same ones again and again.

For one draw every mistake of a task gets the same inputs. An answer is remembered by the name of
the function and a digest of all that goes in, and handed out in independent copies: ``Student``
copies what it returns. Calls with stand-ins, observers or files of their own are always
carried out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from grader.checking.failures import CallFailure
from grader.checking.local_student import LocalStudent
from grader.checking.student import Call, StandIn, recorded
from grader.checking.suite import Suite

# Answers of this many calls fit in some hundred megabytes; one draw of one task needs hundreds.
MOST_CALLS = 4000


# Flags of an array that code can notice, or that decide on the order of a sum: row by row (1),
# column by column (2), writable (0x400).
FORM = 0x403
PLAIN = frozenset((int, float, complex, bool, str, bytes, type(None)))


class StrangeValueError(TypeError):
    """A value that has no digest: nothing is remembered of a call that gets it."""


Key = tuple[tuple[Any, ...], bytes]


def digest(*values: Any) -> Key:
    """A key that is the same for equal values of the same types and memory order, only.

    Raises
    ------
    StrangeValueError
        For what is no array, number, text or container of them.
    """
    forms: list[Any] = []
    numbers: list[bytes] = []
    _feed(forms, numbers, values)
    return tuple(forms), hashlib.blake2b(b"".join(numbers), digest_size=20).digest()


def _feed(forms: list[Any], numbers: list[bytes], value: Any) -> None:
    kind = type(value)
    if kind is np.ndarray:
        if value.dtype.hasobject:
            raise StrangeValueError(value.dtype)
        form = value.flags.num & FORM
        forms.append((value.dtype.str, value.shape, form, None if form & 3 else value.strides))
        numbers.append(value.tobytes())
    elif kind is tuple or kind is list:
        forms += (kind, len(value))
        for part in value:
            _feed(forms, numbers, part)
    elif kind is dict:
        forms += (kind, len(value))
        for key, part in value.items():
            _feed(forms, numbers, key)
            _feed(forms, numbers, part)
    elif kind in PLAIN:
        forms += (kind, repr(value))
    elif isinstance(value, np.generic):
        forms.append(value.dtype.str)
        numbers.append(value.tobytes())
    else:
        raise StrangeValueError(kind)


class Memory:
    """Calls that were answered, by what went in."""

    def __init__(self) -> None:
        self._answers: dict[Key, Call] = {}

    def forget(self) -> None:
        """Start anew: for the next draw nothing comes again."""
        self._answers.clear()

    def answer(self, key: Key) -> Call | None:
        """The remembered answer."""
        return self._answers.get(key)

    def keep(self, key: Key, done: Call) -> None:
        """Remember an answer."""
        if len(self._answers) >= MOST_CALLS:
            self._answers.clear()
        self._answers[key] = done


class RememberingStudent(LocalStudent):
    """Trusted code without a state of its own, whose answers are remembered."""

    def __init__(self, memory: Memory, suite: Suite) -> None:
        super().__init__(suite.code, suite.labels, suite.lock)
        self._memory = memory

    def _answer(self, call: Call, stand_ins: Mapping[str, StandIn]) -> Call:
        if stand_ins or self._observers or self._files:
            return super()._answer(call, stand_ins)
        try:
            key = digest(call.function, call.seed, call.arguments, call.then)
        except StrangeValueError:
            return super()._answer(call, stand_ins)
        done = self._memory.answer(key)
        if done is None:
            done = super()._answer(call, stand_ins)
            self._memory.keep(key, done)
        return recorded(
            call,
            value=done.value,
            failure=_again(done.failure),
            arguments_after=done.arguments_after,
            modified=done.modified,
            stdout=done.stdout,
        )


def _again(failure: CallFailure | None) -> CallFailure | None:
    """A failure of its own for every time that it is raised: each collects a traceback."""
    if failure is None:
        return None
    named = failure.function or ""
    made = CallFailure(failure.sentence, function=named, outcome=failure.outcome)
    made.__cause__ = failure.__cause__
    return made


class RememberingSuite(Suite, frozen=True):
    """A suite whose reference remembers its answers."""

    memory: Memory = msgspec.field(default_factory=Memory)

    def reference(self) -> LocalStudent:
        """The reference, which works every answer out once."""
        return RememberingStudent(self.memory, self)


def remembering(suite: Suite) -> RememberingSuite:
    """The same suite with a memory."""
    return RememberingSuite(**{name: getattr(suite, name) for name in suite.__struct_fields__})
