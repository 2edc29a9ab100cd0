"""Knowing a question again after its file was edited, so that its history stays with it.

Pure: snapshots in, moves and doubts out. A history is moved only on good evidence; where there
is some, but not enough, it stays where it is and the doubt is told. The rule is the section
"Identity" of the card format.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from quiz.deck.likeness import Difference, difference, translated, words_of
from quiz.model.question import Choice, Cloze, Code, Kind, Predict, Question, Recall, Typed
from quiz.model.snapshot import Snapshot

_MARKS = re.compile(r"`+|\*\*")
_NEAR = 0.03
"""Two candidates whose scores differ by less are about as near."""
_DOUBTFUL = 0.7
"""Score from which a pair that is not moved is worth telling."""
_UNLIKE = 0.5
"""Score below which no evidence makes two questions with different answers one."""
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
    return " ".join(_MARKS.sub("", text).split())


def _programs(**fences: object) -> str:
    texts = (f"{name}: {fence.text}" for name, fence in fences.items() if hasattr(fence, "text"))
    return " ".join(" ".join(texts).split())


def match(
    gone: Iterable[Snapshot], new: Iterable[Snapshot], kept: Iterable[Snapshot] = ()
) -> Matching:
    """Which of the `gone` questions are which of the `new` ones.

    `kept` are the questions that are still where they were: they take part in judging how telling
    an answer is. One-to-one; the gaps of a cloze, and a question and its reverse, go together.
    """
    old, fresh = _sections(gone), _sections(new)
    if not old or not fresh:
        return Matching()
    return _Matcher(old, fresh, _sections(kept)).run()


@dataclass(frozen=True)
class _Section:
    """The questions of one heading: a cloze's gaps, or a question and its reverse."""

    id: str
    kind: Kind
    members: tuple[tuple[str, Snapshot], ...]
    """By suffix (`c1`, `reversed`, or nothing)."""

    @cached_property
    def content(self) -> tuple[object, ...]:
        """Equal for sections that ask the same."""
        return (self.kind, *((name, one.prompt, one.answer) for name, one in self.members))

    @cached_property
    def prompt(self) -> str:
        """What is asked; of a cloze, the text with its gap filled where that is plain."""
        first = self.members[0][1]
        if self.kind is Kind.CLOZE and first.prompt.count("[…]") == 1:
            return first.prompt.replace("[…]", first.answer)
        return first.prompt

    @cached_property
    def answer(self) -> str:
        if self.kind is not Kind.CLOZE:
            return self.members[0][1].answer
        return " | ".join(sorted(one.answer for _, one in self.members))

    @cached_property
    def words(self) -> set[str]:
        return words_of(self.prompt) | words_of(self.answer)

    @property
    def concept(self) -> str:
        return self.id.partition("#")[0]

    @property
    def deck(self) -> str:
        return self.concept.rpartition("/")[0]

    @property
    def anchor(self) -> str:
        return self.id.partition("#")[2]

    @property
    def explicit(self) -> bool:
        return self.members[0][1].explicit_anchor


def _sections(snapshots: Iterable[Snapshot]) -> list[_Section]:
    members: dict[tuple[str, Kind], list[tuple[str, Snapshot]]] = defaultdict(list)
    for one in snapshots:
        concept, _, rest = one.question.partition("#")
        anchor, _, suffix = rest.partition("/")
        members[f"{concept}#{anchor}", one.kind].append((suffix, one))
    return [
        _Section(key, kind, tuple(sorted(found, key=lambda member: member[0])))
        for (key, kind), found in members.items()
    ]


@dataclass(frozen=True, slots=True)
class _Pair:
    old: _Section
    new: _Section
    score: float
    rank: float
    """The score, raised for pairs that stand near one another."""
    reason: str
    """Why it is the same question; empty when that is not certain enough."""


