"""All gates in one big matrix product; the RNN fuses [Waa | Wax] in the same way."""
import numpy as np
from rnn_utils import softmax, sigmoid

GATES = ("f", "i", "o", "c")  # the three sigmoid gates lie together


def fuse_rnn(parameters):
    return np.hstack([parameters["Waa"], parameters["Wax"]])


def fuse_lstm(parameters):
    W = np.vstack([parameters["W" + g] for g in GATES])
    b = np.vstack([parameters["b" + g] for g in GATES])
    return W, b


def rnn_cell_forward(xt, a_prev, parameters):
    a_next = np.tanh(fuse_rnn(parameters) @ np.vstack([a_prev, xt]) + parameters["ba"])
    yt_pred = softmax(parameters["Wya"] @ a_next + parameters["by"])
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    W = fuse_rnn(parameters)
    n_a, m = a0.shape
    T_x = x.shape[-1]
    a = np.zeros((n_a, m, T_x))
    caches = []
    prev = a0
    for t in range(T_x):
        xt = x[:, :, t]
        now = np.tanh(W @ np.vstack([prev, xt]) + parameters["ba"])
        a[:, :, t] = now
        caches.append((now, prev, xt, parameters))
        prev = now
    # the outputs of all steps in a single product
    flat = a.reshape(n_a, m * T_x)
    y_pred = softmax(parameters["Wya"] @ flat + parameters["by"]).reshape(-1, m, T_x)
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    n_a = len(a_prev)
    dz = da_next * (1 - a_next * a_next)
    dW = dz @ np.vstack([a_prev, xt]).T
    dconcat = fuse_rnn(parameters).T @ dz
    return dict(dxt=dconcat[n_a:], da_prev=dconcat[:n_a], dWax=dW[:, n_a:], dWaa=dW[:, :n_a],
                dba=dz.sum(axis=1, keepdims=True))


def rnn_backward(da, caches):
    caches, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    W_T = fuse_rnn(caches[0][-1]).T
    dx = np.zeros((n_x, m, T_x))
    dW = np.zeros((n_a, n_a + n_x))
    db = np.zeros((n_a, 1))
    carry = np.zeros((n_a, m))
    for t in range(T_x)[::-1]:
        a_next, a_prev, xt, _ = caches[t]
        dz = (da[:, :, t] + carry) * (1 - a_next * a_next)
        dW += dz @ np.vstack([a_prev, xt]).T
        db += dz.sum(axis=1, keepdims=True)
        carry, dx[:, :, t] = np.split(W_T @ dz, [n_a])
    return dict(dx=dx, da0=carry, dWax=dW[:, n_a:], dWaa=dW[:, :n_a], dba=db)


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    n_a = a_prev.shape[0]
    W, b = fuse_lstm(parameters)
    z = W @ np.vstack([a_prev, xt]) + b
    ft, it, ot = np.split(sigmoid(z[:3 * n_a]), 3)
    cct = np.tanh(z[3 * n_a:])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def lstm_forward(x, a0, parameters):
    n_a, m = a0.shape
    T_x = x.shape[2]
    n_y = parameters["by"].shape[0]
    a, c, y = (np.zeros((n, m, T_x)) for n in (n_a, n_a, n_y))
    caches = []
    at, ct = a0, np.zeros((n_a, m))
    for t in range(T_x):
        at, ct, yt, cache = lstm_cell_forward(x[:, :, t], at, ct, parameters)
        a[:, :, t] = at
        c[:, :, t] = ct
        y[:, :, t] = yt
        caches.append(cache)
    return a, y, c, (caches, x)


def fused_backward(da_next, dc_next, cache, W):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, _ = cache
    tc = np.tanh(c_next)
    D = dc_next + da_next * ot * (1 - tc * tc)
    dz = np.vstack([D * c_prev * ft * (1 - ft),
                    D * cct * it * (1 - it),
                    da_next * tc * ot * (1 - ot),
                    D * it * (1 - cct * cct)])
    return dz @ np.vstack([a_prev, xt]).T, dz.sum(axis=1, keepdims=True), W.T @ dz, D * ft


def unfuse(dW, db):
    out = {}
    for g, w, b in zip(GATES, np.split(dW, 4), np.split(db, 4)):
        out["dW" + g] = w
        out["db" + g] = b
    return out


def lstm_cell_backward(da_next, dc_next, cache):
    n_a = cache[0].shape[0]
    dW, db, dconcat, dc_prev = fused_backward(da_next, dc_next, cache, fuse_lstm(cache[-1])[0])
    return {"dxt": dconcat[n_a:], "da_prev": dconcat[:n_a], "dc_prev": dc_prev, **unfuse(dW, db)}


def lstm_backward(da, caches):
    caches, x = caches
    n_a, m, T_x = da.shape
    W, b = fuse_lstm(caches[0][-1])
    dW, db = np.zeros(W.shape), np.zeros(b.shape)
    dx = np.zeros((x.shape[0], m, T_x))
    da_carry = np.zeros((n_a, m))
    dc_carry = np.zeros((n_a, m))
    for t in reversed(range(T_x)):
        dWt, dbt, dconcat, dc_carry = fused_backward(da[:, :, t] + da_carry, dc_carry, caches[t], W)
        dW += dWt
        db += dbt
        da_carry = dconcat[:n_a]
        dx[:, :, t] = dconcat[n_a:]
    return {"dx": dx, "da0": da_carry, **unfuse(dW, db)}
