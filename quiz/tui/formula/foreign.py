"""Text within a formula in a script that the font of mathematics lacks: Korean, above all.

It is written with a font of this machine. The typesetter is told how wide it is, and where it came
to stand; who draws the formula writes it there.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from PIL import ImageFont
from ziafont.fonttypes import BBox
from ziamath.nodes.mnode import Mnode

from quiz.tui.formula.mathml import FOREIGN, Undrawable

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_NAMES = (
    "NotoSansCJK-Regular", "NotoSansKR-Regular", "NotoSansCJKkr-Regular", "NanumGothic",
    "AppleSDGothicNeo", "AppleGothic", "malgun", "UnDotum", "DroidSansFallbackFull",
)  # fmt: skip
"""Files of fonts that systems bring along, or whoever reads Korean has installed."""
_ENDINGS = (".ttc", ".ttf", ".otf")
_NOBODYS = "\U0010fffe"
"""A sign that no font has."""
_SIZE = 100
"""At which fonts are measured."""


class Foreign(Mnode, tag=FOREIGN):  # type: ignore[call-arg, misc, unused-ignore]
    """A piece of such text as the typesetter's own node. Raises `Undrawable` without a font."""

    def __init__(self, element: Element, parent: Mnode, **kwargs: object) -> None:
        super().__init__(element, parent)
        self._text = element.text or ""
        self._hidden = bool(kwargs.get("phantom"))
        face, em = font(self._text, _SIZE), self.glyphsize / _SIZE
        _left, top, _right, bottom = face.getbbox(self._text, anchor="ls")
        self.bbox = BBox(0, face.getlength(self._text) * em, -bottom * em, -top * em)

    def draw(self, x: float, y: float, svg: Element) -> tuple[float, float]:
        """Leaves a mark with place and size, which whoever draws takes out again."""
        if not self._hidden:
            mark = SubElement(svg, FOREIGN, x=str(x), y=str(y), size=str(self.glyphsize))
            mark.text = self._text
        return x + self.bbox.xmax, y


def font(text: str, size: float) -> FreeTypeFont:
    """The first font that has every sign of `text`. Raises `Undrawable`."""
    for found in _found():
        nothing = found.getmask(_NOBODYS)
        if all(bytes(found.getmask(sign)) != bytes(nothing) for sign in set(text) - {" "}):
            return found.font_variant(size=size)
    raise Undrawable


@cache
def _found() -> tuple[FreeTypeFont, ...]:
    fonts = []
    for name, ending in product(_NAMES, _ENDINGS):
        try:
            fonts.append(ImageFont.truetype(f"{name}{ending}", _SIZE))
        except OSError:
            continue
    return tuple(fonts)
