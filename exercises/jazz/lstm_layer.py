"""The shared LSTM cell and the output layer: given, not to be written.

Sizes: `n_x` input, `n_a` hidden, `n_y` output, `m` examples (one per column), `T_x` steps.
"""

import numpy as np

GATES = ("f", "i", "c", "o")


def softmax(z):
    """Turn every column of scores (n, m) into probabilities that sum to one."""
    scores = np.exp(z - np.max(z, axis=0, keepdims=True))
    return scores / np.sum(scores, axis=0, keepdims=True)


def sigmoid(z):
    """Squash every number into (0, 1); large negative ones do not overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def initialize_parameters(n_x, n_a, n_y, rng):
    """Draw the weights of one cell and one output layer.

    Parameters
    ----------
    n_x, n_a, n_y : int
        Sizes of input, hidden state and output.
    rng : numpy.random.Generator

    Returns
    -------
    dict
        Wf, Wi, Wc, Wo (n_a, n_a + n_x); bf, bi, bc, bo (n_a, 1); Wy (n_y, n_a); by (n_y, 1).
        The forget bias starts at 1, so that a new cell remembers
        (Jozefowicz, Zaremba and Sutskever 2015, section 2.2).
    """
    parameters = {}
    for gate in GATES:
        inputs = rng.standard_normal((n_a, n_x)) / np.sqrt(n_a)  # few of the inputs are not zero
        recurrent = rng.standard_normal((n_a, n_a)) / np.sqrt(n_a)
        parameters["W" + gate] = np.concatenate((recurrent, inputs), axis=1)
        parameters["b" + gate] = np.full((n_a, 1), 1.0 if gate == "f" else 0.0)
    parameters["Wy"] = rng.standard_normal((n_y, n_a)) / np.sqrt(n_a)
    parameters["by"] = np.zeros((n_y, 1))
    return parameters


def lstm_step(xt, a_prev, c_prev, parameters):
    """Take one step with the shared cell.

    Parameters
    ----------
    xt : ndarray (n_x, m)
        The input of this step alone.
    a_prev, c_prev : ndarray (n_a, m)
        The hidden state and the cell state that the step before left behind.
    parameters : dict
        As made by `initialize_parameters`; the columns of W. act on [a_prev; xt].

    Returns
    -------
    a_next, c_next : ndarray (n_a, m)
    cache : tuple
        (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt), for the way back.
    """
    if xt.ndim != 2:
        raise ValueError(f"lstm_step takes one step: xt (n_x, m), not an array {xt.shape}")
    concat = np.concatenate((a_prev, xt), axis=0)
    ft = sigmoid(parameters["Wf"] @ concat + parameters["bf"])
    it = sigmoid(parameters["Wi"] @ concat + parameters["bi"])
    cct = np.tanh(parameters["Wc"] @ concat + parameters["bc"])
    ot = sigmoid(parameters["Wo"] @ concat + parameters["bo"])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    return a_next, c_next, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt)


def densor(a, parameters):
    """Score every token from the hidden state.

    Parameters
    ----------
    a : ndarray (n_a, m)
    parameters : dict
        Wy (n_y, n_a), by (n_y, 1).

    Returns
    -------
    ndarray (n_y, m)
        Logits: `softmax` makes probabilities of them.
    """
    return parameters["Wy"] @ a + parameters["by"]


def djmodel_backward(dlogits, caches, parameters):
    """Go back through time and add up the gradients of the one shared cell.

    Parameters
    ----------
    dlogits : ndarray (n_y, m, T_x)
        Gradient of the loss with respect to the logits of every step.
    caches : list of tuple
        What `lstm_step` returned as its cache at steps 0, 1, ..., T_x - 1.
    parameters : dict

    Returns
    -------
    dict
        Keys and shapes of `parameters`. Every step used the same weights, so every step adds
        its share to the same gradient: dW = sum over t of dgates_t concat_t^T.
    """
    n_a, m = caches[0][0].shape
    T_x = len(caches)
    recurrent = np.concatenate([parameters["W" + gate][:, :n_a] for gate in GATES])  # (4 n_a, n_a)
    dgates = np.empty((4 * n_a, T_x, m))
    da_prev = dc_prev = np.zeros((n_a, m))
    for t in reversed(range(T_x)):
        da_next = parameters["Wy"].T @ dlogits[:, :, t] + da_prev
        dgates[:, t, :], dc_prev = gate_gradients(da_next, dc_prev, caches[t])
        da_prev = recurrent.T @ dgates[:, t, :]
    return _add_up(dgates.reshape(4 * n_a, -1), dlogits, caches)


def gate_gradients(da_next, dc_next, cache):
    """Gradients of the four gates before their activation (4 n_a, m), and of c_prev."""
    _, c_next, _, c_prev, ft, it, cct, ot, _ = cache
    tanh_c = np.tanh(c_next)
    dc = dc_next + da_next * ot * (1 - tanh_c**2)
    dft = dc * c_prev * ft * (1 - ft)
    dit = dc * cct * it * (1 - it)
    dcct = dc * it * (1 - cct**2)
    dot = da_next * tanh_c * ot * (1 - ot)
    return np.concatenate((dft, dit, dcct, dot)), dc * ft


def _add_up(dgates, dlogits, caches):
    """One matrix product adds the shares of all steps and all examples."""
    n_a = caches[0][0].shape[0]
    stacked = [np.concatenate((cache[2], cache[8])) for cache in caches]
    inputs = np.stack(stacked, axis=1).reshape(len(stacked[0]), -1)  # (n_a + n_x, T_x m)
    hidden = np.stack([cache[0] for cache in caches], axis=1).reshape(n_a, -1)
    dW, db = dgates @ inputs.T, dgates.sum(axis=1, keepdims=True)
    gradients = {}
    for row, gate in enumerate(GATES):
        rows = slice(row * n_a, (row + 1) * n_a)
        gradients["W" + gate], gradients["b" + gate] = dW[rows], db[rows]
    flat = np.swapaxes(dlogits, 1, 2).reshape(len(dlogits), -1)  # (n_y, T_x m)
    gradients["Wy"], gradients["by"] = flat @ hidden.T, flat.sum(axis=1, keepdims=True)
    return gradients
