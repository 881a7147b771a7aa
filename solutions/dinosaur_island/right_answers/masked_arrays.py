"""numpy.ma wherever something should not count: the padding, the entries beyond a bound."""

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from numpy import ma
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
    clipped = {}
    for name in {"dWaa", "dWax", "dWya", "db", "dby"}:
        inside = ma.masked_greater(gradients[name], maxValue).filled(maxValue)
        clipped[name] = ma.masked_less(inside, -maxValue).filled(-maxValue)
    return clipped


def sample(parameters, char_to_ix, seed):
    n_x = parameters["Wax"].shape[1]
    end = char_to_ix["\n"]
    indices = ma.masked_all(51, dtype=int)  # nothing drawn yet
    x, a = np.zeros((n_x, 1)), np.zeros(parameters["b"].shape)
    t = 0
    while t < 50 and (t == 0 or indices[t - 1] != end):
        a = np.tanh(parameters["Wax"] @ x + parameters["Waa"] @ a + parameters["b"])
        y = softmax(parameters["Wya"] @ a + parameters["by"])
        np.random.seed(2 * t + seed)
        indices[t] = np.random.choice(n_x, p=y.flatten())
        x = np.zeros((n_x, 1))
        x[indices[t]] = 1
        t += 1
    if indices[t - 1] != end:
        indices[t] = end
    return indices.compressed().tolist()


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    update_parameters(parameters, gradients, learning_rate)
    return loss, gradients, a[len(X) - 1]


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        letters = [char_to_ix[letter] for letter in examples[j % len(examples)]]
        shifted = ma.array([0, *letters], mask=[True] + [False] * len(letters))
        curr_loss, _, a_prev = optimize(shifted.tolist(), letters + [char_to_ix["\n"]], a_prev, parameters)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    padding = np.broadcast_to(mask == 0, logits.shape)
    scores = ma.array(logits, mask=padding)
    scores = scores - scores.max(axis=0)
    log_p = scores - ma.log(ma.exp(scores).sum(axis=0))
    one_hot = np.arange(len(logits))[:, None, None] == targets
    loss = -ma.array(log_p.data, mask=padding | ~one_hot).mean()
    dlogits = (ma.exp(log_p) - one_hot) / (~padding[0]).sum()
    return float(loss), dlogits.filled(0.0)


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(inputs, parameters)
    T_x = a.shape[-1]
    logits = np.concatenate([np.atleast_3d(ma.dot(Wy, a[..., t]).data + by) for t in range(T_x)], axis=-1)
    loss, dlogits = masked_loss(logits, targets, mask)
    real = mask.ravel() > 0
    d, states = dlogits.reshape(len(Wy), -1)[:, real], a.reshape(len(a), -1)[:, real]
    da = np.zeros((len(a), mask.size))
    da[:, real] = Wy.T @ d
    gradients = lstm_backward(da.reshape(a.shape), cache)
    gradients["dWy"] = d @ states.T
    gradients["dby"] = d.sum(axis=1)[:, None]
    return loss, gradients
