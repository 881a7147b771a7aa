"""Assignment 3: jazz improvisation with one shared LSTM cell.

Sizes: `n_values` tokens in the vocabulary, `n_x` input, `n_a` hidden and cell state, `m` examples
(one per column), `T_x` steps. A token is (degree, direction, ticks), see `vocabulary.py`.
"""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    """Write a melody down as tokens.

    Parameters
    ----------
    melody : list of (pitch, ticks)
        MIDI pitches (60 is middle C), None for a rest, and durations.
    roots : list of int
        The pitch class (C = 0, ..., B = 11) of the chord's root under each of them.
    start : int
        The pitch from which the first note is reached.

    Returns
    -------
    list of (degree, direction, ticks)
        Degree: semitones above the root, 0 to 11, whatever the octave. Direction: +1, 0 or -1
        where the pitch lies above, on or below the pitch that sounded last. A rest is
        (REST, 0, ticks), and the pitch that sounded last stays what it was.

    Examples
    --------
    Over F (pitch class 5): A above middle C, a rest, and the F below the A.

    >>> encode_melody([(69, 6), (None, 12), (65, 6)], [5, 5, 5], 60)
    [(4, 1, 6), (-1, 0, 12), (0, -1, 6)]
    """
    tokens = []

    # TODO 1.1 (about 8 lines): for every note degree, direction and ticks; remember its pitch
    raise NotImplementedError("encode_melody")

    return tokens


def decode_melody(tokens, roots, start):
    """Read tokens back into a melody.

    Parameters
    ----------
    tokens : list of (degree, direction, ticks)
        As `encode_melody` writes them.
    roots : list of int
        The pitch class of the chord's root under each of them.
    start : int
        The pitch from which the first note is reached.

    Returns
    -------
    list of (pitch, ticks)
        Direction +1: the nearest pitch of that degree strictly above the pitch that sounded
        last, so 1 to 12 semitones higher. Direction -1: strictly below. Direction 0: the same
        pitch again. A rest is (None, ticks), and the pitch that sounded last stays what it was.

    Examples
    --------
    >>> decode_melody([(4, 1, 6), (-1, 0, 12), (0, -1, 6)], [5, 5, 5], 60)
    [(69, 6), (None, 12), (65, 6)]
    """
    melody = []

    # TODO 1.2 (about 12 lines): how many semitones up or down (1 to 12) to the wanted degree?
    raise NotImplementedError("decode_melody")

    return melody


def one_hot_tokens(indices, n_values):
    """Make a one-hot column of every token, as wide as the vocabulary.

    Parameters
    ----------
    indices : ndarray (m,) of int
        Places in the vocabulary, 0 to n_values - 1; -1 where there is no token yet.
    n_values : int
        The size of the vocabulary.

    Returns
    -------
    ndarray (n_values, m)
        Float; 1.0 in row indices[i] of column i. A column for -1 stays all zero.

    Examples
    --------
    >>> one_hot_tokens(np.array([2, -1]), 3)
    array([[0., 0.],
           [0., 0.],
           [1., 0.]])
    """
    # TODO 2.1 (about 4 lines): zeros of the full size, then a one for every token there is
    raise NotImplementedError("one_hot_tokens")

    return one_hot


def djmodel(X, a0, c0, parameters):
    """Unroll one shared LSTM cell over a whole sequence, with an output at every step.

    Parameters
    ----------
    X : ndarray (n_x, m, T_x)
        The input of every step.
    a0, c0 : ndarray (n_a, m)
        Hidden state and cell state before the first step; not changed.
    parameters : dict
        Of the one cell and the one output layer, see `lstm_layer.initialize_parameters`.

    Returns
    -------
    outputs : ndarray (n_values, m, T_x)
        The probability of every token at every step.
    caches : list of tuple
        The cache of `lstm_step` at every step, in the order of time.
    """
    T_x = X.shape[2]
    n_values, m = parameters["by"].shape[0], X.shape[1]
    outputs = np.zeros((n_values, m, T_x))
    caches = []

    # TODO 3.1 (about 6 lines): slice t, the cell, densor, softmax, store; hand both states on
    raise NotImplementedError("djmodel")

    return outputs, caches


def masked_softmax(logits, temperature, allowed):
    """Turn scores into probabilities: sharpened or flattened, and only for what is allowed.

    Parameters
    ----------
    logits : ndarray (n_values, m)
        Scores of the tokens, one example per column.
    temperature : float
        Positive. 1 keeps the network's own probabilities; below 1 the likely becomes likelier,
        above 1 all becomes more alike.
    allowed : ndarray (n_values, m) of bool
        At least one True in every column.

    Returns
    -------
    ndarray (n_values, m)
        softmax(logits / temperature) over the allowed tokens; exactly 0 for the others. Every
        column sums to 1.

    Examples
    --------
    >>> allowed = np.array([[True], [True], [False]])
    >>> masked_softmax(np.array([[0.0], [0.5 * np.log(3.0)], [9.0]]), 0.5, allowed)
    array([[0.25],
           [0.75],
           [0.  ]])
    """
    # TODO 4.1 (about 4 lines): divide by the temperature, rule out what may not come, normalise
    raise NotImplementedError("masked_softmax")

    return probabilities


def predict_and_sample(probabilities, uniforms):
    """Draw one token from every column, as index and as one-hot.

    Parameters
    ----------
    probabilities : ndarray (n_values, m)
        Every column sums to 1.
    uniforms : ndarray (m,)
        One random number from [0, 1) for each column.

    Returns
    -------
    indices : ndarray (m,) of int
        For column i the first index whose cumulative probability p[0] + ... + p[index] is
        greater than uniforms[i]: index k is drawn with probability p[k].
    one_hots : ndarray (n_values, m)
        The same draws as one-hot columns.

    Examples
    --------
    Cumulative probabilities 0.5, 0.75, 1: 0.6 falls between the first two.

    >>> predict_and_sample(np.array([[0.5], [0.25], [0.25]]), np.array([0.6]))
    (array([1]), array([[0.],
           [1.],
           [0.]]))
    """
    # TODO 5.1 (about 3 lines): cumulative sums, the first one beyond the uniform, one-hots
    raise NotImplementedError("predict_and_sample")

    return indices, one_hots


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    """Improvise: every token that is drawn becomes the input of the next step.

    Parameters
    ----------
    playhead : dict
        Where the solo begins; `context_at`, `allowed_at`, `advance` and `at_end` read it.
    a0, c0 : ndarray (n_a, 1)
        Hidden state and cell state before the first step; not changed.
    parameters : dict
        Of the one cell and the one output layer.
    uniforms : ndarray
        Random numbers from [0, 1): the t-th decides the t-th draw. Some may stay unused.
    temperature : float

    Returns
    -------
    indices : list of int
        The tokens drawn, until the playhead is at the end.
    probabilities : ndarray (n_values, T)
        Column t: the probabilities from which token t was drawn.

    Notes
    -----
    The input of a step is [one-hot of the token before; context], the token on top. Before the
    first token there is none: a column of zeros.
    """
    n_values = parameters["by"].shape[0]
    indices, columns = [], []

    # TODO 6.1 (about 11 lines): until the end: input, cell, probabilities, draw, and move on
    raise NotImplementedError("music_inference_model")

    return indices, np.hstack(columns)
