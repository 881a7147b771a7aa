"""One call of a learner's function, from request to reply."""

from __future__ import annotations

import io
import random
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from grader.worker.arguments import Arguments
from grader.worker.changes import shared_memory
from grader.worker.failures import describe
from grader.worker.interception import Ask, intercepted
from grader.worker.snapshots import Recorder
from grader.worker.submission import Submission


class OutOfTimeError(BaseException):
    """Raised inside a learner's code when its processor time is used up."""


class StandInError(BaseException):
    """The trusted process did not answer for a stand-in."""


class Capture(io.TextIOBase):
    """What is printed, up to a cap; the rest is counted out, not kept."""

    encoding = "utf-8"

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._parts: list[str] = []

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, text: str) -> int:
        """Keep the text while there is room."""
        if self._left > 0 and text:
            kept = str(text)[: self._left]
            self._left -= len(kept)
            self._parts.append(kept)
        return len(text)

    def text(self) -> str:
        """Return what was kept."""
        return "".join(self._parts)


def perform(
    submission: Submission,
    request: dict[str, Any],
    given: Arguments,
    ask: Ask,
) -> dict[str, Any]:
    """Make the requested call and describe how it ended.

    Parameters
    ----------
    request
        ``function``, ``then``, ``seed``, ``stand_ins``, ``observe``, ``locals``, ``cpu``,
        ``output``. With ``then``, the arguments of a second call, the value is the pair of both
        results, read after the second call.
    given
        The arguments as they were before the call.
    ask
        Puts a stand-in's question to the trusted process.
    """
    capture = Capture(request["output"])
    recorder = Recorder(submission.texts) if request["locals"] else None
    arguments = given.fresh()
    submission.serve(request["files"])
    try:
        with (
            intercepted(submission, request["stand_ins"], request["observe"], ask),
            _writing_to(capture),
            warnings.catch_warnings(),  # every call warns anew, and forgets its filters
            np.errstate(),
        ):
            value = _call(submission, request, arguments, recorder)
            if request["then"] is not None:
                value = value, _call(submission, request, request["then"], recorder)
        reply = {
            "kind": "returned",
            "value": value,
            "aliases": shared_memory(value, arguments),
            "modified": given.modified(arguments),
            "locals": recorder.report() if recorder else [],
        }
    except OutOfTimeError as error:
        reply = {"kind": "timeout", "frames": describe(error, submission.texts)["frames"]}
    except MemoryError:
        reply = {"kind": "limit", "which": "memory"}
    except BaseException as error:  # SystemExit and friends are a learner's exceptions as well
        reply = {"kind": "raised", **describe(error, submission.texts)}
    reply["stdout"] = capture.text()
    return reply


def _call(
    submission: Submission,
    request: dict[str, Any],
    arguments: list[Any],
    recorder: Recorder | None,
) -> Any:
    function = submission.find(request["function"])
    if function is None:
        raise NameError(f"name {request['function']!r} is not defined")
    if request["seed"] is not None:
        np.random.seed(request["seed"])
        random.seed(request["seed"])
    try:
        _set_timers(request["cpu"])
        sys.setprofile(recorder)
        return function(*arguments)
    finally:
        sys.setprofile(None)
        _set_timers(0.0)


def _set_timers(seconds: float) -> None:
    """Arm two timers: SIGPROF writes the traceback, SIGVTALRM raises `OutOfTimeError`."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds, 1.0 if seconds else 0.0)
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1.0 if seconds else 0.0)


@contextmanager
def _writing_to(capture: Capture) -> Iterator[None]:
    before = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = capture
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
