"""Generated edits of a generated collection, each with the truth about which question is which.

The collection is full of twins: questions that differ in one name, one word or one number, and
share their answers. `edits` gives as many labelled edits as wanted; `measure` counts what a
matcher kept, lost and moved to a wrong question.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from quiz.deck.config import CollectionConfig
from quiz.deck.identity import Matching, snapshot
from quiz.deck.parser import parse_concept
from quiz.model.snapshot import Snapshot


@dataclass(frozen=True)
class Card:
    """One section, with a name that no edit changes."""

    key: str
    heading: str
    body: str
    anchor: str = ""
    rewordings: tuple[str, ...] = ()
    korean: str = ""

    def render(self) -> str:
        attributes = f" {{#{self.anchor}}}" if self.anchor else ""
        return f"## {self.heading}{attributes}\n\n{self.body}\n"


Files = dict[str, tuple[Card, ...]]


@dataclass(frozen=True)
class Edit:
    """A collection before and after, and the true pairs among the ids that changed."""

    kind: str
    gone: tuple[Snapshot, ...]
    new: tuple[Snapshot, ...]
    kept: tuple[Snapshot, ...]
    truth: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Count:
    """What became of the histories of one kind of edit."""

    edits: int = 0
    kept: int = 0
    lost: int = 0
    wrong: int = 0


_SUBJECTS = (
    ("eq", "elements are equal", "==", "비교하면 같은"),
    ("ne", "elements differ", "!=", "비교하면 다른"),
    ("gt", "the first element is greater", ">", "첫째가 더 큰"),
    ("lt", "the first element is smaller", "<", "첫째가 더 작은"),
    ("ge", "the first element is not smaller", ">=", "첫째가 더 작지 않은"),
    ("le", "the first element is not greater", "<=", "첫째가 더 크지 않은"),
    ("argmax", "index of the largest element", "max", "가장 큰 원소의 위치"),
    ("argmin", "index of the smallest element", "min", "가장 작은 원소의 위치"),
    ("cumsum", "running sum along a dimension", "+", "누적 합"),
    ("cumprod", "running product along a dimension", "*", "누적 곱"),
    ("relu", "zero below zero, the input above", "r", "음수를 없앤 값"),
    ("gelu", "the input weighted by the normal distribution", "g", "정규 분포로 가중한 값"),
    ("squeeze", "a view without dimensions of size one", "s", "크기 1인 차원을 뺀 뷰"),
    ("unsqueeze", "a view with one more dimension of size one", "u", "크기 1인 차원을 넣은 뷰"),
    ("conv1d", "a convolution over sequences", "c1", "수열의 합성곱"),
    ("conv2d", "a convolution over images", "c2", "이미지의 합성곱"),
)


_WORDS = (
    "encoding", "decoding", "dropout", "pooling", "padding", "masking", "import", "export",
    "shuffling", "batching", "scaling", "clipping", "forward", "backward", "warming", "cooling",
    "rescaling", "unpooling", "logging", "lagging",
)  # fmt: skip
"""Subjects of questions that differ in one ordinary word."""


def collection(rng: random.Random) -> Files:
    """A collection with a concept for each subject, several questions each."""
    subjects = list(_SUBJECTS)
    rng.shuffle(subjects)
    return {
        f"{'compare' if n % 2 else 'reduce/basic'}/{name}": _concept(name, what, sign, korean)
        for n, (name, what, sign, korean) in enumerate(subjects)
    }


def _concept(name: str, what: str, sign: str, korean: str) -> tuple[Card, ...]:
    def card(part: str, heading: str, body: str, *rewordings: str, ko: str = "") -> Card:
        return Card(f"{name}/{part}", heading, body, "", rewordings, ko)

    word = _WORDS[[one[0] for one in (*_SUBJECTS, *_MORE)].index(name)]
    return (
        card(
            "returns",
            f"What does `torch.{name}(input, other)` return?",
            f"A new tensor: {what}, on the device of the input.",
            f"Which result does `torch.{name}(input, other)` give?",
            f"What will you get back from `torch.{name}(input, other)`?",
            f"Say what comes out of `torch.{name}(input, other)`.",
            ko=f"`torch.{name}(input, other)`의 결과는 무엇인가?",
        ),
        card(
            "dtype",
            f"What is the dtype of the result of `torch.{name}(a, b)`?",
            "```answer\ntorch.bool\n```",
            f"Which dtype does the result of `torch.{name}(a, b)` have?",
            f"The result of `torch.{name}(a, b)` has what dtype?",
            ko=f"`torch.{name}(a, b)` 결과의 dtype은?",
        ),
        card(
            "place",
            f"Does `torch.{name}` change its input in place?",
            "No.",
            f"Is the input of `torch.{name}` changed in place?",
            ko=f"`torch.{name}`은 입력을 제자리에서 바꾸는가?",
        ),
        card(
            "cloze",
            f"`torch.{name}` gives {{{{c1::{what}}}}} and {{{{c2::broadcasts}}}} its inputs.",
            "Its arguments may be of different shapes.",
            f"`torch.{name}` makes {{{{c1::{what}}}}}; it {{{{c2::broadcasts}}}} its inputs.",
            ko=f"`torch.{name}`은 {{{{c1::{what}}}}}, 입력은 {{{{c2::broadcasts}}}}.",
        ),
        card(
            "choice",
            f"Which of these is the same as `torch.{name}(a, b)`?",
            f"- [x] `a {sign} b`\n- [ ] `b {sign} a is None`\n- [ ] none of these",
            f"Which expression equals `torch.{name}(a, b)`?",
            ko=f"`torch.{name}(a, b)`와 같은 것은?",
        ),
        card(
            "predict",
            f"What does this program with {name} print?",
            f"```python predict\nx = torch.arange(6).view(2, 3)\nprint(torch.{name}(x, x))\n```",
            f"Predict what this program with {name} prints.",
            ko=f"{name}을 쓴 이 프로그램은 무엇을 출력하는가?",
        ),
        card(
            "code",
            f"Write `my_{name}(a, b)` without `torch.{name}`.",
            f"```python solution\ndef my_{name}(a, b):\n    return a.{name}(b)\n```\n\n"
            "```python cases\nyield torch.ones(2), torch.zeros(2)\n```",
            f"Implement `my_{name}(a, b)`; `torch.{name}` may not be used, so do without it.",
            f"Without `torch.{name}`, write a function `my_{name}(a, b)`.",
            ko=f"`torch.{name}` 없이 `my_{name}(a, b)`를 작성하라.",
        ),
        card(
            "word",
            f"Is the {word} step done in training mode alone?",
            "Yes, and it is left out in evaluation mode.",
            f"Is it in training mode alone that the {word} step is done?",
            f"The {word} step: is it done in training mode alone?",
            ko=f"`{name}` 옆의 {word} 단계는 훈련 모드에서만 하는가?",
        ),
        card(
            "korean",
            f"{name} 함수는 {korean} 결과를 돌려주는가?",
            f"그렇다. {korean} 결과를 새 텐서로 돌려준다.",
            f"{name} 함수가 돌려주는 것은 {korean} 결과인가?",
        ),
    )


Change = Callable[[random.Random, Files], Files]


def _one(rng: random.Random, files: Files) -> tuple[str, int]:
    name = rng.choice(sorted(files))
    return name, rng.randrange(len(files[name]))


def _with(files: Files, name: str, index: int, card: Card | None) -> Files:
    cards = list(files[name])
    cards[index : index + 1] = [card] if card else []
    return {**files, name: tuple(cards)}


def slip(rng: random.Random, text: str) -> str:
    """`text` with one letter of one longer word changed, left out, doubled or transposed."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if word.isalpha() and len(word) >= 4]
    if not long or rng.random() < 0.15:
        long = [i for i, word in enumerate(words) if len(word) >= 4 and "{" not in word]
    if not long:
        return text + "."
    at = rng.choice(long)
    word = words[at]
    spot = rng.randrange(1, len(word) - 1)
    words[at] = rng.choice(
        [
            word[:spot] + word[spot + 1 :],
            word[:spot] + word[spot] + word[spot:],
            word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :],
            word[:spot] + rng.choice("aeiou") + word[spot + 1 :],
        ]
    )
    return " ".join(words)


