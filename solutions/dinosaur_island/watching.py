"""The learner's `model` at work: each call of its own `optimize`, ready to be compared."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from cases import CHAR_TO_IX, IX_TO_CHAR, NEWLINE
from names import read_names

from grader.checking import CallFailure, CheckFailure, Replace, describe, fail

N_A = 6


@dataclass(frozen=True)
class Step:
    """One call of `optimize`."""

    X: list
    Y: list
    a_prev: Any
    parameters: Any
    rate: Any
    result: Any

    @property
    def letters(self):
        """The indices that were read, without the None."""
        return [ix for ix in self.X if ix is not None]

    def handed_back(self, state):
        """Whether a state is among what came back; of a known order, the third."""
        parts = self.result if isinstance(self.result, list | tuple) else [self.result]
        return any(
            isinstance(part, np.ndarray)
            and np.shape(part) == np.shape(state)
            and np.allclose(part, state, rtol=1e-6, atol=1e-12)
            for part in parts
        )


def step_of(call):
    """An observed call of `optimize`, whatever kinds of sequences it was given."""
    return Step(
        indices(call.argument(0, "X"), "X"),
        indices(call.argument(1, "Y"), "Y"),
        call.argument(2, "a_prev"),
        call.argument(3, "parameters"),
        call.argument(4, "learning_rate"),
        call.value,
    )


def indices(value, name):
    """A list of whole numbers and None."""
    if isinstance(value, np.ndarray):
        value = value.ravel().tolist()
    if not isinstance(value, list | tuple):
        fail(
            f"model: {name} should be a list of indices, but optimize was given {describe(value)}."
        )
    return [whole(ix) for ix in value]


def whole(ix):
    """A whole number as an int, however it is held; anything else as it is."""
    if isinstance(ix, np.ndarray) and ix.size == 1:
        ix = ix.item()
    real = isinstance(ix, np.integer | np.floating | float)
    return int(ix) if real and float(ix).is_integer() else ix


def train(student, names, iterations, seen=None):
    """Call the learner's `model` with a list of names; some older notebooks want one text."""
    settings = (IX_TO_CHAR, CHAR_TO_IX, iterations, N_A)
    try:
        return student.model(list(names), *settings)
    except CheckFailure as failure:
        if seen is not None:
            seen.clear()
        try:
            return student.model("\n".join(names), *settings)
        except CheckFailure:
            raise failure from None


def watch(student, reference, names, iterations, served=True):
    """Train, and return every step. A notebook that opens the file finds these names in it.

    Where the learner's own `optimize` or `sample` is in the way, the reference answers for them:
    what is wrong there is judged there.
    """
    text = "\n".join(names)
    files = {"dinos.txt": text, "dinosaurs.txt": text} if served else {}
    with student.observing("optimize") as seen, student.files(files):
        try:
            train(student, names, iterations, seen)
        except CallFailure as failure:
            if not hasattr(failure.outcome, "type"):  # it hung, or used up its memory
                raise
            seen.clear()
            train_with_answers(student, reference, names, iterations, seen, failure)
    if len(seen) != iterations:
        fail(f"model: {iterations} iterations should call optimize as often, not {len(seen)}x.")
    return [step_of(call) for call in seen]


def train_with_answers(student, reference, names, iterations, seen, failure):
    """Train once more with the reference's `optimize` and `sample`; or raise the failure.

    What the reference cannot work with gets some answer, too: what was handed in is judged.
    """

    def optimize(*arguments):
        try:
            value, after = reference.after("optimize", *arguments)
        except CheckFailure:
            return 1.0, {}, np.zeros((N_A, 1))
        return Replace(value, after)

    def sample(*arguments):
        try:
            return reference.sample(*arguments)
        except CheckFailure:
            return [1, NEWLINE]

    with student.standing_in(optimize=optimize, sample=sample):
        try:
            train(student, names, iterations, seen)
        except CheckFailure:
            raise failure from None


def learned_from(seen, names):
    """The names handed in, or the whole list: older notebooks open its file themselves."""
    shipped = read_names()
    read = {spelled(step.letters) for step in seen}
    return shipped if read & (set(shipped) - set(names)) else names


def documented_order(names):
    """The order after the documented shuffle."""
    order = list(names)
    generator = np.random.RandomState(0)
    generator.shuffle(order)
    return order


def spelled(indices):
    """The letters of some indices, for a message."""
    return "".join(IX_TO_CHAR.get(ix, "?") if type(ix) is int else "?" for ix in indices)


def state_shown(state):
    """A few words on a state that was handed in."""
    if isinstance(state, np.ndarray) and state.shape == (N_A, 1):
        return "all zero" if not state.any() else "another one"
    return describe(state)


def same_arrays(some, others):
    """Whether two dictionaries hold the same arrays."""
    if not isinstance(some, dict) or not isinstance(others, dict) or some.keys() != others.keys():
        return False
    return all(np.array_equal(value, others[name]) for name, value in some.items())
