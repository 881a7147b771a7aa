"""The dinosaur assignment's given modules: data, evaluation, gradients, training."""

import collections
import doctest
import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from grader.content.code import Loader

ROOT = Path(__file__).parents[2]
SOLUTIONS, EXERCISES = ROOT / "solutions/dinosaur_island", ROOT / "exercises/dinosaur_island"
CENTRAL_DIFFERENCES = 1e-7  # h = 1e-5 leaves 4e-10 of an LSTM's gradients, block-scaled


@pytest.fixture(scope="module")
def load():
    """Load a module of the assignment by name."""
    return Loader((SOLUTIONS, EXERCISES), "dinosaur_island").load


@pytest.fixture(scope="module")
def names(load):
    """The shipped names."""
    return load("names").read_names()


def central_difference(loss_of, parameter, index, h=1e-5):
    """Slope of a loss along one entry of a parameter."""
    kept = parameter[index]
    parameter[index] = kept + h
    above = loss_of()
    parameter[index] = kept - h
    below = loss_of()
    parameter[index] = kept
    return (above - below) / (2 * h)


# ---- data ---------------------------------------------------------------------------------------


def test_at_least_a_thousand_names_sorted_and_each_once():
    lines = (EXERCISES / "dinosaurs.txt").read_text(encoding="ascii").splitlines()
    assert len(lines) >= 1000
    assert lines == sorted(set(lines))


def test_every_name_is_lower_case_letters_only():
    text = (EXERCISES / "dinosaurs.txt").read_text(encoding="ascii")
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyz\n")
    assert text.endswith("\n")


@pytest.mark.parametrize("impostor", ["dakosaurus", "archaeoraptor", "tanystropheus", "dinosaurus"])
def test_animals_that_are_no_dinosaurs_are_left_out(names, impostor):
    assert impostor not in names


def test_the_about_file_tells_the_right_number_of_names(names):
    assert f"{len(names):,}" in (EXERCISES / "dinosaurs_about.md").read_text(encoding="utf-8")


def test_a_file_with_other_letters_is_refused_by_name(load, tmp_path):
    (tmp_path / "mine.txt").write_text("rex\nt-rex\n", encoding="utf-8")
    with pytest.raises(ValueError, match="'t-rex' has other characters"):
        load("names").read_names(tmp_path / "mine.txt")


def test_the_split_is_about_eighty_ten_ten_and_loses_no_name(load, names):
    parts = load("names").split_names(names)
    assert sorted(itertools.chain(*parts.values())) == names
    shares = {part: len(found) / len(names) for part, found in parts.items()}
    assert shares == pytest.approx({"train": 0.8, "validation": 0.1, "test": 0.1}, abs=0.03)


def test_a_name_keeps_its_part_when_the_list_changes(load, names):
    split = load("names").split_names
    fewer = split(names[::2])
    assert all(set(fewer[part]) <= set(whole) for part, whole in split(names).items())


# ---- batches ------------------------------------------------------------------------------------


def test_an_epoch_of_batches_holds_every_name_once(load):
    letters = "abcdefg"
    given = [letters[:n] for n in range(1, 8)]
    seen = collections.Counter()
    for _, targets, mask in load("batches").shuffled_batches(given, 3, np.random.default_rng(1)):
        for row, there in zip(targets, mask, strict=True):
            seen["".join(" abcdefg"[ix] for ix in row[there > 0][:-1])] += 1
    assert seen == collections.Counter(given)


# ---- evaluation ---------------------------------------------------------------------------------


def test_knowing_nothing_costs_log2_of_27_bits(load):
    def step(state, index):
        return state, np.full(27, 1 / 27)

    bits = load("evaluation").bits_per_character(step, None, ["ab", "c"])
    assert bits == pytest.approx(math.log2(27))


def test_bits_per_character_of_a_hand_counted_model(load):
    evaluation = load("evaluation")
    model = evaluation.ngram_step(["ab"], 1)
    # newline, a, b seen once each, three kinds: p = (1 + 3/27) / (3 + 3) for a and the newline,
    # (3/27) / 6 for c.
    assert evaluation.bits_per_character(*model, ["a"]) == pytest.approx(math.log2(27 / 5))
    expected = (2 * math.log2(27 / 5) + math.log2(54)) / 3
    assert evaluation.bits_per_character(*model, ["ac"]) == pytest.approx(expected)


def test_pairs_use_the_letter_before(load):
    evaluation = load("evaluation")
    # After the newline: a once of one kind, mixed 1:1 with p1(a) = 5/27.
    _, p = evaluation.ngram_step(["ab"], 2)[0]((), 0)
    assert p[1] == pytest.approx((1 + 5 / 27) / 2)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_counted_probabilities_sum_to_one_after_unseen_letters_too(load, names, n):
    step, state = load("evaluation").ngram_step(names[:50], n)
    for index in (0, 26, 17, 24):
        state, p = step(state, index)
        assert p.sum() == pytest.approx(1)
        assert p.min() > 0


