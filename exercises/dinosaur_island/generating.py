"""Inventing names at a temperature, and looking at what was invented. Given."""

import numpy as np
from names import LETTERS, NEWLINE

LONGEST = 50


def at_temperature(parameters, temperature):
    """Parameters of the same network with its scores divided by the temperature.

    As softmax(scores / temperature) is all that a temperature does, the learner's own `sample`
    draws at that temperature when it is given these.
    """
    cooled = {"Wya": parameters["Wya"] / temperature, "by": parameters["by"] / temperature}
    return parameters | cooled


def invent(step, start, rng, temperature=0.8):
    """Draw one name from a step function.

    Parameters
    ----------
    step, start
        As in `evaluation`.
    rng : numpy.random.Generator
    temperature : float
        1 draws with the model's own probabilities; less plays safe, more takes risks.
    """
    state, index, name = start, LETTERS.index(NEWLINE), ""
    while len(name) < LONGEST:
        state, p = step(state, index)
        weights = np.asarray(p) ** (1 / temperature)
        index = int(rng.choice(len(weights), p=weights / weights.sum()))
        if LETTERS[index] == NEWLINE:
            break
        name += LETTERS[index]
    return name


def share_of_new(invented, known):
    """Share of the invented names that are not in a list: nothing new was learned by heart."""
    known = set(known)
    return sum(name not in known for name in invented) / len(invented)


def share_of_well_formed(invented, known):
    """Share of the invented names that look like names.

    Well-formed: 4 to 24 letters, and every two letters in a row (the start and the end of a
    name count as letters) stand in some known name. No proof of learning: counting does it too.
    """
    seen = {pair for name in known for pair in _pairs(name)}
    good = [4 <= len(name) <= 24 and seen.issuperset(_pairs(name)) for name in invented]
    return sum(good) / len(good)


def _pairs(name):
    marked = f"^{name}$"
    return {marked[i : i + 2] for i in range(len(marked) - 1)}
