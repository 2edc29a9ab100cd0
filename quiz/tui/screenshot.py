"""Screenshots in which wide characters stand in their two cells.

The SVG of a console makes every piece of text as long as it has characters, which squeezes Korean
into half its room.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from itertools import groupby

from rich.cells import cell_len

_TEXT = re.compile(
    r'<text (?P<before>[^>]*)\bx="(?P<x>[\d.]+)" (?P<between>[^>]*)'
    r'textLength="(?P<length>[\d.]+)"(?P<after>[^>]*)>(?P<text>[^<]*)</text>'
)


def in_cells(svg: str) -> str:
    """The picture with each run of wide characters, and of narrow ones, at its own cells."""
    return _TEXT.sub(lambda found: "".join(_runs(found)), svg)


def _runs(found: re.Match[str]) -> Iterator[str]:
    text = unescape(found["text"])
    if cell_len(text) == len(text):
        yield found[0]
        return
    x, cell = float(found["x"]), float(found["length"]) / len(text)
    for wide, characters in groupby(text, key=lambda character: cell_len(character) > 1):
        run = "".join(characters)
        width = cell * cell_len(run)
        # Fonts draw wide characters narrower than two cells.
        stretched = ' lengthAdjust="spacingAndGlyphs"' if wide else ""
        yield (
            f'<text {found["before"]}x="{x:.1f}" {found["between"]}'
            f'textLength="{width:.1f}"{stretched}{found["after"]}>{escape(run)}</text>'
        )
        x += width
