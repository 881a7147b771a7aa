"""What numpy and Python mean by their commonest errors, in a learner's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

Translate = Callable[[re.Match[str]], str]


def _text(sentence: str) -> Translate:
    return lambda match: sentence.format(*match.groups())


# What numpy says where two shapes do not fit.
UNEQUAL_SHAPES: Final = r"operands could not be broadcast together with shapes (\(.*?\)) (\(.*?\))"


def _unequal(first: str, second: str, line: str) -> str:
    """What two shapes have to do with each other that do not fit in an element-wise operation."""
    tells = (
        "An element-wise operation needs equal shapes (or axes of length 1); here it meets "
        f"{first} and {second}."
    )
    one, other = (tuple(map(int, re.findall(r"\d+", shape))) for shape in (first, second))
    if len(one) != len(other):
        return f"{tells} One has an axis less: was it lost in a sum without `keepdims=True`?"
    multiplies = "*" in line and len(one) == 2 and one[1] == other[0]
    product = " A matrix product, `@`, would fit as well." if multiplies else ""
    if len(one) == 2 and (_fit(one[::-1], other) or _fit(one, other[::-1])):
        tells += " They fit when one of them is transposed: is a `.T` missing, or too many?"
        return tells + product
    if multiplies:
        return f"{tells} A matrix product, `@`, would fit: was it meant?"
    return f"{tells} Which of the two is another size than you think?"


def _fit(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(a == b or 1 in (a, b) for a, b in zip(one, other, strict=True))


# Pattern of the message, then what it means; the first that fits is told. The groups of the
# pattern fill the sentence.
TRANSLATIONS: Final[tuple[tuple[str, Translate], ...]] = (
    (
        r"shapes (\(.*?\)) and (\(.*?\)) not aligned: (\d+) \(dim \d+\) != (\d+) \(dim \d+\)",
        _text(
            "A matrix product needs as many columns on its left as rows on its right; "
            "here {0} meets {1}, that is {2} and {3}. Is another array meant, or one of them "
            "transposed?"
        ),
    ),
    (
        r"matmul: .*mismatch in its core dimension.*\(size (\d+) is different from (\d+)\)",
        _text(
            "A matrix product needs as many columns on its left as rows on its right; here they "
            "are {1} and {0}. Is another array meant, or one of the two transposed?"
        ),
    ),
    (
        r"matmul: Input operand \d does not have enough dimensions",
        _text(
            "`@` needs arrays, but one side has no axes here: it is a single number (`*` "
            "multiplies by one), or None."
        ),
    ),
    (
        UNEQUAL_SHAPES,
        lambda match: _unequal(match.group(1), match.group(2), ""),
    ),
    (
        r"non-broadcastable output operand with shape (\(.*?\)) doesn't match .* (\(.*?\))",
        _text("What is added in place has shape {1}, but the array it is added to has {0}."),
    ),
    (
        r"could not broadcast input array from shape (\(.*?\)) into shape (\(.*?\))",
        _text(
            "A value of shape {0} is stored in a place of shape {1}. Which of the two has the "
            "wrong size: the value, or the array that was made to hold it?"
        ),
    ),
    (
        r"need at least one array to (stack|concatenate)",
        _text(
            "An empty list is put together here. Is what every step makes appended to it, and "
            "does the loop run at all?"
        ),
    ),
    (
        r"setting an array element with a sequence",
        _text(
            "An array is stored where a single number belongs. Which axis is missing in the index?"
        ),
    ),
    (
        r"'?p'? must be 1-dimensional",
        _text(
            "`np.random.choice` wants its probabilities in one dimension, but a column (V, 1) "
            "comes out of the softmax. Flatten it first."
        ),
    ),
    (
        r"'?a'? must be 1-dimensional|a must be 1-dimensional",
        _text("`np.random.choice` draws from a number or a one-dimensional list of indices."),
    ),
    (
        r"'?a'? and '?p'? must have (the )?same size",
        _text(
            "`np.random.choice` needs one probability for each thing that it may draw; the two "
            "have different lengths here."
        ),
    ),
    (
        r"probabilities do not sum to 1",
        _text("These are no probabilities: they do not add up to one. Was the softmax applied?"),
    ),
    (
        r"probabilities are not non-negative",
        _text("These are no probabilities: some are negative. Was the softmax applied?"),
    ),
    (
        r"probabilities contain NaN",
        _text(
            "Some probabilities are NaN: a computation before this line overflowed or divided by 0."
        ),
    ),
    (
        r"cannot unpack non-iterable NoneType",
        _text("A function returned None here: its `return` is missing, or it is not reached."),
    ),
    (
        r"cannot unpack non-iterable (\S+) object",
        _text("Several values are expected here, but a single {0} came."),
    ),
    (
        r"too many values to unpack \(expected (\d+)\)",
        _text("More than the {0} values that stand on the left came back. Count what is returned."),
    ),
    (
        r"not enough values to unpack \(expected (\d+), got (\d+)\)",
        _text("{0} values are expected on the left, but only {1} came. Count what is returned."),
    ),
    (
        r"'NoneType' object is not (subscriptable|iterable|callable)",
        _text("Something is None here: was it never computed, or did a function not `return` it?"),
    ),
    (
        r"'NoneType' object has no attribute '(\w+)'",
        _text(
            "Something is None here. A list's `append` changes the list and returns None; a "
            "function without `return` does so, too."
        ),
    ),
    (
        r"unsupported operand type\(s\) for (\S+): '(\w+)' and '(\w+)'",
        _text("`{0}` meets a {1} and a {2} here. Was one of them never computed?"),
    ),
    (
        r"cannot access local variable '(\w+)'|local variable '(\w+)' referenced before",
        lambda match: (
            f"`{match.group(1) or match.group(2)}` is used before it has a value in this function. "
            "Is a line above it missing, or is it only set inside a branch that was not taken?"
        ),
    ),
    (
        r"name '(\w+)' is not defined",
        _text(
            "`{0}` exists neither in this function nor in this file. In a notebook a name from "
            "another cell may hide this: take it from the arguments, the cache or `parameters`; "
            "a given helper function has to be imported at the top."
        ),
    ),
    (
        r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)",
        _text("Index {0} is used on axis {1}, whose last index is one less than {2}."),
    ),
    (
        r"too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed",
        _text("An array of {0} axes is indexed with {1}. Is it the array of one step, not of all?"),
    ),
    (
        r"list index out of range|tuple index out of range",
        _text("A list or tuple is shorter than this index. How many items should it have here?"),
    ),
    (
        r"list indices must be integers or slices, not (\w+)",
        _text("A list is indexed with a {0}. Is it the whole list of caches where one is meant?"),
    ),
    (
        r"tuple indices must be integers or slices, not (\w+)",
        _text("A tuple is indexed with a {0}: a cache is unpacked by position, not by name."),
    ),
    (
        r"all the input array dimensions except for the concatenation axis must match.*"
        r"along dimension (\d+).* size (\d+) and .* size (\d+)",
        _text(
            "What is stacked must agree on every other axis; on axis {0} the sizes are {1} and {2}."
            " Is the stacking axis the right one?"
        ),
    ),
    (
        r"all the input array dimensions except for the concatenation axis must match",
        _text(
            "What is stacked must agree on every other axis. Is the stacking axis the right one?"
        ),
    ),
    (
        r"only integer scalar arrays can be converted to a scalar index",
        _text(
            "An array stands where a whole number belongs. `np.concatenate` takes its arrays in "
            "one tuple: `np.concatenate((first, second))`."
        ),
    ),
    (
        r"only (length-1|0-dimensional|size-1) arrays can be converted to Python scalars",
        _text("A whole array stands where one number belongs."),
    ),
    (
        r"axis (\d+) is out of bounds for array of dimension (\d+)",
        _text("Axis {0} is asked of an array that has {1} axes; they are counted from 0."),
    ),
    (
        r"truth value of an array with more than one element is ambiguous",
        _text(
            "An array stands where true or false is needed: compare one number, or use `np.all`."
        ),
    ),
    (
        r"(assignment destination|output array) is read-only",
        _text(
            "An argument is changed in place here; make a new array, the caller needs the old one."
        ),
    ),
    (
        r"_(?:vhstack|concatenate|stack|dstack)_?\w*\(\) takes .* positional arguments? but|"
        r"\b(?:[vhd]?stack|concatenate)\(\) takes .* positional arguments? but",
        _text("numpy's stacking functions take their arrays in one tuple: two pairs of brackets."),
    ),
    (
        r"(\w+)\(\) takes (from )?(\d+)(?: to \d+)? positional arguments? but (\d+)",
        _text("`{0}` is given {3} arguments, but its `def` names {2}. Compare it with the brief."),
    ),
    (
        r"(\w+)\(\) missing (\d+) required positional argument",
        _text("`{0}` needs {1} more in this call. Compare its `def` with the brief."),
    ),
    (
        r"'numpy.ndarray' object is not callable",
        _text(
            "An array is called like a function: is there a `*` or `@` missing before a bracket?"
        ),
    ),
    (
        r"'numpy.ndarray' object has no attribute 'append'",
        _text("Arrays cannot grow; a list can. Collect caches in a list."),
    ),
    (
        r"'(\w+)' object does not support item assignment",
        _text("A {0} cannot be changed in place; build a list or a dictionary."),
    ),
    (
        r"'(dict|list|tuple|str)' object is not callable",
        _text("A {0} is called like a function: square brackets take an item out of it."),
    ),
    (
        r"maximum recursion depth exceeded",
        _text("The function calls itself without end."),
    ),
    (
        r"division by zero|float division by zero",
        _text("Something is divided by zero."),
    ),
    (
        r"module 'numpy' has no attribute '(\w+)'",
        _text("numpy has no `{0}` (any more). Is it misspelt?"),
    ),
)


def translate(kind: str, message: str, line: str = "") -> str:
    """What an error means for a learner; empty where it speaks for itself.

    Parameters
    ----------
    kind : str
        The name of the exception's type.
    message : str
        Its text.
    line : str, optional
        The learner's line that raised it.
    """
    if kind == "KeyError":
        return (
            f"A dictionary has no key {message}. Are the keys spelt as in the contract, and is it "
            "the dictionary that this function was given, not one of the notebook's own?"
        )
    for pattern, meaning in TRANSLATIONS:
        match = re.search(pattern, message, re.DOTALL)
        if match is not None and pattern == UNEQUAL_SHAPES:
            return _unequal(match.group(1), match.group(2), line)
        if match is not None:
            return meaning(match)
    return ""
