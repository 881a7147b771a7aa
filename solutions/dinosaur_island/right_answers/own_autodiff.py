"""The gradients find themselves: a tape of a few operations, played backwards."""

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from utils import get_initial_loss, get_sample, initialize_parameters, smooth, softmax


class Tensor:
    """A value that remembers what it was made of, and how to pass a gradient on."""

    def __init__(self, value, parents=()):
        self.value = value
        self.grad = np.zeros_like(value)
        self.parents = parents

    def __matmul__(self, other):
        return Tensor(
            self.value @ other.value,
            ((self, lambda g: g @ other.value.T), (other, lambda g: self.value.T @ g)),
        )

    def __add__(self, other):
        def summed(g, shape):
            axes = tuple(k for k, size in enumerate(shape) if size != g.shape[k])
            return g.sum(axis=axes, keepdims=True) if axes else g

        return Tensor(
            self.value + other.value,
            ((self, lambda g: summed(g, self.value.shape)), (other, lambda g: summed(g, other.value.shape))),
        )

    def tanh(self):
        result = np.tanh(self.value)
        return Tensor(result, ((self, lambda g: g * (1 - result**2)),))

    def cross_entropy(self, wanted, weights):
        """Weighted sum of -log softmax(self)[wanted], column by column."""
        shifted = self.value - self.value.max(axis=0)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=0))
        one_hot = np.eye(len(shifted))[:, wanted]
        return Tensor(
            -np.sum(log_p * one_hot * weights), ((self, lambda g: g * (np.exp(log_p) - one_hot) * weights),)
        )

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for parent, _ in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = np.ones_like(self.value)
        for node in reversed(order):
            for parent, pull in node.parents:
                parent.grad = parent.grad + pull(node.grad)


def clip(gradients, maxValue):
    return {name: np.clip(gradient, -maxValue, +maxValue) for name, gradient in gradients.items()}


def step(p, x, a):
    a = (p["Wax"] @ x + p["Waa"] @ a + p["b"]).tanh()
    return a, p["Wya"] @ a + p["by"]


def one_hot(letter, size):
    column = np.zeros((size, 1))
    if letter is not None:
        column[letter] = 1.0
    return Tensor(column)


def sample(parameters, char_to_ix, seed):
    p = {name: Tensor(value) for name, value in parameters.items()}
    size = len(parameters["by"])
    a, letter, indices = Tensor(np.zeros(parameters["b"].shape)), None, []
    while len(indices) < 50 and letter != char_to_ix["\n"]:
        a, scores = step(p, one_hot(letter, size), a)
        np.random.seed(seed + 2 * len(indices))
        letter = int(np.random.choice(size, p=softmax(scores.value).ravel()))
        indices.append(letter)
    return indices + [char_to_ix["\n"]] * (letter != char_to_ix["\n"])


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    p = {name: Tensor(value) for name, value in parameters.items()}
    size = len(parameters["by"])
    a, loss = Tensor(a_prev), Tensor(np.float64(0.0))
    for letter, wanted in zip(X, Y):
        a, scores = step(p, one_hot(letter, size), a)
        loss = loss + scores.cross_entropy([wanted], 1.0)
    loss.backward()
    gradients = clip({f"d{name}": tensor.grad for name, tensor in p.items()}, 5)
    for name in parameters:
        parameters[name] -= learning_rate * gradients[f"d{name}"]
    return float(loss.value), gradients, a.value


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
        curr_loss, _, a_prev = optimize([None, *letters], [*letters, char_to_ix["\n"]], a_prev, parameters)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    scores = Tensor(logits.reshape(len(logits), -1))
    loss = scores.cross_entropy(targets.ravel(), mask.ravel() / mask.sum())
    loss.backward()
    return float(loss.value), scores.grad.reshape(logits.shape)


def lstm_language_model(inputs, targets, mask, parameters):
    states, cache = lstm_forward(inputs, parameters)
    a = Tensor(states.reshape(len(states), -1))
    Wy, by = Tensor(parameters["Wy"]), Tensor(parameters["by"])
    loss = (Wy @ a + by).cross_entropy(targets.ravel(), mask.ravel() / mask.sum())
    loss.backward()
    gradients = lstm_backward(a.grad.reshape(states.shape), cache)
    return float(loss.value), gradients | {"dWy": Wy.grad, "dby": by.grad}
