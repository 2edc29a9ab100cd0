"""Mathematics on lines of its own: a picture where the terminal shows pixels, else text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets.markdown import MarkdownBlock

from quiz.tui import graphics
from quiz.tui.background import in_thread
from quiz.tui.graphics import SHARP, Way

if TYPE_CHECKING:
    from markdown_it.token import Token
    from PIL.Image import Image
    from textual.selection import Selection
    from textual.theme import Theme
    from textual.widget import Widget
    from textual.widgets import Markdown


class Formula(MarkdownBlock):
    """Its text, or its source where it cannot be said otherwise, until its picture is there.

    The text is also what is copied, and what stays where no picture can be drawn.
    """

    DEFAULT_CSS = """
    Formula {
        height: auto; margin: 0 0 1 0; padding: 0 0 0 2; text-wrap: nowrap; overflow-x: auto;
    }
    Formula.-source { color: $text-warning; text-wrap: wrap; }
    """

    def __init__(self, markdown: Markdown, token: Token) -> None:
        super().__init__(markdown, token)
        self._latex, self._plain = str(token.meta["latex"]), bool(token.meta["plain"])
        self._text = Content(token.content)
        self._columns = 0
        self.drawn: Widget | None = None
        """What shows its picture, where there is one."""
        self._say()

    def _say(self) -> None:
        self.set_content(self._text)
        self.set_class(self._plain, "-source")

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._recolour)

    def on_unmount(self) -> None:
        if self.drawn is not None:
            graphics.forget(self.drawn)

    def on_resize(self) -> None:
        if self._columns != (columns := self.content_size.width):
            self._columns = columns
            self._draw()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        if self.drawn is None:
            return super().get_selection(selection)
        return self._text.plain, "\n"

    def _recolour(self, _theme: Theme) -> None:
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        way = graphics.here(web=self.app.is_web)
        if way not in SHARP or not self._wanted:
            self._replace(None, way)
        elif self._columns:
            self.run_worker(self._show(way), group="formula", exclusive=True, exit_on_error=False)

    @property
    def _wanted(self) -> bool:
        library = getattr(self.app, "library", None)
        return library is None or library.settings.formula_pictures

    async def _show(self, way: Way) -> None:
        from quiz.tui.formula.picture import MOST_PIXELS, Room, picture

        most = graphics.MOST_SIXELS if way is Way.SIXEL else MOST_PIXELS
        room = Room(graphics.cell_size(), self._columns, most)
        image = await in_thread(picture, self._latex, room, self._ink)
        if image is not None:
            await in_thread(graphics.prepare)
        if self.is_attached:
            self._replace(image, way)

    @property
    def _ink(self) -> tuple[int, int, int]:
        """The colour of the text around it."""
        base, _base_colour, background, colour = self._markdown.colors
        return (base + background + colour).rgb

    def _replace(self, image: Image | None, way: Way) -> None:
        """By its picture, or by its text again where there is none for this width."""
        before, self.drawn = self.drawn, None
        if before is not None:
            graphics.forget(before)
            before.remove()
        if image is None:
            if before is not None:
                self._say()
            return
        width, height = graphics.cell_size()
        self.drawn = graphics.drawing(image, way)
        self.drawn.styles.width = image.width // width
        self.drawn.styles.height = image.height // height
        self.set_content(Content())
        self.remove_class("-source")
        self.mount(self.drawn)
