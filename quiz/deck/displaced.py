"""Questions under whose id another one stands now: two files traded names, a heading was used anew.

An id that stays is no proof where headings are alike in all files (`What does this print?`). A
history leaves an id that is still there only on certain evidence: the text it belongs to stands
elsewhere, sign for sign, and what stands under its id now is another question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from quiz.deck.likeness import unnumbered
from quiz.deck.slug import slug
from quiz.model.question import Kind
from quiz.model.snapshot import Snapshot

_ANOTHER = 60
"""Likeness of two answers, 0 to 100, below which one is not the other edited."""
_PATTERN = 80
"""Likeness below which two questions, and their answers, have no more than a pattern in common."""
_TELLING = 12
"""Characters of a program that no other question will have by chance."""
_PROGRAMS = (Kind.CODE, Kind.PREDICT)
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
        # Where its text took the place of another one, or is replaced by one, nothing was copied.
        counted_anew = name in found and (name in taken or found[name] in before)
        unnamed = _is_unnamed(before[name])
        return counted_anew or unnamed or _is_another(before[name], after[name])

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


def is_replaced(old: Snapshot, new: Snapshot, *, is_back: bool) -> bool:
    """Whether `new`, which has the id of `old`, is another question as far as the id tells.

    Only where that says little: a heading that is a number, or, where the id `is_back` after it
    was gone, one above a program (`What does this print?`). Otherwise an id that stays is the
    question, whatever becomes of its answer.
    """
    if old.explicit_anchor or new.explicit_anchor:
        return False
    if not _is_unnamed(old):
        return is_back and old.kind in _PROGRAMS and _is_another(old, new)
    return is_back or _is_written_anew(old, new)


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
    if text.kind not in _PROGRAMS or len(text.answer) < _TELLING:
        return ()
    return text.kind, text.answer


def _is_unnamed(text: Snapshot) -> bool:
    """Whether its heading is a number alone, which the next question may have tomorrow."""
    number = text.prompt.removesuffix(unnumbered(text.prompt)).strip()
    return bool(number) and slug(number) == text.question.partition("#")[2].partition("/")[0]


def _same_named(old: Snapshot, new: Snapshot) -> bool:
    """Whether an author has given the id of one to the other within a file: that is their word."""
    return old.concept == new.concept and (old.explicit_anchor or new.explicit_anchor)


def _is_written_anew(old: Snapshot, new: Snapshot) -> bool:
    """Whether question and answer are others; in a deck of one pattern they are alike all the same,
    and a question that is only a number is told by its answer."""
    from rapidfuzz import fuzz

    asked, asks = unnumbered(old.prompt), unnumbered(new.prompt)
    if asked == asks == "":
        return _is_another(old, new)
    return max(fuzz.ratio(asked, asks), fuzz.ratio(old.answer, new.answer)) < _PATTERN


def _is_another(old: Snapshot, new: Snapshot) -> bool:
    from rapidfuzz import fuzz

    return old.kind is not new.kind or fuzz.ratio(old.answer, new.answer) < _ANOTHER
