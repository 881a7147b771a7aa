"""Take results apart without tripping over their form.

No check stands here. Each function fails with a sentence for the learner where a result is not
of the form that its contract promises.
"""

import re

import numpy as np
from contract import LSTM_CACHE, RNN_CACHE

from grader.checking import CheckFailure, agree, expect, fail
from grader.checking.compare_arrays import describe

WEIGHTS = ("dWf", "dWi", "dWc", "dWo")
BIASES = ("dbf", "dbi", "dbc", "dbo")


def array_of(value, name, function, shape):
    """Return `value` if it is an array of finite numbers, of this shape."""
    if not isinstance(value, np.ndarray):
        wanted = f"an array of shape {shape} is expected"
        fail(f"{function}: {name} is {describe(value)}, but {wanted}.")
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
        given_back = "None: is the `return` missing?" if result is None else describe(result) + "."
        fail(f"{function} should return a dictionary of gradients. It returns {given_back}")
    missing = [name for name in shapes if name not in result]
    if missing:
        have = f"It has {', '.join(map(repr, result))}." if result else "It is empty."
        lacks = ", ".join(map(repr, missing))
        fail(f"{function}: the returned dictionary lacks the key {lacks}. {have}")
    found = {name: array_of(result[name], name, function, shapes[name]) for name in shapes}
    return alive(found, function, given)


def alive(arrays, function, given):
    """Return the arrays, unless each is a constant or was given: nothing was computed then."""
    if all(np.ptp(array) == 0 for array in arrays.values()):
        fail(
            f"{function}: every array that came back here holds one number throughout, like an "
            "array that nothing was written into. What do your lines compute from the arguments?"
        )
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
        wanted = f"the tuple ({', '.join(names)})"
        fail(f"{function}: a cache should be {wanted}. Here it is {_sequence(cache)}.")
    return dict(zip(names, cache, strict=False))


def cache_in(result, index, function):
    """Return what stands at the place of the cache among several returned values."""
    if not isinstance(result, tuple | list) or len(result) <= index:
        found = _sequence(result)
        fail(f"{function} should return {index + 1} values, the cache last. It returns {found}.")
    return result[index]


def step_caches_of(caches, names, steps, function):
    """Return the caches of all steps, each by name."""
    if not isinstance(caches, tuple | list) or len(caches) < 2:
        wanted = "the tuple (list of the caches of all steps, x)"
        fail(f"{function}: caches should be {wanted}. Here it is {_sequence(caches)}.")
    if not isinstance(caches[0], tuple | list) or len(caches[0]) != steps:
        wanted = f"a list of {steps} caches, one per time step"
        fail(f"{function}: caches[0] should be {wanted}. Here it is {_sequence(caches[0])}.")
    return [entries_of(cache, names, function) for cache in caches[0]]


def _sequence(value):
    """What stands where a tuple or a list belongs, for a sentence."""
    if not isinstance(value, tuple | list):
        return describe(value)
    return f"a {type(value).__name__} of {len(value)} value{'s' * (len(value) != 1)}"


def untouched(student, reference, function, case, take):
    """Fail where a call changes its arguments, or returns nothing that `take` could take."""
    agree(student, reference, function, *case.arguments, part=())
    take(student.last.value)
    names = reference.argument_names(function)
    changed = [_argument(path, names, function) for path in student.last.modified]
    if changed:
        sentence = f"{function} changes its argument {', '.join(changed)}."
        fail(f"{sentence} Work on a copy: the caller still needs it.")


def _argument(path, names, function):
    """Name a part of the arguments, from its path: ``[1][0]`` is the a_next in the cache."""
    steps = re.findall(r"\[([^]]+)\]", path)
    name = names[int(steps[0])]
    shown = f"`{name}{''.join(f'[{step}]' for step in steps[1:])}`"
    entries = LSTM_CACHE if function.startswith("lstm") else RNN_CACHE
    if name == "cache" and len(steps) > 1:
        return f"{shown} (the {entries[int(steps[1])]} of the step)"
    if name == "caches" and len(steps) > 3 and steps[1] == "0":
        return f"{shown} (the {entries[int(steps[3])]} of step {steps[2]})"
    return shown


def kept_as_it_was(found, right, own, label, function):
    """Fail unless a cached state is the right one or, at least, the one that was returned."""
    try:
        expect(found, right, label, of=function)
    except CheckFailure:
        try:
            expect(found, own, label, of=function)
        except CheckFailure as failure:
            difference = failure.difference
            if difference is None or difference.fault != "values":
                raise
            told = failure.sentence.replace("expected", "the state before the step was")
            raise CheckFailure(told, difference=difference, function=function) from failure
