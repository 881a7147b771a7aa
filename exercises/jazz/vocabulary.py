"""What the network sees and says: tokens, and the context that stands beside each of them.

A token is (degree, direction, ticks): the degree 0-11 above the root of the chord of its bar,
the direction +1, 0 or -1 from the pitch before, the duration on a grid of 12 ticks a beat.
A rest is (REST, 0, ticks).
"""

from dataclasses import dataclass

import numpy as np
from chords import QUALITIES, TICKS_PER_BAR

REST = -1

# Where in a bar a token can begin: sixteenths and triplets of every beat.
STARTS = tuple(tick for tick in range(TICKS_PER_BAR) if tick % 3 == 0 or tick % 4 == 0)
N_CONTEXT = len(QUALITIES) + 12 + 12 + len(STARTS)


@dataclass(frozen=True)
class Sequence:
    """One solo as the network reads it.

    Attributes
    ----------
    indices : ndarray (T,) of int
        Positions of the tokens in the vocabulary.
    contexts : ndarray (n_context, T)
        Chord quality, root motion into the bar and to the next one, position in the bar.
    """

    indices: np.ndarray
    contexts: np.ndarray


def vocabulary_of(token_lists):
    """Every token that occurs, sorted: the index of a token is its place in this list."""
    return sorted({tuple(token) for tokens in token_lists for token in tokens})


def roots_of(solo):
    """The root of the chord under each note of a solo, for `encode_melody`.

    Returns
    -------
    list of int
        Pitch classes, one per note or rest.
    """
    return [solo.chords[start // TICKS_PER_BAR].root for start in note_starts(solo.melody)]


def note_starts(melody):
    """The tick at which each note or rest begins."""
    lengths = [ticks for _, ticks in melody]
    return [0, *np.cumsum(lengths)[:-1].tolist()] if lengths else []


def context_column(chords, tick):
    """What is known before a token that begins at ``tick`` of the solo.

    Returns
    -------
    ndarray (n_context, 1)
        One-hot blocks: quality, root motion into this bar, to the next bar, position.
    """
    bar, start = divmod(tick, TICKS_PER_BAR)
    chord, before = chords[bar], chords[bar - 1]  # bar -1 is the last: the form goes round
    after = chords[(bar + 1) % len(chords)]
    ones = (
        QUALITIES.index(chord.quality),
        len(QUALITIES) + (chord.root - before.root) % 12,
        len(QUALITIES) + 12 + (after.root - chord.root) % 12,
        len(QUALITIES) + 24 + STARTS.index(start),
    )
    column = np.zeros((N_CONTEXT, 1))
    column[list(ones), 0] = 1.0
    return column


def sequence_of(solo, tokens, vocabulary):
    """Number a solo's tokens and put the context beside each of them."""
    place = {token: index for index, token in enumerate(vocabulary)}
    indices = np.array([place[tuple(token)] for token in tokens])
    columns = [context_column(solo.chords, tick) for tick in note_starts(solo.melody)]
    return Sequence(indices, np.concatenate(columns, axis=1))
