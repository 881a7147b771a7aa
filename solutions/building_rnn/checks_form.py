"""Take results apart without tripping over their form, and compare calls with each other.

No check stands here. Each function fails with a sentence for the learner where a result is not
of the form that its contract promises.
"""

import numpy as np

from grader.checking import agree, expect, fail

WEIGHTS = ("dWf", "dWi", "dWc", "dWo")
BIASES = ("dbf", "dbi", "dbc", "dbo")


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


def parts_of(result, shapes, function):
    """Return the first parts of a returned tuple by name; `shapes` gives their names and shapes."""
    if not isinstance(result, tuple | list) or len(result) < len(shapes):
        fail(f"{function} should return {', '.join(shapes)} and then the cache, in this order.")
    named = zip(shapes, result, strict=False)
    return alive(
        {name: array_of(part, name, function, shapes[name]) for name, part in named}, function
    )


def gradients_of(result, shapes, function):
    """Return the gradients of a returned dictionary; `shapes` gives their names and shapes."""
    if not isinstance(result, dict):
        fail(f"{function} should return a dictionary of gradients.")
    found = {name: array_of(result.get(name), name, function, shapes[name]) for name in shapes}
    return alive(found, function)


def alive(arrays, function):
    """Return the arrays, unless every one of them is a constant: nothing was computed then."""
    if all(np.ptp(array) == 0 for array in arrays.values()):
        fail(f"{function}: no value that it returns depends on its arguments.")
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
    """Fail unless a call gives the same before and after another one.

    Parameters
    ----------
    take : callable
        Takes a result; returns the arrays to compare, by name.
    """
    before = take(student.call(function, *case.arguments))
    student.call(function, *other.arguments)
    all_equal(take(student.call(function, *case.arguments)), before, function)


def all_equal(arrays, wanted, function):
    """Fail unless the arrays, by name, are those that are wanted."""
    for name, value in wanted.items():
        expect(arrays[name], value, name, of=function)
