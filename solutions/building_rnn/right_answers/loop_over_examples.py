import numpy as np
from rnn_utils import softmax, sigmoid

# I think about one example at a time: vectors, no batch axis.


def rnn_cell_forward(xt, a_prev, parameters):
    Wax, Waa, Wya = parameters["Wax"], parameters["Waa"], parameters["Wya"]
    ba, by = parameters["ba"][:, 0], parameters["by"][:, 0]
    m = xt.shape[1]
    a_next = np.zeros((Waa.shape[0], m))
    yt_pred = np.zeros((Wya.shape[0], m))
    for k in range(m):
        a_next[:, k] = np.tanh(Wax @ xt[:, k] + Waa @ a_prev[:, k] + ba)
        yt_pred[:, k] = softmax(Wya @ a_next[:, k] + by)
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    a = np.zeros((a0.shape[0], m, T_x))
    y_pred = np.zeros((parameters["by"].shape[0], m, T_x))
    caches = []
    for t in range(T_x):
        before = a0 if t == 0 else a[:, :, t - 1].copy()
        a[:, :, t], y_pred[:, :, t], cache = rnn_cell_forward(x[:, :, t], before, parameters)
        caches.append(cache)
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dxt = np.zeros(xt.shape)
    da_prev = np.zeros(a_prev.shape)
    dWax = np.zeros(parameters["Wax"].shape)
    dWaa = np.zeros(parameters["Waa"].shape)
    dba = np.zeros(parameters["ba"].shape)
    for k in range(xt.shape[1]):
        dz = (1 - a_next[:, k] ** 2) * da_next[:, k]
        dxt[:, k] = parameters["Wax"].T @ dz
        da_prev[:, k] = parameters["Waa"].T @ dz
        dWax += np.outer(dz, xt[:, k])
        dWaa += np.outer(dz, a_prev[:, k])
        dba[:, 0] += dz
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def rnn_backward(da, caches):
    caches, x = caches
    parameters = caches[0][3]
    n_a, m, T_x = da.shape
    dx = np.zeros((x.shape[0], m, T_x))
    da0 = np.zeros((n_a, m))
    dWax = np.zeros(parameters["Wax"].shape)
    dWaa = np.zeros(parameters["Waa"].shape)
    dba = np.zeros((n_a, 1))
    # whole sequence of one example, then of the next
    for k in range(m):
        carry = np.zeros(n_a)
        for t in reversed(range(T_x)):
            a_next, a_prev, xt, _ = caches[t]
            dz = (1 - a_next[:, k] ** 2) * (da[:, k, t] + carry)
            dx[:, k, t] = parameters["Wax"].T @ dz
            dWax += np.outer(dz, xt[:, k])
            dWaa += np.outer(dz, a_prev[:, k])
            dba[:, 0] += dz
            carry = parameters["Waa"].T @ dz
        da0[:, k] = carry
    return {"dx": dx, "da0": da0, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    m = xt.shape[1]
    n_y, n_a = parameters["Wy"].shape
    ft, it, cct, ot, c_next, a_next = [np.zeros((n_a, m)) for _ in range(6)]
    yt_pred = np.zeros((n_y, m))
    for k in range(m):
        v = np.append(a_prev[:, k], xt[:, k])
        ft[:, k] = sigmoid(parameters["Wf"] @ v + parameters["bf"].ravel())
        it[:, k] = sigmoid(parameters["Wi"] @ v + parameters["bi"].ravel())
        cct[:, k] = np.tanh(parameters["Wc"] @ v + parameters["bc"].ravel())
        ot[:, k] = sigmoid(parameters["Wo"] @ v + parameters["bo"].ravel())
        c_next[:, k] = ft[:, k] * c_prev[:, k] + it[:, k] * cct[:, k]
        a_next[:, k] = ot[:, k] * np.tanh(c_next[:, k])
        yt_pred[:, k] = softmax(parameters["Wy"] @ a_next[:, k] + parameters["by"].ravel())
    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache


def lstm_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    a = np.zeros((n_a, m, T_x))
    c = np.zeros((n_a, m, T_x))
    y = np.zeros((n_y, m, T_x))
    caches = []
    at = a0
    ct = np.zeros((n_a, m))
    for t in range(T_x):
        at, ct, yt, cache = lstm_cell_forward(x[:, :, t], at, ct, parameters)
        for k in range(m):
            a[:, k, t] = at[:, k]
            c[:, k, t] = ct[:, k]
            y[:, k, t] = yt[:, k]
        caches.append(cache)
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, m = a_next.shape
    grads = {"dxt": np.zeros(xt.shape), "da_prev": np.zeros((n_a, m)), "dc_prev": np.zeros((n_a, m))}
    for g in ["f", "i", "c", "o"]:
        grads["dW" + g] = np.zeros(parameters["W" + g].shape)
        grads["db" + g] = np.zeros((n_a, 1))
    for k in range(m):
        f, i, cc, o = ft[:, k], it[:, k], cct[:, k], ot[:, k]
        th = np.tanh(c_next[:, k])
        D = dc_next[:, k] + da_next[:, k] * o * (1 - th ** 2)
        d = {
            "o": da_next[:, k] * th * o * (1 - o),
            "c": D * i * (1 - cc ** 2),
            "i": D * cc * i * (1 - i),
            "f": D * c_prev[:, k] * f * (1 - f),
        }
        v = np.append(a_prev[:, k], xt[:, k])
        dv = np.zeros(v.shape)
        for g in d:
            grads["dW" + g] += np.outer(d[g], v)
            grads["db" + g][:, 0] += d[g]
            dv += parameters["W" + g].T @ d[g]
        grads["da_prev"][:, k] = dv[:n_a]
        grads["dxt"][:, k] = dv[n_a:]
        grads["dc_prev"][:, k] = D * f
    return grads


def lstm_backward(da, caches):
    caches, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    result = {"dx": np.zeros((n_x, m, T_x)), "da0": np.zeros((n_a, m))}
    for g in "fico":
        result["dW" + g] = np.zeros((n_a, n_a + n_x))
        result["db" + g] = np.zeros((n_a, 1))

    def only(cache, k):
        """The same cache with the k-th example alone."""
        return tuple(array[:, [k]] for array in cache[:-1]) + (cache[-1],)

    for k in range(m):
        da_carry = np.zeros((n_a, 1))
        dc_carry = np.zeros((n_a, 1))
        for t in reversed(range(T_x)):
            g = lstm_cell_backward(da[:, [k], t] + da_carry, dc_carry, only(caches[t], k))
            da_carry, dc_carry = g["da_prev"], g["dc_prev"]
            result["dx"][:, k, t] = g["dxt"][:, 0]
            for name in "fico":
                result["dW" + name] += g["dW" + name]
                result["db" + name] += g["db" + name]
        result["da0"][:, k] = da_carry[:, 0]
    return result
