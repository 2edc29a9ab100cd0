"""Who is who after the cards were edited: histories follow their questions to new ids.

Reads the collection and what is known of earlier questions, and says which log entries (relinks)
and which remembered texts follow. What a match is, `quiz.deck.identity` decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Collection as Some
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from types import MappingProxyType
from typing import TYPE_CHECKING

from quiz.deck.collection import Collection
from quiz.language import _
from quiz.model.log import Owners
from quiz.model.snapshot import Snapshot
from quiz.store.history import History
from quiz.study.copies import copies_among, copies_left, lately_copied, note_copies
from quiz.study.sharing import known_apart, neighbours, note, notice

if TYPE_CHECKING:
    from quiz.deck.identity import Doubt

_ASIDE = " (set aside "
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the edits of the cards mean for the history."""

    moves: tuple[tuple[str, str], ...]
    """Old id and new id of each history that goes on under another one, in the order to be made.

    A history on whose id another is to go on is set aside first, under a name of its own.
    """
    texts: Mapping[str, str]
    """The texts of these histories by their old ids, as digests."""
    remember: tuple[Snapshot, ...]
    """Texts that are new or changed."""
    gone: tuple[str, ...]
    """Ids whose question is not in the cards any more."""
    notices: tuple[str, ...]
    """What the learner should know: doubts, and how to settle them."""
    copies: Mapping[str, str]
    """New questions that read as one that stands elsewhere, each with that one."""


def reconcile_with(
    history: History, collection: Collection, studied: Some[str], today: date
) -> Reconciled:
    """Compare the collection with what the history knows; other cards of its name are left alone.

    Notes that these cards have used the history, and what in them is a copy.
    """
    known = history.known()
    texts = {question: one.snapshot for question, one in known.items()}
    absent = {question for question, one in known.items() if not one.present}
    owners = Owners(history.relinks())
    earlier = owners.earlier
    # All that went along may have been undone; another machine may know of more.
    studied = {*studied, *owners.heirs}
    copied = lately_copied(history, today)
    found = reconcile(collection, texts, absent, studied, earlier=earlier, copied=copied)
    apart = known_apart(collection, history) or [
        one for one in neighbours(collection, history) if one.is_apart(collection, found.moves)
    ]
    note(collection, history, apart)
    if apart:
        elsewhere = set[str]().union(*(one.concepts for one in apart))
        found = reconcile(collection, texts, absent, studied, elsewhere, earlier, copied)
        said = notice(collection.config.name, apart)
        found = replace(found, notices=(said, *found.notices))
    note_copies(history, found.copies, today, collection.broken)
    return found


def reconcile(
    collection: Collection,
    known: Mapping[str, Snapshot],
    absent: Some[str],
    studied: Some[str],
    elsewhere: Some[str] = (),
    earlier: Callable[[str], Some[str]] = lambda question: (),
    copied: Mapping[str, str] = _NONE,
) -> Reconciled:
    """Compare the collection with the `known` texts, of which `absent` were gone already.

    `studied` are the ids that have a history. One that was gone already and has none (it went on
    under another id) is nobody's past any more; one that is back and has none may get it back, as
    when an edit is taken back. A question missing from a file that has errors is not gone: its
    history waits untouched; so does one of a concept that stands `elsewhere`. `earlier` gives the
    ids that a history has had; where the cards are again as they were, it goes back. `copied` are
    the originals of questions that were copies at first.
    """
    from quiz.deck.displaced import displaced  # most starts find the cards unchanged
    from quiz.deck.identity import snapshot

    waiting = {*collection.broken, *elsewhere}
    present = {question.id: snapshot(question) for question in collection.questions.values()}
    gone = [
        text
        for question, text in known.items()
        if question not in present
        and text.concept not in waiting
        and (question in studied or question not in absent)
    ]
    new: list[Snapshot] = []
    kept: list[Snapshot] = []
    for question, text in present.items():
        is_new = question not in known or (question in absent and question not in studied)
        (new if is_new else kept).append(text)
    here = {
        name: text
        for name, text in known.items()
        if name not in absent and (name in present or text.concept not in waiting)
    }
    went, replaced = displaced(here, present), _replaced(known, present, absent)
    moves, doubts, set_aside = _matched(here, present, gone, new, kept, studied, went, replaced)
    left_over = (text for text in gone if text.question in studied and text.question not in moves)
    unused = {c: o for c, o in copied.items() if c not in moves.values()}
    joined = copies_left(left_over, present, unused)
    moves |= joined
    taken = set(moves.values())
    left = [text.question for text in gone if text.question not in moves]
    again = {text.question for text in new if known.get(text.question) == text}
    moves |= _taken_back(left, again - taken - set(studied), earlier)
    said = _("The question of the history {question} is gone: {advice}.")
    notices = [
        said.format(question=doubt.old, advice=doubt.advice)
        for doubt in doubts
        if doubt.old in studied and doubt.old not in moves
    ]
    # What stands under an id that no card here has had, another machine or a log wrote about the
    # question that goes there now: it is joined with, not set aside. So is what a copy was rated.
    theirs = (p for p in moves.values() if p in studied and p in known and p not in moves)
    taken_over = [*(place for place in theirs if place not in joined.values()), *set_aside]
    aside = [replace(known[place], question=_aside(known[place])) for place in taken_over]
    remember = [
        text
        for question, text in present.items()
        if question in absent or known.get(question) != text
    ]
    gone_now = [
        text.question for text in gone if text.question not in absent or text.question in moves
    ]
    ordered = tuple(
        _in_order(moves | _unrated(present, went, replaced, studied), taken_over, known)
    )
    left_from = [known[old] for old, _new in ordered if old in known]
    texts = {text.question: _digest(text) for text in left_from}
    return Reconciled(
        moves=ordered,
        texts={**texts, **{_aside(text): _digest(text) for text in left_from}},
        remember=(*remember, *aside),
        gone=(*gone_now, *(text.question for text in aside)),
        notices=tuple(notices),
        copies=copies_among(
            (one for one in new if one.question not in taken),
            [*(text for text in known.values() if text.concept in collection.broken), *kept],
        ),
    )


