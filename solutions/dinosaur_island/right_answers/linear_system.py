"""No loop backwards: the carries of all steps solve one triangular system of equations."""

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from utils import get_initial_loss, get_sample, initialize_parameters, smooth, softmax


def clip(gradients, maxValue):
    scale = {key: np.ones_like(value) for key, value in gradients.items()}
    for key, value in gradients.items():
        np.divide(maxValue, np.abs(value), out=scale[key], where=np.abs(value) > maxValue)
    return {key: value * scale[key] for key, value in gradients.items()}


def sample(parameters, char_to_ix, seed):
    Wax, Waa, Wya = parameters["Wax"], parameters["Waa"], parameters["Wya"]
    by_letter = Wax + parameters["b"]  # column k: what the state gets from letter k and the bias
    a = np.tanh(parameters["b"])
    indices = []
    for t in range(50):
        np.random.seed(seed + 2 * t)
        indices += [np.random.choice(len(Wya), p=softmax(Wya @ a + parameters["by"]).ravel())]
        if indices[t] == char_to_ix["\n"]:
            return indices
        a = np.tanh(by_letter[:, [indices[t]]] + Waa @ a)
    indices += [char_to_ix["\n"]]
    return indices


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    Wax, Waa, Wya = parameters["Wax"], parameters["Waa"], parameters["Wya"]
    T, n_a, V = len(X), len(Waa), len(Wya)
    inputs = np.array([[letter == k for letter in X] for k in range(V)], dtype=float)
    A = np.zeros((n_a, T + 1))
    A[:, :1] = a_prev
    for t in range(T):
        A[:, t + 1] = np.tanh(Wax @ inputs[:, t] + Waa @ A[:, t] + parameters["b"][:, 0])
    P = np.apply_along_axis(softmax, 0, Wya @ A[:, 1:] + parameters["by"])
    targets = np.array([[wanted == k for wanted in Y] for k in range(V)], dtype=float)
    loss = -np.sum(np.log(np.sum(P * targets, axis=0)))
    dS = P - targets
    slope = (1 - A[:, 1:] ** 2).T.ravel()  # step after step
    # dz<t> = slope<t> * (Wya^T dS<t> + Waa^T dz<t+1>), all t at once
    carries = np.kron(np.eye(T, k=1), Waa.T)
    direct = (Wya.T @ dS).T.ravel()
    dZ = np.linalg.solve(np.eye(T * n_a) - slope[:, None] * carries, slope * direct).reshape(T, n_a).T
    gradients = {
        "dWax": dZ @ inputs.T,
        "dWaa": dZ @ A[:, :T].T,
        "dWya": dS @ A[:, 1:].T,
        "db": dZ.sum(axis=1)[:, None],
        "dby": dS.sum(axis=1)[:, None],
    }
    gradients = clip(gradients, 5)
    for name in ("Wax", "Waa", "Wya", "b", "by"):
        parameters[name] -= learning_rate * gradients["d" + name]
    return loss, gradients, A[:, [T]]


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
        X, Y = [None] + letters[:], letters[:] + [char_to_ix["\n"]]
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters, learning_rate=0.01)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    """Every letter's distance to the target's score, so that the target's own is zero."""
    distance = logits - np.take_along_axis(logits, np.expand_dims(targets, 0), axis=0)
    top = distance.max(axis=0)
    log_total = top + np.log(np.exp(distance - top).sum(axis=0))  # this is -log p of the target
    weights = mask / mask.sum()
    p = np.exp(distance - log_total)
    corrected = np.bincount(
        np.ravel_multi_index((targets, *np.indices(targets.shape)), logits.shape).ravel(), minlength=logits.size
    )
    return np.sum(log_total * weights), (p - corrected.reshape(logits.shape)) * weights


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(inputs, parameters)
    V, (n_a, m, T_x) = len(Wy), a.shape
    every_column = np.kron(np.eye(1), Wy) @ a.reshape(n_a, m * T_x)
    logits = (every_column + np.tile(by, m * T_x)).reshape(V, m, T_x)
    loss, dlogits = masked_loss(logits, targets, mask)
    columns = dlogits.reshape(V, m * T_x)
    gradients = dict(lstm_backward((columns.T @ Wy).T.reshape(n_a, m, T_x), cache))
    gradients["dWy"] = np.dot(columns, a.reshape(n_a, m * T_x).T)
    gradients["dby"] = np.dot(columns, np.ones((m * T_x, 1)))
    return loss, gradients
