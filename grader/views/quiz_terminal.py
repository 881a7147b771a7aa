"""The quiz on a real terminal: colour, wrapped text, single keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from grader.quiz.asking import Shown
from grader.quiz.marker import LETTERS
from grader.quiz.markup import blocks, spans
from grader.views.quiz_keys import BACKSPACE, END, ENTER, Keys
from grader.views.quiz_screens import MAY_BE_Q, PAUSE, Feedback, Reply, command_of

_STYLES = {"plain": "", "code": "cyan", "bold": "bold", "emphasis": "italic"}
_KEY_COMMANDS = {"?": "hint", "q": "pause", "-": "unknown", "h": "help"}
WIDEST = 88  # longer lines are hard to read


class TerminalScreen:
    """Colour and single keys; typed answers use the line."""

    def __init__(self, console: Console, keys: Keys, lines: TextIO) -> None:
        self._console = console
        self._keys = keys
        self._lines = lines

    @property
    def _width(self) -> int:
        return min(self._console.width, WIDEST)

    def _print(self, what: Text | Table | Rule | Padding | str = "") -> None:
        self._console.print(what, width=self._width, highlight=False, markup=False)

    def _markup(self, text: str, left: int = 0, style: str = "") -> None:
        for block in blocks(text):
            if block.kind == "code":
                self._code(block.text)
            elif block.kind == "bullet":
                self._labelled("-", block.text, left)
            else:
                self._print(Padding(_styled(block.text, style), (0, 0, 0, left), expand=False))

    def _code(self, code: str) -> None:
        self._print()
        room = self._width - 4
        for line in code.splitlines():
            rest, start = line, ""
            while len(rest) > room:  # fold a long line so that the break is seen
                self._print(Text(f"    {start}{rest[: room - len(start)]}", "cyan", no_wrap=True))
                rest, start = rest[room - len(start) :], "\u21b3 "
            self._print(Text(f"    {start}{rest}", "cyan", no_wrap=True))
        self._print()

    def _labelled(self, label: str, text: str, left: int = 2) -> None:
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=len(label), no_wrap=True)
        grid.add_column()
        grid.add_row(Text(label, "bold"), _styled(text))
        self._print(Padding(grid, (0, 0, 0, left), expand=False))

    def question(self, shown: Shown, place: str) -> None:
        """A rule with the place, the prompt, the code, the options."""
        self._print()
        title = f"{place} \u00b7 {shown.lesson}"
        self._print(Rule(Text(title, "bold"), align="left", style="dim"))
        self._print(Text(shown.kind, "dim"))
        self._markup(shown.prompt)
        if shown.code:
            self._code(shown.code)
        elif shown.lettered:
            self._print()
        for number, text in enumerate(shown.numbered, 1):
            self._labelled(f"{number}.", text)
        if shown.numbered:
            self._print()
        for letter, text in zip(LETTERS, shown.lettered, strict=False):
            self._labelled(f"{letter})", text)
        self._print()

    def reply(self, shown: Shown) -> Reply:
        """Keys for questions with letters, a line for all others."""
        if not shown.lettered:
            return self._line(shown)
        readers = {"single": self._one, "truefalse": self._verdict, "match": self._join}
        return readers.get(shown.type, self._several)(shown)

    def _prompt(self, text: str, shown: Shown) -> None:
        extra = "? hint, " if shown.hints else ""
        pause = ":q" if shown.type in MAY_BE_Q else "q"
        self._print(Text(f"{text} ({extra}- don't know, {pause} pause)", "dim"))

    def _line(self, shown: Shown) -> Reply:
        if shown.how:
            self._prompt(shown.how, shown)
        self._console.file.write("> ")
        self._console.file.flush()
        line = self._lines.readline()
        if not line:
            return PAUSE
        command = command_of(line, shown.type)
        return Reply(command=command) if command else Reply(typed=line.rstrip("\r\n"))

    def _key(self, allowed: str) -> Reply | str:
        """A key out of `allowed`, or a command."""
        while True:
            key = self._keys.key()
            if key == END:
                return PAUSE
            if key in allowed and key:
                return key
            if key in _KEY_COMMANDS:
                return Reply(command=_KEY_COMMANDS[key])  # type: ignore[arg-type]

    def _one(self, shown: Shown) -> Reply:
        letters = LETTERS[: len(shown.lettered)]
        self._prompt(f"Press a letter a-{letters[-1]}", shown)
        key = self._key(letters + "123456789"[: len(letters)])
        if isinstance(key, Reply):
            return key
        letter = letters[int(key) - 1] if key.isdigit() else key
        self._print(Text(f"> {letter}", "bold"))
        return Reply(typed=letter)

    def _verdict(self, shown: Shown) -> Reply:
        self._prompt("Press t for true or f for false, then the letter of the reason", shown)
        verdict = self._key("tf")
        if isinstance(verdict, Reply):
            return verdict
        word = "true" if verdict == "t" else "false"
        self._print(Text(f"> {word}, because ...", "bold"))
        reason = self._key(LETTERS[: len(shown.lettered)])
        if isinstance(reason, Reply):
            return reason
        self._print(Text(f"> {word} {reason}", "bold"))
        return Reply(typed=f"{word} {reason}")

    def _several(self, shown: Shown) -> Reply:
        """Letters one after the other; in `multi` a second press takes one back."""
        letters, picked = LETTERS[: len(shown.lettered)], ""
        verb = "in order" if shown.type == "order" else "all that are right"
        self._prompt(f"Press the letters, {verb}, then Enter; Backspace takes one back", shown)
        while True:
            key = self._key(letters + ENTER + BACKSPACE)
            if isinstance(key, Reply):
                self._console.file.write("\n")
                return key
            if key == ENTER and picked:
                self._console.file.write("\n")
                return Reply(typed=" ".join(picked))
            picked = _toggled(picked, key, shown.type)
            self._console.file.write(f"\r> {' '.join(picked):<{2 * len(letters)}}")
            self._console.file.flush()

    def _join(self, shown: Shown) -> Reply:
        self._prompt("For each number press its letter; Backspace goes back", shown)
        letters, chosen = LETTERS[: len(shown.lettered)], ""
        while len(chosen) < len(shown.numbered):
            self._console.file.write(f"\r> {_joined(chosen)} {len(chosen) + 1}_ ")
            self._console.file.flush()
            key = self._key("".join(c for c in letters if c not in chosen) + BACKSPACE)
            if isinstance(key, Reply):
                self._console.file.write("\n")
                return key
            chosen = chosen[:-1] if key == BACKSPACE else chosen + key
        self._console.file.write(f"\r> {_joined(chosen)}    \n")
        return Reply(typed=_joined(chosen))

    def ask(self, text: str, choices: str) -> str:
        """One key out of `choices`."""
        self._print(Text(f"{text} [{'/'.join(choices)}]", "bold"))
        while True:
            key = self._keys.key()
            if key == END or (key in choices and key):
                return key

    def feedback(self, feedback: Feedback) -> None:
        """Right or wrong in a word and a colour, then why."""
        self._print()
        if feedback.right:
            self._print(Text("\u2713 Right", "bold green"))
        elif feedback.credit > 0:
            self._print(
                Text(f"\u2717 Not yet: {feedback.credit:.0%} of it is right", "bold yellow")
            )
        else:
            self._print(Text("\u2717 Not right", "bold red"))
        for remark in feedback.remarks:
            self._markup(remark, left=2)
        if not feedback.right:
            self._labelled("Answer:", feedback.answer)
        self._markup(feedback.explanation, left=2)
        for title, text in feedback.misconceptions:
            self._print()
            self._print(Padding(Text(title, "bold yellow"), (0, 0, 0, 2), expand=False))
            self._markup(text, left=2)
        for line in feedback.references:
            self._labelled("See", line)

    def note(self, text: str) -> None:
        """Say it."""
        self._markup(text)

    def table(self, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table; when it does not fit, each row as lines of its own."""
        needed = sum(max(len(r[i]) for r in (head, *rows)) + 2 for i in range(len(head)))
        if needed > self._width + 12:
            self._print(Text(title, "bold"))
            for row in rows:
                pairs = [f"{name} {cell}" for name, cell in zip(head[1:], row[1:], strict=True)]
                self._labelled(row[0], ", ".join(pairs))
            return
        made = Table(title=Text(title, "bold"), title_justify="left", box=None, padding=(0, 1))
        for index, name in enumerate(head):
            made.add_column(name, justify="left" if index == 0 else "right")
        for row in rows:
            made.add_row(*row)
        self._print(made)

    def proceed(self) -> bool:
        """Enter (or any letter) goes on, q pauses."""
        self._print(Text("Enter: next question, q: pause", "dim"))
        return self._keys.key() not in (END, "q")


def _styled(text: str, base: str = "") -> Text:
    made = Text(style=base)
    for span in spans(text):
        made.append(span.text, _STYLES[span.style])
    return made


def _toggled(picked: str, key: str, kind: str) -> str:
    if key == BACKSPACE:
        return picked[:-1]
    if key == ENTER:
        return picked
    if key in picked:
        return picked.replace(key, "") if kind == "multi" else picked
    return picked + key


def _joined(chosen: str) -> str:
    return " ".join(f"{number}{letter}" for number, letter in enumerate(chosen, 1))
