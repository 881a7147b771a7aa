"""Write torch_golden.json: what PyTorch computes for small recurrent networks, gradients too.

    pip install torch==2.13.0 numpy
    python tests/course/make_torch_golden.py

PyTorch is an oracle that shares no code with the course. The file is committed, so that the
tests need no PyTorch. Layers of `torch.nn` do the work; only axes and gates are rearranged:
examples are rows there and columns here, and its gates stand in the order i, f, g, o.
"""

import json
from pathlib import Path

import numpy as np
import torch

SIZES = {"n_x": 3, "n_a": 2, "n_y": 5, "m": 4, "T_x": 6}
TORCH_ORDER = "ifco"
SEED = 20


def main():
    """Draw inputs, run PyTorch, write the file next to this one."""
    rng = np.random.default_rng(SEED)
    cases = {
        "rnn": sequence_case(rng, rnn_parameters(rng), rnn_layer),
        "lstm": sequence_case(rng, lstm_parameters(rng), lstm_layer),
        "rnn_cell": rnn_cell_case(rng),
        "lstm_cell": lstm_cell_case(rng),
    }
    lines = [f'"torch": "{torch.__version__.split("+")[0]}"']
    for case, groups in cases.items():
        for group, arrays in groups.items():
            for name, array in arrays.items():
                lines.append(f'"{case} {group} {name}": {json.dumps(as_list(array))}')
    path = Path(__file__).with_name("torch_golden.json")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def as_list(value):
    """Turn an array or tensor into nested lists; JSON keeps every digit of a double."""
    return (value.detach().numpy() if isinstance(value, torch.Tensor) else value).tolist()


def rnn_parameters(rng):
    """Draw the parameters of the plain network, in the course's layout."""
    n_x, n_a, n_y = SIZES["n_x"], SIZES["n_a"], SIZES["n_y"]
    shapes = {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_y, n_a), "ba": (n_a, 1)}
    return {name: rng.standard_normal(shape) for name, shape in (shapes | {"by": (n_y, 1)}).items()}


def lstm_parameters(rng):
    """Draw the parameters of the LSTM, in the course's layout."""
    n_x, n_a, n_y = SIZES["n_x"], SIZES["n_a"], SIZES["n_y"]
    parameters = {}
    for gate in "fico":
        parameters["W" + gate] = rng.standard_normal((n_a, n_a + n_x))
        parameters["b" + gate] = rng.standard_normal((n_a, 1))
    return parameters | {
        "Wy": rng.standard_normal((n_y, n_a)),
        "by": rng.standard_normal((n_y, 1)),
    }


def tensors(arrays):
    """Copy arrays into tensors that collect gradients."""
    return {name: torch.tensor(array, requires_grad=True) for name, array in arrays.items()}


def gate_weights(leaves):
    """Return PyTorch's four parameters of an LSTM from the course's, gate below gate."""
    n_a = SIZES["n_a"]
    stacked = torch.cat([leaves["W" + gate] for gate in TORCH_ORDER])
    bias = torch.cat([leaves["b" + gate] for gate in TORCH_ORDER])[:, 0]
    return stacked[:, n_a:], stacked[:, :n_a], bias, torch.zeros_like(bias)


def plain_weights(leaves):
    """Return PyTorch's four parameters of a plain network from the course's."""
    bias = leaves["ba"][:, 0]
    return leaves["Wax"], leaves["Waa"], bias, torch.zeros_like(bias)


def run(layer, weights, *arguments):
    """Call a layer with these tensors as its parameters, so that gradients reach them."""
    names = [name for name, _ in layer.named_parameters()]
    return torch.func.functional_call(layer, dict(zip(names, weights)), arguments)


def rnn_layer(leaves):
    """Return every hidden state of `torch.nn.RNN`, steps first."""
    layer = torch.nn.RNN(SIZES["n_x"], SIZES["n_a"], dtype=torch.float64)
    a, _ = run(layer, plain_weights(leaves), leaves["x"].permute(2, 1, 0), leaves["a0"].T[None])
    return {"a": a.permute(2, 1, 0)}


