"""What every type of question can do; one module a type implements it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Protocol

from grader.quiz.drawing import Drawn
from grader.quiz.verdicts import Verdict


@dataclass(frozen=True)
class Foreseen:
    """A wrong answer that the author foresaw, as a learner would type it."""

    typed: str
    why: str
    line: int


class Marker(Protocol):
    """Marks the answers to one type of question."""

    def mark(self, drawn: Drawn, typed: str) -> Verdict:
        """Mark what was typed."""

    def key(self, drawn: Drawn) -> str:
        """A right answer as it is typed."""

    def answer(self, drawn: Drawn) -> Any:
        """The right answer as ``{answer}`` shows it: a number or a text."""

    def how(self, drawn: Drawn) -> str:
        """How to write an answer."""

    def accepted(self, drawn: Drawn) -> list[str]:
        """Further answers that must be taken for right."""

    def foreseen(self, drawn: Drawn) -> list[Foreseen]:
        """Wrong answers, each with the why that must be shown."""


LETTERS = "abcdefghij"
ARROWS = "\u2192\u21d2\u21a6\u27f6\u27f9\u2794\u279c"  # as people paste them for ->


def letters(positions: list[int] | tuple[int, ...]) -> str:
    """Positions as the letters a learner types: ``[0, 2]`` -> ``a c``."""
    return " ".join(LETTERS[position] for position in positions)


def read_letters(typed: str, count: int) -> list[int] | None:
    """Positions from ``a c``, ``ac``, ``A, C``, ``1 3``; None when unreadable."""
    spaced = re.sub(r"\band\b", " ", typed.lower())
    cleaned = re.sub(rf"[\s,;.)(>{ARROWS}-]+", " ", spaced).strip()
    words = cleaned.split(" ")
    if all(word.isascii() and word.isdigit() for word in words):
        found = [int(word) - 1 for word in words if len(word) <= 2]
    else:
        found = [LETTERS.find(letter) for letter in cleaned.replace(" ", "")]
    if len(found) == 0 or len(set(found)) != len(found):
        return None
    return found if all(0 <= position < count for position in found) else None
