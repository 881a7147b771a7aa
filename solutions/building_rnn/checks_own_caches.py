"""The caches of the learner's own forward pass, for a backward pass that must live with them.

No check stands here.
"""

import numpy as np

from grader.checking import CheckFailure

# Gradients that vary by less than this come of caches that hold next to nothing.
DULL = 1e-6


def own_cache(student, reference, stem, back, forward_case):
    """Return what the learner's own forward pass cached for this case.

    A forward pass that is not written yet, or whose caches the reference cannot use, has checks
    of its own: the reference's caches stand in for it then.

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
    place = len(reference.call(stem + "_forward", *forward_case.arguments)) - 1
    try:
        own = student.call(stem + "_forward", *forward_case.arguments)[place]
        expected = reference.call(stem + "_backward", *gradients, own)
    except (CheckFailure, TypeError, ValueError, LookupError, AttributeError):
        return cache
    usable = all(np.all(np.isfinite(gradient)) for gradient in expected.values())
    telling = all(np.ptp(g) > DULL for name, g in expected.items() if name.startswith("dW"))
    return own if usable and telling else cache
