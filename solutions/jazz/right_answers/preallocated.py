"""Right, with buffers made beforehand and filled, Fortran order, and einsum."""

import numpy as np
from lstm_layer import densor, lstm_step
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST

UP = {(here, there): (there - here - 1) % 12 + 1 for here in range(12) for there in range(12)}


def encode_melody(melody, roots, start):
    tokens = [(REST, 0, ticks) for _, ticks in melody]
    for n, (pitch, ticks) in enumerate(melody):
        if pitch is not None:
            earlier = [p for p, _ in melody[:n] if p is not None]
            before = earlier[-1] if earlier else start
            tokens[n] = ((pitch - roots[n]) % 12, int(np.sign(pitch - before)), ticks)
    return tokens


def decode_melody(tokens, roots, start):
    melody = [None] * len(tokens)
    for n, (degree, direction, ticks) in enumerate(tokens):
        if degree == REST:
            melody[n] = (None, ticks)
            continue
        here, there = start % 12, (degree + roots[n]) % 12
        if direction > 0:
            start += UP[here, there]
        if direction < 0:
            start -= UP[there, here]
        melody[n] = (start, ticks)
    return melody


def one_hot_tokens(indices, n_values):
    one_hot = np.zeros((n_values + 1, len(indices)), order="F")  # the last row catches -1
    np.put_along_axis(one_hot, np.asarray(indices)[None, :], 1.0, axis=0)
    return one_hot[:n_values]


def djmodel(X, a0, c0, parameters):
    n_x, m, T_x = X.shape
    a = np.zeros((a0.shape[0], m, T_x + 1), order="F")
    c = np.zeros_like(a)
    a[:, :, 0], c[:, :, 0] = a0, c0
    caches = [None] * T_x
    for t in range(T_x):
        a[:, :, t + 1], c[:, :, t + 1], caches[t] = lstm_step(
            X[:, :, t], a[:, :, t], c[:, :, t], parameters
        )
    z = np.einsum("yn,nmt->ymt", parameters["Wy"], a[:, :, 1:]) + parameters["by"][:, :, None]
    z -= z.max(axis=0)
    return np.exp(z) / np.exp(z).sum(axis=0), caches


def masked_softmax(logits, temperature, allowed):
    out = np.full(logits.shape, -np.inf)
    np.divide(logits, temperature, out=out, where=allowed)
    out -= out.max(axis=0)
    np.exp(out, out=out)
    out /= np.einsum("nm->m", out)
    return out


def predict_and_sample(probabilities, uniforms):
    n_values, m = probabilities.shape
    edges = np.zeros((n_values + 1, m))
    np.cumsum(probabilities, axis=0, out=edges[1:])
    edges[-1] = np.inf
    indices = np.zeros(m, dtype=np.int32)
    for i in range(m):
        beyond = np.flatnonzero((edges[1:, i] > uniforms[i]) & (probabilities[:, i] > 0))
        indices[i] = beyond[0] if beyond.size else np.flatnonzero(probabilities[:, i])[-1]
    one_hots = np.zeros((n_values, m))
    one_hots[indices, np.arange(m)] = 1.0
    return indices, one_hots


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = parameters["Wy"].shape[0]
    columns = np.zeros((n_values, len(uniforms)))
    x = np.zeros((n_values + len(context_at(playhead)), 1))
    indices, a, c = [], a0, c0
    while not at_end(playhead):
        t = len(indices)
        x[n_values:] = context_at(playhead)
        a, c = lstm_step(x, a, c, parameters)[:2]
        p = masked_softmax(densor(a, parameters), temperature, allowed_at(playhead))
        index = int(predict_and_sample(p, uniforms[t : t + 1])[0][0])
        columns[:, t : t + 1] = p
        x[:n_values] = 0.0
        x[index] = 1.0
        indices.append(index)
        playhead = advance(playhead, index)
    return indices, columns[:, : len(indices)]
