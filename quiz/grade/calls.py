"""The function form: the same calls on both sides, compared case by case as they come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from quiz.grade import feedback, source
from quiz.grade.compare import Comparison, compare, incomparable
from quiz.grade.elements import Tolerance
from quiz.grade.forms import Court, Form, blob, card_snippet, compared, tolerance
from quiz.grade.inputs import SIZE
from quiz.grade.printing import printed_case, prints
from quiz.grade.problems import CardFault, Problem
from quiz.grade.protocol import Message, ProtocolError, Role
from quiz.grade.source import ANSWER
from quiz.grade.values import TensorFacts, Value, decode
from quiz.language import _, mark
from quiz.model.question import Code
from quiz.model.verdict import Case, Outcome


@dataclass(slots=True)
class _Outcome:
    """What one side made of one case."""

    printed: str
    problem: Problem | None = None
    results: list[Value] = field(default_factory=list)
    text: str = ""
    """What the solution's results are shown as: worked out while its answer is not there yet."""
    state: Value | None = None
    inputs: list[tuple[str, str, Value | None]] = field(default_factory=list)
    """Name, fingerprint after the call, and the value where it says that it changed."""
    changed: dict[str, Value] = field(default_factory=dict)
    """Inputs whose fingerprint is not that of what was drawn."""
    stirred: dict[str, Value] = field(default_factory=dict)
    """Inputs that hold or require other gradients than what was drawn."""
    alias: dict[str, list[list[int]]] = field(default_factory=dict)
    """What its results share: with the inputs (`given`), and among themselves (`twice`)."""
    grads: dict[str, Value] = field(default_factory=dict)

    @property
    def is_silent(self) -> bool:
        """Whether the call returned nothing and changed no bytes."""
        return not self.changed and all(result.kind == "none" for result in self.results)

    @property
    def is_void(self) -> bool:
        """Whether nothing at all came of the call."""
        left = self.stirred or self.state or any(g.kind != "none" for g in self.grads.values())
        return self.is_silent and not left and not prints(self.printed)


