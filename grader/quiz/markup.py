"""The small markdown of questions: `code`, **bold**, *emphasis*, lists, fenced blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Style = Literal["plain", "code", "bold", "emphasis"]
_SPAN = re.compile(
    r"`([^`\n]+)`|\*\*([^*\n]+(?:`[^`\n]*`[^*\n]*)*)\*\*|(?<![\w*])\*([^*\s`][^*\n`]*?)\*(?![\w*])"
)


@dataclass(frozen=True)
class Span:
    """A run of text in one style."""

    text: str
    style: Style


@dataclass(frozen=True)
class Block:
    """A paragraph, a list item or a block of code."""

    kind: Literal["paragraph", "bullet", "code"]
    text: str


def blocks(text: str) -> list[Block]:
    """The parts of a text, top to bottom; lines of one paragraph are joined."""
    found: list[Block] = []
    for index, part in enumerate(re.split(r"^```[^\n]*\n?", text, flags=re.MULTILINE)):
        if index % 2:
            found.append(Block("code", part.rstrip("\n")))
        else:
            found += _prose(part)
    return found


def _prose(text: str) -> list[Block]:
    found: list[Block] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines: list[str] = []
        kind: Literal["paragraph", "bullet"] = "paragraph"
        for line in paragraph.splitlines():
            item = re.match(r"\s*[-*] +(.*)", line)
            if item:
                found += [Block(kind, " ".join(lines))] if lines else []
                kind, lines = "bullet", [item[1].strip()]
            elif line.strip():
                lines.append(line.strip())
        found += [Block(kind, " ".join(lines))] if lines else []
    return found


def spans(text: str) -> list[Span]:
    """The styled runs of one paragraph."""
    found: list[Span] = []
    at = 0
    for hit in _SPAN.finditer(text):
        if hit.start() > at:
            found.append(Span(text[at : hit.start()], "plain"))
        styles: tuple[Style, ...] = ("code", "bold", "emphasis")
        group = next(number for number in (1, 2, 3) if hit[number] is not None)
        found.append(Span(hit[group].replace("`", ""), styles[group - 1]))
        at = hit.end()
    if at < len(text):
        found.append(Span(text[at:], "plain"))
    return found


def without_marks(text: str) -> str:
    """One paragraph as plain words; code keeps its backquotes, which speak for themselves."""
    return "".join(f"`{s.text}`" if s.style == "code" else s.text for s in spans(text))
