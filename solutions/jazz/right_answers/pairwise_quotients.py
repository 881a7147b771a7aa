"""Right, by comparing everything with everything: quotients of pairs, all candidates at once."""

import numpy as np
from lstm_layer import densor, lstm_step
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    tokens = []
    for n, ((pitch, ticks), root) in enumerate(zip(melody, roots)):
        if pitch is None:
            tokens.append((REST, 0, ticks))
            continue
        before = [p for p, _ in [(start, 0)] + list(melody[:n]) if p is not None][-1]
        degree = [k for k in range(12) if (root + k - pitch) % 12 == 0][0]
        tokens.append((degree, [before == pitch, before < pitch, before > pitch].index(True), ticks))
    return [(degree, (0, 1, -1)[way], ticks) if degree != REST else (degree, way, ticks)
            for degree, way, ticks in tokens]


def decode_melody(tokens, roots, start):
    melody = []
    for (degree, direction, ticks), root in zip(tokens, roots):
        if degree == REST:
            melody.append((None, ticks))
            continue
        right = [pitch for pitch in range(-24, 152) if pitch % 12 == (root + degree) % 12]
        sides = {
            0: [start],
            1: [pitch for pitch in right if pitch > start],
            -1: [pitch for pitch in right if pitch < start],
        }
        start = sorted(sides[direction], key=lambda pitch: abs(pitch - start))[0]
        melody.append((start, ticks))
    return melody


def one_hot_tokens(indices, n_values):
    return np.equal.outer(np.arange(n_values), np.asarray(indices)).astype(np.float64)


def _shares(z, allowed):
    """p_k = 1 / (sum over allowed j of exp(z_j - z_k)) for all pairs at once: no maximum."""
    with np.errstate(over="ignore"):
        quotients = np.exp(z[:, None, :] - z[None, :, :])  # (j, k, m)
    total = np.sum(quotients, axis=0, where=allowed[:, None, :])
    return np.divide(1.0, total, out=np.zeros(z.shape), where=allowed)


def djmodel(X, a0, c0, parameters):
    T_x = X.shape[2]
    a, c, caches = [a0], [c0], []
    for t in range(T_x):
        for kept, new in zip((a, c, caches), lstm_step(X[:, :, t], a[t], c[t], parameters)):
            kept.append(new)
    outputs = np.zeros((parameters["by"].shape[0], X.shape[1], T_x))
    for t in range(T_x):
        z = densor(a[t + 1], parameters)
        outputs[:, :, t] = _shares(z, np.ones(z.shape, dtype=bool))
    return outputs, caches


def masked_softmax(logits, temperature, allowed):
    return _shares(logits / temperature, allowed)


def predict_and_sample(probabilities, uniforms):
    n_values = len(probabilities)
    earlier = np.greater_equal.outer(np.arange(n_values), np.arange(n_values))  # k, j: j <= k
    ends = np.array([[p[row].sum() for row in earlier] for p in probabilities.T]).T
    candidates = (ends > np.asarray(uniforms)) & (probabilities > 0)
    numbers = np.where(candidates, np.arange(n_values)[:, None], n_values)
    possible = np.where(probabilities > 0, np.arange(n_values)[:, None], -1)
    indices = np.minimum(numbers.min(axis=0), possible.max(axis=0))
    return indices, one_hot_tokens(indices, n_values)


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = parameters["by"].shape[0]
    history, states, columns = [-1], [(a0, c0)], []
    while not at_end(playhead):
        token = one_hot_tokens(history[-1:], n_values)
        states.append(lstm_step(np.vstack([token, context_at(playhead)]), *states[-1][:2], parameters))
        logits = densor(states[-1][0], parameters)
        columns.append(masked_softmax(logits, temperature, allowed_at(playhead)))
        u = uniforms[len(columns) - 1]
        history.append(int(predict_and_sample(columns[-1], np.array([u]))[0][0]))
        playhead = advance(playhead, history[-1])
    return history[1:], np.hstack(columns)