class FunctionForm(Form):
    """`cases` yields calls of the target."""

    def __init__(self, court: Court, program: Code) -> None:
        super().__init__(court)
        self.program = program
        self.entry = ""
        self.drawn: dict[Role, Mapping[str, Any]] = {}
        self.calls: list[tuple[str, int]] = []
        self.defined: set[Role] = set()
        self.outcomes: dict[Role, list[_Outcome]] = {Role.ANSWER: [], Role.REFERENCE: []}
        self.states: dict[tuple[Role, int], tuple[Any, Value, bytes]] = {}
        self.answered: set[int] = set()
        self.unlike: dict[int, str] = {}
        self.spots: dict[int, tuple[int | None, int | None]] = {}

    def start(self) -> None:
        code = card_snippet(self.program.solution, "solution")
        tree = source.parse(code)
        entry = self.program.rules.entry or source.entry_name(tree)
        if entry is None:
            raise CardFault(_("The card's solution defines no function or class to call."))
        self.entry = entry
        self.noun = mark("class") if source.is_class(tree, entry) else mark("function")
        self.parameters = source.parameters(tree, entry)
        self.means_gradients = source.means_gradients(tree)
        self.court.job(Role.REFERENCE, code, entry=entry)
        self.court.job(Role.ANSWER, entry=entry)

    def hear(self, role: Role, kind: str, message: Message) -> None:
        header = message.header
        if kind == "drawn" and role not in self.drawn:
            self._draw(role, header, message)
        elif kind == "defined" and role in self.drawn and role not in self.defined:
            self.defined.add(role)
        elif kind == "state" and role in self.defined:
            self._state(role, header, message)
        elif kind == "case" and role in self.defined:
            self._case(role, header, message)
        elif kind == "left" and len(self.outcomes[role]) == len(self.calls):
            self.leave(role, header)
        else:
            raise ProtocolError("a message out of order")

    def complete(self, role: Role) -> bool:
        return role in self.left

    def drawing(self) -> bool:
        return Role.ANSWER not in self.drawn

    def current(self) -> tuple[int, str, int] | None:
        index = len(self.outcomes[Role.ANSWER])
        if Role.ANSWER not in self.defined or index >= len(self.calls):
            return None
        return index, *self.calls[index]

    def spot(self, index: int) -> tuple[int | None, int | None]:
        return self.spots.get(index, (None, None))

    # -- what will be asked

    def _draw(self, role: Role, header: Mapping[str, Any], message: Message) -> None:
        self.drawn[role] = header
        if len(self.drawn) == 2:
            if not self._same_inputs():
                why = _(
                    "its `cases` differ from run to run under one seed; "
                    "draw random numbers with torch or random only."
                )
                self._blame(why)
            return
        # No line of the answer has run yet on either side, so the first to speak is believed.
        data = blob(message)
        self.calls = [self._call(parts, data) for parts in header["calls"]]
        self.count = len(self.calls)
        if not self.calls:
            self._blame(_("its `cases` yield nothing."))

    def _blame(self, why: str) -> None:
        self.court.fault(Role.REFERENCE, Problem(Outcome.CARD_ERROR, why, phase="card"))

    def _same_inputs(self) -> bool:
        ours, theirs = self.drawn[Role.REFERENCE], self.drawn[Role.ANSWER]
        return bool(ours["marks"] == theirs["marks"])

    def _call(self, parts: list[Mapping[str, Any]], data: bytes) -> tuple[str, int]:
        text, size = "", 0
        for number, part in enumerate(parts):
            args = [decode(node, data) for node in part["args"]]
            kwargs = [(str(key), decode(node, data)) for key, node in part["kwargs"]]
            size += feedback.size([*args, *(value for _name, value in kwargs)])
            name = "" if number else self.entry
            text += feedback.call_text(name, args, kwargs)
        return text, size

    # -- the weights of a module

    def _state(self, role: Role, header: Mapping[str, Any], message: Message) -> None:
        index, data = header["index"], blob(message)
        if index != len(self.outcomes[role]) or (role, index) in self.states:
            raise ProtocolError("a state out of order")
        self.states[role, index] = header["state"], decode(header["state"], data), data
        if role is Role.REFERENCE:
            self._weights(role, None)
        self._supply(index)

    def _supply(self, index: int) -> None:
        """Answers the learner's module once the solution's is known, or known to be none."""
        theirs = self.states.get((Role.ANSWER, index))
        if theirs is None or index in self.answered:
            return
        ours = self.states.get((Role.REFERENCE, index))
        if ours is None:
            if len(self.outcomes[Role.REFERENCE]) > index:
                self.answered.add(index)
                self._weights(Role.ANSWER, None)
            return
        self.answered.add(index)
        mine, other = _shapes(ours[1]), _shapes(theirs[1])
        if mine == other:
            self._weights(Role.ANSWER, (ours[0], ours[2]))
        else:
            self.unlike[index] = _(
                "The solution's weights could not be loaded for the comparison: "
                "expected {expected}; the answer has {got}."
            ).format(expected=_listed(mine), got=_listed(other))
            self._weights(Role.ANSWER, None)

    def _weights(self, role: Role, state: tuple[Any, bytes] | None) -> None:
        if state is None:
            self.court.send(role, Message({"t": "weights", "fits": False}))
        else:
            header = {"t": "weights", "fits": True, "state": state[0]}
            self.court.send(role, Message(header, (state[1],)))

    # -- what came of it

    def _case(self, role: Role, header: Mapping[str, Any], message: Message) -> None:
        index = header["index"]
        if index != len(self.outcomes[role]) or index >= len(self.calls):
            raise ProtocolError("a case out of order")
        outcome = _outcome(header, blob(message))
        if outcome.problem is None:
            marks = [str(mark) for mark in self.drawn[role]["marks"][index]]
            outcome.changed = _changed(outcome.inputs, marks, slice(2 * SIZE))
            outcome.stirred = _changed(outcome.inputs, marks, slice(2 * SIZE, None))
        self.outcomes[role].append(outcome)
        if role is Role.REFERENCE:
            self._reference(index, outcome)
            self._supply(index)
        others = [len(found) > index for found in self.outcomes.values()]
        if all(others):
            ours, theirs = (self.outcomes[r][index] for r in (Role.REFERENCE, Role.ANSWER))
            if ours.problem is None:
                self.court.decide(index, self._decided(index, ours, theirs))

    def _reference(self, index: int, outcome: _Outcome) -> None:
        """The solution must give something that can be compared."""
        call = self.calls[index][0]
        if outcome.problem is not None:
            problem = outcome.problem
            message = f"`{call}`: {problem.message}"
            self.court.fault(Role.REFERENCE, replace(problem, message=message, phase="solution"))
            return
        for result in [*outcome.results, *outcome.changed.values()]:
            if why := incomparable(result):
                message = f"`{call}`: {why}"
                self.court.fault(Role.REFERENCE, Problem(Outcome.CARD_ERROR, message, phase="card"))
                return
        outcome.text = feedback.shown(_one(outcome.results))
        if index == len(self.calls) - 1 and all(o.is_void for o in self.outcomes[Role.REFERENCE]):
            self._blame(_("its solution returns nothing, changes nothing and prints nothing."))

    def _decided(self, index: int, ours: _Outcome, theirs: _Outcome) -> Case:
        call, size = self.calls[index]
        if theirs.problem is not None:
            if theirs.problem.origin == ANSWER:
                self.spots[index] = theirs.problem.line, theirs.problem.column
            return theirs.problem.case(call, size, theirs.printed)
        rules = self.program.rules
        allowed = tolerance(rules)
        expected, got = _one(ours.results), _one(theirs.results)
        path = _("result") if len(ours.results) > 1 else ""
        found = compare(expected, got, allowed, path, gradients=False)
        self._changes(ours, theirs, allowed, found)
        if ours.is_silent and found.equal and not ours.stirred and prints(ours.printed):
            return printed_case(ours.printed, theirs.printed, call=call, size=size)
        if got.kind == "none" != expected.kind and prints(theirs.printed):
            found.add("", _("What is printed is not returned."))
        if ours.state and theirs.state and index not in self.unlike:
            _merge(found, compare(ours.state, theirs.state, allowed, _("state after the calls")))
        if rules.grad:
            self._gradients(ours, theirs, allowed, found)
        for kind, shared in ours.alias.items():
            if (other := theirs.alias.get(kind)) != shared:
                found.add("", _(_ALIAS[kind][bool(shared), bool(other)]))
        if not found.equal and index in self.unlike:
            found.add("", self.unlike[index])
        return compared(
            expected, got, found, call=call, size=size, printed=theirs.printed, text=ours.text
        )

    def _changes(
        self, ours: _Outcome, theirs: _Outcome, allowed: Tolerance, found: Comparison
    ) -> None:
        """What became of the inputs.

        Their gradients count where the solution means them, or where nothing else came of it.
        """
        stirred = ours.stirred if ours.is_silent or self.means_gradients else {}
        for name in theirs.changed.keys() - ours.changed.keys():
            said = _("It changes its input {name}, which should stay as it was.")
            found.add("", said.format(name=self._input(name)))
        if self.means_gradients:
            for name in theirs.stirred.keys() - {**ours.stirred, **ours.changed}.keys():
                said = _("It should not change `.grad` or `requires_grad` in its input {name}.")
                found.add("", said.format(name=self._input(name)))
        for name, value in {**stirred, **ours.changed}.items():
            if name in ours.changed and name not in theirs.changed:
                said = _("It should change its input {name} in place.")
                found.add("", said.format(name=self._input(name)))
            elif name not in ours.changed and name not in theirs.stirred:
                said = _("It should change `.grad` or `requires_grad` in its input {name}.")
                found.add("", said.format(name=self._input(name)))
            else:
                place = _("{name} after the call").format(name=self._input(name))
                after = {**theirs.stirred, **theirs.changed}[name]
                more = compare(value, after, allowed, place, gradients=name in stirred)
                _merge(found, more)

    def _gradients(
        self, ours: _Outcome, theirs: _Outcome, allowed: Tolerance, found: Comparison
    ) -> None:
        for name, value in ours.grads.items():
            spot = self._input(name)
            place = _("gradient of {name}").format(name=spot)
            other = theirs.grads.get(name)
            if value.kind == "none" and (other is None or other.kind == "none"):
                continue
            if other is None or other.kind == "none":
                said = _("No gradient reaches {name}: the graph is cut.")
                found.add("", said.format(name=spot))
            elif value.kind == "none":
                said = _("A gradient reaches {name}; it should not.")
                found.add("", said.format(name=spot))
            else:
                _merge(found, compare(value, other, allowed, place))

    def _input(self, name: str) -> str:
        """`0` as the parameter's name, where the solution gives it one."""
        after, _colon, place = name.rpartition(":")
        if not place.isdigit():
            return f"`{place}`"
        number = int(place)
        if not after and number < len(self.parameters):
            return f"`{self.parameters[number]}`"
        if after:
            said = _("argument {number} of call {call}")
            return said.format(number=number + 1, call=int(after) + 1)
        return _("argument {number}").format(number=number + 1)


