from collections import OrderedDict, deque

import numpy as np
from rnn_utils import *  # softmax and sigmoid


class Sums(dict):
    """Gradients that add themselves up."""

    def collect(self, name, value):
        if name in self:
            self[name] = self[name] + value
        else:
            self[name] = np.array(value)


def rnn_cell_forward(xt, a_prev, parameters):
    z = np.matmul(parameters["Wax"], xt)
    z += np.matmul(parameters["Waa"], a_prev)
    z += parameters["ba"]
    a_next = np.sinh(z) / np.cosh(z) if np.max(np.abs(z)) < 20 else np.tanh(z)
    yt_pred = softmax(np.matmul(parameters["Wya"], a_next) + parameters["by"])
    cache = (a_next, a_prev, xt, parameters)
    return a_next, yt_pred, cache


def rnn_forward(x, a0, parameters):
    inputs = deque(x[:, :, t] for t in range(x.shape[2]))
    states, predictions, caches = deque([a0]), deque(), deque()
    while inputs:
        state, prediction, cache = rnn_cell_forward(inputs.popleft(), states[-1], parameters)
        states.append(state)
        predictions.append(prediction)
        caches.append(cache)
    states.popleft()
    return np.stack(tuple(states), 2), np.stack(tuple(predictions), 2), (list(caches), x)


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    n_a = a_prev.shape[0]
    z = OrderedDict()
    for gate in ["f", "i", "c", "o"]:
        W = parameters["W" + gate]
        z[gate] = W[:, :n_a] @ a_prev + W[:, n_a:] @ xt + parameters["b" + gate]
    ft = sigmoid(z["f"])
    it = sigmoid(z["i"])
    ot = sigmoid(z["o"])
    cct = 2 * sigmoid(2 * z["c"]) - 1
    c_next = np.multiply(ft, c_prev)
    c_next += np.multiply(it, cct)
    a_next = np.multiply(ot, np.tanh(c_next))
    yt_pred = softmax(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, yt_pred, (
        a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters,
    )


def lstm_forward(x, a0, parameters):
    a_list, c_list, y_list, caches = [], [], [], []
    a_next, c_next = a0.copy(), a0 * 0
    t = 0
    while t < x.shape[2]:
        a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)
        a_list += [a_next]
        c_list += [c_next]
        y_list += [yt]
        caches += [cache]
        t += 1
    return np.stack(a_list, -1), np.stack(y_list, -1), np.stack(c_list, -1), (caches, x)


def rnn_cell_backward(da_next, cache):
    (a_next, a_prev, xt, parameters) = cache
    gradients = Sums()
    dtanh = (1 - a_next ** 2) * da_next
    m = dtanh.shape[1]
    for j in range(m):
        column = dtanh[:, [j]]
        gradients.collect("dWax", column * xt[:, j])
        gradients.collect("dWaa", column * a_prev[:, j])
        gradients.collect("dba", column)
    gradients["dxt"] = (dtanh.T @ parameters["Wax"]).T
    gradients["da_prev"] = (dtanh.T @ parameters["Waa"]).T
    return gradients


def rnn_backward(da, caches):
    (stack, x) = caches
    t = da.shape[2]
    waiting = deque(stack[:t])
    dx, gradients, da_prevt = deque(), Sums(), 0
    while waiting:
        t -= 1
        step = rnn_cell_backward(da[:, :, t] + da_prevt, waiting.pop())
        dx.appendleft(step.pop("dxt"))
        da_prevt = step.pop("da_prev")
        for name, value in step.items():
            gradients.collect(name, value)
    gradients["dx"] = np.stack(tuple(dx), axis=2)
    gradients["da0"] = da_prevt
    return gradients


def lstm_cell_backward(da_next, dc_next, cache):
    (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters) = cache
    n_a, m = a_next.shape
    t = np.tanh(c_next)
    dc = da_next * ot
    dc -= dc * t ** 2
    dc += dc_next
    d = OrderedDict()
    d["f"] = dc * c_prev * ft * (1 - ft)
    d["i"] = dc * cct * it * (1 - it)
    d["c"] = dc * it * (1 - cct ** 2)
    d["o"] = da_next * t * ot * (1 - ot)
    gradients = Sums(dc_prev=dc * ft)
    for gate, value in d.items():
        W = parameters["W" + gate]
        gradients["dW" + gate] = np.hstack((value @ a_prev.T, value @ xt.T))
        gradients["db" + gate] = np.sum(value, axis=-1).reshape(n_a, 1)
        gradients.collect("da_prev", W[:, :n_a].T @ value)
        gradients.collect("dxt", W[:, n_a:].T @ value)
    return gradients


def lstm_backward(da, caches):
    (stack, x) = caches
    t = da.shape[2]
    waiting = deque(stack[:t])
    dx, gradients = deque(), Sums()
    da_prevt, dc_prevt = 0, np.zeros(da.shape[:2])
    while waiting:
        t -= 1
        step = lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, waiting.pop())
        dx.appendleft(step.pop("dxt"))
        da_prevt, dc_prevt = step.pop("da_prev"), step.pop("dc_prev")
        for name, value in step.items():
            gradients.collect(name, value)
    gradients.update(dx=np.stack(tuple(dx), axis=2), da0=da_prevt)
    return gradients
