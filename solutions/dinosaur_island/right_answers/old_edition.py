"""An early edition: clipping in place, the file read inside `model`, parameters returned alone."""

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from names import read_names
from utils import (
    get_initial_loss,
    initialize_parameters,
    print_sample,
    rnn_backward,
    rnn_forward,
    smooth,
    softmax,
    update_parameters,
)


def clip(gradients, maxValue):
    for key in gradients:
        np.clip(gradients[key], -maxValue, maxValue, out=gradients[key])
    return gradients


def sample(parameters, char_to_ix, seed):
    Waa, Wax, Wya, by, b = (parameters[k] for k in ["Waa", "Wax", "Wya", "by", "b"])
    vocab_size, n_a = Wya.shape
    x, a_prev = np.zeros((vocab_size, 1)), np.zeros((n_a, 1))
    indices, idx, counter = [], -1, 0
    while idx != char_to_ix["\n"] and counter != 50:
        a = np.tanh(np.matmul(Wax, x) + np.matmul(Waa, a_prev) + b)
        y = softmax(np.matmul(Wya, a) + by)
        np.random.seed(counter + seed)
        idx = np.random.choice(np.arange(vocab_size), p=y[:, 0])
        indices.append(idx)
        x = np.zeros_like(x)
        x[idx, 0] = 1.0
        a_prev = a
        seed += 1
        counter += 1
    if counter == 50:
        indices.append(char_to_ix["\n"])
    return indices


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    clip(gradients, 5)
    parameters = update_parameters(parameters, gradients, learning_rate)
    return loss, gradients, a[len(X) - 1]


def model(data, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [line.lower().strip() for line in read_names()]
    np.random.seed(0)
    np.random.shuffle(examples)
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        index = j % len(examples)
        X = [None] + [char_to_ix[ch] for ch in examples[index]]
        Y = X[1:] + [char_to_ix["\n"]]
        curr_loss, gradients, a_prev = optimize(X, Y, a_prev, parameters)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            print("Iteration: %d, Loss: %f\n" % (j, loss))
            seed = 0
            for name in range(dino_names):
                sampled_indices = sample(parameters, char_to_ix, seed)
                print_sample(sampled_indices, ix_to_char)
                seed += 1
    return parameters


def masked_loss(logits, targets, mask):
    V, m, T_x = logits.shape
    n = 0
    loss = 0.0
    dlogits = np.zeros((V, m, T_x))
    for i in range(m):
        for t in range(T_x):
            if mask[i, t] == 0:
                continue
            y = softmax(logits[:, i, t])
            loss += -np.log(np.maximum(y[targets[i, t]], 1e-320)) if y[targets[i, t]] else (
                logits[:, i, t].max() - logits[targets[i, t], i, t]
            )
            y[targets[i, t]] -= 1
            dlogits[:, i, t] = y
            n += 1
    return loss / n, dlogits / n


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(inputs, parameters)
    T_x = inputs.shape[1]
    logits = np.zeros((len(Wy), *inputs.shape))
    for t in range(T_x):
        logits[:, :, t] = np.dot(Wy, a[:, :, t]) + by
    loss, dlogits = masked_loss(logits, targets, mask)
    da = np.zeros(a.shape)
    dWy = np.zeros(Wy.shape)
    dby = np.zeros(by.shape)
    for t in reversed(range(T_x)):
        da[:, :, t] = np.dot(Wy.T, dlogits[:, :, t])
        dWy += np.dot(dlogits[:, :, t], a[:, :, t].T)
        dby += np.sum(dlogits[:, :, t], axis=1, keepdims=True)
    gradients = lstm_backward(da, cache)
    gradients["dWy"] = dWy
    gradients["dby"] = dby
    return loss, gradients
