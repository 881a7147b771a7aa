"""A piano roll: as a grid of numbers for any screen, or as a picture."""

from dataclasses import dataclass

import numpy as np
from chords import TICKS_PER_BAR
from vocabulary import note_starts

SILENT, HELD, STRUCK = 0, 1, 2


@dataclass(frozen=True)
class PianoRoll:
    """Which pitch sounds when.

    Attributes
    ----------
    grid : ndarray (n_pitches, n_columns) of int
        SILENT, HELD or STRUCK (a note begins here). The top row is the highest pitch.
    highest : int
        MIDI pitch of the top row.
    columns_per_bar : int
    chords : tuple of str
        The chord's name in every bar.
    """

    grid: np.ndarray
    highest: int
    columns_per_bar: int
    chords: tuple


def piano_roll(solo, ticks_per_column=3):
    """Draw a solo on a grid; ``ticks_per_column`` divides a bar of 48 ticks.

    A note shows in every column that it touches; where a column has room for one of two quick
    notes on the same pitch, they share it.
    """
    if TICKS_PER_BAR % ticks_per_column:
        raise ValueError(f"A bar of {TICKS_PER_BAR} ticks has no columns of {ticks_per_column}.")
    sounding = [
        (start, ticks, pitch)
        for (pitch, ticks), start in zip(solo.melody, note_starts(solo.melody), strict=True)
        if pitch is not None
    ]
    pitches = [pitch for _, _, pitch in sounding] or [solo.start]
    highest, columns = max(pitches), len(solo.chords) * TICKS_PER_BAR // ticks_per_column
    grid = np.full((highest - min(pitches) + 1, columns), SILENT)
    for start, ticks, pitch in sounding:
        first = start // ticks_per_column
        end = -(-(start + ticks) // ticks_per_column)
        grid[highest - pitch, first:end] = HELD
    for start, _, pitch in sounding:
        grid[highest - pitch, start // ticks_per_column] = STRUCK
    names = tuple(chord.name for chord in solo.chords)
    return PianoRoll(grid, highest, TICKS_PER_BAR // ticks_per_column, names)


def draw_piano_roll(solo, path, title="", bars_per_row=4):
    """Draw a solo as a picture, PNG or SVG by the file's ending.

    Raises
    ------
    ModuleNotFoundError
        Where matplotlib is missing; it comes with the extra ``plots``.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = -(-len(solo.chords) // bars_per_row)
    figure = Figure(figsize=(11, 1.5 * rows + 0.6), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(title)
    panels = figure.subplots(rows, 1, sharey=True, squeeze=False)[:, 0]
    for row, panel in enumerate(panels):
        _draw_row(panel, solo, row * bars_per_row, bars_per_row)
    # No date and no drawn names inside: the same solo gives the same file.
    metadata = {"Date": None} if str(path).endswith(".svg") else None
    with rc_context({"svg.hashsalt": "solo"}):
        figure.savefig(path, dpi=110, metadata=metadata)


def _draw_row(panel, solo, first_bar, bars):
    begin, end = first_bar * TICKS_PER_BAR, (first_bar + bars) * TICKS_PER_BAR
    for (pitch, ticks), start in zip(solo.melody, note_starts(solo.melody), strict=True):
        if pitch is not None and begin <= start < end:
            panel.barh(pitch, ticks - 0.6, left=start, height=0.85, color="#2a6f97")
    panel.set_xlim(begin, end)
    panel.set_xticks(range(begin, end + 1, TICKS_PER_BAR), [])
    panel.set_yticks((60, 72, 84), ("C4", "C5", "C6"))
    panel.grid(axis="x", color="#999999")
    panel.grid(axis="y", color="#dddddd")
    panel.set_axisbelow(True)
    for bar in range(first_bar, min(first_bar + bars, len(solo.chords))):
        where = (bar * TICKS_PER_BAR + 1, 1.03)
        panel.text(*where, solo.chords[bar].name, transform=panel.get_xaxis_transform())
