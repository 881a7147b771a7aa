"""A grid of numbers as a heat map: two rows in one line of half blocks, or shades of ASCII."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from rich.text import Text

from grader.playing.records import Picture

SHADES = " .:-=+*#%@"
WIDEST_CELL = 3
# From dark violet over red to light yellow: lightness grows all the way, so that it reads in
# grey, too.
_STOPS = ((13, 8, 45), (90, 20, 110), (185, 55, 85), (245, 125, 20), (250, 235, 130))


def heat_map(picture: Picture, width: int, *, colour: bool) -> list[Text]:
    """Draw a picture in lines of at most ``width`` columns.

    What is too wide goes on below, block after block. With colour every line holds two rows.
    """
    low, high = float(picture.values.min()), float(picture.values.max())
    grid = (picture.values - low) / (high - low) if high > low else np.zeros(picture.values.shape)
    margin = min(max((len(label) for label in picture.rows), default=0), width // 3) + 1
    cell = max(1, min(WIDEST_CELL, (width - margin) // grid.shape[1]))
    at_once = max(1, (width - margin) // cell)
    lines = [Text(picture.title, style="bold")]
    for first in range(0, grid.shape[1], at_once):
        part = slice(first, first + at_once)
        heads = "".join(label[:cell].ljust(cell) for label in picture.columns[part])
        lines.append(Text((" " * margin + heads).rstrip(), style="dim"))
        draw = _half_blocks if colour else _shades
        lines += draw(grid[:, part], picture.rows, margin, cell)
    lines.append(Text(_scale(low, high, colour=colour), style="dim"))
    if picture.note:
        lines += [Text(part, style="dim") for part in textwrap.wrap(picture.note, width)]
    return lines


def _shades(
    grid: npt.NDArray[np.float64], rows: Sequence[str], margin: int, cell: int
) -> Iterator[Text]:
    for label, values in zip(rows, grid, strict=True):
        text = "".join(SHADES[_step(value, len(SHADES))] * cell for value in values)
        yield Text(label[: margin - 1].ljust(margin) + text)


def _half_blocks(
    grid: npt.NDArray[np.float64], rows: Sequence[str], margin: int, cell: int
) -> Iterator[Text]:
    for top in range(0, len(grid), 2):
        line = Text.assemble((rows[top][: margin - 1].ljust(margin), "dim"))
        for column in range(grid.shape[1]):
            style = _rgb(grid[top, column])
            if top + 1 < len(grid):
                style += f" on {_rgb(grid[top + 1, column])}"
            line.append("▀" * cell, style=style)
        yield line


def _step(value: float, count: int) -> int:
    return min(int(value * count), count - 1)


def _rgb(value: float) -> str:
    """A colour between the stops, for a value from 0 to 1."""
    place = value * (len(_STOPS) - 1)
    index = min(int(place), len(_STOPS) - 2)
    share = place - index
    mixed = (round(a + (b - a) * share) for a, b in zip(_STOPS[index], _STOPS[index + 1]))
    red, green, blue = mixed
    return f"rgb({red},{green},{blue})"


def _scale(low: float, high: float, *, colour: bool) -> str:
    words = "dark" if colour else "blank"
    full = "light" if colour else "@"
    return f"{words} is {low:.2g}, {full} is {high:.2g}"
