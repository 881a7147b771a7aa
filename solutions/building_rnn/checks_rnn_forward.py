"""Hidden tests of the plain recurrent network: a whole sequence, forward."""

from dataclasses import replace

import numpy as np
from cases import (
    WIDE_AND_LONG,
    deaf,
    from_zero_state,
    in_fortran_order,
    one_example,
    rnn_sequence,
    with_other_values,
)
from checks_between_calls import (
    one_of_the_batch,
    own_results_agree,
    repeatable,
)
from checks_form import (
    cache_in,
    kept_as_it_was,
    parts_of,
    step_caches_of,
    untouched,
)
from checks_partial_credit import agree_or_follow, telling
from contract import RNN_CACHE
from rnn_utils import softmax

from grader.checking import agree, check, expect


def parts(case):
    """Take the arrays out of a result of the forward pass for this case."""
    (n_a, m), n_y, T_x = case.a0.shape, case.parameters["by"].shape[0], case.x.shape[2]
    shapes = {"a": (n_a, m, T_x), "y_pred": (n_y, m, T_x)}
    return lambda result: parts_of(result, shapes, "rnn_forward", (case.x, case.a0))


@check(task="rnn_forward", points=2)
def first_step_starts_from_a0(student, reference, rng):
    """The first step starts from a0."""
    case = rnn_sequence(rng)
    a = parts(case)(student.rnn_forward(*case.arguments))["a"]
    expected = reference.rnn_forward(*case.arguments)[0]
    expect(a[:, :, 0], expected[:, :, 0], "a[:, :, 0]", of="rnn_forward")


@check(task="rnn_forward", points=2)
def hidden_state_is_carried(student, reference, rng):
    """Every later step starts from the state of the step before it."""
    case = from_zero_state(rnn_sequence(rng))
    agree(student, reference, "rnn_forward", *case.arguments, part="a")


@check(task="rnn_forward", points=2)
def prediction_of_every_step(student, reference, rng):
    """Every step has its own prediction, at its own place in y_pred."""
    case = rnn_sequence(rng, **WIDE_AND_LONG)
    Wya, by = case.parameters["Wya"], case.parameters["by"]
    steps = case.x.shape[2]

    def rule(result):
        a = telling(result[0], (*case.a0.shape, steps))
        own = [softmax(Wya @ a[:, :, t] + by) for t in range(steps)]
        expect(result[1], np.stack(own, axis=2), "y_pred")

    agree_or_follow(student, reference, "rnn_forward", case.arguments, "y_pred", rule)


@check(task="rnn_forward", points=0.75)
def whole_sequence(student, reference, rng):
    """A sequence, shorter or longer than the hidden state is wide, comes out right as a whole."""
    for sizes in ({}, WIDE_AND_LONG):
        case = rnn_sequence(rng, **sizes)
        agree(student, reference, "rnn_forward", *case.arguments, part=("a", "y_pred"))


@check(task="rnn_forward", points=1.5)
def caches_hold_every_step(student, reference, rng):
    """The caches are those of all steps in the order of time, and then x."""
    case = deaf(rnn_sequence(rng))
    caches = cache_in(student.rnn_forward(*case.arguments), 2, "rnn_forward")
    found = step_caches_of(caches, RNN_CACHE, case.x.shape[2], "rnn_forward")
    expect(caches[1], case.x, "caches[1]", of="rnn_forward")
    wanted = reference.rnn_forward(*case.arguments)[-1][0]
    for t, cache in enumerate(wanted):
        for name, value in zip(RNN_CACHE, cache, strict=True):
            if name != "a_prev":
                expect(found[t][name], value, f"caches[0][{t}].{name}", of="rnn_forward")


@check(task="rnn_forward", points=1.5)
def rnn_caches_stay_as_they_were(student, reference, rng):
    """No later step overwrites what an earlier step has cached."""
    case = rnn_sequence(rng)
    steps = case.x.shape[2]
    result = student.rnn_forward(*case.arguments)
    a, caches = parts(case)(result)["a"], cache_in(result, 2, "rnn_forward")
    right = [cache[1] for cache in reference.rnn_forward(*case.arguments)[2][0]]
    own = [case.a0] + [a[:, :, t] for t in range(steps - 1)]
    for t, cache in enumerate(step_caches_of(caches, RNN_CACHE, steps, "rnn_forward")):
        label = f"caches[0][{t}].a_prev"
        kept_as_it_was(cache["a_prev"], right[t], own[t], label, "rnn_forward")


@check(task="rnn_forward", points=0.5)
def rnn_sequence_of_one_step(student, rng):
    """A sequence of one step gives what the first step of a longer one gives."""
    case = rnn_sequence(rng)
    longer = parts(case)(student.rnn_forward(*case.arguments))
    short = replace(case, x=case.x[:, :, :1])
    found = parts(short)(student.rnn_forward(*short.arguments))
    first = {name: part[:, :, :1] for name, part in longer.items()}
    here = "in a sequence of one step"
    own_results_agree(found, first, "rnn_forward", here, "in the first step of a longer one")


@check(task="rnn_forward", points=0.5)
def rnn_sequence_of_one_example(student, rng):
    """An example alone goes through the sequence as it goes among others."""
    case = rnn_sequence(rng)
    single = one_example(case, 1)
    one_of_the_batch(student, "rnn_forward", case, single, parts(case), parts(single))


@check(task="rnn_forward", points=0.25)
def rnn_forward_leaves_its_arguments_alone(student, reference, rng):
    """The arrays x, a0 and the parameters are the same after the call."""
    case = in_fortran_order(rnn_sequence(rng))
    untouched(student, reference, "rnn_forward", case, parts(case))


@check(task="rnn_forward", points=1)
def rnn_forward_remembers_no_call(student, rng):
    """A call gives the same whatever was called before it, and changes no earlier result."""
    case = rnn_sequence(rng)
    repeatable(student, "rnn_forward", case, with_other_values(rng, case), parts(case))
