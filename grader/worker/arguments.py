"""The arguments of a call, and what the call did to them."""

from __future__ import annotations

from typing import Any

from grader.worker.changes import differences
from grader.worker.codec import REQUEST, CodecError
from grader.worker.wire import Frame, pack


class Arguments:
    """The arguments as they came over the wire.

    Parameters
    ----------
    frame : bytes
        A message with the one field ``args``.
    """

    def __init__(self, frame: bytes) -> None:
        self._frame = frame

    def fresh(self) -> list[Any]:
        """Build them once more, as they came."""
        arguments: list[Any] = Frame.of(self._frame).message()["args"]
        return arguments

    def modified(self, arguments: list[Any]) -> list[tuple[str, Any]]:
        """The parts of `arguments` that are not as they came any more, with their paths."""
        if self._are_as_they_came(arguments):
            return []
        return list(differences(self.fresh(), arguments, "args"))

    def _are_as_they_came(self, arguments: list[Any]) -> bool:
        """Whether they are written just as they were; quicker than to build and compare."""
        try:
            return pack({"args": arguments}, REQUEST) == self._frame
        except (CodecError, ValueError, MemoryError, RecursionError):
            return False
