"""Right, with itertools: chains, slices, groups and counters where others write loops."""

from itertools import accumulate, chain, compress, count, dropwhile, islice, pairwise, repeat
from itertools import product, starmap, takewhile, zip_longest

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    sounding = [pitch is not None for pitch, _ in melody]
    line = chain([start], compress((pitch for pitch, _ in melody), sounding))
    ways = starmap(lambda before, pitch: int(np.sign(pitch - before)), pairwise(line))
    return [
        ((pitch - root) % 12, next(ways), ticks) if sounds else (REST, 0, ticks)
        for (pitch, ticks), root, sounds in zip(melody, roots, sounding)
    ]


def decode_melody(tokens, roots, start):
    melody = []
    for (degree, direction, ticks), root in zip_longest(tokens, roots):
        if degree == REST:
            melody.append((None, ticks))
            continue
        off = lambda pitch: (pitch - root) % 12 != degree  # noqa: B023
        stairs = count(start + direction, direction) if direction else repeat(start)
        start = next(dropwhile(off, stairs)) if direction else next(stairs)
        melody.append((start, ticks))
    return melody


def one_hot_tokens(indices, n_values):
    pairs = product(range(n_values), (int(index) for index in indices))
    numbers = list(starmap(lambda row, index: float(row == index), pairs))
    return np.array(numbers).reshape(n_values, -1)


def djmodel(X, a0, c0, parameters):
    inputs = (X[:, :, t] for t in range(X.shape[2]))
    beginning = (a0, c0, None)
    walk = accumulate(
        inputs, lambda state, x: lstm_step(x, *state[:2], parameters), initial=beginning
    )
    steps = list(islice(walk, 1, None))
    outputs = np.stack([softmax(densor(a, parameters)) for a, _, _ in steps], axis=2)
    return outputs, [cache for _, _, cache in steps]


def masked_softmax(logits, temperature, allowed):
    def column(scores, may):
        kept = list(compress(scores, may))
        highest = max(kept)
        weights = [np.exp((score - highest) / temperature) for score in kept]
        shares = iter(np.divide(weights, sum(weights)))
        return [next(shares) if yes else 0.0 for yes in may]

    return np.array(list(map(column, logits.T, allowed.T))).T


def predict_and_sample(probabilities, uniforms):
    def draw(p, u):
        passed = len(list(takewhile(lambda end: end <= u, accumulate(p))))
        return min(passed, max(compress(count(), p)))

    indices = np.fromiter(map(draw, probabilities.T, uniforms), dtype=int)
    return indices, one_hot_tokens(indices, len(probabilities))


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = len(parameters["by"])

    def play(state, u):
        place, a, c, index, _ = state
        x = np.vstack((one_hot_tokens([index], n_values), context_at(place)))
        a, c, _ = lstm_step(x, a, c, parameters)
        p = masked_softmax(densor(a, parameters), temperature, allowed_at(place))
        index = int(predict_and_sample(p, [u])[0][0])
        return advance(place, index), a, c, index, p

    def until_the_end(states):
        for before, after in pairwise(states):
            yield after[3:]
            if at_end(after[0]):
                return

    states = accumulate(uniforms, play, initial=(playhead, a0, c0, -1, None))
    indices, columns = zip(*until_the_end(states))
    return list(indices), np.hstack(columns)
