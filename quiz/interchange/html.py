"""The HTML of a card as Markdown: text stays text, and nothing of it becomes markup by accident.

Anki's own notations are understood, and may hold tags and stand across them: mathematics
(`\\(…\\)`, `\\[…\\]`, `[$]…[/$]`, `[latex]`), sounds (`[sound:…]`) and gaps (`{{c1::…::hint}}`).
"""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from quiz.interchange.draft import MEDIA_FOLDER
from quiz.interchange.markdown import COMMENT
from quiz.interchange.neutral import safe_language
from quiz.language import _

if TYPE_CHECKING:
    from markdownify import MarkdownConverter

# Noncharacters of Unicode, which no text may hold, stand for what must survive the conversion.
_BREAK, _MATH, _END = "\ufdd0", "\ufdd1", "\ufdd2"
_OPEN, _HINT, _CLOSE = "\ufdd3", "\ufdd4", "\ufdd5"
_FILE, _NOTHING = "\ufdd6", "\ufdd7"
_FOREIGN = re.compile(r"[\ufdd0-\ufdef\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_DEEPEST = 150
"""Nested tags; more is no card, and would exhaust the converter's recursion."""
_LONGEST = 400_000
"""Characters of one side, pictures within the text left aside."""
_LITERAL = re.compile(r"(<(pre|code|script|style)\b[^>]*>.*?</\2\s*>)", re.IGNORECASE | re.DOTALL)
_MATHS = re.compile(
    r"\\\((?P<inline>.{0,3000}?)\\\)|\\\[(?P<display>.{0,3000}?)\\\]"
    r"|\[\$\](?P<old>.{0,3000}?)\[/\$\]|\[\$\$\](?P<olddisplay>.{0,3000}?)\[/\$\$\]"
    r"|\[latex\](?P<latex>.{0,3000}?)\[/latex\]"
    r"|<anki-mathjax(?P<how>[^<>]{0,100})>(?P<tag>.{0,3000}?)</anki-mathjax>",
    re.IGNORECASE | re.DOTALL,
)
_SOUND = re.compile(r"\[sound:([^\]\n]{1,500})\]")
_CLOZE = re.compile(r"\{\{c([0-9]{1,6})::|\}\}|::")
_TAG = re.compile(r"<[^<>]*>")
_EMBEDDED = re.compile(r"(?<=[\"'=])data:[^\"'\s<>]*")
_LINES = re.compile(r"<br\s*/?>|</?(?:div|p)\b[^>]*>", re.IGNORECASE)
_VOID = ("br", "img", "hr", "input", "wbr", "meta", "link", "col", "area", "base", "source")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text converted."""

    markdown: str
    media: tuple[str, ...] = ()
    """Names it refers to, as in the source, whether or not they are there."""
    embedded: int = 0
    """Pictures that stood in the text itself, which are left out."""


def to_markdown(source: str, names: Mapping[str, str], *, cloze: bool = False) -> Rendered:
    """HTML as Markdown. `names` gives for each media file the safe name to refer to it by.

    With `cloze`, gaps are kept as such; otherwise their braces are text. Raises `ValueError` for
    what is long, or has tags nested, beyond reason.
    """
    text = _FOREIGN.sub("\ufffd", source.replace("\r\n", "\n").replace("\r", "\n"))
    text = _EMBEDDED.sub("data:", text)
    if len(text) > _LONGEST:
        raise ValueError(_("it is longer than {most} characters").format(most=_LONGEST))
    _check_depth(text)
    text = COMMENT.sub(_NOTHING, text)
    media: list[str] = []
    if cloze:
        text = _mark_gaps(text)
    # No declarations either: what is left of `<!` and `<?` is text.
    text = re.sub(r"<(?=[!?])", "&lt;", text.replace(_NOTHING, ""))
    maths: list[str] = []
    pieces = _LITERAL.split(text)
    # `split` gives text, literal, tag name, text, …
    for index in range(0, len(pieces), 3):
        pieces[index] = _take_maths(_take_sounds(pieces[index], media), maths)
    text = "".join(piece for index, piece in enumerate(pieces) if index % 3 != 2)
    if "<" in text or "&" in text:
        soup = _soup(text)
        if _depth(soup) > _DEEPEST:
            raise ValueError(_("its HTML is nested too deeply"))
        fences = not cloze or _OPEN in _LITERAL.sub("", text)
    else:
        soup, fences = _soup(text), True
    converter = _converter_class()(names=names, cloze=cloze, fences=fences)
    markdown = converter.convert_soup(soup)
    media += converter.media
    markdown = _with_breaks(markdown)
    markdown = re.sub(f"{_MATH}([0-9]+){_END}", lambda m: maths[int(m[1])], markdown)
    markdown = re.sub(
        f"{_FILE}([0-9]+){_END}", lambda m: _sound_link(media[int(m[1])], names), markdown
    )
    if cloze:
        markdown = re.sub(f"{_OPEN}([0-9]+){_END}", r"{{c\1::", markdown)
        markdown = markdown.replace(_HINT, "::").replace(_CLOSE, "}}")
    return Rendered(markdown.strip("\n"), tuple(dict.fromkeys(media)), converter.embedded)


def to_text(source: str) -> str:
    """HTML as plain text, a line for each line that is shown."""
    text = _LINES.sub("\n", _SOUND.sub("", source))
    text = html.unescape(_TAG.sub("", text)).replace("\xa0", " ")
    text = _FOREIGN.sub("", text)
    return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)


# Anki's notations


def _mark_gaps(text: str) -> str:
    """Gaps with signs in the place of their braces; those within a gap are opened into it."""
    pieces: list[str] = []
    at = 0
    depth = 0
    hinted = False
    for found in _CLOZE.finditer(text):
        pieces.append(text[at : found.start()])
        at = found.end()
        if found[1]:
            depth += 1
            if depth == 1:
                hinted = False
                pieces.append(f"{_OPEN}{int(found[1])}{_END}")
        elif found[0] == "}}":
            if depth == 1:
                pieces.append(_CLOSE)
            elif not depth:
                pieces.append("}}")
            depth = max(0, depth - 1)
        elif depth == 1 and not hinted:
            hinted = True
            pieces.append(_HINT)
        elif depth < 2:
            pieces.append("::")
    pieces.append(text[at:])
    if depth:  # A gap without an end is text to the end; Anki shows it as it stands.
        return text if _OPEN not in "".join(pieces) else "".join(pieces) + _CLOSE
    return "".join(pieces)


def _take_sounds(text: str, media: list[str]) -> str:
    def taken(found: re.Match[str]) -> str:
        media.append(html.unescape(found[1]))
        return f"{_FILE}{len(media) - 1}{_END}"

    return _SOUND.sub(taken, text)


def _sound_link(name: str, names: Mapping[str, str]) -> str:
    shown = re.sub(r"([\\`*_\[\]<$])", r"\\\1", name)
    return f"[{shown}]({MEDIA_FOLDER}/{names[name]})" if name in names else f"[{shown}]"


def _take_maths(text: str, maths: list[str]) -> str:
    def taken(found: re.Match[str]) -> str:
        groups = found.groupdict()
        inner = next(v for k, v in groups.items() if k != "how" and v is not None)
        inner = html.unescape(_TAG.sub("", re.sub(r"<br\s*/?>", " ", inner)))
        inner = " ".join(inner.split())
        display = groups["display"] is not None or groups["olddisplay"] is not None
        display = display or "block" in (groups["how"] or "")
        if groups["latex"] is not None:
            stripped = re.sub(r"^\$\$?(.*?)\$?\$$", r"\1", inner)
            display = display or inner.startswith("$$")
            inner = stripped
        if not inner:
            return ""
        inner = re.sub(r"(?<!\\)\$", r"\\$", inner)
        maths.append(f"$${inner}$$" if display else f"${inner}$")
        return f"{_MATH}{len(maths) - 1}{_END}"

    return _MATHS.sub(taken, text)


# The conversion


def _soup(text: str) -> Any:  # noqa: ANN401 - of a library that is loaded only when needed
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    with warnings.catch_warnings():
        # A card may well be nothing but an address or a file's name.
        warnings.simplefilter("ignore")
        try:
            return BeautifulSoup(text, "html.parser")
        except ParserRejectedMarkup:
            raise ValueError(_("its HTML cannot be read")) from None


def _check_depth(text: str) -> None:
    """An error for nested tags before a parser's recursion meets them."""
    depth = deepest = 0
    for found in re.finditer(r"<(/?)([A-Za-z][A-Za-z0-9-]*)", text):
        if found[2].lower() in _VOID:
            continue
        depth = max(0, depth - 1) if found[1] else depth + 1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST * 4:
        raise ValueError(_("its HTML is nested too deeply"))


def _depth(soup: Any) -> int:  # noqa: ANN401
    deepest, waiting = 0, [(soup, 0)]
    while waiting:
        element, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in getattr(element, "children", ())]
    return deepest


