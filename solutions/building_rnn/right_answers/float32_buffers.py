import numpy as np
from rnn_utils import softmax, sigmoid

f32 = np.float32  # half the memory


def rnn_cell_forward(xt, a_prev, parameters):
    a_next = np.tanh(parameters["Waa"] @ a_prev + parameters["Wax"] @ xt + parameters["ba"])
    yt_pred = softmax(parameters["Wya"] @ a_next + parameters["by"])
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wya"].shape
    a = np.zeros((n_a, m, T_x), dtype=f32)
    y_pred = np.zeros((n_y, m, T_x), dtype=f32)
    caches = []
    a_next = a0
    for t in range(T_x):
        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
        a[:, :, t] = a_next
        y_pred[:, :, t] = yt_pred
        caches.append(cache)
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = (1 - a_next ** 2) * da_next
    return {
        "dxt": parameters["Wax"].T @ dz,
        "da_prev": parameters["Waa"].T @ dz,
        "dWax": dz @ xt.T,
        "dWaa": dz @ a_prev.T,
        "dba": dz.sum(axis=1, keepdims=True),
    }


def rnn_backward(da, caches):
    caches, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    dx = np.zeros((n_x, m, T_x), f32)
    dWax = np.zeros((n_a, n_x), f32)
    dWaa = np.zeros((n_a, n_a), f32)
    dba = np.zeros((n_a, 1), f32)
    da_prevt = np.zeros((n_a, m), f32)
    for t in reversed(range(T_x)):
        g = rnn_cell_backward(da[:, :, t] + da_prevt, caches[t])
        dx[:, :, t] = g["dxt"]
        dWax += g["dWax"]
        dWaa += g["dWaa"]
        dba += g["dba"]
        da_prevt = g["da_prev"]
    return {"dx": dx, "da0": da_prevt, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    n_a, m = a_prev.shape
    concat = np.zeros((n_a + xt.shape[0], m), dtype="float32")
    concat[:n_a] = a_prev
    concat[n_a:] = xt
    ft = sigmoid(parameters["Wf"] @ concat + parameters["bf"])
    it = sigmoid(parameters["Wi"] @ concat + parameters["bi"])
    cct = np.tanh(parameters["Wc"] @ concat + parameters["bc"])
    ot = sigmoid(parameters["Wo"] @ concat + parameters["bo"])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def lstm_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    a = np.zeros((n_a, m, T_x), dtype="float32")
    c = np.zeros((n_a, m, T_x), dtype="float32")
    y = np.zeros((n_y, m, T_x), dtype="float32")
    caches = []
    a_next, c_next = a0, np.zeros((n_a, m), dtype="float32")
    for t in range(T_x):
        a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)
        a[:, :, t], c[:, :, t], y[:, :, t] = a_next, c_next, yt
        caches.append(cache)
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, m = a_next.shape
    tanh_c = np.tanh(c_next)
    D = dc_next + da_next * ot * (1 - tanh_c ** 2)
    d = {
        "f": D * c_prev * ft * (1 - ft),
        "i": D * cct * it * (1 - it),
        "c": D * it * (1 - cct ** 2),
        "o": da_next * tanh_c * ot * (1 - ot),
    }
    concat = np.concatenate([a_prev, xt])
    da_prev = np.zeros((n_a, m), f32)
    dxt = np.zeros(xt.shape, f32)
    grads = {}
    for k, dk in d.items():
        da_prev += parameters["W" + k][:, :n_a].T @ dk
        dxt += parameters["W" + k][:, n_a:].T @ dk
        grads["dW" + k] = dk @ concat.T
        grads["db" + k] = dk.sum(axis=1, keepdims=True)
    return {"dxt": dxt, "da_prev": da_prev, "dc_prev": D * ft, **grads}


def lstm_backward(da, caches):
    caches, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    out = {"dx": np.zeros((n_x, m, T_x), f32)}
    for k in "fico":
        out["dW" + k] = np.zeros((n_a, n_a + n_x), f32)
        out["db" + k] = np.zeros((n_a, 1), f32)
    da_prevt = np.zeros((n_a, m), f32)
    dc_prevt = np.zeros((n_a, m), f32)
    for t in reversed(range(T_x)):
        g = lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, caches[t])
        da_prevt, dc_prevt = g["da_prev"], g["dc_prev"]
        dx_t = g["dxt"]
        out["dx"][:, :, t] = dx_t
        for k in "fico":
            out["dW" + k] += g["dW" + k]
            out["db" + k] += g["db" + k]
    out["da0"] = da_prevt
    return out
