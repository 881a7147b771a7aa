"""Cases instead of conditions: match statements and an Enum for how a name can end."""

from enum import Enum, auto

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from utils import (
    get_initial_loss,
    initialize_parameters,
    print_sample,
    rnn_backward,
    rnn_forward,
    smooth,
    softmax,
    update_parameters,
)


class End(Enum):
    NOT_YET = auto()
    NEWLINE = auto()
    TOO_LONG = auto()


def limited(entry, bound):
    match entry:
        case _ if entry > bound:
            return bound
        case _ if entry < -bound:
            return -bound
        case _:
            return entry


def clip(gradients, maxValue):
    each = np.vectorize(limited, otypes=[float])
    result = {}
    for key, value in gradients.items():
        match key:
            case "dWaa" | "dWax" | "dWya" | "db" | "dby":
                result[key] = each(value, maxValue)
            case _:
                pass
    return result


def how_it_ends(indices, newline):
    match indices:
        case []:
            return End.NOT_YET
        case [*_, last] if last == newline:
            return End.NEWLINE
        case _ if len(indices) == 50:
            return End.TOO_LONG
        case _:
            return End.NOT_YET


def sample(parameters, char_to_ix, seed):
    match parameters:
        case {"Wax": Wax, "Waa": Waa, "Wya": Wya, "b": b, "by": by}:
            n_a, vocab_size = Wax.shape
    newline = char_to_ix["\n"]
    indices, a, x = [], np.zeros((n_a, 1)), np.zeros((vocab_size, 1))
    while True:
        match how_it_ends(indices, newline):
            case End.NEWLINE:
                return indices
            case End.TOO_LONG:
                return [*indices, newline]
            case End.NOT_YET:
                a = np.tanh(Wax @ x + Waa @ a + b)
                y = softmax(Wya @ a + by)
                np.random.seed(2 * len(indices) + seed)
                indices.append(np.random.choice(a=vocab_size, p=y[..., 0]))
                x = np.where(np.arange(vocab_size) == indices[-1], 1.0, 0.0)[:, None]


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    match rnn_forward(X, Y, a_prev, parameters):
        case loss, cache:
            gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    for key, value in parameters.items():
        match key:
            case "b":
                value -= learning_rate * gradients["db"]
            case "by":
                value -= learning_rate * gradients["dby"]
            case str():
                value -= learning_rate * gradients["d" + key]
    return loss, gradients, a[len(X) - 1]


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    a_prev = np.zeros((n_a, 1))
    last_indices = []
    for j in range(num_iterations):
        epoch, place = divmod(j, len(examples))
        indices = [char_to_ix[letter] for letter in examples[place]]
        match epoch, place, verbose:
            case 0, 0, True:
                print("first name:", examples[place], indices)
        curr_loss, _, a_prev = optimize([None, *indices], [*indices, char_to_ix["\n"]], a_prev, parameters)
        loss = smooth(loss, curr_loss)
        match divmod(j, 2000):
            case [thousands, 0]:
                print("after", 2 * thousands, "thousand names the loss is", loss)
                for seed in range(dino_names):
                    last_indices = sample(parameters, char_to_ix, seed)
                    print_sample(last_indices, ix_to_char)
    return parameters, "".join(ix_to_char[ix] for ix in last_indices).strip().title()


def masked_loss(logits, targets, mask):
    V, m, T_x = logits.shape
    loss, dlogits = 0.0, np.zeros((V, m, T_x))
    for place in np.ndindex(m, T_x):
        match mask[place]:
            case 0:
                continue
            case weight:
                here = (slice(None), *place)
                p = softmax(logits[here])
                loss -= weight * np.log(p[targets[place]])
                dlogits[here] = p * weight
                dlogits[(targets[place], *place)] -= weight
    return loss / mask.sum(), dlogits / mask.sum()


def lstm_language_model(inputs, targets, mask, parameters):
    match parameters:
        case {"Wy": Wy, "by": by, **rest}:
            a, cache = lstm_forward(inputs, rest)
    match a.shape:
        case n_a, m, T_x:
            states = np.transpose(a, (2, 1, 0)).reshape(T_x * m, n_a)  # one row per letter
    logits = (states @ Wy.T + by.T).reshape(T_x, m, len(Wy)).T
    match masked_loss(logits, targets, mask):
        case loss, dlogits:
            d = dlogits.T.reshape(T_x * m, len(Wy))
    match lstm_backward((d @ Wy).reshape(T_x, m, n_a).T, cache):
        case {"dW": dW, "db": db}:
            return loss, {"dW": dW, "db": db, "dWy": d.T @ states, "dby": d.sum(axis=0)[:, None]}
