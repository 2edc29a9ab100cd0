"""A picture of a card, drawn as well as the terminal can; where it cannot be, its text says so."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static
from textual.widgets.markdown import MarkdownBlock

from quiz.language import _
from quiz.tui import graphics
from quiz.tui.background import in_thread
from quiz.tui.graphics import PictureError, Way

if TYPE_CHECKING:
    from markdown_it.token import Token
    from PIL.Image import Image
    from textual.widget import Widget
    from textual.widgets import Markdown

_HIGHEST = 0.4
"""Of the screen, so that the question beside it stays in sight."""


class Picture(MarkdownBlock):
    """Reads its file in a thread and draws it when it is there."""

    DEFAULT_CSS = """
    Picture { height: auto; margin: 0 0 1 0; }
    Picture > .alt { height: auto; color: $text-muted; }
    """

    def __init__(self, markdown: Markdown, token: Token, folder: Callable[[], Path | None]) -> None:
        super().__init__(markdown, token)
        self._source, self._alt = str(token.meta["source"]), str(token.meta["alt"])
        self._folder = folder
        self._image: Image | None = None
        self._drawn: Widget | None = None

    def compose(self) -> ComposeResult:
        yield Static(self._said(""), classes="alt")

    def on_mount(self) -> None:
        self.run_worker(self._show(), exit_on_error=False)

    def on_unmount(self) -> None:
        if self._drawn is not None:
            graphics.forget(self._drawn)

    def on_resize(self) -> None:
        self._fit()

    @cached_property
    def way(self) -> Way:
        """How it is drawn."""
        return graphics.here(web=self.app.is_web)

    async def _show(self) -> None:
        try:
            self._image = await self._read()
        except PictureError as error:
            self.query_one(".alt", Static).update(self._said(error.what))
            return
        if self._image is None or not self.is_attached:
            return
        self._drawn = graphics.drawing(self._image, self.way)
        self.query_one(".alt", Static).update(Content(self._alt))
        self._fit()
        await self.mount(self._drawn, before=0)

    async def _read(self) -> Image | None:
        if ":" in self._source or self._source.startswith("//"):
            raise PictureError(_("pictures from elsewhere are not fetched"))
        folder = self._folder()
        if folder is None or self.way is Way.NONE:
            return None
        width, height = graphics.cell() or (1, 2)
        most = self.app.size.width * width, self.app.size.height * height
        await in_thread(graphics.prepare)
        return await in_thread(graphics.opened, folder / unquote(self._source), most)

    def _fit(self) -> None:
        """As large as it is, but never wider than the text nor much of the screen's height."""
        if self._drawn is None or self._image is None or not self.size.width:
            return
        width, height = (1, 2) if self.way is Way.BLOCKS else graphics.cell() or (1, 2)
        cells = self._image.width / width, self._image.height / height
        room = self.size.width, max(4.0, self.app.size.height * _HIGHEST)
        scale = min(1.0, room[0] / cells[0], room[1] / cells[1])
        if self.way is Way.SIXEL:
            scale = min(
                scale, math.sqrt(graphics.MOST_SIXELS / (self._image.width * self._image.height))
            )
        self._drawn.styles.width = max(1, round(cells[0] * scale))
        self._drawn.styles.height = max(1, round(cells[1] * scale))

    def _said(self, problem: str) -> Content:
        said = _("picture: {alt}").format(alt=self._alt or unquote(self._source))
        if not problem:
            return Content(f"[{said}]")
        return Content.assemble(("⚠ ", "$text-warning"), f"[{said}] {problem}: {self._source}")
