"""Training the learner's own functions on the dinosaurs, with progress every little while. Given.

Both trainers are generators: each `Progress` that they hand out holds the best model so far, so the
caller may stop at any time (by no longer asking, or through `should_stop`) and keep it. Best means
the fewest bits per character on the validation names, from which no step of the training learns.
"""

import math
from dataclasses import dataclass

import numpy as np
from batches import make_batch, shuffled_batches
from descent import Adam, clipped_by_norm, cosine, dropped
from evaluation import bits_per_character, lstm_step_of, rnn_step_of
from generating import at_temperature, invent
from lstm_layer import initialize_lstm
from names import LETTERS, char_to_ix, ix_to_char, spell_out

TEMPERATURE = 0.8
SAMPLES = 5


@dataclass(frozen=True)
class Progress:
    """How far the training is.

    Attributes
    ----------
    iteration, of_total : int
        Steps taken, and how many there will be.
    loss : float
        Bits per character on the names trained on since the last report.
    validation, best_validation : float
        Bits per character on the validation names, now and at its best.
    samples : tuple of str
        Names invented just now, at temperature 0.8.
    parameters : dict of ndarray
        The best model so far.
    """

    iteration: int
    of_total: int
    loss: float
    validation: float
    best_validation: float
    samples: tuple
    parameters: dict


@dataclass(frozen=True)
class Best:
    """The best model so far."""

    bits: float = math.inf
    parameters: dict | None = None

    def or_better(self, bits, parameters):
        """This one, or a copy of `parameters` where they need fewer bits."""
        if self.parameters is not None and not bits < self.bits:
            return self
        return Best(bits, {name: np.copy(value) for name, value in parameters.items()})


def never():
    """The caller has no wish to stop."""
    return False


def train_one_by_one(
    optimize,
    sample,
    names,
    validation,
    rng,
    should_stop=never,
    *,
    n_a=50,
    iterations=12_000,
    rates=(0.015, 0.0003),
    every=500,
):
    """Train the plain network with the learner's `optimize`; the learner's `sample` invents names.

    Three things differ from `model`, and each is worth a tenth of a bit: every name starts from the
    zero state (the end of one dinosaur says nothing about the next), the order is drawn anew for
    every round, and the learning rate falls.

    Parameters
    ----------
    optimize, sample : callable
        As in the assignment.
    names, validation : list of str
    rng : numpy.random.Generator
    should_stop : callable
        Asked after every name.
    rates : pair of float
        First and last learning rate.
    every : int
        Names between two reports.

    Yields
    ------
    Progress
    """
    parameters = initialize_plain(n_a, len(LETTERS), rng)
    best, nats, letters = Best(), 0.0, 0
    for j, name in enumerate(_endless(names, rng, iterations), start=1):
        Y = spell_out(name)
        X = [None, *Y[:-1]]
        rate = cosine(*rates, j / iterations)
        nats += float(optimize(X, Y, np.zeros((n_a, 1)), parameters, rate)[0])
        letters += len(Y)
        stop = should_stop()
        if j % every == 0 or j == iterations or stop:
            bits = bits_per_character(*rnn_step_of(parameters), validation)
            best = best.or_better(bits, parameters)
            invented = _sampled(sample, parameters, seed=j)
            loss = nats / letters / math.log(2)
            yield Progress(j, iterations, loss, bits, best.bits, invented, best.parameters)
            nats, letters = 0.0, 0
        if stop:
            return


def initialize_plain(n_a, V, rng):
    """Weights large enough that signals get through from the first name on."""
    return {
        "Wax": 0.4 * rng.standard_normal((n_a, V)),
        "Waa": 0.7 / np.sqrt(n_a) * rng.standard_normal((n_a, n_a)),
        "Wya": 0.1 / np.sqrt(n_a) * rng.standard_normal((V, n_a)),
        "b": np.zeros((n_a, 1)),
        "by": np.zeros((V, 1)),
    }


def _endless(names, rng, count):
    """`count` names, every round through the list in an order of its own."""
    for j in range(count):
        place = j % len(names)
        if place == 0:
            order = rng.permutation(len(names))
        yield names[order[place]]


def _sampled(sample, parameters, seed):
    """Names from the learner's `sample`, with a generous step between the seeds."""
    cooled = at_temperature(parameters, TEMPERATURE)
    drawn = [sample(cooled, char_to_ix(), seed + 1_000 * k) for k in range(SAMPLES)]
    letters = ix_to_char()
    return tuple("".join(letters[int(ix)] for ix in indices).strip() for indices in drawn)


def train_batched(
    language_model,
    names,
    validation,
    rng,
    should_stop=never,
    *,
    n_a=80,
    epochs=70,
    batch=32,
    rate=0.012,
):
    """Train the LSTM with the learner's `lstm_language_model`, a batch of names at a time.

    Adam with a cosine schedule, weight decay and dropped weights: with 950 names the network would
    soon know them by heart. In float32: seven digits are more than a noisy step needs.

    Parameters
    ----------
    language_model : callable
        As `lstm_language_model` in the assignment.
    names, validation : list of str
    rng : numpy.random.Generator
    should_stop : callable
        Asked after every batch.

    Yields
    ------
    Progress
        After every round through the names.
    """
    drawn = initialize_lstm(n_a, len(LETTERS), rng)
    parameters = {name: value.astype(np.float32) for name, value in drawn.items()}
    adam, best, held_out = Adam(), Best(), make_batch(validation)
    total, losses, step = epochs * math.ceil(len(names) / batch), [], 0
    for _ in range(epochs):
        for inputs, targets, mask in shuffled_batches(names, batch, rng):
            step += 1
            thinned, kept = dropped(parameters, rng)
            loss, gradients = language_model(inputs, targets, mask, thinned)
            gradients = {f"d{name}": gradients[f"d{name}"] * kept[name] for name in parameters}
            adam.update(parameters, clipped_by_norm(gradients), cosine(rate, 0.0, step / total))
            losses.append(float(loss))
            stop = should_stop()
            if stop:
                break
        bits = float(language_model(*held_out, parameters)[0]) / math.log(2)
        best = best.or_better(bits, parameters)
        step_of = lstm_step_of(parameters)
        invented = tuple(invent(*step_of, rng, TEMPERATURE) for _ in range(SAMPLES))
        loss, losses = float(np.mean(losses)) / math.log(2), []
        yield Progress(step, total, loss, bits, best.bits, invented, best.parameters)
        if stop:
            return
