"""Inputs that hide nothing: fresh, of different sizes, with nothing zero or tiny.

At the customary weights of 0.01 the network hardly depends on its state; here they are of order
one. The recurrent weights contract, so that right answers written differently stay together over
50 letters.
"""

import string
from dataclasses import dataclass

import numpy as np
from utils import rnn_backward, rnn_forward

from grader.checking import distinct_sizes

LETTERS = "\n" + string.ascii_lowercase
CHAR_TO_IX = {letter: index for index, letter in enumerate(LETTERS)}
IX_TO_CHAR = dict(enumerate(LETTERS))
NEWLINE = CHAR_TO_IX["\n"]
GRADIENTS = ("dWaa", "dWax", "dWya", "db", "dby")
BOUND = 5  # what `optimize` clips to


def gradients(rng, spread):
    """Five gradients of different shapes, with the standard deviation `spread`."""
    size = distinct_sizes(rng, "n_a", "n_x", "n_y", low=3, high=8)
    n_a, n_x, n_y = size["n_a"], size["n_x"], size["n_y"]
    shapes = ((n_a, n_a), (n_a, n_x), (n_y, n_a), (n_a, 1), (n_y, 1))
    return {
        name: _far_out_on_both_sides(rng, shape, spread)
        for name, shape in zip(GRADIENTS, shapes, strict=True)
    }


def _far_out_on_both_sides(rng, shape, spread):
    drawn = spread * rng.standard_normal(shape)
    drawn.flat[0], drawn.flat[1] = 4.1 * spread, -3.3 * spread
    return drawn


def network(rng, n_a, V=27, scale=1.0):
    """Parameters of order `scale` with contracting recurrent weights."""
    return {
        "Wax": scale * rng.standard_normal((n_a, V)),
        "Waa": 1.2 / np.sqrt(n_a) * rng.standard_normal((n_a, n_a)),
        "Wya": scale * rng.standard_normal((V, n_a)),
        "b": scale * rng.standard_normal((n_a, 1)),
        "by": scale * rng.standard_normal((V, 1)),
    }


def sampling_network(rng, newline):
    """20 units that forget fast; `newline` is added to the score of the newline."""
    parameters = network(rng, 20, scale=0.5)
    parameters["Waa"] = 0.1 * rng.standard_normal((20, 20))
    parameters["by"][NEWLINE] += newline
    return parameters


def first_letter_network(rng):
    """The first letter is open; after any letter the newline follows. With the probabilities."""
    parameters = network(rng, 8, scale=0.6)
    parameters["b"] *= 2.5
    parameters["Wax"][0], parameters["b"][0] = 6.0, -3.0  # unit 0: was there a letter before?
    parameters["Waa"][0] = 0.0
    parameters["Wya"][:, 0] = 0.0
    parameters["Wya"][NEWLINE, 0] = 20.0
    parameters["by"][NEWLINE] = 19.0
    scores = parameters["Wya"] @ np.tanh(parameters["b"]) + parameters["by"]
    p = np.exp(scores - scores.max())[:, 0]
    return parameters, p / p.sum()


# ---- networks that leave no choice: any right way of drawing spells the same name ---------------

SURE = 45.0  # a letter this many nats behind the first is never drawn


def decided_by_letter(rng, V=27, newline=NEWLINE, *, endless=False):
    """Each letter alone decides on the next (Waa is zero).

    Returns
    -------
    parameters : dict
    name : list of int
        What is spelled: 5 to 8 letters and the newline; `endless`: 50 letters, which go round
        and round, and the newline.
    """
    letters = [int(ix) for ix in rng.permutation(V) if ix != newline]
    letters = letters[: int(rng.integers(5, 9))]
    following = dict(zip(letters, [*letters[1:], letters[0] if endless else newline], strict=True))
    n_a = V + 3
    parameters = {
        "Wax": np.concatenate((4.0 * np.eye(V), rng.standard_normal((3, V)))),
        "Waa": np.zeros((n_a, n_a)),
        "Wya": np.zeros((V, n_a)),
        "b": np.zeros((n_a, 1)),
        "by": np.zeros((V, 1)),
    }
    for letter, after in following.items():
        parameters["Wya"][after, letter] = 2.2 * SURE
    parameters["by"][letters[0]] = SURE
    if endless:
        return parameters, [*(letters * 50)[:50], newline]
    return parameters, [*letters, newline]


def decided_by_state(rng):
    """The state counts the letters, and no letter is looked at (Wax is zero); with the name.

    Unit t is on from step t: each unit switches on the next one.
    """
    name = [*rng.permutation(np.arange(1, 27))[: int(rng.integers(4, 9))].tolist(), NEWLINE]
    n_a = len(name) + 2
    parameters = {
        "Wax": np.zeros((n_a, 27)),
        "Waa": 4.0 * np.eye(n_a, k=-1),
        "Wya": np.zeros((27, n_a)),
        "b": np.zeros((n_a, 1)),
        "by": np.zeros((27, 1)),
    }
    parameters["b"][0] = 4.0
    for t, letter in enumerate(name):
        parameters["Wya"][letter, t] = SURE * (t + 1)
    return parameters, name


# ---- one name to learn from ----------------------------------------------------------------------


@dataclass(frozen=True)
class Lesson:
    """Arguments of `optimize`."""

    X: list
    Y: list
    a_prev: np.ndarray
    parameters: dict

    @property
    def arguments(self):
        """In the order of the call; the learning rate comes after them."""
        return self.X, self.Y, self.a_prev, self.parameters

    def largest(self):
        """The largest entry of each gradient, before any clipping."""
        _, cache = rnn_forward(*self.arguments)
        found, _ = rnn_backward(self.X, self.Y, self.parameters, cache)
        return {name: np.abs(found[name]).max() for name in GRADIENTS}


def gentle_lesson(rng):
    """A short name whose gradients stay well inside the bound."""
    while True:
        lesson = _lesson(rng, letters=rng.integers(1, 27, size=4), scale=0.5)
        if max(lesson.largest().values()) < 0.8 * BOUND:
            return lesson


def steep_lesson(rng):
    """A long name of few letters: some entries of every gradient are beyond the bound."""
    while True:
        letters = rng.choice(rng.permutation(np.arange(1, 27))[:2], size=16)
        lesson = _lesson(rng, letters, scale=1.5)
        if min(lesson.largest().values()) > 1.2 * BOUND:
            return lesson


def _lesson(rng, letters, scale):
    n_a = int(rng.integers(5, 10))
    indices = [int(ix) for ix in letters]
    return Lesson(
        X=[None, *indices],
        Y=[*indices, NEWLINE],
        a_prev=np.tanh(rng.standard_normal((n_a, 1))),
        parameters=network(rng, n_a, scale=scale),
    )


def few_names(rng, count):
    """Different names of different lengths."""
    letters = np.array(list(string.ascii_lowercase))
    lengths = 3 + rng.permutation(count)
    return ["".join(rng.choice(letters, size=length)) for length in lengths]
