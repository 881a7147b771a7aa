"""How far back the gradient of the last token reaches, from the caches of `djmodel`. Given."""

import numpy as np
from lstm_layer import GATES, gate_gradients


def gradient_norms(outputs, caches, target, parameters):
    """Norm of d loss(last token) / d a(t), for one solo.

    Parameters
    ----------
    outputs : ndarray (n_values, 1, T_x)
    caches : list of tuple
        Of `lstm_step`, in the order of time.
    target : int
        The token that came last.
    parameters : dict

    Returns
    -------
    ndarray (T_x,)
    """
    n_a = len(caches[0][0])
    recurrent = np.concatenate([parameters["W" + gate][:, :n_a] for gate in GATES])
    dlogits = np.array(outputs[:, :, -1])
    dlogits[target] -= 1
    da, dc = parameters["Wy"].T @ dlogits, np.zeros((n_a, 1))
    norms = np.zeros(len(caches))
    for t in reversed(range(len(caches))):
        norms[t] = np.linalg.norm(da)
        dgates, dc = gate_gradients(da, dc, caches[t])
        da = recurrent.T @ dgates
    return norms
