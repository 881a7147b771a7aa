"""Right, one example after the other through all of time, and the batch put together at the end."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_one(note, root, last):
    pitch, ticks = note
    if pitch is None:
        return (REST, 0, ticks), last
    degree = pitch - root
    degree -= 12 * (degree // 12)
    if pitch == last:
        return (degree, 0, ticks), pitch
    return (degree, [-1, 1][pitch > last], ticks), pitch


def encode_melody(melody, roots, start):
    tokens = []
    for i in range(len(melody)):
        token, start = encode_one(melody[i], roots[i], start)
        tokens.append(token)
    return tokens


def decode_one(token, root, last):
    degree, direction, ticks = token
    if degree == REST:
        return (None, ticks), last
    if direction == 0:
        return (last, ticks), last
    # the octave that holds `last`, then one octave too far is put right
    pitch = last - last % 12 + (degree + root) % 12
    if direction == 1 and pitch <= last:
        pitch += 12
    if direction == -1 and pitch >= last:
        pitch -= 12
    return (pitch, ticks), pitch


def decode_melody(tokens, roots, start):
    melody = []
    for i in range(len(tokens)):
        note, start = decode_one(tokens[i], roots[i], start)
        melody.append(note)
    return melody


def one_hot_tokens(indices, n_values):
    rows = []
    for index in indices:
        row = np.zeros(n_values)
        row[index] = index >= 0
        rows.append(row)
    return np.array(rows).T


def unroll_one(x, a, c, parameters):
    """One example: x (n_x, T_x), a and c (n_a, 1)."""
    probabilities, caches = [], []
    for t in range(x.shape[1]):
        a, c, cache = lstm_step(x[:, t].reshape(-1, 1), a, c, parameters)
        probabilities.append(softmax(densor(a, parameters)).ravel())
        caches.append(cache)
    return np.array(probabilities).T, caches


def djmodel(X, a0, c0, parameters):
    T_x = X.shape[2]
    outputs, all_caches = [], []
    for i in range(X.shape[1]):
        p, caches = unroll_one(X[:, i, :], a0[:, [i]], c0[:, [i]], parameters)
        outputs.append(p)
        all_caches.append(caches)
    merged = []
    for t in range(T_x):
        parts = zip(*[caches[t] for caches in all_caches])
        merged.append(tuple(np.hstack(part) for part in parts))
    return np.stack(outputs, axis=1), merged


def masked_softmax_one(scores, temperature, may):
    scores = scores[may] / temperature
    e = np.exp(scores - scores.max())
    p = np.zeros(may.size)
    np.place(p, may, e / e.sum())
    return p


def masked_softmax(logits, temperature, allowed):
    columns = range(logits.shape[1])
    each = [masked_softmax_one(logits[:, i], temperature, allowed[:, i]) for i in columns]
    return np.transpose(each)


def draw_one(p, u):
    index = 0
    left = u - p[0]
    while left >= 0 and index < np.max(np.nonzero(p)):
        index += 1
        left -= p[index]
    return index


def predict_and_sample(probabilities, uniforms):
    m = probabilities.shape[1]
    indices = np.array([draw_one(probabilities[:, i], uniforms[i]) for i in range(m)])
    return indices, one_hot_tokens(indices, probabilities.shape[0])


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = parameters["by"].shape[0]
    token = np.zeros(n_values)
    a, c = a0, c0
    indices, rows = [], []
    while not at_end(playhead):
        x = np.append(token, context_at(playhead)).reshape(-1, 1)
        a, c = lstm_step(x, a, c, parameters)[:2]
        scores = densor(a, parameters)[:, 0]
        p = masked_softmax_one(scores, temperature, allowed_at(playhead)[:, 0])
        index = draw_one(p, uniforms[len(indices)])
        token = np.zeros(n_values)
        token[index] = 1.0
        playhead = advance(playhead, index)
        indices.append(index)
        rows.append(p)
    return indices, np.stack(rows, axis=1)
