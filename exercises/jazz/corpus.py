"""Solos for the network to learn from: made of cells, by rule, the same for the same seed.

A solo repeats ideas as a player would: phrases of four bars in forms such as AAB, riffs that
come back two bars later, every cell begun near the note before (voice leading), and small
mutations everywhere.
"""

from dataclasses import dataclass

import numpy as np
from chords import NAMES, choruses, in_key
from mutations import mutate

LOWEST, HIGHEST = 54, 84  # F sharp below middle C, and the C two octaves above it
WIDEST_LEAP = 9
MUTATION_RATE = 0.52  # of each further change in a bar: counted n-grams need 2.7 bits a token then
RIFF_RATE = 0.3
_FORMS = {3: ("AAB", "AAB", "ABA", "ABC"), 4: ("AABA", "AABC", "ABAC", "ABCD")}


@dataclass(frozen=True)
class Solo:
    """A melody over chords.

    Attributes
    ----------
    chords : tuple of Chord
        One a bar.
    melody : tuple of (pitch, ticks)
        MIDI pitches (60 is middle C), None for a rest; together they fill the bars exactly.
    start : int
        The pitch from which the first note is reached.
    """

    chords: tuple
    melody: tuple
    start: int


def compose_corpus(tunes, cells, count, rng, chorus_count=2):
    """Compose ``count`` solos, going round the tunes and through all twelve keys.

    Degrees and root motions do not change with the key; only the range does.
    """
    solos = []
    for number in range(count):
        tune = in_key(tunes[number % len(tunes)], NAMES[int(rng.integers(12))])
        solos.append(compose_solo(choruses(tune, chorus_count), cells, rng))
    return solos


def compose_solo(chords, cells, rng, mutation_rate=MUTATION_RATE):
    """Compose one solo over the chords, which make whole phrases of four bars.

    Parameters
    ----------
    chords : tuple of Chord
    cells : tuple of Cell
    rng : numpy.random.Generator
    mutation_rate : float

    Returns
    -------
    Solo
        Ends on the root of its last chord.
    """
    start = int(rng.integers(64, 73))
    pitch, melody, ideas, waiting = start, [], {}, []
    plan = _plan(len(chords), rng)
    for number, chord in enumerate(chords):
        last = number == len(chords) - 1
        name = (*plan[number], chord.quality)
        idea = waiting.pop() if waiting and not last else ideas.get(name)
        if idea is None or last or _distance(idea, chord.root, pitch) > WIDEST_LEAP:
            pair = not last and number % 2 == 0 and chords[number + 1].quality == chord.quality
            candidates = _candidates(chord, cells, pair, last)
            idea, *waiting = _choose(chord, candidates, pitch, rng)
        ideas[name] = idea
        played = idea if last else mutate(idea, chord.quality, rng, mutation_rate)
        far = _distance(played, chord.root, pitch) > WIDEST_LEAP
        notes = _place(idea if far else played, chord.root, pitch)
        melody.extend(notes)
        pitch = next((sounds for sounds, _ in reversed(notes) if sounds is not None), pitch)
    return Solo(tuple(chords), tuple(melody), start)


def _plan(bar_count, rng):
    """Name the idea of every bar: (chorus, phrase letter, bar in the phrase)."""
    phrases = -(-bar_count // 4)
    size = next((size for size in _FORMS if phrases % size == 0), phrases)
    plan = []
    for chorus in range(phrases // size):
        forms = _FORMS.get(size, ("A" * size,))
        riffs = {}
        for letter in forms[int(rng.integers(len(forms)))]:
            riff = riffs.setdefault(letter, rng.random() < RIFF_RATE)
            plan += [(chorus, letter, bar % 2 if riff else bar) for bar in range(4)]
    return plan


def _candidates(chord, cells, pair, last):
    """The ideas that fit: tuples of one bar, or of two where there is room for a ``pair``."""
    lengths = (1, 2) if pair else (1,)
    fitting = [cell for cell in cells if cell.quality == chord.quality]
    if last:
        fitting = [cell for cell in fitting if cell.last % 12 == 0]
    return [cell.bars for cell in fitting if len(cell.bars) in lengths]


def _choose(chord, candidates, pitch, rng):
    """Draw an idea for the chord, preferring one that begins near ``pitch``."""
    distances = np.array([_distance(bars[0], chord.root, pitch) for bars in candidates])
    near = distances <= max(WIDEST_LEAP, distances.min())
    weights = np.exp(-distances / 4.0) * near
    return candidates[int(rng.choice(len(candidates), p=weights / weights.sum()))]


def _distance(bar, root, pitch):
    """Semitones from ``pitch`` to the first note of the bar; 0 where nothing sounds."""
    placed = (sounds for sounds, _ in _place(bar, root, pitch) if sounds is not None)
    return abs(next(placed, pitch) - pitch)


def _place(bar, root, pitch):
    """Put a bar into the octave that begins nearest to ``pitch`` and stays in range."""
    offsets = [offset for offset, _ in bar if offset is not None]
    if not offsets:
        return list(bar)
    bases = range(root + 12, 128, 12)
    fitting = [b for b in bases if b + min(offsets) >= LOWEST and b + max(offsets) <= HIGHEST]
    base = min(fitting or bases, key=lambda base: abs(base + offsets[0] - pitch))
    return [(None if offset is None else base + offset, ticks) for offset, ticks in bar]
