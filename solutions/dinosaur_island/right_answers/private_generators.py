"""Leaves numpy's global generator alone: a RandomState of its own for the shuffle and every draw."""

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from numpy.random import RandomState
from utils import *


def clip(gradients, maxValue):
    return {
        name: np.interp(gradients[name], (-maxValue, maxValue), (-maxValue, maxValue))
        for name in ("dWaa", "dWax", "dWya", "db", "dby")
    }


def sample(parameters, char_to_ix, seed):
    p, end = parameters, char_to_ix["\n"]
    x, a = np.zeros(p["by"].shape), np.zeros(p["b"].shape)
    indices = []
    for number in range(seed, seed + 100, 2):
        a = np.tanh(p["Wax"] @ x + p["Waa"] @ a + p["b"])
        y = softmax(p["Wya"] @ a + p["by"])
        indices.append(int(RandomState(number).choice(y.shape[0], p=y.reshape(y.size))))
        if indices[-1] == end:
            return indices
        x = np.eye(y.shape[0], 1, k=-indices[-1])
    return indices + [end]


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    update_parameters(lr=learning_rate, gradients=gradients, parameters=parameters)
    return loss, gradients, a[len(X) - 1]


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    names = [name.strip() for name in data_x]
    order = np.arange(len(names))
    RandomState(0).shuffle(order)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        name = names[order[j % len(order)]]
        Y = [char_to_ix[letter] for letter in name] + [char_to_ix["\n"]]
        X = [None if t == 0 else Y[t - 1] for t in range(len(Y))]
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters, learning_rate=0.01)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    shifted = logits - np.amax(logits, 0)
    log_p = shifted - np.log(np.sum(np.exp(shifted), 0))
    chosen = np.take_along_axis(log_p, targets[None], 0)[0]
    loss = -np.average(chosen, weights=mask)
    d = np.exp(log_p)
    np.put_along_axis(d, targets[None], np.exp(chosen)[None] - 1, 0)
    return loss, d * mask / np.sum(mask)


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(inputs, parameters)
    by_name = a.swapaxes(0, 1)  # (m, n_a, T_x)
    logits = (np.matmul(Wy, by_name) + by).swapaxes(0, 1)
    loss, dlogits = masked_loss(logits, targets, mask)
    d_by_name = dlogits.swapaxes(0, 1)
    gradients = lstm_backward(np.matmul(Wy.T, d_by_name).swapaxes(0, 1), cache)
    gradients["dWy"] = np.matmul(d_by_name, by_name.swapaxes(1, 2)).sum(0)
    gradients["dby"] = d_by_name.sum(axis=(0, 2))[:, None]
    return loss, gradients
