import numpy as np
from rnn_utils import sigmoid, softmax

GATES = ("f", "i", "c", "o")


def tensor(parameters):
    """All gates' weights as one array (4, n_a, n_a + n_x), their biases as (4, n_a, 1)."""
    W = np.array([parameters["W" + g] for g in GATES])
    b = np.array([parameters["b" + g] for g in GATES])
    return W, b


def rnn_cell_forward(xt, a_prev, parameters):
    W = parameters
    pre = np.tensordot(W["Wax"], xt, axes=1) + np.tensordot(W["Waa"], a_prev, axes=1) + W["ba"]
    a_next = np.tanh(pre)
    return a_next, softmax(np.tensordot(W["Wya"], a_next, axes=1) + W["by"]), (a_next, a_prev, xt, W)


def rnn_forward(x, a0, parameters):
    n_a, m = a0.shape
    T_x = x.shape[2]
    # the input's share of all steps at once, outside the loop
    from_input = np.tensordot(parameters["Wax"], x, axes=(1, 0)) + parameters["ba"][:, :, None]
    a = np.zeros((n_a, m, T_x))
    state, steps = a0, []
    for t in range(T_x):
        before, state = state, np.tanh(from_input[:, :, t] + parameters["Waa"] @ state)
        a[:, :, t] = state
        steps.append((state, before, x[:, :, t], parameters))
    scores = np.tensordot(parameters["Wya"], a, axes=(1, 0)) + parameters["by"][:, :, None]
    return a, softmax(scores), (steps, x)


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    W, b = tensor(parameters)
    z = W @ np.concatenate((a_prev, xt), axis=0) + b
    ft, it, ot = sigmoid(z[[0, 1, 3]])
    cct = np.tanh(z[2])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    yt = softmax(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, yt, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def lstm_forward(x, a0, parameters):
    T_x = x.shape[2]
    record = np.zeros((2, *a0.shape, T_x))
    states = np.array([a0, np.zeros_like(a0)])
    y, steps = [], []
    for t in range(T_x):
        *after, yt, cache = lstm_cell_forward(x[:, :, t], states[0], states[1], parameters)
        states = np.array(after)
        record[..., t] = states
        y.append(yt)
        steps.append(cache)
    return record[0], np.stack(y, -1), record[1], (steps, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = da_next * (1 - a_next * a_next)
    return {
        "dxt": np.tensordot(parameters["Wax"], dz, axes=(0, 0)),
        "da_prev": np.tensordot(parameters["Waa"], dz, axes=(0, 0)),
        "dWax": np.tensordot(dz, xt, axes=(1, 1)),
        "dWaa": np.tensordot(dz, a_prev, axes=(1, 1)),
        "dba": np.tensordot(dz, np.ones((dz.shape[1], 1)), axes=1),
    }


def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    parameters = steps[0][3]
    dz = np.zeros_like(da)
    carry = np.zeros((n_a, m))
    for t in reversed(range(T_x)):
        dz[:, :, t] = (da[:, :, t] + carry) * (1 - steps[t][0] ** 2)
        carry = parameters["Waa"].T @ dz[:, :, t]
    before = np.stack([step[1] for step in steps[:T_x]], axis=2)
    seen = np.stack([step[2] for step in steps[:T_x]], axis=2)
    # everything else of all steps at once
    return {
        "dx": np.tensordot(parameters["Wax"], dz, axes=(0, 0)),
        "da0": carry,
        "dWax": np.tensordot(dz, seen, axes=((1, 2), (1, 2))),
        "dWaa": np.tensordot(dz, before, axes=((1, 2), (1, 2))),
        "dba": dz.sum(axis=(1, 2)).reshape(-1, 1),
    }


def gate_gradients(da_next, dc_next, cache):
    _, c_next, _, c_prev, ft, it, cct, ot = cache[:8]
    shown = np.tanh(c_next)
    dc = dc_next + da_next * ot * (1 - shown**2)
    into = np.array([dc * c_prev, dc * cct, dc * it, da_next * shown])
    slope = np.array([ft * (1 - ft), it * (1 - it), 1 - cct**2, ot * (1 - ot)])
    return into * slope, dc * ft


def lstm_cell_backward(da_next, dc_next, cache):
    a_prev, xt, parameters = cache[2], cache[8], cache[9]
    dz, dc_prev = gate_gradients(da_next, dc_next, cache)
    W, _ = np.array([parameters["W" + g] for g in GATES]), None
    both = np.concatenate((a_prev, xt), axis=0)
    dW = np.tensordot(dz, both, axes=(2, 1))
    db = dz.sum(axis=2, keepdims=True)
    dboth = np.tensordot(W, dz, axes=((0, 1), (0, 1)))
    out = {"da_prev": dboth[: len(a_prev)], "dxt": dboth[len(a_prev) :], "dc_prev": dc_prev}
    for k, g in enumerate(GATES):
        out["dW" + g], out["db" + g] = dW[k], db[k]
    return out


def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    parameters = steps[0][9]
    W = np.array([parameters["W" + g] for g in GATES])
    dz = np.zeros((4, n_a, m, T_x))
    da_carry, dc_carry = np.zeros((n_a, m)), np.zeros((n_a, m))
    for t in reversed(range(T_x)):
        dz[..., t], dc_carry = gate_gradients(da[:, :, t] + da_carry, dc_carry, steps[t])
        da_carry = np.tensordot(W[:, :, :n_a], dz[..., t], axes=((0, 1), (0, 1)))
    both = np.stack([np.concatenate((s[2], s[8])) for s in steps[:T_x]], axis=2)
    dW = np.tensordot(dz, both, axes=((2, 3), (1, 2)))
    db = dz.sum(axis=(2, 3))[..., None]
    out = {"dx": np.tensordot(W[:, :, n_a:], dz, axes=((0, 1), (0, 1))), "da0": da_carry}
    for k, g in enumerate(GATES):
        out["dW" + g], out["db" + g] = dW[k], db[k]
    return out
