"""Prints everywhere, integer one-hots, np.int64 indices, lists for tuples, an array of indices."""

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


def clip(grads, limit):
    print("clipping to", limit)
    keys = ["dWaa", "dWax", "dWya", "db", "dby"]
    clipped = {key: grads[key].clip(min=-limit, max=limit) for key in keys}
    clipped["limit"] = limit
    return clipped


def sample(params, table, s):
    V = params["by"].shape[0]
    x = np.zeros((V, 1), dtype=int)
    h = np.zeros((params["b"].shape[0], 1))
    out = np.array([], dtype=np.int64)
    while out.size < 50:
        h = np.tanh(params["Wax"] @ x + params["Waa"] @ h + params["b"])
        p = softmax(params["Wya"] @ h + params["by"])
        np.random.seed(2 * out.size + s)
        ix = np.random.choice(range(V), p=p.reshape(-1))
        print("drew", ix)
        out = np.append(out, ix)
        if ix == table["\n"]:
            return out
        x = (np.arange(V) == ix).astype(int).reshape(V, 1)
    return np.append(out, table["\n"])


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    print(len(X), "letters")
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    for key in parameters:
        parameters[key] = parameters[key] - learning_rate * gradients["d" + key]
    return [loss, gradients, a[len(X) - 1], "done"]


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
        print(name)
        ixs = [None] + [char_to_ix[c] for c in name] + [char_to_ix["\n"]]
        result = optimize(ixs[:-1], ixs[1:], a_prev, parameters, learning_rate=0.01)
        curr_loss, a_prev = result[0], result[2]
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return [parameters, last_dino_name]


def masked_loss(logits, targets, mask):
    print("scores", logits.shape)
    z = logits - np.max(logits, axis=0)
    total = np.sum(np.exp(z), axis=0)
    p = np.exp(z) / total
    hot = np.zeros(logits.shape, dtype=int)
    for i, row in enumerate(targets):
        hot[row, i, np.arange(len(row))] = 1
    surprise = np.log(total) - np.sum(z * hot, axis=0)
    return [np.sum(surprise * mask) / np.sum(mask), np.multiply(p - hot, mask) / np.sum(mask)]


def lstm_language_model(inputs, targets, mask, parameters):
    a, cache = lstm_forward(inputs, parameters)
    logits = np.stack([parameters["Wy"] @ a[:, :, t] + parameters["by"] for t in range(a.shape[2])], axis=-1)
    loss, dlogits = masked_loss(logits, targets, mask)
    da = np.stack([parameters["Wy"].T @ dlogits[:, :, t] for t in range(a.shape[2])], axis=-1)
    gradients = lstm_backward(da, cache)
    gradients["dWy"] = sum(dlogits[:, :, t] @ a[:, :, t].T for t in range(a.shape[2]))
    gradients["dby"] = sum(dlogits[:, :, t].sum(axis=1, keepdims=True) for t in range(a.shape[2]))
    gradients["da"] = da
    return [loss, gradients]
