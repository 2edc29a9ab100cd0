"""A small job of our own, done by every jail before it says that it is ready.

A forked process pays for each page of memory at its first touch: a thousand of them, some seven
milliseconds, for the parts of Python and torch that every grade uses. They are paid while nobody
waits.
"""

from __future__ import annotations

from quiz.grade import runner
from quiz.grade.protocol import Message, decode, encode

_CASES = """\
yield torch.tensor([[2, 5], [4, 3]]), torch.randn(2, 3)
yield torch.randint(0, 3, (4, 5)), 2.5
"""
_ANSWER = """\
def f(a: torch.Tensor, b):
    c = a.float() * 2 + 1
    return (c > 0) & ~(c == 1), torch.where(c > 2, c, -c).mean(), {"b": b}, [c.tolist()]
"""
_JOB = {
    "t": "job",
    "form": "function",
    "limits": {},
    "seed": 0,
    "device": "cpu",
    "snippets": {"<cases>": {"text": _CASES, "line": 1}},
    "order": {
        "name": "<answer>",
        "text": _ANSWER,
        "line": 1,
        "forbid": ["torch.add"],
        "require": [],
        "max_lines": 9,
    },
    "entry": "f",
    "grad": False,
    "alias": False,
}


class _Stage:
    """A channel to nobody."""

    def receive(self) -> Message:
        return decode(encode(Message(_JOB)))

    def send(self, message: Message) -> None:
        encode(message)

    def printed(self) -> str:
        return ""


def rehearse() -> None:
    """Does the job. What it leaves behind (seeds, `__main__`), every job sets anew."""
    runner.run(_Stage())