@dataclass
class _Matcher:
    old: list[_Section]
    new: list[_Section]
    kept: list[_Section]
    moved: dict[str, _Pair] = field(default_factory=dict)
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
        moves.sort(key=lambda move: move.old)
        return Matching(tuple(moves), tuple(sorted(doubts, key=lambda doubt: doubt.old)))

    def _identical(self, doubts: list[Doubt]) -> list[_Section]:
        """Moves those whose text is unchanged; gives the rest."""
        before, after = _by_content(self.old), _by_content(self.new)
        several = []
        left = []
        for content, olds in before.items():
            news = after.get(content, [])
            if len(olds) == len(news) == 1:
                self._move(_Pair(olds[0], news[0], 1.0, 1.0, "the same text"))
                self.votes[olds[0].concept, news[0].concept] += 1
            elif news:
                several.append((olds, news))
            else:
                left += olds
        for olds, news in several:
            # Copies of one text: only the place they stand at can tell them apart.
            pairs = [
                _Pair(one, other, 1.0, 1 + self._closeness(one, other), "the same text")
                for one in olds for other in news
            ]  # fmt: skip
            self._decide(pairs, doubts)
        return left

    def _similar(
        self, left: Sequence[_Section], fresh: Sequence[_Section], doubts: list[Doubt]
    ) -> None:
        """Moves those that are certainly the same, and says which may be."""
        everything = [*self.old, *self.new, *self.kept]
        judge = _Judge(everything, {section.content for section in self.kept}, self.votes)
        index = _Index(fresh)
        pairs = []
        for one in left:
            for other in index.near(one):
                pair = judge.judge(one, other, self._closeness(one, other))
                if pair.reason or pair.score >= _DOUBTFUL:
                    pairs.append(pair)
        self._decide(pairs, doubts)

    def _decide(self, pairs: Sequence[_Pair], doubts: list[Doubt]) -> None:
        """One-to-one, the nearest first; two about as near are both left alone."""
        by_old: dict[int, list[_Pair]] = defaultdict(list)
        by_new: dict[int, list[_Pair]] = defaultdict(list)
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
            if any(pair.rank - rival.rank < _NEAR for rival in rivals):
                continue
            self._move(pair)
            taken |= {id(pair.old), id(pair.new)}
        for found in by_old.values():
            open_ = [pair for pair in found if id(pair.new) not in taken]
            if id(found[0].old) not in taken and open_:
                doubts += _member_doubts(open_)

    def _closeness(self, one: _Section, other: _Section) -> float:
        """0 to 0.1: how near the places of two sections are."""
        if one.concept == other.concept:
            return 0.1
        votes = self.votes[one.concept, other.concept]
        if votes:
            return 0.08 + min(votes, 10) / 1000
        same_name = one.anchor == other.anchor
        return 0.04 * (one.deck == other.deck) + 0.04 * same_name

    def _move(self, pair: _Pair) -> None:
        self.moved[f"{pair.old.id} {pair.old.kind}"] = pair


def _by_content(sections: Iterable[_Section]) -> dict[tuple[object, ...], list[_Section]]:
    found: dict[tuple[object, ...], list[_Section]] = defaultdict(list)
    for section in sections:
        found[section.content].append(section)
    return found


class _Index:
    """Finds, for a section, those that may be it: by place, by equal text, by rare words."""

    def __init__(self, sections: Sequence[_Section]) -> None:
        self._sections = sections
        self._by_key: dict[object, list[int]] = defaultdict(list)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for number, section in enumerate(sections):
            for key in _keys(section):
                self._by_key[key].append(number)
            for word in section.words:
                self._by_word[word].append(number)

    def near(self, section: _Section) -> Iterator[_Section]:
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


def _keys(section: _Section) -> tuple[object, ...]:
    return (
        ("concept", section.concept),
        ("answer", section.answer),
        ("prompt", section.prompt),
        ("anchor", section.anchor),
    )


