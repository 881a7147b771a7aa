"""Drops."""


def fall(height):
    """Half as high."""
    return height * 0.5


def splash(width):
    """Twice as wide."""
    return width * 2