def _replaced(
    known: Mapping[str, Snapshot],
    present: Mapping[str, Snapshot],
    absent: Some[str],
) -> dict[str, Snapshot]:
    """The texts, by id, of questions whose id is certainly another's now."""
    from quiz.deck.displaced import is_replaced

    return {
        name: known[name]
        for name in present.keys() & known.keys()
        if known[name] != present[name]
        and is_replaced(known[name], present[name], is_back=name in absent)
    }


def _unrated(
    present: Mapping[str, Snapshot],
    went: Mapping[str, str],
    replaced: Mapping[str, Snapshot],
    studied: Some[str],
) -> dict[str, str]:
    """Where texts without a history have gone from ids that are another's now.

    Other devices, which see the edit later, tell from it what is about the old text there and what
    about the new.
    """
    aside = {name: _aside(text) for name, text in replaced.items() if name not in went}
    return {
        old: new for old, new in {**went, **aside}.items() if old in present and old not in studied
    }


def _matched(
    here: Mapping[str, Snapshot],
    present: Mapping[str, Snapshot],
    gone: Iterable[Snapshot],
    new: Iterable[Snapshot],
    kept: Iterable[Snapshot],
    studied: Some[str],
    went: Mapping[str, str],
    others: Mapping[str, Snapshot],
) -> tuple[dict[str, str], tuple[Doubt, ...], list[str]]:
    """Which questions are which others now, by their texts, and where that is in doubt; and which,
    whose id is another's now, are nowhere, and no other one comes to their place.

    `here` are the texts as they were, of all questions that may have changed their place; `went`
    says where they are sign for sign, and of the `others` the id is certainly another's.
    """
    from quiz.deck.identity import match

    moves = {old: place for old, place in went.items() if old in studied}
    # One without a history takes none over either.
    taken = {place for old, place in went.items() if old not in studied and place not in went}
    replaced = {name: text for name, text in others.items() if name in studied}
    replaced |= {place: here[place] for place in taken & here.keys() & {*studied}}
    free = (moves.keys() & present.keys()) - set(moves.values())
    # Another one came to stand there; what stood there may have been edited and moved at once.
    places = (place for place in moves.values() if place in here)
    ousted = {place: here[place] for place in places if place in present} | dict(replaced)
    if ousted:
        same = here.keys() & present.keys() - studied
        free |= {name for name in same if here[name] != present[name]} | replaced.keys()
        free -= set(moves.values())
    matching = match(
        [text for text in gone if text.question not in moves]
        + [ousted[name] for name in sorted(ousted.keys() - moves.keys())],
        [text for text in new if text.question not in moves.values()]
        + [present[name] for name in free],
        kept=[text for text in kept if text.question not in free],
    )
    known_again = {move.old: move.new for move in matching.moves}
    stays = {
        old
        for old, place in known_again.items()
        # That it is asked in another form now is said of a place, which says nothing here.
        if old == place and ousted[old].kind is present[old].kind
    }
    moves |= {old: place for old, place in known_again.items() if old != place}
    nowhere = replaced.keys() - moves.keys() - set(moves.values()) - stays
    # Of one whose id is taken it is told where its history is kept; no `{#id}` could settle it.
    doubts = tuple(doubt for doubt in matching.doubts if doubt.old not in ousted)
    return moves, doubts, sorted(nowhere)


def _taken_back(
    left: Iterable[str], again: Some[str], earlier: Callable[[str], Some[str]]
) -> dict[str, str]:
    """Where histories go back to whose question is called and reads as it did `again`."""
    back = {old: [one for one in earlier(old) if one in again] for old in left}
    wanted = Counter(place for places in back.values() for place in places)
    return {
        old: places[0]
        for old, places in back.items()
        if len(places) == 1 and wanted[places[0]] == 1
    }


def _in_order(
    moves: Mapping[str, str], taken_over: Iterable[str], known: Mapping[str, Snapshot]
) -> Iterator[tuple[str, str]]:
    """The moves one after the other, so that no history comes onto another one.

    `taken_over` are the ids on which another history is to go on, while theirs goes nowhere.
    """
    waiting = dict(moves)
    for place in taken_over:
        yield place, _aside(known[place])
    while waiting:
        ready = [old for old, new in waiting.items() if new not in waiting]
        for old in ready:
            yield old, waiting.pop(old)
        if not ready:
            first = next(iter(waiting))
            aside = _aside(known[first])
            yield first, aside
            waiting[aside] = waiting.pop(first)


def _aside(text: Snapshot) -> str:
    """What the history of a question is called while another one goes on under its id.

    No question of a card has a name like this: anchors have no blanks. Only this question has it,
    now and later, on this machine and on others.
    """
    return f"{text.question}{_ASIDE}{_digest(text)})"


def _digest(text: Snapshot) -> str:
    """What tells a question's text from others, wherever it stands."""
    said = "\0".join((text.kind, text.prompt, text.answer)).encode("utf-8", "surrogatepass")
    return blake2b(said, digest_size=4).hexdigest()


def is_aside(name: str) -> bool:
    """Whether this is a name of a history that was set aside."""
    return _ASIDE in name
