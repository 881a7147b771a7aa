"""Right, and written in another way."""

import numpy as np


def scale(signal, g):
    print("scaling", signal.shape)
    return np.einsum("ij,ik->ij", signal, np.clip(g, -10, 10) * np.ones((1, 1)))


def shift_then_scale(signal, lift, g):
    lifted = signal + lift
    return [lifted, scale(lifted, g)]


def running_sum(film, start):
    totals = np.cumsum(film, axis=2) + start[:, :, None]
    return totals, totals[:, :, -1].copy()
