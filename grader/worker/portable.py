"""The worker where processes cannot be forked: one fresh interpreter, one submission, pipes.

Less is promised and less has been tested here than on Linux: no kernel walls, and all sessions
share one process, which is started anew only after a crash, a hang or a limit.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, cast

from grader.worker import walls
from grader.worker.session import forget_parent_state, serve, watch_for_hangs
from grader.worker.wire import pack, receive
from grader.worker.zygote import load, restrict_imports


class PipeEnds:
    """Two pipes with the two methods of a socket that the wire needs."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = reading
        self._writing = writing

    def recv_into(self, view: memoryview) -> int:
        """Read some bytes into a view; 0 at the end."""
        part = os.read(self._reading, len(view))
        view[: len(part)] = part
        return len(part)

    def sendall(self, data: bytes) -> None:
        """Write all bytes."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._writing, rest) :]


def main(memory: int, seconds: int) -> None:
    """Serve over what standard input and output were, until the input ends."""
    wire = cast(Any, PipeEnds(os.dup(0), os.dup(1)))
    trace = os.dup(2)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    parked = restrict_imports()  # noqa: F841  (kept: modules in use must not be torn down)
    forget_parent_state()
    if hasattr(signal, "SIGPROF"):
        watch_for_hangs(trace)
    layers = [walls.limit_resources(walls.Caps(memory, seconds, 256, False), seconds)]
    layers += walls.raise_walls(0, wanted=False)
    wire.sendall(pack({"kind": "ready", "layers": [list(layer) for layer in layers]}))
    try:
        frame = receive(wire)
        if frame is not None:
            request = frame.message()
            submission, report = load(request)
            wire.sendall(pack({**report, "id": request["id"]}))
            serve(wire, submission)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
