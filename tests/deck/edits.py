"""Edits a learner makes, each with the truth about which question is which.

`edits` gives as many labelled edits as wanted of a collection full of twins; `measure` counts what
a rule kept, lost and gave to a wrong question.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from quiz.deck.identity import Matching
from quiz.model.snapshot import Snapshot
from tests.deck.twins import MORE, SUBJECTS, Cache, Card, Files, collection, concept, snapshots


@dataclass(frozen=True)
class Edit:
    """A collection before and after, and the true pairs among the ids that changed."""

    kind: str
    gone: tuple[Snapshot, ...]
    new: tuple[Snapshot, ...]
    kept: tuple[Snapshot, ...]
    truth: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, Snapshot] = field(default_factory=dict)
    after: Mapping[str, Snapshot] = field(default_factory=dict)
    """All questions by their names, which no edit changes."""

    @property
    def touched(self) -> list[str]:
        """The names of the questions that are there still, under another id or with other text."""
        return [name for name in self.before if self.after.get(name, self.before[name]) is not
                self.before[name] and self.after[name] != self.before[name]]  # fmt: skip


@dataclass(frozen=True)
class Count:
    """What became of the histories of one kind of edit."""

    edits: int = 0
    kept: int = 0
    lost: int = 0
    wrong: int = 0


Change = Callable[[random.Random, Files], Files]


def _one(rng: random.Random, files: Files) -> tuple[str, int]:
    name = rng.choice(sorted(files))
    return name, rng.randrange(len(files[name]))


def _part(rng: random.Random, files: Files, *parts: str) -> tuple[str, int]:
    """A card about one of some parts of a subject."""
    places = [
        (name, index)
        for name in sorted(files)
        for index, card in enumerate(files[name])
        if card.key.partition("/")[2] in parts  # twins written in place of others are left aside
    ]
    return rng.choice(places)


def _with(files: Files, name: str, index: int, *cards: Card) -> Files:
    return {**files, name: (*files[name][:index], *cards, *files[name][index + 1 :])}


def slip(rng: random.Random, text: str) -> str:
    """`text` with one letter of one longer word changed, left out, doubled or transposed."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if word.isalpha() and len(word) >= 4]
    if not long or rng.random() < 0.15:
        long = [i for i, w in enumerate(words) if len(w) >= 4 and not {"{", "}"} & set(w)]
    if not long:
        return text + "."
    at = rng.choice(long)
    word = words[at]
    spot = rng.randrange(1, len(word) - 1)
    hangul = "가" <= word[spot] <= "힣"
    words[at] = rng.choice(
        [
            word[:spot] + word[spot + 1 :],
            word[:spot] + word[spot] + word[spot:],
            word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :],
            word[:spot] + (_vowel(rng, word[spot]) if hangul else rng.choice("aeiou"))
            + word[spot + 1 :],
        ]
    )  # fmt: skip
    return " ".join(words)


def _vowel(rng: random.Random, syllable: str) -> str:
    """A syllable of Hangul with another vowel."""
    first, rest = divmod(ord(syllable) - ord("가"), 21 * 28)
    return chr(ord("가") + (first * 21 + rng.randrange(21)) * 28 + rest % 28)


def _slipped(rng: random.Random, card: Card) -> Card:
    return replace(card, heading=slip(rng, card.heading))


# Of one question


def typo(rng: random.Random, files: Files) -> Files:
    name, index = _one(rng, files)
    return _with(files, name, index, _slipped(rng, files[name][index]))


def reword(rng: random.Random, files: Files) -> Files:
    name, index = _one(rng, files)
    card = files[name][index]
    return _with(files, name, index, replace(card, heading=rng.choice(card.rewordings)))


def translate(rng: random.Random, files: Files) -> Files:
    name, index = _part(
        rng, files, "returns", "dtype", "place", "cloze", "choice", "predict", "code", "word"
    )
    card = files[name][index]
    return _with(files, name, index, replace(card, heading=card.korean))


def typos_in_both(rng: random.Random, files: Files) -> Files:
    """A slip in the heading and one in the answer, in one save."""
    name, index = _part(rng, files, "returns", "word", "korean", "cloze")
    card = _slipped(rng, files[name][index])
    return _with(files, name, index, replace(card, body=slip(rng, card.body)))


