"""How good a model of names is, measured on names that it has not seen. Given.

A model is anything with a step function: `step(state, index)` reads one letter and returns the new
state and the probabilities (V,) of the next one. Before the first letter it reads the newline, as
if another name had just ended. The measure is bits per character,

    sum over all letters and newlines of -log2 p  /  their number,

so a model that finds 27 letters equally likely needs log2(27) = 4.75 bits.
"""

import math

import numpy as np
from lstm_layer import lstm_step
from names import LETTERS, NEWLINE, spell_out

# Bits per character on the test names. Pass lies between pairs and triples of letters counted;
# excellent is beyond counting.
THRESHOLDS = {"pass": 2.75, "good": 2.45, "excellent": 2.35}


class NotAModel(ValueError):
    """What a step function returned is no probability distribution, or knows the future."""


def bits_per_character(step, start, names):
    """Average surprise per letter, newlines included.

    Parameters
    ----------
    step : callable
        As described at the head of this module.
    start : object
        The state before the first letter.
    names : list of str

    Raises
    ------
    NotAModel
        Where the probabilities are none.
    """
    bits, letters = 0.0, 0
    for name in names:
        for p, index in zip(_predictions(step, start, name), spell_out(name), strict=True):
            bits -= math.log2(max(p[index], 1e-300))
            letters += 1
    return bits / letters


def _predictions(step, start, name):
    """The distributions before every letter of a name and before its newline, one at a time."""
    state, index = start, LETTERS.index(NEWLINE)
    for following in spell_out(name):
        state, p = step(state, index)
        yield _checked(p)
        index = following


def _checked(p):
    """The probabilities as an array, once they are known to be some."""
    p = np.asarray(p, dtype=float)
    if p.shape != (len(LETTERS),):
        raise NotAModel(f"the step returned shape {p.shape}; it needs one p for each of 27 letters")
    if not np.all(np.isfinite(p)) or np.any(p < 0) or abs(p.sum() - 1) > 1e-6:
        raise NotAModel(f"the step's probabilities sum to {p.sum():.6g} (smallest {p.min():.3g})")
    return p


def check_causality(step, start, names, rng):
    """Make sure that no earlier prediction hangs on later letters, nor on other names.

    Every name is read twice, the second time with another ending and among other names.

    Raises
    ------
    NotAModel
        Where a prediction changed.
    """
    before = {name: list(_predictions(step, start, name)) for name in names}
    for name in rng.permutation(names):
        keep = int(rng.integers(1, len(name)))
        ending = "".join(rng.choice(list(LETTERS[1:]), size=len(name) - keep))
        after = list(_predictions(step, start, name[:keep] + ending))
        for t in range(keep + 1):
            if not np.allclose(before[name][t], after[t], rtol=0, atol=1e-9):
                raise NotAModel(
                    f"{name}: the prediction of letter {t + 1} hangs on more than the letters "
                    "before it; a step may use its state and its letter only"
                )


def grade_of(bits):
    """The best threshold that a figure reaches, or None."""
    reached = [name for name, bar in THRESHOLDS.items() if bits <= bar]
    return reached[-1] if reached else None


def ngram_step(names, n, weight=None):
    """A model that only counts: n - 1 letters of context, from `names`.

    Each order is mixed with the next shorter one by Witten-Bell weights: a context that was
    followed by many different letters is trusted less (Witten and Bell 1991,
    doi:10.1109/18.87000). The shortest context of all finds every letter equally likely.

    Parameters
    ----------
    n : int
        1 for letters alone, 2 for pairs, ...

    Returns
    -------
    step : callable
    start : tuple
        What `bits_per_character` wants. The state is the tuple of letters read.
    """
    counts = _count(names, n)

    def step(state, index):
        state = (*state, index)[-(n - 1) :] if n > 1 else ()
        p = np.full(len(LETTERS), 1 / len(LETTERS))
        for length in range(min(n - 1, len(state)) + 1):
            seen = counts.get(state[len(state) - length :])
            if seen is not None:
                kinds = np.count_nonzero(seen)
                p = (seen + kinds * p) / (seen.sum() + kinds)
        return state, p

    return step, ()


def _count(names, n):
    """How often each letter followed each context of fewer than n letters."""
    counts = {}
    for name in names:
        letters = [LETTERS.index(NEWLINE), *spell_out(name)]
        for t in range(1, len(letters)):
            for length in range(min(n - 1, t) + 1):
                context = tuple(letters[t - length : t])
                counts.setdefault(context, np.zeros(len(LETTERS)))[letters[t]] += 1
    return counts


def rnn_step_of(parameters):
    """The plain network of this assignment as a step function, and its first state.

    The newline at the start of a name stands for the zero vector, as None does in `optimize`.
    """
    Wax, Waa, Wya = parameters["Wax"], parameters["Waa"], parameters["Wya"]
    b, by = parameters["b"], parameters["by"]
    newline = LETTERS.index(NEWLINE)

    def step(a_prev, index):
        z = Waa @ a_prev + b
        if index != newline:
            z = z + Wax[:, [index]]
        a = np.tanh(z)
        scores = Wya @ a + by
        p = np.exp(scores - scores.max())
        return a, (p / p.sum())[:, 0]

    return step, np.zeros((len(Waa), 1))


def lstm_step_of(parameters):
    """The LSTM of the batched training as a step function, and its first state."""
    n_a = len(parameters["W"]) // 4

    def step(state, index):
        return lstm_step(parameters, state, index)

    return step, (np.zeros((n_a, 1)), np.zeros((n_a, 1)))
