"""What every part of ``quiz`` needs: the banks, the store, a screen, a lesson by its name."""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click

from grader.content.question_bank import read_library
from grader.content.question_library import Bank, Library
from grader.content.workspace import find_workspace
from grader.content.yaml_records import closest
from grader.errors import ContentError, UsageError
from grader.store.quiz_store import QuizStore
from grader.views.quiz_screens import PlainScreen, Screen


@dataclass(frozen=True)
class Desk:
    """The banks and the place of the store."""

    library: Library
    store_path: Path

    def store(self) -> QuizStore:
        """Open the store; close it again."""
        return QuizStore(self.store_path)

    def known(self) -> frozenset[tuple[str, int]]:
        """Every (question id, rev) of the banks."""
        return frozenset((q.id, q.rev) for q in self.library.questions.values())


def open_desk(start: Path | None = None) -> Desk:
    """Load the banks of the workspace around `start` (default: the current folder).

    Questions with mistakes are left out with a word to standard error: the others can be asked.
    """
    workspace = find_workspace(start or Path.cwd())
    library, findings = read_library(workspace.quizzes)
    if findings and not library.questions:
        raise ContentError(findings)
    if findings:
        text = f"{len(findings)} mistakes in the quiz files; what they touch is left out."
        click.echo(f"{text} See `teach check`.", err=True)
    return Desk(library, workspace.state / "quiz.sqlite")


def find_bank(library: Library, name: str) -> Bank:
    """A bank by its id, its lesson's number or its file's name.

    Raises
    ------
    UsageError
        When there is none; says which name is close.
    """
    for bank in library.banks:
        stem = Path(bank.file).stem
        if name.lower() in (bank.header.id, stem, re.sub(r"^\d+_", "", stem)):
            return bank
        if name.isdigit() and int(name) == bank.header.lesson:
            return bank
    names = [bank.header.id for bank in library.banks]
    raise UsageError(f"There is no lesson `{name}`; {closest(name, [*names, 'week'])}")


def new_seed() -> str:
    """A short seed that can be typed."""
    return secrets.token_hex(4)


def new_session() -> str:
    """A random id for a session."""
    return secrets.token_hex(8)


def make_screen(
    *,
    plain: bool,
    out: TextIO | None = None,
    lines: TextIO | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Screen:
    """Colour and single keys on a real terminal, plain lines everywhere else."""
    out, lines = out or sys.stdout, lines or sys.stdin
    if plain or not is_interactive(out, lines, environment):
        width = None if plain or not out.isatty() else _width()
        return PlainScreen(out, lines, width)
    from grader.views.console import make_console
    from grader.views.quiz_keys import TerminalKeys, restore_echo
    from grader.views.quiz_terminal import TerminalScreen

    restore_echo(lines.fileno())
    return TerminalScreen(make_console(out), TerminalKeys(lines.fileno()), lines)


def is_interactive(out: TextIO, lines: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether both ends are a terminal that can do more than print lines."""
    if environment.get("TERM", "dumb") == "dumb" or not (out.isatty() and lines.isatty()):
        return False
    try:
        import termios  # noqa: F401 - absent on Windows: lines then
    except ImportError:
        return False
    return True


def _width() -> int:
    try:
        return max(20, os.get_terminal_size().columns)
    except OSError:
        return 80
