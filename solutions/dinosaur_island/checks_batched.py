"""Hidden tests of the batched language model."""

from dataclasses import replace

import numpy as np
from batch_cases import batch, scores, with_other_padding

from grader.checking import agree, check, expect, fail


def result_of(student, function, *arguments):
    """The two values that a function returns."""
    result = student.call(function, *arguments)
    if not isinstance(result, tuple | list) or len(result) < 2:
        fail(f"{function} should return two values: the loss and its gradient.")
    return result[0], result[1]


@check(task="masked_loss", points=2)
def loss_is_averaged_over_letters(student, reference, rng):
    """The loss is averaged over the letters that are there, not over names or columns."""
    agree(student, reference, "masked_loss", *scores(rng).arguments, part="loss")


@check(task="masked_loss", points=2)
def gradient_of_the_masked_loss(student, reference, rng):
    """The gradient is that of the loss, for every letter of every name."""
    agree(student, reference, "masked_loss", *scores(rng).arguments, part="dlogits")


@check(task="masked_loss", points=2)
def padding_does_not_count(student, rng):
    """What stands in the padding changes nothing, and nothing goes back to it."""
    case = scores(rng)
    padded = with_other_padding(rng, case)
    loss, dlogits = result_of(student, "masked_loss", *case.arguments)
    other_loss, other_dlogits = result_of(student, "masked_loss", *padded.arguments)
    expect(other_loss, loss, "the loss with other padding", of="masked_loss")
    expect(
        other_dlogits * (1 - padded.mask),
        0 * padded.logits,
        "the part of dlogits in the padding",
        of="masked_loss",
    )
    expect(other_dlogits[:, :, :-1], dlogits, "dlogits with other padding", of="masked_loss")


@check(task="masked_loss", points=1)
def large_scores_do_not_overflow(student, reference, rng):
    """Scores of a thousand give a finite loss: the largest is subtracted before exp."""
    case = scores(rng)
    offsets = rng.permutation(np.linspace(-1000.0, 1000.0, case.mask.size)).reshape(case.mask.shape)
    agree(student, reference, "masked_loss", case.logits + offsets, case.targets, case.mask)


@check(task="masked_loss", points=1)
def scores_are_only_read(student, reference, rng):
    """The scores, targets and mask are only read; the mask may hold integers."""
    case = scores(rng)
    case = replace(case, mask=case.mask.astype(int))
    agree(student, reference, "masked_loss", *case.arguments, unmodified=True)


@check(task="lstm_language_model", points=2)
def loss_of_the_batch(student, reference, rng):
    """The loss is that of the LSTM's predictions at every letter."""
    agree(student, reference, "lstm_language_model", *batch(rng).arguments, part="loss")


@check(task="lstm_language_model", points=2)
def output_weights_learn_from_every_step(student, reference, rng):
    """The gradient dWy adds up over all letters of all names."""
    _same_gradient(student, reference, rng, "dWy")


@check(task="lstm_language_model", points=1)
def output_bias_learns_from_every_step(student, reference, rng):
    """The gradient dby adds up over all letters of all names, and keeps its column."""
    _same_gradient(student, reference, rng, "dby")


@check(task="lstm_language_model", points=3)
def lstm_weights_learn_through_the_output(student, reference, rng):
    """The gradient dW comes from lstm_backward, fed with what the output layer passes back."""
    _same_gradient(student, reference, rng, "dW")


@check(task="lstm_language_model", points=1)
def lstm_bias_learns_through_the_output(student, reference, rng):
    """The gradient db comes from lstm_backward, too."""
    _same_gradient(student, reference, rng, "db")


def _same_gradient(student, reference, rng, name):
    case = batch(rng)
    _, actual = result_of(student, "lstm_language_model", *case.arguments)
    _, expected = reference.lstm_language_model(*case.arguments)
    if not isinstance(actual, dict) or name not in actual:
        fail(f"lstm_language_model: the gradients should be a dict with the key {name}.")
    expect(actual[name], expected[name], f'gradients["{name}"]', of="lstm_language_model")


@check(task="lstm_language_model", points=2)
def padding_teaches_nothing(student, rng):
    """What stands in the padding changes neither the loss nor any gradient."""
    case = batch(rng)
    padded = with_other_padding(rng, case)
    loss, gradients = result_of(student, "lstm_language_model", *case.arguments)
    if not isinstance(gradients, dict):
        fail("lstm_language_model: the gradients should be a dict.")
    other_loss, other = result_of(student, "lstm_language_model", *padded.arguments)
    expect(other_loss, loss, "the loss with other padding", of="lstm_language_model")
    for name in ("dW", "db", "dWy", "dby"):
        label = f"{name} with other padding"
        expect(other.get(name), gradients.get(name), label, of="lstm_language_model")


@check(task="lstm_language_model", points=1)
def parameters_are_not_changed(student, reference, rng):
    """The parameters are only read: the step is the optimiser's."""
    agree(student, reference, "lstm_language_model", *batch(rng).arguments, unmodified=True)
