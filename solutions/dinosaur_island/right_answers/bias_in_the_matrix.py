"""One matrix per layer with the bias as its last column; the inputs end in a one."""

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from utils import get_initial_loss, get_sample, initialize_parameters, smooth, softmax


def clip(gradients, maxValue):
    names = list(gradients)
    ends = np.cumsum([gradients[name].size for name in names])
    everything = np.concatenate([gradients[name].ravel() for name in names])
    everything = np.maximum(-maxValue, np.minimum(maxValue, everything))
    parts = np.split(everything, ends[:-1])
    return {name: part.reshape(gradients[name].shape) for name, part in zip(names, parts)}


def packed(parameters):
    """U acts on [a; x; 1], V on [a; 1]."""
    U = np.block([parameters["Waa"], parameters["Wax"], parameters["b"]])
    V = np.block([parameters["Wya"], parameters["by"]])
    return U, V


def one_hot(letter, size):
    return np.array([[1.0 if k == letter else 0.0] for k in range(size)])


def sample(parameters, char_to_ix, seed):
    U, V = packed(parameters)
    size, n_a = parameters["Wya"].shape
    a, letter, indices = np.zeros((n_a, 1)), None, []
    while letter != char_to_ix["\n"] and len(indices) < 50:
        a = np.tanh(U @ np.r_[a, one_hot(letter, size), [[1.0]]])
        y = softmax(V @ np.r_[a, [[1.0]]])
        np.random.seed(2 * len(indices) + seed)
        letter = int(np.random.choice([*range(size)], p=y.reshape(size)))
        indices.append(letter)
    return indices if letter == char_to_ix["\n"] else indices + [char_to_ix["\n"]]


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    U, V = packed(parameters)
    size, n_a = parameters["Wya"].shape
    a, loss, tape = a_prev, 0.0, []
    for letter, wanted in zip(X, Y):
        below = np.r_[a, one_hot(letter, size), [[1.0]]]
        a = np.tanh(U @ below)
        above = np.r_[a, [[1.0]]]
        y = softmax(V @ above)
        loss -= float(np.log(y[wanted, 0]))
        tape.append((below, above, y - one_hot(wanted, size)))
    dU, dV, later = np.zeros_like(U), np.zeros_like(V), np.zeros((n_a, 1))
    for below, above, dscores in tape[::-1]:
        dV += dscores @ above.T
        dz = (1 - above[:-1] ** 2) * ((V.T @ dscores)[:-1] + later)
        dU += dz @ below.T
        later = (U.T @ dz)[:n_a]
    gradients = {
        "dWaa": dU[:, :n_a], "dWax": dU[:, n_a:-1], "db": dU[:, -1:], "dWya": dV[:, :-1], "dby": dV[:, -1:],
    }
    gradients = clip(gradients, 5)
    for name, value in parameters.items():
        value += -learning_rate * gradients[f"d{name}"]
    return loss, gradients, a


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        marked = [None, *(char_to_ix[c] for c in examples[j % len(examples)]), char_to_ix["\n"]]
        curr_loss, _, a_prev = optimize(marked[: len(marked) - 1], marked[1:], a_prev, parameters, 1 / 100)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    """The padding gets weight zero, every letter 1/N; the target's score is a difference of sums."""
    weights = mask[None] / np.sum(mask)
    top = logits.max(axis=0, keepdims=True)
    e = np.exp(logits - top)
    partition = e.sum(axis=0, keepdims=True)
    index = np.indices(logits.shape)[0]
    target = np.where(index == targets[None], 1.0, 0.0)
    loss = np.sum((np.log(partition) + top) * weights) - np.sum(logits * target * weights)
    return loss, weights * (e / partition) - weights * target


def lstm_language_model(inputs, targets, mask, parameters):
    with_bias = np.c_[parameters["Wy"], parameters["by"]]
    a, cache = lstm_forward(inputs, parameters)
    above = np.insert(a, len(a), 1.0, axis=0).reshape(len(a) + 1, -1)
    loss, dlogits = masked_loss((with_bias @ above).reshape(-1, *targets.shape), targets, mask)
    dscores = dlogits.reshape(len(with_bias), -1)
    d_with_bias = dscores @ above.T
    dabove = with_bias.T @ dscores
    gradients = lstm_backward(dabove[:-1].reshape(a.shape), cache)
    gradients["dWy"], gradients["dby"] = np.split(d_with_bias, [-1], axis=1)
    return loss, gradients
