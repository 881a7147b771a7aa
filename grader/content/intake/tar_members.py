"""The members of a tar archive that is already in memory.

The standard library's tarfile is not used on files of strangers: in patch releases of Python that
are still about, a crafted header can keep it busy for very long.
Format: POSIX.1-1988 "ustar", with the long names of GNU tar and of POSIX.1-2001 "pax".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_BLOCK = 512


class TarError(Exception):
    """The bytes are no tar archive."""


class MemberKind(Enum):
    """What a member is; everything that is neither file nor folder is OTHER."""

    FILE = "file"
    FOLDER = "folder"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TarMember:
    """One member: its name as it was written, its kind, the bytes of a file."""

    name: str
    kind: MemberKind
    data: bytes


def read_members(data: bytes) -> Iterator[TarMember]:
    """Yield the members in their order.

    Raises
    ------
    TarError
        A header's checksum is wrong, or a member is longer than the archive.
    """
    position, long_name = 0, ""
    while position + _BLOCK <= len(data):
        header = data[position : position + _BLOCK]
        if not header.strip(b"\0"):
            return
        _require_checksum(header)
        size = _number(header[124:136])
        start = position + _BLOCK
        if start + size > len(data):
            raise TarError("it ends in the middle of a file")
        body, kind = data[start : start + size], header[156:157]
        position = start + -(-size // _BLOCK) * _BLOCK
        if kind == b"L":
            long_name = _text(body)
        elif kind == b"x":
            long_name = _pax_path(body) or long_name
        elif kind not in b"gK":  # settings for the whole archive; long names of links
            yield TarMember(long_name or _short_name(header), _kind(kind, header), body)
            long_name = ""
    if position == 0:
        raise TarError("it is too short")


def _kind(kind: bytes, header: bytes) -> MemberKind:
    if kind == b"5":
        return MemberKind.FOLDER
    if kind in (b"0", b"\0", b"7"):
        old_folder = kind == b"\0" and _short_name(header).endswith("/")
        return MemberKind.FOLDER if old_folder else MemberKind.FILE
    return MemberKind.OTHER


def _require_checksum(header: bytes) -> None:
    blanked = header[:148] + b" " * 8 + header[156:]
    if _number(header[148:156]) != sum(blanked):
        raise TarError("a header is wrong")


def _number(field: bytes) -> int:
    digits = field.strip(b" \0")
    if not digits:
        return 0
    if not digits.isdigit() or digits.strip(b"01234567"):
        raise TarError("a number in a header is wrong")  # binary sizes are for files over 8 GB
    return int(digits, 8)


def _short_name(header: bytes) -> str:
    name, prefix = _text(header[:100]), _text(header[345:500])
    return f"{prefix}/{name}" if prefix and header[257:263] == b"ustar\0" else name


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "replace")


def _pax_path(body: bytes) -> str:
    """Return the path of a pax header: records "<length> <key>=<value>", each on a line."""
    path, position = "", 0
    while position < len(body):
        digits, _, _ = body[position : position + 12].partition(b" ")
        if not digits.isdigit() or int(digits) <= len(digits) + 1:
            raise TarError("a pax header is wrong")
        record = body[position : position + int(digits)]
        key, _, value = record[len(digits) + 1 :].rstrip(b"\n").partition(b"=")
        if key == b"path":
            path = value.decode("utf-8", "replace")
        position += int(digits)
    return path
