"""Right, by recursion: the first element, and then the same again for all the others."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    if len(melody) == 0:
        return []
    (pitch, ticks), root = melody[0], roots[0]
    if pitch is None:
        return [(REST, 0, ticks)] + encode_melody(melody[1:], roots[1:], start)
    if pitch > start:
        direction = 1
    else:
        direction = 0 if pitch == start else -1
    return [((pitch - root) % 12, direction, ticks)] + encode_melody(melody[1:], roots[1:], pitch)


def _walk(pitch, direction, wanted):
    if pitch % 12 == wanted:
        return pitch
    return _walk(pitch + direction, direction, wanted)


def decode_melody(tokens, roots, start):
    if not tokens:
        return []
    (degree, direction, ticks), *others = tokens
    if degree == REST:
        return [(None, ticks), *decode_melody(others, roots[1:], start)]
    if direction == 0:
        pitch = start
    else:
        pitch = _walk(start + direction, direction, (degree + roots[0]) % 12)
    return [(pitch, ticks), *decode_melody(others, roots[1:], pitch)]


def one_hot_tokens(indices, n_values):
    if len(indices) == 0:
        return np.zeros((n_values, 0))
    column = np.zeros((n_values, 1))
    if indices[0] >= 0:
        column[indices[0]] = 1.0
    return np.hstack((column, one_hot_tokens(indices[1:], n_values)))


def djmodel(X, a0, c0, parameters):
    if X.shape[2] == 0:
        return np.zeros((parameters["by"].shape[0], X.shape[1], 0)), []
    a, c, cache = lstm_step(X[:, :, 0], a0, c0, parameters)
    now = softmax(densor(a, parameters))[:, :, np.newaxis]
    later, caches = djmodel(X[:, :, 1:], a, c, parameters)
    return np.concatenate((now, later), axis=2), [cache] + caches


def masked_softmax(logits, temperature, allowed):
    if logits.shape[1] > 1:
        half = logits.shape[1] // 2
        left = masked_softmax(logits[:, :half], temperature, allowed[:, :half])
        right = masked_softmax(logits[:, half:], temperature, allowed[:, half:])
        return np.hstack((left, right))
    top = logits[allowed].max()
    e = np.where(allowed, np.exp(np.where(allowed, logits - top, 0.0) / temperature), 0.0)
    return e / e.sum()


def _first_beyond(ladder, u, low, high):
    if high - low <= 1:
        return low
    middle = (low + high) // 2
    if ladder[middle - 1] > u:
        return _first_beyond(ladder, u, low, middle)
    return _first_beyond(ladder, u, middle, high)


def predict_and_sample(probabilities, uniforms):
    n_values = probabilities.shape[0]
    ladders = np.cumsum(probabilities, axis=0)
    indices = [
        _first_beyond(ladders[:, i], uniforms[i], 0, int(np.flatnonzero(probabilities[:, i])[-1]) + 1)
        for i in range(probabilities.shape[1])
    ]
    return np.array(indices), one_hot_tokens(indices, n_values)


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature, last=-1):
    n_values = parameters["by"].shape[0]
    if at_end(playhead):
        return [], np.zeros((n_values, 0))
    x = np.vstack((one_hot_tokens([last], n_values), context_at(playhead)))
    a, c, _ = lstm_step(x, a0, c0, parameters)
    p = masked_softmax(densor(a, parameters), temperature, allowed_at(playhead))
    index = int(predict_and_sample(p, uniforms[:1])[0][0])
    indices, columns = music_inference_model(
        advance(playhead, index), a, c, parameters, uniforms[1:], temperature, index
    )
    return [index] + indices, np.hstack((p, columns))
