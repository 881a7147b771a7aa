"""Hidden tests of `model`, mostly by watching what it hands to `optimize`."""

from dataclasses import dataclass

import numpy as np
from cases import CHAR_TO_IX, IX_TO_CHAR, NEWLINE, few_names
from names import read_names

from grader.checking import CheckFailure, check, expect, fail

N_A = 6


@dataclass(frozen=True)
class Seen:
    """One call of `optimize`, and the state that it handed back."""

    X: list
    Y: list
    a_prev: np.ndarray
    rate: float
    a_next: np.ndarray

    @property
    def letters(self):
        """The indices that were read, without the None."""
        return [ix for ix in self.X if ix is not None]


def train(student, names, iterations):
    """Call the learner's `model` with a list of names; some older notebooks want one text."""
    settings = (IX_TO_CHAR, CHAR_TO_IX, iterations, N_A)
    try:
        return student.model(list(names), *settings)
    except CheckFailure as failure:
        try:
            return student.model("\n".join(names), *settings)
        except CheckFailure:
            raise failure from None


def watch(student, names, iterations, invented=None):
    """Train with an `optimize` that only writes down what it is given.

    For every name that it invents, the number of lessons so far goes to the list `invented`.
    """
    seen = []
    invented = [] if invented is None else invented

    def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
        a_next = np.full((N_A, 1), 0.01 * (len(seen) + 1))
        seen.append(Seen(list(X), list(Y), np.asarray(a_prev), float(learning_rate), a_next))
        return 1.0, {}, a_next

    def sample(parameters, char_to_ix, seed):
        invented.append(len(seen))
        return [1 + seed % 26, NEWLINE]

    with student.standing_in(optimize=optimize, sample=sample):
        train(student, names, iterations)
    if len(seen) != iterations:
        fail(f"model: {iterations} iterations should call optimize as often, not {len(seen)}x.")
    return seen


def learned_from(seen, names):
    """The names handed in, or the whole list: older notebooks open its file themselves."""
    shipped = read_names()
    read = {spelled(call.letters) for call in seen}
    return shipped if read & (set(shipped) - set(names)) else names


def documented_order(names):
    """The order after the documented shuffle."""
    order = list(names)
    generator = np.random.RandomState(0)
    generator.shuffle(order)
    return order


def spelled(indices):
    """The letters of some indices, for a message."""
    return "".join(IX_TO_CHAR.get(int(ix), "?") for ix in indices)


@check(task="model", points=3)
def names_come_in_the_shuffled_order(student, rng):
    """Every iteration takes the next name of the list, shuffled once with seed 0."""
    names = few_names(rng, 7)
    seen = watch(student, names, 7)
    order = documented_order(learned_from(seen, names))[:7]
    for j, (call, name) in enumerate(zip(seen, order, strict=True)):
        if spelled(call.letters) != name:
            fail(
                f"model: iteration {j} should learn from {name!r}, but optimize was given "
                f"{spelled(call.letters)!r}. The index of the name is j % len(examples)."
            )


@check(task="model", points=3)
def inputs_start_with_none(student, rng):
    """The inputs are None and then the letters of the name."""
    for j, call in enumerate(watch(student, few_names(rng, 4), 4)):
        if not call.X or call.X[0] is not None:
            first = call.X[0] if call.X else "nothing"
            fail(f"model: X should start with None (no letter has been read yet), not {first}.")
        if None in call.X[1:]:
            fail(f"model: X holds None after its start, at iteration {j}.")


@check(task="model", points=3)
def targets_are_the_inputs_one_step_later(student, rng):
    """The target of every step is the input of the next."""
    for call in watch(student, few_names(rng, 4), 4):
        letters = call.letters
        if call.Y[: len(letters)] != letters:
            fail(f"model: for the letters {letters} the targets start with {call.Y}.")


@check(task="model", points=2)
def newline_is_the_last_target(student, rng):
    """The last target is the newline, and there are as many targets as inputs."""
    for call in watch(student, few_names(rng, 4), 4):
        if not call.Y or call.Y[-1] != NEWLINE:
            fail(f"model: the last target should be the newline ({NEWLINE}); Y is {call.Y}.")
        if len(call.Y) != len(call.letters) + 1:
            fail(f"model: {len(call.letters)} letters need one target more, not {len(call.Y)}.")


@check(task="model", points=2)
def list_starts_again_at_its_end(student, rng):
    """When the list is through, it starts again with its first name, in the same order."""
    names = few_names(rng, 3)
    count = len(learned_from(watch(student, names, 1), names))
    seen = watch(student, names, count + 5)
    for j in range(count, count + 5):
        if seen[j].letters != seen[j - count].letters:
            fail(
                f"model: with {count} names, iteration {j} should learn from the same name as "
                f"iteration {j - count}, but it was given {spelled(seen[j].letters)!r}."
            )


@check(task="model", points=3)
def hidden_state_goes_on_to_the_next_name(student, rng):
    """The hidden state that optimize returns is handed in with the next name."""
    seen = watch(student, few_names(rng, 5), 6)
    expect(seen[0].a_prev, np.zeros((N_A, 1)), "the first a_prev", of="model")
    for j in range(1, 6):
        expect(seen[j].a_prev, seen[j - 1].a_next, f"a_prev at iteration {j}", of="model")


@check(task="model", points=1)
def learning_rate_is_a_hundredth(student, rng):
    """Every call of optimize is made with the learning rate 0.01."""
    for call in watch(student, few_names(rng, 3), 3):
        if abs(call.rate - 0.01) > 1e-12:
            fail(f"model: the learning rate should be 0.01, not {call.rate:g}.")


@check(task="model", points=2)
def trained_parameters_are_returned(student, reference, rng):
    """The trained parameters are returned."""
    names = few_names(rng, 4)
    same = learned_from(watch(student, names, 1), names)
    actual, expected = train(student, names, 30), train(reference, same, 30)
    expect(parameters_of(student, actual), expected[0], "parameters", of="model")


def parameters_of(student, result):
    """The parameters, which older editions return alone."""
    if isinstance(result, dict):
        student.notes.append("model returns the parameters alone, as older editions do.")
        return result
    if not isinstance(result, list | tuple) or not result:
        fail("model should return parameters and the last name; is `return` missing?")
    return result[0]


@check(task="model", points=1)
def last_name_is_returned(student, reference, rng):
    """Seven names are invented at the start, and the last is returned with the parameters."""
    names, invented = few_names(rng, 4), []
    same = learned_from(watch(student, names, 3, invented), names)
    if len(invented) != 7:
        fail(f"model: in its first 3 iterations it should invent 7 names, not {len(invented)}.")
    if max(invented) > 1:
        fail("model: the first names should be invented at iteration 0, where j % 2000 is 0.")
    actual, expected = train(student, names, 3), train(reference, same, 3)
    if isinstance(actual, dict):  # the contract of older editions
        return
    if not isinstance(actual, list | tuple) or len(actual) < 2:
        fail("model should return parameters and the last name.")
    if str(actual[1]).strip().lower() != expected[1].strip().lower():
        fail(f"model: the last name should be {expected[1].strip()!r}, not {actual[1]!r:.60}.")
