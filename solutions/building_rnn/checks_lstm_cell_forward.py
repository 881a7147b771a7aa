"""Hidden tests of the LSTM: one step, forward."""

import numpy as np
from cases import (
    WIDE_AND_LONG,
    LstmStep,
    at_its_limits,
    in_fortran_order,
    lstm_step,
    one_example,
    overflowing,
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
from contract import LSTM_CACHE
from rnn_utils import softmax

from grader.checking import agree, check, expect

# Legacy seed 1, drawn in the order of the check below.
A_NEXT = [-0.6640847127473231, 0.0036921007178917333, 0.02088357016251321]
C_NEXT = [0.6326780497534749, 1.0057084884998637, 0.355044742528826]


def cell_parts(case):
    """Take the arrays out of a result of the cell for this case."""
    (n_a, m), n_y = case.a_prev.shape, case.parameters["by"].shape[0]
    shapes = {"a_next": (n_a, m), "c_next": (n_a, m), "yt_pred": (n_y, m)}
    return lambda result: parts_of(
        result, shapes, "lstm_cell_forward", (case.xt, case.a_prev, case.c_prev)
    )


def cached(result):
    """Return the entries of the cell's cache, by name."""
    return entries_of(cache_in(result, 3, "lstm_cell_forward"), LSTM_CACHE, "lstm_cell_forward")


@check(task="lstm_cell_forward", points=0.5)
def lstm_worked_example(student):
    """The worked example of the brief comes out to the last digit."""
    draw = np.random.RandomState(1).randn
    xt, a_prev, c_prev = draw(3, 10), draw(5, 10), draw(5, 10)
    parameters = {}
    for gate in "fioc":
        parameters["W" + gate], parameters["b" + gate] = draw(5, 8), draw(5, 1)
    parameters |= {"Wy": draw(2, 5), "by": draw(2, 1)}
    case = LstmStep(xt, a_prev, c_prev, parameters)
    found = cell_parts(case)(student.lstm_cell_forward(*case.arguments))
    expect(found["a_next"][4, :3], np.array(A_NEXT), "a_next[4, :3]", of="lstm_cell_forward")
    expect(found["c_next"][2, :3], np.array(C_NEXT), "c_next[2, :3]", of="lstm_cell_forward")


def agree_on_cached(student, reference, rng, name):
    """Agree with the reference on one entry of the cell's cache."""
    for sizes in ({}, WIDE_AND_LONG):
        case = lstm_step(rng, **sizes)
        agree(student, reference, "lstm_cell_forward", *case.arguments, part="cache." + name)


@check(task="lstm_cell_forward", points=1.25)
def forget_gate(student, reference, rng):
    """The forget gate ft listens to [a_prev; xt] with its own weights."""
    agree_on_cached(student, reference, rng, "ft")


@check(task="lstm_cell_forward", points=1.25)
def update_gate(student, reference, rng):
    """The update gate it listens to [a_prev; xt] with its own weights."""
    agree_on_cached(student, reference, rng, "it")


@check(task="lstm_cell_forward", points=1.25)
def candidate(student, reference, rng):
    """The candidate cct lies between -1 and 1 and has its own weights."""
    agree_on_cached(student, reference, rng, "cct")


@check(task="lstm_cell_forward", points=1.25)
def output_gate(student, reference, rng):
    """The output gate ot listens to [a_prev; xt] with its own weights."""
    agree_on_cached(student, reference, rng, "ot")


@check(task="lstm_cell_forward", points=1.25)
def new_cell_state(student, reference, rng):
    """The new cell state keeps what ft lets through and adds what it admits."""
    new_cell_state_is_right(student, reference, lstm_step(rng))


@check(task="lstm_cell_forward", points=0.5)
def cell_state_has_no_bounds(student, reference, rng):
    """A large cell state goes on as it is: nothing cuts it off."""
    new_cell_state_is_right(student, reference, overflowing(lstm_step(rng, **WIDE_AND_LONG)))


def new_cell_state_is_right(student, reference, case):
    """Agree on c_next, or have it follow from the learner's own gates."""

    def rule(result):
        ft, it, cct = (telling(cached(result)[g], case.a_prev.shape) for g in ("ft", "it", "cct"))
        expect(result[1], ft * case.c_prev + it * cct, "c_next")

    agree_or_follow(student, reference, "lstm_cell_forward", case.arguments, "c_next", rule)


@check(task="lstm_cell_forward", points=1.25)
def shown_hidden_state(student, reference, rng):
    """The new hidden state shows the tanh of the new cell state, as far as ot is open."""
    case = lstm_step(rng)

    def rule(result):
        ot, c_next = (telling(v, case.a_prev.shape) for v in (cached(result)["ot"], result[1]))
        expect(result[0], ot * np.tanh(c_next), "a_next")

    agree_or_follow(student, reference, "lstm_cell_forward", case.arguments, "a_next", rule)


@check(task="lstm_cell_forward", points=1)
def lstm_prediction_from_the_new_state(student, reference, rng):
    """The prediction is a softmax over the classes, made from the new hidden state."""
    case = lstm_step(rng, **WIDE_AND_LONG)
    Wy, by = case.parameters["Wy"], case.parameters["by"]

    def rule(result):
        a_next = telling(result[0], case.a_prev.shape)
        expect(result[2], softmax(Wy @ a_next + by), "yt_pred")

    agree_or_follow(student, reference, "lstm_cell_forward", case.arguments, "yt_pred", rule)


@check(task="lstm_cell_forward", points=1)
def lstm_cell_cache(student, rng):
    """The cache keeps the states, old and new, the input and the parameters at their places."""
    case = lstm_step(rng)
    result = student.lstm_cell_forward(*case.arguments)
    found = cell_parts(case)(result)
    kept = {name: found[name] for name in ("a_next", "c_next")} | vars(case)
    for name, value in kept.items():
        expect(cached(result)[name], value, f"cache.{name}", of="lstm_cell_forward")


@check(task="lstm_cell_forward", points=0.5)
def saturated_gates_stay_finite(student, reference, rng):
    """Gates and scores of a thousand still give numbers, not NaN."""
    case = at_its_limits(lstm_step(rng))
    cell_parts(case)(student.lstm_cell_forward(*case.arguments))
    Wy, by = case.parameters["Wy"], case.parameters["by"]

    def rule(result):
        a_next = telling(result[0], case.a_prev.shape)
        expect(result[2], softmax(Wy @ a_next + by), "yt_pred")

    agree_or_follow(student, reference, "lstm_cell_forward", case.arguments, "yt_pred", rule)


@check(task="lstm_cell_forward", points=0.5)
def lstm_cell_leaves_its_arguments_alone(student, reference, rng):
    """The arguments are read, in whatever order memory holds them, and never changed."""
    case = in_fortran_order(lstm_step(rng))
    untouched(student, reference, "lstm_cell_forward", case, cell_parts(case))


@check(task="lstm_cell_forward", points=0.5)
def lstm_cell_of_one_example(student, rng):
    """An example alone gives what it gives among others."""
    case = lstm_step(rng)
    single = one_example(case, 1)
    takes = cell_parts(case), cell_parts(single)
    one_of_the_batch(student, "lstm_cell_forward", case, single, *takes)


@check(task="lstm_cell_forward", points=1)
def lstm_cell_remembers_no_call(student, rng):
    """A call gives the same whatever was called before it, and changes no earlier result."""
    case = lstm_step(rng, **WIDE_AND_LONG)
    other = with_other_values(rng, case)
    repeatable(student, "lstm_cell_forward", case, other, cell_parts(case))
