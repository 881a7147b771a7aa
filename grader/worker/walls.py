"""What a worker process takes away from itself before it meets a learner's code."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import NamedTuple

from grader.worker import kernel, landlock, seccomp, sockets

try:
    import resource
except ImportError:  # Windows has no resource limits
    resource = None  # type: ignore[assignment]


class Layer(NamedTuple):
    """One wall: its name, whether it stands, and the reason when it does not."""

    name: str
    active: bool
    reason: str


class Caps(NamedTuple):
    """Limits of resources for one worker process."""

    memory: int
    processor_seconds: int
    files: int
    walls: bool  # raise the walls of the kernel


def limit_resources(caps: Caps, processor_seconds: int) -> Layer:
    """Set the limits the kernel enforces by itself."""
    if resource is None:
        return Layer("resource limits", False, "this system has none")
    hardest = caps.processor_seconds + 2
    wanted = {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_NOFILE: (caps.files, caps.files),
        resource.RLIMIT_CPU: (min(processor_seconds, hardest), hardest),
        resource.RLIMIT_AS: (caps.memory, caps.memory),
    }
    for which, limit in wanted.items():
        try:
            resource.setrlimit(which, limit)
        except (OSError, ValueError) as error:
            return Layer("resource limits", False, str(error))
    return Layer("resource limits", True, "")


def limit_session(processor_seconds: int) -> None:
    """Set the limits of one session: its own processor time, and no children."""
    if resource is None:
        return
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (min(processor_seconds, hard), hard))
    allow_children(False)


def allow_children(allowed: bool) -> None:
    """Let this process fork, or not (the kernel excepts root; seccomp does not)."""
    if resource is not None and hasattr(resource, "RLIMIT_NPROC"):
        hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
        resource.setrlimit(resource.RLIMIT_NPROC, (hard if allowed else 0, hard))


def _active(name: str, wall: Callable[[], object], proof: Callable[[], str]) -> Layer:
    try:
        wall()
    except (OSError, KeyError) as error:
        return Layer(name, False, str(error))
    gap = proof()
    return Layer(name, not gap, gap)


def raise_walls(permit: int, *, wanted: bool) -> list[Layer]:
    """Give up privileges, files and system calls; prove each by trying the forbidden act."""
    if not kernel.LINUX or not wanted:
        reason = "switched off" if kernel.LINUX else "only Linux has it"
        return [Layer(name, False, reason) for name in ("privileges", "landlock", "seccomp")]
    layers = [_active("privileges", _drop_privileges, lambda: "")]
    places = landlock.readable_places()
    layers.append(_active("landlock", lambda: landlock.confine(places), _files_are_readable))
    if seccomp.supported():
        layers.append(
            _active("seccomp", lambda: seccomp.deny_in_loader(permit), _processes_can_be_made)
        )
    else:
        layers.append(Layer("seccomp", False, f"no filter for {kernel.MACHINE}"))
    return layers


def _drop_privileges() -> None:
    kernel.process_control(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.process_control(kernel.PR_SET_DUMPABLE, 0)
    kernel.drop_capabilities()


def _files_are_readable() -> str:
    for forbidden in ("/proc/self/status", "/", "/etc/passwd"):
        try:
            os.close(os.open(forbidden, os.O_RDONLY))
        except OSError:
            continue
        return f"{forbidden} could still be opened"
    return ""


def _processes_can_be_made() -> str:
    try:
        sockets.internet().close()
    except OSError:
        pass
    else:
        return "a network socket could still be made"
    try:
        os.kill(os.getpid(), 0)
    except OSError:
        pass
    else:
        return "a signal could still be sent"
    try:
        child = os.fork()
    except OSError:
        return ""
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return "a process could still be made"


def level_of(layers: list[Layer]) -> int:
    """Return the isolation level these layers add up to: 2 with all walls, otherwise 1."""
    standing = {layer.name for layer in layers if layer.active}
    return 2 if {"landlock", "seccomp", "resource limits"} <= standing else 1


def reset_signals() -> None:
    """Forget the handlers of the process we were forked from."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
