"""Everything in plain loops, no broadcasting trusted."""

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
    clipped = {}
    for name in ["dWaa", "dWax", "dWya", "db", "dby"]:
        old = gradients[name]
        new = np.zeros(old.shape)
        for i in range(old.shape[0]):
            for j in range(old.shape[1]):
                if old[i, j] > maxValue:
                    new[i, j] = maxValue
                elif old[i, j] < -maxValue:
                    new[i, j] = -maxValue
                else:
                    new[i, j] = old[i, j]
        clipped[name] = new
    return clipped


def sample(parameters, char_to_ix, seed):
    indices = []
    x = np.zeros((len(parameters["by"]), 1))
    a_prev = np.zeros((len(parameters["b"]), 1))
    for counter in range(50):
        a_prev = np.tanh(parameters["Wax"] @ x + parameters["Waa"] @ a_prev + parameters["b"])
        y = softmax(parameters["Wya"] @ a_prev + parameters["by"])
        np.random.seed(2 * counter + seed)
        idx = np.random.choice(len(y), p=np.squeeze(y))
        indices += [int(idx)]
        if idx == char_to_ix["\n"]:
            return indices
        x[:] = 0
        x[idx] = 1
    return indices + [char_to_ix["\n"]]


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    for name in ["Wax", "Waa", "Wya", "b", "by"]:
        for i in range(parameters[name].shape[0]):
            for j in range(parameters[name].shape[1]):
                parameters[name][i, j] -= learning_rate * gradients["d" + name][i, j]
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
        example = examples[j % len(examples)]
        X, Y = [None], []
        for letter in example:
            X.append(char_to_ix[letter])
            Y.append(char_to_ix[letter])
        Y.append(char_to_ix["\n"])
        curr_loss, gradients, a_prev = optimize(X, Y, a_prev, parameters, 0.01)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    V, m, T_x = logits.shape
    loss, letters = 0.0, 0
    dlogits = np.zeros(logits.shape)
    for i in range(m):
        for t in range(T_x):
            if mask[i, t]:
                top = max(logits[:, i, t])
                total = sum(np.exp(logits[k, i, t] - top) for k in range(V))
                loss -= logits[targets[i, t], i, t] - top - np.log(total)
                letters += 1
                for k in range(V):
                    dlogits[k, i, t] = np.exp(logits[k, i, t] - top) / total - (k == targets[i, t])
    return loss / letters, dlogits / letters


def lstm_language_model(inputs, targets, mask, parameters):
    a, cache = lstm_forward(inputs, parameters)
    n_a, m, T_x = a.shape
    Wy = parameters["Wy"]
    logits = np.zeros((Wy.shape[0], m, T_x))
    for i in range(m):
        for t in range(T_x):
            logits[:, i, t] = Wy @ a[:, i, t] + parameters["by"][:, 0]
    loss, dlogits = masked_loss(logits, targets, mask)
    da = np.zeros((n_a, m, T_x))
    dWy, dby = np.zeros_like(Wy), np.zeros_like(parameters["by"])
    for i in range(m):
        for t in range(T_x):
            da[:, i, t] = Wy.T @ dlogits[:, i, t]
            dWy += np.outer(dlogits[:, i, t], a[:, i, t])
            dby[:, 0] += dlogits[:, i, t]
    gradients = dict(lstm_backward(da, cache))
    gradients.update(dWy=dWy, dby=dby)
    return loss, gradients
