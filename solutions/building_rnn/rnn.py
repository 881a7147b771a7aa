"""Assignment 1, part 1: a recurrent network by hand, forward and backward.

Sizes: `n_x` input, `n_a` hidden state, `n_y` output, `m` examples (one per column), `T_x` steps.
"""

import numpy as np
from rnn_utils import softmax


def rnn_cell_forward(xt, a_prev, parameters):
    """Take one step: mix the input with the memory, then predict.

    Parameters
    ----------
    xt : ndarray (n_x, m)
        The input of this step.
    a_prev : ndarray (n_a, m)
        The hidden state that the step before left behind.
    parameters : dict
        Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), ba (n_a, 1), by (n_y, 1).

    Returns
    -------
    a_next : ndarray (n_a, m)
        The new hidden state.
    yt_pred : ndarray (n_y, m)
        The prediction, every column a probability distribution.
    cache : tuple
        (a_next, a_prev, xt, parameters), what the backward pass will need.

    Examples
    --------
    One hidden unit that remembers nothing yet, and two classes that it cannot tell apart:

    >>> parameters = {"Wax": np.array([[2.0]]), "Waa": np.array([[0.5]]), "ba": np.array([[0.0]]),
    ...               "Wya": np.zeros((2, 1)), "by": np.zeros((2, 1))}
    >>> a_next, yt_pred, cache = rnn_cell_forward(np.array([[0.5]]), np.array([[0.0]]), parameters)
    >>> a_next.round(4)
    array([[0.7616]])
    >>> yt_pred
    array([[0.5],
           [0.5]])
    """
    Wax = parameters["Wax"]
    Waa = parameters["Waa"]
    Wya = parameters["Wya"]
    ba = parameters["ba"]
    by = parameters["by"]

    # BEGIN SOLUTION
    # TODO 1.1 (about 2 lines): the new hidden state a_next, then the prediction yt_pred from it
    a_next = np.tanh(Waa @ a_prev + Wax @ xt + ba)
    yt_pred = softmax(Wya @ a_next + by)
    # END SOLUTION

    cache = (a_next, a_prev, xt, parameters)
    return a_next, yt_pred, cache


def rnn_forward(x, a0, parameters):
    """Run the cell over the whole sequence, handing its state from step to step.

    Parameters
    ----------
    x : ndarray (n_x, m, T_x)
        The input of every step.
    a0 : ndarray (n_a, m)
        The hidden state before the first step.
    parameters : dict
        As in `rnn_cell_forward`.

    Returns
    -------
    a : ndarray (n_a, m, T_x)
        The hidden state after every step.
    y_pred : ndarray (n_y, m, T_x)
        The prediction of every step.
    caches : tuple
        (the list of the T_x caches of the cell, in the order of time, x).

    Examples
    --------
    A pulse at the first step, and then silence: only the memory speaks.

    >>> parameters = {"Wax": np.array([[1.0]]), "Waa": np.array([[1.0]]), "ba": np.array([[0.0]]),
    ...               "Wya": np.zeros((2, 1)), "by": np.zeros((2, 1))}
    >>> x = np.array([[[1.0, 0.0, 0.0]]])
    >>> a, y_pred, caches = rnn_forward(x, np.array([[0.0]]), parameters)
    >>> a.round(4)
    array([[[0.7616, 0.642 , 0.5663]]])
    """
    m, T_x = x.shape[1:]
    n_y, n_a = parameters["Wya"].shape
    caches = []

    # BEGIN SOLUTION
    # TODO 1.2 (about 8 lines): make room for a and y_pred, start from a0, then loop over the steps
    dtype = np.result_type(x, a0, *parameters.values())
    a = np.zeros((n_a, m, T_x), dtype=dtype)
    y_pred = np.zeros((n_y, m, T_x), dtype=dtype)
    a_next = a0
    for t in range(T_x):
        xt = x[:, :, t]
        a_next, yt_pred, cache = rnn_cell_forward(xt, a_next, parameters)
        a[:, :, t] = a_next
        y_pred[:, :, t] = yt_pred
        caches.append(cache)
    # END SOLUTION

    caches = (caches, x)
    return a, y_pred, caches


