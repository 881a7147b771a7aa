"""Ends are exceptions, seeds are contexts: with-blocks, try, else and finally direct what happens."""

from contextlib import ExitStack, contextmanager, suppress

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
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


class EndOfNameError(Exception):
    """The newline was drawn, or there were enough letters."""


@contextmanager
def seeded(number):
    state = np.random.get_state()
    np.random.seed(number)
    try:
        yield np.random
    finally:
        np.random.set_state(state)


@contextmanager
def writable(array):
    copied = array.copy()
    copied.setflags(write=True)
    yield copied
    copied.setflags(write=False)


def clip(gradients, maxValue):
    clipped = {}
    for key in gradients:
        with writable(gradients[key]) as array, np.nditer(array, op_flags=["readwrite"]) as entries:
            for entry in entries:
                if entry > maxValue:
                    entry[...] = maxValue
                elif entry < -maxValue:
                    entry[...] = -maxValue
        clipped[key] = array
    return clipped


class Writer:
    """Puts letters down and says when it is over."""

    def __init__(self, newline):
        self.newline = newline
        self.indices = []

    def write(self, index):
        self.indices.append(index)
        if index == self.newline:
            raise EndOfNameError
        if len(self.indices) == 50:
            self.indices.append(self.newline)
            raise EndOfNameError


def sample(parameters, char_to_ix, seed):
    vocab_size = parameters["by"].shape[0]
    x, a = np.zeros((vocab_size, 1)), np.zeros((parameters["Wya"].shape[1], 1))
    writer = Writer(char_to_ix["\n"])
    with suppress(EndOfNameError):
        while True:
            a = np.tanh(parameters["Wax"] @ x + parameters["Waa"] @ a + parameters["b"])
            y = softmax(parameters["Wya"] @ a + parameters["by"])
            with seeded(seed + 2 * len(writer.indices)) as random:
                index = random.choice(vocab_size, p=y.ravel())
            writer.write(int(index))
            x = np.zeros((vocab_size, 1))
            x[index] = 1
    return writer.indices


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    try:
        loss, cache = rnn_forward(X, Y, a_prev, parameters, len(parameters["by"]))
    except (KeyError, IndexError) as error:
        raise ValueError("X, Y and the parameters do not fit together") from error
    else:
        gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    with ExitStack() as later:
        later.callback(update_parameters, parameters, gradients, learning_rate)
    return loss, gradients, a[len(X) - 1]


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    left = iter(examples)
    for j in range(num_iterations):
        try:
            name = next(left)
        except StopIteration:
            left = iter(examples)
            name = next(left)
        X = [None]
        X.extend(char_to_ix[letter] for letter in name)
        Y = X.copy()
        Y.remove(None)
        Y.append(char_to_ix["\n"])
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters, learning_rate=0.01)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        shifted = logits - np.max(logits, axis=0)
        total = np.sum(np.exp(shifted), axis=0)
        loss = np.sum(mask * np.log(total)) / np.sum(mask)
        dlogits = np.exp(shifted) * (mask / total / np.sum(mask))
        for i, t in zip(*np.where(mask)):
            wanted = targets[i, t]
            loss -= shifted[wanted, i, t] / np.sum(mask)
            dlogits[wanted, i, t] -= 1 / np.sum(mask)
    return loss, dlogits


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(inputs, parameters)
    logits = np.einsum("ya,amt->ymt", Wy, a)
    logits += by[..., np.newaxis]
    loss, dlogits = masked_loss(logits, targets, mask)
    try:
        gradients = lstm_backward(np.einsum("ya,ymt->amt", Wy, dlogits), cache)
    finally:
        del cache
    gradients.setdefault("dWy", np.einsum("ymt,amt->ya", dlogits, a))
    gradients.setdefault("dby", np.einsum("ymt->y", dlogits).reshape(-1, 1))
    return loss, gradients
