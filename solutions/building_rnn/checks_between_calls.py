"""Compare the learner's calls with each other, where no reference has a say.

No check stands here. Neither of two results that differ is known to be right: the sentences tell
both, and call none expected.
"""

import numpy as np
from cases import with_parameters_of
from contract import RETURNS

from grader.checking import CheckFailure, expect, fail

A_SECOND_CALL = (
    "the same call gives something else the second time. Every call has to start afresh, "
    "with arrays and lists of its own."
)
A_LATER_CALL = (
    "a later call changes the result of an earlier one. Every call has to make "
    "arrays and lists of its own."
)
OF_FIRST_CALL = (
    "a call with other parameters gives what the call before it gave. Parameters change all the "
    "time while a network is trained: is anything kept from one call to the next?"
)
DRAWN = (
    "the same call gives something else when numpy's random generator starts elsewhere. "
    "Nothing here is drawn at random: where does your code draw?"
)

# A state of numpy's legacy generator that no call of a check starts from otherwise.
ANOTHER_STATE = 20_011


def repeatable(student, function, case, other, take):
    """Fail unless calls of a function leave each other alone.

    The complete results count, caches too. A result is also read again after a later call, with
    other values of the same shapes: a buffer that all calls share is overwritten by then. What is
    kept of the first call shows where the parameters alone are others, what is drawn where numpy's
    legacy generator starts from another state.

    Parameters
    ----------
    case, other : cases of the same sizes
        The arguments of two calls.
    take : callable
        Takes a result; fails where nothing was computed.
    """
    once = student.call(function, *case.arguments)
    take(once)
    _same(student.call(function, *case.arguments), once, function, A_SECOND_CALL)
    with student.seeded(ANOTHER_STATE):
        _same(student.call(function, *case.arguments), once, function, DRAWN)
    retrained = student.call(function, *with_parameters_of(case, other).arguments)
    if _equal_apart_from_parameters(retrained, once, function):
        fail(f"{function}: {OF_FIRST_CALL}")
    first, second = student.pair(function, case.arguments, other.arguments)
    _same(first, once, function, A_LATER_CALL)
    for name, part in _telling_parts(once, function):
        if _equal(dict(_telling_parts(second, function)).get(name), part, function):
            fail(
                f"{function}: a call with other values gives the {name} of the call before it. "
                "Is anything kept from one call to the next?"
            )
    third = student.call(function, *case.arguments)
    _same(third, once, function, A_SECOND_CALL)


def _same(result, wanted, function, sentence):
    try:
        expect(result, wanted, _label(function), of=function)
    except CheckFailure as failure:
        told = failure.sentence.removeprefix(function + ": ")
        for word, ours in {"is wrong": "differs", "yours": "now", "expected": "before"}.items():
            told = told.replace(word, ours)
        fail(f"{function}: {sentence} {told}")


def _equal_apart_from_parameters(result, wanted, function):
    """Whether two results are the same, whatever parameters their caches hold."""
    return _equal(_without_parameters(result), _without_parameters(wanted), function)


def _without_parameters(value):
    if isinstance(value, dict):
        return {} if "by" in value else value
    if isinstance(value, tuple | list):
        return [_without_parameters(part) for part in value]
    return value


def _label(function):
    """What the result of a function is called, and its parts."""
    labels = RETURNS[function]
    return "the result" if isinstance(labels, str) else ("the result", labels)


def _telling_parts(result, function):
    """The arrays of a result by name; those of one number throughout say nothing."""
    if isinstance(result, dict):
        named = result.items()
    else:
        names = (label for label in RETURNS[function] if isinstance(label, str))
        named = zip(names, result, strict=False)
    return [(n, part) for n, part in named if isinstance(part, np.ndarray) and np.ptp(part) > 0]


def _equal(result, wanted, function):
    try:
        expect(result, wanted, "the result", of=function)
    except CheckFailure:
        return False
    return True


def any_loudness(student, function, back, louder_back, factor, take):
    """Fail unless gradients that arrive `factor` times as large leave as much larger."""
    found = take(student.call(function, *back.arguments))
    louder = take(student.call(function, *louder_back.arguments))
    wanted = {name: factor * value for name, value in found.items()}
    here = f"from gradients that are {factor:g} times as large"
    own_results_agree(
        louder, wanted, function, here, f"if what it was before is taken {factor:g} times"
    )


def own_results_agree(arrays, wanted, function, here, there):
    """Fail unless two results of the learner's own, by name, are the same.

    Neither of them is known to be right: both are told, and none is called expected.

    Parameters
    ----------
    here, there : str
        Where the arrays and where the wanted ones come from, for the sentence.
    """
    for name, value in wanted.items():
        try:
            expect(arrays[name], value, name, of=function)
        except CheckFailure as failure:
            if failure.difference is None or failure.difference.fault != "values":
                raise
            off = np.abs(arrays[name] - value)
            spot = np.unravel_index(np.argmax(off), off.shape)
            where = f"{name}[{', '.join(map(str, spot))}]"
            told = f"{where} is {arrays[name][spot]:.6g} {here}, and {value[spot]:.6g} {there}."
            fail(f"{function}: two of your results do not fit each other. {told}")


def one_of_the_batch(student, function, whole, single, take, take_single):
    """Fail unless an example alone gives what it gives among others, as their second.

    Parameters
    ----------
    whole, single : cases
        The batch, and its second example as a batch of one.
    take, take_single : callable
        Take a result of either; return arrays whose second axis is the batch, by name.
    """
    together = take(student.call(function, *whole.arguments))
    alone = take_single(student.call(function, *single.arguments))
    second = {name: part[:, 1:2] for name, part in together.items()}
    here = "where the second example of a batch comes alone"
    own_results_agree(alone, second, function, here, "among the others")
