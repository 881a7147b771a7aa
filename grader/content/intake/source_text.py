"""From bytes to Python source: byte-order marks, declared encodings, line endings."""

from __future__ import annotations

import codecs
import re

from grader.content.intake.plain_text import plain
from grader.errors import SubmissionError

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")  # PEP 263
# Text encodings that editors write; others (idna, unicode_escape) are slow or surprising.
_KNOWN_ENCODING = re.compile(
    r"utf[-_]?8([-_].*)?|(us[-_])?ascii|latin.*|iso[-_]?8859.*|cp\d+|windows[-_]?\d+|gb\w+"
    r"|big5.*|shift[-_]?jis.*|euc[-_]\w+|koi8.*|mac[-_]?roman"
)


def decode_source(data: bytes, display: str) -> str:
    """Return the text of a source file, lines ended by a line feed.

    Raises
    ------
    SubmissionError
        The bytes are no text, or in an encoding that is not declared or not known.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _decoded(data[len(mark) :], encoding, display)
            break
    else:
        _require_text(data, display)
        text = _decoded(data, _declared_encoding(data, display), display)
    if "\0" in text:
        raise SubmissionError(_nul_message(display, text[: text.index("\0")].count("\n") + 1))
    return unix_lines(text)


def unix_lines(text: str) -> str:
    """Return `text` with every line ended by a line feed, whatever system wrote it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _require_text(data: bytes, display: str) -> None:
    position = data.find(b"\0")
    if position < 0:
        return
    if data.count(b"\0") * 3 > len(data):
        raise SubmissionError(
            f"{display} looks like UTF-16 without a byte-order mark: save it as UTF-8."
        )
    raise SubmissionError(_nul_message(display, data[:position].count(b"\n") + 1))


def _nul_message(display: str, line: int) -> str:
    return (
        f"{display} has a NUL byte in line {line}: it is no text file, or was damaged when it "
        "was saved or copied. Save it again as UTF-8 text."
    )


def _declared_encoding(data: bytes, display: str) -> str:
    for line in data.split(b"\n", 2)[:2]:
        match = _COOKIE.match(line)
        if match:
            name = match.group(1).decode("ascii", "replace").lower()
            if not _KNOWN_ENCODING.fullmatch(name):
                raise SubmissionError(
                    f"{display} declares the encoding {plain(name, 40)}, which is not known: "
                    "save it as UTF-8 and remove the line with 'coding'."
                )
            return name
        if line.strip() and not line.lstrip().startswith(b"#"):
            break
    return "utf-8"


def _decoded(data: bytes, encoding: str, display: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SubmissionError(
            f"{display} is not {encoding.upper()} text: line {line} has the byte "
            f"0x{data[error.start]:02X}. Save the file with the encoding UTF-8."
        ) from error
    except LookupError as error:
        raise SubmissionError(
            f"{display} declares the unknown encoding {plain(encoding, 40)}: save it as UTF-8."
        ) from error
