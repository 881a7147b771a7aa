"""Functions that make functions: a cell that remembers, a loss that hands out its own way back."""

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


def limiter(bound):
    return lambda values: np.fmin(np.fmax(values, -bound), bound)


def clip(gradients, maxValue):
    limit = limiter(maxValue)
    return {key: limit(value) for key, value in gradients.items() if key != "da_next"}


def remembering_cell(parameters):
    a = np.zeros((parameters["Waa"].shape[0], 1))

    def read(x):
        nonlocal a
        a = np.tanh(parameters["Wax"] @ x + parameters["Waa"] @ a + parameters["b"])
        return softmax(parameters["Wya"] @ a + parameters["by"])

    return read


def seeded_dice(seed):
    counter = 0

    def draw(y):
        nonlocal counter, seed
        np.random.seed(counter + seed)
        counter, seed = counter + 1, seed + 1
        return np.random.choice(np.arange(y.shape[0]), p=y.ravel())

    return draw


def sample(parameters, char_to_ix, seed):
    read, draw = remembering_cell(parameters), seeded_dice(seed)
    one_hots = np.eye(parameters["by"].shape[0])
    x = np.zeros((len(one_hots), 1))
    indices = []
    while len(indices) != 50:
        idx = draw(read(x))
        indices.append(int(idx))
        if idx == char_to_ix["\n"]:
            return indices
        x = one_hots[:, idx : idx + 1]
    indices.append(char_to_ix["\n"])
    return indices


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    def descend(gradients):
        return update_parameters(parameters, gradients, learning_rate)

    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    raw, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(raw, 5)
    descend(gradients)
    return loss, gradients, a[len(X) - 1]


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))

    def learn(name):
        nonlocal a_prev, loss
        X = [None] + [char_to_ix[letter] for letter in name]
        Y = X[1:] + [char_to_ix["\n"]]
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters, learning_rate=0.01)
        loss = smooth(loss, curr_loss)

    def show():
        nonlocal last_dino_name
        for seed in range(dino_names):
            last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
            print(last_dino_name, end="")

    for j in range(num_iterations):
        learn(examples[j % len(examples)])
        if not j % 2000:
            show()
    return parameters, last_dino_name


def softmax_node(z):
    e = np.exp(z - z.max(0))
    p = e / e.sum(0)

    def back(dp):
        return p * (dp - (p * dp).sum(0))

    return p, back


def log_likelihood_node(p, targets, weights):
    i, t = np.indices(targets.shape)
    chosen = p[targets, i, t]

    def back(upstream):
        dp = np.zeros_like(p)
        dp[targets, i, t] = upstream * weights / chosen
        return dp

    return (weights * np.log(chosen)).sum(), back


def masked_loss(logits, targets, mask):
    p, softmax_back = softmax_node(logits)
    value, log_back = log_likelihood_node(p, targets, mask / mask.sum())
    return -value, softmax_back(log_back(-1.0))


def affine_node(W, a, b):
    def back(dz):
        return np.einsum("va,vmt->amt", W, dz), np.einsum("vmt,amt->va", dz, a), dz.sum((1, 2)).reshape(b.shape)

    return np.einsum("va,amt->vmt", W, a) + b[:, :, None], back


def lstm_language_model(inputs, targets, mask, parameters):
    a, cache = lstm_forward(inputs, parameters)
    logits, affine_back = affine_node(parameters["Wy"], a, parameters["by"])
    loss, dlogits = masked_loss(logits, targets, mask)
    da, dWy, dby = affine_back(dlogits)
    return loss, dict(lstm_backward(da, cache), dWy=dWy, dby=dby)
