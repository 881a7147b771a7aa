"""How a call of a learner's function can end, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec


class Frame(msgspec.Struct, frozen=True):
    """One line of the learner's own code on the way to an error; innermost last."""

    file: str
    line: int
    function: str
    text: str


class FunctionLocals(msgspec.Struct, frozen=True):
    """Local variables of a learner's function when it last returned in a call."""

    function: str
    file: str
    line: int
    variables: Mapping[str, Any]


class Returned(msgspec.Struct, frozen=True):
    """The function returned.

    Attributes
    ----------
    value
        A copy of the result; parts that do not cross are `Opaque` records.
    modified
        Pairs of path and value after the call, such as ``("args[0]['Wf']", array)``.
    aliases
        Pairs of a path in the result and the argument or earlier part of the result whose memory
        it shares, such as ``("result[0]", "args[1]")``.
    locals
        With `want_locals`: those of the called function; first, where there are more.
    """

    value: Any
    modified: tuple[tuple[str, Any], ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    stdout: str = ""
    locals: tuple[FunctionLocals, ...] = ()


class Raised(msgspec.Struct, frozen=True):
    """The function raised; `variables` describes what stands in the innermost frame's line."""

    type: str
    message: str
    frames: tuple[Frame, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    stdout: str = ""


class TimedOut(msgspec.Struct, frozen=True):
    """The function did not finish; `frames` says where it was, as far as could be seen."""

    seconds: float
    frames: tuple[Frame, ...] = ()
    stdout: str = ""


class Crashed(msgspec.Struct, frozen=True):
    """The process ended without an answer."""

    detail: str


class LimitExceeded(msgspec.Struct, frozen=True):
    """A limit was reached: "memory", "processor time" or "reply: ..."."""

    which: str
    stdout: str = ""


class ProtocolViolation(msgspec.Struct, frozen=True):
    """What came over the wire was not an answer."""

    what: str


Outcome: TypeAlias = Returned | Raised | TimedOut | Crashed | LimitExceeded | ProtocolViolation


class Replace(msgspec.Struct, frozen=True):
    """What a stand-in may return: a value, and new contents for the arguments it was given."""

    value: Any
    args: tuple[Any, ...] = ()
