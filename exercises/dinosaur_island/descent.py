"""What the batched training needs besides gradients: Adam, a schedule, restraint. Given."""

import math

import numpy as np


def cosine(start, end, fraction):
    """A rate that falls from start to end along half a cosine wave, as fraction goes from 0 to 1.

    Loshchilov and Hutter 2017, equation 5.
    """
    return end + 0.5 * (start - end) * (1 + math.cos(math.pi * fraction))


class Adam:
    """Steps scaled by running averages of each gradient and of its square.

    Kingma and Ba 2015, algorithm 1, with the decoupled weight decay of Loshchilov and Hutter 2019.
    """

    def __init__(self, beta1=0.9, beta2=0.999, decay=0.1):
        self.beta1, self.beta2, self.decay = beta1, beta2, decay
        self.count = 0
        self.means, self.squares = {}, {}

    def update(self, parameters, gradients, rate):
        """Take one step, in place; `gradients` has a key dW for every W of `parameters`."""
        self.count += 1
        scale = math.sqrt(1 - self.beta2**self.count) / (1 - self.beta1**self.count)
        for name, value in parameters.items():
            gradient = gradients[f"d{name}"]
            mean = self.means.setdefault(name, np.zeros_like(value))
            square = self.squares.setdefault(name, np.zeros_like(value))
            mean += (1 - self.beta1) * (gradient - mean)
            square += (1 - self.beta2) * (gradient * gradient - square)
            value -= rate * (scale * mean / (np.sqrt(square) + 1e-8) + self.decay * value)


def clipped_by_norm(gradients, largest=1.0):
    """All gradients, shrunk together where their joint length exceeds `largest`."""
    norm = math.sqrt(sum(float(np.sum(gradient * gradient)) for gradient in gradients.values()))
    factor = min(1.0, largest / (norm + 1e-12))
    return {name: gradient * factor for name, gradient in gradients.items()}


def dropped(parameters, rng, recurrent=0.35, output=0.15):
    """Parameters with some weights set to zero for this one step, and the factors that did it.

    The others grow so that sums stay the same on average. Dropping weights, not states, leaves the
    forward pass as it is (Wan et al. 2013; for recurrent weights Merity et al. 2018, section 2).

    Returns
    -------
    thinned, factors : dict
        thinned = parameters * factors; multiply the gradients by the factors, too.
    """
    n_a = parameters["W"].shape[0] // 4
    factors = {name: np.ones_like(value) for name, value in parameters.items()}
    factors["W"][:, :n_a] *= (rng.random((4 * n_a, n_a)) >= recurrent) / (1 - recurrent)
    factors["Wy"] *= (rng.random(parameters["Wy"].shape) >= output) / (1 - output)
    return {name: parameters[name] * factors[name] for name in parameters}, factors
