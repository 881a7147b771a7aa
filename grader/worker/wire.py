"""Frames: a fixed prefix, a JSON header, a raw body. One frame is one message."""

from __future__ import annotations

import json
import struct
from typing import Any, NoReturn

from grader.worker.codec import REPLY, REQUEST, Bounds, CodecError, encode
from grader.worker.decoding import decode
from grader.worker.sockets import Socket

MAGIC = b"URL1"
PREFIX = struct.Struct("<4sII")  # magic, bytes of header, bytes of body


def pack(message: dict[str, Any], bounds: Bounds = REPLY, *, strict: bool = False) -> bytes:
    """Encode one message as a whole frame (`strict`: see `encode`)."""
    tree, buffers = encode(message, bounds, strict=strict)
    header = json.dumps(tree, separators=(",", ":"), allow_nan=False).encode("ascii")
    if len(header) > bounds.header:
        raise CodecError(f"more than {bounds.header} bytes of text and structure")
    body = b"".join(buffers)
    return b"".join((PREFIX.pack(MAGIC, len(header), len(body)), header, body))


def sizes(prefix: bytes, bounds: Bounds) -> tuple[int, int]:
    """Read a frame's prefix: bytes of header and of body, both within bounds."""
    magic, header, body = PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise CodecError("bytes that are not a frame")
    if header > bounds.header or body > bounds.body:
        raise CodecError(f"a frame of {header} + {body} bytes")
    return header, body


def _no_object(pairs: list[tuple[str, Any]]) -> NoReturn:
    raise CodecError("a JSON object where only lists may be")


def _no_constant(word: str) -> NoReturn:
    raise CodecError(f"{word} where only numbers may be")


_STRICT = json.JSONDecoder(object_pairs_hook=_no_object, parse_constant=_no_constant)


def unpack(
    header: bytes | memoryview, body: memoryview, bounds: Bounds, *, faithful: bool = False
) -> dict[str, Any]:
    """Decode header and body of one frame into its message, a dict with str keys."""
    try:
        tree = _STRICT.decode(bytes(header).decode("ascii"))
        message = decode(tree, body, bounds, faithful=faithful)
    except CodecError:
        raise
    except (ValueError, RecursionError) as error:
        raise CodecError(f"a header that is not JSON: {error}"[:200]) from error
    if type(message) is not dict or any(type(key) is not str for key in message):
        raise CodecError("a message that is not a record")
    return message


class Frame:
    """One message from the trusted process, kept raw: it can be built again, or compared."""

    __slots__ = ("_body", "_header")

    def __init__(self, header: memoryview, body: memoryview) -> None:
        self._header = header
        self._body = body

    @classmethod
    def of(cls, frame: bytes) -> Frame:
        """The frame in these bytes, prefix and all."""
        view = memoryview(frame)
        header, _ = sizes(frame[: PREFIX.size], REQUEST)
        return cls(view[PREFIX.size : PREFIX.size + header], view[PREFIX.size + header :])

    def message(self) -> dict[str, Any]:
        """Build the message anew; every call makes fresh arrays."""
        return unpack(self._header, self._body, REQUEST, faithful=True)


def receive(channel: Socket, first: bytes = b"") -> Frame | None:
    """Wait for one frame (worker's side); None when the other end has closed."""
    prefix = first + _exactly(channel, PREFIX.size - len(first))
    if len(prefix) < PREFIX.size:
        return None
    header, body = sizes(prefix, REQUEST)
    whole = memoryview(_exactly(channel, header + body))
    if whole.nbytes < header + body:
        return None
    return Frame(whole[:header], whole[header:])


def _exactly(channel: Socket, count: int) -> bytes:
    buffer = bytearray(count)
    view = memoryview(buffer)
    done = 0
    while done < count:
        got = channel.recv_into(view[done:])
        if not got:
            return bytes(buffer[:done])
        done += got
    return bytes(buffer)
