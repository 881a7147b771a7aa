"""Streams: generators, itertools and zip instead of counters and indices."""

from itertools import chain, count, cycle, islice, repeat

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
    def pairs():
        for key in ("dWaa", "dWax", "dWya", "db", "dby"):
            bounded = (min(max(entry, -maxValue), maxValue) for entry in gradients[key].flat)
            yield key, np.fromiter(bounded, float, gradients[key].size).reshape(gradients[key].shape)

    return dict(pairs())


def letters(parameters, seeds):
    """Endless letters, whatever they are."""
    V, n_a = parameters["by"].size, parameters["b"].size
    x, a = np.zeros((V, 1)), np.zeros((n_a, 1))
    for number in seeds:
        a = np.tanh(parameters["Wax"] @ x + parameters["Waa"] @ a + parameters["b"])
        y = softmax(parameters["Wya"] @ a + parameters["by"])
        np.random.seed(number)
        ix = np.random.choice(range(V), p=list(y[:, 0]))
        yield int(ix)
        x = np.array([[float(k == ix)] for k in range(V)])


def up_to(stream, last):
    for item in stream:
        yield item
        if item == last:
            return


def sample(parameters, char_to_ix, seed):
    end = char_to_ix["\n"]
    stream = islice(letters(parameters, count(seed, 2)), 50)
    return list(up_to(chain(stream, repeat(end)), end))


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    update_parameters(parameters, gradients, learning_rate)
    return loss, gradients, a[len(X) - 1]


def lessons(examples, char_to_ix):
    for name in cycle(examples):
        yield list(chain([None], map(char_to_ix.get, name))), list(map(char_to_ix.get, chain(name, "\n")))


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = list(map(str.strip, data_x))
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    time_for_names = cycle(chain([True], repeat(False, 1999)))
    for (X, Y), names_now, _ in zip(lessons(examples, char_to_ix), time_for_names, range(num_iterations)):
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters, 0.01)
        loss = smooth(loss, curr_loss)
        if names_now:
            invented = (sample(parameters, char_to_ix, seed) for seed in islice(count(), dino_names))
            for indices in invented:
                last_dino_name = get_sample(indices, ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    dlogits = np.zeros_like(logits)
    surprises = []
    for (i, t), there in np.ndenumerate(mask):
        if there:
            z = logits[:, i, t] - max(logits[:, i, t])
            log_p = z - np.log(sum(map(np.exp, z)))
            surprises.append(-log_p[targets[i, t]])
            dlogits[:, i, t] = [np.exp(entry) - (k == targets[i, t]) for k, entry in enumerate(log_p)]
    return sum(surprises) / len(surprises), dlogits / len(surprises)


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(inputs, parameters)
    states = list(np.moveaxis(a, -1, 0))
    logits = np.stack([Wy @ state + by for state in states], axis=-1)
    loss, dlogits = masked_loss(logits, targets, mask)
    slices = list(np.moveaxis(dlogits, -1, 0))
    gradients = lstm_backward(np.stack([Wy.T @ d for d in slices], axis=-1), cache)
    gradients["dWy"] = sum(d @ state.T for d, state in zip(slices, states))
    gradients["dby"] = sum(d @ np.ones((d.shape[1], 1)) for d in slices)
    return loss, gradients
