import numpy as np
from rnn_utils import softmax, sigmoid


def _stack_rows(top, bottom):
    k = top.shape[0]
    out = np.empty((k + bottom.shape[0], top.shape[1]))
    out[:k] = top
    out[k:] = bottom
    return out


def rnn_cell_forward(xt, a_prev, parameters):
    a_next = np.empty(a_prev.shape)
    a_next[:] = parameters["ba"]
    a_next += parameters["Wax"].dot(xt)
    a_next += parameters["Waa"].dot(a_prev)
    np.tanh(a_next, out=a_next)
    yt_pred = np.empty((parameters["Wya"].shape[0], xt.shape[1]))
    yt_pred[...] = softmax(parameters["Wya"].dot(a_next) + parameters["by"])
    cache = (a_next, a_prev, xt, parameters)
    return a_next, yt_pred, cache


def rnn_forward(x, a0, parameters):
    _, m, T_x = x.shape
    n_y, n_a = parameters["Wya"].shape
    # time first in memory, so that every slice is contiguous; a view puts the axes in order
    history = np.empty((T_x + 1, n_a, m))
    outputs = np.empty((T_x, n_y, m))
    history[0] = a0
    caches = []
    for t in range(T_x):
        history[t + 1], outputs[t], _ = rnn_cell_forward(x[:, :, t], history[t], parameters)
        # slots are written once: the views stay valid
        caches.append((history[t + 1], history[t], x[:, :, t], parameters))
    return np.moveaxis(history[1:], 0, 2), np.moveaxis(outputs, 0, 2), (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = np.square(a_next)
    np.subtract(1.0, dz, out=dz)
    dz *= da_next
    gradients = {}
    gradients["dxt"] = np.empty(xt.shape)
    gradients["dxt"][:] = parameters["Wax"].T.dot(dz)
    gradients["da_prev"] = np.empty(a_prev.shape)
    gradients["da_prev"][:] = parameters["Waa"].T.dot(dz)
    gradients["dWax"] = dz.dot(xt.T)
    gradients["dWaa"] = dz.dot(a_prev.T)
    gradients["dba"] = np.empty((dz.shape[0], 1))
    gradients["dba"][:, 0] = dz.sum(1)
    return gradients


def rnn_backward(da, caches):
    step_caches = caches[0]
    n_a, m, T_x = da.shape
    n_x = step_caches[0][2].shape[0]
    # own copy of da: the carry is added into it, slot by slot
    total = da.copy()
    dx = np.empty((n_x, m, T_x))
    da0 = np.empty((n_a, m))
    dWax = np.zeros((n_a, n_x))
    dWaa = np.zeros((n_a, n_a))
    dba = np.zeros((n_a, 1))
    for t in range(T_x - 1, -1, -1):
        g = rnn_cell_backward(total[:, :, t], step_caches[t])
        dx[:, :, t] = g["dxt"]
        dWax += g["dWax"]
        dWaa += g["dWaa"]
        dba += g["dba"]
        if t > 0:
            total[:, :, t - 1] += g["da_prev"]
        else:
            da0[:] = g["da_prev"]
    return {"dx": dx, "da0": da0, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    n_a, m = a_prev.shape
    concat = _stack_rows(a_prev, xt)
    gates = np.empty((4, n_a, m))
    for k, name in enumerate(["f", "i", "c", "o"]):
        np.dot(parameters["W" + name], concat, out=gates[k])
        gates[k] += parameters["b" + name]
    gates[:2] = sigmoid(gates[:2])
    np.tanh(gates[2], out=gates[2])
    gates[3] = sigmoid(gates[3])
    ft, it, cct, ot = gates
    c_next = np.empty((n_a, m))
    np.multiply(ft, c_prev, out=c_next)
    c_next += it * cct
    a_next = np.tanh(c_next)
    a_next *= ot
    yt_pred = softmax(np.dot(parameters["Wy"], a_next) + parameters["by"])
    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache


def lstm_forward(x, a0, parameters):
    _, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    A = np.empty((n_a, m, T_x + 1))
    C = np.empty((n_a, m, T_x + 1))
    Y = np.empty((n_y, m, T_x))
    A[:, :, 0] = a0
    C[:, :, 0] = 0.0
    caches = []
    for t in range(T_x):
        a, c, y, cache = lstm_cell_forward(x[:, :, t], A[:, :, t], C[:, :, t], parameters)
        A[:, :, t + 1] = a
        C[:, :, t + 1] = c
        Y[:, :, t] = y
        caches.append(cache)
    return A[:, :, 1:], Y, C[:, :, 1:], (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, m = a_next.shape
    concat = _stack_rows(a_prev, xt)
    squashed = np.tanh(c_next)
    D = np.empty((n_a, m))
    D[:] = 1.0
    D -= squashed ** 2
    D *= ot
    D *= da_next
    D += dc_next
    dgates = np.empty((4, n_a, m))
    dgates[0] = D * c_prev
    dgates[0] *= ft * (1 - ft)
    dgates[1] = D * cct
    dgates[1] *= it * (1 - it)
    dgates[2] = D * it
    dgates[2] *= 1 - cct ** 2
    dgates[3] = da_next * squashed
    dgates[3] *= ot * (1 - ot)
    dconcat = np.zeros(concat.shape)
    gradients = {"dc_prev": D * ft}
    for k, name in enumerate(["f", "i", "c", "o"]):
        dconcat += np.dot(parameters["W" + name].T, dgates[k])
        gradients["dW" + name] = np.dot(dgates[k], concat.T)
        gradients["db" + name] = dgates[k].sum(axis=1).reshape(-1, 1)
    gradients["da_prev"] = dconcat[:n_a]
    gradients["dxt"] = dconcat[n_a:]
    return gradients


def lstm_backward(da, caches):
    step_caches, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    dx = np.empty((n_x, m, T_x))
    carry_a = np.zeros((n_a, m))
    carry_c = np.zeros((n_a, m))
    out = {"dx": dx}
    for name in "fico":
        out["dW" + name] = np.zeros((n_a, n_a + n_x))
        out["db" + name] = np.zeros((n_a, 1))
    buffer = np.empty((n_a, m))
    for t in range(T_x - 1, -1, -1):
        np.add(da[:, :, t], carry_a, out=buffer)
        g = lstm_cell_backward(buffer, carry_c, step_caches[t])
        carry_a[:] = g["da_prev"]
        carry_c[:] = g["dc_prev"]
        dx[:, :, t] = g["dxt"]
        for name in "fico":
            out["dW" + name] += g["dW" + name]
            out["db" + name] += g["db" + name]
    out["da0"] = carry_a
    return out
