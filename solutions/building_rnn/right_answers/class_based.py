import numpy as np
import rnn_utils


class RNNCell:
    def __init__(self, parameters):
        self.parameters = parameters
        self.__dict__.update((k, parameters[k]) for k in ("Wax", "Waa", "Wya", "ba", "by"))

    def step(self, xt, a_prev):
        a_next = np.tanh(np.matmul(self.Wax, xt) + np.matmul(self.Waa, a_prev) + self.ba)
        y = rnn_utils.softmax(np.matmul(self.Wya, a_next) + self.by)
        return a_next, y, (a_next, a_prev, xt, self.parameters)

    def back(self, da_next, a_next, a_prev, xt):
        dz = (1 - a_next) * (1 + a_next) * da_next
        return {"dxt": np.matmul(self.Wax.T, dz), "da_prev": np.matmul(self.Waa.T, dz),
                "dWax": np.matmul(dz, xt.T), "dWaa": np.matmul(dz, a_prev.T),
                "dba": np.sum(dz, axis=-1, keepdims=True)}


class Gate:
    """One gate: knows its weights, remembers what it saw."""

    def __init__(self, W, b, activation):
        self.W, self.b, self.activation = W, b, activation

    def __call__(self, v):
        z = np.matmul(self.W, v) + self.b
        return np.tanh(z) if self.activation == "tanh" else rnn_utils.sigmoid(z)

    def local(self, value, upstream):
        return upstream * ((1 - value ** 2) if self.activation == "tanh" else value * (1 - value))


class LSTMCell:
    def __init__(self, parameters):
        self.parameters = parameters
        self.gates = {name: Gate(parameters["W" + name], parameters["b" + name], "tanh" if name == "c" else "sigmoid")
                      for name in ("f", "i", "c", "o")}

    def step(self, xt, a_prev, c_prev):
        v = np.vstack((a_prev, xt))
        f = self.gates["f"](v)
        i = self.gates["i"](v)
        cc = self.gates["c"](v)
        o = self.gates["o"](v)
        c_next = f * c_prev + i * cc
        a_next = o * np.tanh(c_next)
        y = rnn_utils.softmax(np.matmul(self.parameters["Wy"], a_next) + self.parameters["by"])
        return a_next, c_next, y, (a_next, c_next, a_prev, c_prev, f, i, cc, o, xt, self.parameters)

    def back(self, da_next, dc_next, cache):
        _, c_next, a_prev, c_prev, f, i, cc, o, xt, _ = cache
        n_a = a_prev.shape[0]
        v = np.vstack((a_prev, xt))
        tanh_c = np.tanh(c_next)
        dc = dc_next + da_next * o * (1 - tanh_c ** 2)
        grads = {"dc_prev": dc * f, "da_prev": 0, "dxt": 0}
        for name, value, upstream in (("f", f, dc * c_prev), ("i", i, dc * cc), ("c", cc, dc * i), ("o", o, da_next * tanh_c)):
            gate = self.gates[name]
            d = gate.local(value, upstream)
            grads["dW" + name] = np.matmul(d, v.T)
            grads["db" + name] = np.sum(d, axis=1, keepdims=True)
            dv = np.matmul(gate.W.T, d)
            grads["da_prev"] = grads["da_prev"] + dv[:n_a]
            grads["dxt"] = grads["dxt"] + dv[n_a:]
        return grads


class Accumulator:
    """Adds up parameter gradients, and puts the inputs' ones side by side."""

    def __init__(self, n_x, m, T_x):
        self.sums = {}
        self.dx = np.zeros((n_x, m, T_x))

    def take(self, t, grads):
        self.dx[:, :, t] = grads["dxt"]
        for key, value in grads.items():
            if key.startswith(("dW", "db")):
                self.sums[key] = self.sums.get(key, 0) + value

    def result(self, da0):
        return dict(self.sums, dx=self.dx, da0=da0)


def rnn_cell_forward(xt, a_prev, parameters):
    return RNNCell(parameters).step(xt, a_prev)


def rnn_forward(x, a0, parameters):
    cell = RNNCell(parameters)
    T_x = x.shape[2]
    states, outputs, caches = [], [], []
    current = a0
    for t in range(T_x):
        current, y, cache = cell.step(x[:, :, t], current)
        states.append(current)
        outputs.append(y)
        caches.append(cache)
    return np.dstack(states), np.dstack(outputs), (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    return RNNCell(parameters).back(da_next, a_next, a_prev, xt)


def rnn_backward(da, caches):
    caches, x = caches
    _, m, T_x = da.shape
    cell = RNNCell(caches[0][3])
    accumulator = Accumulator(x.shape[0], m, T_x)
    carry = np.zeros_like(da[:, :, 0])
    for t in range(T_x - 1, -1, -1):
        grads = cell.back(da[:, :, t] + carry, *caches[t][:3])
        accumulator.take(t, grads)
        carry = grads["da_prev"]
    return accumulator.result(carry)


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    return LSTMCell(parameters).step(xt, a_prev, c_prev)


def lstm_forward(x, a0, parameters):
    cell = LSTMCell(parameters)
    a, y, c, caches = [], [], [], []
    at, ct = a0, np.zeros_like(a0, dtype=float)
    for xt in np.moveaxis(x, 2, 0):
        at, ct, yt, cache = cell.step(xt, at, ct)
        a.append(at)
        y.append(yt)
        c.append(ct)
        caches.append(cache)
    return np.dstack(a), np.dstack(y), np.dstack(c), (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    return LSTMCell(cache[-1]).back(da_next, dc_next, cache)


def lstm_backward(da, caches):
    caches, x = caches
    n_a, m, T_x = da.shape
    cell = LSTMCell(caches[0][-1])
    accumulator = Accumulator(x.shape[0], m, T_x)
    da_carry, dc_carry = np.zeros((n_a, m)), np.zeros((n_a, m))
    for t in range(T_x - 1, -1, -1):
        grads = cell.back(da[:, :, t] + da_carry, dc_carry, caches[t])
        accumulator.take(t, grads)
        da_carry, dc_carry = grads["da_prev"], grads["dc_prev"]
    return accumulator.result(da_carry)
