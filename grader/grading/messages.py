"""Messages between two trusted processes: a length, then that many bytes."""

from __future__ import annotations

import socket
import struct

YES, NO, ERROR = b"yes", b"no", b"!"
_LENGTH = struct.Struct("<Q")


def send(connection: socket.socket, text: bytes) -> None:
    """Send one message."""
    connection.sendall(_LENGTH.pack(len(text)) + text)


def receive(connection: socket.socket) -> bytes:
    """Wait for one message; nothing where the other end has closed."""
    head = _exactly(connection, _LENGTH.size)
    return _exactly(connection, _LENGTH.unpack(head)[0]) if head else b""


def _exactly(connection: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = connection.recv(min(count - len(parts), 1 << 20))
        if not part:
            return b""
        parts += part
    return bytes(parts)
