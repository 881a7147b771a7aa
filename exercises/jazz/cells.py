"""Melodic cells: the one- and two-bar ideas from which whole choruses are made."""

import re
from dataclasses import dataclass
from pathlib import Path

from chords import QUALITIES, TICKS_PER_BAR, TICKS_PER_BEAT

DURATIONS = {"s": 3, "t": 4, "e": 6, "q": 12, "d": 18, "h": 24}  # in ticks, 12 to a beat
DEGREES = {
    "1": 0, "b2": 1, "2": 2, "b3": 3, "3": 4, "4": 5, "#4": 6, "5": 7, "b6": 8, "6": 9,
    "b7": 10, "7": 11,
}  # fmt: skip
_NAMES = "|".join(sorted(DEGREES, key=len, reverse=True))
_NOTE = re.compile(rf"(?:(?P<octave>[+-]?)(?P<degree>{_NAMES})|r)(?P<duration>[steqdh])")


class CellError(ValueError):
    """A line of the cells file that cannot be played; says which, and why."""


@dataclass(frozen=True)
class Cell:
    """One idea: for each bar a tuple of (offset, ticks).

    The offset counts semitones above the root of the bar's chord; None is a rest.
    """

    quality: str
    bars: tuple

    @property
    def first(self):
        """Offset of the first note that sounds."""
        return next((offset for bar in self.bars for offset, _ in bar if offset is not None), 0)

    @property
    def last(self):
        """Offset of the last note that sounds."""
        sounding = [offset for bar in self.bars for offset, _ in bar if offset is not None]
        return sounding[-1] if sounding else 0


def fits_rhythm(tick, ticks):
    """Say whether a token of ``ticks`` may begin at ``tick`` of its bar.

    Nothing crosses a bar line; triplets come in threes from a beat on, sixteenths in pairs from
    an eighth on, and every bar can be filled to its end.
    """
    if tick + ticks > TICKS_PER_BAR:
        return False
    if tick % TICKS_PER_BEAT in (4, 8):
        return ticks == DURATIONS["t"]
    if tick % TICKS_PER_BEAT in (3, 9):
        return ticks == DURATIONS["s"]
    return ticks != DURATIONS["t"] or tick % TICKS_PER_BEAT == 0


def read_cells(text):
    """Read the cells of a text in the notation of ``cells.txt``.

    Returns
    -------
    tuple of Cell

    Raises
    ------
    CellError
        With the line's number and what to mend. Every quality needs at least one cell of one
        bar, and one that ends on its root, for the last bar of a solo.
    """
    cells = []
    for number, line in enumerate(text.splitlines(), start=1):
        content = re.sub(r"^\s*#.*", "", line).split()
        if content:
            cells.append(_read_cell(content, number))
    for quality in QUALITIES:
        short = [cell for cell in cells if cell.quality == quality and len(cell.bars) == 1]
        if not short:
            raise CellError(f"The cells have none of one bar for quality {quality}; add one.")
        if quality in "DIT" and not any(cell.last % 12 == 0 for cell in short):
            raise CellError(f"No cell of one bar for quality {quality} ends on degree 1; add one.")
    return tuple(cells)


def course_cells():
    """Read ``cells.txt`` beside this module, with whatever the learner has made of it."""
    with open(Path(__file__).with_name("cells.txt"), encoding="utf-8") as file:
        return read_cells(file.read())


def _read_cell(words, number):
    quality, *symbols = words
    if quality not in QUALITIES:
        known = " ".join(QUALITIES)
        raise CellError(f"cells.txt line {number}: quality {quality!r} is none of {known}.")
    bars = " ".join(symbols).split("|")
    if len(bars) > 2:
        raise CellError(f"cells.txt line {number}: a cell has one or two bars, not {len(bars)}.")
    return Cell(quality, tuple(_read_bar(bar.split(), number) for bar in bars))


def _read_bar(symbols, number):
    notes, tick = [], 0
    for symbol in symbols:
        found = _NOTE.fullmatch(symbol)
        if found is None:
            raise CellError(
                f"cells.txt line {number}: {symbol!r} is no note. A note is a degree and a"
                " duration, such as 5e or +b3q; a rest is r and a duration. Degrees: "
                f"{' '.join(DEGREES)}; durations: {' '.join(DURATIONS)}."
            )
        ticks = DURATIONS[found["duration"]]
        if not fits_rhythm(tick, ticks):
            raise CellError(f"cells.txt line {number}: {symbol!r} cannot begin at tick {tick}.")
        notes.append((_offset(found), ticks))
        tick += ticks
    if tick != TICKS_PER_BAR:
        beats = tick / TICKS_PER_BEAT
        raise CellError(f"cells.txt line {number}: a bar has four beats, this one {beats:g}.")
    return tuple(notes)


def _offset(found):
    if found["degree"] is None:
        return None
    return DEGREES[found["degree"]] + {"+": 12, "-": -12, "": 0}[found["octave"]]
