"""Judge drawn letters by their distribution, where their exact sequence may differ."""

import numpy as np

ENOUGH = 5.0  # letters expected less often than this are counted together


def is_implausible(counts, p):
    """Whether counts like these come up less than once in a million, if `p` holds.

    Pearson's chi-square; its tail through the cube root, which is nearly normal
    (Wilson and Hilferty 1931, doi:10.1073/pnas.17.12.684).
    """
    expected = p * counts.sum()
    rare = expected < ENOUGH
    observed = np.append(counts[~rare], counts[rare].sum())
    expected = np.append(expected[~rare], expected[rare].sum())
    observed, expected = observed[expected > 0], expected[expected > 0]
    degrees = max(len(expected) - 1, 1)
    statistic = np.sum((observed - expected) ** 2 / expected)
    spread = 2 / (9 * degrees)
    z = ((statistic / degrees) ** (1 / 3) - (1 - spread)) / np.sqrt(spread)
    return bool(z > 4.7534)  # one in a million of a normal distribution lies above
