"""Markdown as the cards use it: highlighted code, lists, tables, links that open."""

from __future__ import annotations

from textual.widgets import Markdown


class Prose(Markdown):
    """A piece of a card's text."""

    DEFAULT_CSS = """
    Prose {
        padding: 0;
        MarkdownParagraph { margin: 0 0 1 0; }
        MarkdownFence { margin: 0 0 1 0; background: $surface; }
        MarkdownFence > Label { padding: 0 1; }
        MarkdownBulletList, MarkdownOrderedList { margin: 0 0 1 0; padding: 0; }
        MarkdownBlockQuote { margin: 0 0 1 0; background: $surface; }
        MarkdownTable { margin: 0 0 1 0; }
        &.-tight > *:last-child { margin-bottom: 0; }
    }
    """


def fenced(code: str, language: str = "python") -> str:
    """`code` as a fence that nothing inside it can end."""
    ticks = "```"
    while ticks in code:
        ticks += "`"
    return f"{ticks}{language}\n{code.rstrip()}\n{ticks}"
