"""One session from silence to a solo: compose, train, improvise, measure."""

from dataclasses import dataclass

import numpy as np
from arrangement import Performance, arrange
from batches import make_corpus
from chords import tune as find_tune
from improvising import Improvisation, improvise
from listening import Intervals, counting_bits, intervals, verdict
from training import STEPS, train

FREE_SOLOS = 8  # drawn without the rule about leaps, to see what the network itself prefers
FREE = 12  # semitones: the widest move that a token can say


@dataclass(frozen=True)
class Concert:
    """What a session ends with.

    Attributes
    ----------
    bits, counted_bits : float
        Held-out bits a token of the network, and of the best n-gram that hears no chords.
    verdict : str
        ``good``, ``passed`` or ``not yet``.
    free : Intervals
        Shares of steps and leaps over solos drawn without the rule about leaps.
    played : Improvisation
    performance : Performance
        For `midi_file.write_midi` and `synthesiser.render`.
    """

    bits: float
    counted_bits: float
    verdict: str
    free: Intervals
    played: Improvisation
    performance: Performance


def perform(functions, rng, *, tune="blues_f", key=None, temperature=0.9, choruses=2,
            steps=STEPS, cells=None, clock=None, should_stop=lambda: False):  # fmt: skip
    """Train the learner's functions and let them play.

    Parameters
    ----------
    functions : object with all functions of the assignment as attributes
    rng : numpy.random.Generator
    tune, key : str
        A name from `chords.tune_names`, and another key such as ``"Eb"`` where wanted.
    cells : tuple of Cell, optional
        What `cells.read_cells` made of a text; where none are given, ``cells.txt`` is read.
    clock : callable returning seconds, optional
        As for `train`.
    should_stop : callable returning bool
        Asked after every report: True ends the training, and the best so far plays.

    Yields
    ------
    Progress, then one Concert
        The concert is the last record.

    Raises
    ------
    ValueError
        For an unknown tune or key, before any work is done.
    """
    chosen = find_tune(tune, key)
    corpus = make_corpus(functions, rng, cells=cells)
    for progress in train(functions, corpus, rng, steps=steps, clock=clock):
        yield progress
        if should_stop():
            break

    def solo(count, **options):
        parameters, vocabulary = progress.parameters, corpus.vocabulary
        return improvise(functions, parameters, vocabulary, chosen, rng, count=count, **options)

    free = [solo(1, temperature=1.0, widest_leap=FREE).solo.melody for _ in range(FREE_SOLOS)]
    played = solo(choruses, temperature=temperature)
    yield Concert(
        bits=progress.bits,
        counted_bits=counting_bits(corpus),
        verdict=verdict(progress.bits),
        free=_mean(free),
        played=played,
        performance=arrange(played.solo, chosen, rng),
    )


def _mean(melodies):
    measured = [intervals(melody) for melody in melodies]
    steps, leaps = zip(*((one.steps, one.leaps) for one in measured))
    return Intervals(float(np.mean(steps)), float(np.mean(leaps)))
