"""The client of a worker that is a fresh interpreter at the end of two pipes (not Linux).

The walls of the kernel, the keeper and the fork per session are missing: level 1 at most, against
accidents. It is tested on Linux, by the same calls; on other systems it is untested.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from typing import IO, Any

from grader.sandbox.channel import ClosedError, HungError, LateError
from grader.sandbox.session import Session
from grader.sandbox.start import prepare_environment
from grader.sandbox.submission import Limits
from grader.sandbox.worker import Worker
from grader.worker.codec import REPLY, CodecError
from grader.worker.wire import PREFIX, sizes, unpack

_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from grader.worker.portable import main; main(int(sys.argv[1]), int(sys.argv[2]))"
)


class PipeChannel:
    """The methods of `Channel`, over pipes, with threads that read them."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self._events: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._buffer = bytearray()
        self._trace = b""
        self._watching = True
        for name, stream in (("wire", process.stdout), ("trace", process.stderr)):
            threading.Thread(target=self._read, args=(name, stream), daemon=True).start()

    def _read(self, name: str, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):  # closed while reading
            while part := os.read(stream.fileno(), 1 << 18):
                self._events.put((name, part))
        self._events.put((name, b""))

    def watch_trace(self, watched: bool) -> None:
        """Let `receive` raise `HungError` when a traceback arrives, or not."""
        self._watching = watched

    def send(self, frame: bytes, deadline: float) -> None:
        """Send a whole frame."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(frame)
            self.process.stdin.flush()
        except (OSError, ValueError) as error:
            raise ClosedError from error

    def receive(self, deadline: float, *, alone: bool = True) -> dict[str, Any]:
        """Wait for one whole message."""
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
        with contextlib.suppress(LateError, HungError, ClosedError):
            self._more(time.monotonic())
        return bool(self._buffer)

    def trace_text(self) -> str:
        """Return what the process wrote about where it hung; untrusted text."""
        self._watching = False
        with contextlib.suppress(LateError, ClosedError):
            while len(self._trace) < 1 << 16:
                self._more(time.monotonic() + 0.05)
        return self._trace.decode("utf-8", "replace")

    def close(self) -> None:
        """Kill the process and wait for it."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _more(self, deadline: float) -> None:
        try:
            name, part = self._events.get(timeout=max(deadline - time.monotonic(), 0))
        except queue.Empty as error:
            raise LateError from error
        if name == "wire":
            if not part:
                raise ClosedError
            self._buffer += part
        elif part:
            self._trace += part
            if self._watching:
                raise HungError


class PortableWorker(Worker):
    """A `Worker` without fork: the same calls, weaker promises."""

    def __init__(self, limits: Limits) -> None:
        self._pipe: PipeChannel | None = None
        self._failed = False
        super().__init__(None, limits)

    def session(self, *, another: bool = True) -> Session:
        """Open a session; the process is started anew if the last one did not survive."""
        if self._failed and self._request is not None:
            self._spawn()
            self._send_load(self._request.message)
            if isinstance(self._loaded(), str):
                self._spawn()
                self._send_load(self._request.definitions_only())
                self._loaded()
        assert self._pipe is not None
        return Session(_Shared(self._pipe), self)

    def hurry(self, session: Session) -> None:
        """Do nothing: there is no signal that every system has."""

    def prepare_next(self) -> None:
        """Do nothing: there is one process."""

    def computed(self, session: Session) -> float:
        """Return 0: there is no measure that every system has."""
        return 0.0

    def exit_status(self, session: Session) -> int | None:
        """Return how the process ended; None when it lives."""
        assert self._pipe is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._pipe.process.wait(0.3)
        return None

    def end(self, session: Session) -> None:
        """Kill the process if the session did not end well."""
        self._failed = session.is_over

    def hang_up(self) -> None:
        """End the process."""
        self._drop_loader()

    def close(self) -> None:
        """End the process."""
        self.hang_up()

    def _drop_loader(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        self._pipe = self._loader = self._layers = None

    def _spawn(self) -> None:
        self._drop_loader()
        self._failed = False
        root = os.path.abspath(__file__).rpartition(os.path.join("grader", "sandbox"))[0]
        environment = {
            name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ
        }
        prepare_environment(environment)
        numbers = [str(self.limits.memory_bytes), str(self.limits.session_seconds)]
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", _PROGRAM, root, *numbers],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        self._pipe = self._loader = PipeChannel(process)


class _Shared:
    """A channel that outlives the session which uses it."""

    def __init__(self, channel: PipeChannel) -> None:
        self.send = channel.send
        self.receive = channel.receive
        self.something_waits = channel.something_waits
        self.trace_text = channel.trace_text
        self.watch_trace = channel.watch_trace

    def close(self) -> None:
        """Leave it open."""
