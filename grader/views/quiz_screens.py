"""How a quiz talks to a person: one interface, two ways.

``PlainScreen`` writes plain lines and reads plain lines: for pipes, screen readers, small or
dumb terminals. ``TerminalScreen`` (quiz_terminal.py) adds colour and single keys.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TextIO

from grader.quiz.asking import Shown
from grader.quiz.marker import LETTERS
from grader.quiz.markup import blocks, without_marks

Command = Literal["hint", "pause", "unknown", "help"]
_COMMANDS: dict[str, Command] = {
    "?": "hint", ":hint": "hint", ":h": "hint", "q": "pause", ":q": "pause", "quit": "pause",
    ":quit": "pause", "-": "unknown", ":d": "unknown", "don't know": "unknown", ":help": "help",
}  # fmt: skip

MAY_BE_Q = frozenset({"text", "cloze", "trace"})  # there `:q` pauses
HELP = (
    "Keys and lines: ? hint, - I do not know, q pause (go on later), :help this text. "
    "Everything is stored at once; Ctrl-C or Ctrl-D is a pause."
)


@dataclass(frozen=True)
class Reply:
    """What the learner did: an answer, or a command."""

    typed: str = ""
    command: Command | None = None


PAUSE = Reply(command="pause")


@dataclass(frozen=True)
class Feedback:
    """What is said after an answer."""

    right: bool
    credit: float
    remarks: tuple[str, ...]
    answer: str
    explanation: str
    misconceptions: tuple[tuple[str, str], ...]  # (title, text)
    references: tuple[str, ...]


class Screen(Protocol):
    """Everything that a quiz shows and asks."""

    def question(self, shown: Shown, place: str) -> None:
        """Show a question; `place` says where in the session it stands."""

    def reply(self, shown: Shown) -> Reply:
        """Wait for an answer or a command."""

    def ask(self, text: str, choices: str) -> str:
        """Wait for one of the letters of `choices`; empty when input has ended."""

    def feedback(self, feedback: Feedback) -> None:
        """Say how an answer was marked."""

    def note(self, text: str) -> None:
        """Say one thing."""

    def table(self, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show a table."""

    def proceed(self) -> bool:
        """Wait until the learner wants to go on; False to pause."""


def command_of(typed: str, kind: str) -> Command | None:
    """The command in a typed line; a bare `q` may be the answer to a typed question."""
    word = typed.strip().lower()
    return None if word == "q" and kind in MAY_BE_Q else _COMMANDS.get(word)


class PlainScreen:
    """Plain lines out, plain lines in; nothing is drawn, coloured or moved."""

    def __init__(self, out: TextIO, lines: TextIO, width: int | None = None) -> None:
        """Wrap at `width`; None leaves each paragraph on one line, as screen readers like it."""
        self._out = out
        self._lines = lines
        self._width = width

    def _say(self, text: str = "", indent: str = "") -> None:
        if self._width is None or not text:
            lines = [indent + text]
        else:
            lines = textwrap.wrap(
                text, self._width, initial_indent=indent,
                subsequent_indent=" " * len(indent), break_on_hyphens=False,
            )  # fmt: skip
        self._out.write("\n".join(line.rstrip() for line in lines) + "\n")
        self._out.flush()

    def _markup(self, text: str, indent: str = "") -> None:
        for block in blocks(text):
            if block.kind == "code":
                self._code(block.text)
            else:
                mark = "- " if block.kind == "bullet" else ""
                self._say(without_marks(block.text), indent + mark)

    def _code(self, code: str) -> None:
        for line in code.splitlines():
            self._out.write(f"    {line}\n".rstrip() + "\n")

    def question(self, shown: Shown, place: str) -> None:
        """Say the question, its code and its parts, each on a line of its own."""
        self._say()
        self._say(f"{place}. {shown.lesson}: {shown.kind}.")
        self._markup(shown.prompt)
        if shown.code:
            self._code(shown.code)
        for number, text in enumerate(shown.numbered, 1):
            self._say(without_marks(text), f"  {number}. ")
        for letter, text in zip(LETTERS, shown.lettered, strict=False):
            self._say(without_marks(text), f"  {letter}) ")
        hint = " ? for a hint." if shown.hints else ""
        self._say(f"{shown.how}{hint}")

    def _read(self, prompt: str) -> str | None:
        self._out.write(prompt)
        self._out.flush()
        line = self._lines.readline()
        if not line:
            self._out.write("\n")
            return None
        return line.rstrip("\r\n")

    def reply(self, shown: Shown) -> Reply:
        """Read one line."""
        typed = self._read("> ")
        if typed is None:
            return PAUSE
        command = command_of(typed, shown.type)
        return Reply(command=command) if command else Reply(typed=typed)

    def ask(self, text: str, choices: str) -> str:
        """Read lines until one begins with one of the letters."""
        while True:
            typed = self._read(f"{text} [{'/'.join(choices)}] ")
            if typed is None:
                return ""
            letter = typed.strip().lower()[:1]
            if letter and letter in choices:
                return letter
            self._say(f"Type one of: {', '.join(choices)}.")

    def feedback(self, feedback: Feedback) -> None:
        """Say right or wrong, why, the answer and the explanation."""
        self._say("Right." if feedback.right else _not_right(feedback))
        for remark in feedback.remarks:
            self._markup(remark)
        if not feedback.right:
            self._markup(f"Answer: {feedback.answer}")
        self._markup(feedback.explanation)
        for title, text in feedback.misconceptions:
            self._markup(f"About the belief \u201c{title}\u201d: {text}")
        for line in feedback.references:
            self._say(without_marks(line), "See: ")

    def note(self, text: str) -> None:
        """Say it."""
        self._markup(text)

    def table(self, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Each row as a sentence: label and value in pairs."""
        self._say(f"{title}:")
        for row in rows:
            pairs = [f"{name} {cell}".strip() for name, cell in zip(head[1:], row[1:], strict=True)]
            self._say(f"{row[0]}: {', '.join(pairs)}." if pairs else row[0], "  ")

    def proceed(self) -> bool:
        """Plain lines need no key to go on."""
        return True


def _not_right(feedback: Feedback) -> str:
    if feedback.credit > 0:
        return f"Not yet: {feedback.credit:.0%} of it is right."
    return "Not right."
