"""Drops."""


def fall(height):
    """Half as high."""
    # TODO 1.1 (about 1 line): halve it
    raise NotImplementedError("fall")


def splash(width):
    """Twice as wide."""
    # TODO 1.2 (about 1 line): double it
    raise NotImplementedError("splash")
