"""A brief in the terminal."""

from __future__ import annotations

from rich.markdown import Markdown

from grader.views.console import make_console


def show_brief(text: str) -> None:
    """Show a brief, or one section of it, which is written in Markdown."""
    make_console().print(Markdown(text))
