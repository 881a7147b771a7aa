"""How long a call may take on the clock, given how long it may compute."""

from __future__ import annotations

import time

# On a machine that is busy with other things a call gets its processor time slowly. As long as
# it computes it is waited for, up to this many times the span of an idle machine.
SPANS = 12


class Patience:
    """The deadline of one call.

    Parameters
    ----------
    seconds : float
        Processor time of the call; its own timers end it when that is used up. The clock is for
        code that waits instead of computing.
    """

    def __init__(self, seconds: float) -> None:
        self._span = 2 * seconds + 1
        self._left = SPANS - 1
        self.deadline = time.monotonic() + self._span

    @property
    def has_more(self) -> bool:
        """Whether a process that computes may have another span."""
        return self._left > 0

    def take_more(self) -> None:
        """Wait for another span."""
        self._left -= 1
        self.deadline = time.monotonic() + self._span

    def prolong(self, seconds: float) -> None:
        """Do not count what this process itself has taken."""
        self.deadline += seconds
