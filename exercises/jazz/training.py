"""Training: the learner's way forward, our way back, Adam.

`train` is a generator: it hands out its progress as it goes, and may be stopped at any time;
every `Progress` carries the best parameters so far.
"""

from dataclasses import dataclass

import numpy as np
from batches import cross_entropy, draw_windows, network_inputs, whole_solos
from lstm_layer import djmodel_backward, initialize_parameters
from optimiser import adam, first_moments, learning_rate

N_A = 64
STEPS, BATCH, WINDOW = 1400, 16, 48
DROPOUT = 0.2
INPUT_DROPOUT = 0.05  # share of tokens that the next step does not hear
EVALUATIONS = 6  # times the held-out solos are heard in one training
REPORT_EVERY = 10  # steps


@dataclass(frozen=True)
class Progress:
    """Where the training stands after a step.

    Attributes
    ----------
    loss : float
        Bits a token on the batches since the last report, with dropout.
    bits : float
        Held-out bits a token of the best parameters so far; infinite before the first hearing.
    parameters : dict
        These best parameters; before the first hearing the latest ones.
    """

    step: int
    of_total: int
    loss: float
    bits: float
    parameters: dict


def train(functions, corpus, rng, *, steps=STEPS, clock=None, seconds=60.0):
    """Train a fresh model with the learner's ``one_hot_tokens`` and ``djmodel``.

    Parameters
    ----------
    functions : object with the learner's functions as attributes
    corpus : Corpus
    rng : numpy.random.Generator
        Draws the weights, the windows and the dropout: the same generator, the same model.
    steps : int
        The learning rate falls to zero over them.
    clock : callable returning seconds, optional
        Where given, the same schedule ends within ``seconds`` on a slow machine.

    Yields
    ------
    Progress
        After the first step, every `REPORT_EVERY` steps and after the last.
    """
    n_y, n_context = len(corpus.vocabulary), corpus.training[0].contexts.shape[0]
    parameters = initialize_parameters(n_y + n_context, N_A, n_y, rng)
    moments = first_moments(parameters)
    begun = clock() if clock else 0.0
    best, best_bits, losses = parameters, np.inf, []
    done = heard = 0.0
    for step in range(1, steps + 1):
        done = step / steps if clock is None else max(step / steps, (clock() - begun) / seconds)
        loss, gradients = loss_and_gradients(functions, parameters, corpus, rng)
        rate = learning_rate(min(done, 1.0))
        parameters, moments = adam(parameters, gradients, moments, step, rate)
        losses.append(loss)
        if done >= min(heard + 1 / EVALUATIONS, 1.0):
            heard = done
            bits = held_out_bits(functions, parameters, corpus)
            if bits < best_bits:
                best, best_bits = parameters, bits
        if step == 1 or step % REPORT_EVERY == 0 or done >= 1.0:
            latest = best if np.isfinite(best_bits) else parameters
            yield Progress(step, steps, float(np.mean(losses)), best_bits, latest)
            losses = []
        if done >= 1.0:
            return


def loss_and_gradients(functions, parameters, corpus, rng):
    """Draw a batch of windows; its loss in bits a token, and the gradients.

    Dropout thins the network for the whole batch: some tokens are not heard by the next step,
    and some hidden units do not reach the output layer, the same ones at every step (after Gal
    and Ghahramani 2016). The learner's functions need not know of it: they see thinner inputs
    and a thinner Wy.
    """
    n_values = len(corpus.vocabulary)
    before, targets, contexts = draw_windows(corpus.training, BATCH, WINDOW, rng)
    before = np.where(rng.random(before.shape) < INPUT_DROPOUT, -1, before)
    keep = (rng.random(N_A) >= DROPOUT) / (1 - DROPOUT)
    thinned = {**parameters, "Wy": parameters["Wy"] * keep}
    outputs, caches = _forward(functions, thinned, before, contexts, n_values)
    bits, dlogits = cross_entropy(outputs, targets)
    gradients = djmodel_backward(dlogits, caches, thinned)
    return bits, {**gradients, "Wy": gradients["Wy"] * keep}


def held_out_bits(functions, parameters, corpus):
    """Mean surprise in bits a token over the held-out solos, each played through from its start.

    A model that guesses needs log2 of the vocabulary's size; counting n-grams about 2.7.
    """
    before, targets, contexts, mask = whole_solos(corpus.held_out)
    n_values = len(corpus.vocabulary)
    outputs, _ = _forward(functions, parameters, before, contexts, n_values)
    return cross_entropy(outputs, targets, mask)[0]


def _forward(functions, parameters, before, contexts, n_values):
    X = network_inputs(functions, before, contexts, n_values)
    nothing = np.zeros((N_A, before.shape[0]))
    return functions.djmodel(X, nothing, nothing.copy(), parameters)
