"""Hidden tests of `clip`."""

from cases import GRADIENTS, gradients

from grader.checking import agree, check, describe, expect, fail

WIDE = 10.0  # standard deviation far beyond the bounds that are tried


@check(task="clip", points=3)
def large_entries_become_the_bound(student, reference, rng):
    """Entries above maxValue become maxValue."""
    given = {name: abs(value) for name, value in gradients(rng, WIDE).items()}
    agree(student, reference, "clip", given, 3.7)


@check(task="clip", points=3)
def very_negative_entries_become_the_lower_bound(student, reference, rng):
    """Entries below -maxValue become -maxValue."""
    given = {name: -abs(value) for name, value in gradients(rng, WIDE).items()}
    agree(student, reference, "clip", given, 3.7)


@check(task="clip", points=3)
def small_entries_stay_as_they_are(student, reference, rng):
    """Entries between the bounds keep their value: clipping is not rescaling."""
    agree(student, reference, "clip", gradients(rng, spread=2.0), 2.9)


@check(task="clip", points=3)
def bound_is_the_argument(student, reference, rng):
    """The bound is the argument maxValue, whatever its size."""
    given = gradients(rng, WIDE)
    for bound in (0.25, 5.0, 11.5, 25):
        agree(student, reference, "clip", given, bound)


@check(task="clip", points=2)
def all_five_gradients_are_clipped(student, reference, rng):
    """All five gradients are clipped and returned, the biases' too."""
    given = gradients(rng, WIDE)
    result = student.clip(given, 1.5)
    if not isinstance(result, dict):
        hint = " Is `return gradients` missing?" if result is None else ""
        fail(
            f"clip returned {describe(result)}, where a dictionary of gradients was expected.{hint}"
        )
    missing = [name for name in GRADIENTS if name not in result]
    if missing:
        fail(f"clip returns no {', '.join(missing)}; all five gradients belong into the result.")
    expected = reference.clip(given, 1.5)
    for name in GRADIENTS:
        expect(result[name], expected[name], name, of="clip")


@check(task="clip", points=1)
def gradients_inside_the_bounds_come_back_unchanged(student, reference, rng):
    """Gradients inside the bounds come back unchanged, with further keys or without."""
    given = gradients(rng, spread=0.1)
    given["da_next"] = given["db"] + 1.0  # the backward pass of old editions leaves it there
    agree(student, reference, "clip", given, 50, known_extra=["da_next"])
