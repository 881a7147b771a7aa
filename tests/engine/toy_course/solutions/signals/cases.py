"""Fresh inputs."""

from grader.checking import distinct_sizes


def sheet(rng):
    """x (n, m), shift and gain (n, 1)."""
    sizes = distinct_sizes(rng, "n", "m")
    n, m = sizes["n"], sizes["m"]
    x = rng.standard_normal((n, m))
    return x, rng.standard_normal((n, 1)), 1.5 + rng.random((n, 1))


def film(rng):
    """x (n, m, T) and start (n, m)."""
    sizes = distinct_sizes(rng, "n", "m", "T_x")
    n, m = sizes["n"], sizes["m"]
    return rng.standard_normal((n, m, sizes["T_x"])), rng.standard_normal((n, m))
