"""One session: calls of a learner's functions, all in one forked copy of the submission."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

from grader.sandbox.channel import ClosedError, HungError, LateError, Line
from grader.sandbox.host import Host, NoHost
from grader.sandbox.outcomes import (
    Crashed,
    LimitExceeded,
    Outcome,
    ProtocolViolation,
    Raised,
    Replace,
    Returned,
    TimedOut,
)
from grader.sandbox.patience import Patience
from grader.sandbox.replies import frames_of_trace, outcome_of
from grader.worker.codec import REQUEST, CodecError
from grader.worker.interception import OBSERVED
from grader.worker.wire import pack

_GRACE = 0.15  # seconds for a process that ran out of time to say so itself


class Session:
    """Calls into one forked copy of a submission; nothing of it survives `close`.

    Attributes
    ----------
    is_followed : bool
        Whether another session will be wanted: its process is made while this one computes.
    """

    def __init__(self, channel: Line, host: Host) -> None:
        self._channel = channel
        self._host = host
        self.is_followed = True
        self._closed = False
        self._over: Outcome | None = None

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def is_over(self) -> bool:
        """Say whether an outcome has ended the process, so that no further call is possible."""
        return self._over is not None

    def leave_host(self) -> None:
        """Go on without the worker: after a fork it belongs to the other process."""
        self._host = NoHost(self._host)

    def abandon(self) -> None:
        """Hang up only; for a session whose process is being ended with all others."""
        self._closed = True
        self._channel.close()

    def close(self) -> None:
        """End the session and everything it may have started."""
        if not self._closed:
            self._closed = True
            self._channel.close()
            self._host.end(self)

    def call(
        self,
        function: str,
        args: Sequence[Any],
        *,
        then: Sequence[Any] | None = None,
        seed: int | None = None,
        stand_ins: Mapping[str, Callable[..., Any]] | None = None,
        observers: Mapping[str, Callable[[Any, Any, Any], None]] | None = None,
        files: Mapping[str, str] | None = None,
        want_locals: bool = False,
        cpu_seconds: float | None = None,
    ) -> Outcome:
        """Call a function of the submission.

        Parameters
        ----------
        args
            Positional arguments; copies are sent.
        then
            Arguments of a second call, right after the first. The value is the pair of both
            results then, and the first is read after the second call only.
        seed
            Set for numpy's legacy generator and Python's `random` before the call.
        stand_ins
            Functions of the submission that this process answers instead. One may return a
            `Replace` to change the arguments it was given. What it raises is raised here.
        observers
            For functions of the submission, called from within this call, what hears of each of
            their calls: the arguments in their places, the others by name, and the result.
        files
            Texts that the code may open for reading, by the last part of their name.
        want_locals
            Also return the local variables of the called function.
        cpu_seconds
            Processor time for this call, instead of the limit of the worker.

        Raises
        ------
        grader.worker.codec.CodecError
            An argument is of a kind that cannot be sent.
        """
        if self._over is not None or self._closed:
            return self._over or Crashed("the session is over")
        seconds = self._host.limits.call_seconds if cpu_seconds is None else cpu_seconds
        identity = os.urandom(8).hex()
        request = {
            "id": identity,
            "function": function,
            "args": pack({"args": list(args)}, REQUEST, strict=True),
            "then": None if then is None else list(then),
            "seed": seed,
            "stand_ins": list(stand_ins or ()),
            "observe": list(observers or ()),
            "files": {name: text.encode() for name, text in (files or {}).items()},
            "locals": want_locals,
            "cpu": float(seconds),
            "output": self._host.limits.stdout_characters,
        }
        frame = pack(request, REQUEST, strict=True)
        hearing = {OBSERVED + name: function for name, function in (observers or {}).items()}
        try:
            outcome = self._converse(frame, identity, {**(stand_ins or {}), **hearing}, seconds)
        except BaseException:
            self._over = Crashed("a call was given up")  # its answer may still come
            raise
        if not isinstance(outcome, Returned | Raised):
            self._over = outcome
        return outcome

    def _converse(
        self,
        frame: bytes,
        identity: str,
        stand_ins: Mapping[str, Callable[..., Any]] | None,
        seconds: float,
    ) -> Outcome:
        waiting = Patience(seconds, self._host.computed(self))
        try:
            if self._channel.something_waits():
                return ProtocolViolation("bytes that nobody asked for")
            self._channel.send(frame, waiting.deadline)
            if self.is_followed:
                self._host.prepare_next()
            message = self._message(waiting)
            while message.get("kind") == "ask":
                began = time.monotonic()
                answer = self._answer(message, identity, stand_ins or {})
                waiting.prolong(time.monotonic() - began)
                self._channel.send(answer, waiting.deadline)
                message = self._message(waiting)
        except HungError:
            return self._hung(seconds, identity)
        except LateError:
            self._host.hurry(self)
            frames = frames_of_trace(self._channel.trace_text(), self._host.sources)
            return TimedOut(seconds, frames)
        except ClosedError:
            return self._ended(seconds)
        except CodecError as error:
            return ProtocolViolation(str(error))
        if message.get("id") != identity:
            return ProtocolViolation("a reply to another request")
        return outcome_of(message, seconds, self._host.limits.stdout_characters)

    def _message(self, waiting: Patience) -> dict[str, Any]:
        """Wait for a message; longer than planned while the process gets to compute."""
        while True:
            try:
                return self._channel.receive(waiting.deadline)
            except LateError:
                if not waiting.goes_on(self._host.computed(self)):
                    raise

    def _answer(
        self,
        message: dict[str, Any],
        identity: str,
        stand_ins: Mapping[str, Callable[..., Any]],
    ) -> bytes:
        name, args, named = message.get("name"), message.get("args"), message.get("named")
        if message.get("id") != identity or type(name) is not str or name not in stand_ins:
            raise CodecError("a question that nobody may ask")
        if type(args) is not list or type(named) is not dict:
            raise CodecError("a malformed question")
        value = stand_ins[name](*args, **named)
        replace = None
        if isinstance(value, Replace):
            value, replace = value.value, list(value.args)
        return pack({"value": value, "replace": replace}, REQUEST, strict=True)

    def _hung(self, seconds: float, identity: str) -> Outcome:
        """Read where it hung; give an honest process a moment to add what it printed."""
        frames = frames_of_trace(self._channel.trace_text(), self._host.sources)
        self._channel.watch_trace(False)
        stdout = ""
        try:
            message = self._channel.receive(time.monotonic() + _GRACE)
            said = outcome_of(message, seconds, self._host.limits.stdout_characters)
            if message.get("id") == identity and isinstance(said, TimedOut):
                stdout, frames = said.stdout, frames or said.frames
        except (ClosedError, LateError, CodecError):
            pass
        return TimedOut(seconds, frames, stdout)

    def _ended(self, seconds: float) -> Outcome:
        status = self._host.exit_status(self)
        if status is None:
            return Crashed("the process closed its connection")
        if status == -getattr(signal, "SIGXCPU", 24):
            return LimitExceeded("processor time")
        if status < 0:
            return Crashed(f"the process died of {_signal_name(-status)}")
        return Crashed(f"the process ended itself with exit status {status}")


def _signal_name(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
    meaning = {"SIGSEGV": " (a segmentation fault)", "SIGKILL": " (killed)"}
    return name + meaning.get(name, "")
