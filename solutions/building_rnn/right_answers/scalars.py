import math
import numpy as np


# Everything by hand, one number at a time.

def _sig(v):
    if v >= 0:
        return 1.0 / (1.0 + math.exp(-v))
    e = math.exp(v)
    return e / (1.0 + e)


def _soft(values):
    top = max(values)
    e = [math.exp(v - top) for v in values]
    s = sum(e)
    return [v / s for v in e]


def _predict(W, b, a):
    n_y, n_a = W.shape
    m = a.shape[1]
    y = np.zeros((n_y, m))
    for k in range(m):
        scores = []
        for r in range(n_y):
            s = b[r, 0]
            for j in range(n_a):
                s += W[r, j] * a[j, k]
            scores.append(s)
        probabilities = _soft(scores)
        for r in range(n_y):
            y[r, k] = probabilities[r]
    return y


def rnn_cell_forward(xt, a_prev, parameters):
    Wax, Waa, ba = parameters["Wax"], parameters["Waa"], parameters["ba"]
    n_x, m = xt.shape
    n_a = a_prev.shape[0]
    a_next = np.zeros((n_a, m))
    for i in range(n_a):
        for k in range(m):
            s = ba[i, 0]
            for j in range(n_x):
                s += Wax[i, j] * xt[j, k]
            for j in range(n_a):
                s += Waa[i, j] * a_prev[j, k]
            a_next[i, k] = math.tanh(s)
    yt_pred = _predict(parameters["Wya"], parameters["by"], a_next)
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wya"].shape
    a = np.zeros((n_a, m, T_x))
    y_pred = np.zeros((n_y, m, T_x))
    caches = []
    state = a0
    for t in range(T_x):
        state, out, cache = rnn_cell_forward(x[:, :, t], state, parameters)
        for k in range(m):
            for i in range(n_a):
                a[i, k, t] = state[i, k]
            for i in range(n_y):
                y_pred[i, k, t] = out[i, k]
        caches.append(cache)
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    n_x, m = xt.shape
    n_a = a_next.shape[0]
    dxt = np.zeros((n_x, m))
    da_prev = np.zeros((n_a, m))
    dWax = np.zeros((n_a, n_x))
    dWaa = np.zeros((n_a, n_a))
    dba = np.zeros((n_a, 1))
    for k in range(m):
        for i in range(n_a):
            dz = (1.0 - a_next[i, k] * a_next[i, k]) * da_next[i, k]
            dba[i, 0] += dz
            for j in range(n_x):
                dxt[j, k] += parameters["Wax"][i, j] * dz
                dWax[i, j] += dz * xt[j, k]
            for j in range(n_a):
                da_prev[j, k] += parameters["Waa"][i, j] * dz
                dWaa[i, j] += dz * a_prev[j, k]
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    dx = np.zeros((n_x, m, T_x))
    dWax = np.zeros((n_a, n_x))
    dWaa = np.zeros((n_a, n_a))
    dba = np.zeros((n_a, 1))
    later = np.zeros((n_a, m))
    t = T_x - 1
    while t >= 0:
        incoming = np.zeros((n_a, m))
        for i in range(n_a):
            for k in range(m):
                incoming[i, k] = da[i, k, t] + later[i, k]
        g = rnn_cell_backward(incoming, steps[t])
        later = g["da_prev"]
        for j in range(n_x):
            for k in range(m):
                dx[j, k, t] = g["dxt"][j, k]
        for i in range(n_a):
            dba[i, 0] += g["dba"][i, 0]
            for j in range(n_x):
                dWax[i, j] += g["dWax"][i, j]
            for j in range(n_a):
                dWaa[i, j] += g["dWaa"][i, j]
        t -= 1
    return {"dx": dx, "da0": later, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    n_x, m = xt.shape
    n_a = a_prev.shape[0]
    ft = np.zeros((n_a, m))
    it = np.zeros((n_a, m))
    cct = np.zeros((n_a, m))
    ot = np.zeros((n_a, m))
    c_next = np.zeros((n_a, m))
    a_next = np.zeros((n_a, m))

    def net(gate, i, k):
        W = parameters["W" + gate]
        s = parameters["b" + gate][i, 0]
        for j in range(n_a):
            s += W[i, j] * a_prev[j, k]
        for j in range(n_x):
            s += W[i, n_a + j] * xt[j, k]
        return s

    for i in range(n_a):
        for k in range(m):
            ft[i, k] = _sig(net("f", i, k))
            it[i, k] = _sig(net("i", i, k))
            cct[i, k] = math.tanh(net("c", i, k))
            ot[i, k] = _sig(net("o", i, k))
            c_next[i, k] = ft[i, k] * c_prev[i, k] + it[i, k] * cct[i, k]
            a_next[i, k] = ot[i, k] * math.tanh(c_next[i, k])
    yt_pred = _predict(parameters["Wy"], parameters["by"], a_next)
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def lstm_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    a = np.zeros((n_a, m, T_x))
    y = np.zeros((n_y, m, T_x))
    c = np.zeros((n_a, m, T_x))
    caches = []
    state, memory = a0, np.zeros((n_a, m))
    for t in range(T_x):
        state, memory, out, cache = lstm_cell_forward(x[:, :, t], state, memory, parameters)
        for k in range(m):
            for i in range(n_a):
                a[i, k, t] = state[i, k]
                c[i, k, t] = memory[i, k]
            for i in range(n_y):
                y[i, k, t] = out[i, k]
        caches.append(cache)
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_x, m = xt.shape
    n_a = a_next.shape[0]
    out = {"dxt": np.zeros((n_x, m)), "da_prev": np.zeros((n_a, m)), "dc_prev": np.zeros((n_a, m))}
    for gate in "fico":
        out["dW" + gate] = np.zeros((n_a, n_a + n_x))
        out["db" + gate] = np.zeros((n_a, 1))
    for k in range(m):
        for i in range(n_a):
            f, u, cc, o = ft[i, k], it[i, k], cct[i, k], ot[i, k]
            th = math.tanh(c_next[i, k])
            D = dc_next[i, k] + da_next[i, k] * o * (1 - th * th)
            out["dc_prev"][i, k] = D * f
            slopes = [
                ("f", D * c_prev[i, k] * f * (1 - f)),
                ("i", D * cc * u * (1 - u)),
                ("c", D * u * (1 - cc * cc)),
                ("o", da_next[i, k] * th * o * (1 - o)),
            ]
            for gate, slope in slopes:
                W, dW = parameters["W" + gate], out["dW" + gate]
                out["db" + gate][i, 0] += slope
                for j in range(n_a):
                    dW[i, j] += slope * a_prev[j, k]
                    out["da_prev"][j, k] += W[i, j] * slope
                for j in range(n_x):
                    dW[i, n_a + j] += slope * xt[j, k]
                    out["dxt"][j, k] += W[i, n_a + j] * slope
    return out


def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    out = {"dx": np.zeros((n_x, m, T_x))}
    for gate in "fico":
        out["dW" + gate] = np.zeros((n_a, n_a + n_x))
        out["db" + gate] = np.zeros((n_a, 1))
    da_later = np.zeros((n_a, m))
    dc_later = np.zeros((n_a, m))
    for back in range(1, T_x + 1):
        t = T_x - back
        incoming = np.zeros((n_a, m))
        for i in range(n_a):
            for k in range(m):
                incoming[i, k] = da[i, k, t] + da_later[i, k]
        g = lstm_cell_backward(incoming, dc_later, steps[t])
        da_later, dc_later = g["da_prev"], g["dc_prev"]
        for j in range(n_x):
            for k in range(m):
                out["dx"][j, k, t] = g["dxt"][j, k]
        for gate in "fico":
            for i in range(n_a):
                out["db" + gate][i, 0] += g["db" + gate][i, 0]
                for j in range(n_a + n_x):
                    out["dW" + gate][i, j] += g["dW" + gate][i, j]
    out["da0"] = da_later
    return out
