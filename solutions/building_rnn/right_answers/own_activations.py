import numpy as np

# My own activations, so that the file stands alone.


def sigmoid(z):
    # logistic function as a shifted, scaled tanh
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def logsumexp(z):
    top = z.max(axis=0)
    return top + np.log(np.exp(z - top).sum(axis=0))


def softmax(z):
    return np.exp(z - logsumexp(z))


def rnn_cell_forward(xt, a_prev, parameters):
    pre = parameters["Waa"].dot(a_prev) + parameters["Wax"].dot(xt) + parameters["ba"]
    a_next = 2.0 * sigmoid(2.0 * pre) - 1.0  # = tanh
    yt_pred = softmax(parameters["Wya"].dot(a_next) + parameters["by"])
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(x, a0, parameters):
    states, predictions, caches = [a0], [], []
    for t in range(x.shape[2]):
        a_next, yt, cache = rnn_cell_forward(x[:, :, t], states[-1], parameters)
        states.append(a_next)
        predictions.append(yt)
        caches.append(cache)
    a = np.concatenate([s[:, :, np.newaxis] for s in states[1:]], axis=2)
    y_pred = np.concatenate([p[:, :, np.newaxis] for p in predictions], axis=2)
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = da_next - da_next * a_next * a_next
    ones = np.ones((xt.shape[1], 1))
    gradients = dict()
    gradients["dWaa"] = dz.dot(a_prev.T)
    gradients["dWax"] = dz.dot(xt.T)
    gradients["dba"] = dz.dot(ones)
    gradients["da_prev"] = parameters["Waa"].T.dot(dz)
    gradients["dxt"] = parameters["Wax"].T.dot(dz)
    return gradients


def rnn_backward(da, caches):
    (list_of_caches, x) = caches
    T_x = da.shape[-1]
    first = rnn_cell_backward(da[..., T_x - 1], list_of_caches[T_x - 1])
    dWaa, dWax, dba = first["dWaa"], first["dWax"], first["dba"]
    dxs = {T_x - 1: first["dxt"]}
    carry = first["da_prev"]
    for t in range(T_x - 2, -1, -1):
        g = rnn_cell_backward(da[..., t] + carry, list_of_caches[t])
        dWaa = dWaa + g["dWaa"]
        dWax = dWax + g["dWax"]
        dba = dba + g["dba"]
        dxs[t] = g["dxt"]
        carry = g["da_prev"]
    dx = np.stack([dxs[t] for t in range(T_x)], axis=-1)
    return {"dx": dx, "da0": carry, "dWax": dWax, "dWaa": dWaa, "dba": dba}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    concat = np.vstack([a_prev, xt])
    ft = sigmoid(parameters["Wf"].dot(concat) + parameters["bf"])
    it = sigmoid(parameters["Wi"].dot(concat) + parameters["bi"])
    ot = sigmoid(parameters["Wo"].dot(concat) + parameters["bo"])
    cct = np.tanh(parameters["Wc"].dot(concat) + parameters["bc"])
    c_next = it * cct + ft * c_prev
    a_next = np.tanh(c_next) * ot
    yt_pred = softmax(parameters["Wy"].dot(a_next) + parameters["by"])
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)


def lstm_forward(x, a0, parameters):
    m, T_x = x.shape[1:]
    n_y, n_a = parameters["Wy"].shape
    a, c = np.full((2, n_a, m, T_x), np.nan)
    y = np.full((n_y, m, T_x), np.nan)
    caches = []
    for t in range(T_x):
        if t == 0:
            a_prev, c_prev = a0, np.zeros((n_a, m))
        else:
            a_prev, c_prev = a[:, :, t - 1], c[:, :, t - 1]
        a[:, :, t], c[:, :, t], y[:, :, t], cache = lstm_cell_forward(x[:, :, t], a_prev, c_prev, parameters)
        caches.append(cache)
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = a_next.shape[0]
    sech2 = 1.0 / np.cosh(np.clip(c_next, -300, 300)) ** 2  # 1 - tanh^2; clipped so that cosh^2 is finite
    D = dc_next + da_next * ot * sech2
    # sigma' written as sigma - sigma^2
    dft = D * c_prev * (ft - ft * ft)
    dit = D * cct * (it - it * it)
    dcct = D * it * (1.0 - cct) * (1.0 + cct)
    dot = da_next * np.tanh(c_next) * (ot - ot * ot)
    concat_T = np.vstack([a_prev, xt]).T
    Wf, Wi, Wc, Wo = (parameters[k] for k in ("Wf", "Wi", "Wc", "Wo"))
    dconcat = Wf.T.dot(dft) + Wi.T.dot(dit) + Wc.T.dot(dcct) + Wo.T.dot(dot)
    ones = np.ones((xt.shape[1], 1))
    return {
        "dxt": dconcat[n_a:, :], "da_prev": dconcat[:n_a, :], "dc_prev": D * ft,
        "dWf": dft.dot(concat_T), "dWi": dit.dot(concat_T), "dWc": dcct.dot(concat_T), "dWo": dot.dot(concat_T),
        "dbf": dft.dot(ones), "dbi": dit.dot(ones), "dbc": dcct.dot(ones), "dbo": dot.dot(ones),
    }


def lstm_backward(da, caches):
    (list_of_caches, x) = caches
    n_a, m, T_x = da.shape
    names = ["dWf", "dbf", "dWi", "dbi", "dWc", "dbc", "dWo", "dbo"]
    gradients = None
    da_carry = dc_carry = np.zeros((n_a, m))
    dx = np.zeros((x.shape[0], m, T_x))
    for t in range(T_x - 1, -1, -1):
        g = lstm_cell_backward(da[..., t] + da_carry, dc_carry, list_of_caches[t])
        if gradients is None:
            gradients = {k: g[k] for k in names}
        else:
            for k in names:
                gradients[k] = gradients[k] + g[k]
        dx[..., t] = g["dxt"]
        da_carry = g["da_prev"]
        dc_carry = g["dc_prev"]
    gradients["dx"] = dx
    gradients["da0"] = da_carry
    return gradients