def reword_and_answer(rng: random.Random, files: Files) -> Files:
    """The heading in other words, and a sentence more in the answer."""
    name, index = _part(rng, files, "returns", "word", "korean", "place")
    card = files[name][index]
    more = rng.choice(["See the note.", "This holds on every device.", "입력은 그대로다."])
    card = replace(card, heading=rng.choice(card.rewordings), body=f"{card.body} {more}")
    return _with(files, name, index, card)


def answer(rng: random.Random, files: Files) -> Files:
    """The answer is written anew below the same heading."""
    name, index = _part(rng, files, "returns", "place", "word", "korean")
    card = files[name][index]
    return _with(files, name, index, replace(card, body="Written anew, from the documentation."))


def kind(rng: random.Random, files: Files) -> Files:
    """A question to think about becomes one to type, below the same heading."""
    name, index = _part(rng, files, "returns", "place", "word")
    card = files[name][index]
    return _with(files, name, index, replace(card, body=f"```answer\n{card.body}\n```"))


def options(rng: random.Random, files: Files) -> Files:
    """Options in another order, one of them edited, often with a slip in the heading."""
    name, index = _part(rng, files, "choice")
    card = files[name][index]
    lines = sorted(card.body.split("\n"))
    lines[0] = rng.choice(["- [ ] none of those", "- [ ] something else", lines[0]])
    lines = list(dict.fromkeys(lines))
    rng.shuffle(lines)
    card = replace(card, body="\n".join(lines))
    return _with(files, name, index, _slipped(rng, card) if rng.random() < 0.7 else card)


def refactor(rng: random.Random, files: Files) -> Files:
    """A solution written otherwise, below the same heading; often its file moves too."""
    name, index = _part(rng, files, "code")
    card = files[name][index]
    subject = card.key.partition("/")[0]
    body = card.body.replace(
        f"return a.{subject}(b)", f"result = getattr(a, {subject!r})(b)\n    return result"
    )
    files = _with(files, name, index, replace(card, body=body))
    if rng.random() < 0.5:
        return files
    return {(f"{key}-new" if key == name else key): cards for key, cards in files.items()}


def renumber(rng: random.Random, files: Files) -> Files:
    name, index = _part(rng, files, "cloze")
    card = files[name][index]
    heading = card.heading.replace("c1::", "c0::").replace("c2::", "c1::").replace("c0::", "c2::")
    gaps = () if card.gaps else (("c1", "c2"), ("c2", "c1"))
    card = replace(card, heading=heading, gaps=gaps)
    return _with(files, name, index, card)


def gap(rng: random.Random, files: Files) -> Files:
    """One gap more."""
    name, index = _part(rng, files, "cloze")
    card = files[name][index]
    if "c3::" in card.heading:
        return files
    heading = card.heading.replace("inputs", "{{c3::inputs}}")
    return _with(files, name, index, replace(card, heading=heading))


def part(rng: random.Random, files: Files) -> Files:
    """One question becomes two: the first keeps its subject, often under a heading with a slip."""
    name, index = _part(rng, files, "returns")
    card = files[name][index]
    subject = card.key.partition("/")[0]
    if any(one.key == f"part/{subject}" for cards in files.values() for one in cards):
        return files
    first = replace(card, body=card.body.partition(", on the device")[0] + ".")
    second = Card(
        f"part/{subject}",
        f"On which device is the result of `torch.{subject}`?",
        "On that of the input.",
    )
    if rng.random() < 0.5:
        first = _slipped(rng, first)
    return _with(files, name, index, first, second)


def join(rng: random.Random, files: Files) -> Files:
    """Two questions become one, which goes on with the subject of the first."""
    name, index = _part(rng, files, "returns")
    card = files[name][index]
    subject = card.key.partition("/")[0]
    other = next(i for i, one in enumerate(files[name]) if one.key == f"{subject}/place")
    heading = f"{card.heading.removesuffix('?')}, and does it change its input in place?"
    joined = replace(card, heading=heading, body=f"{card.body} {files[name][other].body}")
    files = _with(files, name, index, joined)
    return _with(files, name, other)


def anchor(rng: random.Random, files: Files) -> Files:
    """An explicit id is written behind a heading."""
    name, index = _one(rng, files)
    return _with(files, name, index, replace(files[name][index], anchor=f"id-{rng.random():.6f}"))


# Of files


