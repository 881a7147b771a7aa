"""The trusted client of the worker: hands over code and arguments, gets plain values back.

The names are fetched when they are first used, so that `grader.sandbox.start` can be imported,
and the environment prepared, before numpy is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.sandbox.outcomes import (
        Crashed,
        Frame,
        FunctionLocals,
        LimitExceeded,
        Outcome,
        ProtocolViolation,
        Raised,
        Replace,
        Returned,
        TimedOut,
    )
    from grader.sandbox.session import Session
    from grader.sandbox.submission import (
        Bundle,
        FoundFunction,
        Limits,
        Loaded,
        LoadNote,
        Module,
        UnsetName,
    )
    from grader.sandbox.text import clean
    from grader.sandbox.worker import Worker
    from grader.worker.codec import Opaque
    from grader.worker.walls import Layer

_HOMES = {
    "grader.sandbox.outcomes": (
        "Crashed", "Frame", "FunctionLocals", "LimitExceeded", "Outcome", "ProtocolViolation",
        "Raised", "Replace", "Returned", "TimedOut",
    ),
    "grader.sandbox.session": ("Session",),
    "grader.sandbox.submission": (
        "Bundle", "FoundFunction", "Limits", "Loaded", "LoadNote", "Module", "UnsetName",
    ),
    "grader.sandbox.text": ("clean",),
    "grader.sandbox.worker": ("Worker",),
    "grader.worker.codec": ("Opaque",),
    "grader.worker.walls": ("Layer",),
}  # fmt: skip

__all__ = [
    "Bundle",
    "Crashed",
    "FoundFunction",
    "Frame",
    "FunctionLocals",
    "Layer",
    "LimitExceeded",
    "Limits",
    "LoadNote",
    "Loaded",
    "Module",
    "Opaque",
    "Outcome",
    "ProtocolViolation",
    "Raised",
    "Replace",
    "Returned",
    "Session",
    "TimedOut",
    "UnsetName",
    "Worker",
    "clean",
]


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
