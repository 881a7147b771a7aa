"""Reading files whose owner may be careless or hostile: bounded, without blocking, no surprises."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from grader.content.intake.plain_text import plain
from grader.errors import SubmissionError

MAX_BYTES = 20_000_000
MAX_ENTRIES = 5_000  # names in one folder; more is a home or download folder, not an assignment
CODE_SUFFIXES = (".py", ".ipynb")
_SKIPPED_FOLDERS = frozenset(
    ("venv", "env", "__pycache__", "__macosx", "right_answers", "node_modules", "site-packages")
)


class Candidate(msgspec.Struct, frozen=True):
    """A file that may hold code: its path below the submission, and how to read it."""

    parts: tuple[str, ...]
    read: Callable[[], bytes]

    @property
    def display(self) -> str:
        """The path as it is shown to people."""
        return plain("/".join(self.parts))


class Listing(msgspec.Struct, frozen=True):
    """The candidates found, and sentences about what was left out."""

    candidates: tuple[Candidate, ...]
    notes: tuple[str, ...] = ()


def read_file(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Return the bytes of an ordinary file.

    Raises
    ------
    SubmissionError
        The path is missing, unreadable, larger than `limit`, or no ordinary file. A named pipe
        or a device is never opened: opening one can block for ever.
    """
    name = plain(path.name)
    try:
        _require_ordinary(name, os.stat(path), limit)
        with open(os.open(path, _opening_flags()), "rb") as stream:
            _require_ordinary(name, os.fstat(stream.fileno()), limit)
            data = stream.read(limit + 1)
    except OSError as error:
        raise SubmissionError(why_unreadable(path, error)) from error
    except ValueError as error:  # a NUL character in the path
        raise SubmissionError(f"{name} is no valid file name.") from error
    if len(data) > limit:
        raise SubmissionError(_too_large(name, len(data), limit))
    return data


def _opening_flags() -> int:
    """Return flags that neither block nor leak; some systems lack some of them."""
    names = ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
    flags = os.O_RDONLY
    for name in names:
        flags |= getattr(os, name, 0)
    return flags


def _require_ordinary(name: str, status: os.stat_result, limit: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise SubmissionError(f"{name} is a folder, not a file: give the file inside it.")
    if not stat.S_ISREG(status.st_mode):
        raise SubmissionError(
            f"{name} is no ordinary file (a pipe, socket or device): give a .py or .ipynb file."
        )
    if status.st_size > limit:
        raise SubmissionError(_too_large(name, status.st_size, limit))


def _too_large(name: str, size: int, limit: int) -> str:
    return (
        f"{name} is too large: {size / 1e6:.1f} MB, where {limit / 1e6:.0f} MB is the limit. "
        "In a notebook, clear all outputs and save it again."
    )


def why_unreadable(path: Path, error: OSError) -> str:
    """Return a sentence that says why `path` cannot be read and what to do."""
    name = plain(str(path))
    if error.errno == errno.ELOOP:
        return f"{name} is a link that leads back to itself: give the file itself."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"{name} may not be read: give yourself permission (chmod u+r) and try again."
    if error.errno == errno.ENOENT and path.is_symlink():
        return f"{name} is a link to a file that is not there any more: give the file itself."
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"{name} does not exist.{_neighbour(path)}"
    return f"{name} cannot be read: {error.strerror or error}."


def _neighbour(path: Path) -> str:
    import difflib
    from itertools import islice

    try:
        with os.scandir(path.parent) as entries:
            names = {entry.name.lower(): entry.name for entry in islice(entries, 1000)}
    except OSError:
        return f" Nor is there a folder {plain(str(path.parent))}."
    close = difflib.get_close_matches(path.name.lower(), names, n=1, cutoff=0.6)
    if close:
        return f" Did you mean {plain(str(path.with_name(names[close[0]])))}?"
    return " Check the path."


def skipped_folder(name: str) -> bool:
    """Tell whether a folder of this name never holds a learner's own code."""
    return name.startswith(".") or name.lower() in _SKIPPED_FOLDERS


def may_hold_code(name: str) -> bool:
    """Tell whether a file of this name is looked at: hidden tests and pytest's files are not."""
    lower = name.lower()
    if name.startswith(".") or not lower.endswith(CODE_SUFFIXES):
        return False
    if lower in ("contract.py", "cases.py", "conftest.py"):
        return False
    return not (lower.startswith(("checks_", "test_")) and lower.endswith(".py"))


def list_folder(root: Path) -> Listing:
    """Return the code files at the top of a folder."""
    return _listing(root, root, ())


def list_folder_below(root: Path) -> Listing:
    """Return the code files that lie one level down, of all folders that may hold code."""
    below = [
        _listing(root, root / entry.name, (entry.name,))
        for entry in _entries(root)
        if not skipped_folder(entry.name) and not entry.is_symlink() and entry.is_dir()
    ]
    candidates = tuple(one for listing in below for one in listing.candidates)
    return Listing(candidates, tuple(note for listing in below for note in listing.notes))


def _listing(root: Path, folder: Path, above: tuple[str, ...]) -> Listing:
    candidates: list[Candidate] = []
    notes: list[str] = []
    for entry in _entries(folder):
        if not may_hold_code(entry.name):
            continue
        parts = (*above, entry.name)
        reason = _reason_to_leave_out(root, entry)
        if reason:
            notes.append(f"{plain('/'.join(parts))} was left out: {reason}.")
        else:
            candidates.append(Candidate(parts, partial(read_file, Path(entry.path))))
    return Listing(tuple(candidates), tuple(notes))


def _reason_to_leave_out(root: Path, entry: os.DirEntry[str]) -> str | None:
    try:
        # A link could lead to the instructor's own files: in a class that would earn full marks.
        if entry.is_symlink() and not _leads_inside(root, Path(entry.path)):
            return "it is a link to a file outside of the folder; put the file itself there"
        if entry.is_dir():
            return "it is a folder with the name of a file"
        return None if entry.is_file() else "it is no ordinary file"
    except (OSError, RuntimeError):
        return "it is a link that leads nowhere"


def _leads_inside(root: Path, link: Path) -> bool:
    return link.resolve(strict=True).is_relative_to(root.resolve())


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    from itertools import islice

    try:
        with os.scandir(folder) as entries:
            found = list(islice(entries, MAX_ENTRIES + 1))
    except OSError as error:
        raise SubmissionError(why_unreadable(folder, error)) from error
    if len(found) > MAX_ENTRIES:
        raise SubmissionError(
            f"{plain(str(folder))} holds more than {MAX_ENTRIES} files: "
            "give the folder of this assignment only."
        )
    return sorted(found, key=lambda entry: entry.name)
