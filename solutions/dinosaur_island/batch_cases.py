"""Batches of padded names for the tasks of the batched model."""

from dataclasses import dataclass, replace

import numpy as np

from grader.checking import distinct_sizes


@dataclass(frozen=True)
class Scores:
    """Arguments of `masked_loss`."""

    logits: np.ndarray
    targets: np.ndarray
    mask: np.ndarray

    @property
    def arguments(self):
        """In the order of the call."""
        return self.logits, self.targets, self.mask


@dataclass(frozen=True)
class Batch:
    """Arguments of `lstm_language_model`."""

    inputs: np.ndarray
    targets: np.ndarray
    mask: np.ndarray
    parameters: dict

    @property
    def arguments(self):
        """In the order of the call."""
        return self.inputs, self.targets, self.mask, self.parameters


def scores(rng):
    """Scores of order one, with names of different lengths."""
    sizes = distinct_sizes(rng, "V", "m", "T_x", low=3, high=8)
    V, m, T_x = sizes["V"], sizes["m"], sizes["T_x"]
    return Scores(
        logits=rng.standard_normal((V, m, T_x)),
        targets=rng.integers(0, V, size=(m, T_x)),
        mask=_mask(rng, m, T_x),
    )


def batch(rng):
    """A small LSTM and names of different lengths."""
    sizes = distinct_sizes(rng, "n_a", "V", "m", "T_x", low=3, high=8)
    n_a, V, m, T_x = sizes["n_a"], sizes["V"], sizes["m"], sizes["T_x"]
    return Batch(
        inputs=rng.integers(0, V, size=(m, T_x)),
        targets=rng.integers(0, V, size=(m, T_x)),
        mask=_mask(rng, m, T_x),
        parameters={
            "W": rng.standard_normal((4 * n_a, n_a + V)) / np.sqrt(n_a),
            "b": rng.standard_normal((4 * n_a, 1)),
            "Wy": rng.standard_normal((V, n_a)),
            "by": rng.standard_normal((V, 1)),
        },
    )


def _mask(rng, m, T_x):
    """Ones as long as each name is; one is as long as the batch, one is shorter."""
    lengths = rng.integers(1, T_x + 1, size=m)
    lengths[rng.permutation(m)[:2]] = T_x, T_x - 2
    return (np.arange(T_x) < lengths[:, None]).astype(float)


def with_other_padding(rng, case):
    """The same names; the padding holds other letters, and there is one more column of it."""
    V = _vocabulary(case)
    m = len(case.mask)
    column = np.zeros((m, 1))
    mask = np.concatenate((case.mask, column), axis=1)
    changed = {"mask": mask}
    for name in ("inputs", "targets"):
        if hasattr(case, name):
            letters = np.concatenate((getattr(case, name), column.astype(int)), axis=1)
            changed[name] = np.where(mask > 0, letters, rng.integers(0, V, size=mask.shape))
    if hasattr(case, "logits"):
        logits = np.concatenate((case.logits, np.zeros((V, m, 1))), axis=2)
        noise = 3.0 * rng.standard_normal(logits.shape)
        changed["logits"] = np.where(mask > 0, logits, noise)
    return replace(case, **changed)


def _vocabulary(case):
    return len(case.logits) if hasattr(case, "logits") else len(case.parameters["by"])
