"""From Anki's notes to drafts: each note a concept, each of its cards a question of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quiz.interchange.anki.collection import AnkiCollection, Card, Note, NoteType
from quiz.interchange.anki.templates import Side, back_only, fill, special_fields, used_fields
from quiz.interchange.draft import Draft, LeftOut, Section
from quiz.interchange.html import to_markdown, to_text
from quiz.language import _

_DEFAULT_DECK = 1
_GAPS = 500
"""The highest number of a gap that the card format takes."""
_OCCLUSION = "image-occlusion:"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which question an Anki card has become."""

    draft: str
    """Key of the draft."""
    section: int
    suffix: str = ""
    """`/reversed`, or `/c1` of a gap."""


@dataclass(frozen=True, slots=True)
class ConvertedNotes:
    """The notes of a collection."""

    drafts: tuple[Draft, ...]
    asked: Mapping[int, Asked]
    """By the id of the Anki card."""
    left_out: tuple[LeftOut, ...]


def convert_notes(collection: AnkiCollection, names: Mapping[str, str]) -> ConvertedNotes:
    """Convert every note. `names` gives the safe name of each media file."""
    drafts: list[Draft] = []
    asked: dict[int, Asked] = {}
    left_out: list[LeftOut] = []
    keys = Counter(note.guid for note in collection.notes)
    for note in collection.notes:
        source = _("note {id}").format(id=note.id)
        key = note.guid if note.guid and keys[note.guid] == 1 else f"{note.guid}#{note.id}"
        kind = collection.types.get(note.type)
        cards = collection.cards.get(note.id, ())
        try:
            if kind is None:
                said = _("its note type {id} is not in the package")
                raise ValueError(said.format(id=note.type))
            if not cards:
                raise ValueError(_("it has no cards"))
            one = _Conversion(note, kind, cards, collection.decks, names, key)
            sections, mine, remarks = one.sections()
        except ValueError as reason:
            left_out.append(LeftOut(source, str(reason)))
            continue
        left_out += [LeftOut(source, remark) for remark in remarks]
        present = tuple(names[name] for name in one.media if name in names)
        drafts.append(
            Draft(
                source=source,
                key=key,
                decks=one.decks,
                sections=tuple(sections),
                tags=note.tags,
                media=tuple(dict.fromkeys(present)),
            )
        )
        asked |= mine
    return ConvertedNotes(tuple(drafts), asked, tuple(left_out))


class _Conversion:
    """One note on its way."""

    def __init__(
        self,
        note: Note,
        kind: NoteType,
        cards: tuple[Card, ...],
        decks: Mapping[int, tuple[str, ...]],
        names: Mapping[str, str],
        key: str,
    ) -> None:
        self.kind = kind
        self.cards = cards
        self.names = names
        self.key = key
        self.media: list[str] = []
        self.remarks: list[str] = []
        deck = cards[0].deck
        name = decks.get(deck, ("Default",))
        self.decks = () if deck == _DEFAULT_DECK or name == ("Default",) else name
        values = [*note.fields, *[""] * len(kind.fields)]
        self.fields = {
            **special_fields(" ".join(note.tags), kind.name, "::".join(name), ""),
            **dict(zip(kind.fields, values, strict=False)),
        }

    def sections(self) -> tuple[list[Section], dict[int, Asked], list[str]]:
        """The sections, which card asks which, and what was lost on the way."""
        if self.kind.cloze:
            sections, asked = self._cloze()
        else:
            sections, asked = self._cards()
        missing = [name for name in dict.fromkeys(self.media) if name not in self.names]
        said = _("the file `{name}` is not in the package")
        self.remarks += [said.format(name=name) for name in missing]
        return sections, asked, self.remarks

    def _markdown(self, html: str, *, cloze: bool = False) -> str:
        found = to_markdown(html, self.names, cloze=cloze)
        self.media += found.media
        if found.embedded:
            self.remarks.append(_("a picture within its text is left out"))
        return found.markdown

    # Gaps

    def _cloze(self) -> tuple[list[Section], dict[int, Asked]]:
        template = self.kind.templates.get(0)
        if template is None:
            said = _("its note type `{name}` has no template")
            raise ValueError(said.format(name=self.kind.name))
        text = fill(template.question, self.fields).html
        if _OCCLUSION in text or any(_OCCLUSION in value for value in self.fields.values()):
            raise ValueError(_("its pictures have covered areas, which have no counterpart here"))
        front = self._markdown(text, cloze=True)
        back = self._markdown(_without_gaps(back_only(template.answer), self.fields))
        asked = {
            card.id: Asked(self.key, 0, f"/c{card.number + 1}")
            for card in self.cards
            if 0 <= card.number < _GAPS
        }
        return [Section(front, back, cloze=True)], asked

    # Fronts and backs

    def _cards(self) -> tuple[list[Section], dict[int, Asked]]:
        sides: list[tuple[Card, Side, Side]] = []
        for card in self.cards:
            template = self.kind.templates.get(card.number)
            if template is None:
                said = _("its card {number} has no template")
                self.remarks.append(said.format(number=card.number + 1))
                continue
            fields = {**self.fields, "Card": template.name}
            front = fill(template.question, fields)
            sides.append((card, front, fill(back_only(template.answer), fields)))
        if len(sides) == 2 and _mirrored(sides[0][1:], sides[1][1:]):
            (first, front, back), (second, *_sides) = sides
            section = self._section(front, back, "", reversed_too=True)
            if section is not None:
                return [section], {
                    first.id: Asked(self.key, 0),
                    second.id: Asked(self.key, 0, "/reversed"),
                }
        sections: list[Section] = []
        asked: dict[int, Asked] = {}
        for card, front, back in sides:
            part = f"-{card.number + 1}" if card.number else ""
            section = self._section(front, back, part)
            if section is None:
                continue
            asked[card.id] = Asked(self.key, len(sections))
            sections.append(section)
        if not sections:
            raise ValueError("; ".join(self.remarks) or _("it asks nothing"))
        return sections, asked

    def _section(
        self, front: Side, back: Side, part: str, *, reversed_too: bool = False
    ) -> Section | None:
        asked = self._markdown(front.html)
        answer = self._markdown(back.html)
        if not asked.strip():
            said = (
                _("its card {number} has nothing on its front")
                if part
                else _("it has nothing on its front")
            )
            self.remarks.append(said.format(number=part[1:]))
            return None
        accepted: tuple[str, ...] = ()
        for name in front.typed:
            if typed := " ".join(to_text(self.fields[name]).split()):
                accepted = (typed,)
                break
        if not accepted and not answer.strip():
            said = (
                _("its card {number} has nothing on its back")
                if part
                else _("it has nothing on its back")
            )
            self.remarks.append(said.format(number=part[1:]))
            return None
        return Section(asked, answer, part, accepted=accepted, reversed=reversed_too)


def _mirrored(one: Iterable[Side], other: Iterable[Side]) -> bool:
    (front, back), (front_too, back_too) = one, other
    typed = front.typed or front_too.typed
    return not typed and (_bare(front), _bare(back)) == (_bare(back_too), _bare(front_too))


def _bare(side: Side) -> str:
    return side.html.strip()


def _without_gaps(template: str, fields: Mapping[str, str]) -> str:
    """An answer's template filled, but for the text with the gaps, which stands above already."""
    gone = {name for name in used_fields(template) if "{{c" in fields.get(name, "")}
    return fill(template, {name: "" if name in gone else v for name, v in fields.items()}).html


__all__ = ["Asked", "ConvertedNotes", "convert_notes"]
