"""A network as an object, helpers of its own, and nothing taken for granted."""

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


class Network:
    """Reads one letter after the other."""

    def __init__(self, parameters):
        self.p = parameters
        self.a = np.zeros(parameters["b"].shape)
        self.V = parameters["Wya"].shape[0]

    def read(self, letter):
        z = self.p["Waa"].dot(self.a) + self.p["b"]
        if letter is not None:
            z = z + self.p["Wax"][:, letter : letter + 1]
        self.a = np.tanh(z)
        return softmax(self.p["Wya"].dot(self.a) + self.p["by"])[:, 0]


def bounded(array, bound):
    return np.sign(array) * np.minimum(np.abs(array), bound)


def clip(gradients, maxValue):
    names = ("dWaa", "dWax", "dWya", "db", "dby")
    return dict(zip(names, (bounded(gradients[name], maxValue) for name in names), strict=True))


def sample(parameters, char_to_ix, seed):
    network, end = Network(parameters), char_to_ix["\n"]
    letters = [None]
    while letters[-1] != end and len(letters) <= 50:
        y = network.read(letters[-1])
        np.random.seed(seed + 2 * (len(letters) - 1))
        letters.append(int(np.random.choice(np.arange(network.V), size=1, p=y)[0]))
    if letters[-1] != end:
        letters.append(end)
    return letters[1:]


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, maxValue=5)
    parameters = update_parameters(parameters, gradients, lr=learning_rate)
    *_, last = (a[t] for t in range(len(X)))
    return loss, gradients, last


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        if j % len(examples) == 0:
            queue = iter(examples)
        letters = [char_to_ix[c] for c in next(queue)]
        X, Y = [None] + letters, letters + [char_to_ix["\n"]]
        curr_loss, gradients, a_prev = optimize(X=X, Y=Y, a_prev=a_prev, parameters=parameters, learning_rate=0.01)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    losses, parts = [], []
    for t in range(targets.shape[1]):
        loss, part = one_step(logits[:, :, t], targets[:, t], mask[:, t])
        losses.append(loss)
        parts.append(part)
    return sum(losses) / mask.sum(), np.stack(parts, axis=2) / mask.sum()


def one_step(scores, wanted, there):
    scores = scores - scores.max(axis=0)
    log_total = np.log(np.exp(scores).sum(axis=0))
    columns = np.arange(len(wanted))
    part = np.exp(scores - log_total)
    part[wanted, columns] -= 1
    return ((log_total - scores[wanted, columns]) * there).sum(), part * there


def lstm_language_model(inputs, targets, mask, parameters):
    weights = np.hstack((parameters["Wy"], parameters["by"]))
    a, cache = lstm_forward(inputs, parameters)
    with_one = np.concatenate((a, np.ones((1, *a.shape[1:]))))
    loss, dlogits = masked_loss(np.tensordot(weights, with_one, 1), targets, mask)
    dweights = np.tensordot(dlogits, with_one, axes=((1, 2), (1, 2)))
    gradients = lstm_backward(np.tensordot(weights[:, :-1], dlogits, axes=(0, 0)), cache)
    return loss, {**gradients, "dWy": dweights[:, :-1], "dby": dweights[:, -1:]}
