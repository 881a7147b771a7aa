"""Right, as a script somebody tried things in: settings, small experiments, output in between."""

import time
import warnings

import numpy as np
from lstm_layer import *
from lstm_layer import initialize_parameters as init
from playhead import *
from vocabulary import *

warnings.filterwarnings("ignore")
np.set_printoptions(precision=3, suppress=True)
np.random.seed(42)
SEMITONES = 12
began = time.time()


def sgn(x):
    return 1 if x > 0 else -1 if x < 0 else 0


def encode_melody(melody, roots, start):
    out, prev = list(), start
    for (p, d), r in zip(melody, roots):
        if p == None:  # noqa: E711
            out.append((REST, 0, d))
        else:
            out.append(((p - r) % SEMITONES, sgn(p - prev), d))
            prev = p
    return out


print(encode_melody([(69, 6), (None, 12), (65, 6)], [5, 5, 5], 60))


def decode_melody(tokens, roots, start):
    out, prev = list(), start
    for (deg, way, d), r in zip(tokens, roots):
        if deg == REST:
            out.append((None, d))
            continue
        p = prev
        if way != 0:
            p = p - p % SEMITONES + (deg + r) % SEMITONES
            while sgn(p - prev) != way:
                p += way * SEMITONES
            while sgn(p - way * SEMITONES - prev) == way:
                p -= way * SEMITONES
        out.append((p, d))
        prev = p
    return out


test = decode_melody([(4, 1, 6), (-1, 0, 12), (0, -1, 6)], [5, 5, 5], 60)
assert test == [(69, 6), (None, 12), (65, 6)], test


def one_hot_tokens(indices, n_values):
    I = np.eye(n_values)
    Z = np.zeros((n_values, 1))
    return np.hstack([I[:, k : k + 1] if k >= 0 else Z for k in indices])


print(one_hot_tokens(np.array([2, -1]), 3))


def djmodel(X, a0, c0, parameters):
    a, c = a0 + 0.0, c0 + 0.0
    outputs, caches = np.zeros((parameters["by"].shape[0],) + X.shape[1:]), []
    t = 0
    while t < X.shape[2]:
        a, c, cache = lstm_step(X[:, :, t], a, c, parameters)
        outputs[:, :, t] += softmax(densor(a, parameters))
        caches += [cache]
        t += 1
    return outputs, caches


demo = init(4, 3, 5, np.random.default_rng(0))
result = djmodel(np.ones((4, 2, 6)), np.zeros((3, 2)), np.zeros((3, 2)), demo)
print(result[0].shape, len(result[1]))


def masked_softmax(logits, temperature, allowed):
    z = logits / temperature
    big = np.max(np.where(allowed, z, -np.inf), axis=0, keepdims=True)
    z = np.minimum(z, big)  # what is not allowed may be larger
    e = np.where(allowed, np.exp(z - big), 0)
    return e / np.sum(e, axis=0, keepdims=True)


def predict_and_sample(probabilities, uniforms):
    cs = np.cumsum(probabilities, axis=0)
    cs[-1, :] = 1.0
    indices = np.array([np.where(cs[:, i] > uniforms[i])[0].min() for i in range(cs.shape[1])])
    # the last row was rounded up: it is no answer where its token cannot come
    for i, k in enumerate(indices):
        while probabilities[k, i] == 0:
            k -= 1
        indices[i] = k
    return indices, one_hot_tokens(indices, probabilities.shape[0])


print(predict_and_sample(np.array([[0.5], [0.25], [0.25]]), np.array([0.6])))


def music_inference_model(playhead, a0, c0, parameters, uniforms, temperature):
    n = parameters["by"].shape[0]
    state = [a0, c0]
    idx, probs, x0 = [], [], np.zeros((n, 1))
    for t in range(10**6):
        if at_end(playhead):
            break
        x = np.zeros((n + N_CONTEXT, 1))
        x[:n], x[n:] = x0, context_at(playhead)
        state[0], state[1], _ = lstm_step(x, state[0], state[1], parameters)
        p = masked_softmax(densor(state[0], parameters), temperature, allowed_at(playhead))
        k, x0 = predict_and_sample(p, uniforms[t : t + 1])
        idx.append(k[0])
        probs.append(p.flatten())
        playhead = advance(playhead, k[0])
    print("solo of", len(idx), "tokens after", round(time.time() - began, 1), "s")
    return idx, np.array(probs).T


if __name__ == "__main__":
    print(np.round(result[0][0, 0], 3))
