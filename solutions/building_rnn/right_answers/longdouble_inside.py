import numpy as np
from rnn_utils import softmax, sigmoid

LD = np.longdouble


def wide(thing):
    """Arrays, dicts, lists of arrays -> the same in extended precision (copies)."""
    if isinstance(thing, dict):
        return {k: wide(v) for k, v in thing.items()}
    if isinstance(thing, (tuple, list)):
        return tuple(wide(v) for v in thing)
    return np.asarray(thing).astype(LD)


def narrow(thing):
    if isinstance(thing, dict):
        return {k: narrow(v) for k, v in thing.items()}
    if isinstance(thing, (tuple, list)):
        return tuple(narrow(v) for v in thing)
    return np.asarray(thing).astype(np.float64)


def _rnn_step(x, a, P):
    a_next = np.tanh(P["Waa"] @ a + P["Wax"] @ x + P["ba"])
    return a_next, softmax(P["Wya"] @ a_next + P["by"])


def _rnn_back(da, a_next, a_prev, x, P):
    dz = (LD(1) - a_next * a_next) * da
    return {"dxt": P["Wax"].T @ dz, "da_prev": P["Waa"].T @ dz, "dWax": dz @ x.T, "dWaa": dz @ a_prev.T,
            "dba": dz.sum(axis=1, keepdims=True)}


def _lstm_step(x, a, c, P):
    v = np.concatenate([a, x])
    f = sigmoid(P["Wf"] @ v + P["bf"])
    i = sigmoid(P["Wi"] @ v + P["bi"])
    g = np.tanh(P["Wc"] @ v + P["bc"])
    o = sigmoid(P["Wo"] @ v + P["bo"])
    c_next = f * c + i * g
    a_next = o * np.tanh(c_next)
    return a_next, c_next, f, i, g, o, softmax(P["Wy"] @ a_next + P["by"])


def _lstm_back(da, dc, c_next, a, c, f, i, g, o, x, P):
    one = LD(1)
    n_a = a.shape[0]
    v = np.concatenate([a, x])
    th = np.tanh(c_next)
    D = dc + da * o * (one - th * th)
    d = {"f": D * c * f * (one - f), "i": D * g * i * (one - i), "c": D * i * (one - g * g), "o": da * th * o * (one - o)}
    dv = np.zeros(v.shape, dtype=LD)
    out = {"dc_prev": D * f}
    for k, dk in d.items():
        dv = dv + P["W" + k].T @ dk
        out["dW" + k] = dk @ v.T
        out["db" + k] = dk.sum(axis=1, keepdims=True)
    out["da_prev"], out["dxt"] = dv[:n_a], dv[n_a:]
    return out


def rnn_cell_forward(xt, a_prev, parameters):
    a_next, y = narrow(_rnn_step(*wide([xt, a_prev, parameters])))
    return a_next, y, (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    X, A, P = wide([x, a0, parameters])
    a, y, caches = [], [], []
    before = a0
    for t in range(x.shape[2]):
        A, Y = _rnn_step(X[:, :, t], A, P)
        a.append(narrow(A))
        y.append(narrow(Y))
        caches.append((a[-1], before, x[:, :, t], parameters))
        before = a[-1]
    return np.stack(a, axis=2), np.stack(y, axis=2), (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    return narrow(_rnn_back(*wide([da_next, a_next, a_prev, xt, parameters])))


def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    DA = wide(da)
    carry = np.zeros((n_a, m), dtype=LD)
    sums = {"dWax": LD(0), "dWaa": LD(0), "dba": LD(0)}
    dx = []
    for t in range(T_x - 1, -1, -1):
        a_next, a_prev, xt, P = wide(steps[t])
        g = _rnn_back(DA[:, :, t] + carry, a_next, a_prev, xt, P)
        carry = g["da_prev"]
        dx.insert(0, g["dxt"])
        sums = {k: s + g[k] for k, s in sums.items()}
    return narrow({"dx": np.stack(dx, axis=2), "da0": carry, **sums})


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    a_next, c_next, f, i, g, o, y = narrow(_lstm_step(*wide([xt, a_prev, c_prev, parameters])))
    return a_next, c_next, y, (a_next, c_next, a_prev, c_prev, f, i, g, o, xt, parameters)


def lstm_forward(x, a0, parameters):
    X, A, P = wide([x, a0, parameters])
    C = np.zeros(A.shape, dtype=LD)
    a_prev, c_prev = a0, np.zeros(a0.shape)
    a, y, c, caches = [], [], [], []
    for t in range(x.shape[2]):
        A, C, F, I, G, O, Y = _lstm_step(X[:, :, t], A, C, P)
        at, ct, f, i, g, o, yt = narrow([A, C, F, I, G, O, Y])
        caches.append((at, ct, a_prev, c_prev, f, i, g, o, x[:, :, t], parameters))
        a.append(at), y.append(yt), c.append(ct)
        a_prev, c_prev = at, ct
    return np.stack(a, axis=2), np.stack(y, axis=2), np.stack(c, axis=2), (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    return narrow(_lstm_back(*wide([da_next, dc_next, *cache[1:]])))


def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    DA = wide(da)
    da_carry = np.zeros((n_a, m), dtype=LD)
    dc_carry = np.zeros((n_a, m), dtype=LD)
    sums = {k + g: LD(0) for g in "fico" for k in ("dW", "db")}
    dx = [None] * T_x
    for t in range(T_x - 1, -1, -1):
        g = _lstm_back(DA[:, :, t] + da_carry, dc_carry, *wide(steps[t][1:]))
        da_carry, dc_carry, dx[t] = g["da_prev"], g["dc_prev"], g["dxt"]
        sums = {k: s + g[k] for k, s in sums.items()}
    return narrow({"dx": np.stack(dx, axis=2), "da0": da_carry, **sums})