def move(rng: random.Random, files: Files) -> Files:
    name, index = _one(rng, files)
    target = rng.choice([other for other in sorted(files) if other != name])
    card = files[name][index]
    files = _with(files, name, index)
    return {**files, target: (*files[target], card)}


def rename(rng: random.Random, files: Files) -> Files:
    name = rng.choice(sorted(files))
    return {(f"{key}-new" if key == name else key): cards for key, cards in files.items()}


def rename_folder(rng: random.Random, files: Files) -> Files:
    return {key.replace("reduce/basic/", "ops/"): cards for key, cards in files.items()}


def rename_with_typo(rng: random.Random, files: Files) -> Files:
    name = rng.choice(sorted(files))
    index = rng.randrange(len(files[name]))
    files = _with(files, name, index, _slipped(rng, files[name][index]))
    return {(f"{key}-new" if key == name else key): cards for key, cards in files.items()}


def restructure(rng: random.Random, files: Files) -> Files:
    """Every file goes to another folder under another name, with some edits on top."""
    for _ in range(4):
        files = rng.choice([typo, reword, answer, options, gap])(rng, files)
    return {
        f"chapter{n % 3}/{n:02d}-{name.rpartition('/')[2]}": cards
        for n, (name, cards) in enumerate(files.items())
    }


def reorder(rng: random.Random, files: Files) -> Files:
    name = rng.choice(sorted(files))
    cards = list(files[name])
    rng.shuffle(cards)
    return {**files, name: tuple(cards)}


def split(rng: random.Random, files: Files) -> Files:
    """One file becomes two; often neither has its name, and one heading is corrected."""
    name = rng.choice(sorted(files))
    if rng.random() < 0.5:
        index = rng.randrange(len(files[name]))
        files = _with(files, name, index, _slipped(rng, files[name][index]))
    cards = files[name]
    cut = rng.randrange(1, len(cards))
    first = name if rng.random() < 0.5 else f"{name}-first"
    rest = {key: one for key, one in files.items() if key != name}
    return {**rest, first: cards[:cut], f"{name}-part": cards[cut:]}


def merge(rng: random.Random, files: Files) -> Files:
    """Two files become one, under the name of one of them or a new one."""
    first, second = rng.sample(sorted(files), 2)
    name = rng.choice([first, f"{first}-and-{second.rpartition('/')[2]}"])
    rest = {key: one for key, one in files.items() if key not in (first, second)}
    return {**rest, name: (*files[first], *files[second])}


# Traps


def replaced_by_twin(rng: random.Random, files: Files) -> Files:
    """A question is deleted, and its twin about another subject is written in its place."""
    return _replaced(rng, files, (*SUBJECTS, *MORE))


def replaced_by_another(rng: random.Random, files: Files) -> Files:
    """The same, about something that was asked nowhere."""
    return _replaced(rng, files, MORE)


def _replaced(rng: random.Random, files: Files, subjects: Sequence[tuple[str, ...]]) -> Files:
    name, index = _one(rng, files)
    card = files[name][index]
    about, part = card.key.split("/")[-2:]
    what, meaning, sign, korean = rng.choice([one for one in subjects if one[0] != about])
    twins = concept(what, meaning, sign, korean)
    twin = next(one for one in twins if one.key.endswith(f"/{part}"))
    if rng.random() < 0.3 and twin.rewordings:
        twin = replace(twin, heading=rng.choice(twin.rewordings))
    elif rng.random() < 0.15 and twin.korean:
        twin = replace(twin, heading=twin.korean)
    return _with(files, name, index, replace(twin, key=f"twin/{twin.key}"))


def swapped_twins(rng: random.Random, files: Files) -> Files:
    """Two twins trade places, each in the other's file, one of them with a slip."""
    first, second = rng.sample(sorted(files), 2)
    index = rng.randrange(len(files[first]))
    one, other = files[first][index], files[second][index]
    if rng.random() < 0.5:
        one = _slipped(rng, one)
    return _with(_with(files, first, index, other), second, index, one)


def delete(rng: random.Random, files: Files) -> Files:
    name, index = _one(rng, files)
    return _with(files, name, index)


def delete_and_write(rng: random.Random, files: Files) -> Files:
    """Some questions are deleted, and others of the same files are corrected or translated."""
    for _ in range(3):
        files = delete(rng, files)
        files = rng.choice([typo, reword, translate, replaced_by_another])(rng, files)
    return files


