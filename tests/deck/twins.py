"""A collection full of twins: questions that differ in one name, one word or one number.

Many of them share their answers, so that only what is asked tells them apart.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quiz.deck.config import CollectionConfig
from quiz.deck.identity import snapshot
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
    gaps: tuple[tuple[str, str], ...] = ()
    """What the gaps of a cloze are called whatever their numbers, by suffix."""

    def name(self, suffix: str) -> str:
        """What the question with this suffix is called, whatever edits do to its id."""
        return f"{self.key} {dict(self.gaps).get(suffix, suffix)}"

    def render(self) -> str:
        attributes = f" {{#{self.anchor}}}" if self.anchor else ""
        return f"## {self.heading}{attributes}\n\n{self.body}\n"


Files = dict[str, tuple[Card, ...]]
"""By the path of a concept."""

SUBJECTS = (
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
    subjects = list(SUBJECTS)
    rng.shuffle(subjects)
    return {
        f"{'compare' if n % 2 else 'reduce/basic'}/{name}": concept(name, what, sign, korean)
        for n, (name, what, sign, korean) in enumerate(subjects)
    }


MORE = (
    ("selu", "a scaled exponential below zero", "e", "크기를 맞춘 값"),
    ("rand", "uniform random numbers", "~", "균등한 난수"),
    ("randn", "normal random numbers", "~~", "정규 난수"),
    ("isclose", "elements are nearly equal", "==", "거의 같은"),
)
"""Subjects that are in no collection, to be asked about in the place of another."""


def concept(name: str, what: str, sign: str, korean: str) -> tuple[Card, ...]:
    def card(part: str, heading: str, body: str, *rewordings: str, ko: str = "") -> Card:
        return Card(f"{name}/{part}", heading, body, "", rewordings, ko)

    word = _WORDS[[one[0] for one in (*SUBJECTS, *MORE)].index(name)]
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


def render(name: str, cards: Sequence[Card]) -> str:
    """A card file."""
    return f"# {name}\n\n" + "\n".join(card.render() for card in cards)


Cache = dict[tuple[str, tuple[Card, ...]], list[tuple[str, Snapshot]]]


def snapshots(files: Files, cache: Cache) -> dict[str, Snapshot]:
    """Every question of the files, by its name."""
    found: dict[str, Snapshot] = {}
    for name, cards in files.items():
        if (name, cards) not in cache:
            cache[name, cards] = list(_parsed(name, cards))
        found.update(cache[name, cards])
    return found


def _parsed(name: str, cards: Sequence[Card]) -> Iterator[tuple[str, Snapshot]]:
    parsed = parse_concept(
        render(name, cards).encode(), path=name, concept=name, config=CollectionConfig()
    )
    assert not parsed.findings, [str(finding) for finding in parsed.findings]
    for card, section in zip(cards, parsed.sections, strict=True):
        for question in section.questions:
            suffix = question.id.partition("#")[2].partition("/")[2]
            yield card.name(suffix), snapshot(question)
