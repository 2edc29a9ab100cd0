"""How pictures can be drawn here, and what draws them.

The library asks the terminal when it is imported, and reads the answer from the keyboard; in a
running application that answer would go to Textual, and a key to the library. So the environment
says what the terminal can do, and the library is imported without a terminal to ask.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from quiz.errors import QuizError
from quiz.language import _

if TYPE_CHECKING:
    from PIL.Image import Image
    from textual.widget import Widget

MOST_PIXELS = 50_000_000
"""Of a picture that is opened."""
MOST_SIXELS = 120_000
"""Pixels that are encoded, at every scrolling, before anyone notices: the library does so in the
event loop."""
_USUAL_CELL = (10, 20)
_IMPORTING = Lock()


class Way(StrEnum):
    """How to draw."""

    KITTY = "kitty"
    SIXEL = "sixel"
    BLOCKS = "blocks"
    """Half blocks, two pixels a cell: everywhere."""
    NONE = "none"


class PictureError(QuizError):
    """A picture cannot be shown."""


SHARP = (Way.KITTY, Way.SIXEL)
"""The ways that show each pixel of a picture."""


def here(*, web: bool = False) -> Way:
    """How to draw in the terminal that this process has; `web`: the application in a browser."""
    return way(os.environ, web=web, pixels=cell() is not None)


def way(environment: Mapping[str, str], *, web: bool = False, pixels: bool = True) -> Way:
    """How to draw in this terminal: `$QUIZ_PICTURES`, else what is known of it.

    `web` is the application in a browser; `pixels` whether the terminal tells the size of a cell.
    """
    if (said := environment.get("QUIZ_PICTURES", "")) in tuple(Way):
        return Way(said)
    if environment.get("NO_COLOR"):
        return Way.NONE  # all ways but sixel draw by colour
    terminal, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    between = "TMUX" in environment or terminal.startswith(("tmux", "screen"))
    if web or between or not pixels or terminal == "dumb":
        return Way.BLOCKS
    if "kitty" in terminal or "ghostty" in terminal or program == "ghostty":
        return Way.KITTY
    konsole = environment.get("KONSOLE_VERSION", "")
    if terminal.startswith(("foot", "mlterm", "contour")) or program in ("WezTerm", "iTerm.app"):
        return Way.SIXEL
    return Way.SIXEL if konsole.isdigit() and int(konsole) >= 220400 else Way.BLOCKS


@cache
def cell() -> tuple[int, int] | None:
    """Width and height of a cell in pixels, where the terminal says so."""
    try:
        import fcntl
        import struct
        import termios

        sizes = fcntl.ioctl(sys.__stdout__ or 1, termios.TIOCGWINSZ, bytes(8))
        rows, columns, width, height = struct.unpack("HHHH", sizes)
        found = width // columns, height // rows
    except (ImportError, OSError, ValueError, ZeroDivisionError):
        return None
    return found if all(found) else None


def cell_size() -> tuple[int, int]:
    """Width and height of a cell in pixels, the usual one's where the terminal does not say."""
    return cell() or _USUAL_CELL


def opened(path: Path, most: tuple[int, int]) -> Image:
    """The picture in a file, no larger than `most` pixels. Takes time: not for the event loop.

    Raises `PictureError`.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        if not path.is_file():
            raise PictureError(_("there is no such picture"))
        with Image.open(path) as image:
            if image.width * image.height > MOST_PIXELS:
                raise PictureError(_("the picture is too large"))
            image.draft("RGB", most)
            image.thumbnail(most)
            return ImageOps.exif_transpose(image).convert("RGBA")
    except UnidentifiedImageError as error:
        raise PictureError(_("this kind of picture cannot be shown")) from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError(_("the picture is damaged")) from error


def drawing(image: Image, how: Way) -> Widget:
    """The widget that draws it, as large as its styles say."""
    from textual_image import widget

    kinds: dict[Way, type[Any]] = {Way.KITTY: widget.TGPImage, Way.SIXEL: widget.SixelImage}
    drawn: Widget = kinds.get(how, widget.HalfcellImage)(image)
    return drawn


def forget(drawn: Widget) -> None:
    """Say goodbye to the terminal, which keeps what was sent to it."""
    setattr(drawn, "image", None)  # noqa: B010 - the kinds have no common type


def prepare() -> None:
    """Import what draws. Takes time: not for the event loop."""
    with _IMPORTING, _no_terminal_to_ask():
        import textual_image.widget  # noqa: F401


@contextmanager
def _no_terminal_to_ask() -> Iterator[None]:
    """The library takes the size of a cell from these variables where there is no terminal."""
    terminal = sys.__stdout__
    width, height = cell_size()
    os.environ["TEXTUAL_CELL_WIDTH"], os.environ["TEXTUAL_CELL_HEIGHT"] = str(width), str(height)
    sys.__stdout__ = cast(Any, io.StringIO())  # type: ignore[misc]
    try:
        yield
    finally:
        sys.__stdout__ = terminal  # type: ignore[misc]