def typo(rng: random.Random, files: Files) -> Files:
    name, index = _one(rng, files)
    card = files[name][index]
    return _with(files, name, index, replace(card, heading=slip(rng, card.heading)))


def reword(rng: random.Random, files: Files) -> Files:
    name, index = _one(rng, files)
    card = files[name][index]
    return _with(files, name, index, replace(card, heading=rng.choice(card.rewordings)))


def translate(rng: random.Random, files: Files) -> Files:
    name, index = _one(rng, files)
    card = files[name][index]
    if not card.korean:
        return reword(rng, files)
    return _with(files, name, index, replace(card, heading=card.korean))


def move(rng: random.Random, files: Files) -> Files:
    name, index = _one(rng, files)
    target = rng.choice([other for other in sorted(files) if other != name])
    card = files[name][index]
    files = _with(files, name, index, None)
    return {**files, target: (*files[target], card)}


def rename(rng: random.Random, files: Files) -> Files:
    name = rng.choice(sorted(files))
    return {(f"{key}-new" if key == name else key): cards for key, cards in files.items()}


def rename_folder(rng: random.Random, files: Files) -> Files:
    return {key.replace("reduce/basic/", "ops/"): cards for key, cards in files.items()}


def reorder(rng: random.Random, files: Files) -> Files:
    name = rng.choice(sorted(files))
    cards = list(files[name])
    rng.shuffle(cards)
    return {**files, name: tuple(cards)}


def split(rng: random.Random, files: Files) -> Files:
    name = rng.choice(sorted(files))
    cards = files[name]
    cut = rng.randrange(1, len(cards))
    return {**files, name: cards[:cut], f"{name}-part": cards[cut:]}


def anchor(rng: random.Random, files: Files) -> Files:
    name, index = _one(rng, files)
    return _with(files, name, index, replace(files[name][index], anchor=f"id-{rng.random():.6f}"))


