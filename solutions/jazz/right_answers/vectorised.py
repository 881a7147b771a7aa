"""Right, with as few loops as numpy allows."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    if not melody:
        return []
    pitches = np.array([np.nan if pitch is None else pitch for pitch, _ in melody])
    ticks = [length for _, length in melody]
    sounds = ~np.isnan(pitches)
    filled = np.concatenate(([start], pitches))
    latest = np.maximum.accumulate(np.where(np.isnan(filled), 0, np.arange(len(filled))))
    before = filled[latest[:-1]]
    degrees = np.where(sounds, (pitches - np.array(roots)) % 12, REST)
    directions = np.where(sounds, np.sign(pitches - before), 0)
    return list(
        zip(degrees.astype(int).tolist(), directions.astype(int).tolist(), ticks, strict=True)
    )


def decode_melody(tokens, roots, start):
    melody = []
    for (degree, direction, ticks), root in zip(tokens, roots, strict=True):
        if degree != REST:
            ladder = start + direction * np.arange(1, 13)
            if direction:
                start = int(ladder[(ladder - root) % 12 == degree][0])
        melody.append((None if degree == REST else start, ticks))
    return melody


def one_hot_tokens(indices, n_values):
    return (np.arange(n_values)[:, None] == np.asarray(indices)[None, :]).astype(float)


def djmodel(X, a0, c0, parameters):
    a, c, caches = a0, c0, []
    for xt in np.moveaxis(X, 2, 0):
        a, c, cache = lstm_step(xt, a, c, parameters)
        caches.append(cache)
    hidden = np.concatenate([cache[0] for cache in caches], axis=1)
    outputs = softmax(densor(hidden, parameters)).reshape(-1, X.shape[2], X.shape[1])
    return outputs.transpose(0, 2, 1), caches


def masked_softmax(logits, temperature, allowed):
    z = np.ma.masked_array(logits / temperature, mask=~allowed)
    e = np.ma.exp(z - z.max(axis=0, keepdims=True))
    return (e / e.sum(axis=0, keepdims=True)).filled(0.0)


def predict_and_sample(probabilities, uniforms):
    below = np.cumsum(probabilities, axis=0) <= np.asarray(uniforms)
    indices = np.minimum(below.sum(axis=0), probabilities.shape[0] - 1)
    return indices, np.eye(probabilities.shape[0])[:, indices]


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    identity = np.eye(parameters["by"].shape[0])
    state, column, drawn, seen = (a0, c0), np.zeros((len(identity), 1)), [], []
    draws = iter(uniforms)
    while not at_end(playhead):
        *state, _ = lstm_step(np.r_[column, context_at(playhead)], *state, parameters)
        seen.append(masked_softmax(densor(state[0], parameters), temperature, allowed_at(playhead)))
        (index,), _ = predict_and_sample(seen[-1], np.array([next(draws)]))
        column = identity[:, [index]]
        drawn.append(int(index))
        playhead = advance(playhead, index)
    return drawn, np.hstack(seen)
