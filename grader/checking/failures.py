"""What a failing check knows: enough for a sentence, and for a diagnosis after it."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Fault = Literal["claim", "kind", "shape", "dtype", "finiteness", "values", "raised", "stopped"]


class Difference(msgspec.Struct, frozen=True, eq=False):
    """The first part of a returned value that is not what it should be.

    Attributes
    ----------
    path : str
        As a person would write it: ``a_next``, ``caches[0][2].c_prev``, ``gradients["dWax"]``.
    fault : Fault
        The first thing that is wrong, in the order kind, shape, dtype, finiteness, values.
    actual, expected : object
        The two parts themselves.
    """

    path: str
    fault: Fault
    sentence: str
    actual: Any = None
    expected: Any = None


class CheckFailure(Exception):
    """A check's claim does not hold for the learner's code.

    Raised by ``fail``, ``expect``, ``agree`` and by calls of the student; a check need not
    catch it.
    """

    def __init__(
        self,
        sentence: str,
        *,
        difference: Difference | None = None,
        function: str | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.difference = difference
        self.function = function


class CallFailure(CheckFailure):
    """The learner's function did not return: it raised, hung, crashed or hit a limit."""

    def __init__(self, sentence: str, *, function: str, outcome: Any) -> None:
        super().__init__(sentence, function=function)
        self.outcome = outcome


def fail(sentence: str) -> None:
    """Fail the check with a sentence for the learner."""
    raise CheckFailure(sentence)
