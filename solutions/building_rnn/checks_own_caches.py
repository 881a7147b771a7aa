"""The caches of the learner's own forward pass, for a backward pass that must live with them.

No check stands here.
"""

import numpy as np

from grader.checking import CheckFailure

# Gradients that vary by less than this come of caches that hold next to nothing.
DULL = 1e-6


def own_cache(student, reference, stem, back, forward_case):
    """Return what the learner's own forward pass cached for this case.

    A forward pass that is not written yet, or whose caches are not packed as the contract says,
    has checks of its own: the reference's caches stand in for it then.

    Parameters
    ----------
    stem : str
        ``rnn``, ``rnn_cell``, ``lstm`` or ``lstm_cell``.
    back : StepBack or SequenceBack
        The case that is going to be graded.
    forward_case : RnnStep, LstmStep or Sequence
        What it goes back through.
    """
    *gradients, cache = back.arguments
    right = reference.call(stem + "_forward", *forward_case.arguments)
    try:
        own = student.call(stem + "_forward", *forward_case.arguments)[len(right) - 1]
        if not _packed_alike(own, right[-1], whole=not stem.endswith("_cell")):
            return cache
        expected = reference.call(stem + "_backward", *gradients, own)
    except (CheckFailure, TypeError, ValueError, LookupError, AttributeError):
        return cache
    usable = all(np.all(np.isfinite(gradient)) for gradient in expected.values())
    telling = all(np.ptp(g) > DULL for name, g in expected.items() if name.startswith("dW"))
    return own if usable and telling else cache


def _packed_alike(own, right, *, whole):
    """Whether caches hold the entries of the contract at their places, be their values wrong."""
    if not whole:
        return _cache_packed_alike(own, right)
    steps = zip(own[0], right[0], strict=True)
    alike = _same(own[1], right[1])
    return alike and all(_cache_packed_alike(mine, wanted) for mine, wanted in steps)


def _cache_packed_alike(own, right):
    """Whether no entry of a cache has a wrong shape, or stands where another belongs."""
    *mine, parameters = own[: len(right)]
    *wanted, _ = right
    if not isinstance(parameters, dict):
        return False
    for place, entry in enumerate(mine):
        if not isinstance(entry, np.ndarray) or entry.shape != wanted[place].shape:
            return False
        others = (other for k, other in enumerate(wanted) if k != place)
        if not _same(entry, wanted[place]) and any(_same(entry, other) for other in others):
            return False
    return True


def _same(one, other):
    """Whether two arrays are one value, but for rounding."""
    if not isinstance(one, np.ndarray) or one.shape != other.shape:
        return False
    return np.allclose(one, other, rtol=1e-6, atol=1e-9)
