"""What a command's exit status says; it is never the grade."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command."""

    ALL_RIGHT = 0
    WORK_TO_DO = 1
    USAGE = 2
    OUR_FAULT = 3
    INTERRUPTED = 130
