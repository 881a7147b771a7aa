"""What kind of file was handed in, told by its first bytes."""

from __future__ import annotations

from grader.content.intake.plain_text import plain
from grader.errors import SubmissionError

ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
GZIP_MARK = b"\x1f\x8b"
_FOREIGN = {
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an Office document",
    b"{\\rtf": "a text with formatting (RTF)",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x7fELF": "a program",
    b"\x93NUMPY": "a numpy array",
}


def require_code(data: bytes, name: str) -> None:
    """Refuse files that are certainly no code, saying what they are."""
    shown = plain(name)
    if not data.strip():
        raise SubmissionError(f"{shown} is empty: save your work and hand it in again.")
    kind = next((kind for mark, kind in _FOREIGN.items() if data.startswith(mark)), None)
    if kind is None and data[:300].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        kind = "a web page"
    if kind:
        raise SubmissionError(
            f"{shown} is {kind}, not code: hand in the .py or .ipynb file (in a notebook: "
            "File, Download, .ipynb), or a folder or .zip of those."
        )


def is_archive(data: bytes, name: str) -> bool:
    """Tell whether a file is, or says that it is, an archive that can be opened here."""
    return data.startswith((*ZIP_MARKS, GZIP_MARK)) or name.lower().endswith((".zip", ".tar"))


def looks_like_notebook(data: bytes) -> bool:
    """Tell whether bytes under another name are a notebook (`notebook.ipynb.txt`, `rnn.py`)."""
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"{") and b'"cell_type"' in data and b'"nbformat"' in data
