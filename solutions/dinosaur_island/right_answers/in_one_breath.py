"""As few lines as it takes: comprehensions, matmul, einsum."""

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
    return {k: np.minimum(np.maximum(v, -maxValue), maxValue) for k, v in gradients.items()}


def sample(parameters, char_to_ix, seed):
    Wax, Waa, Wya, b, by = map(parameters.get, ("Wax", "Waa", "Wya", "b", "by"))
    a, p_x, indices = np.zeros_like(b), 0.0, []
    while len(indices) < 50 and char_to_ix["\n"] not in indices:
        a = np.tanh(p_x + np.matmul(Waa, a) + b)
        np.random.seed(seed + 2 * len(indices))
        indices.append(np.random.choice(by.size, p=softmax(np.matmul(Wya, a) + by).flatten()))
        p_x = Wax[:, indices[-1:]]
    return indices if char_to_ix["\n"] in indices else [*indices, char_to_ix["\n"]]


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    parameters.update({k: v - learning_rate * gradients["d" + k] for k, v in parameters.items()})
    return loss, gradients, a[len(X) - 1]


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
    z = logits - logits.max(0)
    log_p = z - np.log(np.exp(z).sum(0))
    one_hot = np.eye(len(logits))[targets].transpose(2, 0, 1)
    weights = mask / mask.sum()
    return -np.einsum("vmt,vmt,mt->", log_p, one_hot, weights), (np.exp(log_p) - one_hot) * weights


def lstm_language_model(inputs, targets, mask, parameters):
    a, cache = lstm_forward(inputs, parameters)
    loss, dlogits = masked_loss(
        np.einsum("va,amt->vmt", parameters["Wy"], a) + parameters["by"][..., None], targets, mask
    )
    return loss, lstm_backward(np.einsum("va,vmt->amt", parameters["Wy"], dlogits), cache) | {
        "dWy": np.einsum("vmt,amt->va", dlogits, a),
        "dby": np.einsum("vmt->v", dlogits)[:, None],
    }
