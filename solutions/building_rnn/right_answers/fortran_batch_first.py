"""I am used to (batch, features): transpose at the door, work, transpose back."""
import numpy as np
from rnn_utils import softmax, sigmoid


def F(z):
    return np.asfortranarray(z)


def rnn_cell_forward(xt, a_prev, parameters):
    X, H = xt.T, a_prev.T                                     # (m, n_x), (m, n_a)
    H_next = np.tanh(X @ parameters["Wax"].T + H @ parameters["Waa"].T + parameters["ba"].T)
    scores = H_next @ parameters["Wya"].T + parameters["by"].T  # (m, n_y)
    a_next = F(H_next.T)
    return a_next, F(softmax(scores.T)), (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    X = x.transpose(2, 1, 0)                                  # (T_x, m, n_x)
    T_x, m, _ = X.shape
    n_y, n_a = parameters["Wya"].shape
    H = np.zeros((n_a, m, T_x), order="F")
    Y = np.zeros((n_y, m, T_x), order="F")
    caches = []
    a_next = a0
    for t, batch in enumerate(X):
        a_next, y, cache = rnn_cell_forward(batch.T, a_next, parameters)
        H.T[t] = a_next.T
        Y.T[t] = y.T
        caches.append(cache)
    return H, Y, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dZ = da_next.T * (1 - a_next.T ** 2)                      # (m, n_a)
    return {
        "dxt": (dZ @ parameters["Wax"]).T,
        "da_prev": (dZ @ parameters["Waa"]).T,
        "dWax": (xt @ dZ).T,
        "dWaa": (a_prev @ dZ).T,
        "dba": dZ.sum(axis=0)[None, :].T,
    }


def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    dA = da.T                                                 # (T_x, m, n_a)
    dX = np.zeros((T_x, m, x.shape[0]))
    dWax_T = np.zeros((x.shape[0], n_a))
    dWaa_T = np.zeros((n_a, n_a))
    dba_T = np.zeros((1, n_a))
    dH = np.zeros((m, n_a))
    for t in range(T_x - 1, -1, -1):
        g = rnn_cell_backward((dA[t] + dH).T, steps[t])
        dX[t] = g["dxt"].T
        dH = g["da_prev"].T
        dWax_T += g["dWax"].T
        dWaa_T += g["dWaa"].T
        dba_T += g["dba"].T
    return {"dx": dX.T, "da0": dH.T, "dWax": dWax_T.T, "dWaa": dWaa_T.T, "dba": dba_T.T}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    XH = np.hstack((a_prev.T, xt.T))                          # (m, n_a + n_x)
    lin = {k: XH @ parameters["W" + k].T + parameters["b" + k].T for k in ("f", "i", "c", "o")}
    f, i, o = sigmoid(lin["f"]), sigmoid(lin["i"]), sigmoid(lin["o"])
    g = np.tanh(lin["c"])
    C = f * c_prev.T + i * g
    H = o * np.tanh(C)
    Y = softmax((H @ parameters["Wy"].T + parameters["by"].T).T)
    cache = (H.T, C.T, a_prev, c_prev, f.T, i.T, g.T, o.T, xt, parameters)
    return cache[0], cache[1], F(Y), cache


def lstm_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    a = np.zeros((T_x, m, n_a)).T
    c = np.zeros((T_x, m, n_a)).T
    y = np.zeros((T_x, m, n_y)).T
    caches = []
    a_t, c_t = a0, np.zeros((m, n_a)).T
    for t in range(T_x):
        a_t, c_t, y_t, cache = lstm_cell_forward(F(x[:, :, t]), a_t, c_t, parameters)
        a.T[t], c.T[t], y.T[t] = a_t.T, c_t.T, y_t.T
        caches.append(cache)
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = a_prev.shape[0]
    dH, dC = da_next.T, dc_next.T
    f, i, g, o = ft.T, it.T, cct.T, ot.T
    tc = np.tanh(c_next.T)
    D = dC + dH * o * (1 - tc ** 2)
    d = {
        "f": D * c_prev.T * (f - f ** 2),
        "i": D * g * (i - i ** 2),
        "c": D * i * (1 - g ** 2),
        "o": dH * tc * (o - o ** 2),
    }
    XH = np.hstack((a_prev.T, xt.T))
    dXH = np.zeros(XH.shape, order="F")
    out = {}
    for k in d:
        dXH += d[k] @ parameters["W" + k]
        out["dW" + k] = (XH.T @ d[k]).T
        out["db" + k] = d[k].sum(axis=0, keepdims=True).T
    out["da_prev"] = dXH[:, :n_a].T
    out["dxt"] = dXH[:, n_a:].T
    out["dc_prev"] = (D * f).T
    return out


def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    dA = da.transpose(2, 1, 0)
    dX = np.zeros((T_x, m, x.shape[0]))
    sums = {}
    for k in "fico":
        sums["dW" + k] = np.zeros((n_a, n_a + x.shape[0]), order="F")
        sums["db" + k] = np.zeros((n_a, 1), order="F")
    dH = np.zeros((m, n_a))
    dC = np.zeros((m, n_a))
    for t in range(T_x - 1, -1, -1):
        g = lstm_cell_backward((dA[t] + dH).T, dC.T, steps[t])
        dX[t], dH, dC = g["dxt"].T, g["da_prev"].T, g["dc_prev"].T
        for k in sums:
            sums[k] += g[k]
    sums["dx"] = dX.transpose(2, 1, 0)
    sums["da0"] = dH.T
    return sums
