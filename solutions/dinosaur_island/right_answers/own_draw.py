"""The draw by hand: a uniform number looked up in the running sum of y."""

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


def clip(gradients, maxValue):
    for gradient in gradients.values():
        gradient[gradient > maxValue] = maxValue
        gradient[gradient < -maxValue] = -maxValue
    return gradients


def step(parameters, x, a_prev):
    a = np.tanh(parameters["Wax"].dot(x) + parameters["Waa"].dot(a_prev) + parameters["b"])
    return a, softmax(parameters["Wya"].dot(a) + parameters["by"])


def sample(parameters, char_to_ix, seed):
    vocab_size = parameters["by"].shape[0]
    x, a = np.zeros((vocab_size, 1)), np.zeros((parameters["Waa"].shape[0], 1))
    name = []
    counter = 0
    while counter < 50:
        a, y = step(parameters, x, a)
        np.random.seed(counter + seed)
        running = np.cumsum(y)
        idx = int(np.searchsorted(running / running[-1], np.random.random_sample(), side="right"))
        name.append(idx)
        if idx == char_to_ix["\n"]:
            break
        x = np.eye(vocab_size)[:, [idx]]
        seed, counter = seed + 1, counter + 1
    else:
        name.append(char_to_ix["\n"])
    return name


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters, parameters["by"].shape[0])
    gradients, states = rnn_backward(X, Y, parameters, cache)
    clip(gradients, 5)
    update_parameters(parameters, gradients, learning_rate)
    return loss, gradients, states[max(states)]


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        word = examples[j % len(examples)] + "\n"
        Y = [char_to_ix[c] for c in word]
        X = [None] + Y[:-1]
        curr_loss, gradients, a_prev = optimize(X, Y, a_prev, parameters, learning_rate=1e-2)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    there = mask.astype(bool)
    scores = logits[:, there]
    wanted = targets[there]
    scores = scores - scores.max(axis=0)
    log_p = scores - np.log(np.exp(scores).sum(axis=0))
    n = wanted.size
    gradient = np.exp(log_p)
    gradient[wanted, np.arange(n)] -= 1
    dlogits = np.zeros_like(logits)
    dlogits[:, there] = gradient / n
    return -log_p[wanted, np.arange(n)].mean(), dlogits


def lstm_language_model(inputs, targets, mask, parameters):
    a, cache = lstm_forward(inputs, parameters)
    flat = a.reshape(a.shape[0], -1)
    scores = parameters["Wy"] @ flat + parameters["by"]
    loss, dlogits = masked_loss(scores.reshape(-1, *targets.shape), targets, mask)
    back = dlogits.reshape(len(dlogits), -1)
    gradients = lstm_backward((parameters["Wy"].T @ back).reshape(a.shape), cache)
    gradients["dWy"] = back @ flat.T
    gradients["dby"] = back.sum(1, keepdims=True)
    return loss, gradients
