"""The questions' small markdown as HTML."""

from __future__ import annotations

import html

from grader.quiz.markup import Block, blocks, spans

_TAGS = {"code": "code", "bold": "b", "emphasis": "i"}


def to_html(text: str) -> str:
    """Paragraphs, lists and code; every character of the text itself is escaped."""
    parts = []
    listing = False
    for block in blocks(text):
        if (block.kind == "bullet") != listing:
            listing = not listing
            parts.append("<ul>" if listing else "</ul>")
        parts.append(_block(block))
    return "".join(parts) + ("</ul>" if listing else "")


def _block(block: Block) -> str:
    if block.kind == "code":
        return f"<pre>{html.escape(block.text)}</pre>"
    tag = "li" if block.kind == "bullet" else "p"
    return f"<{tag}>{inline_html(block.text)}</{tag}>"


def inline_html(text: str) -> str:
    """One paragraph without its own element."""
    made = []
    for span in spans(text):
        inside = html.escape(span.text, quote=False)
        tag = _TAGS.get(span.style)
        made.append(f"<{tag}>{inside}</{tag}>" if tag else inside)
    return "".join(made)
