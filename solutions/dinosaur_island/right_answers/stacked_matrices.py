"""A whole name as a matrix: one column per step, one product for all predictions."""

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from utils import get_initial_loss, get_sample, initialize_parameters, smooth


def columnwise_softmax(Z):
    E = np.exp(Z - Z.max(axis=0, keepdims=True))
    return E / E.sum(axis=0, keepdims=True)


def clip(gradients, maxValue):
    return {k: (np.abs(g + maxValue) - np.abs(g - maxValue)) / 2 for k, g in gradients.items()}


def sample(parameters, char_to_ix, seed):
    W = np.hstack((parameters["Wax"], parameters["Waa"]))
    V, n_a = parameters["Wya"].shape
    both = np.zeros((V + n_a, 1))
    indices = np.full(51, char_to_ix["\n"])
    for counter in range(50):
        a = np.tanh(W @ both + parameters["b"])
        y = columnwise_softmax(parameters["Wya"] @ a + parameters["by"])
        np.random.seed(seed + counter + counter)
        indices[counter] = np.random.choice(V, 1, p=y.T[0])[0]
        if indices[counter] == char_to_ix["\n"]:
            return indices[: counter + 1].tolist()
        both = np.vstack((np.eye(V)[:, [indices[counter]]], a))
    return indices.tolist()


def forward(X, a_prev, p):
    inputs = np.zeros((p["Wax"].shape[1], len(X)))
    known = [t for t, letter in enumerate(X) if letter is not None]
    inputs[[X[t] for t in known], known] = 1
    A = np.empty((p["Waa"].shape[0], len(X) + 1))
    A[:, [0]] = a_prev
    U = p["Wax"] @ inputs + p["b"]
    for t in range(len(X)):
        A[:, t + 1] = np.tanh(U[:, t] + p["Waa"] @ A[:, t])
    return inputs, A, columnwise_softmax(p["Wya"] @ A[:, 1:] + p["by"])


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    inputs, A, P = forward(X, a_prev, parameters)
    steps = np.arange(len(X))
    loss = -np.log(P[Y, steps]).sum()
    dS = P.copy()
    dS[Y, steps] -= 1
    dA = parameters["Wya"].T @ dS
    dZ = np.zeros_like(dA)
    later = 0
    for t in steps[::-1]:
        dZ[:, t] = (dA[:, t] + later) * (1 - A[:, t + 1] ** 2)
        later = parameters["Waa"].T @ dZ[:, t]
    gradients = clip(
        {
            "dWax": dZ @ inputs.T,
            "dWaa": dZ @ A[:, :-1].T,
            "dWya": dS @ A[:, 1:].T,
            "db": dZ.sum(axis=1, keepdims=True),
            "dby": dS.sum(axis=1, keepdims=True),
        },
        5,
    )
    for name in parameters:
        parameters[name][...] = parameters[name] - learning_rate * gradients["d" + name]
    return loss, gradients, A[:, -1:].copy()


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    newline = char_to_ix["\n"]
    for j in range(num_iterations):
        letters = [char_to_ix[c] for c in examples[j % len(examples)]]
        X, Y = [None, *letters], [*letters, newline]
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    P = columnwise_softmax(logits)
    wanted = np.rollaxis(np.eye(logits.shape[0])[targets], 2)
    N = mask.sum()
    return -np.log((P * wanted).sum(axis=0))[mask > 0].sum() / N, (P - wanted) * (mask / N)


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(inputs, parameters)
    n_a, m, T_x = a.shape
    A = np.hstack([a[:, :, t] for t in range(T_x)])  # (n_a, T_x m), step after step
    S = Wy @ A + by
    logits = np.transpose(S.reshape(-1, T_x, m), (0, 2, 1))
    loss, dlogits = masked_loss(logits, targets, mask)
    dS = np.hstack([dlogits[:, :, t] for t in range(T_x)])
    dA = Wy.T @ dS
    gradients = lstm_backward(dA.reshape(n_a, T_x, m).swapaxes(1, 2), cache)
    gradients["dWy"] = dS @ A.T
    gradients["dby"] = dS @ np.ones((m * T_x, 1))
    return loss, gradients
