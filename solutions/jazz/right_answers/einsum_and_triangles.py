"""Right, as linear algebra: einsum for every product, a triangle of ones for the running sums."""

import numpy as np
from lstm_layer import sigmoid
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST

GATES = "fico"


def encode_melody(melody, roots, start):
    sounding = [(n, pitch) for n, (pitch, _) in enumerate(melody) if pitch is not None]
    tokens = [(REST, 0, ticks) for _, ticks in melody]
    if not sounding:
        return tokens
    places, pitches = map(np.array, zip(*sounding))
    difference = np.eye(len(pitches)) - np.eye(len(pitches), k=-1)
    steps = np.einsum("ij,j->i", difference, pitches)
    steps[0] -= start
    degrees = np.mod(pitches - np.take(roots, places), 12)
    for n, degree, step in zip(places, degrees, steps):
        tokens[n] = (int(degree), int(np.sign(step)), melody[n][1])
    return tokens


def decode_melody(tokens, roots, start):
    moves = []
    place = start % 12
    for (degree, direction, _), root in zip(tokens, roots):
        wanted = (degree + root) % 12
        if degree == REST or direction == 0:
            moves.append(0)
            continue
        distance = (direction * (wanted - place)) % 12
        moves.append(direction * (distance + 12 * (distance == 0)))
        place = wanted
    below = np.tri(len(moves), dtype=int)
    pitches = start + np.einsum("ij,j->i", below, np.array(moves, dtype=int))
    return [
        (None if degree == REST else int(pitch), ticks)
        for (degree, _, ticks), pitch in zip(tokens, pitches)
    ]


def one_hot_tokens(indices, n_values):
    chosen = np.asarray(indices)
    return np.einsum("vk,km->vm", np.eye(n_values, n_values + 1), np.eye(n_values + 1)[:, chosen])


def _gate_tensors(parameters, n_a):
    W = np.stack([parameters["W" + gate] for gate in GATES])
    b = np.stack([parameters["b" + gate] for gate in GATES])
    return W[:, :, :n_a], W[:, :, n_a:], b


def _cell(x, a, c, W_a, W_x, b):
    z = np.einsum("gij,jm->gim", W_a, a) + np.einsum("gij,jm->gim", W_x, x) + b
    f, i, o = sigmoid(z[0]), sigmoid(z[1]), sigmoid(z[3])
    g = np.tanh(z[2])
    c_next = f * c + i * g
    a_next = o * np.tanh(c_next)
    return a_next, c_next, (a_next, c_next, a, c, f, i, g, o, x)


def _scores(a, parameters):
    return np.einsum("yi,im->ym", parameters["Wy"], a) + parameters["by"]


def djmodel(X, a0, c0, parameters):
    tensors = _gate_tensors(parameters, a0.shape[0])
    a, c = a0, c0
    everything = []
    for t in range(X.shape[2]):
        a, c, cache = _cell(X[:, :, t], a, c, *tensors)
        everything.append(cache)
    hidden = np.stack([cache[0] for cache in everything])
    z = np.einsum("yi,tim->ymt", parameters["Wy"], hidden) + parameters["by"][:, :, np.newaxis]
    e = np.exp(z - z.max(axis=0))
    return np.einsum("ymt,mt->ymt", e, 1.0 / e.sum(axis=0)), everything


def masked_softmax(logits, temperature, allowed):
    mask = allowed.astype(float)
    lowest = logits.min(axis=0)
    top = lowest + np.max((logits - lowest) * mask, axis=0)
    e = np.exp(np.minimum((logits - top) / temperature, 0.0))
    return np.einsum("vm,vm,m->vm", e, mask, 1.0 / np.einsum("vm,vm->m", e, mask))


def predict_and_sample(probabilities, uniforms):
    n_values = probabilities.shape[0]
    ladder = np.einsum("ij,jm->im", np.tri(n_values), probabilities)
    reached = (ladder > uniforms) & (probabilities > 0)
    first = reached & (np.einsum("ij,jm->im", np.tri(n_values, k=-1), reached) == 0)
    indices = np.einsum("i,im->m", np.arange(n_values), first.astype(int))
    return indices, first.astype(float)


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    tensors = _gate_tensors(parameters, a0.shape[0])
    n_values = parameters["by"].shape[0]
    x = np.zeros((n_values, 1))
    a, c, indices, columns = a0, c0, [], []
    while not at_end(playhead):
        heard = np.concatenate((x, context_at(playhead)))
        a, c, _ = _cell(heard, a, c, *tensors)
        p = masked_softmax(_scores(a, parameters), temperature, allowed_at(playhead))
        drawn, x = predict_and_sample(p, uniforms[[len(indices)]])
        indices.extend(drawn.tolist())
        columns.append(p)
        playhead = advance(playhead, indices[-1])
    return indices, np.concatenate(columns, axis=1)
