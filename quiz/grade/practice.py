"""Small grades of our own, done in one process ahead of the real ones.

The zygote practises before it forks anything: what Python and torch do only at their first use is
then done, and Python has fitted its bytecode to what it meets, which it does where a function has
been called some dozen times. Every jail inherits both; the second took a quarter off its life.

The answer's part can be rehearsed by itself: it shows which pages of memory every grade writes to.
"""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from collections import deque
from collections.abc import Iterable

import torch

from quiz.grade import runner
from quiz.grade.judge import Judging
from quiz.grade.protocol import Message, Role, Step, decode, encode
from quiz.model.question import Code, Fence, Predict, Program, Rules

_ANSWER = """\
def f(a: torch.Tensor, b):
    c = a.float() * 2 + 1
    return (c > 0) & ~(c == 1), torch.where(c > 2, c, -c).mean(), {"b": b}, [c.tolist()]
"""
_FUNCTION = Code(
    Fence(_ANSWER, 1),
    cases=Fence(
        "yield torch.tensor([[2, 5], [4, 3]]), torch.randn(2, 3)\n"
        "yield torch.randint(0, 3, (4, 5)), 2.5\n",
        1,
    ),
    rules=Rules(forbid=("torch.add",), lines=9),
)
_SCRIPT = Code(Fence("y = x * 2\ny.sum()", 1), setup=Fence("x = torch.ones(2, 3)", 1))
_PREDICT = Predict(Fence("print(torch.ones(2) + 1)", 1))
# No test: the hooks that hide what it must not see cannot be taken back.
_GRADES: tuple[tuple[Program, str], ...] = (
    (_FUNCTION, _ANSWER),
    (_FUNCTION, _ANSWER.replace("+ 1", "- 1")),
    (_SCRIPT, "y = x + x"),
    (_PREDICT, "tensor([2., 2.])"),
)
_told: list[Message] = []
"""What the first grade's answer jail was told."""


def practise(times: int = 1) -> None:
    """Goes through whole grades, with one thread and without a trace.

    Call it after torch is imported and set to one thread, before foreign code is anywhere.
    """
    main = sys.modules["__main__"]
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        for _ in range(times):
            for program, answer in _GRADES:
                told = _grade(program, answer)
                _told.extend(() if _told else told)
    sys.modules["__main__"] = main
    # The public function would import the compiler.
    torch._C._set_deterministic_algorithms(False)


def rehearse() -> None:
    """Does the answer's part again. What it leaves behind (seeds, `__main__`), every job sets."""
    runner.run(_Repeated(_told))


def _grade(program: Program, answer: str) -> list[Message]:
    """What the answer's jail was told in the course of this grade."""
    judging = Judging(program, 0, "cpu")
    desk = _Desk(judging, answer)
    desk.obey(judging.start())
    for role in (Role.REFERENCE, Role.ANSWER):
        if desk.queues[role]:
            runner.run(_Staged(desk, role))
    return desk.told


class _Desk:
    """Between the judge and its two jails, which run one after the other."""

    def __init__(self, judging: Judging, answer: str) -> None:
        self.judging = judging
        self.answer = answer
        self.queues: dict[Role, deque[Message]] = {role: deque() for role in Role}
        self.told: list[Message] = []

    def obey(self, step: Step) -> None:
        for role, message in step.send:
            self.queues[role].append(message)
            if role is Role.ANSWER:
                self.told.append(message)


class _Staged:
    """A runner's channel to the desk."""

    def __init__(self, desk: _Desk, role: Role) -> None:
        self._desk = desk
        self._role = role

    def receive(self) -> Message:
        desk = self._desk
        if not desk.queues[self._role]:
            desk.obey(desk.judging.given(desk.answer))
        return decode(encode(desk.queues[self._role].popleft()))

    def send(self, message: Message) -> None:
        self._desk.obey(self._desk.judging.feed(self._role, decode(encode(message))))

    def printed(self) -> str:
        return ""


class _Repeated:
    """A channel that says what was said before, to nobody."""

    def __init__(self, told: Iterable[Message]) -> None:
        self._told = iter(told)

    def receive(self) -> Message:
        return decode(encode(next(self._told)))

    def send(self, message: Message) -> None:
        encode(message)

    def printed(self) -> str:
        return ""
