"""Knowing a question again after its file was edited, so that its history stays with it.

Pure: snapshots in, moves and doubts out. A history is moved only on good evidence; where there
is some, but not enough, it stays where it is and the doubt is told. The rule is the section
"Identity" of the card format.
"""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from quiz.deck.evidence import Judge, Pair, Section, sections
from quiz.deck.recast import recast
from quiz.language import _
from quiz.model.pieces import collector_paused
from quiz.model.question import Choice, Cloze, Code, Kind, Predict, Question, Recall, Typed
from quiz.model.snapshot import Snapshot

_MARKS = re.compile(r"`+|\*\*")
_READ_BY_SHELLS = re.compile(r"[\s()\[\]{}<>|&;$*?!~`'\"\\]")
_NEAR = 0.03
"""Two candidates whose scores differ by less are about as near."""
_DOUBTFUL = 0.7
"""Score from which a pair that is not moved is worth telling."""
_CANDIDATES = 12
"""How many a question from elsewhere is compared with closely."""


@dataclass(frozen=True, slots=True)
class Move:
    """The history of `old` belongs to `new`."""

    old: str
    new: str
    score: float
    """Likeness, 0 to 1."""
    reason: str

    @property
    def pair(self) -> tuple[str, str]:
        """Both ids."""
        return self.old, self.new


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question that is gone, and what may have become of it."""

    old: str
    candidates: tuple[str, ...]
    """Nearest first."""
    advice: str


@dataclass(frozen=True, slots=True)
class Matching:
    """What became of the questions that are gone."""

    moves: tuple[Move, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def snapshot(question: Question) -> Snapshot:
    """The text of a question as plain text, white space folded."""
    content = question.content
    match content:
        case Recall():
            answer = plain(content.answer)
        case Cloze():
            answer = plain(" | ".join(gap.answer for gap in content.gaps))
        case Choice():
            marked = (f"[{'x' if one.correct else ' '}] {one.text}" for one in content.options)
            answer = plain(" | ".join(marked))
        case Typed():
            answer = plain(" | ".join(content.accepted))
        case Predict():
            answer = _programs(setup=content.setup, predict=content.program)
        case Code():
            answer = _programs(
                setup=content.setup, solution=content.solution, cases=content.cases,
                test=content.test,
            )  # fmt: skip
    prompt = plain(question.prompt)
    return Snapshot(question.id, question.kind, prompt, answer, question.explicit_anchor)


def plain(text: str) -> str:
    """Markdown without code and bold marks, white space folded."""
    return _folded(_MARKS.sub("", text))


def _folded(text: str) -> str:
    """White space folded; what is composed of signs is one (NFC), as a Mac may save it in two."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _programs(**fences: object) -> str:
    texts = (f"{name}: {fence.text}" for name, fence in fences.items() if hasattr(fence, "text"))
    return _folded(" ".join(texts))


def match(
    gone: Iterable[Snapshot], new: Iterable[Snapshot], kept: Iterable[Snapshot] = ()
) -> Matching:
    """Which of the `gone` questions are which of the `new` ones.

    `kept` are the questions that are still where they were: they take part in judging how telling
    an answer is. One-to-one; the gaps of a cloze, and a question and its reverse, go together.
    """
    with collector_paused():
        old, fresh = sections(gone), sections(new)
        if not old or not fresh:
            return Matching()
        return _Matcher(old, fresh, sections(kept)).run()


