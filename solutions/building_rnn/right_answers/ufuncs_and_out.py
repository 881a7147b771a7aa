import numpy as np
from rnn_utils import softmax, sigmoid

LSTM_FIELDS = ("a_next", "c_next", "a_prev", "c_prev", "f", "i", "c", "o", "xt", "parameters")


def rnn_cell_forward(xt, a_prev, parameters):
    a_next = np.matmul(parameters["Wax"], xt)
    np.add(a_next, np.matmul(parameters["Waa"], a_prev), out=a_next)
    np.add(a_next, parameters["ba"], out=a_next)
    np.tanh(a_next, out=a_next)
    scores = np.matmul(parameters["Wya"], a_next)
    np.add(scores, parameters["by"], out=scores)
    return a_next, softmax(scores), (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    a = np.zeros((a0.shape[0],) + x.shape[1:])
    y_pred = np.zeros((parameters["by"].size,) + x.shape[1:])
    caches = []
    for t, xt in enumerate(np.rollaxis(x, 2)):
        last = caches[-1][0] if caches else a0
        step = rnn_cell_forward(xt, last, parameters)
        np.copyto(a[..., t], step[0])
        np.copyto(y_pred[..., t], step[1])
        caches.append(step[-1])
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = np.multiply(a_next, a_next)
    np.subtract(1, dz, out=dz)
    np.multiply(dz, da_next, out=dz)
    gradients = {"dba": np.add.reduce(dz, axis=1, keepdims=True)}
    for W, source, name in (("Wax", xt, "dxt"), ("Waa", a_prev, "da_prev")):
        gradients["d" + W] = np.matmul(dz, np.transpose(source))
        gradients[name] = np.matmul(np.transpose(parameters[W]), dz)
    return gradients


def rnn_backward(da, caches):
    caches, x = caches
    T_x = da.shape[2]
    steps = []
    upstream = np.zeros(da.shape[:2])
    for t, cache in reversed(list(enumerate(caches[:T_x]))):
        steps.append(rnn_cell_backward(np.add(da[:, :, t], upstream), cache))
        upstream = steps[-1]["da_prev"]
    gradients = {key: np.add.reduce([s[key] for s in steps]) for key in ("dWax", "dWaa", "dba")}
    gradients["dx"] = np.stack([s["dxt"] for s in steps[::-1]], axis=2)
    gradients["da0"] = upstream
    return gradients


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    concat = np.concatenate((a_prev, xt))
    gate = {}
    for k in "fico":
        z = np.matmul(parameters["W" + k], concat)
        np.add(z, parameters["b" + k], out=z)
        gate[k] = np.tanh(z, out=z) if k == "c" else sigmoid(z)
    c_next = np.add(np.multiply(gate["f"], c_prev), np.multiply(gate["i"], gate["c"]))
    a_next = np.multiply(gate["o"], np.tanh(c_next))
    yt_pred = softmax(np.add(np.matmul(parameters["Wy"], a_next), parameters["by"]))
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, *gate.values(), xt, parameters)


def lstm_forward(x, a0, parameters):
    n_y, n_a = parameters["Wy"].shape
    a = np.zeros((n_a,) + x.shape[1:])
    c = np.zeros_like(a)
    y = np.zeros((n_y,) + x.shape[1:])
    caches = []
    last = (a0, np.zeros(a0.shape))
    for t in np.arange(x.shape[2]):
        a_next, c_next, yt, cache = lstm_cell_forward(np.take(x, t, axis=2), *last, parameters)
        for buffer, value in ((a, a_next), (c, c_next), (y, yt)):
            np.copyto(buffer[:, :, t], value)
        caches.append(cache)
        last = a_next, c_next
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    k = dict(zip(LSTM_FIELDS, cache))
    n_a = np.shape(k["a_prev"])[0]
    concat = np.concatenate((k["a_prev"], k["xt"]))
    tanh_c = np.tanh(k["c_next"])
    D = np.multiply(tanh_c, tanh_c)
    np.subtract(1, D, out=D)
    np.multiply(D, k["o"], out=D)
    np.multiply(D, da_next, out=D)
    np.add(D, dc_next, out=D)
    # what each gate multiplies on the way to the loss
    partner = {"f": np.multiply(D, k["c_prev"]), "i": np.multiply(D, k["c"]), "c": np.multiply(D, k["i"]),
               "o": np.multiply(da_next, tanh_c)}
    gradients = {"dc_prev": np.multiply(D, k["f"])}
    pieces = []
    for g in "fico":
        slope = np.subtract(1, np.square(k[g])) if g == "c" else np.multiply(k[g], np.subtract(1, k[g]))
        d = np.multiply(partner[g], slope, out=partner[g])
        gradients["dW" + g] = np.matmul(d, concat.T)
        gradients["db" + g] = np.add.reduce(d, axis=1, keepdims=True)
        pieces.append(np.matmul(k["parameters"]["W" + g].T, d))
    gradients["da_prev"], gradients["dxt"] = np.split(np.add.reduce(pieces), [n_a])
    return gradients


def lstm_backward(da, caches):
    caches, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    gradients = {"dx": np.zeros((n_x, m, T_x))}
    for g in "fico":
        gradients["dW" + g] = np.zeros((n_a, n_a + n_x))
        gradients["db" + g] = np.zeros((n_a, 1))
    carry = {"da_prev": np.zeros((n_a, m)), "dc_prev": np.zeros((n_a, m))}
    for t, cache in reversed(list(enumerate(caches[:T_x]))):
        carry = lstm_cell_backward(np.add(da[:, :, t], carry["da_prev"]), carry["dc_prev"], cache)
        np.copyto(gradients["dx"][:, :, t], carry["dxt"])
        for g in "fico":
            for key in ("dW" + g, "db" + g):
                np.add(gradients[key], carry[key], out=gradients[key])
    gradients["da0"] = carry["da_prev"]
    return gradients
