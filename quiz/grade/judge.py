"""The judge's side of one grade: what each jail is told, what its words mean, and the verdict.

`Judging` is a state machine without I/O. It takes every message as a claim: out of order, twice or
malformed, and the answer that sent it has failed. A card's failure is told from the learner's by
when it is said: until a jail has reported itself `prepared`, only the card's own code has run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from quiz.grade import source
from quiz.grade.calls import FunctionForm
from quiz.grade.examining import TestForm
from quiz.grade.forms import Form, ScriptForm, card_snippet
from quiz.grade.naming import with_article
from quiz.grade.predict import PredictForm
from quiz.grade.problems import CardFault, Problem, ending_problem, located
from quiz.grade.protocol import BROKEN, Ending, Message, ProtocolError, Role, Step
from quiz.grade.report import case_to_json, verdict_to_json
from quiz.grade.source import ANSWER, MAX_SOURCE, Snippet
from quiz.grade.visible import visible_case, visible_verdict
from quiz.language import _, mark
from quiz.model.question import Code, Fence, Predict
from quiz.model.question import Form as Kind
from quiz.model.verdict import Case, Outcome, Verdict

_BRIEF = 120
"""Characters of a call that a sentence has room for."""
_NUMBERS = re.compile(r"\[[^()]{16,}\]")
"""What a tensor is typed with; a sentence does without."""
_NONSENSE = mark("The code's process said what no honest run says; nothing of it counts.")


class Judging:
    """One grade."""

    def __init__(self, program: Code | Predict, seed: int, device: str) -> None:
        self.program = program
        self.answer: Snippet | None = None
        self.seed = seed
        self.device = device
        self.cases: dict[int, Case] = {}
        self.problems: dict[Role, Problem] = {}
        self.checked: set[Role] = set()
        self.prepared: set[Role] = set()
        self.settled: set[Role] = set()
        self.printed = ""
        self._send: list[tuple[Role, Message]] = []
        self._told: list[Case] = []
        self._verdict: Verdict | None = None
        self.form: Form | None = None

    # -- what the process half calls

    def start(self) -> Step:
        """All that can be done before the answer is there, or the verdict where none is needed."""
        wanted = self.program.rules.device
        if wanted is not None and wanted.partition(":")[0] != self.device.partition(":")[0]:
            said = _("This question needs the device `{device}`.").format(device=wanted)
            self._close(Outcome.SKIPPED, said)
        else:
            try:
                self.form = self._make_form()
                self.form.start()
            except SyntaxError as error:
                said = _("The card's code is not Python (line {line}): {why}.")
                said = said.format(line=error.lineno or 1, why=error.msg)
                self._close(Outcome.CARD_ERROR, said)
            except CardFault as fault:
                self._close(Outcome.CARD_ERROR, str(fault))
        return self._step()

    def given(self, answer: str) -> Step:
        """Takes the answer, once."""
        if self._verdict is None and self.form is not None and self.answer is None:
            self.answer = Snippet(source.normalise(answer), ANSWER)
            if len(self.answer.text) > MAX_SOURCE:
                self._close(Outcome.ERROR, _("The answer is longer than a grade can read."))
            else:
                self.form.given(self.answer)
                self._conclude()
        return self._step()

    def feed(self, role: Role, message: Message) -> Step:
        """Takes a jail's message."""
        if self._verdict is None and self.form is not None:
            try:
                self._hear(role, message)
            except (ProtocolError, KeyError, TypeError, ValueError, IndexError, AttributeError):
                self._gone(role, Problem(Outcome.ERROR, _(_NONSENSE)))
            self._conclude()
        return self._step()

    def ended(self, role: Role, ending: Ending) -> Step:
        """Takes the end of a jail's process."""
        if self._verdict is None and self.form is not None:
            if role not in self.settled or ending.garbage:
                if role is Role.REFERENCE and ending.status == BROKEN:
                    self._close(Outcome.GRADER_ERROR, _("The solution's own process broke."))
                    return self._step()
                problem = ending_problem(ending, self.program.rules)
                if (code := self._code(role)) is not None:
                    problem = located(problem, ending.where, code)
                self._gone(role, problem)
            self._conclude()
        return self._step()

    # -- what the forms call

    def job(self, role: Role, code: Snippet | None = None, **more: Any) -> None:  # noqa: ANN401
        """Sends a role its job: the card's own part, and the code to run where that is known."""
        rules = self.program.rules
        snippets = {}
        for name in ("setup", "cases"):
            fence: Fence | None = getattr(self.program, name, None)
            if fence is not None:
                snippets[f"<{name}>"] = card_snippet(fence, name)
        header = {
            "t": "job",
            "form": str(self.program.form),
            "limits": {
                "memory": rules.memory,
                "output": rules.output,
                "processes": rules.processes,
            },
            "seed": self.seed,
            "device": self.device,
            "snippets": {n: {"text": s.text, "line": s.line} for n, s in snippets.items()},
            "order": None if code is None else self._order(role, code),
            "grad": rules.grad,
            "alias": rules.alias,
            **more,
        }
        self.send(role, Message(header))

    def run(self, role: Role, code: Snippet) -> None:
        """Sends a role that has its job the code to run."""
        self.send(role, Message(self._order(role, code)))

    def _order(self, role: Role, code: Snippet) -> dict[str, Any]:
        """The code, and what it must keep to if it is the learner's."""
        rules = self.program.rules
        answer = role is Role.ANSWER
        return {
            "t": "code",
            "name": code.name,
            "text": code.text,
            "line": code.line,
            "forbid": list(rules.forbid) if answer else [],
            "require": list(rules.require) if answer else [],
            "max_lines": rules.lines if answer else None,
        }

    def send(self, role: Role, message: Message) -> None:
        """Sends a jail something."""
        self._send.append((role, message))

    def decide(self, index: int, case: Case) -> None:
        """Decides a case, once."""
        if index not in self.cases:
            case = visible_case(case)
            self.cases[index] = case
            self._told.append(case)

    def fault(self, role: Role, problem: Problem) -> None:
        """A role can go no further; the first problem stands."""
        self.problems.setdefault(role, problem)
        self.settled.add(role)

    # -- hearing

    def _code(self, role: Role) -> Snippet | None:
        """What a role was given to run; None for a program that predicts."""
        if role is Role.ANSWER:
            return self.answer
        if isinstance(self.program, Predict):
            return None
        return card_snippet(self.program.solution, "solution")

    def _gone(self, role: Role, problem: Problem) -> None:
        assert self.form is not None
        current = self.form.current()
        if role is Role.ANSWER and role not in self.settled and current is not None:
            index, call, size = current
            self.decide(index, problem.case(call, size, ""))
        self.fault(role, problem)

    def _make_form(self) -> Form:
        program = self.program
        if isinstance(program, Predict):
            return PredictForm(self, program)
        forms: dict[Kind, type[FunctionForm | ScriptForm | TestForm]] = {
            Kind.FUNCTION: FunctionForm,
            Kind.SCRIPT: ScriptForm,
            Kind.TEST: TestForm,
        }
        return forms[program.form](self, program)

    def _hear(self, role: Role, message: Message) -> None:
        assert self.form is not None
        if role in self.settled:
            raise ProtocolError("a message after the last one")
        header = message.header
        match message.type:
            case "checked" if role not in self.checked:
                self.checked.add(role)
                if breaches := header["breaches"]:
                    self._forbidden(breaches)
            case "prepared" if role not in self.checked | self.prepared:
                self.prepared.add(role)
            case "drawn" if role in self.prepared and role not in self.checked:
                # The card's own part, and over before any foreign line has run.
                self.form.hear(role, "drawn", message)
            case "failed":
                self._failed(role, header)
            case "done" if role in self.prepared and self.form.complete(role):
                self.settled.add(role)
            case "missing" if role in self.prepared:
                blank = self.answer is None or not self.answer.text.strip()
                self.fault(role, _missing(header, self.form.noun, blank=blank))
                self._print(role, header)
            case kind if role in self.checked & self.prepared and kind != "drawn":
                self.form.hear(role, kind, message)
                if kind in ("defined", "ran"):
                    self._print(role, header)
            case _:
                raise ProtocolError("a message out of order")

    def _print(self, role: Role, header: Mapping[str, Any]) -> None:
        if role is Role.ANSWER:
            self.printed += str(header.get("printed", ""))

    def _forbidden(self, breaches: list[Mapping[str, Any]]) -> None:
        first = breaches[0]
        message = " ".join(str(breach["message"]) for breach in breaches[:3])
        self._close(
            Outcome.FORBIDDEN, message, line=first["line"] or None, column=first["column"] or None
        )

    def _failed(self, role: Role, header: Mapping[str, Any]) -> None:
        assert self.form is not None
        failure = header["failure"]
        phase = str(header["phase"])
        problem = Problem.of(failure)
        if phase == "syntax" and role is Role.ANSWER and role not in self.checked:
            self._close(
                problem.outcome,
                problem.message,
                traceback=problem.traceback,
                line=problem.line,
                column=problem.column,
            )
            return
        if role is Role.ANSWER:
            self._print(role, header)
            if phase in ("setup", "cases"):
                # Believed only while no line of the answer has run.
                if role in self.prepared and not (phase == "cases" and self.form.drawing()):
                    raise ProtocolError("the card's part was over")
                self.fault(Role.REFERENCE, replace(problem, phase=phase))
                return
        self.fault(role, replace(problem, phase=phase))

    # -- concluding

    def _conclude(self) -> None:
        form = self.form
        if self._verdict is not None or form is None or self.answer is None:
            return
        theirs, ours = self.problems.get(Role.ANSWER), self.problems.get(Role.REFERENCE)
        # A syntax error or a forbidden word comes before anything the card may have wrong.
        heard = Role.ANSWER in self.checked | self.settled or Role.ANSWER not in form.roles
        if ours is not None:
            if heard:
                self._close(Outcome.CARD_ERROR, ours.blame(), traceback=ours.traceback)
        elif not form.roles <= self.settled or form.second_look():
            return
        elif theirs is not None:
            own = theirs.origin == ANSWER
            self._close(
                theirs.outcome,
                theirs.message,
                traceback=theirs.traceback,
                line=theirs.line if own else None,
                column=theirs.column if own else None,
            )
        else:
            self._by_cases(form)

    def _by_cases(self, form: Form) -> None:
        if set(self.cases) != set(range(form.count)) or not self.cases:
            self._close(Outcome.GRADER_ERROR, _("Not every case was decided."))
            return
        failed = {i: c for i, c in self.cases.items() if c.outcome is not Outcome.PASS}
        if not failed:
            self._close(Outcome.PASS, "")
            return
        index = min(failed, key=lambda i: (failed[i].size, i))
        first = failed[index]
        line, column = form.spot(index)
        self._close(
            first.outcome,
            _summary(first, len(failed), len(self.cases), form),
            traceback=first.traceback,
            line=line,
            column=column,
        )

    def _close(
        self,
        outcome: Outcome,
        message: str,
        *,
        traceback: str = "",
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        verdict = Verdict(
            outcome,
            message,
            tuple(self.cases[index] for index in sorted(self.cases)),
            traceback=traceback,
            line=line,
            column=column,
            printed=self.printed,
            seed=self.seed,
            device=self.device,
        )
        self._verdict = visible_verdict(verdict)

    def _step(self) -> Step:
        send, told = tuple(self._send), tuple(case_to_json(case) for case in self._told)
        self._send, self._told = [], []
        verdict = None if self._verdict is None else verdict_to_json(self._verdict)
        return Step(() if verdict else send, told, verdict)


def _summary(first: Case, failed: int, count: int, form: Form) -> str:
    """One sentence on the failed cases, of which `first` is the smallest.

    How a wrong result differs stands in its case; what an exception says is said at once.
    """
    call = first.call
    if len(call) > _BRIEF:
        call = source.quote(_NUMBERS.sub("[…]", call), _BRIEF)
    what = first.differences[0] if first.differences else _("it failed.")
    if not call:
        return what
    compared = first.outcome is Outcome.WRONG and first.expected
    if count == 1:
        wrong = _("`{call}` is wrong.").format(call=call)
        return wrong if compared else f"`{call}`: {what}"
    share = _("{failed} of {cases} failed").format(failed=failed, cases=form.counted_cases(count))
    if compared:
        return _("{share}; the smallest is `{call}`.").format(share=share, call=call)
    return f"{share}. `{call}`: {what}"


def _missing(header: Mapping[str, Any], noun: str, *, blank: bool) -> Problem:
    entry, found = str(header["entry"]), str(header["found"])
    defined = [str(name) for name in header["defined"]]
    if found:
        message = _("`{entry}` should be a {noun}, but it is {found}.")
    elif defined:
        message = _("The answer should define `{entry}`; it defines {names}.")
    elif blank:
        message = _("The answer is empty; it should define `{entry}`.")
    else:
        message = _("The answer should define `{entry}`; it defines no {noun}.")
    names = ", ".join(f"`{name}`" for name in defined)
    said = message.format(entry=entry, noun=_(noun), found=with_article(found), names=names)
    return Problem(Outcome.ERROR, said)
