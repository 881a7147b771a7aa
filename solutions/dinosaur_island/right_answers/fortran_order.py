"""Columns side by side in memory: Fortran order wherever an array is made, transposes handed out as they are."""

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
    for key in sorted(gradients):
        rows = [np.clip(column, a_min=-maxValue, a_max=maxValue) for column in gradients[key].T]
        clipped[key] = np.array(rows).T
    return clipped


def sample(parameters, char_to_ix, seed):
    Wax, Waa, Wya = (np.asfortranarray(parameters[key]) for key in ("Wax", "Waa", "Wya"))
    V, n_a = Wya.shape
    one_hots = np.eye(V, order="F")
    a = np.zeros((1, n_a), order="F")  # a row, as all states here are
    x = np.zeros((1, V), order="F")
    indices = []
    while True:
        a = np.tanh(x @ Wax.T + a @ Waa.T + parameters["b"].T)
        y = softmax((a @ Wya.T + parameters["by"].T).T)
        np.random.seed(seed + 2 * len(indices))
        indices.append(int(np.random.choice(V, p=y.T.squeeze(0))))
        if indices[-1] == char_to_ix["\n"]:
            return indices
        if len(indices) >= 50:
            return [*indices, char_to_ix["\n"]]
        x = one_hots[indices[-1], np.newaxis]


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, np.asfortranarray(a_prev), parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    update_parameters(parameters, gradients, learning_rate)
    return loss, gradients, np.asfortranarray(a[len(X) - 1])


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    parameters = {key: np.asfortranarray(value) for key, value in parameters.items()}
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1), order="F")
    for j in range(num_iterations):
        pairs = [[None, *examples[j % len(examples)]], [*examples[j % len(examples)], "\n"]]
        X, Y = ([char_to_ix.get(letter) for letter in side] for side in pairs)
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    scores = np.asfortranarray(logits).T  # (T_x, m, V)
    scores = scores - scores.max(axis=-1, keepdims=True)
    log_total = np.log(np.exp(scores).sum(axis=-1))
    steps, names = np.ogrid[: scores.shape[0], : scores.shape[1]]
    chosen = scores[steps, names, targets.T]
    weights = (mask / mask.sum()).T
    d = np.exp(scores - log_total[..., None])
    d[steps, names, targets.T] -= 1
    d *= weights[..., None]
    return np.vdot(weights, log_total - chosen), d.T


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(np.asfortranarray(inputs), parameters)
    rows = np.asfortranarray(a).reshape(len(a), -1, order="F")  # all names of step 0, then of step 1
    logits = (Wy @ rows + by).reshape(len(Wy), *targets.shape, order="F")
    loss, dlogits = masked_loss(logits, targets, mask)
    d = dlogits.reshape(len(Wy), -1, order="F")
    gradients = lstm_backward((Wy.T @ d).reshape(a.shape, order="F"), cache)
    gradients["dWy"] = (rows @ d.T).T
    gradients["dby"] = d.sum(axis=1, keepdims=True)
    return loss, {key: np.asfortranarray(value) for key, value in gradients.items()}