@pytest.mark.parametrize(
    ("p", "message"),
    [
        (np.full(27, 0.05), "sum to 1.35"),
        (np.full(26, 1 / 26), "shape"),
        (np.append(np.full(26, 2 / 27), 1 - 52 / 27), "smallest -0.9"),
        (np.full(27, np.nan), "sum to nan"),
    ],
)
def test_what_is_no_distribution_is_refused(load, p, message):
    evaluation = load("evaluation")
    with pytest.raises(evaluation.NotAModel, match=message):
        evaluation.bits_per_character(lambda state, index: (state, p), None, ["abc"])


def test_a_step_that_remembers_other_names_is_refused(load):
    evaluation = load("evaluation")
    calls = itertools.count()

    def step(state, index):
        p = np.ones(27)
        p[next(calls) % 27] += 5
        return state, p / p.sum()

    with pytest.raises(evaluation.NotAModel, match="hangs on more than"):
        evaluation.check_causality(step, None, ["abcd", "efgh"], np.random.default_rng(0))


@pytest.mark.parametrize(
    ("bits", "grade"),
    [(2.76, None), (2.75, "pass"), (2.46, "pass"), (2.45, "good"), (2.35, "excellent")],
)
def test_grades_stand_at_their_thresholds(load, bits, grade):
    assert load("evaluation").grade_of(bits) == grade


def test_plain_step_function_gives_the_loss_that_the_training_sees(load):
    evaluation, utils = load("evaluation"), load("utils")
    parameters = load("training").initialize_plain(7, 27, np.random.default_rng(3))
    Y = load("names").spell_out("stego")
    loss, _ = utils.rnn_forward([None, *Y[:-1]], Y, np.zeros((7, 1)), parameters)
    bits = evaluation.bits_per_character(*evaluation.rnn_step_of(parameters), ["stego"])
    assert bits == pytest.approx(loss / len(Y) / math.log(2))


def test_lstm_step_function_gives_the_loss_that_the_training_sees(load):
    evaluation, given = load("evaluation"), ["stego", "rex"]
    parameters = load("lstm_layer").initialize_lstm(6, 27, np.random.default_rng(3))
    batch = load("batches").make_batch(given)
    loss, _ = load("language_model").lstm_language_model(*batch, parameters)
    bits = evaluation.bits_per_character(*evaluation.lstm_step_of(parameters), given)
    assert bits == pytest.approx(loss / math.log(2))


# ---- inventing ----------------------------------------------------------------------------------


def test_shares_of_new_and_well_formed_names(load):
    generating = load("generating")
    known = ["abca", "bcab"]
    assert generating.share_of_new(["abca", "abcab"], known) == 0.5
    assert generating.share_of_well_formed(["abcab", "acba", "abc"], known) == pytest.approx(1 / 3)


def test_a_low_temperature_takes_the_likeliest_letter(load):
    def step(state, index):
        p = np.full(27, 0.01)
        p[0 if state == 3 else 5] = 1 - 0.26
        return state + 1, p

    rng = np.random.default_rng(0)
    assert load("generating").invent(step, 0, rng, temperature=0.05) == "eee"


def test_cooled_parameters_sharpen_the_learners_own_sample(load):
    given = load("training").initialize_plain(5, 27, np.random.default_rng(3))
    cooled = load("generating").at_temperature(given, 0.5)
    a = np.tanh(np.random.default_rng(4).standard_normal((5, 1)))
    scores = given["Wya"] @ a + given["by"]
    assert np.allclose(cooled["Wya"] @ a + cooled["by"], scores / 0.5)
    assert cooled["Waa"] is given["Waa"]


# ---- gradients ----------------------------------------------------------------------------------


def test_gradients_of_the_plain_network_are_the_slopes_of_its_loss(load):
    utils, rng = load("utils"), np.random.default_rng(1)
    parameters = load("training").initialize_plain(5, 27, rng)
    X, Y, a0 = [None, 3, 7, 3], [3, 7, 3, 0], rng.standard_normal((5, 1))
    _, cache = utils.rnn_forward(X, Y, a0, parameters)
    gradients, _ = utils.rnn_backward(X, Y, parameters, cache)
    for name, parameter in parameters.items():
        index = tuple(int(rng.integers(size)) for size in parameter.shape)
        index = (3, *index[1:]) if name in ("Wya", "by") else index
        slope = central_difference(
            lambda: utils.rnn_forward(X, Y, a0, parameters)[0], parameter, index
        )
        scale = np.abs(gradients["d" + name]).max()
        assert gradients["d" + name][index] == pytest.approx(slope, abs=CENTRAL_DIFFERENCES * scale)