_ALIAS = {
    "given": {
        (True, True): mark("The result shares memory with other inputs than it should."),
        (True, False): mark(
            "The result should be a view that shares memory with the input, not a copy."
        ),
        (False, True): mark("The result shares memory with an input; it should be a copy."),
        (False, False): mark("The result shares memory otherwise than it should."),
    },
    "twice": dict.fromkeys(
        [(True, True), (True, False)],
        mark("Parts of the result should be one and the same object."),
    )
    | {(False, True): mark("Parts of the result are one and the same object; each needs its own.")},
}
"""What is wrong, by what is shared, and by whether the solution and the answer share any of it."""


def _outcome(header: Mapping[str, Any], data: bytes) -> _Outcome:
    printed = str(header["printed"])
    if (failure := header.get("failure")) is not None:
        return _Outcome(printed, Problem.of(failure))
    state, held = header["state"], bytearray(data)
    return _Outcome(
        printed,
        results=[decode(node, held) for node in header["results"]],
        state=None if state is None else decode(state, held),
        inputs=[
            (str(name), str(mark), None if node is None else decode(node, held))
            for name, mark, node in header["inputs"]
        ],
        alias={
            kind: [[int(i), int(j)] for i, j in pairs]
            for kind, pairs in header.get("alias", {}).items()
            if kind in _ALIAS
        },
        grads={str(name): decode(node, held) for name, node in header.get("grads", [])},
    )


