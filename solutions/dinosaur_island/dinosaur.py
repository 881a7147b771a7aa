"""Assignment 2: a network that invents dinosaurs, one letter after the other.

Sizes: `V` vocabulary (27: newline and a-z), `n_a` hidden units. One name at a time, so a vector is
one column.
"""

import numpy as np
from utils import (
    get_initial_loss,
    get_sample,
    initialize_parameters,
    rnn_backward,
    rnn_forward,
    smooth,
    softmax,
    update_parameters,
)


def clip(gradients, maxValue):
    """Keep every entry of every gradient between -maxValue and maxValue.

    Parameters
    ----------
    gradients : dict
        dWaa, dWax, dWya, db, dby: arrays of any shape.
    maxValue : float
        Entries beyond it, on either side, become the bound itself.

    Returns
    -------
    dict
        The same five keys. Changing the arrays in place is as right as making new ones.

    Examples
    --------
    >>> names = "dWaa dWax dWya db dby".split()
    >>> clip({name: np.array([[-7.0, 0.5, 12.0]]) for name in names}, 5)["dWax"]
    array([[-5. ,  0.5,  5. ]])
    """
    # BEGIN SOLUTION
    # TODO 1.1 (about 3 lines): bound all five gradients, entry by entry; collect them in `clipped`
    clipped = {}
    for name in ("dWaa", "dWax", "dWya", "db", "dby"):
        clipped[name] = np.clip(gradients[name], -maxValue, maxValue)
    # END SOLUTION

    return clipped


def sample(parameters, char_to_ix, seed):
    r"""Invent one name: draw a letter, feed it back in, until the newline is drawn.

    Parameters
    ----------
    parameters : dict
        Wax (n_a, V), Waa (n_a, n_a), Wya (V, n_a), b (n_a, 1), by (V, 1).
    char_to_ix : dict
        Index of every letter; the index of the newline is `char_to_ix["\n"]`.
    seed : int
        With `np.random.seed(counter + seed)` before a draw, and both numbers raised by one after
        it, the same seed gives the same name.

    Returns
    -------
    list of int
        Indices of the letters drawn. The last is the newline: drawn, or appended when 50
        letters were drawn without one.

    Examples
    --------
    A model whose biases leave only the newline:

    >>> parameters = {"Wax": np.zeros((4, 2)), "Waa": np.zeros((4, 4)), "Wya": np.zeros((2, 4)),
    ...               "b": np.zeros((4, 1)), "by": np.array([[100.0], [0.0]])}
    >>> [int(index) for index in sample(parameters, {"\n": 0, "a": 1}, seed=0)]
    [0]
    """
    Waa, Wax, Wya = parameters["Waa"], parameters["Wax"], parameters["Wya"]
    b, by = parameters["b"], parameters["by"]
    vocab_size, n_a = by.shape[0], Waa.shape[1]
    newline = char_to_ix["\n"]

    # BEGIN SOLUTION
    # TODO 2.1 (about 18 lines): start from zeros; step, draw, append, feed back; newline or 50 ends
    x = np.zeros((vocab_size, 1))
    a_prev = np.zeros((n_a, 1))
    indices = []
    idx = -1
    counter = 0
    while idx != newline and counter != 50:
        a = np.tanh(Wax @ x + Waa @ a_prev + b)
        y = softmax(Wya @ a + by)
        np.random.seed(counter + seed)
        idx = np.random.choice(vocab_size, p=y.ravel())
        indices.append(int(idx))
        x = np.zeros((vocab_size, 1))
        x[idx] = 1
        a_prev = a
        seed += 1
        counter += 1
    if counter == 50:
        indices.append(newline)
    # END SOLUTION

    return indices


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    """Learn from one name: forward, backward, clip, one step downhill.

    Parameters
    ----------
    X, Y : list
        Indices of the letters read, None at first, and of those that should come next.
    a_prev : ndarray (n_a, 1)
        The hidden state before the first letter.
    parameters : dict
        Wax, Waa, Wya, b, by; changed in place.
    learning_rate : float

    Returns
    -------
    loss : float
        The sum over the letters of -log p, before the step.
    gradients : dict
        The clipped gradients that the step was taken with.
    a_last : ndarray (n_a, 1)
        The hidden state after the last letter.

    Examples
    --------
    A model that knows nothing finds two equally likely letters, twice:

    >>> parameters = initialize_parameters(n_a=3, n_x=2, n_y=2)
    >>> parameters["Wya"][:] = 0
    >>> loss, gradients, a_last = optimize([None, 1], [1, 0], np.zeros((3, 1)), parameters)
    >>> round(float(loss), 4), a_last.shape
    (1.3863, (3, 1))
    """
    vocab_size = parameters["by"].shape[0]

    # BEGIN SOLUTION
    # TODO 3.1 (about 4 lines): forward, backward, clip to 5, update; the helpers do the work
    loss, cache = rnn_forward(X, Y, a_prev, parameters, vocab_size)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    update_parameters(parameters, gradients, learning_rate)
    # END SOLUTION

    return loss, gradients, a[len(X) - 1]


def model(
    data_x,
    ix_to_char,
    char_to_ix,
    num_iterations=35000,
    n_a=50,
    dino_names=7,
    vocab_size=27,
    verbose=False,
):
    """Train on one name after the other and print inventions every 2,000 iterations.

    Parameters
    ----------
    data_x : list of str
        The names.
    ix_to_char, char_to_ix : dict
        The vocabulary, both ways.
    num_iterations : int
        Names to learn from; when the list is through, it starts again.
    n_a, vocab_size : int
        Sizes of the network.
    dino_names : int
        How many names to invent each time.
    verbose : bool
        Print the first name with its inputs and targets.

    Returns
    -------
    parameters : dict
    last_dino_name : str
        The last name that was invented.
    """
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""

    # BEGIN SOLUTION
    # TODO 4.1 (about 14 lines): for every iteration X, Y and one call of optimize; names at times
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        idx = j % len(examples)
        single_example = [char_to_ix[letter] for letter in examples[idx]]
        X = [None, *single_example]
        Y = [*X[1:], char_to_ix["\n"]]
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters, learning_rate=0.01)
        if verbose and j == 0:
            print(f"{examples[idx]}: X = {X}, Y = {Y}")
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            print(f"Iteration {j}, loss {loss:.4f}")
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    # END SOLUTION

    return parameters, last_dino_name
