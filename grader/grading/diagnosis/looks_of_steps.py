"""Findings about arrays over time: which steps are wrong, and what stands in their place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.grading.diagnosis.looks import Detector, Sighting, listed, same
from grader.grading.diagnosis.scenes import Array, Scene


def _shifted(scene: Scene) -> Sighting | None:
    if scene.actual.ndim != 3 or scene.actual.shape[2] < 3:
        return None
    yours, right, name = scene.actual, scene.expected, scene.name
    if same(yours[:, :, ::-1], right):
        return Sighting("reversed", f"The steps of `{name}` stand in reverse order.")
    if same(yours[:, :, 1:], right[:, :, :-1]):
        tells = f"`{name}` comes one step late: step t holds what belongs to t - 1."
        return Sighting("one-step-late", tells)
    if same(yours[:, :, :-1], right[:, :, 1:]):
        tells = f"`{name}` comes one step early: step t holds what belongs to t + 1."
        return Sighting("one-step-early", tells)
    return None


def _some_steps(scene: Scene) -> Sighting | None:
    if scene.actual.ndim != 3 or scene.actual.shape[2] < 2:
        return None
    yours = [scene.actual[:, :, t] for t in range(scene.actual.shape[2])]
    expected = [scene.expected[:, :, t] for t in range(scene.actual.shape[2])]
    right = [same(one, other) for one, other in zip(yours, expected, strict=True)]
    if not any(right) or all(right):
        return None
    wrong = [t for t, good in enumerate(right) if not good]
    if not any(np.any(yours[t]) for t in wrong):
        return _empty_steps(scene.name, wrong, right)
    last = len(right) - 1
    if right[0] and len(wrong) == last:
        return _after_the_first(scene.name, yours, expected)
    if right[last] and len(wrong) == last:
        tells = f"`{scene.name}` is right at the last step only."
        if scene.name.startswith("d"):
            tells += " What is handed back from one step to the one before?"
        return Sighting("right-at-last-step", tells)
    if wrong == [0]:
        return Sighting("wrong-at-first-step", f"`{scene.name}` is wrong at the first step only.")
    if wrong == [last]:
        return Sighting("wrong-at-last-step", f"`{scene.name}` is wrong at the last step only.")
    return Sighting("some-steps", f"`{scene.name}` is {_where(wrong, len(right))}.")


def _empty_steps(name: str, wrong: list[int], right: list[bool]) -> Sighting:
    """Steps that hold nothing but zeros: no step before them can be to blame."""
    if right[0] and len(wrong) == len(right) - 1:
        tells = f"`{name}` is right at the first step, and all zeros from the second on: does the "
        return Sighting("only-first-step", tells + "function return inside of its loop?")
    if right[-1] and len(wrong) == len(right) - 1:
        tells = f"`{name}` is right at the last step, and all zeros at the others: does the "
        return Sighting("only-last-step", tells + "function return inside of its loop?")
    tells = f"`{name}` is {_where(wrong, len(right), 'all zeros')}: does the loop reach these "
    return Sighting("empty-steps", tells + "steps, and store them?")


def _where(wrong: list[int], total: int, how: str = "wrong") -> str:
    """Which steps are wrong, or which alone are right, whichever is shorter."""
    rest = sorted(set(range(total)) - set(wrong))
    few = wrong if len(wrong) <= len(rest) else rest
    here, there = (how, "right") if few is wrong else ("right", how)
    return f"{here} at step t = {', '.join(map(str, few))}, and {there} at all others"


def _after_the_first(name: str, yours: list[Array], right: list[Array]) -> Sighting:
    if all(same(one, right[0]) for one in yours):
        tells = f"Every step of `{name}` holds what belongs to the first."
        return Sighting("first-step-everywhere", tells)
    tells = "is right at the first step only: what is handed from one step to the next?"
    return Sighting("right-at-first-step", f"`{name}` {tells}")


def _first_example(scene: Scene) -> Sighting | None:
    """What a loop over the examples leaves: only the first is filled, or it stands for all."""
    if scene.actual.ndim != 3 or scene.actual.shape[1] < 2:
        return None
    yours, right, name = scene.actual, scene.expected, scene.name
    wrong = [j for j in range(right.shape[1]) if not same(yours[:, j], right[:, j])]
    if not 0 < len(wrong) < right.shape[1]:
        return None
    which = listed(wrong, right.shape[1])
    if not np.any(yours[:, wrong]):
        tells = f"`{name}` is all zeros for some examples ({which}), and right for the others: "
        return Sighting("empty-examples", tells + "which index should move with the example?")
    if 0 not in wrong and all(same(yours[:, j], right[:, 0]) for j in wrong):
        tells = f"Every example of `{name}` holds what belongs to example 0."
        return Sighting("first-example", tells)
    return Sighting("some-examples", f"`{name}` is wrong for some examples ({which}).")


OF_STEPS: Sequence[Detector] = (_shifted, _some_steps, _first_example)
