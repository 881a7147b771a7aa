"""The keeper: a small trusted process that holds no secret and runs nobody's code.

It forks loaders, is the parent (and the subreaper) of everything beneath them, and so can end
all of it for certain. The trusted process forks it before any secret is read.
"""

from __future__ import annotations

import gc
import os
import signal
import time
from typing import Any, NoReturn

import numpy as np

from grader.worker import kernel, sockets, walls
from grader.worker.codec import REQUEST
from grader.worker.one_thread import use_one_blas_thread
from grader.worker.sockets import Socket
from grader.worker.wire import PREFIX, pack, sizes, unpack
from grader.worker.zygote import become_loader

_PATIENCE = 0.3  # seconds a process gets to die by itself, so that its exit status is its own


def keep(control: Socket) -> NoReturn:
    """Serve the trusted process until it closes its end, then end everything and exit."""
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _close_all_but(control.fileno())
        if kernel.LINUX:
            kernel.process_control(kernel.PR_SET_CHILD_SUBREAPER, 1)
        use_one_blas_thread()
        warm_numpy()
        gc.freeze()  # and no collection before: it would touch, and so copy, every page
        gc.enable()
        _Keeper(control).serve()
    finally:
        _end_children(set())
        os._exit(0)


def _close_all_but(descriptor: int) -> None:
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, 65536)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.close(null)


def warm_numpy() -> None:
    """Load what numpy loads lazily, once, instead of in every session."""
    np.random.seed(0)
    square = np.ones((4, 4))
    np.einsum("ij,jk->ik", square, np.exp(square @ square))
    np.concatenate([square, np.random.randn(4, 4)], axis=0).sum(axis=1, keepdims=True)
    np.tanh(square).tobytes()


class _Keeper:
    def __init__(self, control: Socket) -> None:
        self._control = control
        self._loader = 0
        self._ended: dict[int, int] = {}

    def serve(self) -> None:
        while (received := self._next()) is not None:
            message, descriptors = received
            reply = self._obey(message, descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
            if reply is not None:
                self._control.sendall(pack(reply))

    def _next(self) -> tuple[dict[str, Any], list[int]] | None:
        first, descriptors = sockets.receive(self._control, PREFIX.size, 2)
        if len(first) < PREFIX.size:
            return None
        header, body = sizes(first, REQUEST)
        rest = self._control.recv(header + body, sockets.MSG_WAITALL)
        return unpack(rest[:header], memoryview(rest)[header:], REQUEST), descriptors

    def _obey(self, message: dict[str, Any], descriptors: list[int]) -> dict[str, Any] | None:
        order = message["do"]
        if order == "spawn":
            _end_children(set())
            self._spawn(message, descriptors)
            return None
        if order == "end":
            self._ended.clear()
            _end_children({self._loader, *message["keep"]})
            return {"ended": True}
        if order == "hurry":
            for child in kernel.children_of(os.getpid()) - {self._loader, *message["keep"]}:
                _signal(child, signal.SIGPROF)
            return None
        if order == "status":
            return {"status": self._status(message["pid"] or self._loader)}
        return None

    def _spawn(self, message: dict[str, Any], descriptors: list[int]) -> None:
        caps = walls.Caps(*message["caps"])
        permit = [message.pop("permit")]
        pid = os.fork()
        if pid == 0:
            become_loader(descriptors[0], descriptors[1], caps, permit)
        self._loader = pid

    def _status(self, pid: int) -> int | None:
        """Return a child's exit code, negative for a signal; None if it lives or is not ours."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            if pid in self._ended:
                return self._ended[pid]
            if pid not in kernel.children_of(os.getpid()):
                return None
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self._ended[pid] = os.waitstatus_to_exitcode(status)
                continue
            time.sleep(0.002)
        return None


def _end_children(spared: set[int]) -> None:
    """Kill and reap until no child is left; orphans of the killed become children and follow."""
    deadline = time.monotonic() + 5.0
    while time.monotonic() < deadline:
        doomed = kernel.children_of(os.getpid()) - spared
        if not doomed:
            return
        for child in doomed:
            _signal(child, signal.SIGKILL)
        for child in doomed:
            try:
                os.waitpid(child, 0)
            except ChildProcessError:
                continue


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