@dataclass
class _Matcher:
    old: list[Section]
    new: list[Section]
    kept: list[Section]
    moved: dict[str, Pair] = field(default_factory=dict)
    """By the old section's id and kind."""
    votes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many unchanged questions went from one concept to another."""

    def run(self) -> Matching:
        doubts: list[Doubt] = []
        left = self._identical(doubts)
        taken = {id(pair.new) for pair in self.moved.values()}
        fresh = [section for section in self.new if id(section) not in taken]
        if left and fresh:
            self._similar(left, fresh, doubts)
        moves = [move for pair in self.moved.values() for move in _member_moves(pair)]
        moves += self._recast(doubts)
        moves.sort(key=lambda move: move.old)
        return Matching(tuple(moves), tuple(sorted(doubts, key=lambda doubt: doubt.old)))

    def _identical(self, doubts: list[Doubt]) -> list[Section]:
        """Moves those whose text is unchanged; gives the rest."""
        before, after = _by_content(self.old), _by_content(self.new)
        several = []
        left = []
        for content, olds in before.items():
            news = after.get(content, [])
            if len(olds) == len(news) == 1:
                self._move(Pair(olds[0], news[0], 1.0, 1.0, "the same text"))
                self.votes[olds[0].concept, news[0].concept] += 1
            elif news:
                several.append((olds, news))
            else:
                left += olds
        for olds, news in several:
            # Copies of one text: only the place they stand at can tell them apart.
            pairs = [
                Pair(one, other, 1.0, 1 + self._closeness(one, other), "the same text")
                for one in olds for other in news
            ]  # fmt: skip
            self._decide(pairs, doubts)
        return self._gap_by_gap(left)

    def _gap_by_gap(self, left: list[Section]) -> list[Section]:
        """Moves clozes of which a question is unchanged while gaps came or went; gives the rest."""
        taken = {id(pair.new) for pair in self.moved.values()}
        before = _by_gap(left)
        after = _by_gap(section for section in self.new if id(section) not in taken)
        for text, olds in before.items():
            news = [one for one in after.get(text, ()) if id(one) not in taken]
            if len(olds) == len(news) == 1 and _key(olds[0]) not in self.moved:
                taken.add(id(news[0]))
                self._move(Pair(olds[0], news[0], 1.0, 1.0, "the same text"))
        return [one for one in left if _key(one) not in self.moved]

    def _similar(
        self, left: Sequence[Section], fresh: Sequence[Section], doubts: list[Doubt]
    ) -> None:
        """Moves those that are certainly the same, and says which may be."""
        judge = Judge([*self.old, *self.new], self.kept, self.votes)
        index = _Index(fresh)
        pairs = []
        for one in left:
            for other in index.near(one):
                pair = judge.judge(one, other, self._closeness(one, other))
                if pair.reason or pair.score >= _DOUBTFUL:
                    pairs.append(pair)
        self._decide(pairs, doubts)

    def _recast(self, doubts: list[Doubt]) -> Iterator[Move]:
        """Moves those that are asked in another form; which of several gaps is it, is a doubt."""
        taken = {id(pair.new) for pair in self.moved.values()}
        left = [one for one in self.old if _key(one) not in self.moved]
        for old, new in recast(left, [one for one in self.new if id(one) not in taken]):
            here = [one.question for name, one in old.members if name != "reversed"]
            there = [one.question for name, one in new.members if name != "reversed"]
            doubts[:] = [doubt for doubt in doubts if doubt.old not in here]
            if len(here) == len(there) == 1:
                yield Move(here[0], there[0], 1.0, "the same question in another form")
                continue
            advice = _(
                "it is asked in another form now; give its history to one question by "
                "`quiz relink {old} {new}`"
            )
            doubts += (
                Doubt(one, tuple(there), advice.format(old=in_shell(one), new=in_shell(there[0])))
                for one in here
            )

    def _decide(self, pairs: Sequence[Pair], doubts: list[Doubt]) -> None:
        """One-to-one, the nearest first; two about as near are both left alone."""
        by_old: dict[int, list[Pair]] = defaultdict(list)
        by_new: dict[int, list[Pair]] = defaultdict(list)
        for pair in sorted(pairs, key=lambda pair: -pair.rank):
            by_old[id(pair.old)].append(pair)
            by_new[id(pair.new)].append(pair)
        taken: set[int] = set()
        for pair in sorted(pairs, key=lambda pair: -pair.rank):
            if not pair.reason or id(pair.old) in taken or id(pair.new) in taken:
                continue
            rivals = [
                other
                for other in (*by_old[id(pair.old)], *by_new[id(pair.new)])
                if other is not pair
                and other.reason
                and id(other.old) not in taken
                and id(other.new) not in taken
            ]
            if any(pair.alone or pair.rank - rival.rank < _NEAR for rival in rivals):
                continue
            self._move(pair)
            taken |= {id(pair.old), id(pair.new)}
        for found in by_old.values():
            open_ = [pair for pair in found if id(pair.new) not in taken]
            if id(found[0].old) not in taken and open_:
                doubts += _member_doubts(open_)

    def _closeness(self, one: Section, other: Section) -> float:
        """0 to 0.1: how near the places of two sections are."""
        if one.concept == other.concept:
            return 0.1
        votes = self.votes[one.concept, other.concept]
        if votes:
            return 0.08 + min(votes, 10) / 1000
        same_name = one.anchor == other.anchor
        return 0.04 * (one.deck == other.deck) + 0.04 * same_name

    def _move(self, pair: Pair) -> None:
        self.moved[_key(pair.old)] = pair


def _key(section: Section) -> str:
    return f"{section.id} {section.kind}"


def _by_content(sections: Iterable[Section]) -> dict[tuple[object, ...], list[Section]]:
    found: dict[tuple[object, ...], list[Section]] = defaultdict(list)
    for section in sections:
        found[section.content].append(section)
    return found


def _by_gap(sections: Iterable[Section]) -> dict[tuple[str, str], list[Section]]:
    found: dict[tuple[str, str], list[Section]] = defaultdict(list)
    for section in sections:
        for _name, one in section.members if section.kind is Kind.CLOZE else ():
            found[one.prompt, one.answer].append(section)
    return found


class _Index:
    """Finds, for a section, those that may be it: by place, by equal text, by rare words."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._sections = sections
        self._by_key: dict[object, list[int]] = defaultdict(list)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for number, section in enumerate(sections):
            for key in _keys(section):
                self._by_key[key].append(number)
            for word in section.words:
                self._by_word[word].append(number)

    def near(self, section: Section) -> Iterator[Section]:
        """Candidates of the same kind."""
        found: set[int] = set()
        for key in _keys(section):
            found.update(self._by_key.get(key, ())[:200])
        shared: Counter[int] = Counter()
        known = [word for word in section.words if word in self._by_word]
        for word in sorted(known, key=lambda word: len(self._by_word[word]))[:8]:
            shared.update(self._by_word[word][:500])
        found.update(number for number, _ in shared.most_common(_CANDIDATES))
        for number in sorted(found):
            if self._sections[number].kind is section.kind:
                yield self._sections[number]


