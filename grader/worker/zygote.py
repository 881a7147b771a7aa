"""The loader: a process behind walls that loads one submission and forks its sessions."""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import io
import os
import signal
import sys
import warnings
from typing import Any

import numpy as np

from grader.worker import kernel, seccomp, sockets, walls
from grader.worker.calls import Capture, OutOfTimeError
from grader.worker.codec import REQUEST
from grader.worker.legacy_numpy import restore_dropped_names
from grader.worker.session import forget_parent_state, serve, watch_for_hangs
from grader.worker.sockets import Socket
from grader.worker.submission import Source, Submission
from grader.worker.wire import PREFIX, pack, receive, sizes, unpack

_STANDARD = os.path.dirname(os.__file__)
_CHANNEL, _TRACE, _SESSION, _SESSION_TRACE = 60, 61, 62, 63


def become_loader(channel: int, trace: int, caps: walls.Caps, permit: list[int]) -> None:
    """Turn this freshly forked process into a loader; never returns.

    Parameters
    ----------
    channel, trace
        Descriptors: the socket to the trusted process, and the pipe for tracebacks of hangs.
    permit
        The number that allows sessions to be cloned; taken out of the list, so that the
        submission does not find it here.
    """
    try:
        _settle(channel, trace)
        parked = restrict_imports()  # noqa: F841  (kept: modules in use must not be torn down)
        layers = [walls.limit_resources(caps, caps.processor_seconds)]
        layers += walls.raise_walls(permit.pop(), wanted=caps.walls)
        sock = sockets.opened(_CHANNEL)
        ready = {"kind": "ready", "layers": [list(layer) for layer in layers]}
        sock.sendall(pack(ready))
        _live(sock, caps)
    finally:
        os._exit(0)


def _settle(channel: int, trace: int) -> None:
    """Keep two descriptors, and nothing else of the process we came from."""
    os.setsid()
    if kernel.LINUX:
        kernel.process_control(kernel.PR_SET_PDEATHSIG, int(signal.SIGKILL))
    high_channel, high_trace = os.dup2(channel, 70), os.dup2(trace, 71)
    os.closerange(3, 70)
    os.closerange(72, 4096)
    os.dup2(high_channel, _CHANNEL)
    os.dup2(high_trace, _TRACE)
    os.set_inheritable(_CHANNEL, False)
    os.set_inheritable(_TRACE, False)
    os.closerange(70, 72)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.close(null)
    os.chdir("/")
    walls.reset_signals()
    faulthandler.disable()
    faulthandler.cancel_dump_traceback_later()
    forget_parent_state()


def restrict_imports() -> list[Any]:
    """Leave the standard library and numpy importable; return the modules put aside.

    numpy finds its own parts by its own path, so site-packages need not be searched.
    """
    sys.path[:] = [path for path in sys.path if _is_standard(path)]
    known = sys.stdlib_module_names | {"numpy", "__main__"}
    aside = [
        sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] not in known
    ]
    sys.modules["__main__"] = type(sys)("__main__")
    sys.dont_write_bytecode = True
    warnings.resetwarnings()
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.simplefilter("ignore", ResourceWarning)
    restore_dropped_names()
    np.seterr(divide="warn", over="warn", under="ignore", invalid="warn")
    sys.stdout = sys.stderr = Capture(0)
    sys.stdin = io.StringIO()
    return aside


def _is_standard(path: str) -> bool:
    """Whether a folder holds parts of the standard library, and nothing that was installed."""
    if "site-packages" in path or "dist-packages" in path:
        return False
    return path.startswith(_STANDARD) or os.path.basename(path) == "lib-dynload"


def _live(sock: Socket, caps: walls.Caps) -> None:
    frame = receive(sock)
    if frame is None:
        return
    watch_for_hangs(_TRACE)
    request = frame.message()
    submission, report = load(request)
    report["id"] = request["id"]
    del frame, request
    watch_for_hangs(_SESSION_TRACE)  # opened later, by each session for itself
    sock.sendall(pack(report))
    gc.freeze()
    while (received := _receive_with_descriptors(sock)) is not None:
        message, descriptors = received
        walls.allow_children(True)
        child = _fork(message["permit"])
        if child == 0:
            del message, received
            _become_session(descriptors, caps, submission)
        walls.allow_children(False)
        for descriptor in descriptors:
            os.close(descriptor)
        sock.sendall(pack({"kind": "forked", "pid": child}))


def load(request: dict[str, Any]) -> tuple[Submission, dict[str, Any]]:
    """Load the modules of a request; the report says what was found and what went wrong."""
    sources = [
        Source(name, tuple((file, text) for file, text in units), definitions, entry, set(made))
        for name, units, definitions, entry, made in request["modules"]
    ]
    submission = Submission(sources, request["data"], request["driver"])
    capture = Capture(request["output"])
    sys.stdout = sys.stderr = capture
    timer = hasattr(signal, "setitimer")
    timed_out = False
    try:
        if timer:
            # First an exception, which loses one statement; then, in C code, the traceback.
            signal.setitimer(signal.ITIMER_VIRTUAL, request["cpu"], 0.5)
            signal.setitimer(signal.ITIMER_PROF, request["cpu"] + 1.0)
        submission.load()
    except OutOfTimeError:
        timed_out = True
    finally:
        if timer:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout = sys.stderr = Capture(0)
    return submission, {
        "kind": "loaded",
        "timed_out": timed_out,
        "functions": [list(function) for function in submission.functions()],
        "notes": [list(note) for note in submission.notes],
        "unset": submission.unset(),
        "stdout": capture.text(),
    }


def _fork(permit: int) -> int:
    return kernel.clone_session(permit) if kernel.can_clone() else os.fork()


def _become_session(descriptors: list[int], caps: walls.Caps, submission: Submission) -> None:
    try:
        os.setsid()
        if kernel.LINUX:
            kernel.process_control(kernel.PR_SET_PDEATHSIG, int(signal.SIGKILL))
        os.dup2(descriptors[0], _SESSION, inheritable=False)
        os.dup2(descriptors[1], _SESSION_TRACE, inheritable=False)
        for descriptor in (*descriptors, _CHANNEL, _TRACE):
            os.close(descriptor)
        walls.limit_session(caps.processor_seconds)
        if caps.walls and seccomp.supported() and kernel.LINUX:
            with contextlib.suppress(OSError):  # the loader has reported it
                seccomp.deny_in_session()
        serve(sockets.opened(_SESSION), submission)
    finally:
        os._exit(0)


def _receive_with_descriptors(sock: Socket) -> tuple[dict[str, Any], list[int]] | None:
    """Read one small frame that carries the descriptors of a new session."""
    first, descriptors = sockets.receive(sock, PREFIX.size, 2)
    if len(first) < PREFIX.size or len(descriptors) != 2:
        return None
    header, body = sizes(first, REQUEST)
    rest = sock.recv(header + body, sockets.MSG_WAITALL)
    return unpack(rest[:header], memoryview(rest)[header:], REQUEST), descriptors
