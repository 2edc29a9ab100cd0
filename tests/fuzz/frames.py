"""Mutated frames: whatever an answer's jail sends, the judge refuses it or reads it, and goes on.

Real conversations with wrong answers are recorded once; then one frame or the stream of each is
changed. No mutation may be given a pass, break the judge, hold it up, or make it take more memory
than the caps allow.
"""

from __future__ import annotations

import random
import resource
from collections.abc import Callable

from quiz.grade.judge import Judging
from quiz.grade.judging import Bench, ended
from quiz.grade.protocol import (
    MAX_BLOBS,
    MAX_HEADER,
    Ending,
    Frames,
    Message,
    ProtocolError,
    Role,
    Step,
    encode,
    program_to_json,
)
from quiz.model.question import Code, Fence, Predict, Rules
from tests.fuzz.campaign import campaign
from tests.grade.pump import pump

SLOW = 2.0
"""Seconds that reading one conversation may take."""
_JSON = (
    b"null", b"true", b"-1", b"1e999", b"NaN", b"9" * 40, b'""', b"[]", b"{}", b"[" * 2000,
    b'"\\ud800"', b'"tensor"', b'"float32"', b'{"k":"tensor"}', b"18446744073709551616",
    b"4503599627370496", b'"index":0', b'"index":-1', b'"t":"done"', b'"t":"case"', b'"sizes":[0]',
)  # fmt: skip


def programs() -> list[tuple[Code | Predict, str]]:
    """A program of each form, with a wrong answer."""
    cases = "yield torch.ones(2, 3)\nyield torch.arange(4).reshape(2, 2)\n"
    tests = "def test_f():\n    assert f(1) == 2\ndef test_g():\n    assert f(2) == 4\n"
    setup = Fence("m = nn.Linear(2, 1)\nx = torch.ones(3, 2)\n", 1)
    return [
        (
            Code(Fence("def f(a):\n    return {'a': a * 2, 'b': [1, None, 'x']}\n", 1),
                 cases=Fence(cases, 1), rules=Rules(alias=True)),
            "def f(a):\n    print(a)\n    return {'a': a * 3, 'b': [1, None, 'y']}\n",
        ),
        (
            Code(Fence("def f():\n    return nn.Linear(3, 2)\n", 1),
                 cases=Fence("yield call().then(torch.ones(4, 3))\n", 1)),
            "def f():\n    return nn.Linear(3, 2, bias=False)\n",
        ),
        (Code(Fence("y = m(x).sum()\ny.backward()\n", 1), setup=setup), "y = m(x).mean()\n"),
        (Code(Fence("def f(a):\n    return a * 2\n", 1), test=Fence(tests, 1)),
         "def f(a):\n    return a\n"),
        (Predict(Fence("print(torch.arange(3))\nprint('가')\n", 1)), "tensor([0, 1])"),
    ]  # fmt: skip


Said = list[tuple[Role, bytes]]


class _Recorder(Judging):
    """Notes every frame that the jails send."""

    said: Said

    def feed(self, role: Role, message: Message) -> Step:
        self.said.append((role, encode(message)))
        return super().feed(role, message)


def recorded(program: Code | Predict, answer: str, seed: int) -> Said:
    """What the jails say in one grade."""
    judging = _Recorder(program, seed, "cpu")
    judging.said = []
    for _ in pump(judging, answer, 30):
        pass
    return judging.said


def _flip(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _cut(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data))]


def _span(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.randint(1, 40) :]


def _repeat(rng: random.Random, data: bytes) -> bytes:
    return data * rng.choice((2, 2, 3, 50))


def _noise(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + rng.randbytes(rng.choice((1, 4, 8, 300))) + data[at:]


def _value(rng: random.Random, data: bytes) -> bytes:
    """Another value in the header, with lengths that fit."""
    length = int.from_bytes(data[:4], "big")
    header, blobs = data[8 : 8 + length], data[8 + length :]
    ends = [i for i, byte in enumerate(header) if byte in b',:[{}]"']
    if not ends:
        return _flip(rng, data)
    start = rng.choice(ends) + 1
    stop = rng.choice([end for end in ends if end >= start] or [start])
    header = header[:start] + rng.choice(_JSON) + header[stop:]
    return len(header).to_bytes(4, "big") + len(blobs).to_bytes(4, "big") + header + blobs


MUTATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _flip, _cut, _span, _repeat, _noise, _value, _value, _value,
)  # fmt: skip


def answers(said: Said) -> list[int]:
    """Which frames are the answer's (a program's, where that alone is run)."""
    role = Role.ANSWER if any(one is Role.ANSWER for one, _ in said) else Role.REFERENCE
    return [at for at, (one, _) in enumerate(said) if one is role]


def mutated(rng: random.Random, said: Said) -> Said:
    """The conversation with something else in it from the answer's side."""
    said = list(said)
    own = answers(said)
    at = rng.choice(own)
    for _ in range(rng.choice((1, 1, 1, 2))):
        said[at] = said[at][0], rng.choice(MUTATIONS)(rng, said[at][1]) or b"\0"
    if rng.random() < 0.1:
        other = rng.choice(own)
        said[at], said[other] = said[other], said[at]
    return said


def problem(program: Code | Predict, answer: str, seed: int, said: Said) -> str:
    """What is wrong with how the judge takes it; empty when all is well."""
    bench = Bench()
    order = {"t": "grade", "id": 1, "program": program_to_json(program)}
    reply = bench.answer(Message({**order, "seed": seed, "device": "cpu"}))
    reply = bench.answer(Message({"t": "answer", "id": 1, "answer": answer})) or reply
    streams = {role: Frames() for role in Role}
    gone: set[Role] = set()
    for role, data in said:
        if role in gone:
            continue
        head = {"id": 1, "role": role.value}
        try:
            frames = tuple(streams[role].feed(data))
            reply = bench.answer(Message({"t": "from", **head}, frames)) or reply
        except ProtocolError:
            gone.add(role)
            reply = bench.answer(ended(1, role, Ending(garbage=True))) or reply
        if reply is not None and reply.type == "failed":
            return str(reply.header["why"])
        if reply is not None and (verdict := reply.header["verdict"]):
            if verdict["outcome"] in ("pass", "grader-error"):
                return f"the verdict is {verdict['outcome']}"
            return ""
    return ""


def run(count: int, seed: int) -> int:
    """Mutate and judge `count` conversations; prints what was found, returns the exit code."""
    talks = [(*one, recorded(*one, seed=7)) for one in programs()]
    for program, answer, said in talks:
        assert not problem(program, answer, 7, said)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def attempt(chance: str) -> str:
        rng = random.Random(chance)
        program, answer, said = rng.choice(talks)
        return problem(program, answer, 7, mutated(rng, said))

    found, slowest = campaign(count, seed, "conversations", attempt)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    print(f"memory grew by {grown >> 20} MiB")  # noqa: T201
    return 1 if found or slowest > SLOW or grown > MAX_HEADER + MAX_BLOBS else 0
