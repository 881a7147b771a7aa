"""Thinks in rows as other libraries do, (batch, time, features), and turns the axes at the doors only."""

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from utils import get_initial_loss, get_sample, initialize_parameters, smooth


class functional:
    """The few operations on the last axis that are needed."""

    @staticmethod
    def linear(x, weight, bias):
        return x @ weight.T + bias

    @staticmethod
    def log_softmax(x):
        x = x - x.max(-1, keepdims=True)
        return x - np.log(np.exp(x).sum(-1, keepdims=True))

    @classmethod
    def softmax(cls, x):
        return np.exp(cls.log_softmax(x))

    @staticmethod
    def one_hot(index, size):
        return np.eye(size)[index]


F = functional


def clamp_(array, low, high):
    array[array < low] = low
    array[array > high] = high
    return array


def clip(gradients, maxValue):
    return {name: clamp_(gradient.copy(), -maxValue, maxValue) for name, gradient in gradients.items()}


def sample(parameters, char_to_ix, seed):
    b, by = parameters["b"][:, 0], parameters["by"][:, 0]
    hidden = np.zeros((1, len(b)))
    inputs = np.zeros((1, len(by)))
    generated = np.empty((1, 0), dtype=np.int64)
    while generated.shape[1] < 50 and char_to_ix["\n"] not in generated:
        hidden = np.tanh(F.linear(inputs, parameters["Wax"], b) + hidden @ parameters["Waa"].T)
        p = F.softmax(F.linear(hidden, parameters["Wya"], by))
        np.random.seed(seed + 2 * generated.shape[1])
        index = np.random.choice(p.shape[-1], size=(1, 1), p=p[0])
        generated = np.concatenate((generated, index), axis=1)
        inputs = F.one_hot(index[0], p.shape[-1])
    if char_to_ix["\n"] not in generated:
        generated = np.pad(generated, ((0, 0), (0, 1)), constant_values=char_to_ix["\n"])
    return generated[0].tolist()


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    Wax, Waa, Wya, b, by = (parameters[name].T for name in ("Wax", "Waa", "Wya", "b", "by"))
    V = by.shape[1]
    inputs = np.zeros((len(X), V))
    for t, letter in enumerate(X):
        if letter is not None:
            inputs[t] = F.one_hot(letter, V)
    hidden = [a_prev.T]
    for row in inputs:
        hidden.append(np.tanh(row @ Wax + hidden[-1] @ Waa + b))
    states = np.concatenate(hidden)  # (T + 1, n_a)
    log_p = F.log_softmax(states[1:] @ Wya + by)
    labels = F.one_hot(Y, V)
    loss = -(log_p * labels).sum()
    dscores = np.exp(log_p) - labels
    dstates = dscores @ Wya.T
    dz = np.zeros_like(dstates)
    for t in range(len(X))[::-1]:
        dz[t] = dstates[t] * (1 - states[t + 1] ** 2)
        if t > 0:
            dstates[t - 1] += dz[t] @ Waa.T
    gradients = {
        "dWax": dz.T @ inputs,
        "dWaa": dz.T @ states[:-1],
        "dWya": dscores.T @ states[1:],
        "db": dz.sum(0, keepdims=True).T,
        "dby": dscores.sum(0, keepdims=True).T,
    }
    gradients = clip(gradients, 5)
    for name, value in parameters.items():
        value -= learning_rate * gradients["d" + name]
    return loss, gradients, states[-1:].T


class DinosaurData:
    """Index it like a list, as often round as needed."""

    def __init__(self, names, char_to_ix):
        self.names = [name.strip() for name in names]
        np.random.seed(0)
        np.random.shuffle(self.names)
        self.char_to_ix = char_to_ix

    def __len__(self):
        return len(self.names)

    def __getitem__(self, j):
        letters = [self.char_to_ix[letter] for letter in self.names[j % len(self)]]
        return [None] + letters, letters + [self.char_to_ix["\n"]]


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    data = DinosaurData(data_x, char_to_ix)
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        X, Y = data[j]
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    scores = np.moveaxis(logits, 0, -1)  # (m, T_x, V)
    log_p = F.log_softmax(scores)
    labels = F.one_hot(targets, scores.shape[-1])
    weights = mask / mask.sum()
    loss = -((log_p * labels).sum(-1) * weights).sum()
    return loss, np.moveaxis((np.exp(log_p) - labels) * weights[..., None], -1, 0)


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(inputs, parameters)
    states = a.transpose(1, 2, 0)  # (m, T_x, n_a)
    scores = F.linear(states, Wy, by[:, 0])
    loss, dlogits = masked_loss(scores.transpose(2, 0, 1), targets, mask)
    dscores = dlogits.transpose(1, 2, 0)
    gradients = lstm_backward((dscores @ Wy).transpose(2, 0, 1), cache)
    gradients["dWy"] = (dscores.swapaxes(1, 2) @ states).sum(0)
    gradients["dby"] = dscores.sum((0, 1))[:, None]
    return loss, gradients
