"""Building a recurrent neural network, step by step.

Conventions: examples are columns, time is the last axis.
"""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Tuple

import numpy as np
from numpy.typing import NDArray

from rnn_utils import sigmoid, softmax

Array = NDArray[np.float64]
Parameters = Dict[str, Array]
Gradients = Dict[str, Array]
RNNCache = Tuple[Array, Array, Array, Parameters]


class LSTMCache(NamedTuple):
    """What the backward pass of one LSTM step needs, in the order of the contract."""

    a_next: Array
    c_next: Array
    a_prev: Array
    c_prev: Array
    ft: Array
    it: Array
    cct: Array
    ot: Array
    xt: Array
    parameters: Parameters


def rnn_cell_forward(xt: Array, a_prev: Array, parameters: Parameters) -> tuple[Array, Array, RNNCache]:
    """One step of the basic RNN.

    Args:
        xt: input of the step, (n_x, m).
        a_prev: hidden state before the step, (n_a, m).
        parameters: Wax, Waa, Wya, ba, by.

    Returns:
        a_next (n_a, m), yt_pred (n_y, m), cache.
    """
    n_a, m = a_prev.shape
    assert xt.ndim == 2 and xt.shape[1] == m, "xt and a_prev must have the same batch"
    assert parameters["Waa"].shape == (n_a, n_a)
    assert parameters["Wax"].shape == (n_a, xt.shape[0])

    a_next: Array = np.tanh(parameters["Waa"] @ a_prev + parameters["Wax"] @ xt + parameters["ba"])
    yt_pred: Array = softmax(parameters["Wya"] @ a_next + parameters["by"])

    assert a_next.shape == (n_a, m)
    assert np.allclose(yt_pred.sum(axis=0), 1)
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(x: Array, a0: Array, parameters: Parameters) -> tuple[Array, Array, tuple[List[RNNCache], Array]]:
    """The basic RNN over a whole sequence.

    Args:
        x: inputs, (n_x, m, T_x).
        a0: first hidden state, (n_a, m).
        parameters: as in `rnn_cell_forward`.

    Returns:
        a (n_a, m, T_x), y_pred (n_y, m, T_x), (list of caches, x).
    """
    assert x.ndim == 3, f"x must be (n_x, m, T_x), not {x.shape}"
    _, m, T_x = x.shape
    n_y, n_a = parameters["Wya"].shape
    assert a0.shape == (n_a, m)

    a: Array = np.zeros((n_a, m, T_x), dtype=np.float64)
    y_pred: Array = np.zeros((n_y, m, T_x), dtype=np.float64)
    caches: List[RNNCache] = []
    a_next: Array = a0
    for t in range(T_x):
        a_next, yt_pred, cache = rnn_cell_forward(xt=x[:, :, t], a_prev=a_next, parameters=parameters)
        a[:, :, t] = a_next
        y_pred[:, :, t] = yt_pred
        caches.append(cache)
    assert len(caches) == T_x
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next: Array, cache: RNNCache) -> Gradients:
    """Gradients of one step of the basic RNN, given that of its hidden state."""
    a_next, a_prev, xt, parameters = cache
    assert da_next.shape == a_next.shape

    dz: Array = (1.0 - np.square(a_next)) * da_next
    gradients: Gradients = {
        "dxt": parameters["Wax"].T @ dz,
        "da_prev": parameters["Waa"].T @ dz,
        "dWax": dz @ xt.T,
        "dWaa": dz @ a_prev.T,
        "dba": np.sum(dz, axis=1, keepdims=True),
    }
    assert gradients["dxt"].shape == xt.shape
    for name in ("Wax", "Waa", "ba"):
        assert gradients["d" + name].shape == parameters[name].shape
    return gradients


