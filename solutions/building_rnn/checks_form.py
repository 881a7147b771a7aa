"""Take results apart without tripping over their form, and compare calls with each other.

No check stands here. Each function fails with a sentence for the learner where a result is not
of the form that its contract promises.
"""

import numpy as np
from contract import RETURNS

from grader.checking import CheckFailure, agree, expect, fail

WEIGHTS = ("dWf", "dWi", "dWc", "dWo")
BIASES = ("dbf", "dbi", "dbc", "dbo")

A_SECOND_CALL = (
    "the same call gives something else the second time. Every call has to start afresh, "
    "with arrays and lists of its own."
)
A_LATER_CALL = (
    "a later call changes the result of an earlier one. Every call has to make "
    "arrays and lists of its own."
)


def array_of(value, name, function, shape):
    """Return `value` if it is an array of finite numbers, of this shape."""
    if not isinstance(value, np.ndarray):
        fail(f"{function}: {name} should be an array of shape {shape}.")
    if value.shape != shape:
        fail(f"{function}: {name} has shape {value.shape}, but {shape} is expected.")
    if value.dtype.kind != "f":
        fail(f"{function}: {name} holds {value.dtype} values, but float64 is expected.")
    if not np.all(np.isfinite(value)):
        fail(f"{function}: {name} holds NaN or infinite values, but every value should be finite.")
    return value


def parts_of(result, shapes, function, given):
    """Return the first parts of a returned tuple by name.

    Parameters
    ----------
    shapes : dict
        Shapes of the parts, by name.
    given : sequence
        The arrays that the function was called with.
    """
    if not isinstance(result, tuple | list) or len(result) < len(shapes):
        fail(f"{function} should return {', '.join(shapes)} and then the cache, in this order.")
    named = zip(shapes, result, strict=False)
    found = {name: array_of(part, name, function, shapes[name]) for name, part in named}
    return alive(found, function, given)


def gradients_of(result, shapes, function, given):
    """Return the gradients of a returned dictionary; `shapes` and `given` as in `parts_of`."""
    if not isinstance(result, dict):
        fail(f"{function} should return a dictionary of gradients.")
    found = {name: array_of(result.get(name), name, function, shapes[name]) for name in shapes}
    return alive(found, function, given)


def alive(arrays, function, given):
    """Return the arrays, unless each is a constant or was given: nothing was computed then."""
    if all(np.ptp(array) == 0 for array in arrays.values()):
        fail(f"{function}: all that it returned here is constant, whatever the arguments.")
    if all(
        np.ptp(array) == 0 or any(np.array_equal(array, argument) for argument in given)
        for array in arrays.values()
    ):
        fail(f"{function}: it returns its arguments as they came, and computes nothing from them.")
    return arrays


def lstm_gradient_shapes(n_a, n_x):
    """Return the shapes of the gradients of all gates, by name."""
    return dict.fromkeys(WEIGHTS, (n_a, n_a + n_x)) | dict.fromkeys(BIASES, (n_a, 1))


def entries_of(cache, names, function):
    """Return the entries of one cache, by name."""
    if not isinstance(cache, tuple | list) or len(cache) < len(names):
        fail(f"{function}: a cache should be the tuple ({', '.join(names)}).")
    return dict(zip(names, cache, strict=False))


def cache_in(result, index, function):
    """Return what stands at the place of the cache among several returned values."""
    if not isinstance(result, tuple | list) or len(result) <= index:
        fail(f"{function} should return {index + 1} values, the cache last.")
    return result[index]


def step_caches_of(caches, names, steps, function):
    """Return the caches of all steps, each by name."""
    if not isinstance(caches, tuple | list) or len(caches) < 2:
        fail(f"{function}: caches should be the tuple (list of the caches of all steps, x).")
    if not isinstance(caches[0], tuple | list) or len(caches[0]) != steps:
        fail(f"{function}: caches[0] should be a list of {steps} caches, one per time step.")
    return [entries_of(cache, names, function) for cache in caches[0]]


def untouched(student, reference, function, case, take):
    """Fail where a call changes its arguments, or returns nothing that `take` could take."""
    agree(student, reference, function, *case.arguments, part=(), unmodified=True)
    take(student.last.value)


def repeatable(student, function, case, other, take):
    """Fail unless calls of a function leave each other alone.

    The complete results count, caches too. A result is also read again after a later call, with
    other values of the same shapes: a buffer that all calls share is overwritten by then.

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
    first, second = student.pair(function, case.arguments, other.arguments)
    _same(first, once, function, A_LATER_CALL)
    if _equal(second, once, function):
        fail(f"{function}: a call with other values gives the result of the call before it.")
    third = student.call(function, *case.arguments)
    _same(third, once, function, A_SECOND_CALL)


def _same(result, wanted, function, sentence):
    try:
        expect(result, wanted, _label(function), of=function)
    except CheckFailure as failure:
        fail(f"{function}: {sentence} {failure.sentence.removeprefix(function + ': ')}")


def _label(function):
    """What the result of a function is called, and its parts."""
    labels = RETURNS[function]
    return "the result" if isinstance(labels, str) else ("the result", labels)


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
    for name, value in found.items():
        expect(louder[name], factor * value, name, of=function)


def all_equal(arrays, wanted, function):
    """Fail unless the arrays, by name, are those that are wanted."""
    for name, value in wanted.items():
        expect(arrays[name], value, name, of=function)


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
    all_equal(alone, {name: part[:, 1:2] for name, part in together.items()}, function)


def kept_as_it_was(found, right, own, label, function):
    """Fail unless a cached state is the right one or, at least, the one that was returned."""
    try:
        expect(found, right, label, of=function)
    except CheckFailure:
        expect(found, own, f"{label}, beside what your own result says of this step,", of=function)