def rnn_cell_backward(da_next, cache):
    """Go back through one step: from the gradient of a_next to that of all that made it.

    Parameters
    ----------
    da_next : ndarray (n_a, m)
        Gradient of the loss with respect to a_next.
    cache : tuple
        What `rnn_cell_forward` returned for this step.

    Returns
    -------
    gradients : dict
        dxt (n_x, m), da_prev (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a), dba (n_a, 1).

    Examples
    --------
    At a_next = 0.6 the slope of tanh is 1 - 0.36 = 0.64:

    >>> parameters = {"Wax": np.array([[2.0]]), "Waa": np.array([[0.5]]), "ba": np.array([[0.0]]),
    ...               "Wya": np.zeros((2, 1)), "by": np.zeros((2, 1))}
    >>> cache = (np.array([[0.6]]), np.array([[0.25]]), np.array([[1.0]]), parameters)
    >>> gradients = rnn_cell_backward(np.array([[1.0]]), cache)
    >>> {name: round(gradient.item(), 4) for name, gradient in gradients.items()}
    {'dxt': 1.28, 'da_prev': 0.32, 'dWax': 0.64, 'dWaa': 0.16, 'dba': 0.64}
    """
    a_next, a_prev, xt, parameters = cache
    Wax = parameters["Wax"]
    Waa = parameters["Waa"]

    # BEGIN SOLUTION
    # TODO 3.1 (about 6 lines): back through tanh first (dz), then from dz to the five gradients
    dz = (1 - a_next**2) * da_next
    dxt = Wax.T @ dz
    dWax = dz @ xt.T
    da_prev = Waa.T @ dz
    dWaa = dz @ a_prev.T
    dba = np.sum(dz, axis=1, keepdims=True)
    # END SOLUTION

    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def rnn_backward(da, caches):
    """Go back through time, from the last step to the first.

    Parameters
    ----------
    da : ndarray (n_a, m, T_x)
        Gradient of the loss that arrives at the hidden state of every step from outside
        the recurrence. Its number of steps is the number of steps to go back.
    caches : tuple
        What `rnn_forward` returned.

    Returns
    -------
    gradients : dict
        dx (n_x, m, T_x), da0 (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a), dba (n_a, 1).

    Examples
    --------
    Two steps without any input: every slope of tanh is 1, and each step back halves the gradient.

    >>> parameters = {"Wax": np.array([[2.0]]), "Waa": np.array([[0.5]]), "ba": np.array([[0.0]]),
    ...               "Wya": np.zeros((2, 1)), "by": np.zeros((2, 1))}
    >>> zero = np.array([[0.0]])
    >>> caches = ([(zero, zero, zero, parameters), (zero, zero, zero, parameters)],
    ...           np.zeros((1, 1, 2)))
    >>> gradients = rnn_backward(np.array([[[0.0, 1.0]]]), caches)
    >>> gradients["dx"], gradients["da0"]
    (array([[[1., 2.]]]), array([[0.25]]))
    """
    step_caches, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]

    # BEGIN SOLUTION
    # TODO 3.2 (about 13 lines): zeros for all gradients, then the steps from the last to the first
    dx = np.zeros((n_x, m, T_x))
    dWax = np.zeros((n_a, n_x))
    dWaa = np.zeros((n_a, n_a))
    dba = np.zeros((n_a, 1))
    da_prevt = np.zeros((n_a, m))
    for t in reversed(range(T_x)):
        da_next = da[:, :, t] + da_prevt
        step = rnn_cell_backward(da_next, step_caches[t])
        dx[:, :, t] = step["dxt"]
        dWax += step["dWax"]
        dWaa += step["dWaa"]
        dba += step["dba"]
        da_prevt = step["da_prev"]
    da0 = da_prevt
    # END SOLUTION

    return {"dx": dx, "da0": da0, "dWax": dWax, "dWaa": dWaa, "dba": dba}
