"""Every operation returns its value and the way back: gradients by a small tape of closures."""
import numpy as np
from rnn_utils import softmax, sigmoid


def op_affine(W, v, b):
    def back(d):
        return d @ v.T, W.T @ d, d.sum(axis=1, keepdims=True)

    return W @ v + b, back


def op_tanh(z=None, value=None):
    y = np.tanh(z) if value is None else value
    return y, lambda d: d * (1 - y * y)


def op_sigmoid(z=None, value=None):
    y = sigmoid(z) if value is None else value
    return y, lambda d: d * y * (1 - y)


def op_mul(u, v):
    return u * v, lambda d: (d * v, d * u)


def op_stack(top, bottom):
    n = len(top)
    return np.concatenate([top, bottom]), lambda d: (d[:n], d[n:])


def rnn_cell_forward(xt, a_prev, parameters):
    P = parameters
    v, _ = op_stack(a_prev, xt)
    z, _ = op_affine(np.concatenate([P["Waa"], P["Wax"]], axis=1), v, P["ba"])
    a, _ = op_tanh(z)
    s, _ = op_affine(P["Wya"], a, P["by"])
    return a, softmax(s), (a, a_prev, xt, P)


def rnn_cell_backward(da_next, cache):
    a, a_prev, xt, P = cache
    v, back_stack = op_stack(a_prev, xt)
    _, back_affine = op_affine(np.concatenate([P["Waa"], P["Wax"]], axis=1), v, P["ba"])
    _, back_tanh = op_tanh(value=a)
    dW, dv, db = back_affine(back_tanh(da_next))
    da_prev, dxt = back_stack(dv)
    n = len(a)
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dW[:, n:], "dWaa": dW[:, :n], "dba": db}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    v, _ = op_stack(a_prev, xt)
    value = {}
    for gate, op in zip("fico", (op_sigmoid, op_sigmoid, op_tanh, op_sigmoid)):
        z, _ = op_affine(parameters["W" + gate], v, parameters["b" + gate])
        value[gate], _ = op(z)
    kept, _ = op_mul(value["f"], c_prev)
    written, _ = op_mul(value["i"], value["c"])
    c = kept + written
    shown, _ = op_tanh(c)
    a, _ = op_mul(value["o"], shown)
    s, _ = op_affine(parameters["Wy"], a, parameters["by"])
    cache = (a, c, a_prev, c_prev, *(value[g] for g in "fico"), xt, parameters)
    return a, c, softmax(s), cache


def lstm_cell_backward(da_next, dc_next, cache):
    a, c, a_prev, c_prev, f, i, cc, o, xt, P = cache
    v, back_stack = op_stack(a_prev, xt)
    shown, back_shown = op_tanh(c)
    do, dshown = op_mul(o, shown)[1](da_next)
    dc = dc_next + back_shown(dshown)
    df, dc_prev = op_mul(f, c_prev)[1](dc)
    di, dcc = op_mul(i, cc)[1](dc)
    dz = {
        "f": op_sigmoid(value=f)[1](df),
        "i": op_sigmoid(value=i)[1](di),
        "c": op_tanh(value=cc)[1](dcc),
        "o": op_sigmoid(value=o)[1](do),
    }
    out, dv = {"dc_prev": dc_prev}, np.zeros_like(v)
    for gate in "fico":
        W = P["W" + gate]
        out["dW" + gate], share, out["db" + gate] = op_affine(W, v, 0.0)[1](dz[gate])
        dv = dv + share
    out["da_prev"], out["dxt"] = back_stack(dv)
    return out


def rnn_forward(x, a0, parameters):
    tape, a = [], a0
    for xt in np.moveaxis(x, 2, 0):
        tape.append(rnn_cell_forward(xt, a, parameters))
        a = tape[-1][0]
    return (
        np.moveaxis(np.array([s[0] for s in tape]), 0, 2),
        np.moveaxis(np.array([s[1] for s in tape]), 0, 2),
        ([s[2] for s in tape], x),
    )


def lstm_forward(x, a0, parameters):
    tape, a, c = [], a0, 0.0 * a0
    for xt in np.moveaxis(x, 2, 0):
        tape.append(lstm_cell_forward(xt, a, c, parameters))
        a, c = tape[-1][:2]
    A, C, Y = (np.moveaxis(np.array([s[k] for s in tape]), 0, 2) for k in range(3))
    return A, Y, C, ([s[3] for s in tape], x)


def rnn_backward(da, caches):
    tape, x = caches
    carry, dx, total = 0.0, [], {}
    for d, cache in reversed(list(zip(np.moveaxis(da, 2, 0), tape))):
        g = rnn_cell_backward(d + carry, cache)
        carry = g["da_prev"]
        dx.append(g["dxt"])
        for name in ("dWax", "dWaa", "dba"):
            total[name] = total.get(name, 0.0) + g[name]
    return {"dx": np.moveaxis(np.array(dx[::-1]), 0, 2), "da0": carry, **total}


def lstm_backward(da, caches):
    tape, x = caches
    a_carry, c_carry, dx, total = 0.0, 0.0, [], {}
    for d, cache in reversed(list(zip(np.moveaxis(da, 2, 0), tape))):
        g = lstm_cell_backward(d + a_carry, c_carry, cache)
        a_carry, c_carry = g.pop("da_prev"), g.pop("dc_prev")
        dx.append(g.pop("dxt"))
        for name in g:
            total[name] = total.get(name, 0.0) + g[name]
    return {"dx": np.moveaxis(np.array(dx[::-1]), 0, 2), "da0": a_carry, **total}
