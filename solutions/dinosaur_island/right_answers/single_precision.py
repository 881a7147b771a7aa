"""float32 for whatever is handed out, as on a graphics card; only probabilities are drawn in float64."""

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

SINGLE = np.float32


def clip(gradients, maxValue):
    return {key: np.clip(value.astype(SINGLE), -maxValue, maxValue) for key, value in gradients.items()}


def sample(parameters, char_to_ix, seed):
    vocab_size = len(parameters["by"])
    x = np.zeros((vocab_size, 1), SINGLE)
    a_prev = np.zeros((len(parameters["b"]), 1), SINGLE)
    indices, idx, counter = [], -1, 0
    while idx != char_to_ix["\n"] and counter != 50:
        a = np.tanh(parameters["Wax"] @ x + parameters["Waa"] @ a_prev + parameters["b"])
        y = softmax(parameters["Wya"] @ a + parameters["by"]).astype(np.float64)
        np.random.seed(counter + seed)
        idx = np.int32(np.random.choice(np.arange(vocab_size, dtype=np.int32), p=y[:, 0]))
        indices.append(idx)
        x = (np.arange(vocab_size)[:, None] == idx).astype(SINGLE)
        a_prev = a
        seed += 1
        counter += 1
    if counter == 50:
        indices.append(np.int32(char_to_ix["\n"]))
    return indices


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, SINGLE(5))
    update_parameters(parameters, gradients, learning_rate)
    return SINGLE(loss), gradients, a[len(X) - 1].astype(SINGLE)


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1), dtype=SINGLE)
    for j in range(num_iterations):
        single_example = examples[j % len(examples)]
        X = [None] + [char_to_ix[c] for c in single_example]
        Y = X[1:] + [char_to_ix["\n"]]
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters, learning_rate=0.01)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    z = (logits - logits.max(axis=0)).astype(SINGLE)  # first the largest away, then fewer digits
    e = np.exp(z)
    p = e / e.sum(axis=0)
    one_hot = np.zeros(z.shape, SINGLE)
    np.put_along_axis(one_hot, targets[None], SINGLE(1), axis=0)
    weights = mask.astype(SINGLE) / SINGLE(mask.sum())
    loss = -((z - np.log(e.sum(axis=0))) * one_hot * weights).sum()
    return loss, (p - one_hot) * weights


def lstm_language_model(inputs, targets, mask, parameters):
    small = {key: value.astype(SINGLE) for key, value in parameters.items()}
    a, cache = lstm_forward(inputs, small)
    logits = np.tensordot(small["Wy"], a, axes=1) + small["by"][:, None]
    loss, dlogits = masked_loss(logits, targets, mask)
    gradients = lstm_backward(np.tensordot(small["Wy"].T, dlogits, axes=1), cache)
    gradients["dWy"] = np.tensordot(dlogits, a, axes=((1, 2), (1, 2)))
    gradients["dby"] = dlogits.sum(axis=(1, 2))[:, None]
    return loss, gradients
