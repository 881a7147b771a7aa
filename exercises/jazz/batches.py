"""From solos to arrays: numbered tokens, windows, network inputs, the loss."""

from dataclasses import dataclass

import numpy as np
from cells import course_cells
from chords import tune, tune_names
from corpus import compose_corpus
from vocabulary import roots_of, sequence_of, vocabulary_of

TRAINING_SOLOS, HELD_OUT_SOLOS = 480, 60


@dataclass(frozen=True)
class Corpus:
    """What to train on, what to judge by, and the list of all tokens."""

    vocabulary: tuple
    training: tuple
    held_out: tuple


def make_corpus(functions, rng, *, cells=None, training=TRAINING_SOLOS, held_out=HELD_OUT_SOLOS):
    """Compose solos over every tune and write them down with the learner's ``encode_melody``.

    Held-out solos are never trained on; they are made by the same rules from other draws.

    Parameters
    ----------
    functions : object with ``encode_melody`` as an attribute
    rng : numpy.random.Generator
    cells : tuple of Cell, optional
        Those of ``cells.txt`` where none are given.
    """
    tunes = [tune(name) for name in tune_names()]
    cells = course_cells() if cells is None else cells
    solos = compose_corpus(tunes, cells, training + held_out, rng)
    written = [functions.encode_melody(list(s.melody), roots_of(s), s.start) for s in solos]
    vocabulary = vocabulary_of(written)
    pairs = zip(solos, written, strict=True)
    sequences = [sequence_of(solo, tokens, vocabulary) for solo, tokens in pairs]
    return Corpus(tuple(vocabulary), tuple(sequences[:training]), tuple(sequences[training:]))


def draw_windows(sequences, size, length, rng):
    """Cut ``size`` random windows of ``length`` tokens; longer solos are cut more often.

    Returns
    -------
    before, targets : ndarray (m, T) of int
        The token before each one (-1 before the first of a solo), and the token itself.
    contexts : ndarray (n_context, m, T)
    """
    rooms = np.array([len(sequence.indices) - length + 1 for sequence in sequences])
    chosen = rng.choice(len(sequences), size=size, p=rooms / rooms.sum())
    starts = rng.integers(rooms[chosen])
    return _cut([sequences[i] for i in chosen], starts, length)


def whole_solos(sequences):
    """Lay whole solos side by side, padded at the end.

    Returns
    -------
    before, targets, contexts
        As in `draw_windows`, with T the longest solo.
    mask : ndarray (m, T) of bool
        True where there is a token.
    """
    lengths = [len(sequence.indices) for sequence in sequences]
    before, targets, contexts = _cut(sequences, [0] * len(sequences), max(lengths))
    return before, targets, contexts, np.arange(max(lengths)) < np.array(lengths)[:, None]


def network_inputs(functions, before, contexts, n_values):
    """Put the one-hot of the token before on top of the context.

    Returns
    -------
    ndarray (n_values + n_context, m, T)
    """
    m, T_x = before.shape
    columns = functions.one_hot_tokens(before.T.reshape(-1), n_values)  # (n_values, T m)
    tokens = np.asarray(columns, dtype=float).reshape(n_values, T_x, m)
    stacked = np.concatenate((tokens, np.swapaxes(contexts, 1, 2)))
    return np.swapaxes(stacked, 1, 2)


def cross_entropy(outputs, targets, mask=None):
    """Mean loss in bits a token, and its gradient in nats with respect to the logits.

    Parameters
    ----------
    outputs : ndarray (n_values, m, T)
        Probabilities.
    targets : ndarray (m, T) of int
    mask : ndarray (m, T) of bool, optional
        Which tokens count.
    """
    counted = np.ones(targets.shape) if mask is None else mask.astype(float)
    rows, columns = np.indices(targets.shape)
    given = np.maximum(outputs[targets, rows, columns], np.finfo(float).tiny)
    bits = -float(np.sum(np.log2(given) * counted) / counted.sum())
    dlogits = outputs * (counted / counted.sum())
    dlogits[targets, rows, columns] -= counted / counted.sum()
    return bits, dlogits


def _cut(sequences, starts, length):
    shape = (len(sequences), length)
    before, targets = np.full(shape, -1), np.zeros(shape, dtype=int)
    contexts = np.zeros((sequences[0].contexts.shape[0], *shape))
    for row, (sequence, start) in enumerate(zip(sequences, starts, strict=True)):
        shifted = np.concatenate(([-1], sequence.indices))
        here = slice(start, start + length)
        count = len(sequence.indices[here])
        targets[row, :count] = sequence.indices[here]
        before[row, :count] = shifted[here][:count]
        contexts[:, row, :count] = sequence.contexts[:, here]
    return before, targets, contexts
