"""float32 buffers where they do no harm; a softmax and an update of its own."""

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
    out = dict(gradients)
    for key in ("dWaa", "dWax", "dWya", "db", "dby"):
        large = np.abs(out[key]) > maxValue
        out[key] = np.where(large, np.sign(out[key]) * maxValue, out[key])
    return out


def sample(parameters, char_to_ix, seed):
    n_a, vocab_size = parameters["Wax"].shape
    x = np.zeros((vocab_size, 1), dtype=np.float32)
    state = np.zeros((n_a, 1), dtype=np.float32)
    drawn = []
    while True:
        state = np.tanh(parameters["Wax"] @ x + parameters["Waa"] @ state + parameters["b"])
        scores = parameters["Wya"] @ state + parameters["by"]
        y = np.exp(scores - np.max(scores))
        y = y / np.sum(y)
        np.random.seed(len(drawn) * 2 + seed)
        drawn.append(int(np.random.choice(vocab_size, p=y[:, 0])))
        if drawn[-1] == char_to_ix["\n"]:
            break
        if len(drawn) == 50:
            drawn.append(char_to_ix["\n"])
            break
        x.fill(0)
        x[drawn[-1], 0] = 1
    return drawn


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    vocab_size = parameters["Wya"].shape[0]
    loss, cache = rnn_forward(X, Y, a_prev, parameters, vocab_size)
    gradients = clip(rnn_backward(X, Y, parameters, cache)[0], 5)
    for key, value in parameters.items():
        np.subtract(value, learning_rate * gradients["d" + key], out=value)
    return loss, gradients, cache[1][len(X) - 1]


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        name = examples[j % len(examples)]
        Y = list(map(char_to_ix.get, name)) + [char_to_ix["\n"]]
        X = list(Y)
        X.insert(0, None)
        X.pop()
        curr_loss, gradients, a_prev = optimize(X, Y, a_prev, parameters, 0.01)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    weight = (mask / np.sum(mask))[np.newaxis]
    top = np.amax(logits, axis=0, keepdims=True)
    p = np.exp(logits - top)
    total = p.sum(axis=0, keepdims=True)
    p /= total
    score = np.take_along_axis(logits, targets[np.newaxis], axis=0)
    loss = float(np.sum((np.log(total) + top - score) * weight))
    one_hot = np.zeros(logits.shape, dtype=np.float32)
    np.put_along_axis(one_hot, targets[np.newaxis], 1, axis=0)
    return loss, (p - one_hot) * weight


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(inputs, parameters)
    steps = np.moveaxis(a, 2, 0)  # (T_x, n_a, m)
    logits = np.moveaxis(Wy @ steps + by, 0, 2)
    loss, dlogits = masked_loss(logits, targets, mask)
    back = np.moveaxis(dlogits, 2, 0)
    gradients = lstm_backward(np.moveaxis(Wy.T @ back, 0, 2), cache)
    gradients["dWy"] = (back @ steps.transpose(0, 2, 1)).sum(axis=0)
    gradients["dby"] = back.sum(axis=(0, 2))[:, np.newaxis]
    return loss, gradients
