"""Hidden tests of the LSTM: a whole sequence, forward."""

from dataclasses import replace

import numpy as np
from cases import (
    WIDE_AND_LONG,
    brimming,
    deaf,
    forgetful,
    from_zero_state,
    in_fortran_order,
    lstm_sequence,
    one_example,
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
from contract import LSTM_CACHE
from rnn_utils import softmax

from grader.checking import agree, check, expect


def parts(case):
    """Take the arrays out of a result of the forward pass for this case."""
    (n_a, m), n_y, T_x = case.a0.shape, case.parameters["by"].shape[0], case.x.shape[2]
    shapes = {"a": (n_a, m, T_x), "y": (n_y, m, T_x), "c": (n_a, m, T_x)}
    return lambda result: parts_of(result, shapes, "lstm_forward", (case.x, case.a0))


@check(task="lstm_forward", points=1.25)
def first_step_of_the_lstm_starts_from_a0(student, reference, rng):
    """The first step starts from the hidden state a0."""
    case = forgetful(lstm_sequence(rng))
    a = parts(case)(student.lstm_forward(*case.arguments))["a"]
    expected = reference.lstm_forward(*case.arguments)[0]
    expect(a[:, :, 0], expected[:, :, 0], "a[:, :, 0]", of="lstm_forward")


@check(task="lstm_forward", points=1)
def cell_state_starts_at_zero(student, reference, rng):
    """Before the first step the cell state is zero."""
    case = deaf(lstm_sequence(rng))
    c = parts(case)(student.lstm_forward(*case.arguments))["c"]
    expected = reference.lstm_forward(*case.arguments)[2]
    expect(c[:, :, 0], expected[:, :, 0], "c[:, :, 0]", of="lstm_forward")


@check(task="lstm_forward", points=1.75)
def lstm_hidden_state_is_carried(student, reference, rng):
    """Every later step starts from the hidden state of the step before it."""
    case = forgetful(from_zero_state(lstm_sequence(rng)))
    agree(student, reference, "lstm_forward", *case.arguments, part="a")


@check(task="lstm_forward", points=1.75)
def cell_state_is_carried(student, reference, rng):
    """The cell state is carried from step to step."""
    case = deaf(from_zero_state(lstm_sequence(rng)))
    agree(student, reference, "lstm_forward", *case.arguments, part="c")


@check(task="lstm_forward", points=1.5)
def lstm_prediction_of_every_step(student, reference, rng):
    """Every step has its own prediction, at its own place in y, which comes before c."""
    case = lstm_sequence(rng, **WIDE_AND_LONG)
    Wy, by = case.parameters["Wy"], case.parameters["by"]
    steps = case.x.shape[2]

    def rule(result):
        a = telling(result[0], (*case.a0.shape, steps))
        own = [softmax(Wy @ a[:, :, t] + by) for t in range(steps)]
        expect(result[1], np.stack(own, axis=2), "y")

    agree_or_follow(student, reference, "lstm_forward", case.arguments, "y", rule)


@check(task="lstm_forward", points=0.75)
def whole_sequence_of_the_lstm(student, reference, rng):
    """A sequence, shorter or longer than the states are wide, comes out right as a whole."""
    for sizes in ({}, WIDE_AND_LONG):
        case = lstm_sequence(rng, **sizes)
        agree(student, reference, "lstm_forward", *case.arguments, part=("a", "y", "c"))


@check(task="lstm_forward", points=0.25)
def cell_state_may_grow(student, reference, rng):
    """Where every step adds to the cell state it grows and grows, and nothing cuts it off."""
    case = brimming(lstm_sequence(rng, T_x=16))
    agree(student, reference, "lstm_forward", *case.arguments, part="c")


@check(task="lstm_forward", points=1)
def lstm_caches_hold_every_step(student, reference, rng):
    """The caches are those of all steps in the order of time, and then x."""
    case = deaf(lstm_sequence(rng))
    caches = cache_in(student.lstm_forward(*case.arguments), 3, "lstm_forward")
    found = step_caches_of(caches, LSTM_CACHE, case.x.shape[2], "lstm_forward")
    expect(caches[1], case.x, "caches[1]", of="lstm_forward")
    wanted = reference.lstm_forward(*case.arguments)[-1][0]
    for t, cache in enumerate(wanted):
        for name, value in zip(LSTM_CACHE, cache, strict=True):
            if name in ("ft", "it", "cct", "ot", "xt", "parameters"):
                expect(found[t][name], value, f"caches[0][{t}].{name}", of="lstm_forward")


@check(task="lstm_forward", points=1.5)
def lstm_caches_stay_as_they_were(student, reference, rng):
    """No later step overwrites what an earlier step has cached."""
    case = lstm_sequence(rng)
    steps = case.x.shape[2]
    result = student.lstm_forward(*case.arguments)
    found, caches = parts(case)(result), cache_in(result, 3, "lstm_forward")
    right = reference.lstm_forward(*case.arguments)[3][0]
    own = {"a_prev": case.a0, "c_prev": np.zeros_like(case.a0)}
    for t, cache in enumerate(step_caches_of(caches, LSTM_CACHE, steps, "lstm_forward")):
        for name, wanted in zip(("a_prev", "c_prev"), right[t][2:4], strict=True):
            label = f"caches[0][{t}].{name}"
            kept_as_it_was(cache[name], wanted, own[name], label, "lstm_forward")
        own = {"a_prev": found["a"][:, :, t], "c_prev": found["c"][:, :, t]}


@check(task="lstm_forward", points=0.5)
def lstm_sequence_of_one_step(student, rng):
    """A sequence of one step gives what the first step of a longer one gives."""
    case = lstm_sequence(rng)
    longer = parts(case)(student.lstm_forward(*case.arguments))
    short = replace(case, x=case.x[:, :, :1])
    found = parts(short)(student.lstm_forward(*short.arguments))
    first = {name: part[:, :, :1] for name, part in longer.items()}
    here = "in a sequence of one step"
    own_results_agree(found, first, "lstm_forward", here, "in the first step of a longer one")


@check(task="lstm_forward", points=0.5)
def lstm_sequence_of_one_example(student, rng):
    """An example alone goes through the sequence as it goes among others."""
    case = lstm_sequence(rng)
    single = one_example(case, 1)
    one_of_the_batch(student, "lstm_forward", case, single, parts(case), parts(single))


@check(task="lstm_forward", points=0.25)
def lstm_forward_leaves_its_arguments_alone(student, reference, rng):
    """The arrays x, a0 and the parameters are the same after the call."""
    case = in_fortran_order(lstm_sequence(rng))
    untouched(student, reference, "lstm_forward", case, parts(case))


@check(task="lstm_forward", points=1)
def lstm_forward_remembers_no_call(student, rng):
    """A call gives the same whatever was called before it, and changes no earlier result."""
    case = lstm_sequence(rng)
    repeatable(student, "lstm_forward", case, with_other_values(rng, case), parts(case))
