"""An LSTM that reads many names at once: forward, backward, one step. Given.

Sizes: `V` vocabulary, `n_a` hidden units, `m` names (one per row of an index array), `T_x` steps.
The arrays of all steps are kept in memory by step, so that each step reads and writes one block;
they are handed out with the axes of the course, (n_a, m, T_x).

The four gates share one matrix product: W (4 n_a, n_a + V) holds, from top to bottom, Wf, Wi, Wo
and Wc, and its columns act on [a_prev; xt].
"""

import numpy as np


def softmax(z):
    """Turn scores into probabilities along the first axis, whatever follows it."""
    scores = np.exp(z - np.max(z, axis=0, keepdims=True))
    return scores / np.sum(scores, axis=0, keepdims=True)


def initialize_lstm(n_a, V, rng):
    """Draw the parameters of the LSTM and of the output layer.

    Returns
    -------
    dict
        W (4 n_a, n_a + V), b (4 n_a, 1), Wy (V, n_a), by (V, 1). The forget bias starts at 1, so
        that a new network remembers (Jozefowicz, Zaremba and Sutskever 2015, section 2.2). The
        columns of the letters start with entries of order one: only one of them acts at a time.
    """
    scale = 1.0 / np.sqrt(n_a)
    b = np.zeros((4 * n_a, 1))
    b[:n_a] = 1.0
    recurrent = scale * rng.standard_normal((4 * n_a, n_a))
    return {
        "W": np.concatenate((recurrent, rng.standard_normal((4 * n_a, V))), axis=1),
        "b": b,
        "Wy": scale * rng.standard_normal((V, n_a)),
        "by": np.zeros((V, 1)),
    }


def lstm_forward(inputs, parameters):
    """Read a batch of names, all from the zero state.

    Parameters
    ----------
    inputs : ndarray of int (m, T_x)
        Indices of the letters read.
    parameters : dict
        W (4 n_a, n_a + V) and b (4 n_a, 1); others are not looked at.

    Returns
    -------
    a : ndarray (n_a, m, T_x)
        The hidden state after every step.
    cache : tuple
        What `lstm_backward` needs.
    """
    W, b = parameters["W"], parameters["b"]
    n_a = len(W) // 4
    concat = _letters_below_zero_states(inputs, n_a, W)
    T_x, _, m = concat.shape
    a = np.empty((T_x, n_a, m), W.dtype)
    c = np.zeros((T_x + 1, n_a, m), W.dtype)  # slice 0: the zero state
    gates = np.empty((T_x, 4 * n_a, m), W.dtype)
    for t in range(T_x):
        np.matmul(W, concat[t], out=gates[t])
        gates[t] += b
        a[t], c[t + 1] = _step(gates[t], c[t])
        if t + 1 < T_x:
            concat[t + 1, :n_a] = a[t]
    return np.moveaxis(a, 0, 2), (concat, gates, c, W)


def _letters_below_zero_states(inputs, n_a, W):
    """[a_prev; xt] of all steps (T_x, n_a + V, m): the letters one-hot, the states still zero."""
    m, T_x = inputs.shape
    concat = np.zeros((T_x, W.shape[1], m), W.dtype)
    names, steps = np.indices(inputs.shape)
    concat[steps, n_a + inputs, names] = 1
    return concat


def _step(gates, c_prev):
    """Activate the gates (4 n_a, m) in place and apply them; the new a and c."""
    n_a = len(gates) // 4
    squashed = gates[: 3 * n_a]
    np.multiply(np.tanh(0.5 * squashed), 0.5, out=squashed)  # the sigmoid; it never overflows
    squashed += 0.5
    ft, it, ot, cct = np.split(gates, 4)
    np.tanh(cct, out=cct)
    c = ft * c_prev + it * cct
    return ot * np.tanh(c), c


def lstm_backward(da, cache):
    """Go back through time.

    Parameters
    ----------
    da : ndarray (n_a, m, T_x)
        Gradient of the loss with respect to the hidden state, as the outputs of each step alone
        make it; what comes from later steps is added here.
    cache : tuple
        From `lstm_forward`.

    Returns
    -------
    dict
        dW (4 n_a, n_a + V) and db (4 n_a, 1): the shares of all steps and names, added up.
    """
    concat, gates, c, W = cache
    n_a = len(W) // 4
    recurrent = np.ascontiguousarray(W[:, :n_a].T)
    dW, db = np.zeros_like(W), np.zeros((4 * n_a, 1), W.dtype)
    da_next = dc_next = np.zeros_like(c[0])
    for t in reversed(range(len(gates))):
        dgates, dc_next = _step_backward(da[:, :, t] + da_next, dc_next, gates[t], c[t], c[t + 1])
        da_next = recurrent @ dgates
        dW += dgates @ concat[t].T
        db += dgates.sum(axis=1, keepdims=True)
    return {"dW": dW, "db": db}


def _step_backward(da, dc_next, gates, c_prev, c):
    """Gradients of the gates before their activation (4 n_a, m), and of c_prev."""
    ft, it, ot, cct = np.split(gates, 4)
    tanh_c = np.tanh(c)
    dc = dc_next + da * ot * (1 - tanh_c * tanh_c)
    dft = dc * c_prev * ft * (1 - ft)
    dit = dc * cct * it * (1 - it)
    dot = da * tanh_c * ot * (1 - ot)
    dcct = dc * it * (1 - cct * cct)
    return np.concatenate((dft, dit, dot, dcct)), dc * ft


def lstm_step(parameters, state, index):
    """Read one letter of one name: what generation and evaluation use.

    Parameters
    ----------
    parameters : dict
        W, b, Wy, by.
    state : tuple
        (a, c), each (n_a, 1).
    index : int

    Returns
    -------
    state : tuple
    p : ndarray (V,)
        Probabilities of the letter that comes next.
    """
    a, c = state
    n_a = len(a)
    W = parameters["W"]
    gates = W[:, :n_a] @ a + W[:, [n_a + index]] + parameters["b"]
    a, c = _step(gates, c)
    return (a, c), softmax(parameters["Wy"] @ a + parameters["by"])[:, 0]
