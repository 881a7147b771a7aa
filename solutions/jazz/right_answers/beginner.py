"""Right, as somebody writes who is new to it: prints, many small variables, renamed arguments."""

import numpy as np
from lstm_layer import densor, lstm_step, softmax
from playhead import advance, allowed_at, at_end, context_at
from vocabulary import REST


def encode_melody(notes, chord_roots, first_pitch):
    result = []
    old_pitch = first_pitch
    counter = 0
    for note in notes:
        p, d = note
        r = chord_roots[counter]
        counter += 1
        if p is None:
            result += [(REST, 0, d)]
            continue
        deg = p - r
        while deg < 0:
            deg = deg + 12
        while deg > 11:
            deg = deg - 12
        di = 0
        if p - old_pitch > 0:
            di = 1
        if p - old_pitch < 0:
            di = -1
        old_pitch = p
        result += [(deg, di, d)]
    print("encoded", len(result), "notes")
    return result


def decode_melody(tokens, chord_roots, first_pitch):
    result = []
    current = first_pitch
    for k in range(0, len(tokens)):
        deg, di, d = tokens[k]
        if deg == REST:
            result.append((None, d))
            continue
        wanted = (deg + chord_roots[k]) % 12
        if di == 1:
            for step in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]:
                if (current + step) % 12 == wanted:
                    current = current + step
                    break
        if di == -1:
            for step in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]:
                if (current - step) % 12 == wanted:
                    current = current - step
                    break
        result.append((current, d))
    return result


def one_hot_tokens(idx, size):
    result = np.zeros([size, len(idx)])
    column = 0
    for i in idx:
        if i != -1:
            result[i][column] = 1
        column += 1
    print(result.shape)
    return result


def djmodel(inputs, a_start, c_start, weights):
    number_of_steps = inputs.shape[2]
    list_of_outputs = []
    list_of_caches = []
    hidden = np.copy(a_start)
    memory = np.copy(c_start)
    for step in range(number_of_steps):
        print("step", step)
        this_input = inputs[:, :, step]
        hidden, memory, what_is_needed_later = lstm_step(this_input, hidden, memory, weights)
        scores = densor(hidden, weights)
        probs = softmax(scores)
        list_of_outputs.append(probs)
        list_of_caches.append(what_is_needed_later)
    return np.stack(list_of_outputs, axis=2), list_of_caches


def masked_softmax(scores, temp, ok):
    new_scores = np.copy(scores)
    new_scores = new_scores / temp
    new_scores[ok == False] = -1e300  # noqa: E712
    biggest = np.max(new_scores, axis=0)
    e = np.exp(new_scores - biggest)
    e[ok == False] = 0  # noqa: E712
    total = np.sum(e, axis=0)
    return e / total


def predict_and_sample(probs, u):
    chosen = []
    for column in range(probs.shape[1]):
        sums = np.cumsum(probs[:, column])
        where = np.where(sums > u[column])[0]
        if len(where) > 0:
            chosen.append(where[0])
        else:
            chosen.append(np.where(probs[:, column] > 0)[0][-1])
    chosen = np.array(chosen)
    return chosen, one_hot_tokens(chosen, probs.shape[0])


def music_inference_model(place, a_start, c_start, weights, u, temp):
    how_many = len(weights["by"])
    chosen = []
    all_probs = np.zeros((how_many, 0))
    hidden = a_start
    memory = c_start
    last = np.array([-1])
    while at_end(place) == False:  # noqa: E712
        part1 = one_hot_tokens(last, how_many)
        part2 = context_at(place)
        both = np.concatenate([part1, part2])
        hidden, memory, not_needed = lstm_step(both, hidden, memory, weights)
        probs = masked_softmax(densor(hidden, weights), temp, allowed_at(place))
        last, hot = predict_and_sample(probs, [u[len(chosen)]])
        number = last[0]
        place = advance(place, number)
        chosen.append(number)
        all_probs = np.append(all_probs, probs, axis=1)
    print("played", chosen)
    return chosen, all_probs
