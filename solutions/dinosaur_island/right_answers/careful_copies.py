"""Trusts nobody: inputs are checked and copied, results are copies, the generator is put back."""

import copy

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


def require(condition, complaint):
    if not condition:
        raise ValueError(complaint)


def clip(gradients, maxValue):
    require(isinstance(gradients, dict), "gradients should be a dict")
    require(maxValue >= 0, "the bound cannot be negative")
    result = copy.deepcopy(gradients)
    for key in list(result):
        array = np.array(result[key], dtype=np.float64, copy=True)
        too_large, too_small = array > maxValue, array < -maxValue
        array[too_large] = maxValue
        array[too_small] = -maxValue
        require(array.shape == gradients[key].shape, "the shape changed")
        require(np.all(np.abs(array) <= maxValue), "not clipped")
        result[key] = array
    return result


def draw(y, number):
    y = np.array(y, dtype=np.float64).reshape(-1)
    require(np.isclose(y.sum(), 1.0), "probabilities should sum to one")
    before = np.random.get_state()
    try:
        np.random.seed(number)
        return int(np.random.choice(y.size, p=y))
    finally:
        np.random.set_state(before)


def sample(parameters, char_to_ix, seed):
    p = {key: np.array(value, copy=True) for key, value in parameters.items()}
    vocab_size, n_a = p["by"].shape[0], p["b"].shape[0]
    require(p["Wax"].shape == (n_a, vocab_size), "Wax has another shape")
    newline = int(char_to_ix["\n"])
    a_prev, x = np.zeros((n_a, 1)), np.zeros((vocab_size, 1))
    indices, counter, idx = [], 0, None
    while idx != newline and counter < 50:
        a = np.tanh(np.dot(p["Wax"], x) + np.dot(p["Waa"], a_prev) + p["b"])
        require(a.shape == (n_a, 1), "a should be a column")
        idx = draw(softmax(np.dot(p["Wya"], a) + p["by"]), counter + seed)
        indices = indices + [idx]
        x = np.zeros((vocab_size, 1))
        x[idx, 0] = 1.0
        a_prev = a.copy()
        counter, seed = counter + 1, seed + 1
    if idx != newline:
        indices = indices + [newline]
    require(1 <= len(indices) <= 51, "no such name")
    return list(indices)


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    require(len(X) == len(Y), "every input needs a target")
    X, Y, a_prev = list(X), list(Y), a_prev.copy()
    loss, cache = rnn_forward(X, Y, a_prev, copy.deepcopy(parameters), len(parameters["by"]))
    gradients, a = rnn_backward(X, Y, copy.deepcopy(parameters), cache)
    gradients = clip(gradients, 5)
    stepped = update_parameters(copy.deepcopy(parameters), copy.deepcopy(gradients), learning_rate)
    for key in parameters:
        parameters[key][:] = stepped[key]  # the caller's arrays are to change, on purpose
    return float(loss), copy.deepcopy(gradients), np.array(a[len(X) - 1])


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    data_x = list(data_x)
    require(len(data_x) > 0, "no names to learn from")
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [str(name).strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        indices = tuple(char_to_ix[letter] for letter in examples[j % len(examples)])
        X = [None] + list(indices)
        Y = list(indices) + [char_to_ix["\n"]]
        require(X[1:] == Y[:-1], "X and Y should be one step apart")
        curr_loss, gradients, a_last = optimize(list(X), list(Y), a_prev.copy(), parameters, learning_rate=0.01)
        require(np.isfinite(curr_loss), "the loss exploded")
        a_prev = np.array(a_last, copy=True)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                indices = sample(copy.deepcopy(parameters), dict(char_to_ix), seed)
                last_dino_name = get_sample(indices, dict(ix_to_char))
                print(last_dino_name, end="")
    return copy.deepcopy(parameters), last_dino_name


def masked_loss(logits, targets, mask):
    logits, targets, mask = logits.copy(), targets.copy(), mask.astype(np.float64)
    require(logits.shape[1:] == targets.shape == mask.shape, "shapes do not fit")
    logits -= logits.max(axis=0, keepdims=True)
    e = np.exp(logits)
    total = e.sum(axis=0, keepdims=True)
    p, log_p = e / total, logits - np.log(total)
    one_hot = np.zeros_like(p)
    for (i, t), target in np.ndenumerate(targets):
        one_hot[target, i, t] = 1.0
    count = mask.sum()
    require(count > 0, "nothing but padding")
    dlogits = (p - one_hot) * mask[np.newaxis, :, :] / count
    require(np.allclose(dlogits.sum(axis=0), 0.0), "a softmax gradient sums to zero")
    return float(-(log_p * one_hot * mask).sum() / count), dlogits.copy()


def lstm_language_model(inputs, targets, mask, parameters):
    parameters = {key: value.copy() for key, value in parameters.items()}
    before = copy.deepcopy(parameters)
    a, cache = lstm_forward(inputs.copy(), parameters)
    logits = np.tensordot(parameters["Wy"], a, axes=([1], [0])) + np.expand_dims(parameters["by"], 2)
    loss, dlogits = masked_loss(logits, targets, mask)
    da = np.tensordot(parameters["Wy"].T, dlogits, axes=([1], [0]))
    through = lstm_backward(da.copy(), cache)
    gradients = {
        "dW": through["dW"].copy(),
        "db": through["db"].copy(),
        "dWy": np.tensordot(dlogits, a, axes=([1, 2], [1, 2])),
        "dby": dlogits.sum(axis=(1, 2), keepdims=True)[:, :, 0],
    }
    for key, value in parameters.items():
        require(np.array_equal(value, before[key]), f"{key} was changed")
        require(gradients["d" + key].shape == value.shape, f"d{key} has another shape")
    return loss, gradients
