"""Right, with tables looked up instead of formulas: dictionaries, np.select, np.digitize, np.take."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST

DEGREE = {(pc, root): (pc + 12 - root) % 12 for pc in range(12) for root in range(12)}
CLASS = {(degree, root): pc for (pc, root), degree in DEGREE.items()}
MOVE = {}
for _here in range(12):
    for _step in range(1, 13):
        MOVE[_here, (_here + _step) % 12, 1] = _step
        MOVE[_here, (_here - _step) % 12, -1] = -_step
    for _there in range(12):
        MOVE[_here, _there, 0] = 0
WAY = {step: (step > 0) - (step < 0) for step in range(-127, 128)}


def encode_melody(melody, roots, start):
    tokens = []
    for (pitch, ticks), root in zip(melody, roots):
        if pitch is None:
            tokens.append((REST, 0, ticks))
        else:
            tokens.append((DEGREE[pitch % 12, root], WAY[pitch - start], ticks))
            start = pitch
    return tokens


def decode_melody(tokens, roots, start):
    melody = []
    for (degree, direction, ticks), root in zip(tokens, roots):
        if (degree, root) in CLASS:
            start += MOVE[start % 12, CLASS[degree, root], direction]
            melody.append((start, ticks))
        else:
            melody.append((None, ticks))
    return melody


def one_hot_tokens(indices, n_values):
    table = {index: np.eye(n_values)[index] for index in range(n_values)}
    table[-1] = np.zeros(n_values)
    return np.array([table[index] for index in map(int, indices)]).T


def djmodel(X, a0, c0, parameters):
    steps = {-1: (a0, c0, None)}
    for t in range(X.shape[2]):
        steps[t] = lstm_step(np.take(X, t, axis=2), steps[t - 1][0], steps[t - 1][1], parameters)
    del steps[-1]
    outputs = {t: softmax(densor(a, parameters)) for t, (a, _, _) in steps.items()}
    return np.dstack(list(outputs.values())), [steps[t][2] for t in sorted(steps)]


def masked_softmax(logits, temperature, allowed):
    scaled = np.select([allowed], [logits / temperature], default=-np.inf)
    e = np.exp(scaled - scaled.max(axis=0))
    return np.select([allowed], [e / e.sum(axis=0)], default=0.0)


def predict_and_sample(probabilities, uniforms):
    n_values, m = probabilities.shape
    edges = np.cumsum(probabilities, axis=0)
    indices = np.empty(m, dtype=np.int64)
    for i in range(m):
        last = int(np.argwhere(probabilities[:, i] > 0).max())
        indices[i] = min(int(np.digitize(uniforms[i], edges[:, i])), last)
    return indices, np.take(np.eye(n_values), indices, axis=1)


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n_values = parameters["by"].shape[0]
    input_of = dict(enumerate(np.eye(n_values)[:, :, None]))
    input_of[None] = np.zeros((n_values, 1))
    state = {"a": a0, "c": c0, "token": None, "playhead": playhead}
    notebook = {"indices": [], "columns": []}
    for u in uniforms:
        if at_end(state["playhead"]):
            break
        x = np.vstack((input_of[state["token"]], context_at(state["playhead"])))
        state["a"], state["c"], _ = lstm_step(x, state["a"], state["c"], parameters)
        allowed = allowed_at(state["playhead"])
        p = masked_softmax(densor(state["a"], parameters), temperature, allowed)
        state["token"] = int(predict_and_sample(p, np.array([u]))[0][0])
        state["playhead"] = advance(state["playhead"], state["token"])
        notebook["indices"].append(state["token"])
        notebook["columns"].append(p)
    return notebook["indices"], np.hstack(notebook["columns"])
