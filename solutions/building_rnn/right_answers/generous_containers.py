import numpy as np
from rnn_utils import softmax, sigmoid

print("loading my solution")


def rnn_cell_forward(input_t, hidden, params):
    print("rnn_cell_forward", input_t.shape, hidden.shape)
    new_hidden = np.tanh(params["Wax"] @ input_t + params["Waa"] @ hidden + params["ba"])
    prediction = softmax(params["Wya"] @ new_hidden + params["by"])
    memo = [new_hidden, hidden, input_t, params]
    return [new_hidden, prediction, memo]


def rnn_forward(inputs, hidden0, params):
    print("rnn_forward", inputs.shape)
    hs, ys, memos = [], [], []
    h = hidden0
    for t in range(inputs.shape[2]):
        h, y, memo = rnn_cell_forward(inputs[:, :, t], h, params)
        print("t =", t, "mean of h", h.mean())
        hs.append(h)
        ys.append(y)
        memos.append(memo)
    # the last hidden state too: handy
    return [np.stack(hs, 2), np.stack(ys, 2), [tuple(memos), inputs], h]


def rnn_cell_backward(grad, memo):
    new_hidden, hidden, input_t, params = memo
    dz = grad * (1 - new_hidden ** 2)
    print("|dz| =", np.abs(dz).max())
    return {"dxt": params["Wax"].T @ dz, "da_prev": params["Waa"].T @ dz, "dWax": dz @ input_t.T, "dWaa": dz @ hidden.T,
            "dba": dz.sum(1, keepdims=True), "dz": dz, "comment": "dz is the gradient before the tanh"}


def rnn_backward(grads, memos):
    cells, inputs = memos
    T = grads.shape[2]
    back = np.zeros(grads.shape[:2])
    out = {"dx": np.zeros(inputs.shape[:2] + (T,)), "dWax": 0., "dWaa": 0., "dba": 0., "norms": []}
    for t in reversed(range(T)):
        g = rnn_cell_backward(grads[:, :, t] + back, cells[t])
        back = g["da_prev"]
        out["dx"][:, :, t] = g["dxt"]
        for k in ["dWax", "dWaa", "dba"]:
            out[k] = out[k] + g[k]
        out["norms"].append(float(np.linalg.norm(back)))
    out["da0"] = back
    print("norms of the gradient", out["norms"])
    return out


def lstm_cell_forward(input_t, hidden, memory, params):
    both = np.vstack([hidden, input_t])
    forget = sigmoid(params["Wf"] @ both + params["bf"])
    update = sigmoid(params["Wi"] @ both + params["bi"])
    candidate = np.tanh(params["Wc"] @ both + params["bc"])
    output = sigmoid(params["Wo"] @ both + params["bo"])
    new_memory = forget * memory + update * candidate
    new_hidden = output * np.tanh(new_memory)
    prediction = softmax(params["Wy"] @ new_hidden + params["by"])
    memo = [new_hidden, new_memory, hidden, memory, forget, update, candidate, output, input_t, params]
    print("gates", forget.mean(), update.mean(), output.mean())
    return [new_hidden, new_memory, prediction, memo, both]


def lstm_forward(inputs, hidden0, params):
    h = hidden0
    s = np.zeros(hidden0.shape)
    hs, ys, ss, memos = [], [], [], ()
    for t in range(inputs.shape[2]):
        h, s, y, memo, *_ = lstm_cell_forward(inputs[:, :, t], h, s, params)
        hs.append(h), ys.append(y), ss.append(s)
        memos += (memo,)
    print("lstm_forward done")
    return [np.stack(hs, 2), np.stack(ys, 2), np.stack(ss, 2), [memos, inputs], (h, s)]


def lstm_cell_backward(grad_h, grad_s, memo):
    new_hidden, new_memory, hidden, memory, forget, update, candidate, output, input_t, params = memo
    n = hidden.shape[0]
    both = np.vstack([hidden, input_t])
    squashed = np.tanh(new_memory)
    D = grad_s + grad_h * output * (1 - squashed ** 2)
    df = D * memory * forget * (1 - forget)
    di = D * candidate * update * (1 - update)
    dc = D * update * (1 - candidate ** 2)
    do = grad_h * squashed * output * (1 - output)
    out = {"D": D, "dft": df, "dit": di, "dcct": dc, "dot": do}
    dboth = 0.
    for k, d in zip("fico", [df, di, dc, do]):
        out["dW" + k] = d @ both.T
        out["db" + k] = d.sum(axis=1, keepdims=True)
        dboth = dboth + params["W" + k].T @ d
    out.update(da_prev=dboth[:n], dxt=dboth[n:], dc_prev=D * forget)
    print("keys:", sorted(out))
    return out


def lstm_backward(grads, memos):
    cells, inputs = memos
    n, m, T = grads.shape
    h_back, s_back = np.zeros((n, m)), np.zeros((n, m))
    out = {"dx": np.zeros((inputs.shape[0], m, T))}
    for t in reversed(range(T)):
        g = lstm_cell_backward(grads[:, :, t] + h_back, s_back, cells[t])
        h_back, s_back = g["da_prev"], g["dc_prev"]
        out["dx"][:, :, t] = g["dxt"]
        for k in "fico":
            for name in ("dW" + k, "db" + k):
                out[name] = out.get(name, 0.) + g[name]
    out["da0"], out["dc0"] = h_back, s_back
    print("done", {k: v.shape for k, v in out.items()})
    return out
