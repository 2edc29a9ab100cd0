"""Cards as a table: CSV or TSV with a front, a back and perhaps tags and a deck on each row.

A first row that names its columns is followed; without one they are front, back, tags. The heads
of Anki's own text exports (`#separator:tab`, `#html:true`, `#tags column:3`) are understood, and of
its note types those that it comes with. Cells are Markdown, or HTML where the file says so.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quiz.interchange.draft import Converted, Draft, LeftOut, Section
from quiz.interchange.html import to_markdown, to_text
from quiz.language import _

_NAMES = {
    "front": ("front", "question", "prompt", "term", "q", "text", "앞면", "질문"),
    "back": ("back", "answer", "definition", "a", "meaning", "뒷면", "답"),
    "tags": ("tags", "tag"),
    "deck": ("deck", "deck name"),
    "guid": ("guid",),
    "notetype": ("notetype", "note type"),
}
_SAID = ("tags", "deck", "guid", "notetype")
"""What a head says the column of."""
_LOG = {"card", "rating", "time", "card_id", "review_rating", "review_time"}
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "colon": ":"}
_HEAD = re.compile(r"#(separator|html|tags column|deck column|columns|[a-z ]+):(.*)$")
_GAP = re.compile(r"\{\{c[0-9]+::")
_TYPED, _BOTH_WAYS, _OPTIONAL = map(
    re.compile, (r"type\s+in\b", r"and\s+reversed", r"optional\s+reversed")
)
"""What the names of Anki's own note types say."""
_LONGEST_FIELD = 2**31 - 1


@dataclass(frozen=True, slots=True)
class _Layout:
    columns: Mapping[str, int]
    html: bool


def is_log(header: str) -> bool:
    """Whether the first line of a CSV is that of a review log, perhaps of a faulty one."""
    header = header.removeprefix("\ufeff")
    names = [name.strip().strip('"') for name in header.split(separator(header))]
    return not header.strip() or len(_LOG & set(names)) >= 2 or names[0] in ("card", "card_id")


def separator(line: str) -> str:
    """What parts the columns of a table, by its first line."""
    if "," in line:
        return ","
    return next((sign for sign in "\t;" if sign in line), ",")


def read_table(text: str, name: str, *, tabs: bool = False) -> Converted:
    """The rows of a table; `name` is the file's. With `tabs`, they part the columns."""
    text = text.removeprefix("\ufeff").replace("\0", "\ufffd")
    heads, body, skipped = _heads(text)
    delimiter = _delimiter(heads, body, tabs=tabs)
    layout: _Layout | None = None
    html = heads.get("html", "").strip().lower() == "true"
    drafts: list[Draft] = []
    left_out: list[LeftOut] = []
    keys: Counter[str] = Counter()
    for line, row in _rows(body, delimiter):
        place = f"{name}:{line + skipped}"
        if isinstance(row, str):
            left_out.append(LeftOut(place, row))
            continue
        if layout is None:
            layout, header = _layout(row, heads, html=html)
            if header:
                continue
        card = _Row(row, layout)
        try:
            draft = card.draft(place)
        except ValueError as reason:
            left_out.append(LeftOut(place, str(reason)))
            continue
        keys[draft.key] += 1
        if keys[draft.key] > 1:
            left_out.append(LeftOut(place, _("the same card as on a row above")))
            continue
        drafts.append(draft)
        left_out += [LeftOut(place, remark) for remark in card.remarks]
    return Converted("table", tuple(drafts), tuple(left_out))


def _heads(text: str) -> tuple[dict[str, str], str, int]:
    heads: dict[str, str] = {}
    lines = text.split("\n")
    at = 0
    while at < len(lines) and (found := _HEAD.match(lines[at].rstrip("\r"))):
        heads[found[1]] = found[2]
        at += 1
    return heads, "\n".join(lines[at:]), at


