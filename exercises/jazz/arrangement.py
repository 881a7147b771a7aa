"""A small band around a solo: piano shells, walking bass, drums; swung two to one."""

from dataclasses import dataclass

from chords import TICKS_PER_BAR, TICKS_PER_BEAT
from vocabulary import note_starts

# Third and seventh: the two notes that tell one chord from another.
SHELLS = {"D": (4, 10), "M": (3, 10), "V": (4, 10), "I": (4, 11), "T": (3, 9)}

RIDE, PEDAL_HAT, KICK, CRASH = 51, 44, 36, 49  # keys of General MIDI percussion
_RIDE_PATTERN = (0, 12, 18, 24, 36, 42)  # spang, spang-a-lang
_COMPING = ((0, 18), (6, 30), (0, 18), (18, 36))  # where the piano strikes, bar by bar


@dataclass(frozen=True)
class Note:
    """One note that sounds from ``start`` to ``end``, in swung ticks of 12 a beat."""

    start: int
    end: int
    pitch: int
    velocity: int


@dataclass(frozen=True)
class Part:
    """One player: a General MIDI program (counted from 0) and the notes in order."""

    name: str
    program: int
    notes: tuple
    drums: bool = False


@dataclass(frozen=True)
class Performance:
    """All parts of one solo, ready to be rendered.

    Attributes
    ----------
    tempo : int
        Beats a minute.
    ticks : int
        Length of the whole, in ticks of 12 a beat.
    """

    title: str
    tempo: int
    ticks: int
    parts: tuple


def arrange(solo, tune, rng):
    """Give a solo its band.

    Parameters
    ----------
    solo : Solo
    tune : Tune
        Title and tempo.
    rng : numpy.random.Generator
        Draws the way of the bass.
    """
    parts = (
        Part("Lead", 65, _lead(solo.melody)),
        Part("Piano", 0, _piano(solo.chords)),
        Part("Bass", 32, _bass(solo.chords, rng)),
        Part("Drums", 0, _drums(len(solo.chords)), drums=True),
    )
    return Performance(tune.title, tune.tempo, len(solo.chords) * TICKS_PER_BAR, parts)


def swung(tick):
    """Where a tick of the even grid is played: the off-beat eighth two thirds into its beat.

    Beats stay, triplets are swung already; sixteenths follow their eighth.

    Examples
    --------
    >>> [swung(tick) for tick in (0, 3, 4, 6, 8, 9, 12)]
    [0, 4, 4, 8, 8, 10, 12]
    """
    beat, within = divmod(tick, TICKS_PER_BEAT)
    return beat * TICKS_PER_BEAT + {3: 4, 6: 8, 9: 10}.get(within, within)


def _played(start, end, pitch, velocity):
    return Note(swung(start), swung(end), int(pitch), velocity)


def _lead(melody):
    notes = []
    for (pitch, ticks), start in zip(melody, note_starts(melody), strict=True):
        if pitch is not None:
            accent = 12 if start % TICKS_PER_BEAT in (4, 6, 8) else 0  # off-beats are leaned on
            notes.append(_played(start, start + ticks, pitch, 86 + accent))
    return tuple(notes)


def _piano(chords):
    notes = []
    for bar, chord in enumerate(chords):
        begin, last = bar * TICKS_PER_BAR, bar == len(chords) - 1
        strikes = (0,) if last else _COMPING[bar % len(_COMPING)]
        for number, strike in enumerate(strikes):
            long = TICKS_PER_BAR if last else (12, 6)[number]
            for interval in SHELLS[chord.quality]:
                pitch = 52 + (chord.root + interval - 52) % 12
                notes.append(_played(begin + strike, begin + strike + long, pitch, 58))
    return tuple(notes)


def _bass(chords, rng):
    """Root on the first beat, chord notes on the way, a neighbour of the next root at the end."""
    notes, low = [], 28  # the lowest E of the double bass
    for bar, chord in enumerate(chords):
        begin, root = bar * TICKS_PER_BAR, low + (chord.root - low) % 12
        if bar == len(chords) - 1:
            notes.append(_played(begin, begin + TICKS_PER_BAR, root, 84))
            break
        target = low + (chords[bar + 1].root - low) % 12
        third, seventh = SHELLS[chord.quality]
        middle = ((third, 7), (7, seventh), (12, 7), (7, third))[int(rng.integers(4))]
        approach = target + (1 if rng.random() < 0.5 or target == low else -1)
        walk = (root, root + middle[0], root + middle[1], approach)
        for beat, pitch in enumerate(walk):
            start = begin + beat * TICKS_PER_BEAT
            notes.append(_played(start, start + TICKS_PER_BEAT, pitch, 80))
    return tuple(notes)


def _drums(bars):
    notes = []
    for bar in range(bars):
        begin = bar * TICKS_PER_BAR
        if bar == bars - 1:
            notes += [_played(begin, begin + 24, key, 78) for key in (KICK, CRASH)]
            break
        hits = [(tick, RIDE, 72 if tick % 12 else 62) for tick in _RIDE_PATTERN]
        hits += [(12, PEDAL_HAT, 64), (36, PEDAL_HAT, 64)]
        hits += [(tick, KICK, 34) for tick in (0, 24)]
        notes += [_played(begin + t, begin + t + 3, key, loud) for t, key, loud in sorted(hits)]
    return tuple(notes)
