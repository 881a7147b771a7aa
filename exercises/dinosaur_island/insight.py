"""Pictures of a network that reads a name: who is active when, and how far gradients reach. Given.

A picture is a dict: title, rows, columns (labels), values (rows x columns), note.
"""

import numpy as np
from batches import make_batch
from lstm_layer import lstm_backward, lstm_forward
from names import LETTERS, NEWLINE, spell_out
from utils import rnn_forward, rnn_step_backward

UNITS = 12  # the liveliest ones are shown
NORMS = "size of d loss(last letter) / d a(t)"


def pictures_of_plain(optimize, parameters, name):
    """Hidden states over a name, from the learner's `optimize`; gradients through time.

    `optimize` returns the state after the last letter that it was given, so every beginning of
    the name is read once, on copies and with a learning rate of 0.
    """
    n_a = len(parameters["Waa"])
    Y = spell_out(name)
    X = [None, *Y[:-1]]
    states = []
    for t in range(1, len(X) + 1):
        copied = {key: value.copy() for key, value in parameters.items()}
        states.append(optimize(X[:t], Y[:t], np.zeros((n_a, 1)), copied, 0.0)[2])
    hidden = np.concatenate(states, axis=1)
    norms = _norms_of_plain(parameters, X, Y)
    read = _labels(name)
    return [
        _liveliest(hidden, "hidden state a(t), the liveliest units", read),
        _picture(f"{NORMS}: far letters fade", ("norm",), read, norms[None, :]),
    ]


def _norms_of_plain(parameters, X, Y):
    _, (y_hat, a, x) = rnn_forward(X, Y, np.zeros((len(parameters["Waa"]), 1)), parameters)
    gradients = {"d" + name: np.zeros_like(value) for name, value in parameters.items()}
    gradients["da_next"] = np.zeros_like(a[0])
    norms = np.zeros(len(X))
    for t in reversed(range(len(X))):
        dy = np.zeros_like(y_hat[t])
        if t == len(X) - 1:
            dy = np.copy(y_hat[t])
            dy[Y[t]] -= 1
        norms[t] = np.linalg.norm(parameters["Wya"].T @ dy + gradients["da_next"])
        gradients = rnn_step_backward(dy, gradients, parameters, x[t], a[t], a[t - 1])
    return norms


def pictures_of_lstm(parameters, name):
    """Gates, cell states and gradients of the LSTM over a name."""
    inputs, targets, _ = make_batch([name])
    _, (_, gates, c, W) = lstm_forward(inputs, parameters)
    n_a = len(W) // 4
    over_time = gates[:, :, 0].T  # (4 n_a, T_x): f, i, o and the candidate
    means = over_time[: 3 * n_a].reshape(3, n_a, -1).mean(axis=1)
    read = _labels(name)
    return [
        _picture("gates, average over the units", ("forget", "update", "output"), read, means),
        _liveliest(over_time[:n_a], "forget gate of the liveliest units", read),
        _liveliest(c[1:, :, 0].T, "cell state c(t) of the liveliest units", read),
        _picture(NORMS, ("norm",), read, _norms_of_lstm(parameters, inputs, targets)[None, :]),
    ]


def _norms_of_lstm(parameters, inputs, targets):
    steps = range(1, inputs.shape[1] + 1)
    return np.array(
        [np.linalg.norm(_gradient_at(parameters, inputs[0], targets[0], t)) for t in steps]
    )


def _gradient_at(parameters, inputs, targets, t):
    """Return d loss(last letter) / d a after t letters."""
    a, (concat, gates, c, W) = lstm_forward(inputs[None, :], parameters)
    n_a, last = len(W) // 4, len(inputs) - 1
    scores = parameters["Wy"] @ a[:, :, last] + parameters["by"]
    p = np.exp(scores - scores.max())
    p /= p.sum()
    p[targets[last]] -= 1
    da = np.zeros_like(a)
    da[:, :, last] = parameters["Wy"].T @ p
    if t > last:
        return da[:, :, last]
    # db of a tail that is read from step t on holds the gates' gradients of all of its steps;
    # the difference of two tails is that of one step, and its recurrent part reaches a(t).
    tails = []
    for start in (t, t + 1):
        cut = (concat[start:], gates[start:], c[start:], W)
        tails.append(lstm_backward(da[:, :, start:], cut)["db"] if start <= last else 0)
    return W[:, :n_a].T @ (tails[0] - tails[1])


def _liveliest(values, title, columns):
    """The rows that change most over the name."""
    order = np.argsort(-np.std(values, axis=1), kind="stable")[:UNITS]
    rows = tuple(f"unit {unit}" for unit in order)
    return _picture(title, rows, columns, values[order])


def _picture(title, rows, columns, values):
    return {
        "title": title,
        "rows": list(rows),
        "columns": list(columns),
        "values": np.asarray(values, dtype=float),
        "note": "columns: the letter just read (. is the start)",
    }


def _labels(name):
    """The letter that each step has just read."""
    return ["." if letter == NEWLINE else letter for letter in NEWLINE + name if letter in LETTERS]
