"""Right, in logarithms: every probability is a log-probability until the very end."""

import numpy as np
from lstm_layer import densor, lstm_step
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def _log_softmax(z):
    return z - np.logaddexp.reduce(z, axis=0, keepdims=True)


def encode_melody(melody, roots, start):
    tokens = []
    heard = [start]
    for note, root in zip(melody, roots):
        if note[0] is None:
            tokens.append((REST, 0, note[1]))
            continue
        heard.append(note[0])
        rise = heard[-1] - heard[-2]
        octaves, degree = divmod(note[0] - root, 12)
        tokens.append((degree, rise and rise // abs(rise), note[1]))
    return tokens


def decode_melody(tokens, roots, start):
    heard = [start]
    melody = []
    for (degree, direction, ticks), root in zip(tokens, roots):
        if degree == REST:
            melody.append((None, ticks))
            continue
        if direction:
            octave = range(heard[-1] + direction, heard[-1] + 13 * direction, direction)
            heard += [pitch for pitch in octave if (pitch - root - degree) % 12 == 0]
        melody.append((heard[-1], ticks))
    return melody


def one_hot_tokens(indices, n_values):
    log_one_hot = np.full((n_values, len(indices)), -np.inf)
    for column, index in enumerate(indices):
        if index > -1:
            log_one_hot[index, column] = 0.0
    return np.exp(log_one_hot)


def djmodel(X, a0, c0, parameters):
    log_outputs = np.zeros((parameters["by"].size, X.shape[1], X.shape[2]))
    caches = []
    a, c = a0, c0
    for t in range(X.shape[2]):
        a, c, cache = lstm_step(X[:, :, t], a, c, parameters)
        log_outputs[:, :, t] = _log_softmax(densor(a, parameters))
        caches.append(cache)
    return np.exp(log_outputs), caches


def masked_softmax(logits, temperature, allowed):
    with np.errstate(divide="ignore"):
        log_mask = np.log(allowed)
    return np.exp(_log_softmax(logits / temperature + log_mask))


def predict_and_sample(probabilities, uniforms):
    uniforms = np.asarray(uniforms)
    with np.errstate(divide="ignore"):
        log_p, log_u = np.log(probabilities), np.log(uniforms)
    log_ladder = np.logaddexp.accumulate(log_p, axis=0)
    indices = np.zeros(probabilities.shape[1], dtype=int)
    for i in range(len(indices)):
        possible = np.where(np.isfinite(log_p[:, i]))[0]
        beyond = possible[log_ladder[possible, i] > log_u[i]]
        indices[i] = beyond[0] if len(beyond) else possible[-1]
    return indices, one_hot_tokens(indices, probabilities.shape[0])


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = parameters["by"].size
    a, c, drawn = a0, c0, np.array([-1])
    indices, log_columns = [], []
    for u in uniforms:
        if at_end(playhead):
            break
        x = np.concatenate((one_hot_tokens(drawn, n_values), context_at(playhead)))
        a, c, _ = lstm_step(x, a, c, parameters)
        z = np.where(allowed_at(playhead), densor(a, parameters) / temperature, -np.inf)
        log_columns.append(_log_softmax(z))
        drawn, _ = predict_and_sample(np.exp(log_columns[-1]), np.array([u]))
        indices.append(int(drawn[0]))
        playhead = advance(playhead, indices[-1])
    return indices, np.exp(np.concatenate(log_columns, axis=1))
