"""What a batch saves in the dinosaur assignment (its bars: `bench_play.py`); run by name:

python -m pytest tests/benchmarks/bench_training.py -s
"""

import time
from pathlib import Path

import numpy as np
import pytest

from grader.content.code import Loader

ROOT = Path(__file__).parents[2]
FASTER = 10
NAMES = 320  # timed in each of the rounds


@pytest.fixture(scope="module")
def load():
    """Load a module of the assignment by name."""
    folders = (ROOT / "solutions" / "dinosaur_island", ROOT / "exercises" / "dinosaur_island")
    return Loader(folders, "dinosaur_island").load


def fastest(run, rounds=5):
    """Least processor seconds of several runs: what the work needs without the neighbours."""
    return min(_seconds(run) for _ in range(rounds))


def _seconds(run):
    begun = time.process_time()
    run()
    return time.process_time() - begun


@pytest.mark.slow
def test_a_name_in_a_batch_costs_a_tenth_of_a_name_alone(load):
    names = load("names").read_names()[:NAMES]
    rng = np.random.default_rng(0)

    def steps_with(size):
        drawn = load("lstm_layer").initialize_lstm(64, 27, rng)
        lstm = {name: value.astype(np.float32) for name, value in drawn.items()}
        gradients_of, adam = load("language_model").lstm_language_model, load("descent").Adam()

        def run():
            for batch in load("batches").shuffled_batches(names, size, rng):
                adam.update(lstm, gradients_of(*batch, lstm)[1], 0.001)

        return run

    alone, batched = fastest(steps_with(1)), fastest(steps_with(32))
    plain = fastest(plain_steps(load, names, rng))
    print(
        f"\nLSTM-64, us a name: {alone / NAMES * 1e6:.0f} alone, {batched / NAMES * 1e6:.0f} in "
        f"batches of 32: {alone / batched:.1f} x faster; RNN-50 alone {plain / NAMES * 1e6:.0f}"
    )
    assert alone / batched >= FASTER


def plain_steps(load, names, rng):
    """The loop of `train_one_by_one` without its reports."""
    parameters = load("training").initialize_plain(50, 27, rng)
    optimize, spell = load("dinosaur").optimize, load("names").spell_out

    def run():
        for name in names:
            Y = spell(name)
            optimize([None, *Y[:-1]], Y, np.zeros((50, 1)), parameters, 0.01)

    return run
