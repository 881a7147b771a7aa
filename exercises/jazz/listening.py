"""What can be measured about a melody, and a baseline that only counts."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np

STEP, FIFTH = 2, 7  # semitones
PASS_BITS, GOOD_BITS = 2.60, 2.25
LEAST_STEPS, MOST_LEAPS = 0.40, 0.15


@dataclass(frozen=True)
class Intervals:
    """Shares of a melody's intervals: steps of at most two semitones, leaps beyond a fifth."""

    steps: float
    leaps: float

    @property
    def singable(self):
        """Whether the line moves mostly by step, as the course asks."""
        return self.steps >= LEAST_STEPS and self.leaps <= MOST_LEAPS


def intervals(melody):
    """Measure a melody, a list of (pitch, ticks) with None for rests.

    A melody of fewer than two notes has no intervals; both shares are 0 then.
    """
    pitches = [pitch for pitch, _ in melody if pitch is not None]
    sizes = np.abs(np.diff(pitches))
    if not sizes.size:
        return Intervals(0.0, 0.0)
    return Intervals(float(np.mean(sizes <= STEP)), float(np.mean(sizes > FIFTH)))


def verdict(bits):
    """Put held-out bits a token into a word: ``good``, ``passed`` or ``not yet``."""
    if bits <= GOOD_BITS:
        return "good"
    return "passed" if bits <= PASS_BITS else "not yet"


def counting_bits(corpus, longest=4, hears_context=False):
    """Held-out bits a token of counted n-grams, the best of all orders up to ``longest`` tokens.

    Parameters
    ----------
    corpus : Corpus
    longest : int
        Tokens of history at most.
    hears_context : bool
        Whether chord quality, root motions and position are part of the history as well.

    Notes
    -----
    Orders are interpolated by Witten and Bell's method (1991, method C): an order that has seen
    many different tokens follow leaves more to the shorter one.
    """
    return min(
        _bits_of_order(corpus, order, hears_context) for order in range(1, longest + 1)
    )


def _bits_of_order(corpus, order, hears_context):
    counts = defaultdict(Counter)
    for sequence in corpus.training:
        for histories, token in _histories(sequence, order, hears_context):
            for history in histories:
                counts[history][token] += 1
    surprise, tokens = 0.0, 0
    for sequence in corpus.held_out:
        for histories, token in _histories(sequence, order, hears_context):
            probability = 1 / len(corpus.vocabulary)
            for history in histories:
                seen = counts.get(history)
                if seen:
                    kinds = len(seen)
                    probability = (seen[token] + kinds * probability) / (seen.total() + kinds)
            surprise -= float(np.log2(probability))
            tokens += 1
    return surprise / tokens


def _histories(sequence, order, hears_context):
    """For every token its histories, from the shortest to the longest, and the token."""
    tokens = sequence.indices.tolist()
    for t, token in enumerate(tokens):
        heard = sequence.contexts[:, t].tobytes() if hears_context else b""
        lengths = range(min(order, t + 1))
        yield [(heard, tuple(tokens[t - length : t])) for length in lengths], token
