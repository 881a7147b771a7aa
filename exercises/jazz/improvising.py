"""A new solo from a trained model."""

from dataclasses import dataclass

import numpy as np
from chords import TICKS_PER_BAR, choruses, first_bars
from corpus import Solo
from playhead import START, WIDEST_LEAP, open_sheet


@dataclass(frozen=True)
class Improvisation:
    """A solo that a network played.

    Attributes
    ----------
    solo : Solo
    indices : tuple of int
        Its tokens in the vocabulary.
    surprise : ndarray (T,)
        Bits of every token under the probabilities from which it was drawn.
    """

    solo: Solo
    indices: tuple
    surprise: np.ndarray


def improvise(functions, parameters, vocabulary, tune, rng, *, temperature=0.9, count=2,
              bars=None, widest_leap=WIDEST_LEAP):  # fmt: skip
    """Let the learner's ``music_inference_model`` play ``count`` choruses of a tune.

    Parameters
    ----------
    functions : object with ``music_inference_model`` and ``decode_melody``
    parameters : dict
    vocabulary : tuple of tokens
        The one the model was trained with.
    tune : Tune
    rng : numpy.random.Generator
        Draws the random numbers that decide every token.
    temperature : float
    bars : int, optional
        So many bars of the tune instead of whole choruses.
    widest_leap : int
        In semitones; 12 leaves the leaps to the network.
    """
    chords = choruses(tune, count) if bars is None else first_bars(tune, bars)
    playhead = open_sheet(chords, vocabulary, tonic=tune.tonic, widest_leap=widest_leap)
    nothing = np.zeros((parameters["Wy"].shape[1], 1))
    uniforms = rng.random(len(chords) * TICKS_PER_BAR)  # a token lasts a tick at least
    indices, probabilities = functions.music_inference_model(
        playhead, nothing, nothing.copy(), parameters, uniforms, temperature
    )
    tokens = [tuple(vocabulary[index]) for index in indices]
    starts = np.cumsum([0] + [ticks for _, _, ticks in tokens])[:-1]
    roots = [chords[start // TICKS_PER_BAR].root for start in starts]
    melody = functions.decode_melody(tokens, roots, START)
    drawn = np.asarray(probabilities)[np.asarray(indices), np.arange(len(indices))]
    solo = Solo(chords, tuple((pitch, ticks) for pitch, ticks in melody), START)
    return Improvisation(solo, tuple(indices), -np.log2(drawn))
