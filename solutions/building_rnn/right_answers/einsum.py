import numpy as np
from rnn_utils import softmax, sigmoid


def rnn_cell_forward(xt, a_prev, parameters):
    p = parameters
    hidden = np.einsum("ij,jm->im", p["Waa"], a_prev) + np.einsum("ij,jm->im", p["Wax"], xt)
    a_next = np.tanh(hidden + p["ba"])
    yt_pred = softmax(np.einsum("ya,am->ym", p["Wya"], a_next) + p["by"])
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wya"].shape
    a = np.zeros((n_a, m, T_x))
    y_pred = np.zeros((n_y, m, T_x))
    caches = []
    a_t = a0
    for t in range(T_x):
        a_t, y_t, cache = rnn_cell_forward(x[:, :, t], a_t, parameters)
        a[:, :, t] = a_t
        y_pred[:, :, t] = y_t
        caches.append(cache)
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, p = cache
    dz = da_next - np.einsum("im,im,im->im", a_next, a_next, da_next)
    return {
        "dxt": np.einsum("ax,am->xm", p["Wax"], dz),
        "da_prev": np.einsum("ab,am->bm", p["Waa"], dz),
        "dWax": np.einsum("am,xm->ax", dz, xt),
        "dWaa": np.einsum("am,bm->ab", dz, a_prev),
        "dba": np.einsum("am->a", dz)[:, None],
    }


def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    # first the error signal at every step, then every gradient in one einsum
    dz = np.empty((n_a, m, T_x))
    back = np.zeros((n_a, m))
    for t in range(T_x - 1, -1, -1):
        a_next, _, _, p = steps[t]
        dz[..., t] = (1 - a_next ** 2) * (da[..., t] + back)
        back = np.einsum("ab,am->bm", p["Waa"], dz[..., t])
    p = steps[0][3]
    xs = np.stack([s[2] for s in steps[:T_x]], axis=-1)
    prevs = np.stack([s[1] for s in steps[:T_x]], axis=-1)
    return {
        "dx": np.einsum("ax,amt->xmt", p["Wax"], dz),
        "da0": back,
        "dWax": np.einsum("amt,xmt->ax", dz, xs),
        "dWaa": np.einsum("amt,bmt->ab", dz, prevs),
        "dba": np.einsum("amt->a", dz).reshape(n_a, 1),
    }


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    concat = np.concatenate((a_prev, xt), axis=0)

    def affine(g):
        return np.einsum("ik,km->im", parameters["W" + g], concat) + parameters["b" + g]

    ft = sigmoid(affine("f"))
    it = sigmoid(affine("i"))
    cct = np.tanh(affine("c"))
    ot = sigmoid(affine("o"))
    c_next = np.einsum("im,im->im", ft, c_prev) + np.einsum("im,im->im", it, cct)
    a_next = np.einsum("im,im->im", ot, np.tanh(c_next))
    yt_pred = softmax(np.einsum("ya,am->ym", parameters["Wy"], a_next) + parameters["by"])
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def lstm_forward(x, a0, parameters):
    T_x = x.shape[2]
    n_y, n_a = parameters["Wy"].shape
    a = np.zeros((n_a, x.shape[1], T_x))
    c = np.zeros_like(a)
    y = np.zeros((n_y, x.shape[1], T_x))
    a_t, c_t = a0, np.zeros(a0.shape)
    caches = []
    for t in range(T_x):
        a_t, c_t, y_t, cache = lstm_cell_forward(x[:, :, t], a_t, c_t, parameters)
        a[:, :, t], c[:, :, t], y[:, :, t] = a_t, c_t, y_t
        caches.append(cache)
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, p = cache
    n_a = a_next.shape[0]
    tanh_c = np.tanh(c_next)
    D = dc_next + np.einsum("im,im,im->im", da_next, ot, 1 - tanh_c ** 2)
    d = {
        "f": np.einsum("im,im,im,im->im", D, c_prev, ft, 1 - ft),
        "i": np.einsum("im,im,im,im->im", D, cct, it, 1 - it),
        "c": np.einsum("im,im,im->im", D, it, 1 - cct ** 2),
        "o": np.einsum("im,im,im,im->im", da_next, tanh_c, ot, 1 - ot),
    }
    concat = np.concatenate((a_prev, xt), axis=0)
    weights = np.stack([p["W" + g] for g in "fico"])
    dgates = np.stack([d[g] for g in "fico"])
    dconcat = np.einsum("gik,gim->km", weights, dgates)
    grads = {"dxt": dconcat[n_a:], "da_prev": dconcat[:n_a], "dc_prev": np.einsum("im,im->im", D, ft)}
    for g in "fico":
        grads["dW" + g] = np.einsum("im,km->ik", d[g], concat)
        grads["db" + g] = np.einsum("im->i", d[g])[:, np.newaxis]
    return grads


def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, T_x = da.shape
    da_back = np.zeros((n_a, m))
    dc_back = np.zeros((n_a, m))
    per_step = [None] * T_x
    for t in range(T_x - 1, -1, -1):
        per_step[t] = lstm_cell_backward(da[:, :, t] + da_back, dc_back, steps[t])
        da_back, dc_back = per_step[t]["da_prev"], per_step[t]["dc_prev"]
    grads = {"dx": np.einsum("txm->xmt", np.array([g["dxt"] for g in per_step])), "da0": da_back}
    for key in ("dWf", "dbf", "dWi", "dbi", "dWc", "dbc", "dWo", "dbo"):
        grads[key] = np.einsum("tij->ij", np.array([g[key] for g in per_step]))
    return grads
