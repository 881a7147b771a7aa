"""Intake: what a learner hands in, whatever its shape, becomes source to grade; nothing is run.

A Python file, a notebook, the export of a notebook, a folder of those, or an archive of one.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from grader.content.intake.assembly import Reading, Request, assembled
from grader.content.intake.file_access import (
    CODE_SUFFIXES,
    Candidate,
    list_folder,
    list_folder_below,
    read_file,
)
from grader.content.intake.file_kind import is_archive, require_code
from grader.content.intake.ownership import owners_of
from grader.content.intake.plain_text import plain
from grader.content.intake.source_file import SourceFile, read_source
from grader.content.intake.submission import Submission
from grader.errors import SubmissionError

MAX_FILES = 200
MAX_TOTAL_SOURCE = 1_000_000  # characters of code in one submission


def read_submission(
    path: Path, wanted: Sequence[str], stub_files: Sequence[str], provided: Sequence[str]
) -> Submission:
    """Read a submission without running any of it.

    Parameters
    ----------
    path
        A file, folder or archive.
    wanted
        The functions to be graded, in the order of the course.
    stub_files
        File names the course hands out to be completed, in its order: asked first.
    provided
        Helper modules the course provides; a file of that name is taken as the learner's own.

    Raises
    ------
    SubmissionError
        Nothing can be graded: the path cannot be read, or holds none of the wanted functions.
        When their lines are there but are no Python, a Submission with `errors` is returned.
    """
    request = Request(tuple(wanted), tuple(stub_files), tuple(provided))
    name = plain(path.name or path.absolute().name)
    if os.path.isdir(path):
        return assembled(name, _read_folder(path, name, request), request)
    data = read_file(path)
    if is_archive(data, path.name):
        from grader.content.intake.archive import archive_candidates

        candidates = archive_candidates(data, path.name)
        return assembled(name, _read_archive(candidates, name, request), request)
    require_code(data, path.name)
    file = read_source(PurePosixPath(path.name), data, request.wanted)
    return assembled(name, Reading((file,)), request)


def _read_folder(path: Path, name: str, request: Request) -> Reading:
    if path.name.lower().endswith(CODE_SUFFIXES):
        raise SubmissionError(
            f"{name} is a folder with the name of a file: give the file inside it, or rename it."
        )
    top = list_folder(path)
    reading = _read_all(top.candidates, name, request)
    notes = top.notes + reading.notes
    if _holds_any(reading, request):
        return Reading(reading.files, notes)
    below = list_folder_below(path)
    deeper = _read_all(below.candidates, name, request)
    return Reading(reading.files + deeper.files, notes + below.notes + deeper.notes)


def _read_archive(candidates: Sequence[Candidate], name: str, request: Request) -> Reading:
    top = [one for one in candidates if len(one.parts) == 1]
    reading = _read_all(top, name, request)
    if _holds_any(reading, request):
        return reading
    deeper = _read_all([one for one in candidates if len(one.parts) == 2], name, request)
    return Reading(reading.files + deeper.files, reading.notes + deeper.notes)


def _holds_any(reading: Reading, request: Request) -> bool:
    lost = {name for file in reading.files for one in file.problems for name in one.functions}
    return bool(lost or owners_of(reading.files, request.wanted))


def _read_all(candidates: Sequence[Candidate], name: str, request: Request) -> Reading:
    """Read every candidate; one that cannot be read is left out with a note."""
    if len(candidates) > MAX_FILES:
        raise SubmissionError(
            f"{name} holds {len(candidates)} Python files and notebooks, more than {MAX_FILES}: "
            "give the folder of this assignment only."
        )
    files: list[SourceFile] = []
    notes: list[str] = []
    total = 0
    for candidate in candidates:
        try:
            file = read_source(PurePosixPath(*candidate.parts), candidate.read(), request.wanted)
        except SubmissionError as error:
            notes.append(f"{candidate.display} was left out: {error}")
            continue
        files.append(file)
        total += len(file.text)
        if total > MAX_TOTAL_SOURCE:
            raise SubmissionError(
                f"{name} holds more than {MAX_TOTAL_SOURCE:,} characters of code: "
                "give the folder of this assignment only."
            )
    return Reading(tuple(files), tuple(notes))
