"""Small changes that make one cell into many: no two choruses are quite alike."""

from itertools import pairwise

from cells import DURATIONS, fits_rhythm

EIGHTH, QUARTER = DURATIONS["e"], DURATIONS["q"]


# Semitones above the root that a mutated note may move to.
SCALES = {
    "D": (0, 2, 3, 4, 5, 6, 7, 9, 10),
    "M": (0, 2, 3, 5, 7, 9, 10),
    "V": (0, 1, 2, 3, 4, 5, 7, 8, 9, 10),
    "I": (0, 2, 4, 5, 7, 9, 11),
    "T": (0, 2, 3, 5, 7, 9, 10),
}


def mutate(bar, quality, rng, rate):
    """Change a bar with probability ``rate``, once or a few times.

    Parameters
    ----------
    bar : tuple of (offset, ticks)
        As in a `Cell`; not changed.
    quality : str
        The chord's: moved notes stay in its scale.
    rng : numpy.random.Generator
    rate : float
        Probability of each further change.

    Returns
    -------
    tuple of (offset, ticks)
        Still fills its bar.
    """
    while rng.random() < rate:
        change = CHANGES[rng.integers(len(CHANGES))]
        place = int(rng.integers(len(bar)))
        changed = change(bar, place, SCALES[quality], rng)
        if _playable(changed):
            bar = changed
    return bar


def _neighbour(bar, place, scale, rng):
    """Move one note to its neighbour in the scale."""
    offset, ticks = bar[place]
    if offset is None:
        return bar
    moved = _neighbour_of(offset, scale, int(rng.choice((-1, 1))))
    return (*bar[:place], (moved, ticks), *bar[place + 1 :])


def _split(bar, place, scale, rng):
    """Make two eighths of a quarter: the note, and itself or a neighbour."""
    offset, ticks = bar[place]
    if ticks != QUARTER or offset is None:
        return bar
    neighbour = _neighbour_of(offset, scale, int(rng.choice((-1, 1))))
    second = offset if rng.random() < 0.4 else neighbour
    return (*bar[:place], (offset, EIGHTH), (second, EIGHTH), *bar[place + 1 :])


def _merge(bar, place, scale, rng):
    """Let one eighth ring through the next one."""
    if place + 1 >= len(bar) or bar[place][1] != EIGHTH or bar[place + 1][1] != EIGHTH:
        return bar
    return (*bar[:place], (bar[place][0], QUARTER), *bar[place + 2 :])


def _hush(bar, place, scale, rng):
    """Leave one note out."""
    return (*bar[:place], (None, bar[place][1]), *bar[place + 1 :])


def _exchange(bar, place, scale, rng):
    """Let two notes change places."""
    if place + 1 >= len(bar) or bar[place][1] != bar[place + 1][1]:
        return bar
    return (*bar[:place], bar[place + 1], bar[place], *bar[place + 2 :])


CHANGES = (_neighbour, _split, _merge, _neighbour, _exchange, _hush)


def _neighbour_of(offset, scale, direction):
    """The next note of the scale above (+1) or below (-1)."""
    offset += direction
    while offset % 12 not in scale:
        offset += direction
    return offset


def _playable(bar):
    """Whether the rhythm still fits, something still sounds, and no leap passes a sixth."""
    tick = 0
    for _, ticks in bar:
        if not fits_rhythm(tick, ticks):
            return False
        tick += ticks
    offsets = [offset for offset, _ in bar if offset is not None]
    leaps = (abs(b - a) for a, b in pairwise(offsets))
    return bool(offsets) and max(leaps, default=0) <= 9
