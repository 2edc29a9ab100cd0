"""LaTeX as MathML that the typesetter draws as it is meant.

`math_core` reads strictly: what it does not know is an error, never left out. What of its MathML
the typesetter would leave out (columns by style sheet, alphabets of other scripts) is said here in
the way that it understands, or the formula is refused.
"""

from __future__ import annotations

import html
import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from math_core import LatexToMathML

LONGEST = 1000
"""Characters of a formula that is drawn."""
_DEEPEST = 30
"""Braces within braces: the reader keeps each open one on the stack, which is not endless."""
_MOST_WORK = 6000
"""Elements laid out, about a second."""
FOREIGN = "foreign"
"""Tag of text in a script that the font of mathematics does not have."""

_LONGEST_SAID = 100 * LONGEST
_DEFINING = re.compile(r"\\(?:\w*(?:def|command|Operator|cs)|let|futurelet)(?![a-zA-Z])")
"""Macros of its own could make a formula as long as they like."""
_BRACE = re.compile(r"(?<!\\)(?:\\\\)*([{}])")
_NUMBERED = re.compile(r"\\(begin|end)\{(align|alignat|equation|gather|multline)\}")
_ROWS = {"mrow", "math", "mtd", "mpadded", "mphantom", "mstyle"}
_CLOSE = ("∂", "∇")
"""Signs that stand close to what they are applied to."""
_STYLES = {"code": "mono", "b": "bold", "strong": "bold", "em": "italic", "i": "italic"}
_ALIGNED = re.compile(r"text-align: *(left|right)")
_PADDING = re.compile(r"padding-(left|right): *([\d.]+)")
_USUAL_PADDING = 0.5
"""Of a table's cell at its left and right, in em: two of them make the quad of TeX."""
_BESIDES = re.compile("[\ufe00-\ufe0f\u2061-\u2064]")
"""Selectors of a variant, and operators that are not seen."""


class Undrawable(Exception):  # noqa: N818 - a way out, not a fault
    """A formula that would not be drawn as it is meant, or not in time."""


def mathml(latex: str, has: Callable[[str], bool]) -> Element:
    """A formula on lines of its own; `has` says which signs the font can draw.

    Raises `Undrawable`.
    """
    from math_core import LatexError

    if len(latex) > LONGEST or _depth(latex) > _DEEPEST or _DEFINING.search(latex):
        raise Undrawable
    try:
        said = _reader().convert_with_local_state(_in_rows(latex), displaystyle=True)
        root = fromstring(_without_names(said[:_LONGEST_SAID]))
    except (LatexError, ParseError) as error:
        raise Undrawable from error
    if _work(root) > _MOST_WORK:
        raise Undrawable
    for table in root.iter("mtable"):
        _spaced(table)
    for element in root.iter():
        _said_plainly(element, has)
    return root


@cache
def _reader() -> LatexToMathML:
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False)


def _depth(latex: str) -> int:
    depth = deepest = 0
    for brace in _BRACE.findall(latex):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    return deepest


def _in_rows(latex: str) -> str:
    """Rows and columns without an environment are those of `aligned`; nothing has a number."""
    if r"\begin" not in latex and ("&" in latex or r"\\" in latex):
        return rf"\begin{{aligned}}{latex}\end{{aligned}}"
    return _NUMBERED.sub(r"\\\1{\2*}", latex).replace("{split}", "{aligned}")


def _without_names(xml: str) -> str:
    """Characters instead of the names that only HTML has for them."""
    return re.sub(r"&(?!(?:amp|lt|gt|quot|apos);)\w+;", lambda found: html.unescape(found[0]), xml)


def _work(element: Element, times: int = 1) -> int:
    """Elements the typesetter lays out: it does each row twice, and so what is in it."""
    if element.tag in _ROWS:
        times *= 2
    return times + sum(_work(child, times) for child in element)


def _spaced(table: Element) -> None:
    """Columns as far apart, and aligned, as their cells' styles say."""
    widest = max((list(row) for row in table), key=len, default=[])
    paddings = [dict(_PADDING.findall(cell.get("style", ""))) for cell in widest]
    gaps = [
        float(left.get("right", _USUAL_PADDING)) + float(right.get("left", _USUAL_PADDING))
        for left, right in pairwise(paddings)
    ]
    table.set("columnspacing", " ".join(f"{gap}em" for gap in gaps) or "0em")
    table.set("rowspacing", "0.5em")
    if len(table) > 1 and not any(map(len, table[-1])):
        table.remove(table[-1])  # behind the last line break
    for cell in table.iter("mtd"):
        if not len(cell):
            SubElement(cell, "mspace")  # the typesetter asks each cell for its height
        if side := _ALIGNED.search(cell.get("style", "")):
            cell.set("columnalign", side[1])


def _said_plainly(element: Element, has: Callable[[str], bool]) -> None:
    """One element in the typesetter's own words."""
    style = element.attrib.pop("style", "")
    if "border" in style or "color" in style:
        raise Undrawable  # it would be left out
    if element.tag == "mtext":
        _flattened(element)
    elif element.tag == "mi" and (len(element.text or "") > 1 or element.text in _CLOSE):
        element.tag = "mtext"  # whose spaces are there already
    element.text = _BESIDES.sub("", element.text or "")
    if element.tag == "mo" and not element.text:
        element.tag = "mspace"
        element.set("width", element.get("lspace", "0"))
    if all(map(has, element.text)):
        return
    if element.tag not in ("mtext", "mi"):
        raise Undrawable
    element.tag = FOREIGN


def _flattened(element: Element) -> None:
    """Text without elements in it, in their style where it is all in one."""
    inner: Iterator[Element] = element.iter()
    tags = [child.tag for child in inner][1:]
    element.text = "".join(element.itertext())
    if len(tags) == 1 and tags[0] in _STYLES:
        element.set("mathvariant", _STYLES[tags[0]])
    for child in list(element):
        element.remove(child)
