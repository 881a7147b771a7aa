"""Given functions of this assignment: the network itself, and small things around it.

The names are those that notebooks of the well-known course import with `from utils import *`.
Sizes: `V` vocabulary, `n_a` hidden units; one name at a time, so every vector is one column.
"""

import numpy as np


def softmax(z):
    """Turn a column of scores (V, 1) into probabilities that sum to one."""
    scores = np.exp(z - np.max(z))  # the shift cancels; exp cannot overflow
    return scores / scores.sum(axis=0)


def smooth(loss, cur_loss):
    """Let the newest loss into the running one, a thousandth of it at a time."""
    return loss * 0.999 + cur_loss * 0.001


def get_initial_loss(vocab_size, seq_length):
    """Loss of a model that finds all letters equally likely, over `seq_length` letters."""
    return -np.log(1.0 / vocab_size) * seq_length


def get_sample(sample_ix, ix_to_char):
    """Spell a list of indices, with a capital at the start."""
    text = "".join(ix_to_char[ix] for ix in sample_ix)
    return text[:1].upper() + text[1:]


def print_sample(sample_ix, ix_to_char):
    """Print what `get_sample` spells, without a further line end."""
    print(get_sample(sample_ix, ix_to_char), end="")


def initialize_parameters(n_a, n_x, n_y):
    """Draw small weights from numpy's global generator (the classic recipe seeds it with 1).

    Parameters
    ----------
    n_a, n_x, n_y : int
        Sizes of hidden state, input and output.

    Returns
    -------
    dict
        Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), b (n_a, 1), by (n_y, 1).
    """
    np.random.seed(1)
    Wax = np.random.randn(n_a, n_x) * 0.01
    Waa = np.random.randn(n_a, n_a) * 0.01
    Wya = np.random.randn(n_y, n_a) * 0.01
    return {"Wax": Wax, "Waa": Waa, "Wya": Wya, "b": np.zeros((n_a, 1)), "by": np.zeros((n_y, 1))}


def rnn_step_forward(parameters, a_prev, x):
    """Read one letter.

    Parameters
    ----------
    parameters : dict
        As made by `initialize_parameters`.
    a_prev : ndarray (n_a, 1)
    x : ndarray (V, 1)
        One-hot, or all zeros before the first letter.

    Returns
    -------
    a_next : ndarray (n_a, 1)
    p_t : ndarray (V, 1)
        Probabilities of the letter that comes next.
    """
    Waa, Wax, Wya = parameters["Waa"], parameters["Wax"], parameters["Wya"]
    a_next = np.tanh(Wax @ x + Waa @ a_prev + parameters["b"])
    p_t = softmax(Wya @ a_next + parameters["by"])
    return a_next, p_t


def rnn_step_backward(dy, gradients, parameters, x, a, a_prev):
    """Add the share of one step to `gradients`, in place, and return them.

    Parameters
    ----------
    dy : ndarray (V, 1)
        Gradient of the loss with respect to the scores before the softmax.
    gradients : dict
        dWax, dWaa, dWya, db, dby so far, and da_next, which the step after this one left.
    x, a, a_prev : ndarray
        Input of the step, hidden state after it and before it.
    """
    gradients["dWya"] += dy @ a.T
    gradients["dby"] += dy
    da = parameters["Wya"].T @ dy + gradients["da_next"]
    dz = (1 - a * a) * da
    gradients["db"] += dz
    gradients["dWax"] += dz @ x.T
    gradients["dWaa"] += dz @ a_prev.T
    gradients["da_next"] = parameters["Waa"].T @ dz
    return gradients


def rnn_forward(X, Y, a0, parameters, vocab_size=27):
    """Read a name and add up how surprising its letters were.

    Parameters
    ----------
    X, Y : list
        Indices of the letters read, and of those that should come next. None in `X` stands
        for the zero vector.
    a0 : ndarray (n_a, 1)

    Returns
    -------
    loss : float
        The sum over t of -log p(Y[t]).
    cache : tuple
        (y_hat, a, x): dictionaries by step; `a` has the step -1, which is a0.
    """
    x, a, y_hat = {}, {-1: np.copy(a0)}, {}
    loss = 0
    for t in range(len(X)):
        x[t] = np.zeros((vocab_size, 1))
        if X[t] is not None:
            x[t][X[t]] = 1
        a[t], y_hat[t] = rnn_step_forward(parameters, a[t - 1], x[t])
        loss -= np.log(y_hat[t][Y[t], 0])
    return loss, (y_hat, a, x)


def rnn_backward(X, Y, parameters, cache):
    """Go back through the name, from its last letter to its first.

    Returns
    -------
    gradients : dict
        dWax, dWaa, dWya, db, dby, and da_next, the gradient with respect to a0.
    a : dict
        The hidden state after every step.
    """
    y_hat, a, x = cache
    gradients = {"d" + name: np.zeros_like(parameters[name]) for name in parameters}
    gradients["da_next"] = np.zeros_like(a[0])
    for t in reversed(range(len(X))):
        dy = np.copy(y_hat[t])
        dy[Y[t]] -= 1
        gradients = rnn_step_backward(dy, gradients, parameters, x[t], a[t], a[t - 1])
    return gradients, a


def update_parameters(parameters, gradients, lr):
    """Take one step downhill, in place: every parameter loses lr times its gradient."""
    for name in ("Wax", "Waa", "Wya", "b", "by"):
        parameters[name] -= lr * gradients["d" + name]
    return parameters
