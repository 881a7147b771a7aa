"""Right, with match and case: notes, tokens and the state of the solo are told apart by form."""

from enum import IntEnum

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


class Way(IntEnum):
    DOWN = -1
    SAME = 0
    UP = 1


def _way(before, pitch):
    match pitch - before:
        case 0:
            return Way.SAME
        case rise if rise > 0:
            return Way.UP
        case _:
            return Way.DOWN


def encode_melody(melody, roots, start):
    tokens, last = [], start
    for pair in zip(melody, roots):
        match pair:
            case ((None, ticks), _):
                tokens.append((REST, Way.SAME.value, ticks))
            case ((pitch, ticks), root):
                tokens.append(((pitch - root) % 12, _way(last, pitch).value, ticks))
                last = pitch
    return tokens


def decode_melody(tokens, roots, start):
    melody, last = [], start
    for token, root in zip(tokens, roots):
        match tuple(token):
            case (degree, _, ticks) if degree == REST:
                melody.append((None, ticks))
                continue
            case (degree, Way.UP, ticks):
                above = (degree + root - last) % 12
                last += above if above else 12
            case (degree, Way.DOWN, ticks):
                below = (last - degree - root) % 12
                last -= below if below else 12
            case (_, Way.SAME, ticks):
                pass
        melody.append((last, ticks))
    return melody


def one_hot_tokens(indices, n_values):
    one_hot = np.zeros((n_values, len(indices)))
    for column, index in enumerate(np.asarray(indices).tolist()):
        match index:
            case -1:
                pass
            case int(row):
                one_hot[row, column] = 1.0
    return one_hot


def djmodel(X, a0, c0, parameters):
    match X.shape, parameters:
        case (_, m, T_x), {"by": by}:
            outputs = np.zeros((by.shape[0], m, T_x))
    caches = []
    for t in range(T_x):
        match caches:
            case []:
                a, c = a0, c0
            case [*_, (a, c, *_)]:
                pass
        a, _, cache = lstm_step(X[:, :, t], a, c, parameters)
        outputs[:, :, t] = softmax(densor(a, parameters))
        caches.append(cache)
    return outputs, caches


def masked_softmax(logits, temperature, allowed):
    match logits.shape:
        case (n_values, 1):
            z = logits[allowed] / temperature
            p = np.zeros((n_values, 1))
            p[allowed] = softmax(z)
            return p
        case (_, m):
            columns = np.split(logits, m, axis=1), np.split(allowed, m, axis=1)
            return np.hstack([masked_softmax(z, temperature, may) for z, may in zip(*columns)])


def predict_and_sample(probabilities, uniforms):
    indices = []
    for p, u in zip(probabilities.T, uniforms):
        match np.flatnonzero((np.cumsum(p) > u) & (p > 0)).tolist():
            case [first, *_]:
                indices.append(first)
            case []:
                indices.append(int(np.flatnonzero(p)[-1]))
    indices = np.array(indices)
    return indices, one_hot_tokens(indices, len(probabilities))


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    silence = np.zeros(parameters["by"].shape)
    steps = []
    while not at_end(playhead):
        match steps:
            case []:
                a, c, token = a0, c0, silence
            case [*_, {"state": (a, c), "token": token}]:
                pass
        a, c, _ = lstm_step(np.vstack((token, context_at(playhead))), a, c, parameters)
        p = masked_softmax(densor(a, parameters), temperature, allowed_at(playhead))
        (index,), token = predict_and_sample(p, uniforms[len(steps) : len(steps) + 1])
        steps.append({"state": (a, c), "token": token, "index": int(index), "p": p})
        playhead = advance(playhead, int(index))
    return [step["index"] for step in steps], np.hstack([step["p"] for step in steps])
