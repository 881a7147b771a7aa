"""States, inputs and biases without their second axis; columns are made again at the very end."""

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from utils import get_initial_loss, get_sample, initialize_parameters, smooth


def clip(gradients, maxValue):
    clipped = {}
    for key, value in gradients.items():
        flat = value.reshape(-1).copy()
        np.putmask(flat, flat > maxValue, maxValue)
        np.putmask(flat, flat < -maxValue, -maxValue)
        clipped[key] = flat.reshape(value.shape)
    return clipped


def probabilities(scores):
    e = np.exp(scores - scores.max())
    return e / e.sum()


def sample(parameters, char_to_ix, seed):
    Waa, Wax, Wya = parameters["Waa"], parameters["Wax"], parameters["Wya"]
    b, by = parameters["b"].flatten(), parameters["by"].flatten()
    x, a = np.zeros(by.shape), np.zeros(b.shape)
    indices, idx = [], None
    for counter in range(50):
        a = np.tanh(Wax.dot(x) + Waa.dot(a) + b)
        y = probabilities(Wya.dot(a) + by)
        np.random.seed(counter + seed)
        idx = np.random.choice(len(y), p=y)
        indices.append(idx)
        if idx == char_to_ix["\n"]:
            break
        x = np.zeros(by.shape)
        x[idx] = 1
        seed += 1
    if idx != char_to_ix["\n"]:
        indices.append(char_to_ix["\n"])
    return indices


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    Waa, Wax, Wya = parameters["Waa"], parameters["Wax"], parameters["Wya"]
    b, by = parameters["b"][:, 0], parameters["by"][:, 0]
    states, predictions, loss = [a_prev[:, 0]], [], 0.0
    for letter, wanted in zip(X, Y):
        from_letter = 0.0 if letter is None else Wax[:, letter]
        states.append(np.tanh(from_letter + Waa.dot(states[-1]) + b))
        predictions.append(probabilities(Wya.dot(states[-1]) + by))
        loss -= np.log(predictions[-1][wanted])
    dWaa, dWax, dWya = np.zeros(Waa.shape), np.zeros(Wax.shape), np.zeros(Wya.shape)
    db, dby, carried = np.zeros(b.shape), np.zeros(by.shape), np.zeros(b.shape)
    for t in range(len(X) - 1, -1, -1):
        dy = predictions[t].copy()
        dy[Y[t]] -= 1
        dWya += np.outer(dy, states[t + 1])
        dby += dy
        dz = (1 - states[t + 1] ** 2) * (dy.dot(Wya) + carried)
        db += dz
        dWaa += np.outer(dz, states[t])
        if X[t] is not None:
            dWax[:, X[t]] += dz
        carried = dz.dot(Waa)
    gradients = {"dWaa": dWaa, "dWax": dWax, "dWya": dWya, "db": db[:, None], "dby": dby[:, None]}
    gradients = clip(gradients, 5)
    for key in ("Waa", "Wax", "Wya", "b", "by"):
        parameters[key] -= learning_rate * gradients["d" + key]
    return loss, gradients, states[-1].reshape(-1, 1)


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros(n_a).reshape(n_a, 1)
    for j in range(num_iterations):
        single_example = examples[j % len(examples)]
        X = [None]
        for letter in single_example:
            X.append(char_to_ix[letter])
        Y = X[1:]
        Y.append(char_to_ix["\n"])
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters, 0.01)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    V = logits.shape[0]
    z, wanted, weight = logits.reshape(V, -1), targets.ravel(), mask.ravel() / mask.sum()
    z = z - z.max(axis=0)
    log_p = z - np.log(np.exp(z).sum(axis=0))
    place = np.arange(wanted.size)
    d = np.exp(log_p)
    d[wanted, place] -= 1
    return -log_p[wanted, place].dot(weight), (d * weight).reshape(logits.shape)


def lstm_language_model(inputs, targets, mask, parameters):
    Wy, by = parameters["Wy"], parameters["by"].ravel()
    a, cache = lstm_forward(inputs, parameters)
    n_a, m, T_x = a.shape
    logits = np.empty((len(by), m, T_x))
    for i in range(m):
        for t in range(T_x):
            logits[:, i, t] = Wy.dot(a[:, i, t]) + by
    loss, dlogits = masked_loss(logits, targets, mask)
    da = np.empty(a.shape)
    dWy = np.zeros(Wy.shape)
    dby = np.zeros(by.shape)
    for i in range(m):
        for t in range(T_x):
            d = dlogits[:, i, t]
            da[:, i, t] = d.dot(Wy)
            dWy += np.outer(d, a[:, i, t])
            dby += d
    gradients = lstm_backward(da, cache)
    gradients.update({"dWy": dWy, "dby": dby.reshape(-1, 1)})
    return loss, gradients
