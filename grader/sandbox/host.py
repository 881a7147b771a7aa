"""What a session asks of the worker it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

from grader.sandbox.submission import Limits

# The session that asks; a host only tells its sessions apart.
Session: TypeAlias = Any


class Host(Protocol):
    """What a session needs of the worker it belongs to."""

    limits: Limits
    sources: Mapping[str, str]

    def prepare_next(self) -> None:
        """Get the process of the next session ready."""

    def hurry(self, session: Session) -> None:
        """Ask the session's process to write down where it is."""

    def computes(self, session: Session) -> bool:
        """Say whether the session's process has computed since this was last asked."""

    def exit_status(self, session: Session) -> int | None:
        """Return how the session's process ended, if it did."""

    def end(self, session: Session) -> None:
        """Kill what is left of the session."""


class NoHost:
    """For a session that was handed to another process: nothing more can be asked there."""

    def __init__(self, host: Host) -> None:
        self.limits = host.limits
        self.sources = host.sources

    def prepare_next(self) -> None:
        """Prepare nothing."""

    def hurry(self, session: Session) -> None:
        """Let it take its time."""

    def computes(self, session: Session) -> bool:
        """Know nothing."""
        return False

    def exit_status(self, session: Session) -> int | None:
        """Know nothing."""
        return None

    def end(self, session: Session) -> None:
        """Leave it to the process that has the worker."""
