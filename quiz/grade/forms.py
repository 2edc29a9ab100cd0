"""What a form of question is, a plan for one or two jails; and that of scripts."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any, Protocol

from quiz.grade import feedback, source
from quiz.grade.compare import Comparison, compare, incomparable
from quiz.grade.elements import Tolerance
from quiz.grade.printing import printed_case, prints
from quiz.grade.problems import Problem
from quiz.grade.protocol import Message, ProtocolError, Role
from quiz.grade.source import Snippet
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


class Leavings:
    """What became of the setup's objects, on both sides."""

    def __init__(self) -> None:
        self.changed: dict[Role, list[str]] = {}
        """Names of those that are not as they were in every way."""
        self.altered: dict[Role, list[str]] = {}
        """Names of those that hold other values."""

    def hear(self, role: Role, header: Mapping[str, Any]) -> None:
        """Takes a role's word; raises ProtocolError where it is none, or its second."""
        if role in self.changed:
            raise ProtocolError("what is left, once more")
        self.changed[role], self.altered[role] = map(texts, (header["changed"], header["altered"]))

    def __contains__(self, role: Role) -> bool:
        return role in self.changed

    def wrong(self, meant: Iterable[str] = ()) -> list[Case]:
        """A case for each that the answer alters and the solution leaves alone; none is of those
        that are `meant` to be bound anew.
        """
        right = {*self.changed[Role.REFERENCE], *meant}
        said = _("It changes `{name}`, which should stay as it was.")
        return [
            Case(Outcome.WRONG, name, differences=(said.format(name=name),), size=_LARGE)
            for name in self.altered[Role.ANSWER]
            if name not in right
        ]


_LARGE = 1 << 50
"""Size of what is read last: what was asked for comes first."""


class Form:
    """A plan: which jails are used, and what their messages mean."""

    roles = frozenset({Role.ANSWER, Role.REFERENCE})
    noun = mark("function")
    count = 0
    """Cases that must be decided for a pass."""

    def __init__(self, court: Court) -> None:
        self.court = court
        self.left = Leavings()

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

    def leave(self, role: Role, header: Mapping[str, Any], meant: Iterable[str] = ()) -> None:
        """Takes a role's word of what is left, and decides the cases that come of both."""
        self.left.hear(role, header)
        if Role.REFERENCE in self.left and Role.ANSWER in self.left:
            extra = self.left.wrong(meant)
            for index, case in enumerate(extra, self.count):
                self.court.decide(index, case)
            self.count += len(extra)

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
            self.left.hear(role, header)
            if role is Role.REFERENCE:
                self._names, self._objects = texts(header["bound"]), texts(header["changed"])
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
        self._moved = texts(theirs[0]["moved"])
        cases = [self._compared(name, value, got.get(name)) for name, value in expected.items()]
        printed, got_printed = (str(self.ran[r]["printed"]) for r in (Role.REFERENCE, Role.ANSWER))
        if not cases and prints(printed):
            cases = [printed_case(printed, got_printed, call=_(_PRINTED), size=1)]
        if not cases:
            why = _(
                "the solution ends in no value, binds no name, changes nothing of the setup "
                "and prints nothing."
            )
            self.court.fault(Role.REFERENCE, Problem(Outcome.CARD_ERROR, why, phase="card"))
            return
        cases += self.left.wrong(self._names)
        self.count = len(cases)
        for index, case in enumerate(cases):
            self.court.decide(index, case)

    def _compared(self, name: str, expected: Value, got: Value | None) -> Case:
        size = feedback.size([expected])
        call = _(name) if name == _LAST else name
        if got is not None:
            found = compare(expected, got, tolerance(self.program.rules))
            own = [o for o in self._objects if _called(o, self._names) == name]
            if not found.equal and own:
                found.differences[:0] = self._of_object(own[0])
            return compared(expected, got, found, call=call, size=size)
        why = (
            _("The last line should be an expression that gives the value.")
            if name == _LAST
            else _("The name `{name}` is missing: the snippet should bind it.")
        ).format(name=name)
        return Case(Outcome.WRONG, call, feedback.shown(expected), "", (why,), size=size)

    def _of_object(self, name: str) -> list[str]:
        """Why an object of the setup may not be what it should be."""
        if name in self._moved:
            said = _("The answer binds `{name}` anew; the setup's own object should change.")
            return [said.format(name=name)]
        if name not in self.left.changed[Role.ANSWER]:
            return [_("The answer leaves `{name}` as it was; it should change.").format(name=name)]
        return []


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
        found[_called(str(name), found)] = decode(node, data)
    for node in header["value"][:1]:
        found[_LAST] = decode(node, data)
    return found


def _called(name: str, bound: Container[str]) -> str:
    """What an object of the setup is called beside the names that the solution binds.

    Where it is bound anew and changed as well, the name and the object are two questions.
    """
    return _("{name} of the setup").format(name=name) if name in bound else name


def texts(value: object) -> list[str]:
    """The names that a message should hold; raises ProtocolError where it holds something else."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ProtocolError("something that should be names")
    return value
