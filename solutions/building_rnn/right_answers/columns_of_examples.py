"""Numpy sees single examples only: every cell is written for vectors and mapped over a batch."""
import numpy as np
from rnn_utils import sigmoid, softmax


def columns(*batches):
    return zip(*(batch.T for batch in batches))


def batch(vectors):
    return np.column_stack(list(vectors))


def flat(parameters):
    return {k: v[:, 0] if k.startswith("b") else v for k, v in parameters.items()}


def rnn_one(x, a, p):
    return np.tanh(p["Wax"].dot(x) + p["Waa"].dot(a) + p["ba"])


def rnn_cell_forward(xt, a_prev, parameters):
    p = flat(parameters)
    a_next = batch(rnn_one(x, a, p) for x, a in columns(xt, a_prev))
    yt_pred = softmax(batch(p["Wya"].dot(a) + p["by"] for a in a_next.T))
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def lstm_one(x, a, c, p):
    v = np.concatenate((a, x))
    f, i, o = (sigmoid(p["W" + g].dot(v) + p["b" + g]) for g in "fio")
    proposal = np.tanh(p["Wc"].dot(v) + p["bc"])
    c_new = f * c + i * proposal
    return o * np.tanh(c_new), c_new, f, i, proposal, o


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    p = flat(parameters)
    parts = zip(*(lstm_one(x, a, c, p) for x, a, c in columns(xt, a_prev, c_prev)))
    a_next, c_next, ft, it, cct, ot = map(batch, parts)
    yt_pred = softmax(batch(p["Wy"].dot(a) + p["by"] for a in a_next.T))
    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache


def rnn_forward(x, a0, parameters):
    T_x = x.shape[2]
    a = {-1: a0}
    y, caches = {}, {}
    for t in range(T_x):
        a[t], y[t], caches[t] = rnn_cell_forward(x[:, :, t], a[t - 1], parameters)
    order = range(T_x)
    stack = lambda parts: np.stack([parts[t] for t in order], axis=2)
    return stack(a), stack(y), ([caches[t] for t in order], x)


def lstm_forward(x, a0, parameters):
    T_x = x.shape[2]
    a, c, y, caches = {-1: a0}, {-1: np.zeros(a0.shape)}, {}, {}
    for t in range(T_x):
        a[t], c[t], y[t], caches[t] = lstm_cell_forward(x[:, :, t], a[t - 1], c[t - 1], parameters)
    order = range(T_x)
    stack = lambda parts: np.stack([parts[t] for t in order], axis=2)
    return stack(a), stack(y), stack(c), ([caches[t] for t in order], x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    Wax, Waa = parameters["Wax"], parameters["Waa"]
    dxt, da_prev = [], []
    dWax, dWaa, dba = np.zeros(Wax.shape), np.zeros(Waa.shape), np.zeros(len(a_next))
    for d, a, before, x in columns(da_next, a_next, a_prev, xt):
        dz = d * (1 - a * a)
        dxt.append(dz.dot(Wax))
        da_prev.append(dz.dot(Waa))
        dWax += np.outer(dz, x)
        dWaa += np.outer(dz, before)
        dba += dz
    return {
        "dxt": batch(dxt), "da_prev": batch(da_prev),
        "dWax": dWax, "dWaa": dWaa, "dba": dba[:, None],
    }


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = len(a_next)
    dv, dc_prev = [], []
    dW = {g: np.zeros(parameters["W" + g].shape) for g in "fico"}
    db = {g: np.zeros(n_a) for g in "fico"}
    every = columns(da_next, dc_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt)
    for da, dc, c, a, c_before, f, i, g, o, x in every:
        t = np.tanh(c)
        dc = dc + da * o * (1 - t * t)
        dz = {
            "f": dc * c_before * f * (1 - f),
            "i": dc * g * i * (1 - i),
            "c": dc * i * (1 - g * g),
            "o": da * t * o * (1 - o),
        }
        v = np.concatenate((a, x))
        for gate in dz:
            dW[gate] += np.outer(dz[gate], v)
            db[gate] += dz[gate]
        dv.append(sum(dz[gate].dot(parameters["W" + gate]) for gate in dz))
        dc_prev.append(dc * f)
    dv = batch(dv)
    out = {"da_prev": dv[:n_a], "dxt": dv[n_a:], "dc_prev": batch(dc_prev)}
    for gate in "fico":
        out["dW" + gate], out["db" + gate] = dW[gate], db[gate][:, None]
    return out


def rnn_backward(da, caches):
    T_x = da.shape[2]
    g, later = {}, 0
    for t in sorted(range(T_x), reverse=True):
        g[t] = rnn_cell_backward(da[:, :, t] + later, caches[0][t])
        later = g[t]["da_prev"]
    total = {k: sum(g[t][k] for t in g) for k in ("dWax", "dWaa", "dba")}
    return {"dx": np.stack([g[t]["dxt"] for t in range(T_x)], axis=2), "da0": later, **total}


def lstm_backward(da, caches):
    T_x = da.shape[2]
    g, later, c_later = {}, 0, np.zeros(da.shape[:2])
    for t in sorted(range(T_x), reverse=True):
        g[t] = lstm_cell_backward(da[:, :, t] + later, c_later, caches[0][t])
        later, c_later = g[t]["da_prev"], g[t]["dc_prev"]
    names = [k for k in g[0] if k not in ("dxt", "da_prev", "dc_prev")]
    total = {k: sum(g[t][k] for t in g) for k in names}
    return {"dx": np.stack([g[t]["dxt"] for t in range(T_x)], axis=2), "da0": later, **total}
