"""What every answer area has in common, whatever the kind of question.

An area takes the learner's answer and says what it was in a message; the screen decides what
follows. Once answered it shows how the answer compares.
"""

from __future__ import annotations

from textual.containers import Vertical
from textual.message import Message

from quiz.study.values import Asked


class AnswerArea(Vertical):
    """Base of the answer areas."""

    DEFAULT_CSS = """
    AnswerArea {
        height: auto;
        & > Static { height: auto; }
        & > .keys { color: $text-muted; margin: 1 0 0 0; }
        & Input { margin: 0; }
    }
    """

    class Checked(Message):
        """The answer was compared with the card's."""

        def __init__(self, answer: str, *, passed: bool, share: float | None = None) -> None:
            super().__init__()
            self.answer = answer
            self.passed = passed
            self.share = share

    class Submitted(Message):
        """The answer is to be run."""

        def __init__(self, answer: str) -> None:
            super().__init__()
            self.answer = answer

    def __init__(self, asked: Asked) -> None:
        super().__init__(id="answer")
        self.asked = asked
        self.answered = False

    @property
    def text(self) -> str:
        """The answer as it stands."""
        return ""

    def take_focus(self) -> bool:
        """Put the cursor where the answer goes. False where there is nothing to type or pick."""
        return False

    def submit(self) -> None:
        """Check the answer, or have it run."""

    def reveal(self) -> None:
        """Show what is right, whatever was answered so far."""
        self.answered = True
