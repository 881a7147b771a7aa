"""As a systems programmer would: buffers are made once per call and every ufunc writes into one."""

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from utils import get_initial_loss, get_sample, initialize_parameters, smooth


def clip(gradients, maxValue):
    for name in ("dWaa", "dWax", "dWya", "db", "dby"):
        np.minimum(gradients[name], maxValue, out=gradients[name])
        np.maximum(gradients[name], -maxValue, out=gradients[name])
    return gradients


def softmax_into(z):
    np.subtract(z, z.max(axis=0, keepdims=True), out=z)
    np.exp(z, out=z)
    np.divide(z, z.sum(axis=0, keepdims=True), out=z)


def sample(parameters, char_to_ix, seed):
    vocab_size, n_a = parameters["Wya"].shape
    x, y = np.zeros((vocab_size, 1)), np.empty((vocab_size, 1))
    a, recurrent = np.zeros((n_a, 1)), np.empty((n_a, 1))
    indices = np.empty(51, dtype=np.intp)
    length = 0
    while length != 50:
        np.matmul(parameters["Waa"], a, out=recurrent)
        np.matmul(parameters["Wax"], x, out=a)
        a += recurrent
        a += parameters["b"]
        np.tanh(a, out=a)
        np.matmul(parameters["Wya"], a, out=y)
        y += parameters["by"]
        softmax_into(y)
        np.random.seed(seed + length + length)
        drawn = np.random.choice(vocab_size, p=y[:, 0])
        x.fill(0.0)
        x[drawn] = 1.0
        indices[length] = drawn
        length += 1
        if drawn == char_to_ix["\n"]:
            break
    else:
        indices[length] = char_to_ix["\n"]
        length += 1
    return list(indices[:length])


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    p, T = parameters, len(X)
    vocab_size, n_a = p["Wya"].shape
    a, y = np.empty((T + 1, n_a, 1)), np.empty((T, vocab_size, 1))
    a[0] = a_prev
    for t in range(T):
        np.matmul(p["Waa"], a[t], out=a[t + 1])
        if X[t] is not None:
            a[t + 1, :, 0] += p["Wax"][:, X[t]]
        a[t + 1] += p["b"]
        np.tanh(a[t + 1], out=a[t + 1])
        np.matmul(p["Wya"], a[t + 1], out=y[t])
        y[t] += p["by"]
        softmax_into(y[t])
    loss = 0.0
    for t in range(T):
        loss -= np.log(y[t, Y[t], 0])
        y[t, Y[t], 0] -= 1.0  # from here on the gradient of the scores
    gradients = {"d" + name: np.zeros_like(value) for name, value in p.items()}
    dz, carried = np.empty((n_a, 1)), np.zeros((n_a, 1))
    for t in range(T - 1, -1, -1):
        np.matmul(p["Wya"].T, y[t], out=dz)
        dz += carried
        dz *= 1.0 - a[t + 1] * a[t + 1]
        np.matmul(p["Waa"].T, dz, out=carried)
        gradients["dWya"] += y[t] @ a[t + 1].T
        gradients["dby"] += y[t]
        gradients["dWaa"] += dz @ a[t].T
        gradients["db"] += dz
        if X[t] is not None:
            gradients["dWax"][:, X[t]] += dz[:, 0]
    clip(gradients, 5)
    for name, value in p.items():
        step = np.multiply(gradients["d" + name], learning_rate)
        np.subtract(value, step, out=value)
    return loss, gradients, a[T]


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    longest = max(len(name) for name in examples)
    line = [None] * (longest + 2)  # None, the letters, the newline
    for j in range(num_iterations):
        name = examples[j % len(examples)]
        for place, letter in enumerate(name, start=1):
            line[place] = char_to_ix[letter]
        line[len(name) + 1] = char_to_ix["\n"]
        X, Y = line[: len(name) + 1], line[1 : len(name) + 2]
        curr_loss, _, a_last = optimize(X, Y, a_prev, parameters, 0.01)
        np.copyto(a_prev, a_last)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    d = logits.copy()
    softmax_into(d)
    columns = np.ogrid[: targets.shape[0], : targets.shape[1]]
    where = (targets, *columns)
    chosen = d[where]
    np.log(chosen, out=chosen, where=mask.astype(bool))
    np.multiply(chosen, mask, out=chosen)
    count = mask.sum()
    d[where] -= 1.0
    np.multiply(d, mask, out=d)
    np.divide(d, count, out=d)
    return -chosen.sum() / count, d


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(inputs, parameters)
    V, T_x, m = len(Wy), a.shape[2], a.shape[1]
    logits, da, part = np.empty((V, m, T_x)), np.empty(a.shape), np.empty(Wy.shape)
    for t in range(T_x):
        np.add(Wy @ a[:, :, t], by, out=logits[:, :, t])
    loss, dlogits = masked_loss(logits, targets, mask)
    dWy, dby = np.zeros_like(Wy), np.zeros_like(by)
    for t in range(T_x):
        da[:, :, t] = Wy.T @ dlogits[:, :, t]
        np.matmul(dlogits[:, :, t], a[:, :, t].T, out=part)
        dWy += part
        dby[:, 0] += dlogits[:, :, t].sum(axis=1)
    gradients = lstm_backward(da, cache)
    gradients["dWy"], gradients["dby"] = dWy, dby
    return loss, gradients
