"""What `play dinosaur_island` trains, and how it judges the result. Given.

Two stages: first the plain network, one name at a time, through the learner's `optimize` and
`sample`; then the LSTM, a batch at a time, through the learner's `lstm_language_model`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from evaluation import (
    THRESHOLDS,
    bits_per_character,
    check_causality,
    grade_of,
    lstm_step_of,
    ngram_step,
    rnn_step_of,
)
from generating import invent, share_of_new, share_of_well_formed
from names import read_names, split_names
from training import TEMPERATURE, train_batched, train_one_by_one

INVENTED = 200  # names that the shares are counted over


@dataclass(frozen=True)
class Stage:
    """One network to train.

    Attributes
    ----------
    needs : tuple of str
        The learner's functions that it calls directly.
    train : callable
        `train(rng, should_stop)` is a generator of `training.Progress`.
    step_of : callable
        Makes a step function and its first state from parameters.
    """

    title: str
    needs: tuple
    train: Callable
    step_of: Callable


@dataclass(frozen=True)
class Verdict:
    """What a trained model is worth.

    Attributes
    ----------
    bits : float
        Bits per character on the test names.
    grade : str or None
        "pass", "good", "excellent", or None where it falls short of all.
    counting : dict of int and float
        Bits per character of models that only count, by the letters that they look at.
    new, well_formed : float
        Shares of 200 names invented at temperature 0.8: shown, never graded.
    names : tuple of str
        Some of the new ones.
    """

    bits: float
    grade: str | None
    thresholds: dict
    counting: dict
    new: float
    well_formed: float
    names: tuple


def stages(functions):
    """The stages that can be trained with these functions (a mapping by name)."""
    parts = split_names(read_names())
    plain = ("optimize", "sample")
    batched = ("lstm_language_model",)
    found = []
    if all(name in functions for name in plain):
        train = partial(
            train_one_by_one, *(functions[n] for n in plain), parts["train"], parts["validation"]
        )
        found.append(Stage("one name at a time", plain, train, rnn_step_of))
    if all(name in functions for name in batched):
        train = partial(
            train_batched, *(functions[n] for n in batched), parts["train"], parts["validation"]
        )
        found.append(Stage("32 names at a time, LSTM", batched, train, lstm_step_of))
    return tuple(found)


def judge(stage, parameters, rng):
    """Judge trained parameters on names that nothing was learned or chosen from.

    Raises
    ------
    evaluation.NotAModel
        Where the step function is no model: its probabilities do not sum to one, or an earlier
        prediction hangs on later letters.
    """
    names = read_names()
    parts = split_names(names)
    step = stage.step_of(parameters)
    check_causality(*step, parts["test"][:20], rng)
    bits = bits_per_character(*step, parts["test"])
    invented = [invent(*step, rng, TEMPERATURE) for _ in range(INVENTED)]
    return Verdict(
        bits=bits,
        grade=grade_of(bits),
        thresholds=dict(THRESHOLDS),
        counting=counted(parts),
        new=share_of_new(invented, names),
        well_formed=share_of_well_formed(invented, names),
        names=tuple(sorted({name for name in invented if name and name not in names}))[:20],
    )


def counted(parts):
    """Bits per character of one to four letters counted."""
    models = {n: ngram_step(parts["train"], n) for n in range(1, 5)}
    return {n: bits_per_character(*model, parts["test"]) for n, model in models.items()}
