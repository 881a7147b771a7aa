"""Adam, with a learning rate that warms up and then falls along a cosine."""

import numpy as np

LEARNING_RATE = 1e-2
WARM_UP = 0.05  # share of the training: the moments of Adam are noise in its first steps
CLIP_NORM = 5.0
DECAY_1, DECAY_2, EPSILON = 0.9, 0.999, 1e-8  # Kingma and Ba 2015, algorithm 1


def learning_rate(done):
    """The rate at a share ``done`` (0 to 1) of the training: up a ramp, down a cosine.

    Examples
    --------
    >>> learning_rate(WARM_UP), learning_rate(1.0)
    (0.01, 0.0)
    """
    if done < WARM_UP:
        return LEARNING_RATE * done / WARM_UP
    fall = (done - WARM_UP) / (1 - WARM_UP)
    return float(LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * fall)))


def first_moments(parameters):
    """Means of gradients and of their squares, all zero before the first step."""
    return {name: (np.zeros_like(w), np.zeros_like(w)) for name, w in parameters.items()}


def adam(parameters, gradients, moments, step, rate):
    """Take one step of Adam, with the gradient clipped by its norm.

    Parameters
    ----------
    parameters, gradients : dict of ndarray
    moments : dict
        As made by `first_moments`.
    step : int
        Counts from 1.
    rate : float

    Returns
    -------
    parameters, moments : dict
        New ones; the arguments stay as they are.
    """
    norm = np.sqrt(sum(float(np.vdot(g, g)) for g in gradients.values()))
    scale = min(1.0, CLIP_NORM / (norm + EPSILON))
    moved, updated = {}, {}
    for name, weights in parameters.items():
        gradient = gradients[name] * scale
        mean = DECAY_1 * moments[name][0] + (1 - DECAY_1) * gradient
        square = DECAY_2 * moments[name][1] + (1 - DECAY_2) * gradient**2
        unbiased = mean / (1 - DECAY_1**step)
        spread = np.sqrt(square / (1 - DECAY_2**step)) + EPSILON
        moved[name], updated[name] = weights - rate * unbiased / spread, (mean, square)
    return moved, updated
