"""Right, by somebody who trusts nobody: copies of everything, checks of everything, prints."""

import copy

import numpy as np
import lstm_layer
import playhead as where
import vocabulary


def encode_melody(melody, roots, start):
    melody, roots = copy.deepcopy(melody), list(roots)
    if len(melody) != len(roots):
        raise ValueError("a root for every note, please")
    tokens, reference_pitch = [], int(start)
    for number in range(len(melody)):
        pitch, ticks = melody.pop(0)
        root = int(roots.pop(0)) % 12
        if pitch is None:
            tokens.append((vocabulary.REST, 0, ticks))
            continue
        degree = (int(pitch) % 12 - root + 12) % 12
        assert 0 <= degree <= 11, degree
        direction = 0
        if pitch > reference_pitch:
            direction = +1
        elif pitch < reference_pitch:
            direction = -1
        reference_pitch = int(pitch)
        tokens.append((degree, direction, ticks))
        print(f"{number}: {pitch} -> {tokens[-1]}")
    assert not melody and not roots
    return tokens


def decode_melody(tokens, roots, start):
    tokens, roots = list(tokens), list(roots)
    if len(tokens) != len(roots):
        raise ValueError("a root for every token, please")
    melody, reference_pitch = [], int(start)
    for (degree, direction, ticks), root in zip(tokens, roots):
        if degree == vocabulary.REST:
            melody.append((None, ticks))
            continue
        if direction not in (-1, 0, 1):
            raise ValueError(f"direction {direction}")
        pitch = reference_pitch
        if direction != 0:
            found = [
                candidate
                for candidate in range(reference_pitch - 12, reference_pitch + 13)
                if (candidate - root) % 12 == degree and (candidate - reference_pitch) * direction > 0
            ]
            assert len(found) == 1, found
            pitch = found[0]
        melody.append((pitch, ticks))
        reference_pitch = pitch
    return copy.copy(melody)


def one_hot_tokens(indices, n_values):
    indices = np.array(indices, dtype=np.int64, copy=True).ravel()
    n_values = int(n_values)
    one_hot = np.zeros((n_values, indices.size), dtype=np.float64)
    for column in range(indices.size):
        index = indices[column]
        if index == -1:
            continue
        if not 0 <= index < n_values:
            raise IndexError(f"token {index} of {n_values}")
        one_hot[index, column] = 1.0
    assert np.all(one_hot.sum(axis=0) == (indices >= 0))
    return one_hot.copy()


def djmodel(X, a0, c0, parameters):
    X, a, c = np.array(X, dtype=float), np.array(a0, dtype=float), np.array(c0, dtype=float)
    parameters = {name: np.array(value) for name, value in parameters.items()}
    assert X.ndim == 3 and a.shape == c.shape and a.shape[1] == X.shape[1]
    outputs = np.full((parameters["by"].shape[0], X.shape[1], X.shape[2]), np.nan)
    caches = []
    for t in range(X.shape[2]):
        a, c, cache = lstm_layer.lstm_step(X[:, :, t].copy(), a.copy(), c.copy(), parameters)
        outputs[:, :, t] = lstm_layer.softmax(lstm_layer.densor(a, parameters)).copy()
        caches.append(tuple(np.array(part) for part in cache))
        print("step", t, "a", a.shape, "c", c.shape)
    assert not np.isnan(outputs).any()
    assert np.allclose(outputs.sum(axis=0), 1.0)
    return outputs.copy(), list(caches)


def masked_softmax(logits, temperature, allowed):
    z = np.array(logits, dtype=float)
    ok = np.array(allowed, dtype=bool)
    if temperature <= 0:
        raise ValueError("temperature must be positive")
    if not ok.any(axis=0).all():
        raise ValueError("a column allows nothing")
    z[~ok] = -np.inf
    z -= z.max(axis=0, keepdims=True)
    z /= temperature
    e = np.exp(z)
    e[~ok] = 0.0
    result = e / e.sum(axis=0, keepdims=True)
    assert np.isfinite(result).all() and (result >= 0).all()
    return result


def predict_and_sample(probabilities, uniforms):
    p = np.array(probabilities, dtype=float)
    u = np.array(uniforms, dtype=float).ravel()
    assert u.size == p.shape[1], (u.shape, p.shape)
    assert np.allclose(p.sum(axis=0), 1.0), "no distribution"
    indices = np.full(u.size, -1)
    for column in range(u.size):
        running = 0.0
        for index in range(p.shape[0]):
            running += p[index, column]
            if running > u[column] and indices[column] == -1:
                indices[column] = index
        if indices[column] == -1:
            indices[column] = np.flatnonzero(p[:, column])[-1]
            print("rounding: the last possible token is taken")
    return indices.copy(), one_hot_tokens(indices, p.shape[0])


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    place = copy.deepcopy(playhead)
    a, c = np.array(a0), np.array(c0)
    parameters = copy.deepcopy(parameters)
    uniforms = [float(u) for u in np.ravel(uniforms)]
    n_values = int(parameters["by"].shape[0])
    indices, columns, last = [], [], -1
    while not where.at_end(place):
        if not uniforms:
            raise RuntimeError("the random numbers are used up")
        x = np.vstack((one_hot_tokens([last], n_values), where.context_at(place).copy()))
        a, c, _ = lstm_layer.lstm_step(x, a.copy(), c.copy(), parameters)
        ok = np.array(where.allowed_at(place))
        p = masked_softmax(lstm_layer.densor(a, parameters), float(temperature), ok)
        drawn, _ = predict_and_sample(p, [uniforms.pop(0)])
        last = int(drawn[0])
        if not ok[last, 0]:
            raise AssertionError("drew what is not allowed")
        indices.append(last)
        columns.append(p.copy())
        place = where.advance(place, last)
        print("drew", last)
    assert len(indices) == len(columns)
    return list(indices), np.hstack(columns).copy()
