"""No loops where a function can call itself: the name, the loss and the sums are recursions."""

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
    if not gradients:
        return {}
    (name, first), *others = gradients.items()
    return {name: np.median([first, 0 * first - maxValue, 0 * first + maxValue], axis=0)} | clip(dict(others), maxValue)


def sample(parameters, char_to_ix, seed):
    vocab_size, n_a = parameters["Wya"].shape
    end = char_to_ix["\n"]

    def rest_of_the_name(x, a_prev, counter, seed):
        if counter == 50:
            return [end]
        a = np.tanh(parameters["Wax"] @ x + parameters["Waa"] @ a_prev + parameters["b"])
        y = softmax(parameters["Wya"] @ a + parameters["by"])
        np.random.seed(counter + seed)
        idx = np.random.choice(vocab_size, p=np.ravel(y))
        if idx == end:
            return [idx]
        one_hot = np.identity(vocab_size)[idx].reshape(vocab_size, 1)
        return [idx] + rest_of_the_name(one_hot, a, counter + 1, seed + 1)

    return rest_of_the_name(np.zeros((vocab_size, 1)), np.zeros((n_a, 1)), 0, seed)


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    update_parameters(parameters, gradients, learning_rate)
    return loss, gradients, a[len(X) - 1]


def spelled(name, char_to_ix):
    return [char_to_ix[name[0]], *spelled(name[1:], char_to_ix)] if name else [char_to_ix["\n"]]


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):  # Python would not go 35,000 calls deep
        Y = spelled(examples[j % len(examples)], char_to_ix)
        curr_loss, _, a_prev = optimize([None] + Y[:-1], Y, a_prev, parameters)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def summed_loss(logits, targets, mask):
    """Half of the steps, and the other half."""
    T_x = targets.shape[1]
    if T_x > 1:
        h = T_x // 2
        left_loss, left = summed_loss(logits[:, :, :h], targets[:, :h], mask[:, :h])
        right_loss, right = summed_loss(logits[:, :, h:], targets[:, h:], mask[:, h:])
        return left_loss + right_loss, np.concatenate((left, right), axis=2)
    if len(targets) > 1:
        left_loss, left = summed_loss(logits[:, :1], targets[:1], mask[:1])
        right_loss, right = summed_loss(logits[:, 1:], targets[1:], mask[1:])
        return left_loss + right_loss, np.concatenate((left, right), axis=1)
    if not mask[0, 0]:
        return 0.0, np.zeros(logits.shape)
    p = softmax(logits[:, 0, 0])
    dlogits = p.copy()
    dlogits[targets[0, 0]] -= 1
    return -np.log(p[targets[0, 0]]), dlogits.reshape(-1, 1, 1)


def masked_loss(logits, targets, mask):
    loss, dlogits = summed_loss(logits, targets, mask)
    return loss / mask.sum(), dlogits / mask.sum()


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(inputs, parameters)

    def scores_from(t):
        if t == a.shape[2]:
            return []
        return [Wy @ a[:, :, t] + by, *scores_from(t + 1)]

    loss, dlogits = masked_loss(np.dstack(scores_from(0)), targets, mask)
    da = np.zeros_like(a)

    def back_to(t):
        if t < 0:
            return np.zeros_like(Wy), np.zeros_like(by)
        d = dlogits[:, :, t]
        da[:, :, t] = Wy.T @ d
        dWy, dby = back_to(t - 1)
        return dWy + d @ a[:, :, t].T, dby + d.sum(axis=1, keepdims=True)

    dWy, dby = back_to(a.shape[2] - 1)
    gradients = lstm_backward(da, cache)
    return loss, {"dW": gradients["dW"], "db": gradients["db"], "dWy": dWy, "dby": dby}
