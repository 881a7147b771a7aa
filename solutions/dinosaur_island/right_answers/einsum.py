"""Every product and every sum, forward and backward, is an einsum."""

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from utils import get_initial_loss, get_sample, initialize_parameters, smooth


def clip(gradients, maxValue):
    return {
        key: np.einsum("sij,sij->ij", *bounded(value, maxValue)) for key, value in gradients.items()
    }


def bounded(value, bound):
    """Three masks that share out the entries, and what each entry becomes under them."""
    masks = np.stack([value < -bound, np.abs(value) <= bound, value > bound])
    values = np.stack([np.full(value.shape, -float(bound)), value, np.full(value.shape, float(bound))])
    return masks.astype(float), values


def step(p, x, a_prev):
    z = np.einsum("ax,xo->ao", p["Wax"], x) + np.einsum("ah,ho->ao", p["Waa"], a_prev) + p["b"]
    a = np.tanh(z)
    s = np.einsum("ya,ao->yo", p["Wya"], a) + p["by"]
    e = np.exp(s - s.max())
    return a, e / np.einsum("yo->", e)


def sample(parameters, char_to_ix, seed):
    V, n_a = parameters["Wya"].shape
    x, a_prev = np.zeros((V, 1)), np.zeros((n_a, 1))
    indices = []
    for counter in range(50):
        a_prev, y = step(parameters, x, a_prev)
        np.random.seed(seed + 2 * counter)
        idx = np.random.choice(V, p=np.einsum("yo->y", y))
        indices.append(idx)
        if idx == char_to_ix["\n"]:
            break
        x = np.einsum("y,o->yo", np.arange(V) == idx, [1.0])
    if len(indices) == 50 and indices[-1] != char_to_ix["\n"]:
        indices.append(char_to_ix["\n"])
    return indices


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    p, steps = parameters, range(len(X))
    x = [np.zeros((len(p["by"]), 1)) for _ in steps]
    for t in steps:
        if X[t] is not None:
            x[t][X[t]] = 1.0
    a, y = [a_prev], []
    for t in steps:
        a_t, y_t = step(p, x[t], a[-1])
        a.append(a_t)
        y.append(y_t)
    loss = -sum(np.log(y[t][Y[t], 0]) for t in steps)
    d = {"d" + name: np.zeros(value.shape) for name, value in p.items()}
    da_next = np.zeros_like(a_prev)
    for t in reversed(steps):
        dy = y[t].copy()
        dy[Y[t]] -= 1
        da = np.einsum("ya,yo->ao", p["Wya"], dy) + da_next
        dz = np.einsum("ao,ao->ao", 1 - a[t + 1] ** 2, da)
        d["dWya"] += np.einsum("yo,ao->ya", dy, a[t + 1])
        d["dby"] += dy
        d["dWax"] += np.einsum("ao,xo->ax", dz, x[t])
        d["dWaa"] += np.einsum("ao,ho->ah", dz, a[t])
        d["db"] += dz
        da_next = np.einsum("ah,ao->ho", p["Waa"], dz)
    d = clip(d, 5)
    for name in p:
        p[name] -= np.einsum(",ij->ij", learning_rate, d["d" + name])
    return loss, d, a[len(X)]


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        idx = j % len(examples)
        X = [None] + [char_to_ix[ch] for ch in examples[idx]]
        Y = X[1:] + [char_to_ix["\n"]]
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    e = np.exp(logits - logits.max(axis=0))
    total = np.einsum("vmt->mt", e)
    one_hot = (np.arange(len(logits)).reshape(-1, 1, 1) == targets).astype(float)
    weights = mask / np.einsum("mt->", mask)
    log_chosen = np.log(np.einsum("vmt,vmt->mt", e, one_hot)) - np.log(total)
    loss = -np.einsum("mt,mt->", weights, log_chosen)
    return loss, np.einsum("vmt,mt->vmt", e / total - one_hot, weights)


def lstm_language_model(inputs, targets, mask, parameters):
    a, cache = lstm_forward(inputs, parameters)
    ones = np.ones(targets.shape)
    logits = np.einsum("va,amt->vmt", parameters["Wy"], a) + np.einsum("vo,mt->vmt", parameters["by"], ones)
    loss, dlogits = masked_loss(logits, targets, mask)
    gradients = lstm_backward(np.einsum("va,vmt->amt", parameters["Wy"], dlogits), cache)
    gradients["dWy"] = np.einsum("vmt,amt->va", dlogits, a)
    gradients["dby"] = np.einsum("vmt,o->vo", dlogits, np.ones(1))
    return loss, gradients
