"""What is remembered of a question's text, to know it again when its file was edited."""

from __future__ import annotations

from dataclasses import dataclass

from quiz.model.question import Kind


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A question's text as it was when last seen. Plain text, white space folded."""

    question: str
    """Its id then."""
    kind: Kind
    prompt: str
    answer: str
    """What decides the answer: answer text, options, accepted answers, gaps, or role fences."""
    explicit_anchor: bool = False

    @property
    def concept(self) -> str:
        return self.question.partition("#")[0]

    @property
    def deck(self) -> str:
        return self.concept.rpartition("/")[0]
