"""Chords, and the progressions that solos are played over.

A chord's quality says what a soloist plays over it: D a dominant that stands still (blues),
M a minor seventh (the ii), V a dominant that goes home, I a major tonic, T a minor tonic.
"""

import difflib
from dataclasses import dataclass, replace

QUALITIES = ("D", "M", "V", "I", "T")
TICKS_PER_BEAT = 12  # divisible by 3 and by 4: triplets and sixteenths both fall on the grid
BEATS_PER_BAR = 4
TICKS_PER_BAR = TICKS_PER_BEAT * BEATS_PER_BAR

PITCH_CLASSES = {
    "C": 0, "Db": 1, "C#": 1, "D": 2, "Eb": 3, "D#": 3, "E": 4, "F": 5, "Gb": 6, "F#": 6,
    "G": 7, "Ab": 8, "G#": 8, "A": 9, "Bb": 10, "A#": 10, "B": 11,
}  # fmt: skip
NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
SUFFIXES = {"D": "7", "M": "m7", "V": "7", "I": "maj7", "T": "m6"}


@dataclass(frozen=True)
class Chord:
    """One bar's harmony: the pitch class of its root (C = 0) and its quality."""

    root: int
    quality: str

    @property
    def name(self):
        """As on a lead sheet: ``Bb7``, ``Gm7``."""
        return NAMES[self.root] + SUFFIXES[self.quality]


@dataclass(frozen=True)
class Tune:
    """A progression in a key.

    Attributes
    ----------
    tonic : int
        Pitch class of the note on which a solo ends.
    bars : tuple of Chord
        One chord per bar; the form repeats from chorus to chorus.
    ending : Chord
        Takes the place of the last bar in the last chorus: home, no turnaround.
    """

    name: str
    title: str
    tonic: int
    bars: tuple
    ending: Chord
    tempo: int


# Degree of the root above the tonic in semitones, then the quality. Progressions belong to all.
_FORMS = {
    "blues": "0D 0D 0D 0D 5D 5D 0D 0D 7V 5D 0D 7V",
    "jazz_blues": "0D 5D 0D 0D 5D 5D 0D 9V 2M 7V 0D 7V",
    "minor_blues": "0T 0T 0T 0T 5M 5M 0T 0T 8D 7V 0T 7V",
    "two_five": "2M 7V 0I 0I 0M 5V 10I 10I 10M 3V 8I 8I 2M 7V 0I 7V",
    "turnaround": "0I 9V 2M 7V 0I 9V 2M 7V 5M 10V 3I 3I 2M 7V 0I 7V",
}

# name: form, key, title, beats a minute
_TUNES = {
    "blues_bb": ("blues", "Bb", "Slow lift blues in B flat", 132),
    "blues_f": ("jazz_blues", "F", "Back stairs blues in F", 152),
    "minor_blues_c": ("minor_blues", "C", "Night bus blues in C minor", 126),
    "two_five_c": ("two_five", "C", "Downhill, two-five-ones from C", 160),
    "turnaround_eb": ("turnaround", "Eb", "Round the block in E flat", 144),
}


def tune_names():
    """Every name that `tune` knows."""
    return tuple(_TUNES)


def tune(name, key=None):
    """Look a tune up, in another key where one is asked for.

    Raises
    ------
    ValueError
        For an unknown tune or key; the message lists the known ones.
    """
    if name not in _TUNES:
        near = difflib.get_close_matches(name, _TUNES, n=1)
        guess = f" Did you mean {near[0]}?" if near else ""
        raise ValueError(f"There is no tune {name!r}.{guess} Tunes: {', '.join(_TUNES)}.")
    form, home, title, tempo = _TUNES[name]
    written = _written_in(name, title, tempo, _FORMS[form], PITCH_CLASSES[home])
    return written if key is None else in_key(written, key)


def in_key(tune, key):
    """Move a whole tune so that its tonic is ``key``, such as ``"Eb"``."""
    if key not in PITCH_CLASSES:
        raise ValueError(f"There is no key {key!r}. Keys: {', '.join(NAMES)}.")
    shift = PITCH_CLASSES[key] - tune.tonic

    def moved(chord):
        return replace(chord, root=(chord.root + shift) % 12)

    bars = tuple(moved(chord) for chord in tune.bars)
    tonic = (tune.tonic + shift) % 12
    return replace(tune, tonic=tonic, bars=bars, ending=moved(tune.ending))


def choruses(tune, count):
    """The chords of ``count`` times through the form, the last one ending at home.

    Returns
    -------
    tuple of Chord
    """
    if count < 1:
        raise ValueError(f"A solo has at least one chorus, not {count}.")
    return (*(tune.bars * count)[:-1], tune.ending)


def first_bars(tune, count):
    """The chords of the first ``count`` bars, form after form, the last one ending at home.

    Returns
    -------
    tuple of Chord
    """
    if count < 1:
        raise ValueError(f"A solo has at least one bar, not {count}.")
    times = -(-count // len(tune.bars))
    return (*(tune.bars * times)[: count - 1], tune.ending)


def _written_in(name, title, tempo, form, tonic):
    bars = []
    for symbol in form.split():
        degree, quality = int(symbol[:-1]), symbol[-1]
        bars.append(Chord((tonic + degree) % 12, quality))
    home = next(chord.quality for chord in reversed(bars) if chord.root == tonic)
    return Tune(name, title, tonic, tuple(bars), Chord(tonic, home), tempo)
