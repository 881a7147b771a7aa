"""Checks of the improvisation: every draw becomes the input of the next step."""

import numpy as np
from cases import inference_case
from playhead import advance, allowed_at, at_end

from grader.checking import agree, check, expect, fail


@check(task="music_inference_model", points=3)
def solo_lasts_to_the_end(student, rng):
    """The solo fills its bars exactly, with one column of probabilities per token."""
    case = inference_case(rng)
    indices, probabilities = _solo(student, case)
    ticks = sum(case.vocabulary[index][2] for index in indices)
    wanted = 48 * len(case.playhead["sheet"]["roots"])
    if ticks != wanted:
        fail(f"The tokens last {ticks} ticks together; the bars have {wanted}.")
    expect(np.shape(probabilities), (len(case.vocabulary), len(indices)), "probabilities.shape")


@check(task="music_inference_model", points=2)
def first_draw_comes_from_the_given_state(student, reference, rng):
    """The first token is drawn with a0, c0, the first context and no token before."""
    case = inference_case(rng)
    _, probabilities = _solo(student, case)
    _, expected = reference.music_inference_model(*case.arguments)
    if np.ndim(probabilities) != 2:
        fail("probabilities should be an array (n_values, T).")
    expect(probabilities[:, :1], expected[:, :1], "probabilities[:, :1]")


@check(task="music_inference_model", points=5)
def every_draw_is_right(student, reference, rng):
    """All tokens of a solo are those that the uniforms decide."""
    for bars in (1, 3):
        case = inference_case(rng, bars=bars)
        agree(student, reference, "music_inference_model", *case.arguments, part="indices")


@check(task="music_inference_model", points=4)
def every_step_has_the_right_probabilities(student, reference, rng):
    """Every token is drawn from the right probabilities."""
    case = inference_case(rng)
    agree(student, reference, "music_inference_model", *case.arguments, part="probabilities")


@check(task="music_inference_model", points=1.5)
def draw_becomes_the_next_input(student, reference, rng):
    """The token drawn is the next step's input (here states and context have no weight)."""
    case = inference_case(rng)
    n_a, n_values = len(case.a0), len(case.vocabulary)
    for gate in "fico":
        case.parameters["W" + gate][:, :n_a] = 0.0
        case.parameters["W" + gate][:, n_a + n_values :] = 0.0
        case.parameters["W" + gate] *= 2.0
    case.parameters["Wf"][:], case.parameters["bf"][:] = 0.0, -40.0
    agree(student, reference, "music_inference_model", *case.arguments)


@check(task="music_inference_model", points=1.5)
def both_states_go_from_draw_to_draw(student, reference, rng):
    """Hidden and cell state are carried (here tokens and context have no weight)."""
    case = inference_case(rng)
    for gate in "fico":
        case.parameters["W" + gate][:, len(case.a0) :] = 0.0
    case.parameters["bf"][:] = 2.0
    agree(student, reference, "music_inference_model", *case.arguments)


@check(task="music_inference_model", points=1)
def rules_hold_at_every_step(student, rng):
    """Every token drawn was allowed at its place."""
    case = inference_case(rng)
    indices, _ = _solo(student, case)
    playhead = case.playhead
    for t, index in enumerate(indices):
        if at_end(playhead):
            fail(f"The solo is over after {t} tokens; yours has {len(indices)}.")
        if not allowed_at(playhead)[index, 0]:
            fail(f"Token {t} is not allowed there. What does allowed_at say at every step?")
        playhead = advance(playhead, index)


@check(task="music_inference_model", points=1)
def temperature_reaches_every_draw(student, reference, rng):
    """A cold solo and a hot one are both right."""
    for temperature in (0.2, 4.0):
        case = inference_case(rng, bars=1, temperature=temperature)
        agree(student, reference, "music_inference_model", *case.arguments)


@check(task="music_inference_model", points=0.5)
def any_vocabulary_will_do(student, reference, rng):
    """The size of the vocabulary is taken from the parameters."""
    for _ in range(2):
        case = inference_case(rng, bars=1)
        agree(student, reference, "music_inference_model", *case.arguments)


@check(task="music_inference_model", points=0.5)
def start_of_the_solo_stays_as_it_is(student, reference, rng):
    """The playhead, the states and the parameters are not changed."""
    case = inference_case(rng, bars=1)
    agree(student, reference, "music_inference_model", *case.arguments, unmodified=True)


def _solo(student, case):
    """What the learner's model plays; fails where it is not indices and probabilities."""
    returned = student.music_inference_model(*case.arguments)
    if not isinstance(returned, tuple | list) or len(returned) < 2:
        fail("music_inference_model should return two things: indices and probabilities.")
    indices = [int(index) for index in np.ravel(returned[0])]
    n_values = len(case.vocabulary)
    if not indices or min(indices) < 0 or max(indices) >= n_values:
        fail(f"The indices should be tokens of the vocabulary, 0 to {n_values - 1}.")
    return indices, returned[1]