def lstm_layer(leaves):
    """Return every hidden state of `torch.nn.LSTM`, and the cell states from growing prefixes."""
    layer = torch.nn.LSTM(SIZES["n_x"], SIZES["n_a"], dtype=torch.float64)
    x, a0 = leaves["x"].permute(2, 1, 0), leaves["a0"].T[None]
    start = (a0, torch.zeros_like(a0))
    a, _ = run(layer, gate_weights(leaves), x, start)
    last = [run(layer, gate_weights(leaves), x[: t + 1], start)[1][1][0] for t in range(len(x))]
    return {"a": a.permute(2, 1, 0), "c": torch.stack(last).permute(2, 1, 0)}


def probabilities(leaves, a):
    """Return the softmax over the classes, for hidden states of shape (n_a, m) or (n_a, m, T_x)."""
    weights = leaves["Wya"] if "Wya" in leaves else leaves["Wy"]
    bias = leaves["by"] if a.ndim == 2 else leaves["by"][:, :, None]
    return torch.softmax(torch.tensordot(weights, a, dims=1) + bias, dim=0)


def sequence_case(rng, parameters, layer):
    """Run a layer over a sequence, and its gradients for a loss that looks at every state."""
    n_x, n_a, m, T_x = (SIZES[name] for name in ("n_x", "n_a", "m", "T_x"))
    inputs = {"x": rng.standard_normal((n_x, m, T_x)), "a0": rng.standard_normal((n_a, m))}
    da = rng.standard_normal((n_a, m, T_x))
    leaves = tensors(inputs | parameters)
    outputs = layer(leaves)
    (outputs["a"] * torch.tensor(da)).sum().backward()
    y = probabilities(leaves, outputs["a"])
    return {
        "inputs": inputs | {"da": da},
        "parameters": parameters,
        "outputs": outputs | {"y": y},
        "gradients": collected(leaves),
    }


def rnn_cell_case(rng):
    """Run `torch.nn.RNNCell` and its gradients."""
    n_x, n_a, m = SIZES["n_x"], SIZES["n_a"], SIZES["m"]
    inputs = {"xt": rng.standard_normal((n_x, m)), "a_prev": rng.standard_normal((n_a, m))}
    parameters, da_next = rnn_parameters(rng), rng.standard_normal((n_a, m))
    leaves = tensors(inputs | parameters)
    cell = torch.nn.RNNCell(n_x, n_a, dtype=torch.float64)
    a_next = run(cell, plain_weights(leaves), leaves["xt"].T, leaves["a_prev"].T).T
    (a_next * torch.tensor(da_next)).sum().backward()
    return {
        "inputs": inputs | {"da_next": da_next},
        "parameters": parameters,
        "outputs": {"a_next": a_next, "yt_pred": probabilities(leaves, a_next)},
        "gradients": collected(leaves),
    }


def lstm_cell_case(rng):
    """Run `torch.nn.LSTMCell` and its gradients, for a loss that looks at both states."""
    n_x, n_a, m = SIZES["n_x"], SIZES["n_a"], SIZES["m"]
    inputs = {"xt": rng.standard_normal((n_x, m))}
    inputs |= {name: rng.standard_normal((n_a, m)) for name in ("a_prev", "c_prev")}
    given = {name: rng.standard_normal((n_a, m)) for name in ("da_next", "dc_next")}
    parameters = lstm_parameters(rng)
    leaves = tensors(inputs | parameters)
    cell = torch.nn.LSTMCell(n_x, n_a, dtype=torch.float64)
    states = leaves["a_prev"].T, leaves["c_prev"].T
    a_next, c_next = (s.T for s in run(cell, gate_weights(leaves), leaves["xt"].T, states))
    loss = a_next * torch.tensor(given["da_next"]) + c_next * torch.tensor(given["dc_next"])
    loss.sum().backward()
    yt_pred = probabilities(leaves, a_next)
    return {
        "inputs": inputs | given,
        "parameters": parameters,
        "outputs": {"a_next": a_next, "c_next": c_next, "yt_pred": yt_pred},
        "gradients": collected(leaves),
    }


def collected(leaves):
    """Return the gradients of all that the loss reached: "dWax" for that of "Wax"."""
    return {"d" + name: leaf.grad for name, leaf in leaves.items() if leaf.grad is not None}


if __name__ == "__main__":
    main()
