"""What `play` trains in this band, how it judges the result, and the files it writes. Given.

This file is loaded twice: beside the learner's code, where it trains and improvises, and away from
it, where the reference writes down the held-out solos and hears the network.
"""

import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from batches import make_corpus, network_inputs, whole_solos
from chords import NAMES, TICKS_PER_BAR, first_bars, tune, tune_names
from corpus import Solo
from improvising import improvise
from insight import gradient_norms
from listening import GOOD_BITS, PASS_BITS, counting_bits, intervals, verdict
from lstm_layer import initialize_parameters
from playhead import START
from training import N_A, held_out_bits, train
from vocabulary import N_CONTEXT, REST

STAGES = (
    {
        "name": "solo",
        "title": "an LSTM that has heard 480 solos",
        "needs": (
            "encode_melody",
            "decode_melody",
            "one_hot_tokens",
            "djmodel",
            "masked_softmax",
            "predict_and_sample",
            "music_inference_model",
        ),
    },
)
OPTIONS = {
    "temperature": {"default": 0.9, "low": 0.1, "high": 5.0},
    "bars": {"default": 24, "low": 2, "high": 96},
    "tune": {"default": "blues_f", "choices": tune_names()},
}

FREE_SOLOS = 8  # drawn without the rule about leaps, to see what the network itself prefers
FREE = 12  # semitones: the widest move that a token can say
TASTE = 2  # bars of a sample while it trains
UNITS = 12  # the liveliest ones are shown

# ---- beside the learner's code -------------------------------------------------------------------

learner = None  # set by whoever loads this file beside the learner's code: name -> function
_run = {}  # the training under way; this process trains one network at a time


def begin(stage, options, seed):
    """Compose the corpus, and get ready to train a network on it."""
    functions = SimpleNamespace(**{name: learner(name) for name in STAGES[0]["needs"]})
    corpus = make_corpus(functions, np.random.default_rng([seed, 0]))
    rng = np.random.default_rng([seed, 1])
    _run.update(functions=functions, corpus=corpus, heard=np.inf, samples=[], seed=seed)
    _run["training"] = train(functions, corpus, rng)


def advance(seconds):
    """Train for about so many seconds; what there is to report."""
    reports, end = [], time.monotonic() + seconds
    while not reports or time.monotonic() < end:
        report = next(_run["training"], None)
        if report is None:
            break
        _run["best"] = report
        if report.bits < _run["heard"]:
            _run.update(heard=report.bits, samples=[_taste(report)])
        known = float(report.bits) if np.isfinite(report.bits) else None
        reports.append(
            {
                "step": report.step,
                "of_total": report.of_total,
                "loss": float(report.loss),
                "bits": known,
                "best_bits": known,
                "samples": _run["samples"],
                "done": report.step == report.of_total,
            }
        )
    return reports


def _taste(report):
    """Two bars in note names."""
    rng = np.random.default_rng([_run["seed"], 2, report.step])
    chosen = tune(OPTIONS["tune"]["default"])
    played = improvise(
        _run["functions"], report.parameters, _run["corpus"].vocabulary, chosen, rng, bars=TASTE
    )
    return " ".join(_name(pitch) for pitch, _ in played.solo.melody)


def _name(pitch):
    return "-" if pitch is None else f"{NAMES[pitch % 12]}{pitch // 12 - 1}"


def best():
    """The best model so far, by its bits on the held-out solos."""
    return {"parameters": _run["best"].parameters}


def perform(stage, parameters, options, seed):
    """A solo from the model, played by the learner's `music_inference_model`."""
    rng = np.random.default_rng([seed, 3])
    played = improvise(
        _run["functions"], parameters, _run["corpus"].vocabulary, tune(options["tune"]), rng,
        temperature=options["temperature"], bars=options["bars"],
    )  # fmt: skip
    return {"melody": [[pitch, ticks] for pitch, ticks in played.solo.melody]}


def look(stage, parameters, options, seed):
    """Gates while a held-out solo is heard, from the caches of the learner's `djmodel`."""
    corpus = _run["corpus"]
    before, targets, contexts, mask = whole_solos(corpus.held_out[:1])
    length = min(48, int(mask[0].sum()))
    n_values = len(corpus.vocabulary)
    X = network_inputs(_run["functions"], before, contexts, n_values)[:, :, :length]
    nothing = np.zeros((N_A, 1))
    outputs, caches = _run["functions"].djmodel(X, nothing, nothing.copy(), parameters)
    columns = [_degree(corpus.vocabulary[index]) for index in targets[0, :length]]
    place = {"f": 4, "i": 5, "o": 7}
    over_time = {g: np.concatenate([cache[k] for cache in caches], 1) for g, k in place.items()}
    means = np.array([values.mean(axis=0) for values in over_time.values()])
    order = np.argsort(-np.std(over_time["f"], axis=1), kind="stable")[:UNITS]
    norms = gradient_norms(outputs, caches, int(targets[0, length - 1]), parameters)
    units = [f"unit {unit}" for unit in order]
    gates = ("forget", "update", "output")
    return [
        _picture("gates, average over the units", gates, columns, means),
        _picture("forget gate of the liveliest units", units, columns, over_time["f"][order]),
        _picture("size of d loss(last token) / d a(t)", ("norm",), columns, norms[None, :]),
    ]


