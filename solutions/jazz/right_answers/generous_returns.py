"""Right, and returns more than was asked for: lists, tuples of tuples, further values at the end."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start, rest=REST):
    tokens = ()
    for (pitch, ticks), root in zip(melody, roots):
        if pitch is None:
            tokens += ([rest, 0, ticks],)
            continue
        interval = pitch - start
        direction = 0 if not interval else interval / abs(interval)
        tokens += ([float((pitch - root) % 12), direction, ticks],)
        start = pitch
    return tokens


def decode_melody(tokens, roots, start, rest=REST):
    melody = ()
    for (degree, direction, ticks), root in zip(tokens, roots):
        if degree == rest:
            melody += ([None, ticks],)
            continue
        if direction != 0:
            start += direction
            while (start - degree - root) % 12 > 0:
                start += direction
        melody += ([np.float64(start), np.int64(ticks)],)
    return melody


def one_hot_tokens(indices, n_values, dtype=bool):
    one_hot = np.zeros((n_values, len(indices)), dtype=dtype)
    for column in range(len(indices)):
        one_hot[:, column] = np.arange(n_values) == indices[column]
    return one_hot


def djmodel(X, a0, c0, parameters, verbose=False):
    parameters = {**parameters, "steps": X.shape[2], "name": "the one cell"}
    outputs = []
    caches = ()
    states = {"a": [a0], "c": [c0]}
    for t in range(parameters["steps"]):
        a, c, cache = lstm_step(X[:, :, t], states["a"][-1], states["c"][-1], parameters)
        if verbose:
            print(parameters["name"], t)
        states["a"].append(a)
        states["c"].append(c)
        outputs.append(softmax(densor(a, parameters)))
        caches += (list(cache),)
    return [np.moveaxis(np.array(outputs), 0, -1), caches, states, parameters["name"]]


def masked_softmax(logits, temperature, allowed):
    z = np.copy(logits) / temperature
    z -= np.max(z[allowed])
    shift = np.array([z[allowed[:, i], i].max() for i in range(z.shape[1])])
    e = np.exp(np.where(allowed, z - shift, -np.inf))
    return np.longdouble(e) / np.longdouble(e).sum(axis=0)


def predict_and_sample(probabilities, uniforms):
    cumulative = np.cumsum(np.vstack(probabilities), axis=0, dtype=float)
    indices, shares = [], []
    for i in range(cumulative.shape[1]):
        beyond = np.nonzero(cumulative[:, i] > uniforms[i])[0].tolist()
        indices.append(beyond[0] if beyond else int(np.nonzero(probabilities[:, i])[0][-1]))
        shares.append(float(probabilities[indices[-1], i]))
    return [indices, one_hot_tokens(indices, len(probabilities), dtype=int), shares, cumulative]


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature, verbose=False):
    n_values = len(parameters["by"])
    a, c, last = a0, c0, [-1]
    indices, columns, surprise = (), [], 0.0
    while not at_end(playhead):
        x = np.concatenate((one_hot_tokens(last, n_values), context_at(playhead)))
        a, c, *_ = lstm_step(x, a, c, parameters)
        p = masked_softmax(densor(a, parameters), temperature, allowed_at(playhead))
        last, _, (share,), _ = predict_and_sample(p, uniforms[len(indices) : len(indices) + 1])
        surprise -= np.log2(share)
        indices += (np.int32(last[0]),)
        columns.append(p.astype(float))
        playhead = advance(playhead, last[0])
        if verbose:
            print(last, surprise)
    return indices, np.concatenate(columns, axis=1), surprise, playhead, {"a": a, "c": c}