def rename_with_typo(rng: random.Random, files: Files) -> Files:
    name = rng.choice(sorted(files))
    index = rng.randrange(len(files[name]))
    card = files[name][index]
    files = _with(files, name, index, replace(card, heading=slip(rng, card.heading)))
    return {(f"{key}-new" if key == name else key): cards for key, cards in files.items()}


def replaced_by_twin(rng: random.Random, files: Files) -> Files:
    """A question is deleted, and its twin about another subject is written in its place."""
    name, index = _one(rng, files)
    card = files[name][index]
    part = card.key.partition("/")[2]
    other = rng.choice([s for s in (*_SUBJECTS, *_MORE) if s[0] != card.key.partition("/")[0]])
    twin = next(one for one in _concept(*other) if one.key.endswith(f"/{part}"))
    if rng.random() < 0.3 and twin.rewordings:
        twin = replace(twin, heading=rng.choice(twin.rewordings))
    return _with(files, name, index, replace(twin, key=f"twin/{twin.key}"))


_MORE = (
    ("selu", "a scaled exponential below zero", "e", "크기를 맞춘 값"),
    ("rand", "uniform random numbers", "~", "균등한 난수"),
    ("randn", "normal random numbers", "~~", "정규 난수"),
    ("isclose", "elements are nearly equal", "==", "거의 같은"),
)


def swapped_twins(rng: random.Random, files: Files) -> Files:
    """Two twins trade places, each in the other's file, one of them with a slip."""
    first, second = rng.sample(sorted(files), 2)
    index = rng.randrange(len(files[first]))
    one, other = files[first][index], files[second][index]
    if rng.random() < 0.5:
        one = replace(one, heading=slip(rng, one.heading))
    return _with(_with(files, first, index, other), second, index, one)


def delete(rng: random.Random, files: Files) -> Files:
    name, index = _one(rng, files)
    return _with(files, name, index, None)


CHANGES: dict[str, Change] = {
    "typo": typo,
    "reword": reword,
    "translate": translate,
    "move": move,
    "rename": rename,
    "rename folder": rename_folder,
    "rename with typo": rename_with_typo,
    "reorder": reorder,
    "split": split,
    "anchor": anchor,
    "twin": replaced_by_twin,
    "swap": swapped_twins,
    "delete": delete,
}


def edits(kind: str, count: int, seed: int = 0) -> Iterator[Edit]:
    """`count` labelled edits of a kind of `CHANGES`."""
    rng = random.Random(f"{kind} {seed}")
    cache: dict[tuple[str, tuple[Card, ...]], list[tuple[str, Snapshot]]] = {}
    for _ in range(count):
        files = collection(rng)
        yield _edit(kind, files, CHANGES[kind](rng, files), cache)


def _edit(
    kind: str,
    before: Files,
    after: Files,
    cache: dict[tuple[str, tuple[Card, ...]], list[tuple[str, Snapshot]]],
) -> Edit:
    old, fresh = (_snapshots(files, cache) for files in (before, after))
    here = {one.question for one in fresh.values()}
    there = {one.question for one in old.values()}
    gone = {key: one for key, one in old.items() if one.question not in here}
    new = {key: one for key, one in fresh.items() if one.question not in there}
    truth = {gone[key].question: new[key].question for key in gone.keys() & new.keys()}
    kept = tuple(one for one in fresh.values() if one.question in there)
    return Edit(kind, tuple(gone.values()), tuple(new.values()), kept, truth)


def _snapshots(
    files: Files, cache: dict[tuple[str, tuple[Card, ...]], list[tuple[str, Snapshot]]]
) -> dict[str, Snapshot]:
    found: dict[str, Snapshot] = {}
    for name, cards in files.items():
        if (name, cards) not in cache:
            cache[name, cards] = list(_parsed(name, cards))
        found.update(cache[name, cards])
    return found


def _parsed(name: str, cards: Sequence[Card]) -> Iterator[tuple[str, Snapshot]]:
    text = f"# {name}\n\n" + "\n".join(card.render() for card in cards)
    parsed = parse_concept(text.encode(), path=name, concept=name, config=CollectionConfig())
    assert not parsed.findings, [str(finding) for finding in parsed.findings]
    for card, section in zip(cards, parsed.sections, strict=True):
        for question in section.questions:
            suffix = question.id.partition("#")[2].partition("/")[2]
            yield f"{card.key} {suffix}", snapshot(question)


def measure(
    found: Iterator[Edit],
    matcher: Callable[[Sequence[Snapshot], Sequence[Snapshot], Sequence[Snapshot]], Matching],
) -> Count:
    """How many histories a matcher kept, lost, and gave to a wrong question."""
    counts: Counter[str] = Counter()
    for edit in found:
        counts["edits"] += 1
        moved = {move.old: move.new for move in matcher(edit.gone, edit.new, edit.kept).moves}
        for old, new in moved.items():
            counts["wrong"] += edit.truth.get(old) != new
        for old, new in edit.truth.items():
            counts["kept"] += moved.get(old) == new
            counts["lost"] += old not in moved
    return Count(**counts)
