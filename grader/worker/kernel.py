"""The few system calls that Python's standard library does not offer (Linux)."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import sys
from typing import Any

LINUX = sys.platform.startswith("linux")
MACHINE = os.uname().machine if hasattr(os, "uname") else ""

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

# PyDLL keeps the GIL during a call: a clone must not happen while it is released.
_LIBC = ctypes.PyDLL(None, use_errno=True) if LINUX else None
_CLONE_PARENT = 0x8000
SESSION_CLONE_FLAGS = _CLONE_PARENT | int(signal.SIGCHLD)
_CLONE_NUMBER = {"x86_64": 56, "aarch64": 220}
_CAPSET_NUMBER = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION_3 = 0x20080522


def can_clone() -> bool:
    """Say whether `clone_session` knows this machine."""
    return LINUX and MACHINE in _CLONE_NUMBER


def _function(name: str) -> Any:
    if _LIBC is None:
        raise OSError(errno.ENOSYS, "only Linux has it")
    return getattr(_LIBC, name)


def system_call(number: int, *arguments: object) -> int:
    """Make a system call; pointers are passed as ctypes objects.

    Raises
    ------
    OSError
        With the kernel's reason.
    """
    call = _function("syscall")
    call.restype = ctypes.c_long
    wide = [
        ctypes.c_ulong(argument & 0xFFFFFFFFFFFFFFFF) if isinstance(argument, int) else argument
        for argument in arguments
    ]
    result = int(call(ctypes.c_long(number), *wide))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def process_control(option: int, *values: object) -> None:
    """Call prctl(2)."""
    padded = [*values, 0, 0, 0, 0][:4]
    call = _function("prctl")
    wide = [ctypes.c_ulong(value) if isinstance(value, int) else value for value in padded]
    if call(ctypes.c_int(option), *wide) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def die_with_parent() -> None:
    """Ask to be ended when the parent process ends, however that comes about."""
    if LINUX:
        process_control(PR_SET_PDEATHSIG, int(signal.SIGTERM))


def clone_session(permit: int) -> int:
    """Fork a child whose parent is our parent, so that the keeper reaps it.

    Parameters
    ----------
    permit
        The number that the seccomp filter asks for in an argument the kernel ignores; without it
        no process can be made.
    """
    return system_call(_CLONE_NUMBER[MACHINE], SESSION_CLONE_FLAGS, 0, permit, 0, 0)


def drop_capabilities() -> None:
    """Give up every capability, also root's."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    system_call(_CAPSET_NUMBER[MACHINE], ctypes.byref(header), ctypes.byref(nothing))


def children_of(pid: int) -> set[int]:
    """List the living or unreaped children of a process (of its main thread)."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", "rb") as listing:
            return {int(word) for word in listing.read().split()}
    except OSError:
        return {child for child in _all_processes() if _parent_of(child) == pid}


def _all_processes() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []


def _parent_of(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat", "rb") as status:
            return int(status.read().rpartition(b")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return -1


def processor_ticks(pid: int) -> int:
    """How long a process has computed, in clock ticks; 0 where that cannot be told."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as status:
            words = status.read().rpartition(b")")[2].split()
        return int(words[11]) + int(words[12])
    except (OSError, ValueError, IndexError):
        return 0
