import operator
from functools import reduce
from itertools import accumulate

import numpy as np
from rnn_utils import softmax, sigmoid

ACTIVATION = dict(f=sigmoid, i=sigmoid, c=np.tanh, o=sigmoid)
# slope of each activation, from its value
SLOPE = dict(f=lambda s: s * (1 - s), i=lambda s: s * (1 - s), c=lambda s: 1 - s ** 2, o=lambda s: s * (1 - s))


def affine(W, v, b):
    return W @ v + b


def over_time(arrays):
    return np.stack(list(arrays), axis=-1)


def slices(x):
    return [x[..., t] for t in range(x.shape[-1])]


def total(dicts, key):
    return reduce(operator.add, (d[key] for d in dicts))


def batch_sum(d):
    return d.sum(axis=-1, keepdims=True)


# --- RNN

def rnn_cell_forward(xt, a_prev, parameters):
    a_next = np.tanh(affine(parameters["Wax"], xt, affine(parameters["Waa"], a_prev, parameters["ba"])))
    return a_next, softmax(affine(parameters["Wya"], a_next, parameters["by"])), (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    step = lambda before, xt: rnn_cell_forward(xt, before[0], parameters)
    history = list(accumulate(slices(x), step, initial=(a0, None, None)))[1:]
    states, outputs, caches = zip(*history)
    return over_time(states), over_time(outputs), (list(caches), x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = SLOPE["c"](a_next) * da_next
    return {
        **{name: parameters[W].T @ dz for name, W in (("dxt", "Wax"), ("da_prev", "Waa"))},
        **{name: dz @ v.T for name, v in (("dWax", xt), ("dWaa", a_prev))},
        "dba": batch_sum(dz),
    }


def rnn_backward(da, caches):
    pairs = list(zip(slices(da), caches[0]))[::-1]
    nothing = {"da_prev": np.zeros(da.shape[:2])}
    step = lambda later, pair: rnn_cell_backward(pair[0] + later["da_prev"], pair[1])
    grads = list(accumulate(pairs, step, initial=nothing))[1:]
    return {
        "dx": over_time(g["dxt"] for g in reversed(grads)),
        "da0": grads[-1]["da_prev"],
        **{key: total(grads, key) for key in ("dWax", "dWaa", "dba")},
    }


# --- LSTM

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    both = np.r_[a_prev, xt]
    f, i, cc, o = (ACTIVATION[g](affine(parameters[f"W{g}"], both, parameters[f"b{g}"])) for g in "fico")
    c_next = f * c_prev + i * cc
    a_next = o * np.tanh(c_next)
    cache = (a_next, c_next, a_prev, c_prev, f, i, cc, o, xt, parameters)
    return a_next, c_next, softmax(affine(parameters["Wy"], a_next, parameters["by"])), cache


def lstm_forward(x, a0, parameters):
    step = lambda before, xt: lstm_cell_forward(xt, before[0], before[1], parameters)
    history = list(accumulate(slices(x), step, initial=(a0, np.zeros(a0.shape))))[1:]
    a, c, y, caches = zip(*history)
    return over_time(a), over_time(y), over_time(c), (list(caches), x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, f, i, cc, o, xt, parameters = cache
    n_a = a_prev.shape[0]
    both = np.r_[a_prev, xt]
    D = dc_next + da_next * o * SLOPE["c"](np.tanh(c_next))
    upstream = dict(f=D * c_prev, i=D * cc, c=D * i, o=da_next * np.tanh(c_next))
    value = dict(f=f, i=i, c=cc, o=o)
    d = {g: upstream[g] * SLOPE[g](value[g]) for g in value}
    dboth = sum(parameters["W" + g].T @ d[g] for g in d)
    return {
        "dxt": dboth[n_a:],
        "da_prev": dboth[:n_a],
        "dc_prev": D * f,
        **{"dW" + g: d[g] @ both.T for g in d},
        **{"db" + g: batch_sum(d[g]) for g in d},
    }


def lstm_backward(da, caches):
    pairs = list(zip(slices(da), caches[0]))[::-1]
    zeros = np.zeros(da.shape[:2])
    step = lambda later, pair: lstm_cell_backward(pair[0] + later["da_prev"], later["dc_prev"], pair[1])
    grads = list(accumulate(pairs, step, initial={"da_prev": zeros, "dc_prev": zeros}))[1:]
    return {
        "dx": over_time(g["dxt"] for g in reversed(grads)),
        "da0": grads[-1]["da_prev"],
        **{kind + g: total(grads, kind + g) for g in "fico" for kind in ("dW", "db")},
    }
