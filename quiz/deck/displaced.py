"""Questions under whose id another one stands now: two files traded names, a heading was used anew.

An id that stays is no proof where headings are alike in all files (`What does this print?`). A
history leaves an id that is still there only on certain evidence: the text it belongs to stands
elsewhere, sign for sign, and what stands under its id now is another question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from quiz.deck.likeness import unnumbered
from quiz.model.question import Kind
from quiz.model.snapshot import Snapshot

_ANOTHER = 60
"""Likeness of two answers, 0 to 100, below which one is not the other edited."""
_TELLING = 12
"""Characters of a program that no other question will have by chance."""

_REVERSED = "/reversed"

Content = tuple[object, ...]


def displaced(before: Mapping[str, Snapshot], after: Mapping[str, Snapshot]) -> dict[str, str]:
    """Where the text of a question stands whose id is another question's now.

    `before` and `after` are the texts of all questions by id, as they were and as they are. Gives
    new ids by old ones; each new id is one that was not there before, or has another text now.
    """
    both = before.keys() & after.keys()
    changed = [name for name in both if _whole(before[name]) != _whole(after[name])]
    if not changed:
        return {}
    gone = before.keys() - after.keys()
    fresh = [*changed, *(after.keys() - before.keys())]
    whole, programs = _by(fresh, after, _whole), _by(fresh, after, _program)
    earlier, ran = _by(before, before, _whole), _by(before, before, _program)
    found: dict[str, str] = {}
    for name in (*changed, *gone):
        old = before[name]
        places = whole[_whole(old)] if len(earlier[_whole(old)]) == 1 else []
        if not places and (program := _program(old)) and len(ran[program]) == 1:
            places = programs[program]
        if len(places) == 1 and places[0] != name and not _same_named(old, after[places[0]]):
            found[name] = places[0]

    def another(name: str) -> bool:
        """Whether what stands under an id is certainly not what stood there."""
        if name not in before:
            return False
        return _is_another(before[name], after[name]) or (name in found and name in taken)

    taken = set(found.values())
    moved = {
        name: place for name, place in found.items() if another(name if name in after else place)
    }
    # A question's reverse has the heading as its answer, which many have; it goes along.
    for name, place in list(moved.items()):
        back, there = f"{name}{_REVERSED}", f"{place}{_REVERSED}"
        if back in before and there in after and before[back].prompt == after[there].prompt:
            moved[back] = there
    return moved


def _by(
    names: Iterable[str],
    texts: Mapping[str, Snapshot],
    content: Callable[[Snapshot], Content],
) -> dict[Content, list[str]]:
    found: dict[Content, list[str]] = defaultdict(list)
    for name in names:
        if key := content(texts[name]):
            found[key].append(name)
    return found


def _whole(text: Snapshot) -> Content:
    return text.kind, unnumbered(text.prompt), text.answer


def _program(text: Snapshot) -> Content:
    """What is run; empty where that does not tell a question from others."""
    if text.kind not in (Kind.CODE, Kind.PREDICT) or len(text.answer) < _TELLING:
        return ()
    return text.kind, text.answer


def _same_named(old: Snapshot, new: Snapshot) -> bool:
    """Whether an author has given the id of one to the other within a file: that is their word."""
    return old.concept == new.concept and (old.explicit_anchor or new.explicit_anchor)


def _is_another(old: Snapshot, new: Snapshot) -> bool:
    from rapidfuzz import fuzz

    return old.kind is not new.kind or fuzz.ratio(old.answer, new.answer) < _ANOTHER
