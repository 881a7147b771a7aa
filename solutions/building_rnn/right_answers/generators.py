import numpy as np
from rnn_utils import sigmoid, softmax


def steps_of(x):
    for t in range(x.shape[2]):
        yield x[:, :, t]


def unrolled(cell, x, *states):
    """Yield what the cell returns at every step, feeding its first values back."""
    for xt in steps_of(x):
        result = cell(xt, *states)
        states = result[: len(states)]
        yield result


def time_last(parts):
    return np.concatenate([part[:, :, np.newaxis] for part in parts], axis=2)


def rnn_cell_forward(xt, a_prev, parameters):
    a_next = np.tanh(sum((parameters["Wax"] @ xt, parameters["Waa"] @ a_prev, parameters["ba"])))
    yt_pred = softmax(parameters["Wya"] @ a_next + parameters["by"])
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    def cell(xt, a):
        return rnn_cell_forward(xt, a, parameters)

    a, y, caches = map(list, zip(*unrolled(cell, x, a0)))
    return time_last(a), time_last(y), (caches, x)


def gates(v, parameters):
    for gate, activation in dict(f=sigmoid, i=sigmoid, c=np.tanh, o=sigmoid).items():
        yield activation(parameters[f"W{gate}"] @ v + parameters[f"b{gate}"])


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    ft, it, cct, ot = gates(np.append(a_prev, xt, axis=0), parameters)
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(parameters["Wy"] @ a_next + parameters["by"])
    cache = a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters
    return a_next, c_next, yt_pred, cache


def lstm_forward(x, a0, parameters):
    def cell(xt, a, c):
        return lstm_cell_forward(xt, a, c, parameters)

    a, c, y, caches = map(list, zip(*unrolled(cell, x, a0, np.zeros(a0.shape))))
    return time_last(a), time_last(y), time_last(c), (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = da_next / np.cosh(np.arctanh(a_next)) ** 2 if np.all(abs(a_next) < 0.999) else (
        (1 - a_next**2) * da_next
    )
    return {
        "dxt": parameters["Wax"].T @ dz,
        "da_prev": parameters["Waa"].T @ dz,
        "dWax": dz @ xt.T,
        "dWaa": dz @ a_prev.T,
        "dba": dz @ np.ones((dz.shape[1], 1)),
    }


def rnn_steps_back(da, step_caches):
    carry = np.zeros(da.shape[:2])
    for t in range(da.shape[2])[::-1]:
        gradients = rnn_cell_backward(da[:, :, t] + carry, step_caches[t])
        yield gradients
        carry = gradients["da_prev"]


def rnn_backward(da, caches):
    back = list(rnn_steps_back(da, caches[0]))
    total = {name: np.sum([g[name] for g in back], axis=0) for name in ("dWax", "dWaa", "dba")}
    return {"dx": time_last([g["dxt"] for g in back[::-1]]), "da0": back[-1]["da_prev"]} | total


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = a_prev.shape[0]
    v = np.append(a_prev, xt, axis=0)
    tanh_c = np.tanh(c_next)
    dc = np.add(dc_next, da_next * ot * (1 - tanh_c**2))
    dz = dict(
        f=dc * c_prev * ft * (1 - ft),
        i=dc * cct * it * (1 - it),
        c=dc * it * (1 - cct**2),
        o=da_next * tanh_c * ot * (1 - ot),
    )
    dv = sum(parameters[f"W{gate}"].T @ d for gate, d in dz.items())
    return (
        {"da_prev": dv[:n_a], "dxt": dv[n_a:], "dc_prev": ft * dc}
        | {f"dW{gate}": d @ v.T for gate, d in dz.items()}
        | {f"db{gate}": d @ np.ones((d.shape[1], 1)) for gate, d in dz.items()}
    )


def lstm_steps_back(da, step_caches):
    a_carry = c_carry = np.zeros(da.shape[:2])
    for t in range(da.shape[2])[::-1]:
        gradients = lstm_cell_backward(a_carry + da[:, :, t], c_carry, step_caches[t])
        yield gradients
        a_carry, c_carry = gradients["da_prev"], gradients["dc_prev"]


def lstm_backward(da, caches):
    back = list(lstm_steps_back(da, caches[0]))
    names = [f"d{kind}{gate}" for kind in "Wb" for gate in "fico"]
    total = {name: np.sum([g[name] for g in back], axis=0) for name in names}
    return {"dx": time_last([g["dxt"] for g in back[::-1]]), "da0": back[-1]["da_prev"]} | total