def _picture(title, rows, columns, values):
    note = "columns: the token that comes next, as degree above the chord's root; - is a rest"
    labels = {"rows": list(rows), "columns": list(columns)}
    return {"title": title, "values": values, "note": note, **labels}


def _degree(token):
    """One character for the degree: 0 to 9, t and e (ten and eleven), - for a rest."""
    return "-" if token[0] == REST else "0123456789te"[int(token[0])]


# ---- away from it --------------------------------------------------------------------------------


def judge(stage, parameters, options, seed):
    """Judge a model on solos it has not heard, written down and heard by the reference.

    Raises
    ------
    ValueError
        Where the parameters are those of another network: other sizes, another vocabulary.
    """
    import jazz as reference

    corpus = make_corpus(reference, np.random.default_rng([seed, 0]))
    _check_shapes(parameters, len(corpus.vocabulary))
    bits = float(held_out_bits(reference, parameters, corpus))
    rng, chosen = np.random.default_rng([seed, 4]), tune(options["tune"])
    measured = []
    for _ in range(FREE_SOLOS):
        played = improvise(
            reference, parameters, corpus.vocabulary, chosen, rng,
            temperature=1.0, widest_leap=FREE, count=1,
        )  # fmt: skip
        measured.append(intervals(played.solo.melody))
    word = verdict(bits)
    return {
        "bits": bits,
        "measure": "bits a token",
        "grade": None if word == "not yet" else word,
        "thresholds": {"passed": PASS_BITS, "good": GOOD_BITS},
        "counting": {"tokens counted": float(counting_bits(corpus))},
        "shown": {
            "steps in free solos": f"{np.mean([one.steps for one in measured]):.0%}",
            "leaps beyond a fifth": f"{np.mean([one.leaps for one in measured]):.0%}",
        },
    }


def _check_shapes(parameters, n_values):
    wanted = initialize_parameters(n_values + N_CONTEXT, N_A, n_values, np.random.default_rng(0))
    for name, value in wanted.items():
        if name not in parameters or parameters[name].shape != value.shape:
            raise ValueError(
                f"{name} should have the shape {value.shape}; "
                "does encode_melody write the tokens that the course expects?"
            )


def write(stage, performance, folder, options, seed):
    """Write the solo with its band as .mid and .wav, and its piano roll as .png and .svg."""
    from arrangement import arrange
    from midi_file import write_midi
    from piano_roll import piano_roll
    from synthesiser import render, write_wav

    folder, chosen = Path(folder), tune(options["tune"])
    chords = first_bars(chosen, options["bars"])
    solo = Solo(chords, _melody(performance["melody"], len(chords)), START)
    played = arrange(solo, chosen, np.random.default_rng([seed, 5]))
    write_midi(played, folder / "solo.mid")
    write_wav(render(played), folder / "solo.wav")
    drawn, notes = _drawn(solo, chosen, folder)
    roll = piano_roll(solo)
    return {
        "files": ("solo.mid", "solo.wav", *drawn),
        "notes": (f"{chosen.title}, {len(chords)} bars, {chosen.tempo} beats a minute.", *notes),
        "roll": {
            "grid": roll.grid,
            "highest": roll.highest,
            "columns_per_bar": roll.columns_per_bar,
            "chords": roll.chords,
        },
    }


def _drawn(solo, chosen, folder):
    from piano_roll import draw_piano_roll

    files = ("piano_roll.png", "piano_roll.svg")
    try:
        for name in files:
            draw_piano_roll(solo, folder / name, chosen.title)
    except ModuleNotFoundError:
        told = "For the piano roll as a picture: python -m pip install matplotlib, and play again."
        return (), (told,)
    return files, ()


def _melody(pairs, bars):
    """The pitches and ticks that came from the learner's code, once they are known to be some."""
    melody = tuple((None if pitch is None else int(pitch), int(ticks)) for pitch, ticks in pairs)
    for pitch, ticks in melody:
        if ticks < 1 or not (pitch is None or 0 <= pitch <= 127):
            raise ValueError(f"there is no note of pitch {pitch} and {ticks} ticks")
    total = sum(ticks for _, ticks in melody)
    if total != bars * TICKS_PER_BAR:
        raise ValueError(f"{total} ticks of notes do not fill {bars} bars of {TICKS_PER_BAR}")
    return melody
