"""Assignment 2, last part: many names at once, through an LSTM.

Sizes: `V` vocabulary, `n_a` hidden units, `m` names of a batch (one per row), `T_x` steps.
"""

import numpy as np
from lstm_layer import lstm_backward, lstm_forward


def masked_loss(logits, targets, mask):
    """Average the loss over the letters that are there, and pass nothing back from the padding.

    Parameters
    ----------
    logits : ndarray (V, m, T_x)
        Scores of every letter, for every name and step; softmax makes probabilities of them.
    targets : ndarray of int (m, T_x)
        The letter that should come next; anything where the mask is 0.
    mask : ndarray (m, T_x)
        1 where there is a letter, 0 where there is only padding.

    Returns
    -------
    loss : float
        The average of -log p(target) over the letters with mask 1.
    dlogits : ndarray (V, m, T_x)
        Its gradient: (p - one-hot target) * mask / number of letters.

    Examples
    --------
    Two letters and one step of padding; the model finds both letters equally likely:

    >>> targets, mask = np.array([[1, 0, 0]]), np.array([[1, 1, 0]])
    >>> loss, dlogits = masked_loss(np.zeros((2, 1, 3)), targets, mask)
    >>> round(float(loss), 4)
    0.6931
    >>> dlogits[1, 0]
    array([-0.25,  0.25,  0.  ])
    """
    # BEGIN SOLUTION
    # TODO 5.1 (about 6 lines): log p along axis 0, where the targets are, masked average, gradient
    shifted = logits - np.max(logits, axis=0, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0, keepdims=True))
    one_hot = np.arange(len(logits))[:, None, None] == targets
    count = np.sum(mask)
    loss = -np.sum(log_p * one_hot * mask) / count
    dlogits = (np.exp(log_p) - one_hot) * mask / count
    # END SOLUTION

    return loss, dlogits


def lstm_language_model(inputs, targets, mask, parameters):
    """Loss and gradients of the LSTM language model on a batch of padded names.

    Parameters
    ----------
    inputs, targets : ndarray of int (m, T_x)
        The letters read and those that should come next, one name per row.
    mask : ndarray (m, T_x)
        1 where there is a letter, 0 where there is only padding.
    parameters : dict
        W (4 n_a, n_a + V), b (4 n_a, 1) of the LSTM; Wy (V, n_a), by (V, 1) of the output layer.

    Returns
    -------
    loss : float
        As in `masked_loss`.
    gradients : dict
        dW, db, dWy, dby, each of the shape of its parameter.

    Notes
    -----
    `lstm_forward(inputs, parameters)` gives a (n_a, m, T_x) and a cache;
    `lstm_backward(da, cache)` gives a dict with dW and db.
    """
    Wy, by = parameters["Wy"], parameters["by"]

    # BEGIN SOLUTION
    # TODO 6.1 (about 8 lines): states, logits of all steps, masked_loss, and the way back
    a, cache = lstm_forward(inputs, parameters)
    logits = np.einsum("ya,amt->ymt", Wy, a, optimize=True) + by[:, :, None]
    loss, dlogits = masked_loss(logits, targets, mask)
    da = np.einsum("ya,ymt->amt", Wy, dlogits, optimize=True)
    gradients = lstm_backward(da, cache)
    gradients["dWy"] = np.einsum("ymt,amt->ya", dlogits, a, optimize=True)
    gradients["dby"] = np.sum(dlogits, axis=(1, 2))[:, None]
    # END SOLUTION

    return loss, gradients
