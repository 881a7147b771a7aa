"""No one-hot vectors at all: a letter is a column of Wax, looked up; walrus, deque, add.at."""

from collections import deque

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from utils import get_initial_loss, get_sample, initialize_parameters, smooth, softmax, update_parameters


def clip(gradients, maxValue):
    queue = deque(gradients.items())
    clipped = {}
    while queue:
        key, value = queue.popleft()
        clipped[key] = np.array(value)
        np.copyto(clipped[key], maxValue, where=value > maxValue)
        np.copyto(clipped[key], -maxValue, where=value < -maxValue)
    return clipped


def sample(parameters, char_to_ix, seed):
    newline, table = char_to_ix["\n"], parameters["Wax"].T
    history = deque([parameters["b"] * 0], maxlen=1)
    indices = []
    read = np.zeros_like(parameters["b"])
    while len(indices) < 50:
        history.append(a := np.tanh(read + parameters["Waa"] @ history[-1] + parameters["b"]))
        np.random.seed(seed + 2 * len(indices))
        y = softmax(parameters["Wya"] @ a + parameters["by"])
        indices.append(idx := int(np.random.choice(len(table), p=y.T[0])))
        if idx == newline:
            return indices
        read = np.take(table, [idx], axis=0).T
    return [*indices, newline]


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    p = parameters
    states, outputs = deque([a_prev]), deque()
    for letter in X:
        read = 0 if letter is None else p["Wax"][:, [letter]]
        states.append(a := np.tanh(read + p["Waa"] @ states[-1] + p["b"]))
        outputs.append(softmax(p["Wya"] @ a + p["by"]))
    a_last = states[-1]
    loss = -sum(np.log(y[wanted]).item() for y, wanted in zip(outputs, Y))
    gradients = {f"d{name}": np.zeros_like(value) for name, value in p.items()}
    da_next = np.zeros_like(a_prev)
    letters, targets = deque(X), deque(Y)
    while letters:
        letter, wanted, dy, a = letters.pop(), targets.pop(), outputs.pop(), states.pop()
        dy = dy - np.eye(len(dy))[:, [wanted]]
        gradients["dWya"] += dy * a.T
        gradients["dby"] += dy
        gradients["db"] += (dz := (p["Wya"].T @ dy + da_next) * (1 - a) * (1 + a))
        gradients["dWaa"] += dz * states[-1].T
        if letter is not None:
            np.add.at(gradients["dWax"].T, letter, dz[:, 0])
        da_next = p["Waa"].T @ dz
    gradients = clip(gradients, 5)
    update_parameters(p, gradients, learning_rate)
    return loss, gradients, a_last


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    ring = deque(examples)
    a_prev = np.zeros((n_a, 1))
    j = 0
    while j < num_iterations:
        Y = deque(char_to_ix[letter] for letter in ring[0])
        Y.append(char_to_ix["\n"])
        (X := deque(Y)).rotate(1)
        X[0] = None
        ring.rotate(-1)
        curr_loss, _, a_prev = optimize(list(X), list(Y), a_prev, parameters)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                print(last_dino_name := get_sample(sample(parameters, char_to_ix, seed), ix_to_char), end="")
        j += 1
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    names, steps = np.nonzero(mask)
    wanted = targets[names, steps]
    n = len(wanted)
    scores = logits[:, names, steps].T  # (n, V)
    scores = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(scores).sum(axis=1, keepdims=True)
    loss = np.mean(np.log(totals[:, 0]) - scores[range(n), wanted])
    dlogits = np.zeros(logits.shape)
    dlogits[:, names, steps] = (np.exp(scores) / totals).T / n
    np.subtract.at(dlogits, (wanted, names, steps), 1 / n)
    return loss, dlogits


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"]
    a, cache = lstm_forward(inputs, parameters)
    logits = np.concatenate([(Wy @ a[:, i] + by)[:, None] for i in range(len(inputs))], axis=1)
    loss, dlogits = masked_loss(logits, targets, mask)
    da = np.concatenate([(Wy.T @ dlogits[:, i])[:, None] for i in range(len(inputs))], axis=1)
    dWy = np.sum([dlogits[:, i] @ a[:, i].T for i in range(len(inputs))], axis=0)
    dby = np.sum([dlogits[:, i] for i in range(len(inputs))], axis=0).sum(axis=-1, keepdims=True)
    return loss, lstm_backward(da, cache) | {"dWy": dWy, "dby": dby}
