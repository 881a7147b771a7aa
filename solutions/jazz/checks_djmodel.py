"""Checks of the unrolled model: one cell, shared by every step."""

import numpy as np
from cases import unrolled_case
from lstm_layer import djmodel_backward

from grader.checking import agree, check, expect, fail

CLOSED = -40.0  # a gate's bias that shuts it: sigmoid(-40) is 4e-18


def _run(student, case):
    return student.djmodel(case.X, case.a0, case.c0, case.parameters)


def _same(student, reference, case, part="outputs"):
    agree(student, reference, "djmodel", case.X, case.a0, case.c0, case.parameters, part=part)


@check(task="djmodel", points=4)
def every_step_has_its_output(student, reference, rng):
    """There is an output for every step, and all of them are right."""
    _same(student, reference, unrolled_case(rng))
    _same(student, reference, unrolled_case(rng, n_x=9, n_a=2, T_x=10))


@check(task="djmodel", points=4)
def first_step_starts_from_the_given_state(student, reference, rng):
    """The first step uses a0, c0 and the first slice of X."""
    case = unrolled_case(rng)
    expected = reference.djmodel(case.X, case.a0, case.c0, case.parameters)[0]
    outputs = _outputs(_run(student, case), expected.shape)
    expect(outputs[:, :, 0], expected[:, :, 0], "outputs[:, :, 0]", of="djmodel")


@check(task="djmodel", points=3)
def cell_state_is_carried(student, reference, rng):
    """The cell state goes from step to step (here the hidden state has no weight)."""
    case = unrolled_case(rng)
    for gate in "fico":
        case.parameters["W" + gate][:, : len(case.a0)] = 0.0
    case.parameters["bf"][:] = 2.0
    _same(student, reference, case)


@check(task="djmodel", points=3)
def hidden_state_is_carried(student, reference, rng):
    """The hidden state goes from step to step (here the forget gate is shut)."""
    case = unrolled_case(rng)
    case.parameters["Wf"][:] = 0.0
    case.parameters["bf"][:] = CLOSED
    _same(student, reference, case)


@check(task="djmodel", points=3)
def later_inputs_change_no_earlier_output(student, rng):
    """What comes later changes the outputs from there on, and none before."""
    case = unrolled_case(rng)
    T_x = case.X.shape[2]
    t = int(rng.integers(1, T_x))
    other = case.X.copy()
    other[:, :, t] += 1.0 + rng.random(other.shape[:2])
    shape = (len(case.parameters["by"]), case.X.shape[1], T_x)
    before = _outputs(_run(student, case), shape)
    after = _outputs(student.djmodel(other, case.a0, case.c0, case.parameters), shape)
    expect(after[:, :, :t], before[:, :, :t], f"outputs[:, :, :{t}]", of="djmodel")
    if np.allclose(after[:, :, t], before[:, :, t], rtol=0, atol=1e-12):
        fail(f"Step {t} of X was changed, but outputs[:, :, {t}] stayed the same.")


@check(task="djmodel", points=2.5)
def caches_stand_in_the_order_of_time(student, reference, rng):
    """There is one cache of the cell for every step, the first step's first."""
    _same(student, reference, unrolled_case(rng), part="caches")


@check(task="djmodel", points=2)
def way_back_works_from_your_caches(student, reference, rng):
    """The gradients of the shared cell, worked out from your caches, are right."""
    case = unrolled_case(rng)
    expected, caches = reference.djmodel(case.X, case.a0, case.c0, case.parameters)
    dlogits = rng.standard_normal(expected.shape)
    yours = _run(student, case)
    if len(yours) < 2 or not hasattr(yours[1], "__len__") or len(yours[1]) != len(caches):
        fail(f"djmodel should return outputs and a list of {len(caches)} caches.")
    wanted = djmodel_backward(dlogits, caches, case.parameters)
    try:
        gradients = djmodel_backward(dlogits, list(yours[1]), case.parameters)
    except (TypeError, ValueError, AttributeError, IndexError) as error:
        fail(f"The way back cannot read your caches ({error}). Append what lstm_step returns last.")
    expect(gradients, wanted, "gradients", of="djmodel")


@check(task="djmodel", points=1.5)
def every_output_is_a_distribution(student, rng):
    """At every step the probabilities of all tokens sum to one."""
    case = unrolled_case(rng)
    shape = (len(case.parameters["by"]), case.X.shape[1], case.X.shape[2])
    outputs = _outputs(_run(student, case), shape)
    if outputs.min() < 0:
        fail(f"A probability is negative: {outputs.min():.3g}. Does softmax follow densor?")
    expect(outputs.sum(axis=0), np.ones(shape[1:]), "the sum over all tokens", of="djmodel")


@check(task="djmodel", points=0.5)
def short_sequence_and_single_example(student, reference, rng):
    """One step, and one example, are enough."""
    _same(student, reference, unrolled_case(rng, T_x=1))
    _same(student, reference, unrolled_case(rng, m=1))


@check(task="djmodel", points=0.5)
def same_music_twice(student, rng):
    """The same input gives the same output again: nothing is drawn anew or left over."""
    case = unrolled_case(rng)
    shape = (len(case.parameters["by"]), case.X.shape[1], case.X.shape[2])
    first = _outputs(_run(student, case), shape)
    expect(_outputs(_run(student, case), shape), first, "outputs, second call", of="djmodel")


@check(task="djmodel", points=0.5)
def state_input_and_weights_stay_as_they_are(student, reference, rng):
    """X, a0, c0 and the parameters are not changed."""
    case = unrolled_case(rng)
    agree(
        student, reference, "djmodel", case.X, case.a0, case.c0, case.parameters,
        part="outputs", unmodified=True,
    )  # fmt: skip


@check(task="djmodel", points=0.5)
def large_inputs_stay_finite(student, reference, rng):
    """Scores of a thousand make no NaN."""
    case = unrolled_case(rng)
    case.parameters["by"][:] *= 1000.0
    _same(student, reference, case)


def _outputs(returned, shape):
    """The outputs of a returned pair; fails where there are none of this shape."""
    if not isinstance(returned, tuple | list) or len(returned) < 2:
        fail("djmodel should return two things: outputs and caches.")
    outputs = returned[0]
    if getattr(outputs, "shape", None) != shape:
        found = getattr(outputs, "shape", type(outputs).__name__)
        fail(f"outputs should be an array of shape {shape}, not {found}.")
    return outputs
