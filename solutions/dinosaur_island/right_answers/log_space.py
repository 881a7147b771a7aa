"""Logarithms as long as possible: logaddexp instead of sums of exponentials, products as differences."""

import math

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from utils import (
    get_initial_loss,
    get_sample,
    initialize_parameters,
    rnn_backward,
    rnn_forward,
    smooth,
    update_parameters,
)


def clip(gradients, maxValue):
    clipped = {}
    for key, value in gradients.items():
        distance = np.abs(value)
        beyond = np.maximum(distance - maxValue, 0)  # how far outside the bounds
        clipped[key] = value - np.sign(value) * beyond
    return clipped


def log_p(scores):
    return scores - np.logaddexp.reduce(scores, axis=0)


def sample(parameters, char_to_ix, seed):
    Wax, Waa, Wya, b, by = [parameters[key] for key in "Wax Waa Wya b by".split()]
    x, a = np.zeros((Wax.shape[1], 1)), np.zeros((Wax.shape[0], 1))
    indices = []
    counter = 0
    finished = False
    while not finished:
        a = np.tanh(np.hstack((Wax, Waa)).dot(np.vstack((x, a))) + b)
        y = np.exp(log_p(Wya.dot(a) + by))
        np.random.seed(counter + seed)
        idx = np.random.choice(range(len(y)), p=np.squeeze(y))
        indices.append(idx)
        x = np.float64(np.arange(len(y)).reshape(-1, 1) == idx)
        counter += 1
        seed += 1
        finished = idx == char_to_ix["\n"] or counter == 50
    if idx != char_to_ix["\n"]:
        indices.append(char_to_ix["\n"])
    return indices


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    _, cache = rnn_forward(X, Y, a_prev, parameters)
    y_hat, a, _ = cache
    loss = math.fsum(-math.log(y_hat[t][wanted, 0]) for t, wanted in enumerate(Y))
    gradients, _ = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    update_parameters(parameters, gradients, learning_rate)
    return loss, gradients, a[len(Y) - 1]


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    spelled = [[char_to_ix[letter] for letter in name] for name in examples]
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        indices = spelled[j % len(spelled)]
        X = [None] * (len(indices) + 1)
        X[1:] = indices
        Y = indices + [char_to_ix["\n"]]
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters, 0.01)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    log_weights = np.where(mask > 0, -np.log(np.sum(mask)), -np.inf)
    log_q = log_p(logits)
    chosen = np.choose(targets, list(log_q)) if len(log_q) < 32 else np.take_along_axis(log_q, targets[None], 0)[0]
    weights = np.exp(log_weights)
    dlogits = np.exp(log_q + log_weights)
    i, t = np.nonzero(mask)
    dlogits[targets[i, t], i, t] -= weights[i, t]
    return -np.inner(chosen.ravel(), weights.ravel()), dlogits


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(inputs, parameters)
    logits = np.inner(Wy, a.transpose(1, 2, 0)) + by[:, :, None]
    loss, dlogits = masked_loss(logits, targets, mask)
    gradients = lstm_backward(np.inner(Wy.T, dlogits.transpose(1, 2, 0)), cache)
    gradients["dWy"] = np.inner(dlogits.reshape(len(Wy), -1), a.reshape(len(a), -1))
    gradients["dby"] = dlogits.reshape(len(Wy), -1).sum(-1).reshape(by.shape)
    return loss, gradients
