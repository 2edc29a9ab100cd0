"""A formula as a picture, for terminals that show pixels. Takes time: not for the event loop.

`ziamath` sets it and `resvg_py` draws the outlines; both are imported when the first formula is
drawn. What they cannot draw as it is meant is None: whoever shows it shows its text.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, tostring

from quiz.tui.formula.mathml import FOREIGN, Undrawable, mathml

if TYPE_CHECKING:
    from PIL.Image import Image
    from ziamath.mathfont import MathFont

Colour = tuple[int, int, int]

EM = 0.85
"""Of the height of a cell: about the size of the terminal's own letters."""
SMALLEST = 0.65
"""Of that size: a formula that fits only if it is smaller is no pleasure to read."""
MOST_PIXELS = 4_000_000
"""Of the largest picture on the largest screen."""
HIGHEST = 40
"""Rows."""
_SQUEEZED = 0.1
"""Of a row, which is rather taken from the formula than given to it."""
_SIZE = 24.0
"""Of an em in the typesetter's pixels."""
_MARGIN = _SIZE
"""Around what the typesetter takes for the formula's size: some accents stand out of that."""
_LARGEST = 1_500_000
"""Of the typesetter's pixels, as much as fills a large screen."""
_MOST_SIGNS = 300
"""That are drawn in a few hundredths of a second, in which all threads stand still."""
_TURN = Lock()
"""The typesetter has a state of its own."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a formula may fill."""

    cell: tuple[int, int]
    """Width and height of a terminal's cell in pixels."""
    columns: int
    pixels: int
    """Of the box around what is seen."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """Text in another font, where its baseline begins."""

    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class _Outline:
    """A formula that was set, in the typesetter's pixels."""

    svg: str
    marks: tuple[_Mark, ...]
    ink: tuple[int, int]
    """Width and height of what is seen of it."""


@lru_cache(maxsize=64)
def picture(latex: str, room: Room, colour: Colour) -> Image | None:
    """The formula in that colour on nothing, in whole cells.

    None where it cannot be drawn so that it says the same and can be read.
    """
    try:
        with _TURN:
            outline = _outline(latex)
        return None if outline is None else _fitted(outline, room, colour)
    except Exception:  # what the libraries cannot do, they say in their own ways
        return None


def _fitted(outline: _Outline, room: Room, colour: Colour) -> Image | None:
    from PIL import Image

    cell, (width, height) = room.cell, outline.ink
    full = EM * cell[1] / _SIZE
    scale = min(full, room.columns * cell[0] / width, math.sqrt(room.pixels / (width * height)))
    rows = max(1, math.ceil(height * scale / cell[1] - _SQUEEZED))
    scale = min(scale, rows * cell[1] / height)
    if scale < SMALLEST * full or rows > HIGHEST:
        return None
    ink = _ink(outline.svg, outline.marks, scale)
    wide = min(room.columns, math.ceil(ink.width / cell[0]))
    ink.thumbnail((wide * cell[0], rows * cell[1]))  # by a pixel, if at all
    mask = Image.new("L", (wide * cell[0], rows * cell[1]))
    mask.paste(ink, (0, (mask.height - ink.height) // 2))
    drawn = Image.new("RGBA", mask.size, colour)
    drawn.putalpha(mask)
    return drawn


@lru_cache(maxsize=256)
def _outline(latex: str) -> _Outline | None:
    from ziamath.zmath import Math

    from quiz.tui.formula import foreign  # noqa: F401 - the typesetter learns of it

    font = _font()
    try:
        root = mathml(latex, lambda sign: font.glyphindex(sign) != 0)
        svg = Math(root, size=_SIZE, margin=_MARGIN).svgxml()
        marks = tuple(_taken_out(svg))
        size = float(svg.get("width", 0)) * float(svg.get("height", 0))
        if size > _LARGEST or len(svg.findall(".//path")) > _MOST_SIGNS:
            return None
        written = tostring(svg, encoding="unicode")
        return _Outline(written, marks, _ink(written, marks, 1).size)
    except Undrawable:
        return None


@cache
def _font() -> MathFont:
    """The typesetter's own. Also tells it to draw each sign where it stands: that is quicker."""
    from ziamath.config import config
    from ziamath.zmath import loadedfonts

    config.svg2 = False
    return loadedfonts["default"]


def _taken_out(svg: Element) -> list[_Mark]:
    """The marks of other fonts' texts, which no drawing knows, from the picture's corner."""
    left, top, *_size = map(float, svg.get("viewBox", "").split())
    marks = []
    for parent in list(svg.iter()):
        for mark in parent.findall(FOREIGN):
            x, y, size = (float(mark.get(name, 0)) for name in ("x", "y", "size"))
            marks.append(_Mark(mark.text or "", x - left, y - top, size))
            parent.remove(mark)
    return marks


def _ink(svg: str, marks: tuple[_Mark, ...], scale: float) -> Image:
    """How much of each pixel is covered, without the empty margin.

    Raises `Undrawable` where there is nothing, or something that the margin does not hold.
    """
    import resvg_py
    from PIL import Image, ImageDraw

    from quiz.tui.formula.foreign import font

    png = resvg_py.svg_to_bytes(svg_string=svg, zoom=scale, skip_system_fonts=True)
    with Image.open(io.BytesIO(bytes(png))) as image:
        mask = image.getchannel("A")
    pen = ImageDraw.Draw(mask)
    for mark in marks:
        face = font(mark.text, mark.size * scale)
        pen.text((mark.x * scale, mark.y * scale), mark.text, 255, font=face, anchor="ls")
    box = mask.getbbox()
    if box is None or 0 in box[:2] or box[2] == mask.width or box[3] == mask.height:
        raise Undrawable
    return mask.crop(box)
