"""Assignment 1, part 2: long short-term memory by hand, forward and backward.

The columns of every gate's weights act on [a_prev; xt], the hidden state first; sizes as in part 1.
"""

import numpy as np
from rnn_utils import sigmoid, softmax


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    """Take one step: forget, write, show, then predict.

    Parameters
    ----------
    xt : ndarray (n_x, m)
        The input of this step.
    a_prev, c_prev : ndarray (n_a, m)
        The hidden state and the cell state that the step before left behind.
    parameters : dict
        Wf, Wi, Wc, Wo (n_a, n_a + n_x) and bf, bi, bc, bo (n_a, 1): forget gate, update gate,
        candidate, output gate; Wy (n_y, n_a), by (n_y, 1).

    Returns
    -------
    a_next, c_next : ndarray (n_a, m)
        The new hidden state and the new cell state.
    yt_pred : ndarray (n_y, m)
        The prediction, every column a probability distribution.
    cache : tuple
        (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters).

    Examples
    --------
    With all weights and biases zero every gate is half open and the candidate is 0:
    half of the cell state is kept, and half of its tanh is shown.

    >>> parameters = {"W" + gate: np.zeros((1, 2)) for gate in "fico"}
    >>> parameters.update({"b" + gate: np.zeros((1, 1)) for gate in "fico"})
    >>> parameters.update({"Wy": np.zeros((2, 1)), "by": np.zeros((2, 1))})
    >>> a_prev, c_prev, xt = np.array([[0.0]]), np.array([[2.0]]), np.array([[1.0]])
    >>> a_next, c_next, yt_pred, cache = lstm_cell_forward(xt, a_prev, c_prev, parameters)
    >>> c_next, a_next.round(4)
    (array([[1.]]), array([[0.3808]]))
    """
    Wf, bf = parameters["Wf"], parameters["bf"]
    Wi, bi = parameters["Wi"], parameters["bi"]
    Wc, bc = parameters["Wc"], parameters["bc"]
    Wo, bo = parameters["Wo"], parameters["bo"]
    Wy, by = parameters["Wy"], parameters["by"]

    # BEGIN SOLUTION
    # TODO 2.1 (about 8 lines): stack a_prev on xt; ft, it, cct, ot; then c_next, a_next, yt_pred
    concat = np.concatenate((a_prev, xt), axis=0)
    ft = sigmoid(Wf @ concat + bf)
    it = sigmoid(Wi @ concat + bi)
    cct = np.tanh(Wc @ concat + bc)
    ot = sigmoid(Wo @ concat + bo)
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(Wy @ a_next + by)
    # END SOLUTION

    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache


def lstm_forward(x, a0, parameters):
    """Run the cell over the whole sequence, handing both of its states from step to step.

    Parameters
    ----------
    x : ndarray (n_x, m, T_x)
        The input of every step.
    a0 : ndarray (n_a, m)
        The hidden state before the first step. The cell state before it is zero.
    parameters : dict
        As in `lstm_cell_forward`.

    Returns
    -------
    a : ndarray (n_a, m, T_x)
        The hidden state after every step.
    y : ndarray (n_y, m, T_x)
        The prediction of every step.
    c : ndarray (n_a, m, T_x)
        The cell state after every step.
    caches : tuple
        (the list of the T_x caches of the cell, in the order of time, x).

    Examples
    --------
    All gates half open and a candidate of tanh(1): the cell state creeps towards that candidate.

    >>> parameters = {"W" + gate: np.zeros((1, 2)) for gate in "fico"}
    >>> parameters.update({"b" + gate: np.zeros((1, 1)) for gate in "fio"})
    >>> parameters.update({"bc": np.ones((1, 1)), "Wy": np.zeros((2, 1)), "by": np.zeros((2, 1))})
    >>> a, y, c, caches = lstm_forward(np.zeros((1, 1, 3)), np.zeros((1, 1)), parameters)
    >>> c.round(4)
    array([[[0.3808, 0.5712, 0.6664]]])
    """
    m, T_x = x.shape[1:]
    n_y, n_a = parameters["Wy"].shape
    caches = []

    # BEGIN SOLUTION
    # TODO 2.2 (about 11 lines): room for a, y and c; start from a0 and zeros; loop over the steps
    dtype = np.result_type(x, a0, *parameters.values())
    a = np.zeros((n_a, m, T_x), dtype=dtype)
    y = np.zeros((n_y, m, T_x), dtype=dtype)
    c = np.zeros((n_a, m, T_x), dtype=dtype)
    a_next = a0
    c_next = np.zeros((n_a, m), dtype=dtype)
    for t in range(T_x):
        xt = x[:, :, t]
        a_next, c_next, yt_pred, cache = lstm_cell_forward(xt, a_next, c_next, parameters)
        a[:, :, t] = a_next
        y[:, :, t] = yt_pred
        c[:, :, t] = c_next
        caches.append(cache)
    # END SOLUTION

    caches = (caches, x)
    return a, y, c, caches


