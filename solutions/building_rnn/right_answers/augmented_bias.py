import numpy as np
from rnn_utils import sigmoid, softmax

# Biases are weights of an input that is always one: [W b] @ [v; 1].


def with_one(v):
    return np.r_[v, np.ones((1, v.shape[1]))]


def weights(parameters, kind):
    return np.c_[parameters["W" + kind], parameters["b" + kind]]


def stacked(parameters):
    return np.r_[tuple(weights(parameters, kind) for kind in ("f", "i", "o", "c"))]


def rnn_cell_forward(xt, a_prev, parameters):
    M = np.c_[parameters["Waa"], parameters["Wax"], parameters["ba"]]
    a_next = np.tanh(M.dot(with_one(np.r_[a_prev, xt])))
    out = np.c_[parameters["Wya"], parameters["by"]].dot(with_one(a_next))
    return a_next, softmax(out), (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    a = np.full(a0.shape + (T_x,), np.nan)
    y = np.full((parameters["by"].shape[0], m, T_x), np.nan)
    per_step = [None] * T_x
    for t in np.arange(T_x):
        before = a0 if t == 0 else a[..., t - 1].copy()
        a[..., t], y[..., t], per_step[t] = rnn_cell_forward(x[..., t].copy(), before, parameters)
    return a, y, (per_step, x)


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    z = stacked(parameters) @ with_one(np.r_[a_prev, xt])
    n_a = a_prev.shape[0]
    ft, it, ot = sigmoid(z[: 3 * n_a]).reshape(3, n_a, -1)
    cct = np.tanh(z[3 * n_a :])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    y = softmax(np.c_[parameters["Wy"], parameters["by"]] @ with_one(a_next))
    return a_next, c_next, y, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def lstm_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    # one slice more, for what was before the first step
    a = np.zeros(a0.shape + (T_x + 1,))
    c = np.zeros(a0.shape + (T_x + 1,))
    a[..., 0] = a0
    y = np.zeros((len(parameters["by"]), m, T_x))
    per_step = []
    for t in range(T_x):
        a[..., t + 1], c[..., t + 1], y[..., t], cache = lstm_cell_forward(
            x[..., t], a[..., t], c[..., t], parameters
        )
        per_step.append(cache)
    return a[..., 1:], y, c[..., 1:], (per_step, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    n_a, n_x = len(a_next), len(xt)
    M = np.c_[parameters["Waa"], parameters["Wax"]]
    dz = da_next * (1.0 - a_next**2.0)
    dM = dz @ with_one(np.r_[a_prev, xt]).T
    dWaa, dWax, dba = np.split(dM, [n_a, n_a + n_x], axis=1)
    da_prev, dxt = np.split(M.T @ dz, [n_a])
    return {"dWaa": dWaa, "dWax": dWax, "dba": dba, "da_prev": da_prev, "dxt": dxt}


def rnn_backward(da, caches):
    per_step, x = caches
    n_a, m, T_x = da.shape
    dx = np.empty((x.shape[0], m, T_x))
    incoming = np.zeros((n_a, m, T_x + 1))
    sums = None
    for t in range(T_x)[::-1]:
        g = rnn_cell_backward(da[..., t] + incoming[..., t + 1], per_step[t])
        dx[..., t], incoming[..., t] = g["dxt"], g["da_prev"]
        parts = np.c_[g["dWaa"], g["dWax"], g["dba"]]
        sums = parts if sums is None else sums + parts
    n_x = x.shape[0]
    return {
        "dx": dx,
        "da0": incoming[..., 0],
        "dWaa": sums[:, :n_a],
        "dWax": sums[:, n_a : n_a + n_x],
        "dba": sums[:, -1:],
    }


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = len(a_next)
    t = np.tanh(c_next)
    dc = dc_next + da_next * ot * (1 - t**2)
    dz = np.r_[
        dc * c_prev * ft * (1 - ft),
        dc * cct * it * (1 - it),
        da_next * t * ot * (1 - ot),
        dc * it * (1 - cct**2),
    ]
    dM = dz @ with_one(np.r_[a_prev, xt]).T
    dv = stacked(parameters)[:, :-1].T @ dz
    out = {"da_prev": dv[:n_a], "dxt": dv[n_a:], "dc_prev": dc * ft}
    for k, kind in enumerate(("f", "i", "o", "c")):
        rows = dM[k * n_a : (k + 1) * n_a]
        out["dW" + kind], out["db" + kind] = rows[:, :-1], rows[:, -1:]
    return out


def lstm_backward(da, caches):
    per_step, x = caches
    n_a, m, T_x = da.shape
    dx = np.empty((x.shape[0], m, T_x))
    da_in, dc_in = np.zeros((2, n_a, m))
    sums = {}
    for t in range(T_x)[::-1]:
        g = lstm_cell_backward(da[..., t] + da_in, dc_in, per_step[t])
        dx[..., t] = g["dxt"]
        da_in, dc_in = g["da_prev"], g["dc_prev"]
        for kind in "fioc":
            for name in ("dW" + kind, "db" + kind):
                sums[name] = g[name] + sums[name] if name in sums else g[name].copy()
    return {"dx": dx, "da0": da_in, **sums}
