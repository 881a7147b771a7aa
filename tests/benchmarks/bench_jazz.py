"""The training bars of the jazz assignment; a minute, so it is run by name:

python -m pytest tests/benchmarks/bench_jazz.py -s
"""

import time
from pathlib import Path

import numpy as np
import pytest

from grader.content.code import Loader

ROOT = Path(__file__).parents[2]
SECONDS, BITS, COUNTED = 60.0, 2.25, 2.60
FREE = 12  # semitones: no rule about leaps but what a token can say


@pytest.fixture(scope="module")
def load():
    """Load a module of the assignment by name."""
    return Loader((ROOT / "solutions" / "jazz", ROOT / "exercises" / "jazz"), "jazz").load


@pytest.fixture(scope="module")
def trained(load):
    """Corpus, last progress and processor seconds of one training with the reference."""
    begun = time.process_time()
    rng = np.random.default_rng(0)
    corpus = load("batches").make_corpus(load("jazz"), rng)
    *_, last = load("training").train(load("jazz"), corpus, rng)
    return corpus, last, time.process_time() - begun


@pytest.mark.slow
def test_the_reference_is_good_within_a_minute_of_one_core(trained):
    corpus, last, seconds = trained
    print(
        f"{last.bits:.3f} bits a token, {last.of_total} steps, {seconds:.1f} s, "
        f"{len(corpus.vocabulary)} tokens"
    )
    assert last.bits <= BITS
    assert seconds <= SECONDS


@pytest.mark.slow
def test_counting_tokens_does_not_pass(load, trained):
    corpus, last, _ = trained
    plain = load("listening").counting_bits(corpus, longest=5)
    hearing = load("listening").counting_bits(corpus, hears_context=True)
    print(f"n-grams {plain:.3f}, with chord and position {hearing:.3f}")
    assert plain > COUNTED
    assert last.bits < hearing


@pytest.mark.slow
def test_free_solos_can_be_sung(load, trained):
    corpus, last, _ = trained
    rng = np.random.default_rng(1)
    notes = []
    for name in load("chords").tune_names() * 4:
        tune = load("chords").tune(name)
        played = load("improvising").improvise(
            load("jazz"), last.parameters, corpus.vocabulary, tune, rng,
            temperature=1.0, widest_leap=FREE,
        )  # fmt: skip
        notes.append(load("listening").intervals(played.solo.melody))
    steps, leaps = np.mean([found.steps for found in notes]), np.mean([f.leaps for f in notes])
    print(f"steps {steps:.2f}, leaps {leaps:.3f} over {len(notes)} free solos")
    assert steps >= load("listening").LEAST_STEPS
    assert leaps <= load("listening").MOST_LEAPS
