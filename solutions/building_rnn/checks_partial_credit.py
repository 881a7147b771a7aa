"""How the checks stay fair: a slip costs its own points, not those of all that builds on it.

No check stands here. A part of a result that differs from the reference is still right when it
follows, by its own rule, from the learner's other parts.
"""

import numpy as np

from grader.checking import CheckFailure, agree

# What a rule may meet in a result of the wrong form.
MALFORMED = (CheckFailure, TypeError, ValueError, LookupError, AttributeError)


def agree_or_follow(student, reference, function, arguments, part, rule):
    """Agree with the reference on `part`, or follow from the learner's own other parts.

    Parameters
    ----------
    arguments : tuple
        Of the call of `function`.
    part : str or tuple of str
        As in `agree`.
    rule : callable
        Takes the learner's result; raises where `part` does not follow from the rest.
    """
    try:
        agree(student, reference, function, *arguments, part=part)
    except CheckFailure as failure:
        if failure.difference is None or not follows(rule, student.last.value):
            raise


def follows(rule, result):
    """Whether a rule holds for a result; one that the rule cannot even read does not follow it."""
    try:
        rule(result)
    except MALFORMED:
        return False
    return True


def telling(value, shape):
    """Return `value` if later parts can be judged by it: an array that says something.

    Raises
    ------
    ValueError
        Where it has another shape, is not finite, or is almost constant.
    """
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f" or value.shape != shape:
        raise ValueError("not the array that a later part could follow from")
    if not np.all(np.isfinite(value)) or np.std(value) < 1e-3:
        raise ValueError("too dull: almost anything would follow from it")
    return value


def agree_on_any(student, reference, function, arguments, parts):
    """Agree with the reference on at least one of several parts; fail as the last one fails."""
    *others, last = parts
    for part in others:
        try:
            return agree(student, reference, function, *arguments, part=part)
        except CheckFailure as failure:
            if failure.difference is None:
                raise
    return agree(student, reference, function, *arguments, part=last)
