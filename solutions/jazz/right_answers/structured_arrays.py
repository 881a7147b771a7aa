"""Right, with structured arrays: a table for the notes, a table for the draws, columns with names."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST

TOKEN = np.dtype([("degree", "i8"), ("direction", "i8"), ("ticks", "i8")])
NOTE = np.dtype([("pitch", "f8"), ("ticks", "i8"), ("root", "i8"), ("before", "f8")])


def encode_melody(melody, roots, start):
    table = np.zeros(len(melody), dtype=NOTE)
    table["pitch"] = [np.nan if pitch is None else pitch for pitch, _ in melody]
    table["ticks"] = [ticks for _, ticks in melody]
    table["root"] = roots
    last = start
    for row in table:
        row["before"] = last
        if not np.isnan(row["pitch"]):
            last = row["pitch"]
    tokens = np.zeros(len(melody), dtype=TOKEN)
    tokens["degree"] = REST
    tokens["ticks"] = table["ticks"]
    sounds = ~np.isnan(table["pitch"])
    tokens["degree"][sounds] = (table["pitch"][sounds] - table["root"][sounds]) % 12
    tokens["direction"][sounds] = np.sign(table["pitch"][sounds] - table["before"][sounds])
    return tokens.tolist()


def decode_melody(tokens, roots, start):
    table = np.array([tuple(token) for token in tokens], dtype=TOKEN)
    pitch_class = (table["degree"] + np.array(roots, dtype=int)) % 12
    notes = np.full(len(tokens), -1)
    last = start
    for n in np.flatnonzero(table["degree"] != REST):
        direction = int(table["direction"][n])
        gap = direction * (int(pitch_class[n]) - last) % 12
        last += direction * (gap or 12)
        notes[n] = last
    return [
        (None if pitch < 0 else pitch, ticks)
        for pitch, ticks in zip(notes.tolist(), table["ticks"].tolist())
    ]


def one_hot_tokens(indices, n_values):
    row = np.dtype([("token", "f8", (n_values,))])
    table = np.zeros(len(indices), dtype=row)
    for place, index in enumerate(indices):
        if index >= 0:
            table["token"][place, index] = 1.0
    return np.ascontiguousarray(table["token"].T)


def djmodel(X, a0, c0, parameters):
    n_a, m = a0.shape
    n_values, T_x = len(parameters["by"]), X.shape[2]
    step = np.dtype([("a", "f8", (n_a, m)), ("c", "f8", (n_a, m)), ("p", "f8", (n_values, m))])
    table = np.zeros(T_x + 1, dtype=step)
    table["a"][0], table["c"][0] = a0, c0
    caches = []
    for t in range(T_x):
        before, now = table[t], table[t + 1]
        now["a"], now["c"], cache = lstm_step(X[..., t], before["a"], before["c"], parameters)
        now["p"] = softmax(densor(now["a"], parameters))
        caches.append(cache)
    return np.transpose(table["p"][1:], (1, 2, 0)), caches


def masked_softmax(logits, temperature, allowed):
    cell = np.dtype([("score", "f8"), ("may", "?"), ("weight", "f8")])
    table = np.zeros(logits.shape, dtype=cell)
    table["score"], table["may"] = logits, allowed
    for column in table.T:
        scores = column["score"][column["may"]]
        column["weight"][column["may"]] = np.exp((scores - scores.max()) / temperature)
    return table["weight"] / table["weight"].sum(axis=0)


def predict_and_sample(probabilities, uniforms):
    draw = np.dtype([("index", "i8"), ("end", "f8")])
    m = probabilities.shape[1]
    table = np.zeros(m, dtype=draw)
    for k, row in enumerate(probabilities):
        waiting = (table["end"] <= uniforms) & (row > 0)
        table["index"][waiting] = k
        table["end"][waiting] += row[waiting]
    return table["index"].copy(), one_hot_tokens(table["index"], len(probabilities))


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = parameters["by"].shape[0]
    solo = np.zeros(len(uniforms), dtype=[("index", "i8"), ("p", "f8", (n_values,))])
    a, c, t = a0, c0, 0
    while not at_end(playhead):
        last = solo["index"][t - 1 : t] if t else np.array([-1])
        x = np.vstack((one_hot_tokens(last, n_values), context_at(playhead)))
        a, c, _ = lstm_step(x, a, c, parameters)
        p = masked_softmax(densor(a, parameters), temperature, allowed_at(playhead))
        solo[t] = predict_and_sample(p, uniforms[t : t + 1])[0][0], p[:, 0]
        playhead = advance(playhead, solo["index"][t])
        t += 1
    return solo["index"][:t].tolist(), solo["p"][:t].T