def _delimiter(heads: Mapping[str, str], body: str, *, tabs: bool) -> str:
    if "separator" in heads:
        given = heads["separator"].strip() or "\t"
        return _SEPARATORS.get(given.lower(), given[0])
    first = body.partition("\n")[0]
    return "\t" if tabs else separator(first)


def _rows(body: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield line, _("not CSV: {why}").format(why=error)
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield line, row


def _layout(row: list[str], heads: Mapping[str, str], *, html: bool) -> tuple[_Layout, bool]:
    """Which column holds what, and whether the row said so itself."""
    given = [cell.strip().lower() for cell in row]
    columns = {
        field: given.index(name)
        for field, names in _NAMES.items()
        for name in names
        if name in given
    }
    for field in _SAID:
        number = heads.get(f"{field} column", "").strip()
        if number.isdigit() and int(number):
            columns[field] = int(number) - 1
    if "front" in columns and "back" in columns:
        return _Layout(columns, html), True
    named = {field: at for field, at in columns.items() if f"{field} column" in heads}
    free = [at for at in range(max(len(row), 3)) if at not in named.values()]
    plain = {"front": free[0], "back": free[1]} if len(free) > 1 else {"front": 0, "back": 1}
    if len(free) > 2 and "notetype" in named:
        plain["third"] = free[2]
    elif len(free) > 2 and "tags" not in named:
        plain["tags"] = free[2]
    return _Layout({**plain, **named}, html), False


class _Row:
    """One row on its way to a card; `remarks` say what of it is not in there."""

    def __init__(self, cells: Sequence[str], layout: _Layout) -> None:
        self._cells = cells
        self._columns = layout.columns
        self._html = layout.html
        self._kind = self.cell("notetype").lower()
        self.remarks: list[str] = []

    def cell(self, name: str) -> str:
        at = self._columns.get(name)
        return self._cells[at].strip() if at is not None and at < len(self._cells) else ""

    def draft(self, place: str) -> Draft:
        """Raises `ValueError` with the reason where the row makes no card."""
        front, back = self.cell("front"), self.cell("back")
        if not front:
            raise ValueError(_("nothing on its front"))
        if not back and not _GAP.search(front):
            raise ValueError(_("nothing on its back"))
        key = self.cell("guid") or f"table\n{front}\n{back}"
        tags = (word for word in re.split(r"[\s,]+", self.cell("tags")) if word)
        decks = tuple(part.strip() for part in self.cell("deck").split("::") if part.strip())
        section = self._section(front, back)
        self._say_what_is_lost()
        return Draft(place, key, decks, (section,), tags=tuple(dict.fromkeys(tags)))

    def _section(self, front: str, back: str) -> Section:
        cloze = _GAP.search(front) is not None
        asked, answer = self._markdown(front, cloze=cloze), self._markdown(back)
        if cloze:
            return Section(asked, answer, cloze=True)
        if _TYPED.search(self._kind):
            typed = to_text(back) if self._html else back
            return Section(asked, accepted=(" ".join(typed.split()),))
        reversed_too = _BOTH_WAYS.search(self._kind) is not None or self._is_switched_on()
        return Section(asked, answer, reversed=reversed_too)

    def _is_switched_on(self) -> bool:
        """Whether a third field says that the card is to be asked from its back too."""
        return _OPTIONAL.search(self._kind) is not None and bool(self.cell("third"))

    def _markdown(self, text: str, *, cloze: bool = False) -> str:
        if not self._html:
            return text
        found = to_markdown(text, {}, cloze=cloze)
        missing = _("the file `{name}` does not come with a table")
        self.remarks += [missing.format(name=name) for name in dict.fromkeys(found.media)]
        return found.markdown

    def _say_what_is_lost(self) -> None:
        read = {at for name, at in self._columns.items() if name != "third"}
        if self._is_switched_on():
            read.add(self._columns["third"])
        lost = (cell.strip() for at, cell in enumerate(self._cells) if at not in read)
        for text in filter(None, lost):
            said = _("a column that has no place in a card is left out: {text}")
            self.remarks.append(said.format(text=" ".join(text.split())[:60]))