def _keys(section: Section) -> tuple[object, ...]:
    return (
        ("concept", section.concept),
        ("answer", section.answer),
        ("prompt", section.prompt),
        ("anchor", section.anchor),
    )


def _member_moves(pair: Pair) -> Iterator[Move]:
    """The moves of a section's questions: equal answers first, then the same number."""
    from rapidfuzz import fuzz

    old, new = dict(pair.old.members), dict(pair.new.members)

    def equal(name: str, other: str) -> bool:
        reversed_ = (name == "reversed") is (other == "reversed")
        return reversed_ and old[name].answer == new[other].answer

    def take(name: str, other: str) -> Move:
        return Move(old.pop(name).question, new.pop(other).question, pair.score, pair.reason)

    for name in [name for name in old if name in new and equal(name, name)]:
        yield take(name, name)
    for name in list(old):
        same = [other for other in new if equal(name, other)]
        if len(same) == 1 and sum(equal(one, same[0]) for one in old) == 1:
            yield take(name, same[0])
    for name in [name for name in old if name in new]:
        if name in ("", "reversed") or fuzz.ratio(old[name].answer, new[name].answer) >= 60:
            yield take(name, name)


def _member_doubts(pairs: Sequence[Pair]) -> Iterator[Doubt]:
    """What to say of a section that may have become one of several."""
    best = pairs[0]
    near = [pair for pair in pairs if best.rank - pair.rank < _NEAR]
    candidates = [pair.new for pair in pairs[:5]]
    for name, one in best.old.members:
        ids = tuple(
            (dict(section.members).get(name) or section.members[0][1]).question
            for section in candidates
        )
        if len(near) > 1:
            listed = ", ".join(ids[: min(len(near), 3)])
            advice = _(
                "{n} questions are about as near ({listed}); if one of them is it, {do}"
            ).format(n=len(near), listed=listed, do=settling(one.question, ids[0]))
        else:
            advice = _("{question} is like it, but not certainly the same; if it is, {do}").format(
                question=ids[0], do=settling(one.question, ids[0])
            )
        yield Doubt(one.question, ids, advice)


def settling(old: str, new: str) -> str:
    """What to do so that the question `new` has the history of `old`."""
    if old.partition("#")[0] != new.partition("#")[0]:
        return _("`quiz relink {old} {new}`").format(old=in_shell(old), new=in_shell(new))
    anchor = old.partition("#")[2].partition("/")[0]
    return _("write `{{#{anchor}}}` behind its heading").format(anchor=anchor)


def in_shell(question: str) -> str:
    """An id as it is to be typed in a shell: in quotes where it holds what a shell would read."""
    return shlex.quote(question) if _READ_BY_SHELLS.search(question) else question
