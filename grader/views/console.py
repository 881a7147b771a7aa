"""The console that everything is shown on: one place decides on width, colour and plain lines."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import IO

from rich.console import Console

NARROWEST = 20


def make_console(
    stream: IO[str] | None = None,
    *,
    environment: Mapping[str, str] = os.environ,
    width: int | None = None,
) -> Console:
    """A console for a stream.

    Without a terminal lines are not cut to its width, and there is no colour; ``NO_COLOR``
    and ``COLUMNS`` are honoured. Markup in texts is never read: texts are a learner's.
    """
    stream = stream or sys.stdout
    if width is None and not stream.isatty():
        columns = environment.get("COLUMNS", "")
        width = max(NARROWEST, int(columns)) if columns.isdigit() else 80
    return Console(
        file=stream,
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
        no_color="NO_COLOR" in environment or None,
        legacy_windows=False,
    )


def spoken(command: str, environment: Mapping[str, str] = os.environ) -> str:
    """A command as this person has to type it: with ``python3 run.py`` where they started so."""
    prefix = environment.get("UNROLL_RUN", "")
    return f"{prefix} {command}".strip()


def speaks_unicode(stream: IO[str]) -> bool:
    """Whether ticks and crosses can be written to the stream."""
    encoding = getattr(stream, "encoding", None) or "ascii"
    try:
        "✓✗·–".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
