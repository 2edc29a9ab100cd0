"""What a form of question is, and those of scripts and tests, each a plan for one or two jails."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from quiz.grade import feedback, source
from quiz.grade.asserts import SPECIAL
from quiz.grade.compare import Comparison, compare, incomparable
from quiz.grade.elements import Tolerance
from quiz.grade.printing import printed_case, prints
from quiz.grade.problems import CardFault, Problem
from quiz.grade.protocol import Message, ProtocolError, Role
from quiz.grade.source import ANSWER, Snippet
from quiz.grade.values import Value, decode
from quiz.language import _, counted, mark
from quiz.model.question import Code, Fence, Rules
from quiz.model.verdict import Case, Grid, Outcome


class Court(Protocol):
    """What a form asks of the judging it belongs to."""

    cases: dict[int, Case]
    problems: dict[Role, Problem]
    settled: set[Role]

    def job(self, role: Role, code: Snippet | None = None, **more: Any) -> None: ...  # noqa: ANN401
    def run(self, role: Role, code: Snippet) -> None: ...
    def send(self, role: Role, message: Message) -> None: ...
    def decide(self, index: int, case: Case) -> None: ...
    def fault(self, role: Role, problem: Problem) -> None: ...


class Form:
    """A plan: which jails are used, and what their messages mean."""

    roles = frozenset({Role.ANSWER, Role.REFERENCE})
    noun = mark("function")
    count = 0
    """Cases that must be decided for a pass."""

    def __init__(self, court: Court) -> None:
        self.court = court

    @staticmethod
    def counted_cases(number: int) -> str:
        """So many of what it decides: `2 cases`."""
        return counted("{n} case", "{n} cases", number)

    def start(self) -> None:
        """Sends the jobs; raises SyntaxError or CardFault where the card is at fault."""
        raise NotImplementedError

    def given(self, answer: Snippet) -> None:
        """The answer is there."""
        self.court.run(Role.ANSWER, answer)

    def hear(self, role: Role, kind: str, message: Message) -> None:
        """Takes a message of this form's own; raises ProtocolError for one out of order."""
        raise NotImplementedError

    def complete(self, role: Role) -> bool:
        """Whether a role has said all that it must, so that it may be done."""
        raise NotImplementedError

    def drawing(self) -> bool:
        """Whether the answer's jail is still busy with the card's own cases."""
        return False

    def current(self) -> tuple[int, str, int] | None:
        """Index, call and size of the case that the answer is busy with."""
        return None

    def second_look(self) -> bool:
        """Whether a failure must be checked against the solution first; sends for it."""
        return False

    def spot(self, index: int) -> tuple[int | None, int | None]:
        """Line and column of the answer that a failed case is about."""
        return None, None


def card_snippet(fence: Fence, name: str) -> Snippet:
    """A fence as a snippet that keeps its file's line numbers."""
    return Snippet(source.normalise(fence.text), f"<{name}>", max(1, fence.line))


def tolerance(rules: Rules) -> Tolerance:
    """What the fence's attributes allow."""
    return Tolerance(rules.rtol, rules.atol, rules.exact)


def blob(message: Message) -> bytes:
    """The one block of bytes of a message that has it."""
    if len(message.blobs) != 1:
        raise ProtocolError("a message without its bytes")
    return message.blobs[0]


def compared(
    expected: Value,
    got: Value,
    found: Comparison,
    *,
    call: str,
    size: int,
    printed: str = "",
    text: str | None = None,
) -> Case:
    """The case of a finished comparison, with all that a learner sees of it.

    `text` is what is shown for `expected`, where that is known.
    """
    text = feedback.shown(expected) if text is None else text
    return Case(
        Outcome.PASS if found.equal else Outcome.WRONG,
        call,
        text,
        text if feedback.looks_alike(expected, got) else feedback.shown(got),
        tuple(found.differences),
        found.share,
        found.worst,
        *_grids(expected, got, found),
        printed,
        size=size,
    )


def _grids(expected: Value, got: Value, found: Comparison) -> tuple[Grid | None, Grid | None]:
    """The first tensor that differs, as it should be and as it is; none where none does.

    Where no element could be compared, as with another shape, both values if they are tensors.
    """
    if found.equal:
        return None, None
    if not found.tensors:
        return feedback.grid(expected.data), feedback.grid(got.data)
    first = found.tensors[0]
    part = first.differs, first.worst.index, first.path
    return feedback.grid(first.expected, *part), feedback.grid(first.got, *part)