@pytest.mark.parametrize("name", ["W", "b", "Wy", "by"])
def test_gradients_of_the_batched_lstm_are_the_slopes_of_its_loss(load, name):
    rng = np.random.default_rng(2)
    case = load("batch_cases").batch(rng)
    loss_and_gradients = load("language_model").lstm_language_model
    _, gradients = loss_and_gradients(*case.arguments)
    parameter = case.parameters[name]
    slopes = np.zeros_like(parameter)
    for index in np.ndindex(parameter.shape):
        slopes[index] = central_difference(
            lambda: loss_and_gradients(*case.arguments)[0], parameter, index
        )
    error = np.abs(gradients["d" + name] - slopes).max() / np.abs(slopes).max()
    assert error < CENTRAL_DIFFERENCES


# ---- descent and training -----------------------------------------------------------------------


def test_cosine_falls_from_start_to_end(load):
    cosine = load("descent").cosine
    assert [cosine(3.0, 1.0, x) for x in (0, 0.5, 1)] == pytest.approx([3.0, 2.0, 1.0])


def test_first_step_of_adam_is_as_long_as_the_rate(load):
    parameters = {"W": np.array([2.0, -2.0])}
    gradients = {"dW": np.array([1e-3, -50.0])}
    load("descent").Adam(decay=0.0).update(parameters, gradients, 0.1)
    assert parameters["W"] == pytest.approx([1.9, -1.9], abs=1e-4)


def test_clipping_by_norm_keeps_the_direction(load):
    clipped = load("descent").clipped_by_norm({"da": np.array([3.0]), "db": np.array([4.0])})
    assert [clipped["da"][0], clipped["db"][0]] == pytest.approx([0.6, 0.8])


def test_dropped_weights_keep_their_mean_and_biases_stay(load):
    parameters = {"W": np.ones((400, 120)), "b": np.ones((400, 1)), "Wy": np.ones((20, 100))}
    thinned, factors = load("descent").dropped(parameters, np.random.default_rng(0))
    assert thinned["W"][:, :100].mean() == pytest.approx(1, abs=0.03)
    assert (thinned["W"][:, :100] == 0).mean() == pytest.approx(0.35, abs=0.01)
    assert np.array_equal(thinned["b"], parameters["b"])
    assert np.array_equal(thinned["W"], parameters["W"] * factors["W"])


def trainers(load):
    """Both trainers, made small."""
    training, dinosaur = load("training"), load("dinosaur")
    return {
        "one by one": lambda *rest: training.train_one_by_one(
            dinosaur.optimize, dinosaur.sample, *rest, n_a=6, iterations=40, every=20
        ),
        "batched": lambda *rest: training.train_batched(
            load("language_model").lstm_language_model, *rest, n_a=6, epochs=2, batch=8
        ),
    }


@pytest.mark.parametrize("kind", ["one by one", "batched"])
def test_training_reports_progress_and_ends(load, names, kind):
    rng = np.random.default_rng(0)
    reports = list(trainers(load)[kind](names[:40], names[40:50], rng))
    assert [report.iteration for report in reports] == [
        reports[-1].of_total // 2,
        reports[-1].of_total,
    ]
    assert reports[-1].best_validation == min(report.validation for report in reports)
    assert all(len(report.samples) == 5 for report in reports)


@pytest.mark.parametrize("kind", ["one by one", "batched"])
def test_training_stops_when_asked_and_hands_out_the_model_so_far(load, names, kind):
    asked = itertools.count(1)
    rng = np.random.default_rng(0)
    reports = list(trainers(load)[kind](names[:40], names[40:50], rng, lambda: next(asked) >= 3))
    assert [report.iteration for report in reports] == [3]
    assert all(np.all(np.isfinite(value)) for value in reports[0].parameters.values())


@pytest.mark.parametrize("kind", ["one by one", "batched"])
def test_the_best_model_is_not_changed_by_further_training(load, names, kind):
    training = trainers(load)[kind](names[:40], names[40:50], np.random.default_rng(0))
    first = next(training).parameters
    kept = {name: value.copy() for name, value in first.items()}
    list(training)
    assert all(np.array_equal(first[name], kept[name]) for name in kept)


def test_the_stages_of_play_need_tasks_of_the_course(load):
    play = load("play")
    functions = vars(load("dinosaur")) | vars(load("language_model"))
    assert [stage["name"] for stage in play.STAGES] == ["plain", "batched"]
    assert all(name in functions for stage in play.STAGES for name in stage["needs"])


