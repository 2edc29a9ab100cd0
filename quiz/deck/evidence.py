"""Whether two sections are certainly the same question: the rules of evidence.

A section is what stands below one heading. Twins (the same question about another function, the
same with one word exchanged) are everywhere in real decks, so that likeness alone proves nothing:
what counts is what was exchanged, and whether anything else in the collection reads the same.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from quiz.deck.likeness import (
    Difference,
    Known,
    difference,
    is_korean,
    names_in,
    translated,
    unnumbered,
    words_of,
)
from quiz.deck.slug import slug
from quiz.model.question import Kind
from quiz.model.snapshot import Snapshot

_UNLIKE = 0.5
"""Likeness, of the questions or with that of the answers, below which no evidence makes two
questions with different answers one."""
_ASKED_ALIKE = 55
"""Likeness of two questions, 0 to 100, below which an answer of many does not make them one."""
_FEW = 6
"""Sections that may have an answer until it is one of many."""
_MOVED = 3
"""Questions that went unchanged from one file to another, from which on the file has moved."""
_BODY = 40
"""Characters of what stands below a heading from which on it tells a question from others."""
_HEADING = 60
"""Words that a heading has at most, where its end is looked for."""
_LITTLE = "yes no true false none 0 1 네 예 아니요 아니오 참 거짓 그렇다 아니다"
_SAYING_LITTLE = frozenset(_LITTLE.split())
"""Answers that many questions could have."""
_PROGRAMS = (Kind.CODE, Kind.PREDICT)


@dataclass(frozen=True)
class Section:
    """The questions of one heading: a cloze's gaps, or a question and its reverse."""

    id: str
    kind: Kind
    members: tuple[tuple[str, Snapshot], ...]
    """By suffix (`c1`, `reversed`, or nothing)."""

    @cached_property
    def content(self) -> tuple[object, ...]:
        """Equal for sections that ask the same."""
        return (
            self.kind, *((name, unnumbered(one.prompt), one.answer) for name, one in self.members)
        )  # fmt: skip

    @cached_property
    def prompt(self) -> str:
        """What is asked, without the number it has in its file."""
        return unnumbered(self._text)

    @cached_property
    def _text(self) -> str:
        """Heading and text; of a cloze, with its gap filled where that is plain."""
        first = self.members[0][1]
        if self.kind is Kind.CLOZE and first.prompt.count("[…]") == 1:
            return first.prompt.replace("[…]", first.answer)
        return first.prompt

    @cached_property
    def body(self) -> str:
        """What stands below the heading, as far as the anchor tells where that ends."""
        words = self._text.split(" ")
        for end in range(1, min(len(words), _HEADING) + 1):
            if slug(" ".join(words[:end])) == self.anchor:
                return " ".join(words[end:])
        return ""

    @cached_property
    def answer(self) -> str:
        if self.kind is not Kind.CLOZE:
            return self.members[0][1].answer
        return " | ".join(sorted(one.answer for _, one in self.members))

    @cached_property
    def decisive(self) -> str:
        """What an answer is judged by: of options, those that hold, in any order."""
        if self.kind is not Kind.CHOICE:
            return self.answer
        options = self.answer.split(" | ")
        return " | ".join(sorted(one for one in options if one.startswith("[x]")))

    @cached_property
    def words(self) -> set[str]:
        return words_of(f"{self.prompt}\n{self.answer}")

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


def sections(snapshots: Iterable[Snapshot]) -> list[Section]:
    """Questions of the same heading and kind put together."""
    members: dict[tuple[str, Kind], list[tuple[str, Snapshot]]] = defaultdict(list)
    for one in snapshots:
        concept, _, rest = one.question.partition("#")
        anchor, _, suffix = rest.partition("/")
        members[f"{concept}#{anchor}", one.kind].append((suffix, one))
    return [
        Section(key, kind, tuple(sorted(found, key=lambda member: member[0])))
        for (key, kind), found in members.items()
    ]


@dataclass(frozen=True, slots=True)
class Pair:
    """A section that is gone and a new one, and how likely they are the same."""

    old: Section
    new: Section
    score: float
    rank: float
    """The score, raised for pairs that stand near one another."""
    reason: str
    """Why it is the same question; empty when that is not certain enough."""
    alone: bool = False
    """Whether the reason holds only while no other pair of the two has any."""


