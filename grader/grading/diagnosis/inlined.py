"""A function that computes the steps itself, where the reference calls another for each of them.

A fault in such a step is a known fault of the other function: the reference calls a version of
that with the fault, and what comes out is compared with what the learner's function returned.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

import msgspec

from grader.checking.suite import Suite
from grader.checking.time_limit import TooLongError, time_limit
from grader.content.edits import FunctionText
from grader.content.mistakes import Mistake, MistakeTexts
from grader.grading.diagnosis.evidence import Evidence, Footprint
from grader.grading.diagnosis.explanation import Explanation
from grader.grading.diagnosis.fingerprints import Narrowing
from grader.grading.diagnosis.workshop import SECONDS_PER_CANDIDATE, compiled

TIES = 3


def called_by(function: str, functions: Mapping[str, FunctionText]) -> tuple[str, ...]:
    """The other functions of the assignment that the reference's function calls."""
    calls = [node for node in ast.walk(ast.parse(functions[function].text))
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]  # fmt: skip
    names = dict.fromkeys(call.func.id for call in calls if isinstance(call.func, ast.Name))
    return tuple(name for name in names if name in functions and name != function)


def fault_in_a_step(
    evidence: Evidence,
    narrowing: Narrowing | None,
    functions: Mapping[str, FunctionText],
    texts_of: Callable[[str], MistakeTexts],
    suite: Suite,
) -> Explanation | None:
    """The known fault of a called function that explains every direct call; None without one.

    Checks that answer for the called function are left aside: they do not reach a step that is
    computed in place.
    """
    if narrowing is None or not narrowing.steps or evidence.raised or not evidence.calls:
        return None
    function = evidence.function
    footprint = Footprint(msgspec.structs.replace(evidence, watched=()), suite)
    for callee in called_by(function, functions):
        found = [
            entry
            for entry in texts_of(callee).parsed(narrowing.steps).mistakes
            if _fits(footprint, suite, functions[callee], entry)
        ][:TIES]
        if found:
            return Explanation(
                tuple(entry.id for entry in found),
                tuple(
                    f"Its steps come out as from `{callee}` with this fault: {entry.tells}"
                    for entry in found
                ),
                False,
                found[0].variables,
                compiled(functions[function], ()),
            )
    return None


def _fits(footprint: Footprint, suite: Suite, text: FunctionText, entry: Mistake) -> bool:
    code = suite.code.with_function(text.name, compiled(text, entry.changes))
    try:
        with time_limit(SECONDS_PER_CANDIDATE):
            return footprint.fits(code)
    except TooLongError:
        return False
