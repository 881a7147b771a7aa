"""A limit of time on code of our own: a mutant's loop may never end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# The reference needs milliseconds for any check.
SECONDS_PER_CHECK = 3.0


class TooLongError(Exception):
    """Code of our own that does not come to an end."""


@contextmanager
def time_limit(seconds: float = SECONDS_PER_CHECK) -> Iterator[None]:
    """Raise ``TooLongError`` in code that takes more processor time.

    Processor time, because a busy machine makes no code endless. A limit inside a limit leaves
    the outer one running. Signals reach the main thread only; in another thread the code runs
    without a limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLongError(f"no end within {seconds:g} s")

    before = signal.signal(signal.SIGPROF, stop)
    outer, _ = signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        left, _ = signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        if outer:
            signal.setitimer(signal.ITIMER_PROF, max(outer - (seconds - left), 0.001))
