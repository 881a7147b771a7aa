"""Reading from a process that may be slow, silent, dead or lying: every wait has a deadline."""

from __future__ import annotations

import os
import select
import time
from typing import Any, Protocol

from grader.worker import sockets
from grader.worker.codec import REPLY, CodecError
from grader.worker.sockets import Socket
from grader.worker.wire import PREFIX, sizes, unpack

_CHUNK = 1 << 18
_TRACE_LIMIT = 1 << 16


class ClosedError(Exception):
    """The other end has closed: its process has ended."""


class LateError(Exception):
    """The deadline passed."""


class HungError(Exception):
    """The process used up its time and has written down where it was."""


class Line(Protocol):
    """What a session needs of its channel."""

    def send(self, frame: bytes, deadline: float) -> None:
        """Send a whole frame."""

    def receive(self, deadline: float, *, alone: bool = True) -> dict[str, Any]:
        """Wait for one whole message."""

    def something_waits(self) -> bool:
        """Say whether bytes have arrived that nobody asked for."""

    def trace_text(self) -> str:
        """Return what the process wrote about where it hung."""

    def watch_trace(self, watched: bool) -> None:
        """Let `receive` raise `HungError`, or not."""

    def close(self) -> None:
        """Hang up."""


class Channel:
    """Our end of a socket to a worker process, with the pipe it writes tracebacks to."""

    def __init__(self, sock: Socket, trace: int) -> None:
        self._sock = sock
        self._trace = trace
        self._buffer = bytearray()
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)
        self.watch_trace(True)

    def watch_trace(self, watched: bool) -> None:
        """Let `receive` raise `HungError` when a traceback arrives, or not."""
        if watched:
            self._poll.register(self._trace, select.POLLIN)
        else:
            self._poll.unregister(self._trace)

    def send(self, frame: bytes, deadline: float) -> None:
        """Send a whole frame."""
        try:
            self._sock.settimeout(max(deadline - time.monotonic(), 0.001))
            self._sock.sendall(frame)
        except TimeoutError as error:
            raise LateError from error
        except OSError as error:
            raise ClosedError from error

    def send_with_descriptors(self, frame: bytes, descriptors: list[int]) -> None:
        """Send a small frame together with open descriptors."""
        try:
            self._sock.settimeout(5.0)
            sockets.send(self._sock, frame, descriptors)
        except OSError as error:
            raise ClosedError from error

    def receive(self, deadline: float, *, alone: bool = True) -> dict[str, Any]:
        """Wait for one whole message; if it is `alone`, bytes beyond it raise `CodecError`."""
        while len(self._buffer) < PREFIX.size:
            self._more(deadline)
        header, body = sizes(bytes(self._buffer[: PREFIX.size]), REPLY)
        end = PREFIX.size + header + body
        while len(self._buffer) < end:
            self._more(deadline)
        if alone and len(self._buffer) > end:
            raise CodecError("bytes that nobody asked for")
        whole, self._buffer = memoryview(self._buffer)[PREFIX.size : end], self._buffer[end:]
        return unpack(whole[:header], whole[header:], REPLY)

    def something_waits(self) -> bool:
        """Say whether bytes have arrived that nobody asked for."""
        if self._buffer:
            return True
        ready, _, _ = select.select([self._sock], [], [], 0)
        if not ready:
            return False
        try:
            return bool(self._sock.recv(1, sockets.MSG_PEEK))
        except OSError:
            return False

    def trace_text(self) -> str:
        """Return what the process wrote about where it hung; untrusted text."""
        written = b""
        while len(written) < _TRACE_LIMIT:
            ready, _, _ = select.select([self._trace], [], [], 0.02)
            part = os.read(self._trace, 4096) if ready else b""
            if not part:
                break
            written += part
        return written.decode("utf-8", "replace")

    def close(self) -> None:
        """Hang up."""
        self._sock.close()
        if self._trace >= 0:
            os.close(self._trace)
            self._trace = -1

    def _more(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise LateError
        events = dict(self._poll.poll(left * 1000))
        if not events:
            raise LateError
        if self._sock.fileno() in events:
            try:
                part = self._sock.recv(_CHUNK)
            except OSError as error:
                raise ClosedError from error
            if not part:
                raise ClosedError
            self._buffer += part
        elif events.get(self._trace, 0) & select.POLLIN:
            raise HungError
        else:
            self.watch_trace(False)  # its writing end is closed; the socket will tell why


def open_channel() -> tuple[Channel, list[int]]:
    """Make a channel and the two descriptors that its other end needs."""
    ours, theirs = sockets.pair()
    trace_ours, trace_theirs = os.pipe()
    return Channel(ours, trace_ours), [theirs.detach(), trace_theirs]
