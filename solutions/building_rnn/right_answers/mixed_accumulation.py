import numpy as np
from collections import defaultdict
from rnn_utils import softmax, sigmoid


def rnn_cell_forward(xt, a_prev, parameters):
    z = parameters['ba'] + np.zeros((1, xt.shape[1]))
    z += np.dot(parameters['Wax'], xt)
    z = z + np.dot(parameters['Waa'], a_prev)
    a_next = np.tanh(z)
    scores = np.dot(parameters['Wya'], a_next)
    scores += parameters['by']
    return a_next, softmax(scores), (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    a = np.zeros((a0.shape[0], m, T_x))
    y_pred = np.zeros((parameters['Wya'].shape[0], m, T_x))
    a_next = a0
    caches = []
    for t in range(0, T_x):
        xt = x[:, :, t]
        a_next, yt_pred, cache = rnn_cell_forward(xt, a_next, parameters)
        a[:, :, t] += a_next
        y_pred[:, :, t] += yt_pred
        caches += [cache]
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    (a_next, a_prev, xt, parameters) = cache
    dtanh = da_next.copy()
    dtanh *= 1 - np.power(a_next, 2)
    dba = np.zeros((a_next.shape[0], 1))
    for column in dtanh.T:
        dba += column[:, None]
    return {'dxt': np.dot(parameters['Wax'].T, dtanh), 'da_prev': np.dot(parameters['Waa'].T, dtanh),
            'dWax': np.dot(dtanh, xt.T), 'dWaa': np.dot(dtanh, a_prev.T), 'dba': dba}


def rnn_backward(da, caches):
    caches, x = caches
    n_a, m, T_x = da.shape
    parameters = caches[0][3]
    dWax = np.zeros_like(parameters['Wax'])
    dWaa = np.zeros_like(parameters['Waa'])
    dba = np.zeros_like(parameters['ba'])
    dx = np.zeros((x.shape[0], m, T_x))
    da_prevt = np.zeros((n_a, m))
    for t in reversed(range(T_x)):
        # += on a copy, never on da itself
        upstream = np.array(da[:, :, t])
        upstream += da_prevt
        gradients = rnn_cell_backward(upstream, caches[t])
        dWax += gradients['dWax']
        dWaa = dWaa + gradients['dWaa']
        dba = gradients['dba'] + dba
        dx[:, :, t] += gradients['dxt']
        da_prevt = gradients['da_prev']
    return {'dx': dx, 'da0': da_prevt, 'dWax': dWax, 'dWaa': dWaa, 'dba': dba}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    n_a = a_prev.shape[0]
    # no concat at all: split the weights instead
    z = {k: np.dot(parameters['W' + k][:, :n_a], a_prev) for k in 'fico'}
    for k in z:
        z[k] += np.dot(parameters['W' + k][:, n_a:], xt)
        z[k] = z[k] + parameters['b' + k]
    gate = {k: np.tanh(v) if k == 'c' else sigmoid(v) for k, v in z.items()}
    c_next = gate['f'] * c_prev
    c_next += gate['i'] * gate['c']
    a_next = np.tanh(c_next)
    a_next = a_next * gate['o']
    yt_pred = softmax(np.dot(parameters['Wy'], a_next) + parameters['by'])
    cache = (a_next, c_next, a_prev, c_prev, gate['f'], gate['i'], gate['c'], gate['o'], xt, parameters)
    return a_next, c_next, yt_pred, cache


def lstm_forward(x, a0, parameters):
    n_x, m, T_x = x.shape
    n_y, n_a = parameters['Wy'].shape
    stored = defaultdict(list)
    a_next, c_next = a0.copy(), np.zeros((n_a, m))
    for t in range(T_x):
        a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t].copy(), a_next, c_next, parameters)
        for key, value in zip('aycs', (a_next, yt, c_next, cache)):
            stored[key].append(value)
    a, y, c = (np.array(stored[key]).transpose(1, 2, 0) for key in 'ayc')
    return a, y, c, (stored['s'], x)


def lstm_cell_backward(da_next, dc_next, cache):
    (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters) = cache
    n_a = a_next.shape[0]
    dc = da_next * ot
    dc *= 1 - np.tanh(c_next) ** 2
    dc += dc_next
    d = {}
    d['o'] = da_next * np.tanh(c_next)
    d['o'] *= ot
    d['o'] *= 1 - ot
    d['c'] = dc * it * (1 - cct ** 2)
    d['i'] = dc * cct * it * (1 - it)
    d['f'] = dc * c_prev * ft * (1 - ft)
    grads = defaultdict(float)
    for k, dk in d.items():
        grads['dW' + k] = np.hstack((np.dot(dk, a_prev.T), np.dot(dk, xt.T)))
        grads['db' + k] = np.sum(dk, axis=1, keepdims=True)
        grads['da_prev'] += np.dot(parameters['W' + k][:, :n_a].T, dk)
        grads['dxt'] += np.dot(parameters['W' + k][:, n_a:].T, dk)
    grads['dc_prev'] += dc * ft
    return grads


def lstm_backward(da, caches):
    caches, x = caches
    n_a, m, T_x = da.shape
    sums = defaultdict(lambda: 0)
    dx = np.zeros((x.shape[0], m, T_x))
    da_prevt = dc_prevt = 0 * da[:, :, 0]
    for t in range(T_x - 1, -1, -1):
        gradients = lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, caches[t])
        da_prevt, dc_prevt = gradients.pop('da_prev'), gradients.pop('dc_prev')
        dx[:, :, t] = gradients.pop('dxt')
        for k, v in gradients.items():
            if k[1] == 'W':
                sums[k] += v
            else:
                sums[k] = sums[k] + v
    return {**{k: v for k, v in sums.items()}, 'dx': dx, 'da0': da_prevt}
