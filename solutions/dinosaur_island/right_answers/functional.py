"""map, reduce, accumulate and partial; no statement that assigns in a loop unless a helper needs it."""

import operator
from functools import partial, reduce
from itertools import accumulate

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


def compose(*functions):
    return reduce(lambda f, g: lambda value: g(f(value)), functions)


def clip(gradients, maxValue):
    limited = compose(partial(np.maximum, -maxValue), partial(np.minimum, maxValue))
    keys = operator.itemgetter("dWaa", "dWax", "dWya", "db", "dby")
    return dict(zip(("dWaa", "dWax", "dWya", "db", "dby"), map(limited, keys(gradients))))


def unfold(grow, seed):
    """seed, grow(seed), grow(grow(seed)), ... up to a None."""
    return iter(partial(next, accumulate(iter(int, 1), lambda state, _: grow(state), initial=seed)), None)


def sample(parameters, char_to_ix, seed):
    Wax, Waa, Wya, b, by = operator.itemgetter("Wax", "Waa", "Wya", "b", "by")(parameters)
    end = char_to_ix["\n"]

    def drawn(number, y):
        np.random.seed(number)
        return int(np.random.choice(by.shape[0], p=y.ravel()))

    def after(x, a, t):
        a = np.tanh(reduce(operator.add, (Wax @ x, Waa @ a, b)))
        return drawn(seed + 2 * t, softmax(Wya @ a + by)), a, t + 1

    def grow(state):
        idx, a, t = state
        return None if idx == end or t == 50 else after(np.eye(by.shape[0])[[idx]].T, a, t)

    name = [idx for idx, _, _ in unfold(grow, after(np.zeros(by.shape), np.zeros(b.shape), 0))]
    return name + [end] * (name[-1] != end)


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    backward = partial(rnn_backward, X, Y, parameters)
    gradients = clip(operator.itemgetter(0)(backward(cache)), 5)
    update_parameters(parameters, gradients, learning_rate)
    _, states, _ = cache
    return loss, gradients, reduce(lambda _, t: states[t], range(len(X)), None)


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    examples = list(map(operator.methodcaller("strip"), data_x))
    np.random.seed(0)
    np.random.shuffle(examples)

    def invented(seed):
        return get_sample(sample(parameters, char_to_ix, seed), ix_to_char)

    def learn(state, j):
        loss, a_prev, last = state
        indices = list(map(char_to_ix.__getitem__, examples[j % len(examples)]))
        X, Y = operator.concat([None], indices), operator.concat(indices, [char_to_ix["\n"]])
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters)
        names = [invented(seed) for seed in range(dino_names)] if j % 2000 == 0 else [last]
        return smooth(loss, curr_loss), a_prev, names[-1]

    start = (get_initial_loss(vocab_size, dino_names), np.zeros((n_a, 1)), "")
    _, _, last_dino_name = reduce(learn, range(num_iterations), start)
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    V = range(len(logits))
    top = reduce(np.maximum, logits)
    e = list(map(np.exp, map(partial(np.add, -top), logits)))
    total = reduce(np.add, e)
    weights = np.divide(mask, reduce(operator.add, map(sum, mask)))
    wanted = [np.equal(targets, k) for k in V]
    score = reduce(np.add, map(np.multiply, wanted, logits))
    loss = np.sum((np.log(total) + top - score) * weights)
    return loss, np.array([(e[k] / total - wanted[k]) * weights for k in V])


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(inputs, parameters)
    over_units = partial(np.apply_along_axis, lambda state: Wy @ state + by[:, 0], 0)
    loss, dlogits = masked_loss(over_units(a), targets, mask)
    da = np.apply_along_axis(partial(np.matmul, Wy.T), 0, dlogits)
    pairs = zip(dlogits.reshape(len(by), -1).T, a.reshape(len(a), -1).T)
    dWy = reduce(operator.add, (np.outer(d, state) for d, state in pairs))
    dby = np.array([[row.sum()] for row in dlogits])
    return loss, reduce(operator.or_, ({"dWy": dWy, "dby": dby}, lstm_backward(da, cache)))