def _changed(
    inputs: list[tuple[str, str, Value | None]], before: list[str], part: slice
) -> dict[str, Value]:
    """The inputs that are not what they were, told by the fingerprints from before any answer.

    `part` is that of a fingerprint in hexadecimal that is looked at.
    """
    if len(inputs) != len(before):
        raise ProtocolError("other inputs than were drawn")
    found = {}
    for (name, after, value), was in zip(inputs, before, strict=True):
        if after[part] != was[part]:
            if value is None:
                raise ProtocolError("an input that changed and was not sent")
            found[name] = value
    return found


def _one(results: list[Value]) -> Value:
    return results[0] if len(results) == 1 else Value("list", "list", None, tuple(results))


def _merge(found: Comparison, more: Comparison) -> None:
    for sentence in more.differences:
        found.add("", sentence)
    found.tensors += more.tensors
    found.elements += more.elements


def _shapes(state: Value) -> dict[str, tuple[int, ...]]:
    return {
        str(key.data): item.data.shape
        for key, item in zip(state.keys, state.items, strict=True)
        if isinstance(item.data, TensorFacts)
    }


def _listed(shapes: Mapping[str, tuple[int, ...]]) -> str:
    names = [f"{name} {shape}" for name, shape in list(shapes.items())[:6]]
    return ", ".join(names) + (", …" if len(shapes) > 6 else "") if names else _("no weights")
