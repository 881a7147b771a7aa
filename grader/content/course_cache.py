"""The course as it was last read and checked, so that its YAML is parsed once per change.

The copy lies in the ``__pycache__`` beside ``course.yaml``, as Python keeps its own, under the
digest of the very bytes it was made from. One that is missing, broken or of another version of
the engine is made anew; where none can be kept nothing is lost but some milliseconds.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

import msgspec

from grader import __version__
from grader.content.course import Course


def cached_course(course_file: Path) -> Course:
    """The course in ``course_file``, from the copy where it is there.

    Raises
    ------
    ContentError
        Where the file has mistakes; it is never kept then.
    """
    kept = _place(course_file)
    if kept is not None:
        with suppress(OSError, msgspec.MsgspecError, ValueError):
            return msgspec.json.decode(kept.read_bytes(), type=Course)
    from grader.content.course_file import load_course

    course = load_course(course_file)
    if kept is not None:
        with suppress(OSError):
            _keep(course, kept)
    return course


def _place(course_file: Path) -> Path | None:
    """Where the copy of these bytes would be; None where the file cannot be read."""
    try:
        read = course_file.read_bytes()
    except OSError:
        return None
    digest = hashlib.sha256(f"{__version__} {course_file}\n".encode() + read).hexdigest()
    return course_file.parent / "__pycache__" / f"course.{digest[:32]}.json"


def _keep(course: Course, place: Path) -> None:
    place.parent.mkdir(exist_ok=True)
    unfinished = place.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(msgspec.json.encode(course))
    unfinished.replace(place)
    for path in place.parent.glob("course.*.json"):
        if path != place:
            path.unlink(missing_ok=True)
