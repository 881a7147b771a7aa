"""Checks of running_sum."""

from cases import film

from grader.checking import agree, check, fail


@check(task="running_sum", points=20)
def every_step_adds_up(student, reference, rng):
    """Every step holds the sum of all steps so far."""
    x, start = film(rng)
    agree(student, reference, "running_sum", x, start, part="totals")


@check(task="running_sum", points=8)
def the_last_sum_is_returned(student, reference, rng):
    """The last sum is returned, too."""
    x, start = film(rng)
    agree(student, reference, "running_sum", x, start, part="last")


@check(task="running_sum", points=2)
def the_last_sum_is_its_own(student, reference, rng):
    """The last sum is no window onto the totals or the start."""
    student.running_sum(*film(rng))
    if student.last.aliases:
        here, there = student.last.aliases[0]
        fail(f"running_sum: {here} shares its memory with {there}. Return a copy.")
