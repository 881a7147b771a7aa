"""Two-way generators: the network waits for a letter at its `yield` and answers with probabilities."""

import numpy as np
from lstm_layer import lstm_backward, lstm_forward
from utils import (
    get_initial_loss,
    get_sample,
    initialize_parameters,
    rnn_step_backward,
    rnn_step_forward,
    smooth,
    update_parameters,
)


def clip(gradients, maxValue):
    def bounded():
        array = yield
        while True:
            array = yield array - np.maximum(array - maxValue, 0) - np.minimum(array + maxValue, 0)

    worker = bounded()
    next(worker)
    return {name: worker.send(gradient) for name, gradient in gradients.items()}


def network(parameters):
    a = np.zeros_like(parameters["b"])
    x = np.zeros_like(parameters["by"])
    while True:
        a, y = rnn_step_forward(parameters, a, x)
        letter = yield y
        x = np.zeros_like(x)
        x[letter] = 1


def drawing(seed):
    index, counter = None, 0
    while True:
        y = yield index
        np.random.seed(counter + seed)
        index = int(np.random.choice(len(y), p=y.ravel()))
        counter += 2


def sample(parameters, char_to_ix, seed):
    net, dice = network(parameters), drawing(seed)
    next(dice)
    indices = [dice.send(next(net))]
    while indices[-1] != char_to_ix["\n"]:
        indices.append(dice.send(net.send(indices[-1])) if len(indices) < 50 else char_to_ix["\n"])
    net.close()
    dice.close()
    return indices


def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    p, V = parameters, len(parameters["by"])
    stack, a, loss = [], a_prev, 0.0
    for letter, wanted in zip(X, Y):
        x = np.zeros((V, 1))
        if letter is not None:
            x[letter] = 1
        before, (a, y) = a, rnn_step_forward(p, a, x)
        loss += -np.log(y[wanted, 0])
        y[wanted] -= 1
        stack.append((y, x, a, before))
    gradients = {"d" + name: np.zeros_like(value) for name, value in p.items()}
    gradients["da_next"] = np.zeros_like(a)
    while stack:
        dy, x, after, before = stack.pop()
        gradients = rnn_step_backward(dy, gradients, p, x, after, before)
    gradients.pop("da_next")
    gradients = clip(gradients, 5)
    update_parameters(p, gradients, learning_rate)
    return loss, gradients, a


def trainer(parameters, a_prev):
    """Receives X and Y, answers with the loss."""
    curr_loss = None
    while True:
        X, Y = yield curr_loss
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters, 0.01)


def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [name.strip() for name in data_x]
    np.random.seed(0)
    np.random.shuffle(examples)
    last_dino_name = ""
    training = trainer(parameters, np.zeros((n_a, 1)))
    next(training)
    for j in range(num_iterations):
        Y = [char_to_ix[letter] for letter in examples[j % len(examples)]] + [char_to_ix["\n"]]
        X = Y[-1:] + Y[:-1]
        X[0] = None
        loss = smooth(loss, training.send((X, Y)))
        if j % 2000 == 0:
            for seed in range(dino_names):
                last_dino_name = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last_dino_name, end="")
    return parameters, last_dino_name


def masked_loss(logits, targets, mask):
    def column_by_column():
        yield from zip(logits.reshape(len(logits), -1).T, targets.flat, mask.flat)

    total, columns = 0.0, []
    for z, wanted, there in column_by_column():
        e = np.exp(z - z.max())
        p = e / e.sum()
        total += -np.log(p[wanted]) * there
        p[wanted] -= 1
        columns.append(p * there)
    return total / mask.sum(), np.array(columns).T.reshape(logits.shape) / mask.sum()


def lstm_language_model(inputs, targets, mask, parameters):
    """The output layer as one generator: forward until its yield, backward after it."""
    a, cache = lstm_forward(inputs, parameters)

    def output_layer(Wy, by):
        dlogits = yield np.tensordot(Wy, a, 1) + by[:, :, None]
        da = np.tensordot(Wy, dlogits, (0, 0))
        yield da, np.tensordot(dlogits, a, ((1, 2), (1, 2))), dlogits.sum((1, 2), keepdims=True)[..., 0]

    layer = output_layer(parameters["Wy"], parameters["by"])
    loss, dlogits = masked_loss(next(layer), targets, mask)
    da, dWy, dby = layer.send(dlogits)
    return loss, {**lstm_backward(da, cache), "dWy": dWy, "dby": dby}