def rnn_backward(da: Array, caches: tuple[List[RNNCache], Array]) -> Gradients:
    """Backpropagation through time for the basic RNN.

    Args:
        da: gradient that reaches every hidden state from its own output, (n_a, m, T_x).
        caches: third result of `rnn_forward`.
    """
    cell_caches, x = caches
    n_a, m, T_x = da.shape
    assert T_x <= len(cell_caches)
    n_x: int = x.shape[0]

    dx: Array = np.zeros((n_x, m, T_x))
    dWax: Array = np.zeros((n_a, n_x))
    dWaa: Array = np.zeros((n_a, n_a))
    dba: Array = np.zeros((n_a, 1))
    da_prevt: Array = np.zeros((n_a, m))
    for t in reversed(range(T_x)):
        step: Gradients = rnn_cell_backward(da_next=da[:, :, t] + da_prevt, cache=cell_caches[t])
        da_prevt = step["da_prev"]
        dx[:, :, t] = step["dxt"]
        dWax += step["dWax"]
        dWaa += step["dWaa"]
        dba += step["dba"]
    return {"dx": dx, "da0": da_prevt, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def lstm_cell_forward(
    xt: Array, a_prev: Array, c_prev: Array, parameters: Parameters
) -> tuple[Array, Array, Array, LSTMCache]:
    """One step of the LSTM.

    Args:
        xt: input of the step, (n_x, m).
        a_prev: hidden state before the step, (n_a, m).
        c_prev: memory before the step, (n_a, m).
        parameters: Wf, bf, Wi, bi, Wc, bc, Wo, bo, Wy, by.

    Returns:
        a_next (n_a, m), c_next (n_a, m), yt_pred (n_y, m), cache.
    """
    assert a_prev.shape == c_prev.shape
    concat: Array = np.concatenate([a_prev, xt], axis=0)
    assert parameters["Wf"].shape[1] == concat.shape[0]

    ft: Array = sigmoid(parameters["Wf"] @ concat + parameters["bf"])
    it: Array = sigmoid(parameters["Wi"] @ concat + parameters["bi"])
    cct: Array = np.tanh(parameters["Wc"] @ concat + parameters["bc"])
    ot: Array = sigmoid(parameters["Wo"] @ concat + parameters["bo"])
    for gate in (ft, it, ot):
        assert np.all((0 <= gate) & (gate <= 1))
    c_next: Array = ft * c_prev + it * cct
    a_next: Array = ot * np.tanh(c_next)
    yt_pred: Array = softmax(parameters["Wy"] @ a_next + parameters["by"])
    cache = LSTMCache(a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache


def lstm_forward(
    x: Array, a0: Array, parameters: Parameters
) -> tuple[Array, Array, Array, tuple[List[LSTMCache], Array]]:
    """The LSTM over a whole sequence; the memory starts at zero. Returns a, y, c, caches."""
    assert x.ndim == 3
    _, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape

    a: Array = np.zeros((n_a, m, T_x))
    y: Array = np.zeros((n_y, m, T_x))
    c: Array = np.zeros((n_a, m, T_x))
    caches: List[LSTMCache] = []
    a_next: Array = a0
    c_next: Array = np.zeros((n_a, m))
    for t in range(T_x):
        a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)
        a[:, :, t] = a_next
        y[:, :, t] = yt
        c[:, :, t] = c_next
        caches.append(cache)
    assert np.isfinite(a).all() and np.isfinite(c).all()
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next: Array, dc_next: Array, cache: LSTMCache | tuple[Any, ...]) -> Gradients:
    """Gradients of one LSTM step, given those of its hidden state and of its memory."""
    k = LSTMCache(*cache)
    n_a, m = k.a_next.shape
    assert da_next.shape == dc_next.shape == (n_a, m)

    tanh_c: Array = np.tanh(k.c_next)
    D: Array = dc_next + da_next * k.ot * (1.0 - tanh_c**2)
    d: Dict[str, Array] = {
        "f": D * k.c_prev * k.ft * (1.0 - k.ft),
        "i": D * k.cct * k.it * (1.0 - k.it),
        "c": D * k.it * (1.0 - k.cct**2),
        "o": da_next * tanh_c * k.ot * (1.0 - k.ot),
    }
    concat: Array = np.concatenate([k.a_prev, k.xt], axis=0)
    da_prev: Array = np.zeros_like(k.a_prev, dtype=np.float64)
    dxt: Array = np.zeros_like(k.xt, dtype=np.float64)
    gradients: Gradients = {}
    for gate, value in d.items():
        W: Array = k.parameters["W" + gate]
        da_prev += W[:, :n_a].T @ value
        dxt += W[:, n_a:].T @ value
        gradients["dW" + gate] = value @ concat.T
        gradients["db" + gate] = value.sum(axis=1, keepdims=True)
        assert gradients["dW" + gate].shape == W.shape
    gradients.update({"dxt": dxt, "da_prev": da_prev, "dc_prev": D * k.ft})
    return gradients


def lstm_backward(da: Array, caches: tuple[List[LSTMCache], Array]) -> Gradients:
    """Backpropagation through time for the LSTM."""
    cell_caches, x = caches
    n_a, m, T_x = da.shape
    n_x: int = x.shape[0]
    gradients: Gradients = {"dx": np.zeros((n_x, m, T_x))}
    for gate in ("f", "i", "c", "o"):
        gradients[f"dW{gate}"] = np.zeros((n_a, n_a + n_x))
        gradients[f"db{gate}"] = np.zeros((n_a, 1))
    da_prevt: Array = np.zeros((n_a, m))
    dc_prevt: Array = np.zeros((n_a, m))
    for t in reversed(range(T_x)):
        step: Gradients = lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, cell_caches[t])
        da_prevt, dc_prevt = step["da_prev"], step["dc_prev"]
        gradients["dx"][:, :, t] = step["dxt"]
        for gate in ("f", "i", "c", "o"):
            gradients[f"dW{gate}"] += step[f"dW{gate}"]
            gradients[f"db{gate}"] += step[f"db{gate}"]
    gradients["da0"] = da_prevt
    return gradients
