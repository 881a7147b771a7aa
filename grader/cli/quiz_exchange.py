"""``quiz --export`` and ``quiz --import-gift``: other tools' formats, with what they lose."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from grader.cli.exit_codes import Exit
from grader.cli.quiz_desk import find_bank, open_desk
from grader.content.question_library import Library
from grader.errors import EnvironmentProblem, UsageError
from grader.quiz.interchange.carried import Export

FORMATS = ("gift", "moodle", "anki")


def export(form: str, path: Path, lesson: str | None, seed: str) -> int:
    """Write the questions of a lesson, or of all, for another tool."""
    if form not in FORMATS:
        raise UsageError(f"`{form}` is no format to export to; known: {', '.join(FORMATS)}.")
    library = open_desk().library
    bank = find_bank(library, lesson).header.id if lesson else None
    made = _exporter(form)(library, bank, seed)
    for report in made.reports:
        click.echo(report, err=True)
    _write(path, made.text)
    click.echo(
        f"{made.carried} questions written to {path}; {len(made.reports)} remarks.", err=True
    )
    return Exit.ALL_RIGHT


def _exporter(form: str) -> Callable[[Library, str | None, str], Export]:
    if form == "gift":
        from grader.quiz.interchange.gift import export_gift

        return export_gift
    if form == "moodle":
        from grader.quiz.interchange.moodle import export_moodle

        return export_moodle
    from grader.quiz.interchange.anki import export_anki

    return export_anki


def _write(path: Path, text: str) -> None:
    """Write the whole file or nothing."""
    if str(path) == "-":
        click.echo(text, nl=False)
        return
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, delete=False, encoding="utf-8"
        ) as out:
            out.write(text)
        os.chmod(out.name, 0o644)
        os.replace(out.name, path)
    except OSError as error:
        raise EnvironmentProblem(f"{path} cannot be written: {error.strerror}.") from error


def import_gift(path: Path) -> int:
    """Print a GIFT file as a quiz file of ours; remarks go to standard error."""
    from grader.quiz.interchange.gift_import import LIMIT
    from grader.quiz.interchange.gift_import import import_gift as read_gift

    if not path.is_file() or path.stat().st_size > LIMIT:
        raise UsageError(f"{path} is no file of at most {LIMIT:,} bytes.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text.") from error
    bank = re.sub(r"[^a-z0-9_]+", "_", path.stem.lower()).strip("_") or "imported"
    made = read_gift(text, bank if bank[0].isalpha() else f"bank_{bank}")
    for report in made.reports:
        click.echo(report, err=True)
    click.echo(f"{made.carried} questions read.", err=True)
    click.echo(made.yaml, nl=False)
    return Exit.ALL_RIGHT
