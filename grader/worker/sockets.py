"""Sockets between our own processes, made with the C module beneath `socket`.

`socket` sorts all constants of the system into enumerations when it is imported, which every cold
start would wait for (5 ms of a slow machine's 300) and which nothing here needs.
"""

from __future__ import annotations

import _socket
from _socket import MSG_PEEK, MSG_WAITALL
from array import array
from typing import TypeAlias

Socket: TypeAlias = _socket.socket

__all__ = ["MSG_PEEK", "MSG_WAITALL", "Socket", "internet", "opened", "pair", "receive", "send"]

_DESCRIPTOR = array("i").itemsize


def pair() -> tuple[Socket, Socket]:
    """Two ends that hear each other; neither is inherited by a new program."""
    return _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_STREAM)


def opened(descriptor: int) -> Socket:
    """The socket of an open descriptor, which it owns from now on."""
    return _socket.socket(fileno=descriptor)


def internet() -> Socket:
    """A socket that could reach other machines; raises OSError behind walls."""
    return _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)


def send(sock: Socket, frame: bytes, descriptors: list[int]) -> None:
    """Send bytes, and open descriptors beside them."""
    beside = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, array("i", descriptors))]
    sock.sendmsg([frame], beside)


def receive(sock: Socket, count: int, most: int) -> tuple[bytes, list[int]]:
    """Receive at most so many bytes, and the descriptors that came beside them."""
    room = _socket.CMSG_LEN(most * _DESCRIPTOR)
    text, beside, _, _ = sock.recvmsg(count, room)
    descriptors = array("i")
    for level, kind, data in beside:
        if (level, kind) == (_socket.SOL_SOCKET, _socket.SCM_RIGHTS):
            descriptors.frombytes(data[: len(data) - len(data) % _DESCRIPTOR])
    return text, list(descriptors)
