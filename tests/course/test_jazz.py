"""The jazz assignment's given modules: music, gradients, training, rules of the improvisation."""

import doctest
import functools
import itertools
import math
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from grader.checking import complex_gradient
from grader.content.code import Loader

ROOT = Path(__file__).parents[2]
SOLUTIONS, EXERCISES = ROOT / "solutions" / "jazz", ROOT / "exercises" / "jazz"
TUNES = ("blues_bb", "blues_f", "minor_blues_c", "two_five_c", "turnaround_eb")
COMPLEX_STEP_TOLERANCE = 1e-12


@pytest.fixture(scope="module")
def load():
    """Load a module of the assignment by name."""
    return Loader((SOLUTIONS, EXERCISES), "jazz").load


@pytest.fixture(scope="module")
def jazz(load):
    """The reference."""
    return load("jazz")


@pytest.fixture(scope="module")
def solos(load):
    """Ten composed solos, two of every tune."""
    tunes = [load("chords").tune(name) for name in TUNES]
    cells = load("cells").course_cells()
    return load("corpus").compose_corpus(tunes, cells, 10, np.random.default_rng(5))


@pytest.fixture(scope="module")
def corpus(load, jazz):
    """A small corpus, numbered by the reference."""
    return load("batches").make_corpus(jazz, np.random.default_rng(0), training=40, held_out=6)


@pytest.mark.parametrize("module", ["jazz", "arrangement", "optimiser", "synthesiser"])
def test_worked_examples_are_right(load, module):
    found = load(module)
    own = {
        name: value.__doc__
        for name, value in vars(found).items()
        if getattr(value, "__globals__", None) is vars(found) and value.__doc__
    }
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False)
    names = dict(vars(found))
    tests = [parser.get_doctest(text, names, name, None, 0) for name, text in own.items()]
    results = [runner.run(test) for test in tests if test.examples]
    assert results
    assert sum(result.failed for result in results) == 0


# ---- cells and tunes


def test_every_quality_has_cells_that_end_on_the_root(load):
    cells = load("cells").course_cells()
    assert len(cells) >= 80
    for quality in "DIT":
        assert any(cell.quality == quality and cell.last % 12 == 0 for cell in cells)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("X 1h 1h", "line 1: quality 'X'"),
        ("D 1h 1q", "a bar has four beats, this one 3"),
        ("D 1h 9q 1q", "'9q' is no note"),
        ("D 1e 1t 1t 1t 1e 1h", "'1t' cannot begin at tick 6"),
        ("D 1h 1h | 1h 1h | 1h 1h", "one or two bars, not 3"),
        ("D 1s 1e 1h 1d", "'1e' cannot begin at tick 3"),
        ("# nothing", "none of one bar for quality D"),
    ],
)
def test_a_cell_that_cannot_be_played_is_refused_with_its_place(load, line, complaint):
    cells = load("cells")
    with pytest.raises(cells.CellError, match=complaint):
        cells.read_cells(line)


def test_an_unknown_tune_is_answered_with_the_nearest(load):
    with pytest.raises(ValueError, match="Did you mean blues_f"):
        load("chords").tune("blues_ff")


def test_an_unknown_key_is_answered_with_the_keys(load):
    with pytest.raises(ValueError, match="There is no key 'H'"):
        load("chords").tune("blues_f", "H")


def test_another_key_moves_every_chord_alike(load):
    chords = load("chords")
    here, there = chords.tune("blues_f"), chords.tune("blues_f", "G")
    moves = {
        (b.root - a.root) % 12
        for a, b in zip((*here.bars, here.ending), (*there.bars, there.ending), strict=True)
    }
    assert moves == {2}
    assert there.tonic == 7


def test_only_the_last_chorus_ends_at_home(load):
    chords = load("chords")
    tune = chords.tune("blues_bb")
    form = chords.choruses(tune, 2)
    assert form[11].quality == "V"
    assert form[23].root == tune.tonic
    with pytest.raises(ValueError, match="at least one chorus"):
        chords.choruses(tune, 0)


# ---- the corpus