class ScriptForm(Form):
    """A snippet after `setup`: its last value, the names it binds, the objects it changes."""

    def __init__(self, court: Court, program: Code) -> None:
        super().__init__(court)
        self.program = program
        self.ran: dict[Role, Mapping[str, Any]] = {}
        self.values: dict[Role, tuple[Mapping[str, Any], bytes]] = {}

    @staticmethod
    def counted_cases(number: int) -> str:
        return counted("{n} comparison", "{n} comparisons", number)

    def start(self) -> None:
        code = card_snippet(self.program.solution, "solution")
        source.parse(code)
        self.court.job(Role.REFERENCE, code)
        self.court.job(Role.ANSWER)

    def hear(self, role: Role, kind: str, message: Message) -> None:
        if kind == "ran" and role not in self.ran:
            header = message.header
            self.ran[role] = header
            if role is Role.REFERENCE:
                self._names, self._objects = _texts(header["bound"]), _texts(header["changed"])
                self._skip_value = header["is_state"] is True
                self._ask(role)
            if len(self.ran) == 2:
                self._ask(Role.ANSWER)
        elif kind == "values" and role in self.ran and role not in self.values:
            self.values[role] = message.header, blob(message)
            if len(self.values) == 2:
                self._decide()
        else:
            raise ProtocolError("a message out of order")

    def complete(self, role: Role) -> bool:
        return role in self.values

    def _ask(self, role: Role) -> None:
        # What the solution binds is told to the answer's jail only once the answer has run.
        header = {"t": "ask", "names": self._names, "objects": self._objects}
        self.court.send(role, Message(header))

    def _decide(self) -> None:
        ours, theirs = self.values[Role.REFERENCE], self.values[Role.ANSWER]
        expected, got = _parts(*ours), _parts(*theirs)
        expected = {
            name: value
            for name, value in expected.items()
            if not (name == _LAST and (value.kind == "none" or self._skip_value))
        }
        telling = {name: value for name, value in expected.items() if not _is_tool(value)}
        expected = telling or {n: v for n, v in expected.items() if incomparable(v) is None}
        for name, value in expected.items():
            if why := incomparable(value, f"`{name}`"):
                self.court.fault(Role.REFERENCE, Problem(Outcome.CARD_ERROR, why, phase="card"))
                return
        if not expected:
            printed, got_printed = (
                str(self.ran[r]["printed"]) for r in (Role.REFERENCE, Role.ANSWER)
            )
            if prints(printed):
                self.count = 1
                self.court.decide(0, printed_case(printed, got_printed, call=_(_PRINTED), size=1))
                return
            why = _(
                "the solution ends in no value, binds no name, changes nothing of the setup "
                "and prints nothing."
            )
            self.court.fault(Role.REFERENCE, Problem(Outcome.CARD_ERROR, why, phase="card"))
            return
        self.count = len(expected)
        for index, (name, value) in enumerate(expected.items()):
            size = feedback.size([value])
            call = _(name) if name == _LAST else name
            if name in got:
                found = compare(value, got[name], tolerance(self.program.rules))
                case = compared(value, got[name], found, call=call, size=size)
            else:
                why = (
                    _("The last line should be an expression that gives the value.")
                    if name == _LAST
                    else _("The name `{name}` is missing: the snippet should bind it.")
                ).format(name=name)
                text = feedback.shown(value)
                case = Case(Outcome.WRONG, call, text, "", (why,), size=size)
            self.court.decide(index, case)


_LAST = mark("the last value")
_PRINTED = mark("what it prints")
_TOOLS = ("function", "type", "module", "RemovableHandle")
"""Classes of what a script may well bind and what says nothing of the outcome by itself."""


def _is_tool(value: Value) -> bool:
    """Whether this is one of those, or holds nothing else: the handles of hooks."""
    if value.kind in ("list", "dict") and value.items:
        return all(map(_is_tool, value.items))
    return value.type in _TOOLS and (value.kind == "no" or value.type == "function")


def _parts(header: Mapping[str, Any], data: bytes) -> dict[str, Value]:
    """What a script left, by how it is called."""
    found: dict[str, Value] = {}
    for name, node in header["names"]:
        found[str(name)] = decode(node, data)
    for name, node in header["objects"]:
        # Bound anew and changed as well: the name and the object are two questions then.
        key = _("{name} of the setup").format(name=name) if name in found else str(name)
        found[key] = decode(node, data)
    for node in header["value"][:1]:
        found[_LAST] = decode(node, data)
    return found


def _texts(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ProtocolError("something that should be names")
    return value


_OVERRIDES = (
    "__eq__", "__contains__", "__lt__", "__gt__", "__le__", "__ge__", "total_ordering",
    "__torch_function__", *SPECIAL,
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
        self.court.job(Role.ANSWER)

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
        else:
            raise ProtocolError("a message out of order")

    def complete(self, role: Role) -> bool:
        return self.at.get(role) == len(self.tests)

    def current(self) -> tuple[int, str, int] | None:
        at = self.at.get(Role.ANSWER, -1)
        return (at, self.tests[at], at) if 0 <= at < len(self.tests) else None

    def second_look(self) -> bool:
        failed = [c for c in self.court.cases.values() if c.outcome is not Outcome.PASS]
        ended = Role.REFERENCE in self.court.settled or Role.ANSWER in self.court.problems
        if ended or not failed:
            return False
        if Role.REFERENCE not in self.at:
            # One look at the solution; `at` will count its tests once it is defined.
            code = card_snippet(self.program.solution, "solution")
            self.court.job(Role.REFERENCE, code)
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
