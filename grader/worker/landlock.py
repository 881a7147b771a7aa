"""Landlock: the worker reads Python, numpy and the system's libraries, and nothing else.

See landlock(7). Every right the running kernel knows is taken away, then reading is given back
for a few places; the course's folders, home directories and /proc are not among them.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable

import numpy as np

from grader.worker.kernel import PR_SET_NO_NEW_PRIVS, process_control, system_call

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# Number of file-system rights per version of the interface, the latest last.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NETWORK_RIGHTS = 0b11  # bind and connect TCP, since version 4
_SCOPES = 0b11  # abstract unix sockets and signals, since version 6


def version() -> int:
    """Return the version of the kernel's interface; OSError when it has none."""
    return system_call(_CREATE_RULESET, 0, 0, _ASK_VERSION)


def readable_places() -> list[str]:
    """List the files and folders a worker may read."""
    package = os.path.dirname(os.path.abspath(np.__file__))
    places = [
        os.path.dirname(os.__file__),
        *(path for path in sys.path if os.path.basename(path) == "lib-dynload"),
        package,
        os.path.join(os.path.dirname(package), "numpy.libs"),
        "/usr/lib",
        "/usr/lib64",
        "/lib",
        "/lib64",
        "/usr/share/zoneinfo",
        "/etc/localtime",
        "/dev/null",
        "/dev/urandom",
    ]
    if os.path.isdir(os.path.join(sys.base_prefix, "conda-meta")):
        places.append(os.path.join(sys.base_prefix, "lib"))
    return places


def confine(places: Iterable[str]) -> int:
    """Take every right from this process but reading in `places`; returns the version used."""
    known = version()
    rights = (1 << _RIGHTS[min(known, 5)]) - 1
    attributes = struct.pack("=Q", rights)
    if known >= 4:
        attributes += struct.pack("=Q", _NETWORK_RIGHTS)
    if known >= 6:
        attributes += struct.pack("=Q", _SCOPES)
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    ruleset = system_call(_CREATE_RULESET, ctypes.byref(buffer), len(attributes), 0)
    try:
        for place in places:
            _allow_reading(ruleset, place)
        process_control(PR_SET_NO_NEW_PRIVS, 1)
        system_call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return known


def _allow_reading(ruleset: int, place: str) -> None:
    try:
        descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not on this machine, so nobody can read it
    try:
        rights = _READ_FILE | _READ_DIR if os.path.isdir(place) else _READ_FILE
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, descriptor), 12)
        system_call(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)
