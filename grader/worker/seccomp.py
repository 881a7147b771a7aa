"""Seccomp: system calls that no exercise needs are answered with EPERM.

A list of what is denied, not of what is allowed: numpy and its BLAS may need calls tomorrow
that they do not need today, and a killed honest submission is worse than a smaller wall.
See seccomp(2), and BPF's instructions in linux/bpf_common.h.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Iterable

from grader.worker.kernel import (
    MACHINE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_SECCOMP,
    SESSION_CLONE_FLAGS,
    process_control,
)

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_FILTER_MODE = 2
_NUMBER_OFFSET, _ARCHITECTURE_OFFSET, _ARGUMENTS_OFFSET = 0, 4, 16
_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT = 0x40000000
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435  # hides its flags from the filter; glibc falls back to clone on ENOSYS

# Same number on every architecture: added to Linux after the tables were unified.
_NEW = [424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 438, 440, 442, 448, 452]
_X86_64 = {
    "other processes": [101, 310, 311, 312, 62, 200, 234, 129, 297],
    "new programs": [57, 58, 59, 322],
    "network": [41, 42, 43, 46, 49, 50, 288, 307],
    "mounts and namespaces": [165, 166, 155, 161, 308, 272],
    "kernel": [321, 298, 250, 248, 249, 323, 303, 304, 175, 313, 176, 246, 320, 169, 167, 168],
    "machine": [170, 171, 164, 227, 159, 305, 163, 179, 173, 172, 135, 103],
    "shared memory and queues": [319, 29, 30, 31, 64, 65, 66, 68, 69, 70, 71, 240, 241],
    "watching files": [300, 253, 294],
    "priorities": [141, 144, 142, 203, 314, 251],
    "attributes of files": [90, 91, 268, 92, 93, 94, 260, 188, 189, 190, 197, 198, 199],
    "times and sizes of files": [132, 235, 261, 280, 76],
    "identity": [105, 106, 113, 114, 116, 117, 119, 122, 123, 126],
}
_AARCH64 = {
    "other processes": [117, 270, 271, 272, 129, 130, 131, 138, 240],
    "new programs": [221, 281],
    "network": [198, 203, 202, 211, 200, 201, 242, 269],
    "mounts and namespaces": [40, 39, 41, 51, 268, 97],
    "kernel": [280, 241, 219, 217, 218, 282, 264, 265, 105, 273, 106, 104, 294, 142, 224, 225],
    "machine": [161, 162, 170, 112, 171, 266, 89, 60, 92, 116],
    "shared memory and queues": [279, 194, 195, 196, 190, 191, 193, 186, 187, 188, 189, 180, 181],
    "watching files": [262, 26],
    "priorities": [140, 119, 118, 122, 274, 30],
    "attributes of files": [52, 53, 54, 55, 5, 6, 7, 14, 15, 16],
    "times and sizes of files": [88, 45],
    "identity": [146, 144, 145, 143, 159, 147, 149, 151, 152, 91],
}
_DENIED = {"x86_64": _X86_64, "aarch64": _AARCH64}
_RAISE_LIMITS = {"x86_64": [302, 160], "aarch64": [261, 164]}


def supported() -> bool:
    """Say whether a filter has been written for this machine."""
    return MACHINE in _ARCHITECTURE


def deny_in_loader(permit: int) -> None:
    """Install the filter under which a submission is loaded.

    No new threads; a new process only for who knows `permit`.
    """
    denied = [number for group in _DENIED[MACHINE].values() for number in group] + _NEW
    low, high = permit & 0xFFFFFFFF, permit >> 32
    first, third = _ARGUMENTS_OFFSET, _ARGUMENTS_OFFSET + 2 * 8
    clone = [
        _step(_EQUAL, _CLONE[MACHINE], 0, 8),
        _step(_LOAD, first),
        _step(_EQUAL, SESSION_CLONE_FLAGS, 0, 5),
        _step(_LOAD, third),
        _step(_EQUAL, low, 0, 3),
        _step(_LOAD, third + 4),
        _step(_EQUAL, high, 0, 1),
        _step(_RETURN, _ALLOW),
        _step(_RETURN, _ERROR | errno.EPERM),
    ]
    _install([*_checked_architecture(), *clone, *_deny(denied), _step(_RETURN, _ALLOW)])


def deny_in_session() -> None:
    """Deny, on top, every new process and thread and the raising of limits."""
    denied = [_CLONE[MACHINE], *_RAISE_LIMITS[MACHINE]]
    _install([_step(_LOAD, _NUMBER_OFFSET), *_deny(denied), _step(_RETURN, _ALLOW)])


def _step(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, operand)


def _checked_architecture() -> list[bytes]:
    steps = [
        _step(_LOAD, _ARCHITECTURE_OFFSET),
        _step(_EQUAL, _ARCHITECTURE[MACHINE], 1, 0),
        _step(_RETURN, _ERROR | errno.EPERM),
        _step(_LOAD, _NUMBER_OFFSET),
    ]
    if MACHINE == "x86_64":
        steps += [_step(_AT_LEAST, _X32_BIT, 0, 1), _step(_RETURN, _ERROR | errno.EPERM)]
    steps += [_step(_EQUAL, _CLONE3, 0, 1), _step(_RETURN, _ERROR | errno.ENOSYS)]
    return steps


def _deny(numbers: Iterable[int]) -> list[bytes]:
    steps: list[bytes] = []
    for number in numbers:
        steps += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ERROR | errno.EPERM)]
    return steps


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]


def _install(steps: list[bytes]) -> None:
    program = b"".join(steps)
    code = ctypes.create_string_buffer(program, len(program))
    header = _Program(len(steps), ctypes.addressof(code))
    process_control(PR_SET_NO_NEW_PRIVS, 1)
    process_control(PR_SET_SECCOMP, _FILTER_MODE, ctypes.byref(header))
