"""Fresh inputs for the checks: sizes all different, states and biases never zero."""

from dataclasses import dataclass

import numpy as np
from chords import QUALITIES, Chord
from lstm_layer import GATES
from playhead import open_sheet
from vocabulary import N_CONTEXT, REST

from grader.checking import distinct_sizes

DURATIONS = (3, 4, 6, 12, 18, 24)


@dataclass(frozen=True)
class Melody:
    """A melody, the roots under it, its tokens' start."""

    melody: list
    roots: list
    start: int


@dataclass(frozen=True)
class Tokens:
    """Tokens that a melody can have, the roots under them, their start."""

    tokens: list
    roots: list
    start: int


@dataclass(frozen=True)
class Unrolled:
    """Arguments of `djmodel`."""

    X: np.ndarray
    a0: np.ndarray
    c0: np.ndarray
    parameters: dict


@dataclass(frozen=True)
class Scores:
    """Arguments of `masked_softmax`."""

    logits: np.ndarray
    temperature: float
    allowed: np.ndarray


@dataclass(frozen=True)
class Draws:
    """Arguments of `predict_and_sample`."""

    probabilities: np.ndarray
    uniforms: np.ndarray


@dataclass(frozen=True)
class Inference:
    """Arguments of `music_inference_model`, in their order, and the vocabulary."""

    playhead: dict
    a0: np.ndarray
    c0: np.ndarray
    parameters: dict
    uniforms: np.ndarray
    temperature: float
    vocabulary: list

    @property
    def arguments(self):
        """As the function takes them."""
        return (self.playhead, self.a0, self.c0, self.parameters, self.uniforms, self.temperature)


def melody_case(rng, notes=14, rests=True):
    """A wandering melody: leaps up and down of up to eleven semitones, repeated pitches, rests."""
    start = int(rng.integers(58, 77))
    moves = rng.integers(1, 12, size=notes) * rng.choice((-1, 1), size=notes)
    moves[rng.permutation(notes)[: notes // 4]] = 0
    silent = rng.permutation(np.arange(1, notes - 1))[: notes // 4] if rests else np.arange(0)
    moves[silent] = 0  # so that no leap adds up over a rest
    pitches = [int(pitch) for pitch in _reflected(start, moves)]
    for place in silent:
        pitches[place] = None
    ticks = [int(t) for t in rng.choice(DURATIONS, size=notes)]
    roots = [int(root) for root in rng.integers(12, size=notes)]
    return Melody(list(zip(pitches, ticks, strict=True)), roots, start)


def tokens_case(rng, notes=14, rests=True):
    """Tokens with every direction, octave leaps, and rests where wanted."""
    case = melody_case(rng, notes, rests)
    tokens, previous = [], case.start
    for (pitch, ticks), root in zip(case.melody, case.roots, strict=True):
        if pitch is None:
            tokens.append((REST, 0, ticks))
        else:
            direction = (pitch > previous) - (pitch < previous)
            tokens.append(((pitch - root) % 12, direction, ticks))
            previous = pitch
    return Tokens(tokens, case.roots, case.start)


def lstm_parameters(rng, n_x, n_a, n_y):
    """Weights of order one, recurrent ones bounded, all biases non-zero."""
    parameters = {}
    for gate in GATES:
        recurrent = 1.2 * rng.standard_normal((n_a, n_a)) / np.sqrt(n_a)
        parameters["W" + gate] = np.hstack((recurrent, 0.7 * rng.standard_normal((n_a, n_x))))
        parameters["b" + gate] = rng.standard_normal((n_a, 1))
    parameters["Wy"] = rng.standard_normal((n_y, n_a))
    parameters["by"] = rng.standard_normal((n_y, 1))
    return parameters


def unrolled_case(rng, **fixed):
    """A sequence for `djmodel`; ``fixed`` overrides drawn sizes (n_x, n_a, n_y, m, T_x)."""
    sizes = {**distinct_sizes(rng, "n_x", "n_a", "n_y", "m", "T_x", low=2, high=8), **fixed}
    states = rng.standard_normal((2, sizes["n_a"], sizes["m"]))
    X = rng.standard_normal((sizes["n_x"], sizes["m"], sizes["T_x"]))
    parameters = lstm_parameters(rng, sizes["n_x"], sizes["n_a"], sizes["n_y"])
    return Unrolled(X, states[0], states[1], parameters)


def scores_case(rng):
    """Scores under a temperature that is not one; some tokens of every column are ruled out."""
    sizes = distinct_sizes(rng, "n", "m", low=3, high=9)
    n, m = max(sizes.values()), min(sizes.values())
    allowed = rng.random((n, m)) < 0.6
    for column in range(m):
        sure = rng.permutation(n)[:3]
        allowed[sure, column] = (True, True, False)
    temperature = float(rng.choice((0.4, 0.6, 1.6, 2.2)))
    return Scores(1.5 * rng.standard_normal((n, m)), temperature, allowed)


def draws_case(rng, m=12):
    """Columns of probabilities and uniforms that keep clear of every cumulative sum."""
    n = int(rng.integers(4, 10))
    probabilities = rng.dirichlet(np.ones(n), size=m).T
    cumulative = np.cumsum(probabilities, axis=0)
    while True:
        uniforms = rng.random(m)
        if np.min(np.abs(cumulative - uniforms)) > 1e-6:
            return Draws(probabilities, uniforms)


def inference_case(rng, bars=2, temperature=None):
    """A short solo to improvise: chords, a small vocabulary, a small network."""
    vocabulary = _vocabulary(rng)
    chords = tuple(
        Chord(int(rng.integers(12)), QUALITIES[int(rng.integers(len(QUALITIES)))])
        for _ in range(bars)
    )
    playhead = open_sheet(chords, vocabulary, tonic=chords[-1].root)
    n_a = int(rng.integers(3, 8))
    states = rng.standard_normal((2, n_a, 1))
    parameters = lstm_parameters(rng, len(vocabulary) + N_CONTEXT, n_a, len(vocabulary))
    chosen = float(rng.choice((0.6, 1.7))) if temperature is None else temperature
    return Inference(
        playhead, states[0], states[1], parameters, rng.random(16 * bars), chosen, vocabulary
    )


def _vocabulary(rng):
    """A few dozen tokens that can fill a bar and come home from anywhere."""
    sure = [(0, way, ticks) for way in (-1, 1) for ticks in (6, 12)] + [(0, 0, 12)]
    sure += [(REST, 0, 6), (REST, 0, 12)]
    degrees = rng.permutation(np.arange(1, 12))[: int(rng.integers(5, 9))]
    notes = [
        (int(degree), way, int(rng.choice((6, 6, 12, 18)))) for degree in degrees for way in (-1, 1)
    ]
    return sorted({*sure, *notes})


def _reflected(start, moves):
    """Walk from ``start``; a step that would leave 48 to 88 is taken the other way."""
    pitch = start
    for move in moves:
        pitch += move if 48 <= pitch + move <= 88 else -move
        yield pitch
