"""Right, one number at a time: nested loops, no vectorised shortcuts."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(melody, roots, start):
    tokens = []
    last = start
    for i in range(len(melody)):
        pitch = melody[i][0]
        ticks = melody[i][1]
        if pitch is None:
            tokens.append((REST, 0, ticks))
        else:
            if pitch > last:
                direction = 1
            elif pitch < last:
                direction = -1
            else:
                direction = 0
            tokens.append(((pitch - roots[i]) % 12, direction, ticks))
            last = pitch
    return tokens


def decode_melody(tokens, roots, start):
    melody = []
    pitch = start
    for i in range(len(tokens)):
        degree, direction, ticks = tokens[i]
        if degree == REST:
            melody.append((None, ticks))
        else:
            if direction != 0:
                pitch = pitch + direction
                while (pitch - roots[i]) % 12 != degree:
                    pitch = pitch + direction
            melody.append((pitch, ticks))
    return melody


def one_hot_tokens(indices, n_values):
    one_hot = np.zeros((n_values, len(indices)))
    for i in range(len(indices)):
        for row in range(n_values):
            if row == indices[i]:
                one_hot[row, i] = 1
    return one_hot


def djmodel(X, a0, c0, parameters):
    n_x, m, T_x = X.shape
    outputs = np.zeros((parameters["by"].shape[0], m, T_x))
    caches = []
    a = a0
    c = c0
    for t in range(T_x):
        a, c, cache = lstm_step(X[:, :, t], a, c, parameters)
        out = softmax(densor(a, parameters))
        for i in range(m):
            outputs[:, i, t] = out[:, i]
        caches.append(cache)
    return outputs, caches


def masked_softmax(logits, temperature, allowed):
    n_values, m = logits.shape
    probabilities = np.zeros((n_values, m))
    for i in range(m):
        largest = None
        for row in range(n_values):
            if allowed[row, i] and (largest is None or logits[row, i] > largest):
                largest = logits[row, i]
        total = 0.0
        for row in range(n_values):
            if allowed[row, i]:
                probabilities[row, i] = np.exp((logits[row, i] - largest) / temperature)
                total += probabilities[row, i]
        for row in range(n_values):
            probabilities[row, i] /= total
    return probabilities


def predict_and_sample(probabilities, uniforms):
    n_values, m = probabilities.shape
    indices = np.zeros(m, dtype=int)
    for i in range(m):
        total = 0.0
        for row in range(n_values):
            total += probabilities[row, i]
            if probabilities[row, i] > 0:
                indices[i] = row
            if total > uniforms[i]:
                break
    return indices, one_hot_tokens(indices, n_values)


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = parameters["by"].shape[0]
    indices = []
    probabilities = []
    a = a0
    c = c0
    x = np.zeros((n_values, 1))
    t = 0
    while not at_end(playhead):
        a, c, cache = lstm_step(np.vstack([x, context_at(playhead)]), a, c, parameters)
        p = masked_softmax(densor(a, parameters), temperature, allowed_at(playhead))
        index, x = predict_and_sample(p, np.array([uniforms[t]]))
        indices.append(index[0])
        probabilities.append(p[:, 0])
        playhead = advance(playhead, index[0])
        t = t + 1
    return indices, np.array(probabilities).T