def lstm_cell_backward(da_next, dc_next, cache):
    """Go back through one step: from the gradients of both states to those of all that made them.

    Parameters
    ----------
    da_next, dc_next : ndarray (n_a, m)
        Gradients that reach a_next, and c_next from the step after; what reaches c_next
        through a_next is not in dc_next yet.
    cache : tuple
        What `lstm_cell_forward` returned for this step.

    Returns
    -------
    gradients : dict
        dxt (n_x, m); da_prev, dc_prev (n_a, m); dWf, dWi, dWc, dWo (n_a, n_a + n_x);
        dbf, dbi, dbc, dbo (n_a, 1).

    Examples
    --------
    A closed forget gate (ft = 0) lets no gradient through to the cell state before:

    >>> parameters = {"W" + gate: np.zeros((1, 2)) for gate in "fico"}
    >>> zero, half, one = np.array([[0.0]]), np.array([[0.5]]), np.array([[1.0]])
    >>> cache = (zero, zero, one, one, zero, half, zero, half, one, parameters)
    >>> gradients = lstm_cell_backward(one, zero, cache)
    >>> gradients["dc_prev"], gradients["dbc"], gradients["dWc"]
    (array([[0.]]), array([[0.25]]), array([[0.25, 0.25]]))
    """
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = a_next.shape[0]
    Wf, Wi, Wc, Wo = parameters["Wf"], parameters["Wi"], parameters["Wc"], parameters["Wo"]

    # BEGIN SOLUTION
    # TODO 3.3 (about 17 lines): all that reaches c_next (D), the gates, weights, biases, inputs
    D = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    dft = D * c_prev * ft * (1 - ft)
    dit = D * cct * it * (1 - it)
    dcct = D * it * (1 - cct**2)
    dot = da_next * np.tanh(c_next) * ot * (1 - ot)
    concat = np.concatenate((a_prev, xt), axis=0)
    dWf = dft @ concat.T
    dWi = dit @ concat.T
    dWc = dcct @ concat.T
    dWo = dot @ concat.T
    dbf = np.sum(dft, axis=1, keepdims=True)
    dbi = np.sum(dit, axis=1, keepdims=True)
    dbc = np.sum(dcct, axis=1, keepdims=True)
    dbo = np.sum(dot, axis=1, keepdims=True)
    da_prev = Wf[:, :n_a].T @ dft + Wi[:, :n_a].T @ dit + Wc[:, :n_a].T @ dcct + Wo[:, :n_a].T @ dot
    dxt = Wf[:, n_a:].T @ dft + Wi[:, n_a:].T @ dit + Wc[:, n_a:].T @ dcct + Wo[:, n_a:].T @ dot
    dc_prev = D * ft
    # END SOLUTION

    gradients = {"dxt": dxt, "da_prev": da_prev, "dc_prev": dc_prev}
    gradients.update({"dWf": dWf, "dWi": dWi, "dWc": dWc, "dWo": dWo})
    gradients.update({"dbf": dbf, "dbi": dbi, "dbc": dbc, "dbo": dbo})
    return gradients


def lstm_backward(da, caches):
    """Go back through time, from the last step to the first.

    Parameters
    ----------
    da : ndarray (n_a, m, T_x)
        What arrives at every hidden state from outside the recurrence, as in `rnn_backward`.
    caches : tuple
        What `lstm_forward` returned.

    Returns
    -------
    gradients : dict
        dx (n_x, m, T_x), da0 (n_a, m); dWf, dWi, dWc, dWo (n_a, n_a + n_x);
        dbf, dbi, dbc, dbo (n_a, 1).

    Examples
    --------
    Two steps with all gates half open and all states zero. The loss looks at the second step
    only, yet the candidate of the first hears of it too, through the cell state, at half strength:

    >>> parameters = {"W" + gate: np.zeros((1, 2)) for gate in "fico"}
    >>> zero, half = np.array([[0.0]]), np.array([[0.5]])
    >>> cache = (zero, zero, zero, zero, half, half, zero, half, zero, parameters)
    >>> gradients = lstm_backward(np.array([[[0.0, 1.0]]]), ([cache, cache], np.zeros((1, 1, 2))))
    >>> gradients["dbc"]
    array([[0.375]])
    """
    step_caches, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]

    # BEGIN SOLUTION
    # TODO 3.4 (about 22 lines): zeros for all gradients, then the steps from the last to the first
    dx = np.zeros((n_x, m, T_x))
    dWf = np.zeros((n_a, n_a + n_x))
    dWi = np.zeros((n_a, n_a + n_x))
    dWc = np.zeros((n_a, n_a + n_x))
    dWo = np.zeros((n_a, n_a + n_x))
    dbf = np.zeros((n_a, 1))
    dbi = np.zeros((n_a, 1))
    dbc = np.zeros((n_a, 1))
    dbo = np.zeros((n_a, 1))
    da_prevt = np.zeros((n_a, m))
    dc_prevt = np.zeros((n_a, m))
    for t in reversed(range(T_x)):
        da_next = da[:, :, t] + da_prevt
        step = lstm_cell_backward(da_next, dc_prevt, step_caches[t])
        dx[:, :, t] = step["dxt"]
        dWf += step["dWf"]
        dWi += step["dWi"]
        dWc += step["dWc"]
        dWo += step["dWo"]
        dbf += step["dbf"]
        dbi += step["dbi"]
        dbc += step["dbc"]
        dbo += step["dbo"]
        da_prevt = step["da_prev"]
        dc_prevt = step["dc_prev"]
    da0 = da_prevt
    # END SOLUTION

    gradients = {"dx": dx, "da0": da0}
    gradients.update({"dWf": dWf, "dWi": dWi, "dWc": dWc, "dWo": dWo})
    gradients.update({"dbf": dbf, "dbi": dbi, "dbc": dbc, "dbo": dbo})
    return gradients
