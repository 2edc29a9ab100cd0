"""Questions asked in another form: what one had to recall has become a gap to fill, or a choice.

The form shows in the id (`#why` has become `#why/c1`), so that a heading that stays is the same
question under another id. Where the heading took in the gap, the text as a whole tells it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from quiz.deck.evidence import Section
from quiz.model.question import Kind


def recast(old: Iterable[Section], new: Iterable[Section]) -> Iterator[tuple[Section, Section]]:
    """Sections of different kinds that are one question, each at most once."""
    by_key: dict[str, list[Section]] = defaultdict(list)
    for section in new:
        for key in _keys(section):
            by_key[key].append(section)
    taken: set[int] = set()
    for one in old:
        for key in _keys(one):
            found = [
                other for other in by_key[key]
                if other.kind is not one.kind and id(other) not in taken
            ]  # fmt: skip
            if len(found) == 1:
                taken.add(id(found[0]))
                yield one, found[0]
                break


def _keys(section: Section) -> Iterator[str]:
    """What only forms of one question have in common: their place, or all they say."""
    yield section.id
    if section.kind is Kind.CLOZE and "[…]" not in section.prompt:
        yield f"{section.concept}\n{section.prompt}"
    elif section.kind is Kind.RECALL:
        yield f"{section.concept}\n{section.prompt} {section.answer}"
