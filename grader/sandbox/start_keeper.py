"""Starting the keeper process, by fork or as a fresh interpreter, and talking to it."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import time
import warnings
from typing import Any, NoReturn

from grader.errors import EnvironmentProblem
from grader.sandbox.start import prepare_environment
from grader.worker import sockets
from grader.worker.codec import REPLY
from grader.worker.sockets import Socket
from grader.worker.wire import PREFIX, pack, sizes, unpack

_PATIENCE = 10.0
_FRESH = (
    "import sys; sys.path.insert(0, sys.argv[1]); from grader.worker.sockets import opened; "
    "from grader.worker.keeper import keep; keep(opened(int(sys.argv[2])))"
)


class Keeper:
    """Our end of the connection to the keeper, which is trusted."""

    def __init__(self, pid: int, control: Socket) -> None:
        self._pid: int | None = pid
        self._control: Socket | None = control
        control.settimeout(_PATIENCE)
        self._ending = False

    def spawn(self, order: dict[str, Any], descriptors: list[int]) -> None:
        """Have a new loader forked, after everything older has been ended."""
        assert self._control is not None
        try:
            sockets.send(self._control, pack(order), descriptors)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def tell(self, order: dict[str, Any]) -> None:
        """Give an order that has no answer."""
        if self._control is not None:
            with contextlib.suppress(OSError):  # a dead keeper has nothing left to end
                self._control.sendall(pack(order))

    def end(self, spared: list[int]) -> None:
        """Have every session ended but these; `settle` waits until that is done."""
        self.settle()
        self.tell({"do": "end", "keep": spared})
        self._ending = self._control is not None

    def settle(self) -> None:
        """Wait until what was told to end has ended."""
        if self._ending:
            self._ending = False
            self._answer()

    def exit_status(self, pid: int) -> int | None:
        """Ask how a process ended."""
        self.settle()
        self.tell({"do": "status", "pid": pid})
        status = self._answer().get("status")
        return status if type(status) is int else None

    def hang_up(self) -> None:
        """Let the keeper end everything, and then itself."""
        if self._control is not None:
            self._control.close()
        self._control, self._ending = None, False

    def close(self) -> None:
        """Hang up, and wait until the keeper has ended."""
        self.hang_up()
        if self._pid is not None:
            _wait_for_the_end(self._pid)
        self._pid = None

    def _answer(self) -> dict[str, Any]:
        assert self._control is not None
        prefix = self._control.recv(PREFIX.size, sockets.MSG_WAITALL)
        header, body = sizes(prefix, REPLY)
        rest = self._control.recv(header + body, sockets.MSG_WAITALL)
        return unpack(rest[:header], memoryview(rest)[header:], REPLY)


def _wait_for_the_end(pid: int) -> None:
    """Wait until a child has ended, but not for ever."""
    try:
        if hasattr(os, "pidfd_open"):
            ended = os.pidfd_open(pid)
            try:
                select.select([ended], [], [], _PATIENCE)
            finally:
                os.close(ended)
        deadline = time.monotonic() + _PATIENCE
        while not os.waitpid(pid, os.WNOHANG)[0] and time.monotonic() < deadline:
            time.sleep(0.002)
    except (ChildProcessError, ProcessLookupError):
        return


def start_keeper(*, fresh: bool) -> Keeper:
    """Start a keeper as a fork of this process, or as a fresh interpreter."""
    if not hasattr(os, "fork"):
        raise EnvironmentProblem("this system cannot fork")
    ours, theirs = sockets.pair()
    pid = _run_fresh(theirs) if fresh else _run_forked(ours, theirs)
    theirs.close()
    return Keeper(pid, ours)


def _run_forked(ours: Socket, theirs: Socket) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking with threads, Python 3.12
        pid = os.fork()
    if pid == 0:
        _become_keeper(ours, theirs)
    return pid


def _become_keeper(ours: Socket, theirs: Socket) -> NoReturn:
    try:
        ours.close()
        from grader.worker.keeper import keep  # here, while our parent goes on with its own work

        keep(theirs)
    finally:
        os._exit(3)


def _run_fresh(theirs: Socket) -> int:
    import subprocess

    root = os.path.abspath(__file__).rpartition(os.path.join("grader", "sandbox"))[0]
    environment = {"PATH": os.environ.get("PATH", "")}
    prepare_environment(environment)
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", _FRESH, root, str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    process.returncode = 0  # we reap it ourselves, by its id
    return process.pid
