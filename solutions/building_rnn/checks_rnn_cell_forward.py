"""Hidden tests of the plain recurrent network: one step, forward."""

import numpy as np
from cases import (
    WIDE_AND_LONG,
    RnnStep,
    at_its_limits,
    in_fortran_order,
    one_example,
    rnn_step,
    with_other_values,
)
from checks_between_calls import (
    one_of_the_batch,
    repeatable,
)
from checks_form import (
    cache_in,
    entries_of,
    parts_of,
    untouched,
)
from checks_partial_credit import agree_or_follow, telling
from contract import RNN_CACHE
from rnn_utils import softmax

from grader.checking import agree, check, expect

# Legacy seed 1, drawn in the order of the check below.
A_NEXT = [0.5958454361396669, 0.18141801524270917, 0.6131186601837866]
YT_PRED = [0.9888161020372672, 0.016820210750325783]


def cell_parts(case):
    """Take the arrays out of a result of the cell for this case."""
    (n_a, m), n_y = case.a_prev.shape, case.parameters["by"].shape[0]
    shapes = {"a_next": (n_a, m), "yt_pred": (n_y, m)}
    return lambda result: parts_of(result, shapes, "rnn_cell_forward", (case.xt, case.a_prev))


@check(task="rnn_cell_forward", points=1)
def rnn_worked_example(student):
    """The worked example of the brief comes out to the last digit."""
    draw = np.random.RandomState(1).randn
    xt, a_prev = draw(3, 10), draw(5, 10)
    parameters = {"Waa": draw(5, 5), "Wax": draw(5, 3), "Wya": draw(2, 5)}
    parameters |= {"ba": draw(5, 1), "by": draw(2, 1)}
    case = RnnStep(xt, a_prev, parameters)
    found = cell_parts(case)(student.rnn_cell_forward(*case.arguments))
    expect(found["a_next"][4, :3], np.array(A_NEXT), "a_next[4, :3]", of="rnn_cell_forward")
    expect(found["yt_pred"][1, :2], np.array(YT_PRED), "yt_pred[1, :2]", of="rnn_cell_forward")


@check(task="rnn_cell_forward", points=3)
def new_hidden_state(student, reference, rng):
    """The new hidden state mixes input, memory and bias, and then squashes them."""
    for sizes in ({}, WIDE_AND_LONG):
        case = rnn_step(rng, **sizes)
        agree(student, reference, "rnn_cell_forward", *case.arguments, part="a_next")


@check(task="rnn_cell_forward", points=2.5)
def prediction_from_the_new_state(student, reference, rng):
    """The prediction is a softmax over the classes, made from the new hidden state."""
    case = rnn_step(rng, **WIDE_AND_LONG)
    Wya, by = case.parameters["Wya"], case.parameters["by"]

    def rule(result):
        a_next = telling(result[0], case.a_prev.shape)
        expect(result[1], softmax(Wya @ a_next + by), "yt_pred")

    agree_or_follow(student, reference, "rnn_cell_forward", case.arguments, "yt_pred", rule)


@check(task="rnn_cell_forward", points=1)
def rnn_cell_cache(student, rng):
    """The cache keeps a_next, a_prev, xt and parameters, in this order."""
    case = rnn_step(rng)
    result = student.rnn_cell_forward(*case.arguments)
    a_next = cell_parts(case)(result)["a_next"]
    cache = entries_of(cache_in(result, 2, "rnn_cell_forward"), RNN_CACHE, "rnn_cell_forward")
    kept = {"a_next": a_next, "a_prev": case.a_prev, "xt": case.xt, "parameters": case.parameters}
    for name, value in kept.items():
        expect(cache[name], value, f"cache.{name}", of="rnn_cell_forward")


@check(task="rnn_cell_forward", points=0.5)
def large_scores_stay_finite(student, reference, rng):
    """Scores of a thousand still give probabilities, not NaN."""
    case = at_its_limits(rnn_step(rng))
    Wya, by = case.parameters["Wya"], case.parameters["by"]

    def rule(result):
        a_next = telling(result[0], case.a_prev.shape)
        expect(result[1], softmax(Wya @ a_next + by), "yt_pred")

    agree_or_follow(student, reference, "rnn_cell_forward", case.arguments, "yt_pred", rule)


@check(task="rnn_cell_forward", points=0.5)
def rnn_cell_of_one_example(student, rng):
    """An example alone gives what it gives among others."""
    case = rnn_step(rng, **WIDE_AND_LONG)
    single = one_example(case, 1)
    takes = cell_parts(case), cell_parts(single)
    one_of_the_batch(student, "rnn_cell_forward", case, single, *takes)


@check(task="rnn_cell_forward", points=0.5)
def rnn_cell_leaves_its_arguments_alone(student, reference, rng):
    """The arguments are read, in whatever order memory holds them, and never changed."""
    case = in_fortran_order(rnn_step(rng))
    untouched(student, reference, "rnn_cell_forward", case, cell_parts(case))


@check(task="rnn_cell_forward", points=1)
def rnn_cell_remembers_no_call(student, rng):
    """A call gives the same whatever was called before it, and changes no earlier result."""
    case = rnn_step(rng, **WIDE_AND_LONG)
    other = with_other_values(rng, case)
    repeatable(student, "rnn_cell_forward", case, other, cell_parts(case))
