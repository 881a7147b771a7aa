"""Checks of scale and shift_then_scale."""

from cases import sheet

from grader.checking import agree, check


@check(task="scale", points=30)
def every_row_has_its_gain(student, reference, rng):
    """Every row is multiplied by its own gain."""
    x, _, gain = sheet(rng)
    agree(student, reference, "scale", x, gain)


@check(task="scale", points=10)
def the_signal_is_left_alone(student, reference, rng):
    """The signal that is handed in stays as it was."""
    x, _, gain = sheet(rng)
    agree(student, reference, "scale", x, gain, unmodified=True)


@check(task="shift_then_scale", points=10)
def the_shift_comes_first(student, reference, rng):
    """The shift is added to every row."""
    x, shift, gain = sheet(rng)
    agree(student, reference, "shift_then_scale", x, shift, gain, part="shifted")


@check(task="shift_then_scale", points=20)
def the_shifted_is_scaled(student, reference, rng):
    """What is scaled is the shifted signal."""
    x, shift, gain = sheet(rng)
    agree(student, reference, "shift_then_scale", x, shift, gain)
