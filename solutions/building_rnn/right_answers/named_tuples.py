from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rnn_utils import sigmoid, softmax

Array = NDArray[np.float64]


class RnnCache(NamedTuple):
    a_next: Array
    a_prev: Array
    xt: Array
    parameters: dict


class LstmCache(NamedTuple):
    a_next: Array
    c_next: Array
    a_prev: Array
    c_prev: Array
    ft: Array
    it: Array
    cct: Array
    ot: Array
    xt: Array
    parameters: dict


class RnnStep(NamedTuple):
    a_next: Array
    yt_pred: Array
    cache: RnnCache


class LstmStep(NamedTuple):
    a_next: Array
    c_next: Array
    yt_pred: Array
    cache: LstmCache


class Caches(NamedTuple):
    steps: list
    x: Array


def rnn_cell_forward(xt, a_prev, parameters) -> RnnStep:
    p = parameters
    state = np.tanh(np.add(p["Wax"].dot(xt), p["Waa"].dot(a_prev)) + p["ba"])
    scores = p["Wya"].dot(state) + p["by"]
    return RnnStep(state, softmax(scores), RnnCache(state, a_prev, xt, p))


def rnn_forward(x, a0, parameters):
    steps: list[RnnStep] = []
    for t in range(x.shape[-1]):
        steps.append(rnn_cell_forward(x[..., t], steps[-1].a_next if steps else a0, parameters))
    a = np.dstack([s.a_next for s in steps])
    y = np.dstack([s.yt_pred for s in steps])
    return a, y, Caches([s.cache for s in steps], x)


def lstm_cell_forward(xt, a_prev, c_prev, parameters) -> LstmStep:
    p = parameters
    both = np.vstack([a_prev, xt])
    forget = sigmoid(p["Wf"] @ both + p["bf"])
    update = sigmoid(p["Wi"] @ both + p["bi"])
    output = sigmoid(p["Wo"] @ both + p["bo"])
    proposal = np.tanh(p["Wc"] @ both + p["bc"])
    c = forget * c_prev + update * proposal
    a = output * np.tanh(c)
    cache = LstmCache(a, c, a_prev, c_prev, forget, update, proposal, output, xt, p)
    return LstmStep(a, c, softmax(p["Wy"] @ a + p["by"]), cache)


def lstm_forward(x, a0, parameters):
    steps: list[LstmStep] = []
    a, c = a0, np.zeros(a0.shape)
    for t in range(x.shape[-1]):
        steps.append(lstm_cell_forward(x[..., t], a, c, parameters))
        a, c = steps[-1].a_next, steps[-1].c_next
    stacked = [np.dstack(list(part)) for part in list(zip(*steps))[:3]]
    return stacked[0], stacked[2], stacked[1], Caches([s.cache for s in steps], x)


def rnn_cell_backward(da_next, cache):
    k = RnnCache(*cache[:4])
    dz = da_next - da_next * np.square(k.a_next)
    return dict(
        dxt=k.parameters["Wax"].T @ dz,
        da_prev=k.parameters["Waa"].T @ dz,
        dWax=dz @ k.xt.T,
        dWaa=dz @ k.a_prev.T,
        dba=dz.sum(1)[:, None],
    )


def rnn_backward(da, caches):
    steps, x = caches
    n_a, m, T = da.shape
    found = []
    carry = np.zeros((n_a, m))
    for t in range(T - 1, -1, -1):
        found.insert(0, rnn_cell_backward(da[..., t] + carry, steps[t]))
        carry = found[0]["da_prev"]
    out = {k: sum(g[k] for g in found) for k in ("dWax", "dWaa", "dba")}
    return {"dx": np.dstack([g["dxt"] for g in found]), "da0": carry, **out}


def lstm_cell_backward(da_next, dc_next, cache):
    k = LstmCache(*cache[:10])
    p, n_a = k.parameters, k.a_next.shape[0]
    shown = np.tanh(k.c_next)
    dc = dc_next + da_next * k.ot * (1 - shown * shown)
    d = {
        "f": dc * k.c_prev * k.ft * (1 - k.ft),
        "i": dc * k.cct * k.it * (1 - k.it),
        "c": dc * k.it * (1 - k.cct * k.cct),
        "o": da_next * shown * k.ot * (1 - k.ot),
    }
    both = np.vstack([k.a_prev, k.xt])
    dboth = sum(p["W" + g].T @ d[g] for g in d)
    out = {"da_prev": dboth[:n_a], "dxt": dboth[n_a:], "dc_prev": dc * k.ft}
    out.update({"dW" + g: d[g] @ both.T for g in d})
    out.update({"db" + g: d[g].sum(1)[:, None] for g in d})
    return out


def lstm_backward(da, caches):
    steps, x = caches
    found = []
    a_carry = c_carry = np.zeros(da.shape[:2])
    for t in range(da.shape[2] - 1, -1, -1):
        found.insert(0, lstm_cell_backward(da[..., t] + a_carry, c_carry, steps[t]))
        a_carry, c_carry = found[0]["da_prev"], found[0]["dc_prev"]
    names = [n for n in found[0] if n[:2] in ("dW", "db")]
    out = {n: sum(g[n] for g in found) for n in names}
    return {"dx": np.dstack([g["dxt"] for g in found]), "da0": a_carry, **out}