class _Judge:
    """Says of two sections how alike they are, and whether they are certainly the same."""

    def __init__(
        self,
        everything: Sequence[_Section],
        kept: set[tuple[object, ...]],
        votes: Mapping[tuple[str, str], int],
    ) -> None:
        self._kept = kept
        self._votes = votes
        self._answers = Counter(section.answer for section in everything)
        self._prompts = Counter(section.prompt for section in everything)
        self._words = Counter(word for section in everything for word in section.words)

    def judge(self, old: _Section, new: _Section, closeness: float) -> _Pair:
        from rapidfuzz import fuzz

        asked = max(
            fuzz.ratio(old.prompt, new.prompt), 0.95 * fuzz.token_sort_ratio(old.prompt, new.prompt)
        )
        answered = fuzz.ratio(old.answer, new.answer)
        score = (asked + answered) / 200
        # Unlike in both, they are different questions; comparing their words would only take time.
        unlike = score < _UNLIKE and old.answer != new.answer
        reason = "" if unlike else self._reason(old, new, asked / 100, answered / 100)
        return _Pair(old, new, score, score + closeness, reason)

    def _reason(self, old: _Section, new: _Section, asked: float, answered: float) -> str:
        """Why the two are the same question; empty when they may not be."""

        def known(word: str) -> bool:
            low = word.lower()
            return self._words[low] > (low in old.words) + (low in new.words)

        program = old.kind in (Kind.CODE, Kind.PREDICT)
        prompt = difference(old.prompt, new.prompt, known)
        answer = difference(old.answer, new.answer, known, program=program)
        if old.explicit and new.explicit and old.anchor == new.anchor:
            return "the same `{#id}`" if (asked + answered) / 2 >= 0.5 else ""
        if new.content in self._kept:
            return ""
        same_program = program and old.answer == new.answer
        if same_program and asked >= 0.6 and self._only(self._answers, old.answer):
            # No other question has this program, whatever the heading calls it.
            return "the same program"
        if prompt.substance:
            return ""
        if old.answer == new.answer:
            return self._same_answer(old, new, prompt, asked)
        if answer.substance:
            moved = self._votes.get((old.concept, new.concept), 0) > 0
            unchanged = moved and old.prompt == new.prompt and old.anchor == new.anchor
            return "the same question in a file that moved" if unchanged and answered > 0.5 else ""
        if prompt.unsure or answer.unsure:
            return ""
        if prompt.slight and answer.slight:
            return "the same but for spelling"
        if old.prompt == new.prompt and self._only(self._prompts, old.prompt):
            return "the same question, its answer edited" if answered >= 0.6 else ""
        if not (prompt.words or answer.words) and asked + answered >= 1.6:
            return "the same but for words added or left out"
        return ""

    def _same_answer(self, old: _Section, new: _Section, prompt: Difference, asked: float) -> str:
        near = old.concept == new.concept or (old.concept, new.concept) in self._votes
        telling = self._only(self._answers, old.answer)
        if prompt.slight and (telling or not prompt.unsure):
            return "the same answer, the question but for spelling"
        if telling and (near or asked >= 0.5):
            return "the same answer, the question in other words"
        if old.concept == new.concept and translated(old.prompt, new.prompt):
            return "the same answer, the question in another language"
        if not (prompt.words or prompt.unsure) and asked >= 0.6:
            return "the same answer, words added to the question or left out"
        return ""

    @staticmethod
    def _only(counts: Counter[str], text: str) -> bool:
        """Whether a text tells one question from all others: no other has it, and it says much."""
        return counts[text] <= 2 and (len(text) >= 12 or bool(re.search(r"\w[_.]\w|\w\(", text)))


def _member_moves(pair: _Pair) -> Iterator[Move]:
    """The moves of a section's questions: equal answers first, then the same number."""
    left = dict(pair.new.members)
    waiting = []
    for name, one in pair.old.members:
        same = [
            other for other, two in left.items()
            if (name == "reversed") is (other == "reversed") and two.answer == one.answer
        ]  # fmt: skip
        target = name if name in same else (same[0] if len(same) == 1 else None)
        if target is None:
            waiting.append((name, one))
        else:
            yield Move(one.question, left.pop(target).question, pair.score, pair.reason)
    from rapidfuzz import fuzz

    for name, one in waiting:
        if name in left and (
            name in ("", "reversed") or fuzz.ratio(one.answer, left[name].answer) >= 60
        ):
            yield Move(one.question, left.pop(name).question, pair.score, pair.reason)


def _member_doubts(pairs: Sequence[_Pair]) -> Iterator[Doubt]:
    """What to say of a section that may have become one of several."""
    best = pairs[0]
    where = f"write `{{#{best.old.anchor}}}` behind its heading"
    if len(pairs) > 1 and pairs[0].rank - pairs[1].rank < _NEAR:
        advice = f"about as near to {len(pairs)} new questions; if one of them is it, {where}"
    else:
        advice = f"like {best.new.id}, but not certainly the same; if it is, {where}"
    candidates = [pair.new for pair in pairs[:5]]
    for name, one in best.old.members:
        ids = tuple(
            (dict(section.members).get(name) or section.members[0][1]).question
            for section in candidates
        )
        yield Doubt(one.question, ids, advice)
