"""Calls that a learner's code made of another of its own functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

from grader.checking.failures import CheckFailure

# A list of two thousand names, gone through with networks of a few units, needs a tenth.
MOST_CALLS = 20_000
MOST_BYTES = 256 << 20


class Observed(msgspec.Struct, frozen=True, eq=False):
    """One call that the learner's code made of another of its functions.

    Attributes
    ----------
    arguments : list
        As they were before the call, in the order of the learner's own signature; defaults are
        filled in.
    named : dict
        Arguments by name that have no place in it.
    value : object
        What came back.
    size : int
        Bytes in this call and all before it.
    """

    function: str
    arguments: list[Any]
    named: dict[str, Any]
    value: Any
    size: int = 0

    def argument(self, place: int, name: str, default: Any = None) -> Any:
        """The argument at a place, or by its name in the contract."""
        if place < len(self.arguments):
            return self.arguments[place]
        return self.named.get(name, default)


Observer = Callable[[Any, Any, Any], None]


def note(seen: list[Observed], name: str, arguments: Any, named: Any, value: Any) -> None:
    """Add a call as it was reported, which a submission may have forged.

    Raises
    ------
    CheckFailure
        There are more calls, or more in them, than any training of a check needs.
    """
    places = arguments if type(arguments) is list else []
    words = named if type(named) is dict else {}
    held = sum(one.size for one in seen[-1:]) + _bytes_in([places, words, value])
    if len(seen) >= MOST_CALLS or held > MOST_BYTES:
        raise CheckFailure(
            f"{name} was called far more often, or with far more, than it should be."
        )
    seen.append(Observed(name, places, words, value, held))


def _bytes_in(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, dict):
        return sum(map(_bytes_in, value.values()))
    return sum(map(_bytes_in, value)) if isinstance(value, list | tuple) else 8
