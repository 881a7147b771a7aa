"""Hidden tests of `model`, mostly by observing what it hands to its own `optimize`."""

import numpy as np
from cases import NEWLINE, few_names
from watching import (
    N_A,
    documented_order,
    indices,
    learned_from,
    same_arrays,
    spelled,
    state_shown,
    train,
    watch,
)

from grader.checking import check, describe, expect, fail


@check(task="model", points=3)
def names_come_in_the_shuffled_order(student, reference, rng):
    """Every iteration takes the next name of the list, shuffled once with seed 0."""
    names = few_names(rng, 7)
    seen = watch(student, reference, names, 7)
    order = documented_order(learned_from(seen, names))[:7]
    for j, (step, name) in enumerate(zip(seen, order, strict=True)):
        if spelled(step.letters) != name:
            fail(
                f"model: iteration {j} should learn from {name!r}, but optimize was given "
                f"{spelled(step.letters)!r}. The index of the name is j % len(examples)."
            )


@check(task="model", points=3)
def inputs_start_with_none(student, reference, rng):
    """The inputs are None and then the letters of the name."""
    for j, step in enumerate(watch(student, reference, few_names(rng, 4), 4)):
        if not step.X or step.X[0] is not None:
            first = step.X[0] if step.X else "nothing"
            fail(f"model: X should start with None (no letter has been read yet), not {first}.")
        if None in step.X[1:]:
            fail(f"model: X holds None after its start, at iteration {j}.")


@check(task="model", points=3)
def targets_are_the_inputs_one_step_later(student, reference, rng):
    """The target of every step is the input of the next."""
    for step in watch(student, reference, few_names(rng, 4), 4):
        letters = step.letters
        if step.Y[: len(letters)] != letters:
            fail(f"model: for the letters {letters} the targets start with {step.Y}.")


@check(task="model", points=2)
def newline_is_the_last_target(student, reference, rng):
    """The last target is the newline, and there are as many targets as inputs."""
    for step in watch(student, reference, few_names(rng, 4), 4):
        if not step.Y or step.Y[-1] != NEWLINE:
            fail(f"model: the last target should be the newline ({NEWLINE}); Y is {step.Y}.")
        if len(step.Y) != len(step.letters) + 1:
            fail(f"model: {len(step.letters)} letters need one target more, not {len(step.Y)}.")


@check(task="model", points=2)
def list_starts_again_at_its_end(student, reference, rng):
    """When the list is through, it starts again with its first name, in the same order."""
    names = few_names(rng, 3)
    count = len(learned_from(watch(student, reference, names, 1), names))
    seen = watch(student, reference, names, count + 5)
    for j in range(count, count + 5):
        if seen[j].letters != seen[j - count].letters:
            fail(
                f"model: with {count} names, iteration {j} should learn from the same name as "
                f"iteration {j - count}, but it was given {spelled(seen[j].letters)!r}."
            )


@check(task="model", points=3)
def hidden_state_goes_on_to_the_next_name(student, reference, rng):
    """The hidden state that optimize returns is handed in with the next name."""
    seen = watch(student, reference, few_names(rng, 5), 6)
    expect(seen[0].a_prev, np.zeros((N_A, 1)), "the first a_prev", of="model")
    for j in range(1, 6):
        if not seen[j - 1].handed_back(seen[j].a_prev):
            fail(
                f"model: the a_prev of iteration {j} is not the hidden state that optimize "
                f"returned at iteration {j - 1}: it is {state_shown(seen[j].a_prev)}."
            )


@check(task="model", points=1)
def learning_rate_is_a_hundredth(student, reference, rng):
    """Every call of optimize is made with the learning rate 0.01."""
    for step in watch(student, reference, few_names(rng, 3), 3):
        number = isinstance(step.rate, int | float | np.number)  # or a default of optimize's own
        if number and abs(step.rate - 0.01) > 1e-8:
            fail(f"model: the learning rate should be 0.01, not {step.rate:g}.")


@check(task="model", points=2)
def trained_parameters_are_returned(student, reference, rng):
    """The trained parameters are returned."""
    names = few_names(rng, 4)
    same = learned_from(watch(student, reference, names, 1, served=False), names)
    actual, expected = train(student, names, 30), train(reference, same, 30)
    expect(parameters_of(student, actual), expected[0], "parameters", of="model")


def parameters_of(student, result):
    """The parameters, which older editions return alone."""
    if isinstance(result, dict):
        student.notes.append("model returns the parameters alone, as older editions do.")
        return result
    if not isinstance(result, list | tuple) or not result:
        hint = " Is the `return` missing?" if result is None else ""
        fail(f"model should return parameters and the last name, not {describe(result)}.{hint}")
    return result[0]


@check(task="model", points=1)
def last_name_is_returned(student, rng):
    """Seven names are invented at the start, and the last is returned with the parameters."""
    names = few_names(rng, 4)
    with student.observing("optimize", "sample") as seen:
        actual = train(student, names, 3, seen)
    steps = [call for call in seen if call.function == "optimize"]
    drawn = [call for call in seen if call.function == "sample"]
    if len(drawn) != 7:
        fail(f"model: in its first 3 iterations it should invent 7 names, not {len(drawn)}.")
    learned = sum(call.function == "optimize" for call in seen[: seen.index(drawn[-1])])
    if learned > 1:
        fail("model: the first names should be invented at iteration 0, where j % 2000 is 0.")
    are_drawn_as_documented(drawn, steps, learned)
    if isinstance(actual, dict):  # the contract of older editions
        return
    if not isinstance(actual, list | tuple) or len(actual) < 2:
        fail("model should return parameters and the last name.")
    name = spelled(indices(drawn[-1].value, "what sample returns")).strip()
    if not isinstance(actual[1], str) or actual[1].strip().lower() != name:
        shown = repr(actual[1][:60]) if isinstance(actual[1], str) else describe(actual[1])
        fail(f"model: the last name should be {name.capitalize()!r}, not {shown}.")


def are_drawn_as_documented(drawn, steps, learned):
    """Fail unless the names have the seeds 0 to 6, and come from the network as it is then."""
    seeds = [call.argument(2, "seed") for call in drawn]
    if all(isinstance(seed, int | np.integer) for seed in seeds) and seeds != list(range(7)):
        fail(f"model: the seven names have the seeds 0 to 6, not {', '.join(map(str, seeds))}.")
    # Iteration 0 may invent before its step or after it, with the network as it is then.
    network = steps[learned].argument(3, "parameters") if learned < len(steps) else None
    if not same_arrays(drawn[-1].argument(0, "parameters"), network):
        fail("model: the names should be invented with the parameters that are being trained.")
