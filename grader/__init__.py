"""Unroll: an auto-graded course on recurrent neural networks for the terminal."""

__version__ = "0.1.0"
