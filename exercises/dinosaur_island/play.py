"""What `play` trains on this island, and how it judges the result. Given.

Two stages: the plain network, one name at a time, through the learner's `optimize` and `sample`;
then the LSTM, a batch at a time, through the learner's `lstm_language_model`. This file is loaded
twice: beside the learner's code, where it trains, and away from it, where it judges and writes.
"""

import time
from functools import partial
from pathlib import Path

import numpy as np
from evaluation import (
    THRESHOLDS,
    bits_per_character,
    check_causality,
    grade_of,
    lstm_step_of,
    ngram_step,
    rnn_step_of,
)
from generating import LONGEST, at_temperature, invent, share_of_new, share_of_well_formed
from insight import pictures_of_lstm, pictures_of_plain
from lstm_layer import initialize_lstm
from names import LETTERS, char_to_ix, ix_to_char, read_names, split_names
from training import TEMPERATURE, initialize_plain, train_batched, train_one_by_one

STAGES = (
    {
        "name": "plain",
        "title": "one name at a time",
        "needs": ("clip", "optimize", "sample"),
    },
    {
        "name": "batched",
        "title": "32 names at a time, LSTM",
        "needs": ("masked_loss", "lstm_language_model"),
    },
)
OPTIONS = {"temperature": {"default": TEMPERATURE, "low": 0.1, "high": 5.0}}

JUDGED = 200  # names that the shares are counted over
INVENTED = 60  # names that a learner's model invents in the end
SHOWN = 15  # of them, on the screen
LOOKED_AT = "diplodocus"
STEP_OF = {"plain": rnn_step_of, "batched": lstm_step_of}

# ---- beside the learner's code -------------------------------------------------------------------

_run = {}  # the training under way; this process trains one network at a time
learner = None  # set by whoever loads this file beside the learner's code: name -> function


def begin(stage, options, seed):
    """Get ready to train a network; the same seed draws the same one."""
    parts = split_names(read_names())
    rng = np.random.default_rng([seed, 0])
    if stage == "plain":
        train = partial(train_one_by_one, learner("optimize"), learner("sample"), every=250)
    else:
        train = partial(train_batched, learner("lstm_language_model"))
    _run["training"] = train(parts["train"], parts["validation"], rng)


def advance(seconds):
    """Train for about so many seconds; what there is to report."""
    reports, end = [], time.monotonic() + seconds
    while not reports or time.monotonic() < end:
        report = next(_run["training"], None)
        if report is None:
            break
        _run["best"] = report
        reports.append(
            {
                "step": report.iteration,
                "of_total": report.of_total,
                "loss": float(report.loss),
                "bits": float(report.validation),
                "best_bits": float(report.best_validation),
                "samples": list(report.samples),
                "done": report.iteration == report.of_total,
            }
        )
    return reports


def best():
    """The best model so far, by its bits on the validation names."""
    return {"parameters": _run["best"].parameters}


def perform(stage, parameters, options, seed):
    """Names from the model: drawn by the learner's `sample`, the LSTM's by ours."""
    if stage == "batched":
        rng = np.random.default_rng([seed, 1])
        step = lstm_step_of(parameters)
        return {"names": [invent(*step, rng, options["temperature"]) for _ in range(INVENTED)]}
    sample, letters = learner("sample"), ix_to_char()
    cooled = at_temperature(parameters, options["temperature"])
    first = int(np.random.default_rng([seed, 1]).integers(2**30))
    drawn = [sample(cooled, char_to_ix(), first + 1_000 * k) for k in range(INVENTED)]
    return {"names": ["".join(letters[int(i)] for i in indices).strip() for indices in drawn]}


def look(stage, parameters, options, seed):
    """Pictures of the network reading a name."""
    if stage == "plain":
        return pictures_of_plain(learner("optimize"), parameters, LOOKED_AT)
    return pictures_of_lstm(parameters, LOOKED_AT)


# ---- away from it --------------------------------------------------------------------------------


def judge(stage, parameters, options, seed):
    """Judge trained parameters on names that nothing was learned or chosen from.

    Raises
    ------
    ValueError
        Where the parameters are those of another network, or the step function is no model: its
        probabilities do not sum to one, or an earlier prediction hangs on later letters.
    """
    rng = np.random.default_rng([seed, 2])
    _check_shapes(stage, parameters)
    names = read_names()
    parts = split_names(names)
    step = STEP_OF[stage](parameters)
    check_causality(*step, parts["test"][:20], rng)
    bits = bits_per_character(*step, parts["test"])
    invented = [invent(*step, rng, TEMPERATURE) for _ in range(JUDGED)]
    return {
        "bits": bits,
        "measure": "bits a letter",
        "grade": grade_of(bits),
        "thresholds": dict(THRESHOLDS),
        "counting": counted(parts),
        "shown": {
            "names that are new": f"{share_of_new(invented, names):.0%}",
            "names that look like names": f"{share_of_well_formed(invented, names):.0%}",
        },
    }


def counted(parts):
    """Bits per letter of models that only count one to four letters in a row."""
    words = {1: "single letters", 2: "pairs", 3: "triples", 4: "fours"}
    models = {n: ngram_step(parts["train"], n) for n in words}
    return {word: bits_per_character(*models[n], parts["test"]) for n, word in words.items()}


def _check_shapes(stage, parameters):
    """Make sure that these are the parameters of this stage's network, of any width."""
    make, key, per_unit = {
        "plain": (initialize_plain, "Waa", 1),
        "batched": (initialize_lstm, "b", 4),
    }[stage]
    n_a = len(parameters[key]) // per_unit if key in parameters else 0
    wanted = make(max(n_a, 1), len(LETTERS), np.random.default_rng(0))
    for name, value in wanted.items():
        if name not in parameters or parameters[name].shape != value.shape:
            raise ValueError(f"{name} should have the shape {value.shape}")


def write(stage, performance, folder, options, seed):
    """Write the new names to `names.txt`, one a line."""
    known = set(read_names())
    drawn = [name for name in performance["names"] if _is_name(name)]
    fresh = list(dict.fromkeys(name for name in drawn if name not in known))
    text = "".join(f"{name.capitalize()}\n" for name in fresh)
    (Path(folder) / "names.txt").write_text(text, encoding="utf-8")
    old = len(set(drawn) & known)
    told = f"{len(fresh)} new names" + (f"; {old} more were in the list already" if old else "")
    return {
        "files": ("names.txt",),
        "notes": (f"{told}.",),
        "lines": tuple(name.capitalize() for name in fresh[:SHOWN]),
    }


def _is_name(name):
    return isinstance(name, str) and 0 < len(name) <= LONGEST and set(name) <= set(LETTERS[1:])
