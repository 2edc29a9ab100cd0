"""The picture in `cards/pytorch/README.md`, drawn from what the concepts require.

After a change of titles or of `requires`: `python -m tests.cards.curriculum` draws it anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from quiz.deck.collection import Collection, load
from quiz.model.question import Concept

CARDS = Path(__file__).parents[2] / "cards"
README = CARDS / "pytorch" / "README.md"
PICTURE = re.compile(r"(?ms)^```mermaid\n.*?^```\n")
COUNTS = re.compile(r"\d+ concepts, \d+ questions")

_COLOURS = {
    "tensors": "#4c78a8",
    "autograd": "#b279a2",
    "modules": "#54a24b",
    "layers": "#2f7f79",
    "losses": "#9d755d",
    "optimisation": "#b5651d",
    "data": "#7f6bbd",
    "training": "#c0392b",
    "performance": "#5f6b73",
}
"""White text is legible on each, and each is visible on a light and on a dark page."""


def cards() -> Collection:
    """The bundled collection, read from the files alone."""
    return load(CARDS, known={})


def pytorch(collection: Collection) -> list[Concept]:
    """The concepts that the README is about, in the order of the files."""
    return [c for c in collection.concepts.values() if c.id.startswith("pytorch/")]


def counts(concepts: Sequence[Concept]) -> str:
    """How large the deck is, in the words of its README."""
    return f"{len(concepts)} concepts, {sum(len(c.questions) for c in concepts)} questions"


def picture(concepts: Iterable[Concept]) -> str:
    """A Mermaid flowchart: each concept to the right of all that it requires."""
    lines = ["```mermaid", "flowchart LR"]
    arrows = []
    for concept in concepts:
        lines.append(f'  {_node(concept.id)}["{_label(concept.title)}"]:::{_deck(concept.id)}')
        arrows += [f"  {_node(other)} --> {_node(concept.id)}" for other in concept.requires]
    lines += arrows
    lines += [
        f"  classDef {deck} fill:{colour},stroke:{colour},color:#ffffff"
        for deck, colour in _COLOURS.items()
    ]
    return "\n".join([*lines, "```", ""])


def _deck(concept: str) -> str:
    return concept.split("/")[-2]


def _node(concept: str) -> str:
    return "_".join(concept.split("/")[-2:]).replace("-", "_")


def _label(title: str) -> str:
    return title.replace("`", "").replace('"', "#quot;")


if __name__ == "__main__":
    deck = pytorch(cards())
    text = COUNTS.sub(counts(deck), README.read_text("utf-8"))
    README.write_text(PICTURE.sub(lambda _: picture(deck), text), "utf-8")