def _with_breaks(markdown: str) -> str:
    """Line breaks as Markdown has them; two in a row part paragraphs."""
    markdown = re.sub(rf"[ \t]*{_BREAK}", _BREAK, markdown)
    lines = markdown.split("\n")
    bare = [line.replace(_BREAK, "").strip(" >") == "" for line in lines] + [True]
    for number, line in enumerate(lines):
        if _BREAK in line:
            ends = bare[number] or bare[number + 1]
            lines[number] = line.replace(_BREAK, "" if ends else "\\").rstrip()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


_SPECIAL = re.compile(
    r"[\\`*\[\]$]|~(?=~)|(?<=~)~|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<!\w)_|_(?!\w)|(?<=<)!(?=--)"
    r"|(?<=\{)\{(?=\s*[cC]?[0-9]*\s*:)"
)
_BEGINS = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|>|-+(?=\s|$)|\+(?=\s|$)|=+\s*$|(?<!\\)~)")
_NUMBERED = re.compile(r"^(\s*[0-9]{1,9})([.)])(?=\s|$)")


@cache
def _converter_class() -> type[Any]:
    from markdownify import MarkdownConverter

    class Converter(MarkdownConverter):
        """markdownify with the escapes that a card needs, and none that it does not."""

        def __init__(self, *, names: Mapping[str, str], cloze: bool, fences: bool) -> None:
            super().__init__(
                heading_style="atx", bullets="-", wrap=True, wrap_width=None,
                table_infer_header=True, strip_pre=None, sub_symbol="<sub>", sup_symbol="<sup>",
                keep_inline_images_in=["td", "th", "h1", "h2", "h3", "h4", "h5", "h6"],
            )  # fmt: skip
            self.names = names
            self.cloze = cloze
            self.fences = fences
            self.media: list[str] = []
            self.embedded = 0
            self._at_start = True

        def process_text(self, el: Any, parent_tags: Any = None) -> str:  # noqa: ANN401
            self._at_start = _begins_a_line(el)
            if "pre" not in (parent_tags or ()):
                shown = el.replace("\xa0", " ")
                if shown != el:
                    new = type(el)(shown)
                    el.replace_with(new)
                    el = new
            text = str(super().process_text(el, parent_tags))  # type: ignore[misc]
            inside = {"pre", "code"} & set(parent_tags or ())
            return text.lstrip(" ") if self._at_start and not inside else text

        def escape(self, text: str, parent_tags: Any) -> str:  # noqa: ANN401
            escaped = _SPECIAL.sub(r"\\\g<0>", text)
            if self.cloze:
                escaped = re.sub(r"[{}]", r"\\\g<0>", escaped.replace(r"\{", "{"))
            if {"td", "th"} & set(parent_tags):
                escaped = escaped.replace("|", "\\|")
            if self._at_start:
                escaped = _NUMBERED.sub(r"\1\\\2", _BEGINS.sub(r"\1\\\2", escaped))
            return escaped

        def convert_br(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401
            if {"pre", "code"} & set(parent_tags):
                return "\n" if "pre" in parent_tags else " "
            return " " if "_inline" in parent_tags else f"{_BREAK}\n"

        def convert_code(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401
            if "_noformat" in parent_tags or "pre" in parent_tags:
                return text
            code = code_span(text.replace("\n", " "))
            return code.replace("|", "\\|") if {"td", "th"} & set(parent_tags) else code

        convert_kbd = convert_samp = convert_tt = convert_code

        def convert_pre(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401
            text = text.replace("\xa0", " ").expandtabs(4).strip("\n").rstrip()
            if not text.strip():
                return ""
            if "_inline" in parent_tags:
                return str(self.convert_code(el, text, parent_tags - {"pre"}))
            if not self.fences:
                spans = (code_span(line) if line.strip() else "" for line in text.split("\n"))
                return "\n\n" + f"{_BREAK}\n".join(spans) + "\n\n"
            return f"\n\n{fence(text, _language(el))}\n\n"

        def convert_img(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401
            source = unquote(el.get("src") or "").strip()
            alt = _SPECIAL.sub(r"\\\g<0>", " ".join((el.get("alt") or "").split()))
            if source.startswith("data:"):
                self.embedded += 1
                return alt
            if not source:
                return alt
            if re.match(r"https?://", source):
                return f"![{alt}](<{source}>)" if "<" not in source else alt
            self.media.append(source)
            if source not in self.names:
                shown = _SPECIAL.sub(r"\\\g<0>", source)
                return alt or f"\\[{shown}\\]"
            return f"![{alt}]({MEDIA_FOLDER}/{self.names[source]})"

        def convert_a(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401
            target = (el.get("href") or "").strip()
            if not text.strip() or not re.match(r"(?:https?|mailto|ftp):[^\s<>]+$", target):
                return text
            return f"[{text.strip()}](<{target}>)"

        def convert_hr(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401
            return " " if "_inline" in parent_tags else "\n\n---\n\n"

        def convert_u(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401
            return text

    Converter.__name__ = "CardConverter"
    made: type[MarkdownConverter] = Converter
    return made


def _begins_a_line(element: Any) -> bool:  # noqa: ANN401
    """Whether a text is the first on its line, as far as the tags say."""
    while element is not None and element.name != "[document]":
        before = element.previous_sibling
        while before is not None and before.name is None and not str(before).strip():
            before = before.previous_sibling
        if before is not None:
            return before.name in _BLOCKS
        element = element.parent
        if element is not None and element.name in _BLOCKS:
            return True
    return True


_BLOCKS = (
    *("br", "p", "div", "pre", "ul", "ol", "li", "table", "tr", "td", "th", "blockquote", "hr"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "section", "article", "center"),
)


def code_span(text: str) -> str:
    """Inline code, with as many backticks as its text needs."""
    if not text.strip():
        return text
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    marks = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{marks}{pad}{text}{pad}{marks}"


def fence(text: str, language: str = "") -> str:
    """A code fence, with as many backticks as its text needs."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{safe_language(language)}\n{text}\n{marks}"


def _language(element: Any) -> str:  # noqa: ANN401
    for tag in (element, *element.find_all(["code"])):
        for name in tag.get("class") or ():
            if found := re.fullmatch(r"(?:language|lang|brush:?)-?(\w[\w+#-]*)", str(name)):
                return found[1]
    return ""
