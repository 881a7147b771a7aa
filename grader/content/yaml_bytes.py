"""The bytes of a content file: size, kind and encoding are checked before it is read."""

from __future__ import annotations

import stat
from pathlib import Path

from grader.errors import Finding


def file_bytes(path: Path, limit_bytes: int) -> bytes | Finding:
    """The bytes of an ordinary file of at most `limit_bytes`, or what is wrong with it."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return Finding(str(path), 1, "not-a-file", "This is not an ordinary file.")
        if status.st_size > limit_bytes:
            return _too_large(str(path), limit_bytes)
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Finding(str(path), 1, "unreadable", f"The file cannot be read: {reason}.")


def _too_large(file: str, limit_bytes: int) -> Finding:
    message = f"The file is larger than {limit_bytes:,} bytes."
    return Finding(file, 1, "too-large", message, "split it into several files")


def decoded(content: str | bytes, file: str, limit_bytes: int) -> str | Finding:
    """The text without byte order mark and with plain line ends, or what is wrong with it."""
    if len(content) > limit_bytes:
        return _too_large(file, limit_bytes)
    if isinstance(content, str):
        return _newlines(content.removeprefix("\ufeff"))
    try:
        return _newlines(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Finding(file, line, "not-utf8", "This is not UTF-8 text.", "save the file as UTF-8")


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n") if "\r" in text else text
