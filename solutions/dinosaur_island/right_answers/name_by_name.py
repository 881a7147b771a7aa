"""A batch is only many names: every row goes through the LSTM alone, cut to its own length."""

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
    def one(gradient):
        return np.where(gradient > maxValue, maxValue, np.where(gradient < -maxValue, -maxValue, gradient))

    return dict(
        dWaa=one(gradients["dWaa"]),
        dWax=one(gradients["dWax"]),
        dWya=one(gradients["dWya"]),
        db=one(gradients["db"]),
        dby=one(gradients["dby"]),
    )


def sample(parameters, char_to_ix, seed):
    letters = sorted(char_to_ix, key=char_to_ix.get)  # in the order of their indices
    a = np.zeros((parameters["Waa"].shape[0], 1))
    x = np.zeros((len(letters), 1))
    name = ""
    while len(name) < 50 and not name.endswith("\n"):
        a = np.tanh(parameters["Wax"] @ x + parameters["Waa"] @ a + parameters["b"])
        y = softmax(parameters["Wya"] @ a + parameters["by"])
        np.random.seed(2 * len(name) + seed)
        name += np.random.choice(letters, p=y.ravel())
        x = np.array([letter == name[-1] for letter in letters], dtype=float).reshape(-1, 1)
    if not name.endswith("\n"):
        name += "\n"
    return [char_to_ix[letter] for letter in name]


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    parameters = update_parameters(parameters, gradients, learning_rate)
    return loss, gradients, a[len(X) - 1]


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    j = 0
    while True:
        for name in examples:
            if j == num_iterations:
                return parameters, last_dino_name
            Y = np.array([char_to_ix[letter] for letter in name + "\n"]).tolist()
            X = np.roll(np.array(Y, dtype=object), 1)
            X[0] = None
            curr_loss, _, a_prev = optimize(X.tolist(), Y, a_prev, parameters, 0.01)
            loss = smooth(loss, curr_loss)
            if j % 2000 == 0:
                for seed in range(dino_names):
                    last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                    print(last_dino_name, end="")
            j += 1


def surprise(scores, letters):
    """Sum of -log p of a whole name, and its gradient; scores (V, T), one column per letter."""
    p = np.exp(scores - scores.max(axis=0))
    p = p / p.sum(axis=0)
    steps = np.arange(len(letters))
    d = p.copy()
    d[letters, steps] -= 1.0
    return -np.log(p[letters, steps]).sum(), d


def masked_loss(logits, targets, mask):
    total, dlogits = 0.0, np.zeros_like(logits)
    lengths = np.rint(mask.sum(axis=1)).astype(int)
    for i, length in enumerate(lengths):
        nats, d = surprise(logits[:, i, :length], targets[i, :length])
        total += nats
        dlogits[:, i, :length] = d
    return total / lengths.sum(), dlogits / lengths.sum()


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    count = mask.sum()
    loss = 0.0
    gradients = {"d" + name: np.zeros(value.shape) for name, value in parameters.items()}
    for i in range(len(inputs)):
        length = int(mask[i].sum())
        a, cache = lstm_forward(inputs[i : i + 1, :length], parameters)
        states = a[:, 0, :]
        nats, d = surprise(Wy @ states + by, targets[i, :length])
        d = d / count
        through = lstm_backward((Wy.T @ d)[:, None, :], cache)
        loss += nats / count
        gradients["dW"] += through["dW"]
        gradients["db"] += through["db"]
        gradients["dWy"] += d @ states.T
        gradients["dby"] += d.sum(axis=1, keepdims=True)
    return loss, gradients
