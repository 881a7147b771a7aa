"""How long a call may take on the clock, given how long it may compute."""

from __future__ import annotations

import time

# On a machine that is busy with other things a call gets its processor time slowly. As long as
# it computes it is waited for, up to this many times the span of an idle machine.
SPANS = 12

# Timers are not exact, and a process that ran out of time needs a moment to say so.
SLACK = 0.5


class Patience:
    """The deadline of one call.

    Parameters
    ----------
    seconds : float
        Processor time of the call; its own timers end it when that is used up. The clock is for
        code that waits instead of computing, or that ignores its timers.
    used : float
        What its process had computed before.
    """

    def __init__(self, seconds: float, used: float) -> None:
        self._allowed = used + seconds + SLACK
        self._used = used
        self._span = 2 * seconds + 1
        self._left = SPANS - 1
        self.deadline = time.monotonic() + self._span

    def goes_on(self, used: float) -> bool:
        """Whether to wait for another span, given what the process has computed by now."""
        progress = self._used < used < self._allowed
        if not progress or not self._left:
            return False
        self._used = used
        self._left -= 1
        self.deadline = time.monotonic() + self._span
        return True

    def prolong(self, seconds: float) -> None:
        """Do not count what this process itself has taken."""
        self.deadline += seconds