CHANGES: dict[str, Change] = {
    "typo": typo,
    "typos in heading and answer": typos_in_both,
    "reword": reword,
    "reword, answer longer": reword_and_answer,
    "answer written anew": answer,
    "kind changed": kind,
    "translate heading": translate,
    "options edited": options,
    "solution refactored": refactor,
    "gaps renumbered": renumber,
    "gap added": gap,
    "question split in two": part,
    "two questions joined": join,
    "{#id} added": anchor,
    "{#id} removed": anchor,
    "{#id} changed": anchor,
    "move": move,
    "rename": rename,
    "rename folder": rename_folder,
    "rename with typo": rename_with_typo,
    "restructure with edits": restructure,
    "reorder": reorder,
    "split": split,
    "merge": merge,
    "twin": replaced_by_twin,
    "swap": swapped_twins,
    "delete": delete,
    "delete and edit": delete_and_write,
}
"""Applied to the collection; `{#id} removed` the other way round, `{#id} changed` after another."""


def change(kind: str, rng: random.Random, files: Files) -> tuple[Files, Files]:
    """A collection before and after an edit of that kind."""
    after = CHANGES[kind](rng, files)
    if kind == "{#id} removed":
        return after, files
    if kind == "{#id} changed":
        again = {
            name: tuple(
                replace(card, anchor=f"{card.anchor}-x") if card.anchor else card for card in cards
            )
            for name, cards in after.items()
        }
        return after, again
    return files, after


def edits(kind: str, count: int, seed: int = 0) -> Iterator[Edit]:
    """`count` labelled edits of a kind of `CHANGES`."""
    rng = random.Random(f"{kind} {seed}")
    cache: Cache = {}
    for _ in range(count):
        before, after = change(kind, rng, collection(rng))
        yield _edit(kind, snapshots(before, cache), snapshots(after, cache))


def _edit(kind: str, old: dict[str, Snapshot], fresh: dict[str, Snapshot]) -> Edit:
    here = {one.question for one in fresh.values()}
    there = {one.question for one in old.values()}
    gone = {key: one for key, one in old.items() if one.question not in here}
    new = {key: one for key, one in fresh.items() if one.question not in there}
    truth = {gone[key].question: new[key].question for key in gone.keys() & new.keys()}
    kept = tuple(one for one in fresh.values() if one.question in there)
    return Edit(kind, tuple(gone.values()), tuple(new.values()), kept, truth, old, fresh)


Matcher = Callable[[Sequence[Snapshot], Sequence[Snapshot], Sequence[Snapshot]], Matching]
Rule = Callable[[Edit], Mapping[str, str]]
"""Gives, for the id of every question after the edit that has a history, whose it was before."""


def by_matching(matcher: Matcher) -> Rule:
    """A history stays with its id, and follows the moves of a matcher."""

    def rule(edit: Edit) -> Mapping[str, str]:
        moves = {move.new: move.old for move in matcher(edit.gone, edit.new, edit.kept).moves}
        return {one.question: one.question for one in edit.kept} | moves

    return rule


def by_content(edit: Edit) -> Mapping[str, str]:
    """A history belongs to the hash of a question's text, as in hashcards."""
    old = {(one.kind, one.prompt, one.answer): one.question for one in edit.before.values()}
    texts = ((one, (one.kind, one.prompt, one.answer)) for one in edit.after.values())
    return {one.question: old[text] for one, text in texts if text in old}


def by_path_and_heading(edit: Edit) -> Mapping[str, str]:
    """A history belongs to a file and a heading."""
    return {one.question: one.question for one in edit.kept}


def measure(found: Iterable[Edit], rule: Rule) -> Count:
    """How many histories a rule kept, lost, and gave to a wrong question.

    Of the questions that an edit touched; a wrong one counts wherever it is.
    """
    counts: Counter[str] = Counter()
    for edit in found:
        counts["edits"] += 1
        whose = rule(edit)
        for name, one in edit.after.items():
            if one.question in whose:
                before = edit.before.get(name)
                counts["wrong"] += before is None or whose[one.question] != before.question
        for name in edit.touched:
            kept = whose.get(edit.after[name].question) == edit.before[name].question
            counts["kept" if kept else "lost"] += 1
    return Count(**counts)
