"""The predict form: what the card's program prints, against what was typed."""

from __future__ import annotations

from quiz.grade import source
from quiz.grade.forms import Court, Form, blob, card_snippet
from quiz.grade.printing import folded, unlike_lines
from quiz.grade.problems import Problem
from quiz.grade.protocol import Message, ProtocolError, Role
from quiz.grade.source import Snippet
from quiz.language import _, counted
from quiz.model.question import Predict
from quiz.model.verdict import Case, Outcome


class PredictForm(Form):
    """What the card's program prints, against what was typed."""

    roles = frozenset({Role.REFERENCE})

    def __init__(self, court: Court, program: Predict) -> None:
        super().__init__(court)
        self.program = program
        self.count = 1
        self.typed: str | None = None
        self.printed: str | None = None

    def start(self) -> None:
        code = card_snippet(self.program.program, "program")
        source.parse(code)
        self.court.job(Role.REFERENCE, code)

    def given(self, answer: Snippet) -> None:
        self.typed = answer.text
        self._decide()

    def hear(self, role: Role, kind: str, message: Message) -> None:
        if kind != "output" or self.printed is not None:
            raise ProtocolError("a message out of order")
        self.printed = blob(message).decode("utf-8", "replace")
        if folded(self.printed):
            self._decide()
        else:
            why = _("the program prints nothing.")
            self.court.fault(role, Problem(Outcome.CARD_ERROR, why, phase="card"))

    def complete(self, role: Role) -> bool:
        return self.printed is not None

    def _decide(self) -> None:
        if self.typed is None or self.printed is None:
            return
        expected, typed = folded(self.printed), folded(self.typed)
        differences = unlike_lines(expected, typed)
        if len(expected) != len(typed):
            said = counted(
                "The program prints {n} line; you typed {typed}.",
                "The program prints {n} lines; you typed {typed}.",
                len(expected),
                typed=len(typed),
            )
            differences.append(said)
        case = Case(
            Outcome.WRONG if differences else Outcome.PASS,
            "",
            self.printed.strip("\n"),
            self.typed.strip("\n"),
            tuple(differences),
        )
        self.court.decide(0, case)
