"""Code files in a .zip or .tar.gz archive, read in memory: nothing is ever extracted to disk.

An archive with a dangerous member is refused whole, not cleaned: a learner's own archive has none.
"""

from __future__ import annotations

import io
import re
import stat
import zlib
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from grader.content.intake.file_access import MAX_BYTES, Candidate, may_hold_code, skipped_folder
from grader.content.intake.file_kind import GZIP_MARK
from grader.content.intake.plain_text import plain
from grader.content.intake.tar_members import MemberKind, TarError, read_members
from grader.errors import SubmissionError

if TYPE_CHECKING:
    import zipfile

MAX_MEMBERS = 2_000
MAX_UNPACKED = 100_000_000
MAX_RATIO = 200  # code shrinks 4 to 20 times; deflate at its worst shrinks zeros 1032 times
_SMALL = 1_000_000  # a ratio says nothing about members below this size


def archive_candidates(data: bytes, name: str) -> tuple[Candidate, ...]:
    """Return the code files of an archive, at any depth, without folders that wrap everything.

    Raises
    ------
    SubmissionError
        Damaged, encrypted, too large, or with members that could do harm when extracted.
    """
    shown = plain(name)
    if data.startswith(GZIP_MARK) or name.lower().endswith(".tar"):
        files = _tar_files(data, shown)
    else:
        files = _zip_files(data, shown)
    return _unwrapped({file.parts: file for file in files}.values())  # the last of a name wins


def _zip_files(data: bytes, name: str) -> list[Candidate]:
    import zipfile

    # Counted before zipfile builds an object for each; four bytes rarely occur by chance.
    if data.count(b"PK\x01\x02") > 5 * MAX_MEMBERS:
        raise SubmissionError(_too_many(name))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise SubmissionError(_damaged(name)) from error
    if len(members) > MAX_MEMBERS:
        raise SubmissionError(_too_many(name))
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise SubmissionError(_bomb(name))
    files = []
    for member in members:
        parts = _safe_parts(member.orig_filename, name)
        _require_harmless_zip_member(member, name)
        if not member.is_dir() and _wanted(parts):
            files.append(Candidate(parts, partial(_read_zip_member, archive, member, name)))
    return files


def _require_harmless_zip_member(member: zipfile.ZipInfo, name: str) -> None:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise SubmissionError(_no_ordinary_file(name, member.filename))
    if member.file_size > max(_SMALL, MAX_RATIO * member.compress_size):
        raise SubmissionError(_bomb(name))
    if member.flag_bits & 1:
        raise SubmissionError(f"{name} is protected by a password: make a zip without one.")
    if member.compress_type not in (0, 8):  # stored, deflated: the rest may need huge memory
        raise SubmissionError(
            f"{name} is compressed in a way that only some programs read: make an ordinary zip."
        )


def _read_zip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    import zipfile

    try:
        with archive.open(member) as stream:
            data = stream.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise SubmissionError(_damaged(name)) from error
    if len(data) > MAX_BYTES:
        raise SubmissionError(_bomb(name))
    return data


def _tar_files(data: bytes, name: str) -> list[Candidate]:
    unpacked = _gunzipped(data, name) if data.startswith(GZIP_MARK) else data
    files = []
    try:
        for count, member in enumerate(read_members(unpacked)):
            if count >= MAX_MEMBERS:
                raise SubmissionError(_too_many(name))
            parts = _safe_parts(member.name, name)
            if member.kind is MemberKind.OTHER:
                raise SubmissionError(_no_ordinary_file(name, member.name))
            if member.kind is MemberKind.FILE and _wanted(parts):
                files.append(Candidate(parts, partial(_sized, member.data, name)))
    except TarError as error:
        raise SubmissionError(f"{_damaged(name)} ({error})") from error
    return files


def _sized(data: bytes, name: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise SubmissionError(_bomb(name))
    return data


def _gunzipped(data: bytes, name: str) -> bytes:
    import gzip

    limit = min(MAX_UNPACKED, max(10 * _SMALL, MAX_RATIO * len(data)))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            unpacked = stream.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise SubmissionError(_damaged(name)) from error
    if len(unpacked) > limit:
        raise SubmissionError(_bomb(name))
    return unpacked


def _safe_parts(member: str, name: str) -> tuple[str, ...]:
    """Return the parts of a member's path, refusing those that lead out of the archive."""
    path = member.replace("\\", "/")  # some Windows programs write backslashes
    if "\0" in path or path.startswith("/") or re.match(r"[A-Za-z]:", path):
        raise SubmissionError(_leads_out(name, member))
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    if ".." in parts:
        raise SubmissionError(_leads_out(name, member))
    return parts


def _wanted(parts: tuple[str, ...]) -> bool:
    return (
        bool(parts)
        and may_hold_code(parts[-1])
        and not any(skipped_folder(part) for part in parts[:-1])
    )


def _unwrapped(files: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Drop the folders that wrap all files: an archive of a folder is that folder."""
    kept = tuple(sorted(files, key=lambda file: file.parts))
    while kept and all(len(file.parts) > 1 for file in kept):
        if len({file.parts[0] for file in kept}) > 1:
            break
        kept = tuple(Candidate(file.parts[1:], file.read) for file in kept)
    return kept


def _damaged(name: str) -> str:
    return f"{name} is damaged or no archive of the kind its name says: make it again."


def _too_many(name: str) -> str:
    return f"{name} holds more than {MAX_MEMBERS} files: put only your own code into the archive."


def _bomb(name: str) -> str:
    return (
        f"{name} unpacks to far more than its size ({MAX_UNPACKED // 1_000_000} MB at most, "
        f"{MAX_RATIO} times at most): put only your own code into the archive."
    )


def _leads_out(name: str, member: str) -> str:
    return (
        f"{name} has a member that would be written outside of the archive's folder "
        f"({plain(member, 60)}): make the archive again, from inside your folder."
    )


def _no_ordinary_file(name: str, member: str) -> str:
    return (
        f"{name} has a member that is a link or a device ({plain(member, 60)}): "
        "put the files themselves into the archive."
    )
