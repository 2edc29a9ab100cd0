"""The form of questions whose answers a card's own tests examine, one test at a time."""

from __future__ import annotations

import ast
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from quiz.grade import source
from quiz.grade.asserts import SPECIAL
from quiz.grade.forms import Court, Form, card_snippet
from quiz.grade.problems import CardFault, Problem
from quiz.grade.protocol import Message, ProtocolError, Role
from quiz.grade.source import ANSWER
from quiz.language import _, counted
from quiz.model.question import Code
from quiz.model.verdict import Case, Outcome

_OVERRIDES = (
    "__eq__", "__contains__", "__lt__", "__gt__", "__le__", "__ge__", "total_ordering",
    "__torch_function__", "__torch_dispatch__", *SPECIAL,
)  # fmt: skip
"""What an answer may only define for the tests to meet where the solution does so too."""


_FAILURES = ("AssertionError", "Failed")
"""By what a test fails: an assert, or `pytest.raises` and `pytest.fail`."""


class TestForm(Form):
    """`test_…` functions about the learner's names, handed over one at a time.

    The answer has run before the first test leaves the judge, and a result counts only with the
    number that went out with its test. Where a test fails, the solution is put to the same tests:
    if it fails too, the fault is the card's.
    """

    roles = frozenset({Role.ANSWER})

    def __init__(self, court: Court, program: Code) -> None:
        super().__init__(court)
        self.program = program
        assert program.test is not None
        self.snippet = card_snippet(program.test, "test")
        self.tests: tuple[str, ...] = ()
        self.bound: list[str] = []
        self.at: dict[Role, int] = {}
        self.nonces: dict[Role, str] = {}
        self.spots: dict[int, tuple[int | None, int | None]] = {}

    @staticmethod
    def counted_cases(number: int) -> str:
        return counted("{n} test", "{n} tests", number)

    def start(self) -> None:
        self.tests = source.tests(source.parse(self.snippet))[1]
        solution = source.parse(card_snippet(self.program.solution, "solution"))
        self.bound = sorted(source.all_bound(solution))
        if not self.tests:
            raise CardFault(_("The card's test fence holds no `def test_…()`."))
        self.count = len(self.tests)
        self.court.job(Role.ANSWER, **self._rests_on(solution))

    def _rests_on(self, solution: ast.Module) -> dict[str, Any]:
        """What the tests import, and whether no function of a library is to be replaced."""
        fences = [("setup", self.program.setup), ("test", self.program.test)]
        trees = [source.parse(card_snippet(f, name)) for name, f in fences if f is not None]
        imports = sorted({name for tree in trees for name in source.imports(tree)})
        return {"imports": imports, "watching": not any(map(source.replaces, [solution, *trees]))}

    def hear(self, role: Role, kind: str, message: Message) -> None:
        if kind == "defined" and role not in self.at:
            self.at[role] = -1
            self._next(role)
        elif kind == "tested" and self.at.get(role, -1) >= 0:
            header = message.header
            if header["nonce"] != self.nonces[role] or header["index"] != self.at[role]:
                raise ProtocolError("a result of no test")
            self._tested(role, self.at[role], header)
            self._next(role)
        elif kind == "left" and self._over(role):
            self.leave(role, message.header, self.bound)
        else:
            raise ProtocolError("a message out of order")

    def complete(self, role: Role) -> bool:
        return role in self.left

    def _over(self, role: Role) -> bool:
        return self.at.get(role) == len(self.tests)

    def current(self) -> tuple[int, str, int] | None:
        at = self.at.get(Role.ANSWER, -1)
        return (at, self.tests[at], at) if 0 <= at < len(self.tests) else None

    def second_look(self) -> bool:
        failed = [c for c in self.court.cases.values() if c.outcome is not Outcome.PASS]
        ended = Role.REFERENCE in self.court.settled or Role.ANSWER in self.court.problems
        doubtful = failed or self.left.altered.get(Role.ANSWER)
        if ended or not doubtful:
            return False
        if Role.REFERENCE not in self.at:
            # One look at the solution; `at` will count its tests once it is defined.
            code = card_snippet(self.program.solution, "solution")
            self.court.job(Role.REFERENCE, code, **self._rests_on(source.parse(code)))
            self.roles = frozenset({Role.ANSWER, Role.REFERENCE})
        return True

    def spot(self, index: int) -> tuple[int | None, int | None]:
        return self.spots.get(index, (None, None))

    def _next(self, role: Role) -> None:
        self.at[role] += 1
        index = self.at[role]
        if index == len(self.tests):
            self.court.send(role, Message({"t": "enough"}))
            return
        self.nonces[role] = secrets.token_hex(16)
        header = {
            "t": "test",
            "index": index,
            "name": self.tests[index],
            "nonce": self.nonces[role],
            "text": self.snippet.text,
            "line": self.snippet.line,
            "overrides": [word for word in _OVERRIDES if word in self.program.solution.text],
            "bound": self.bound,
        }
        self.court.send(role, Message(header))

    def _tested(self, role: Role, index: int, header: Mapping[str, Any]) -> None:
        failure, name = header["failure"], self.tests[index]
        if role is Role.REFERENCE:
            if failure is not None:
                problem = replace(Problem.of(failure), phase="solution")
                self.court.fault(role, replace(problem, message=f"{name}: {problem.message}"))
            return
        printed = str(header["printed"])
        if failure is None:
            self.court.decide(index, Case(Outcome.PASS, name, printed=printed, size=index))
            return
        problem = Problem.of(failure)
        if problem.type in _FAILURES and problem.origin == "<test>":
            message = problem.message.removeprefix(f"{problem.type}: ")
            problem = replace(problem, outcome=Outcome.WRONG, message=message)
        if problem.origin == ANSWER:
            self.spots[index] = problem.line, problem.column
        self.court.decide(index, problem.case(name, index, printed))
