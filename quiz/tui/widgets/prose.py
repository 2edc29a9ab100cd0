"""Markdown as the cards use it: highlighted code, lists, tables, links, formulas, pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.widgets import Markdown

from quiz.tui.markdown import FORMULA, PICTURE, parser
from quiz.tui.widgets.formula import Formula
from quiz.tui.widgets.listing import CodeFence
from quiz.tui.widgets.table import Table

if TYPE_CHECKING:
    from markdown_it.token import Token
    from textual.widgets.markdown import MarkdownBlock

_BLOCKS: dict[str, type[MarkdownBlock]] = {
    "fence": CodeFence,
    "code_block": CodeFence,
    "table_open": Table,
}


class Sheet:
    """A widget whose texts come from one card file."""

    @property
    def folder(self) -> Path | None:
        """Where its pictures' paths begin."""
        return None


class Prose(Markdown):
    """A piece of a card's text."""

    DEFAULT_CSS = """
    Prose {
        padding: 0;
        MarkdownParagraph { margin: 0 0 1 0; }
        MarkdownFence { margin: 0 0 1 0; background: $surface; overflow: hidden; }
        MarkdownBulletList, MarkdownOrderedList { margin: 0 0 1 0; padding: 0; }
        MarkdownList Vertical > MarkdownBlock:last-child { margin-bottom: 0; }
        MarkdownHorizontalRule {
            border: none; border-top: solid $border; height: 1; margin: 0 0 1 0; padding: 0;
        }
        MarkdownBlockQuote { margin: 0 0 1 0; background: $surface; }
        MarkdownTable { margin: 0 0 1 0; }
        &.-tight > MarkdownBlock:last-child { margin-bottom: 0; }
    }
    """

    def __init__(
        self,
        markdown: str | None = None,
        *,
        id: str | None = None,  # noqa: A002 - as every widget calls it
        classes: str | None = None,
    ) -> None:
        super().__init__(markdown, id=id, classes=classes, parser_factory=parser)

    def get_block_class(self, block_name: str) -> type[MarkdownBlock]:
        """What shows a block."""
        return _BLOCKS.get(block_name) or super().get_block_class(block_name)

    def unhandled_token(self, token: Token) -> MarkdownBlock | None:
        """The tokens that only card texts have."""
        if token.type == FORMULA:
            return Formula(self, token)
        if token.type == PICTURE:
            from quiz.tui.widgets.picture import Picture

            return Picture(self, token, self._folder)
        return None

    def _folder(self) -> Path | None:
        sheets = (node for node in self.ancestors if isinstance(node, Sheet))
        return next((sheet.folder for sheet in sheets), None)


def fenced(code: str, language: str = "python") -> str:
    """`code` as a fence that nothing inside it can end."""
    ticks = "```"
    while ticks in code:
        ticks += "`"
    return f"{ticks}{language}\n{code.rstrip()}\n{ticks}"
