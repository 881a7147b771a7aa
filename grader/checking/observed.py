"""Calls that a learner's code made of another of its own functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class Observed:
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
    """

    function: str
    arguments: list[Any]
    named: dict[str, Any]
    value: Any

    def argument(self, place: int, name: str, default: Any = None) -> Any:
        """The argument at a place, or by its name in the contract."""
        if place < len(self.arguments):
            return self.arguments[place]
        return self.named.get(name, default)


Observer = Callable[[Any, Any, Any], None]


def note(seen: list[Observed], name: str, arguments: Any, named: Any, value: Any) -> None:
    """Add a call as it was reported, which a submission may have forged."""
    places = arguments if type(arguments) is list else []
    seen.append(Observed(name, places, named if type(named) is dict else {}, value))
