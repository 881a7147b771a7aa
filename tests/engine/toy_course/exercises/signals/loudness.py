"""Given: how loud a row is."""

import numpy as np


def limited(gain):
    """The gain, at most ten either way."""
    return np.clip(gain, -10.0, 10.0)
