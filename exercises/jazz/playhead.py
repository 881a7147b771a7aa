"""The playhead of an improvisation: where it is, what it hears there, what it may play next.

A sheet is what stands still during a solo (chords, tokens, what leads to a good end); a playhead
is a sheet with a tick and the pitch that sounded last. Both are plain dictionaries of numbers
and arrays, and `advance` makes a new playhead: the old one can be played on from again.
"""

import numpy as np
from cells import fits_rhythm
from chords import TICKS_PER_BAR, TICKS_PER_BEAT
from vocabulary import REST, context_column

LOWEST, HIGHEST = 54, 84
WIDEST_LEAP = 9  # semitones
START = 67


def open_sheet(chords, vocabulary, *, tonic, widest_leap=WIDEST_LEAP, start=START):
    """Put the playhead at the start of a solo over ``chords``.

    Parameters
    ----------
    chords : tuple of Chord
        One a bar.
    vocabulary : sequence of (degree, direction, ticks)
    tonic : int
        Pitch class on which the solo ends.
    widest_leap : int
        In semitones, at most 12.
    start : int
        The pitch from which the first note is reached.

    Returns
    -------
    dict
        The playhead.

    Raises
    ------
    ValueError
        Where these tokens cannot fill the bars and end on the tonic.
    """
    columns = [context_column(chords, tick) for tick in _ticks(chords)]
    sheet = {
        "tokens": np.array(vocabulary, dtype=int).T,  # (3, n_values)
        "roots": np.array([chord.root for chord in chords]),
        "ticks": np.array(_ticks(chords)),
        "contexts": np.concatenate(columns, axis=1),
        "widest_leap": widest_leap,
    }
    sheet["leads_home"] = _leads_home(sheet, tonic)
    if not sheet["leads_home"][0, start]:
        raise ValueError(
            f"These {len(vocabulary)} tokens cannot fill {len(chords)} bars and end on the tonic:"
            " they lack durations, or the tonic itself."
        )
    return {"sheet": sheet, "tick": 0, "pitch": start}


def at_end(playhead):
    """Say whether the last bar is full."""
    return playhead["tick"] >= len(playhead["sheet"]["roots"]) * TICKS_PER_BAR


def context_at(playhead):
    """What the network hears besides the token before.

    Returns
    -------
    ndarray (n_context, 1)
        Chord quality, root motions, position in the bar.
    """
    sheet = playhead["sheet"]
    place = min(int(np.searchsorted(sheet["ticks"], playhead["tick"])), len(sheet["ticks"]) - 1)
    return sheet["contexts"][:, place : place + 1]


def allowed_at(playhead):
    """Which tokens may come next; at least one always may.

    Nothing crosses a bar line, triplets are completed, notes stay in the range 54 to 84 and leap
    no further than the sheet allows, the last bar begins with a note, and the way to a last note
    on the tonic, a beat long at least, stays open.

    Returns
    -------
    ndarray (n_values, 1) of bool
    """
    sheet, tick, pitch = playhead["sheet"], playhead["tick"], playhead["pitch"]
    fits = _fitting(sheet, tick)
    lands, possible = _landings(sheet, tick, np.array([pitch]))
    after = np.minimum(tick + sheet["tokens"][2], len(sheet["leads_home"]) - 1)
    home = sheet["leads_home"][after[:, None], lands]
    return fits[:, None] & possible & home


def advance(playhead, index):
    """Play token ``index``: the playhead after it.

    Returns
    -------
    dict
        A new playhead; the old one stays as it is.
    """
    sheet, tick = playhead["sheet"], playhead["tick"]
    lands, _ = _landings(sheet, tick, np.array([playhead["pitch"]]))
    ticks = int(sheet["tokens"][2, index])
    return {"sheet": sheet, "tick": tick + ticks, "pitch": int(lands[index, 0])}


def _ticks(chords):
    """Every tick of the solo at which a token can begin."""
    ticks = np.arange(len(chords) * TICKS_PER_BAR)
    return ticks[(ticks % 3 == 0) | (ticks % 4 == 0)].tolist()


def _fitting(sheet, tick):
    """Which tokens fit the rhythm of their bar, and in the last bar make a cadence.

    It begins with a note, not a rest, and its last note is held to the end, for a beat or more.
    """
    degrees, _, lengths = sheet["tokens"]
    fits = np.array([fits_rhythm(tick % TICKS_PER_BAR, int(ticks)) for ticks in lengths])
    end = len(sheet["roots"]) * TICKS_PER_BAR
    held = (degrees != REST) & (lengths >= TICKS_PER_BEAT)
    if tick == end - TICKS_PER_BAR:
        fits &= degrees != REST
    return fits & (held | (tick + lengths != end))


def _landings(sheet, tick, pitches):
    """The pitch that each token reaches from each pitch, and whether that is permitted.

    Returns
    -------
    lands, possible : ndarray (n_values, len(pitches))
        A rest, and what is not possible, stays on its pitch.
    """
    degrees, directions, _ = sheet["tokens"]
    root = sheet["roots"][min(tick // TICKS_PER_BAR, len(sheet["roots"]) - 1)]
    moves = np.arange(-12, 13)
    right_class = (pitches + moves[:, None] - root - degrees[:, None, None]) % 12 == 0
    right_way = np.sign(moves)[:, None] == directions[:, None, None]
    hits = right_class & right_way  # (n_values, 25, len(pitches)); at most one move each
    rest = (degrees == REST)[:, None]
    reached = pitches + moves[np.argmax(hits, axis=1)]
    in_range = (reached >= LOWEST) & (reached <= HIGHEST)
    near = np.abs(reached - pitches) <= sheet["widest_leap"]
    possible = (hits.any(axis=1) & in_range & near) | rest
    return np.where(possible & ~rest, reached, pitches), possible


def _leads_home(sheet, tonic):
    """From which tick and pitch a permitted way leads to a last note on the tonic.

    Worked out backwards from the end, so that no choice on the way is a dead end.

    Returns
    -------
    ndarray (n_ticks + 1, 128) of bool
    """
    end = len(sheet["roots"]) * TICKS_PER_BAR
    pitches = np.arange(128)
    home = np.zeros((end + 1, 128), dtype=bool)
    home[end] = pitches % 12 == tonic
    lengths = sheet["tokens"][2]
    for bar in reversed(range(end // TICKS_PER_BAR)):
        lands, possible = _landings(sheet, bar * TICKS_PER_BAR, pitches)
        for start in reversed(sheet["ticks"][sheet["ticks"] // TICKS_PER_BAR == bar]):
            fits = _fitting(sheet, start)
            after = np.minimum(start + lengths, end)
            open_ways = fits[:, None] & possible & home[after[:, None], lands]
            home[start] = open_ways.any(axis=0)
    return home
