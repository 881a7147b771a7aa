"""No loop over time anywhere: every sequence is a first step and the rest."""
import numpy as np
from rnn_utils import sigmoid, softmax


def rnn_cell_forward(xt, a_prev, parameters):
    Wax, Waa, Wya, ba, by = (parameters[k] for k in ("Wax", "Waa", "Wya", "ba", "by"))
    a_next = np.tanh(np.hstack((Waa, Wax)) @ np.vstack((a_prev, xt)) + ba)
    return a_next, softmax(Wya @ a_next + by), (a_next, a_prev, xt, parameters)


def _rnn_rest(x, t, a_prev, parameters):
    if t == x.shape[2]:
        return []
    step = rnn_cell_forward(x[:, :, t], a_prev, parameters)
    return [step] + _rnn_rest(x, t + 1, step[0], parameters)


def rnn_forward(x, a0, parameters):
    a, y, caches = zip(*_rnn_rest(x, 0, a0, parameters))
    return np.stack(a, axis=2), np.stack(y, axis=2), (list(caches), x)


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    v = np.vstack((a_prev, xt))

    def z(gate):
        return parameters["W" + gate] @ v + parameters["b" + gate]

    ft, it, ot, cct = sigmoid(z("f")), sigmoid(z("i")), sigmoid(z("o")), np.tanh(z("c"))
    c_next = it * cct + ft * c_prev
    a_next = np.tanh(c_next) * ot
    y = softmax(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, y, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def _lstm_rest(x, t, a_prev, c_prev, parameters):
    if t == x.shape[2]:
        return []
    step = lstm_cell_forward(x[:, :, t], a_prev, c_prev, parameters)
    return [step] + _lstm_rest(x, t + 1, step[0], step[1], parameters)


def lstm_forward(x, a0, parameters):
    a, c, y, caches = zip(*_lstm_rest(x, 0, a0, np.zeros_like(a0, dtype=float), parameters))
    return np.stack(a, axis=2), np.stack(y, axis=2), np.stack(c, axis=2), (list(caches), x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = (1 + a_next) * (1 - a_next) * da_next
    n_a = a_next.shape[0]
    dW = dz @ np.vstack((a_prev, xt)).T
    dv = np.hstack((parameters["Waa"], parameters["Wax"])).T @ dz
    return {
        "dxt": dv[n_a:], "da_prev": dv[:n_a], "dWax": dW[:, n_a:], "dWaa": dW[:, :n_a],
        "dba": dz.sum(axis=1, keepdims=True),
    }


def rnn_backward(da, caches):
    step_caches, x = caches
    T = da.shape[2]

    def back(t):
        """Gradients of all steps from t on, and what reaches the state before t."""
        if t == T:
            n_a, m = da.shape[:2]
            return np.zeros((n_a, m)), [], 0.0, 0.0, 0.0
        later, dx, dWax, dWaa, dba = back(t + 1)
        g = rnn_cell_backward(da[:, :, t] + later, step_caches[t])
        return g["da_prev"], [g["dxt"]] + dx, dWax + g["dWax"], dWaa + g["dWaa"], dba + g["dba"]

    da0, dx, dWax, dWaa, dba = back(0)
    return {"dx": np.stack(dx, axis=2), "da0": da0, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    th = np.tanh(c_next)
    dc = dc_next + (ot - ot * th**2) * da_next
    dz = [
        dc * c_prev * (ft - ft**2),
        dc * cct * (it - it**2),
        dc * (it - it * cct**2),
        da_next * th * (ot - ot**2),
    ]
    W = np.vstack([parameters[k] for k in ("Wf", "Wi", "Wc", "Wo")])
    everything = np.vstack(dz)
    dW = np.vsplit(everything @ np.vstack((a_prev, xt)).T, 4)
    db = np.vsplit(np.sum(everything, axis=1, keepdims=True), 4)
    da_prev, dxt = np.split(W.T @ everything, [a_next.shape[0]])
    out = {"dxt": dxt, "da_prev": da_prev, "dc_prev": dc * ft}
    for k, gate in enumerate("fico"):
        out["dW" + gate], out["db" + gate] = dW[k], db[k]
    return out


def lstm_backward(da, caches):
    step_caches, x = caches
    n_a, m, T = da.shape
    names = [kind + gate for kind in ("dW", "db") for gate in "fico"]

    def back(t):
        if t == T:
            return np.zeros((n_a, m)), np.zeros((n_a, m)), [], dict.fromkeys(names, 0.0)
        da_later, dc_later, dx, sums = back(t + 1)
        g = lstm_cell_backward(da[:, :, t] + da_later, dc_later, step_caches[t])
        return g["da_prev"], g["dc_prev"], [g["dxt"]] + dx, {n: sums[n] + g[n] for n in names}

    da0, _, dx, sums = back(0)
    return {"dx": np.stack(dx, axis=2), "da0": da0} | sums