class Judge:
    """Says of two sections how alike they are, and whether they are certainly the same."""

    def __init__(
        self,
        changed: Sequence[Section],
        kept: Sequence[Section],
        votes: Mapping[tuple[str, str], int],
    ) -> None:
        """`changed` are the sections that are gone or new; `votes` count, for two concepts, the
        questions that went unchanged from one to the other.
        """
        prompts = {section.prompt for section in changed}
        self._kept = {section.content for section in kept if section.prompt in prompts}
        self._votes = votes
        self._changed: dict[str, list[Section]] = defaultdict(list)
        for section in changed:
            self._changed[section.concept].append(section)
        self._answers = Counter(
            answer for part in (changed, kept) for section in part
            for answer in {section.answer, section.decisive}
        )  # fmt: skip
        self._prompts = Counter(section.prompt for part in (changed, kept) for section in part)
        self._endings = Counter(
            section.prompt[-_BODY:] for part in (changed, kept) for section in part
        )
        self._words = Counter(chain.from_iterable(section.words for section in changed))
        texts = (f"{one.prompt}\n{one.answer}" for section in kept for _, one in section.members)
        self._kept_words = words_of("\n".join(texts))

    def judge(self, old: Section, new: Section, closeness: float) -> Pair:
        """The pair of two sections; `closeness` raises its rank."""
        from rapidfuzz import fuzz

        asked = max(
            fuzz.ratio(old.prompt, new.prompt), 0.95 * fuzz.token_sort_ratio(old.prompt, new.prompt)
        )
        answered = fuzz.ratio(old.answer, new.answer)
        score = (asked + answered) / 200
        reason, alone = "", False
        if self._may_be_one(old, new, asked, score):
            reason, alone = self._reason(old, new, asked / 100, answered / 100)
        return Pair(old, new, score, score + closeness, reason, alone)

    def _may_be_one(self, old: Section, new: Section, asked: float, score: float) -> bool:
        """Whether the words of two sections are worth comparing, which takes long.

        Unlike in both, they are different questions; so they are where the questions are unlike
        and many others have the answer.
        """
        if old.decisive != new.decisive:
            alike = score >= _UNLIKE and asked >= 100 * _UNLIKE
            return asked == 100 or alike or _contained(old, new) or _same_named(old, new)
        if asked >= _ASKED_ALIKE or self._answers[old.decisive] <= _FEW:
            return True
        return is_korean(old.prompt) is not is_korean(new.prompt) or self._same_body(old, new)

    def _reason(
        self, old: Section, new: Section, asked: float, answered: float
    ) -> tuple[str, bool]:
        """Why the two are the same question, empty when they may not be; and `Pair.alone`."""
        if _same_named(old, new):
            return ("the same `{#id}`" if (asked + answered) / 2 >= 0.5 else ""), False
        if new.content in self._kept:
            return "", False
        program = old.kind in _PROGRAMS
        known = self._known(old, new)
        prompt = difference(old.prompt, new.prompt, known)
        if program and old.answer == new.answer and asked >= 0.6 and self._tells(old.answer):
            # No other question has this program, whatever the heading calls it.
            return "the same program", False
        if old.decisive == new.decisive and self._in_another_language(old, new):
            return "the same answer, the question in another language", True
        if prompt.substance:
            return "", False
        if old.decisive == new.decisive and self._same_body(old, new):
            return "the same body under another heading", False
        if old.decisive == new.decisive:
            return self._same_answer(old, new, prompt, asked), False
        if prompt.words and old.prompt != new.prompt and not _contained(old, new):
            return "", False  # whatever became of the answer
        answer = difference(old.answer, new.answer, known, program=program)
        return self._edited_answer(old, new, prompt, answer, asked, answered), False

    def _known(self, old: Section, new: Section) -> Known:
        def known(word: str) -> bool:
            low = word.lower()
            if low in self._kept_words:
                return True
            return self._words[low] > (low in old.words) + (low in new.words)

        return known

    def _same_answer(self, old: Section, new: Section, prompt: Difference, asked: float) -> str:
        telling = (old.answer == new.answer and self._tells(old.answer)) or (
            self._tells(old.decisive)
        )
        if prompt.slight and (telling or not prompt.unsure):
            return "the same answer, the question but for spelling"
        if telling and (self._near(old, new) or asked >= 0.5):
            return "the same answer, the question in other words"
        alone = self._near(old, new) and self._alone(old, new)
        if not (prompt.words or prompt.unsure) and (asked >= 0.6 or alone):
            return "the same answer, words added to the question or left out"
        return ""

    def _edited_answer(
        self, old: Section, new: Section, prompt: Difference, answer: Difference, asked: float,
        answered: float,
    ) -> str:  # fmt: skip
        """The reason where both may have been edited, and the question names the same things."""
        if _contained(old, new) and self._longer(old, new, prompt, asked):
            return "the same question, its answer longer or shorter"
        votes = self._votes.get((old.concept, new.concept), 0)
        # Where a file stays, heading and place alone make a question; so they do where it moved.
        if old.prompt == new.prompt and old.anchor == new.anchor and votes >= _MOVED:
            return "the same question in a file that moved"
        if answer.substance:
            unchanged = votes > 0 and old.prompt == new.prompt and old.anchor == new.anchor
            return "the same question in a file that moved" if unchanged and answered > 0.5 else ""
        sure = not prompt.unsure or self._tells(old.answer)
        if prompt.slight and answer.slight and sure and not answer.unsure:
            return "the same but for spelling"
        # A twin has the same word exchanged in both; slips of the hand do not repeat.
        apart = prompt.slight and answer.slight and not prompt.slips & answer.slips
        if apart and self._near(old, new) and asked >= 0.9 and answered >= 0.95:
            return "the same but for a slip in each"
        if prompt.unsure or answer.unsure:
            return ""
        if old.prompt == new.prompt and self._only(self._prompts, old.prompt):
            return "the same question, its answer edited" if answered >= 0.6 else ""
        if not (prompt.words or answer.words) and asked + answered >= 1.6:
            return "the same but for words added or left out"
        return ""

    def _same_body(self, old: Section, new: Section) -> bool:
        """Whether the same text stands below both headings, and below no other one."""
        ending = old.prompt[-_BODY:]
        if ending != new.prompt[-_BODY:] or self._endings[ending] > 2:
            return False
        return len(old.body) >= _BODY and old.body == new.body

    def _longer(self, old: Section, new: Section, prompt: Difference, asked: float) -> bool:
        """Whether two questions are one, given that one's answer is the beginning of the other's,
        or stands within it."""
        if self._joined(old, new):
            return False
        if prompt.slight and not prompt.unsure and self._near(old, new):
            return True
        if old.prompt == new.prompt and self._prompts[old.prompt] == 2:
            return True
        only = self._answers[old.answer] == self._answers[new.answer] == 1
        added = not (prompt.words or prompt.unsure) and self._near(old, new)
        if only and added and not (_says_little(old.answer) or _says_little(new.answer)):
            return True
        names = names_in(old.prompt)
        if asked < 0.7 and not (names and names == names_in(new.prompt)):
            return False
        return only and self._tells(old.answer) and self._tells(new.answer)

    def _joined(self, old: Section, new: Section) -> bool:
        """Whether another question's answer begins the new one: that one goes on, with more."""
        if new.answer.startswith(_bare(old.answer)):
            return False
        return any(
            other is not old and other is not new and new.answer.startswith(_bare(other.answer))
            for other in self._changed[old.concept]
            if not _says_little(other.answer)
        )

    def _in_another_language(self, old: Section, new: Section) -> bool:
        own = words_of(old.concept.rpartition("/")[2])
        return old.concept == new.concept and translated(old.prompt, new.prompt, own)

    def _near(self, old: Section, new: Section) -> bool:
        return old.concept == new.concept or (old.concept, new.concept) in self._votes

    def _alone(self, old: Section, new: Section) -> bool:
        """Whether the two have an answer in common that no other has, and not a mere yes or no."""
        same = old.answer == new.answer and self._answers[old.answer] == 2
        return same and not _says_little(old.answer)

    def _tells(self, answer: str) -> bool:
        return self._only(self._answers, answer)

    @staticmethod
    def _only(counts: Counter[str], text: str) -> bool:
        """Whether a text tells one question from all others: no other has it, and it says much."""
        return counts[text] <= 2 and (len(text) >= 12 or bool(re.search(r"\w[_.]\w|\w\(", text)))


def _same_named(old: Section, new: Section) -> bool:
    """Whether both have the same anchor, by the author's own word."""
    return old.explicit and new.explicit and old.anchor == new.anchor


def _bare(answer: str) -> str:
    return answer.rstrip(".!?。 ")


def _says_little(answer: str) -> bool:
    return _bare(answer).lower() in {"", *_SAYING_LITTLE}


def _contained(old: Section, new: Section) -> bool:
    """Whether one answer is the beginning of the other, or a longer part of it."""
    short, long = sorted((old.answer, new.answer), key=len)
    short = _bare(short)
    return bool(short) and (long.startswith(short) or (len(short) >= 12 and short in long))
