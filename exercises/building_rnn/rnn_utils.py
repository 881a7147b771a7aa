"""The two activations that NumPy does not have: given, not to be written."""

import numpy as np


def softmax(z):
    """Turn every column of scores into probabilities that sum to one.

    Parameters
    ----------
    z : ndarray (n, m)
        Scores, one example per column.

    Returns
    -------
    ndarray (n, m)

    Examples
    --------
    >>> softmax(np.array([[0.0], [np.log(3.0)]]))
    array([[0.25],
           [0.75]])
    """
    shifted = z - np.max(z, axis=0, keepdims=True)  # the shift cancels; exp cannot overflow
    scores = np.exp(shifted)
    return scores / np.sum(scores, axis=0, keepdims=True)


def sigmoid(z):
    """Squash every number into (0, 1).

    Parameters
    ----------
    z : ndarray or float

    Returns
    -------
    ndarray or float
        Same shape as `z`.

    Examples
    --------
    >>> float(sigmoid(0.0))
    0.5
    """
    positive = np.real(z) >= 0
    small = np.exp(np.where(positive, -z, z))  # the exponent is never positive: no overflow
    return np.where(positive, 1, small) / (1 + small)
