"""A piano roll in the terminal: two pitches in one line of half blocks, or ASCII."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from rich.text import Text

from grader.playing.records import Roll

SILENT, HELD, STRUCK = 0, 1, 2
MARGIN = 4
_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_INK = {HELD: "blue", STRUCK: "bright_cyan"}
_ASCII = {SILENT: " ", HELD: "-", STRUCK: "o"}


def piano_roll(roll: Roll, width: int, *, unicode: bool, colour: bool = False) -> list[Text]:
    """Draw a roll in lines of at most ``width`` columns, as many bars side by side as fit."""
    per_bar = roll.columns_per_bar
    bars = max(1, (width - MARGIN - 1) // (per_bar + 1))
    lines: list[Text] = []
    for first in range(0, len(roll.chords), bars):
        chords = roll.chords[first : first + bars]
        heads = "".join(name[:per_bar].ljust(per_bar + 1) for name in chords)
        lines.append(Text((" " * (MARGIN + 1) + heads).rstrip(), style="bold"))
        part = roll.grid[:, first * per_bar : (first + bars) * per_bar]
        rows = [row for row in range(len(part)) if part[row].any()]
        top, end = (rows[0], rows[-1] + 1) if rows else (0, 1)
        cut, highest = part[top:end], roll.highest - top
        if unicode:
            lines += _blocks(cut, highest, per_bar, colour=colour)
        else:
            lines += _letters(cut, highest, per_bar)
    return lines


def _letters(grid: npt.NDArray[np.int64], highest: int, per_bar: int) -> Iterator[Text]:
    for row, values in enumerate(grid):
        line = pitch_name(highest - row).rjust(MARGIN - 1) + " |"
        for column, value in enumerate(values, start=1):
            line += _ASCII[int(value)]
            line += "|" if column % per_bar == 0 else ""
        yield Text(line)


def _blocks(
    grid: npt.NDArray[np.int64], highest: int, per_bar: int, *, colour: bool
) -> Iterator[Text]:
    for top in range(0, len(grid), 2):
        below = grid[top + 1] if top + 1 < len(grid) else np.zeros_like(grid[top])
        line = Text.assemble((pitch_name(highest - top).rjust(MARGIN - 1) + " │", "dim"))
        for column, (upper, lower) in enumerate(zip(grid[top], below, strict=True), start=1):
            line.append(*_block(int(upper), int(lower), colour=colour))
            if column % per_bar == 0:
                line.append("│", style="dim")
        yield line


def _block(upper: int, lower: int, *, colour: bool) -> tuple[str, str]:
    """The character and its style for two pitches above each other."""
    if upper and lower:
        return "▀" if colour else "█", f"{_INK[upper]} on {_INK[lower]}"
    if upper:
        return "▀", _INK[upper]
    return ("▄", _INK[lower]) if lower else (" ", "")


def pitch_name(pitch: int) -> str:
    """The name of a MIDI pitch; middle C (60) is C4."""
    return f"{_NAMES[pitch % 12]}{pitch // 12 - 1}"
