"""The LSTM written again with four separate gates and lists of steps; nothing of lstm_layer is used."""

import numpy as np
from utils import (
    get_initial_loss,
    get_sample,
    initialize_parameters,
    rnn_backward,
    rnn_forward,
    rnn_step_forward,
    smooth,
    update_parameters,
)


def clip(gradients, maxValue):
    for name, gradient in gradients.items():
        over = np.nonzero(np.abs(gradient) > maxValue)
        gradient[over] = np.copysign(maxValue, gradient[over])
    return gradients


def sample(parameters, char_to_ix, seed):
    vocab_size = len(parameters["by"])
    a, x = np.zeros((len(parameters["b"]), 1)), np.zeros((vocab_size, 1))
    indices = []
    for _ in range(50):
        a, y = rnn_step_forward(parameters, a, x)
        np.random.seed(seed)
        indices.append(np.random.choice(vocab_size, p=y.ravel()))
        if indices[-1] == char_to_ix["\n"]:
            return indices
        x = np.zeros((vocab_size, 1))
        np.put(x, indices[-1], 1)
        seed += 2
    return indices + [char_to_ix["\n"]]


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    del gradients["da_next"]
    update_parameters(parameters, clip(gradients, 5), learning_rate)
    return loss, gradients, list(a.values())[-1]


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    rounds, rest = divmod(num_iterations, len(examples))
    schedule = examples * rounds + examples[:rest]
    for j, name in enumerate(schedule):
        X, Y = [], []
        before = None
        for letter in name + "\n":
            X += [before]
            Y += [char_to_ix[letter]]
            before = char_to_ix[letter]
        curr_loss, gradients, a_prev = optimize(X, Y, a_prev, parameters, learning_rate=0.01)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def sigmoid(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))


def log_softmax(z):
    z = z - z.max(axis=0, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=0, keepdims=True))


def masked_loss(logits, targets, mask):
    count = mask.sum()
    loss, dlogits = 0.0, []
    for z, wanted, there in zip(np.moveaxis(logits, 2, 0), targets.T, mask.T):
        log_p = log_softmax(z)
        one_hot = np.eye(len(z))[wanted].T
        loss -= (log_p * one_hot).sum(axis=0) @ there
        dlogits.append((np.exp(log_p) - one_hot) * there)
    return loss / count, np.stack(dlogits, axis=2) / count


def lstm_language_model(inputs, targets, mask, parameters):
    W, b, Wy, by = parameters["W"], parameters["b"], parameters["Wy"], parameters["by"]
    V, n_a = Wy.shape
    m, T_x = inputs.shape
    Wf, Wi, Wo, Wc = W[:n_a], W[n_a : 2 * n_a], W[2 * n_a : 3 * n_a], W[3 * n_a :]
    bf, bi, bo, bc = b[:n_a], b[n_a : 2 * n_a], b[2 * n_a : 3 * n_a], b[3 * n_a :]
    a = c = np.zeros((n_a, m))
    steps, scores = [], []
    for t in range(T_x):
        x = (np.arange(V)[:, None] == inputs[:, t]).astype(float)
        concat = np.concatenate((a, x))
        ft, it, ot = sigmoid(Wf @ concat + bf), sigmoid(Wi @ concat + bi), sigmoid(Wo @ concat + bo)
        cct = np.tanh(Wc @ concat + bc)
        c_prev, c = c, ft * c + it * cct
        a = ot * np.tanh(c)
        steps.append((concat, ft, it, ot, cct, c_prev, c, a))
        scores.append(Wy @ a + by)
    loss, dlogits = masked_loss(np.stack(scores, axis=2), targets, mask)
    dWf, dWi, dWo, dWc = (np.zeros((n_a, n_a + V)) for _ in range(4))
    dbf, dbi, dbo, dbc = (np.zeros((n_a, 1)) for _ in range(4))
    dWy, dby = np.zeros((V, n_a)), np.zeros((V, 1))
    da_next, dc_next = np.zeros((n_a, m)), np.zeros((n_a, m))
    for t in range(T_x - 1, -1, -1):
        concat, ft, it, ot, cct, c_prev, c, a = steps[t]
        d = dlogits[:, :, t]
        dWy += d @ a.T
        dby += d.sum(axis=1, keepdims=True)
        da = Wy.T @ d + da_next
        dc = dc_next + da * ot * (1 - np.tanh(c) ** 2)
        df, di = dc * c_prev * ft * (1 - ft), dc * cct * it * (1 - it)
        do, dg = da * np.tanh(c) * ot * (1 - ot), dc * it * (1 - cct**2)
        dWf += df @ concat.T
        dWi += di @ concat.T
        dWo += do @ concat.T
        dWc += dg @ concat.T
        dbf += df.sum(axis=1, keepdims=True)
        dbi += di.sum(axis=1, keepdims=True)
        dbo += do.sum(axis=1, keepdims=True)
        dbc += dg.sum(axis=1, keepdims=True)
        dconcat = Wf.T @ df + Wi.T @ di + Wo.T @ do + Wc.T @ dg
        da_next, dc_next = dconcat[:n_a], dc * ft
    dW, db = np.vstack((dWf, dWi, dWo, dWc)), np.vstack((dbf, dbi, dbo, dbc))
    return loss, {"dW": dW, "db": db, "dWy": dWy, "dby": dby}