def test_the_same_seed_composes_the_same_solo(load):
    chords, corpus, cells = load("chords"), load("corpus"), load("cells").course_cells()
    form = chords.choruses(chords.tune("blues_f"), 1)
    made = [corpus.compose_solo(form, cells, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]


def test_solos_fill_their_bars_and_end_on_the_root(solos):
    for solo in solos:
        ticks = [length for _, length in solo.melody]
        lines = set(np.cumsum(ticks).tolist())
        assert all(48 * bar in lines for bar in range(1, len(solo.chords) + 1))
        last = [pitch for pitch, _ in solo.melody if pitch is not None][-1]
        assert last % 12 == solo.chords[-1].root


def test_solos_stay_in_range_and_move_mostly_by_step(load, solos):
    for solo in solos:
        pitches = [pitch for pitch, _ in solo.melody if pitch is not None]
        assert 54 <= min(pitches) <= max(pitches) <= 84
        assert load("listening").intervals(solo.melody).singable


def test_ideas_come_back_within_a_solo(load):
    corpus, chords, cells = load("corpus"), load("chords"), load("cells").course_cells()
    form = chords.choruses(chords.tune("blues_bb"), 1)
    again = 0
    for seed in range(20):
        solo = corpus.compose_solo(form, cells, np.random.default_rng(seed), mutation_rate=0.0)
        starts = load("vocabulary").note_starts(solo.melody)
        bars = [[] for _ in form]
        for (pitch, ticks), start in zip(solo.melody, starts, strict=True):
            root = form[start // 48].root
            bars[start // 48].append((None if pitch is None else (pitch - root) % 12, ticks))
        again += len(bars) - len({tuple(bar) for bar in bars})
    assert again >= 20 * 2


def test_mutation_keeps_a_bar_whole(load):
    mutate, cells = load("mutations").mutate, load("cells").course_cells()
    rng = np.random.default_rng(3)
    changed = 0
    for cell in cells:
        bar = mutate(cell.bars[0], cell.quality, rng, 0.8)
        assert sum(ticks for _, ticks in bar) == 48
        changed += bar != cell.bars[0]
    assert changed > len(cells) / 2


def test_a_corpus_survives_encoding_and_decoding(jazz, load, solos):
    for solo in solos:
        roots = load("vocabulary").roots_of(solo)
        tokens = jazz.encode_melody(list(solo.melody), roots, solo.start)
        assert tuple(jazz.decode_melody(tokens, roots, solo.start)) == solo.melody


def test_the_context_tells_quality_motion_and_position(load):
    chords, vocabulary = load("chords"), load("vocabulary")
    form = (chords.Chord(5, "D"), chords.Chord(10, "M"))
    column = vocabulary.context_column(form, 48 + 18)[:, 0]
    qualities, into, onward, place = np.split(column, [5, 17, 29])
    assert [int(np.argmax(block)) for block in (qualities, into, onward)] == [1, 5, 7]
    assert vocabulary.STARTS[int(np.argmax(place))] == 18
    assert column.sum() == 4


# ---- the network and its training


def test_the_shared_cell_is_that_of_the_first_assignment(load):
    folders = (ROOT / "solutions" / "building_rnn", ROOT / "exercises" / "building_rnn")
    other = Loader(folders, "building_rnn").load("lstm")
    case = load("cases").unrolled_case(np.random.default_rng(1))
    ours = load("lstm_layer").lstm_step(case.X[:, :, 0], case.a0, case.c0, case.parameters)
    theirs = other.lstm_cell_forward(case.X[:, :, 0], case.a0, case.c0, case.parameters)
    np.testing.assert_allclose(ours[0], theirs[0], rtol=0, atol=1e-14)
    np.testing.assert_allclose(ours[1], theirs[1], rtol=0, atol=1e-14)


@pytest.mark.parametrize("name", ["Wf", "bi", "Wc", "bo", "Wy", "by"])
def test_the_way_back_is_the_complex_derivative(load, jazz, name):
    layer = load("lstm_layer")
    rng = np.random.default_rng(2)
    case = load("cases").unrolled_case(rng)
    outputs, caches = jazz.djmodel(case.X, case.a0, case.c0, case.parameters)
    weights = rng.standard_normal(outputs.shape)

    def loss(parameters):
        total, a, c = 0.0, case.a0, case.c0
        for t in range(case.X.shape[2]):
            a, c, _ = layer.lstm_step(case.X[:, :, t], a, c, parameters)
            total = total + np.sum(weights[:, :, t] * layer.densor(a, parameters))
        return total

    gradient = layer.djmodel_backward(weights, caches, case.parameters)[name]
    expected = complex_gradient(loss, case.parameters, name)
    deviation = np.max(np.abs(gradient - expected)) / np.max(np.abs(expected))
    assert deviation < COMPLEX_STEP_TOLERANCE


def test_the_loss_is_the_mean_surprise_and_its_gradient_sums_to_zero(load):
    rng = np.random.default_rng(4)
    outputs = rng.dirichlet(np.ones(5), size=(3, 4)).transpose(2, 0, 1)  # (n_values, m, T)
    targets = rng.integers(5, size=(3, 4))
    bits, dlogits = load("batches").cross_entropy(outputs, targets)
    by_hand = [-math.log2(outputs[targets[i, t], i, t]) for i in range(3) for t in range(4)]
    assert bits == pytest.approx(sum(by_hand) / 12)
    np.testing.assert_allclose(dlogits.sum(axis=0), 0.0, atol=1e-15)


def test_adam_moves_by_the_rate_and_changes_no_argument(load):
    optimiser = load("optimiser")
    parameters = {"W": np.array([[1.0, 2.0]])}
    gradients = {"W": np.array([[0.5, -0.25]])}
    moments = optimiser.first_moments(parameters)
    moved, _ = optimiser.adam(parameters, gradients, moments, 1, 0.1)
    np.testing.assert_allclose(moved["W"], [[0.9, 2.1]], atol=1e-6)
    np.testing.assert_array_equal(parameters["W"], [[1.0, 2.0]])
    assert not moments["W"][0].any()


def test_the_learning_rate_warms_up_and_falls_to_zero(load):
    rates = [load("optimiser").learning_rate(done) for done in np.linspace(0, 1, 101)]
    assert int(np.argmax(rates)) == 5
    assert rates[-1] == 0
    assert all(later <= earlier for earlier, later in itertools.pairwise(rates[5:]))


def test_training_reports_its_best_and_learns(load, jazz, corpus):
    progress = list(load("training").train(jazz, corpus, np.random.default_rng(1), steps=40))
    assert progress[-1].step == progress[-1].of_total == 40
    assert progress[-1].loss < progress[0].loss - 1.0
    bits = load("training").held_out_bits(jazz, progress[-1].parameters, corpus)
    assert bits == pytest.approx(progress[-1].bits)


def test_training_may_be_stopped_and_repeats_itself(load, jazz, corpus):
    train = load("training").train
    first, second = (
        list(itertools.islice(train(jazz, corpus, np.random.default_rng(7), steps=30), 2))
        for _ in range(2)
    )
    assert first[1].step == 10
    assert first[1].loss == second[1].loss
    assert set(first[1].parameters) == set(first[0].parameters)


def test_a_slow_clock_ends_the_training_early(load, jazz, corpus):
    ticking = itertools.count(0, 10.0)
    progress = list(
        load("training").train(
            jazz, corpus, np.random.default_rng(1), clock=lambda: next(ticking), seconds=60.0
        )
    )
    assert progress[-1].step == 6
    assert np.isfinite(progress[-1].bits)


def test_solos_of_unequal_length_are_weighted_by_their_tokens(load, jazz, corpus):
    training = load("training")
    n_values = len(corpus.vocabulary)
    parameters = load("lstm_layer").initialize_parameters(
        n_values + corpus.training[0].contexts.shape[0], training.N_A, n_values,
        np.random.default_rng(0),
    )  # fmt: skip
    pair = corpus.held_out[:2]
    parts = [
        training.held_out_bits(
            jazz, parameters, SimpleNamespace(vocabulary=corpus.vocabulary, held_out=(solo,))
        )
        for solo in pair
    ]
    lengths = [len(solo.indices) for solo in pair]
    both = SimpleNamespace(vocabulary=corpus.vocabulary, held_out=pair)
    expected = np.average(parts, weights=lengths)
    assert training.held_out_bits(jazz, parameters, both) == pytest.approx(expected)


def test_counting_finds_what_repeats_itself(load):
    tokens = np.tile([0, 1, 2], 40)
    sequence = load("vocabulary").Sequence(tokens, np.zeros((1, len(tokens))))
    endless = SimpleNamespace(vocabulary=(0, 1, 2), training=(sequence,), held_out=(sequence,))
    listening = load("listening")
    assert listening.counting_bits(endless, longest=1) == pytest.approx(math.log2(3), abs=0.01)
    assert listening.counting_bits(endless, longest=2) < 0.1


@pytest.mark.parametrize(
    ("bits", "word"), [(2.7, "not yet"), (2.6, "passed"), (2.25, "good"), (1.9, "good")]
)
def test_bits_are_put_into_a_word(load, bits, word):
    assert load("listening").verdict(bits) == word


def test_intervals_count_steps_and_leaps(load):
    found = load("listening").intervals([(60, 6), (62, 6), (None, 6), (70, 6), (70, 6), (65, 6)])
    assert (found.steps, found.leaps) == (0.5, 0.25)
    assert load("listening").intervals([(60, 6)]).steps == 0


# ---- rules of the improvisation


def any_solo(load, corpus, tune, rng, **options):
    """Play a tune by chance alone: every allowed token is as likely as any other."""
    playhead = load("playhead")
    form = load("chords").choruses(tune, 1)
    here = playhead.open_sheet(form, corpus.vocabulary, tonic=tune.tonic, **options)
    trail = []
    while not playhead.at_end(here):
        index = int(rng.choice(np.flatnonzero(playhead.allowed_at(here)[:, 0])))
        trail.append((here["tick"], corpus.vocabulary[index]))
        here = playhead.advance(here, index)
        trail[-1] += (here["pitch"],)
    return trail


@pytest.mark.parametrize("name", TUNES)
def test_no_choice_leads_into_a_dead_end(load, corpus, name):
    tune = load("chords").tune(name)
    for seed in range(3):
        trail = any_solo(load, corpus, tune, np.random.default_rng(seed))
        sounding = [(tick, ticks, pitch) for tick, (d, _, ticks), pitch in trail if d >= 0]
        pitches = np.array([67] + [pitch for _, _, pitch in sounding])
        assert all(tick % 48 + ticks <= 48 for tick, (_, _, ticks), _ in trail)
        assert 54 <= pitches.min() <= pitches.max() <= 84
        assert np.max(np.abs(np.diff(pitches))) <= 9
        tick, ticks, pitch = sounding[-1]
        assert pitch % 12 == tune.tonic
        assert ticks >= 12
        assert tick + ticks == 48 * len(tune.bars)


def test_triplets_are_completed(load, corpus):
    trail = any_solo(load, corpus, load("chords").tune("blues_f"), np.random.default_rng(0))
    triplets = [tick % 12 for tick, (_, _, ticks), _ in trail if ticks == 4]
    assert triplets
    assert triplets == [0, 4, 8] * (len(triplets) // 3)


def test_the_playhead_before_a_token_stays_as_it_was(load, corpus):
    playhead, tune = load("playhead"), load("chords").tune("two_five_c")
    here = playhead.open_sheet(tune.bars, corpus.vocabulary, tonic=0)
    allowed = playhead.allowed_at(here)
    there = playhead.advance(here, int(np.flatnonzero(allowed[:, 0])[-1]))
    assert (here["tick"], there["tick"] > 0) == (0, True)
    np.testing.assert_array_equal(playhead.allowed_at(here), allowed)


def test_tokens_that_cannot_come_home_are_refused(load):
    tune = load("chords").tune("blues_f")
    with pytest.raises(ValueError, match="cannot fill 12 bars and end on the tonic"):
        load("playhead").open_sheet(tune.bars, [(7, 1, 12), (7, -1, 12)], tonic=tune.tonic)


def test_the_network_hears_and_says_tokens_only_where_they_are_allowed(load, jazz, corpus):
    tune = load("chords").tune("minor_blues_c")
    n_values = len(corpus.vocabulary)
    parameters = load("lstm_layer").initialize_parameters(
        n_values + load("vocabulary").N_CONTEXT, 8, n_values, np.random.default_rng(0)
    )
    played = load("improvising").improvise(
        jazz, parameters, corpus.vocabulary, tune, np.random.default_rng(3), count=1
    )
    tokens = jazz.encode_melody(
        list(played.solo.melody), load("vocabulary").roots_of(played.solo), played.solo.start
    )
    assert tokens == [corpus.vocabulary[index] for index in played.indices]
    assert sum(ticks for _, ticks in played.solo.melody) == 12 * 48
    assert played.surprise.shape == (len(tokens),)
    assert np.all(played.surprise >= 0)


# ---- a whole session


@pytest.fixture
def play(load, monkeypatch):
    """The play module with a small corpus."""
    module = load("play")
    few = functools.partial(load("batches").make_corpus, training=40, held_out=6)
    monkeypatch.setattr(module, "make_corpus", few)
    return module


def test_a_session_stopped_early_still_ends_in_files(play, jazz, tmp_path):
    play.learner = lambda name: getattr(jazz, name)
    options = {"temperature": 0.9, "bars": 5, "tune": "blues_bb"}
    play.begin("solo", options, 3)
    report = play.advance(0.0)[0]
    assert (report["step"], report["best_bits"], report["done"]) == (1, None, False)
    parameters = play.best()["parameters"]
    verdict = play.judge("solo", parameters, options, 3)
    assert verdict["grade"] is None
    assert verdict["bits"] > verdict["counting"]["tokens counted"]
    performed = play.perform("solo", parameters, options, 3)
    written = play.write("solo", performed, tmp_path, options, 3)
    assert set(written["files"]) == {path.name for path in tmp_path.iterdir()}
    assert written["roll"]["chords"] == ("Bb7",) * 5
    assert written["roll"]["grid"].shape[1] == 5 * written["roll"]["columns_per_bar"]


def test_without_matplotlib_a_line_says_how_to_get_the_picture(play, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    options = {"temperature": 0.9, "bars": 2, "tune": "blues_bb"}
    written = play.write("solo", {"melody": [[60, 48], [None, 48]]}, tmp_path, options, 0)
    assert written["files"] == ("solo.mid", "solo.wav")
    assert "pip install matplotlib" in written["notes"][-1]


@pytest.mark.parametrize(
    ("melody", "complaint"),
    [([[60, 48]], "48 ticks of notes do not fill 2 bars"),
     ([[200, 48], [60, 48]], "no note of pitch 200"),
     ([[60, 100], [60, -4]], "and -4 ticks")],
)  # fmt: skip
def test_a_performance_that_makes_no_sense_is_not_written(load, tmp_path, melody, complaint):
    options = {"temperature": 0.9, "bars": 2, "tune": "blues_bb"}
    with pytest.raises(ValueError, match=complaint):
        load("play").write("solo", {"melody": melody}, tmp_path, options, 0)
    assert not list(tmp_path.iterdir())


def test_parameters_of_another_vocabulary_are_not_judged(load, play):
    parameters = load("lstm_layer").initialize_parameters(9, 64, 7, np.random.default_rng(0))
    with pytest.raises(ValueError, match="Wf should have the shape"):
        play.judge("solo", parameters, {"tune": "blues_f"}, 0)


def test_the_first_bars_of_a_tune_end_at_home(load):
    chords = load("chords")
    blues = chords.tune("blues_bb")
    assert chords.first_bars(blues, 24) == chords.choruses(blues, 2)
    assert chords.first_bars(blues, 3) == (*blues.bars[:2], blues.ending)
    with pytest.raises(ValueError, match="at least one bar"):
        chords.first_bars(blues, 0)