@pytest.mark.parametrize("stage", ["plain", "batched"])
def test_a_network_that_was_hardly_trained_is_judged_plays_and_fails(load, stage, tmp_path):
    play = load("play")
    functions = vars(load("dinosaur")) | vars(load("language_model"))
    play.learner, options = functions.get, {"temperature": 0.8}
    play.begin(stage, options, 5)
    report = play.advance(0.0)[0]
    assert report["best_bits"] == report["bits"]
    assert not report["done"]
    parameters = play.best()["parameters"]
    verdict = play.judge(stage, parameters, options, 5)
    assert verdict["bits"] > verdict["thresholds"]["pass"]
    assert verdict["grade"] is None
    assert sorted(verdict["counting"].values()) == list(verdict["counting"].values())[::-1]
    performed = play.perform(stage, parameters, options, 5)
    written = play.write(stage, performed, tmp_path, options, 5)
    lines = (tmp_path / "names.txt").read_text().split()
    assert lines
    assert written["lines"] == tuple(lines[: play.SHOWN])
    assert not {line.lower() for line in lines} & set(load("names").read_names())


def test_parameters_of_another_network_are_not_judged(load):
    plain = load("training").initialize_plain(8, 27, np.random.default_rng(0))
    with pytest.raises(ValueError, match="W should have the shape"):
        load("play").judge("batched", plain, {}, 0)
    with pytest.raises(ValueError, match="Wya should have the shape"):
        load("play").judge("plain", plain | {"Wya": np.zeros((27, 9))}, {}, 0)


def test_the_pictures_of_gradients_agree_with_small_nudges(load):
    """The last letter's loss, nudged through the state after every letter."""
    insight, names = load("insight"), load("names")
    parameters = load("training").initialize_plain(6, 27, np.random.default_rng(1))
    Y = names.spell_out("rex")
    X = [None, *Y[:-1]]
    norms = insight._norms_of_plain(parameters, X, Y)
    forward = load("utils").rnn_forward
    for t in range(1, len(X) + 1):
        a0 = forward(X[:t], Y[:t], np.zeros((6, 1)), parameters)[1][1][t - 1]

        def last_loss(a, t=t):
            if t == len(X):
                scores = parameters["Wya"] @ a + parameters["by"]
                return float(np.log(np.exp(scores).sum()) - scores[Y[-1], 0])
            _, (y_hat, _, _) = forward(X[t:], Y[t:], a, parameters)
            return -float(np.log(y_hat[len(X) - t - 1][Y[-1], 0]))

        nudges = 1e-5 * np.eye(6)[:, :, None]
        slopes = [(last_loss(a0 + n) - last_loss(a0 - n)) / 2e-5 for n in nudges]
        assert np.isclose(np.linalg.norm(slopes), norms[t - 1], rtol=1e-5)


def test_the_gradients_of_the_lstm_agree_with_small_nudges(load):
    """A nudge of a(t) is a nudge of what the next step multiplies W's first columns with."""
    insight, layer = load("insight"), load("lstm_layer")
    parameters = layer.initialize_lstm(5, 27, np.random.default_rng(2))
    inputs, targets, _ = load("batches").make_batch(["rex"])
    norms = insight._norms_of_lstm(parameters, inputs, targets)
    for t in range(1, inputs.shape[1] + 1):
        state = (np.zeros((5, 1)), np.zeros((5, 1)))
        for index in inputs[0, :t]:
            state, _ = layer.lstm_step(parameters, state, index)

        def last_loss(a, t=t, c=state[1]):
            state = (a, c)
            for index in inputs[0, t:]:
                state, _ = layer.lstm_step(parameters, state, index)
            scores = parameters["Wy"] @ state[0] + parameters["by"]
            return float(np.log(np.exp(scores).sum()) - scores[targets[0, -1], 0])

        nudges = 1e-5 * np.eye(5)[:, :, None]
        slopes = [(last_loss(state[0] + n) - last_loss(state[0] - n)) / 2e-5 for n in nudges]
        assert np.isclose(np.linalg.norm(slopes), norms[t - 1], rtol=1e-5)


# ---- the distribution test, and the examples -----------------------------------------------------


def test_right_draws_are_plausible_and_others_are_not(load):
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.full(27, 0.7))
    is_implausible = load("drawing").is_implausible
    fair = [is_implausible(rng.multinomial(1000, p), p) for _ in range(300)]
    uniform = rng.multinomial(1000, np.full(27, 1 / 27))
    likeliest = np.where(p == p.max(), 1000, 0)
    assert not any(fair)
    assert is_implausible(uniform, p)
    assert is_implausible(likeliest, p)


@pytest.mark.parametrize("module", ["batches", "dinosaur", "language_model"])
def test_worked_examples_hold(load, module):
    namespace = {"np": np} | vars(load("utils")) | vars(load(module))
    finder = doctest.DocTestFinder(exclude_empty=True)
    examples = finder.find(load(module), module=False, globs=namespace)
    runner = doctest.DocTestRunner(verbose=False)
    tried = sum(runner.run(example).attempted for example in examples)
    assert runner.failures == 0
    assert tried > 0
