"""Hidden tests of `sample`.

Networks that leave no choice judge everything but the drawing itself, however it is done; the
drawing is judged by its distribution, and only one check wants the documented seeds. That one comes
first: its long names tell mistakes apart.
"""

import numpy as np
from cases import (
    CHAR_TO_IX,
    NEWLINE,
    decided_by_letter,
    decided_by_state,
    first_letter_network,
    sampling_network,
)
from drawing import is_implausible

from grader.checking import beside_each_other, check, describe, fail


def drawn(student, *arguments):
    """Call the learner's `sample` and return its indices as a list of int."""
    result = student.sample(*arguments)
    if isinstance(result, np.ndarray):
        student.notes.append("sample returned an array; the contract asks for a list.")
        result = result.ravel().tolist()
    if not isinstance(result, list | tuple):
        hint = " Is the `return` missing?" if result is None else ""
        fail(f"sample returned {describe(result)}, where a list of indices was expected.{hint}")
    if not result:
        fail("sample returned an empty list; at least the newline belongs into it.")
    return [_index(position, value) for position, value in enumerate(result)]


def _index(position, value):
    if isinstance(value, np.ndarray | np.generic) and value.size == 1:
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int):
        fail(f"sample: indices[{position}] is {describe(value)}, but every index is an integer.")
    return value


def spells(student, parameters, name, because, table=CHAR_TO_IX, seed=3):
    """Fail unless the one name that the network can spell comes out."""
    actual = drawn(student, parameters, table, seed)
    if actual == name:
        return
    wrong = next(
        (t for t, (a, e) in enumerate(zip(actual, name, strict=False)) if a != e),
        min(len(actual), len(name)),
    )
    fail(
        f"sample: a network that leaves no choice should spell {name}, but yours spelled "
        f"{actual[:60]}; they part at indices[{wrong}]. {because}"
    )


@check(task="sample", points=3)
def documented_seeds_give_the_documented_name(student, reference, rng):
    """Seeded as documented, the same seed gives the same name as everyone else's."""
    for newline, seed in ((-30.0, int(rng.integers(500))), (2.0, int(rng.integers(500)))):
        parameters = sampling_network(rng, newline)
        expected = reference.sample(parameters, CHAR_TO_IX, seed)
        actual = drawn(student, parameters, CHAR_TO_IX, seed)
        if actual != expected:
            yours, want = beside_each_other(actual, expected)
            fail(
                f"sample: seed {seed} should give {want}, but yours gave "
                f"{yours}. Before each draw: np.random.seed(counter + seed); the draw: "
                "np.random.choice over all indices with p = y; after it both numbers grow by one."
            )


@check(task="sample", points=2)
def list_ends_with_the_newline(student, rng):
    """The list ends with the newline, and there is none before its end."""
    parameters = sampling_network(rng, newline=3.0)
    for seed in (0, 7, 23, 40):
        indices = drawn(student, parameters, CHAR_TO_IX, seed)
        if indices[-1] != NEWLINE:
            fail(f"sample: the list should end with the newline ({NEWLINE}), not {indices[-1]}.")
        if NEWLINE in indices[:-1]:
            fail("sample: the newline ends the name, but yours goes on after drawing it.")


@check(task="sample", points=5)
def first_letter_follows_its_probabilities(student, reference, rng):
    """The first letter is drawn with the probabilities that the network gives it."""
    for _ in range(2):
        parameters, p = first_letter_network(rng)
        seeds = range(1000, 1030)
        expected = [reference.sample(parameters, CHAR_TO_IX, seed)[0] for seed in seeds]
        actual = [drawn(student, parameters, CHAR_TO_IX, seed)[0] for seed in seeds]
        if actual != expected:
            follows(student, parameters, p)


def follows(student, parameters, p):
    """Fail unless a thousand first letters, drawn in whatever way, are distributed like p."""
    counts = np.zeros(len(p))
    for seed in range(2000, 3000):
        counts[drawn(student, parameters, CHAR_TO_IX, seed)[0] % len(p)] += 1
        if counts.sum() in (100, 1000) and is_implausible(counts, p):
            break
    else:
        return
    letter = int(np.argmax(np.abs(counts / counts.sum() - p)))
    fail(
        f"sample: over {int(counts.sum())} seeds the first letter is {letter} in a share of "
        f"{counts[letter] / counts.sum():.2f}, but its probability is {p[letter]:.2f}. Is the draw "
        "made with p = y, where y = softmax(Wya a + by), and with a new seed each time?"
    )


@check(task="sample", points=5)
def last_letter_is_read_next(student, rng):
    """The letter just drawn becomes the next input, as a fresh one-hot vector."""
    for _ in range(3):
        parameters, name = decided_by_letter(rng)
        spells(student, parameters, name, "Does x hold the last letter, and nothing else?")
    # The first letter is open, all others are decided by the one that was really drawn.
    parameters, name = decided_by_letter(rng)
    parameters["by"][name[:-2]] = parameters["by"].max()
    for seed in range(40, 48):
        actual = drawn(student, parameters, CHAR_TO_IX, seed)
        expected = name[name.index(actual[0]) :] if actual[0] in name else name
        if actual != expected:
            fail(
                f"sample: after drawing {actual[0]} the network leaves no choice but {expected}, "
                f"yours went on with {actual[:60]}. Does x hold the letter that was drawn?"
            )


@check(task="sample", points=5)
def hidden_state_is_carried_to_the_next_letter(student, rng):
    """The hidden state of one letter is the previous state of the next."""
    for _ in range(3):
        parameters, name = decided_by_state(rng)
        spells(student, parameters, name, "What is a_prev at the second letter?")


@check(task="sample", points=3)
def stops_after_fifty_letters(student, rng):
    """Without a newline the name stops after 50 letters, and a newline is appended."""
    parameters, name = decided_by_letter(rng, endless=True)
    indices = drawn(student, parameters, CHAR_TO_IX, 11)
    if len(indices) != len(name):
        fail(
            "sample: a network that never draws the newline should give 50 letters and one newline "
            f"(51 indices), but yours gave {len(indices)}."
        )
    spells(student, parameters, name, "After 50 letters the newline is appended.", seed=11)


@check(task="sample", points=1)
def other_alphabets_work(student, rng):
    """Other alphabets work: the newline and the number of letters are looked up."""
    for newline, alphabet in ((1, "a\nbcdefgh"), (2, "ab\ncdefghi")):
        table = {letter: index for index, letter in enumerate(alphabet)}
        parameters, name = decided_by_letter(rng, V=len(alphabet), newline=newline)
        because = f"Here the newline has index {newline}, of {len(alphabet)}."
        spells(student, parameters, name, because, table=table)


@check(task="sample", points=1)
def parameters_are_only_read(student, rng):
    """The parameters are only read: the same call gives the same name again."""
    parameters = sampling_network(rng, newline=1.0)
    for _ in range(2):
        drawn(student, parameters, CHAR_TO_IX, 5)
        if student.last.modified:
            fail(f"sample changes its arguments: {', '.join(student.last.modified)}.")
