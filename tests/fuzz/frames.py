"""Mutated frames: whatever an answer's jail sends, the judge refuses it or reads it, and goes on.

Real conversations with wrong answers are recorded once; then one frame or the stream of each is
changed. No mutation may be given a pass, break the judge, hold it up, or make it take more memory
than the caps allow.
"""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable

from quiz.grade.judge import Judging
from quiz.grade.judging import Bench
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
    judging = _Recorder(program, answer, seed, "cpu")
    judging.said = []
    for _ in pump(judging, 30):
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


def mutated(rng: random.Random, said: Said) -> Said:
    """The conversation with something else in it from the answer's side (a program's, where that
    alone is run)."""
    said = list(said)
    role = Role.ANSWER if any(one is Role.ANSWER for one, _ in said) else Role.REFERENCE
    own = [at for at, (one, _) in enumerate(said) if one is role]
    at = rng.choice(own)
    for _ in range(rng.choice((1, 1, 1, 2))):
        said[at] = role, rng.choice(MUTATIONS)(rng, said[at][1]) or b"\0"
    if rng.random() < 0.1:
        other = rng.choice(own)
        said[at], said[other] = said[other], said[at]
    return said


def problem(program: Code | Predict, answer: str, seed: int, said: Said) -> str:
    """What is wrong with how the judge takes it; empty when all is well."""
    bench = Bench()
    order = {"t": "grade", "id": 1, "program": program_to_json(program), "answer": answer}
    reply = bench.answer(Message({**order, "seed": seed, "device": "cpu"}))
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
            ending = _as_json(Ending(garbage=True))
            reply = bench.answer(Message({"t": "ended", **head, "ending": ending})) or reply
        if reply is not None and reply.type == "failed":
            return str(reply.header["why"])
        if reply is not None and (verdict := reply.header["verdict"]):
            if verdict["outcome"] in ("pass", "grader-error"):
                return f"the verdict is {verdict['outcome']}"
            return ""
    return ""


def _as_json(ending: Ending) -> dict[str, object]:
    return {name: getattr(ending, name) for name in Ending.__slots__}


def run(count: int, seed: int) -> int:
    """Mutate and judge `count` conversations; prints what was found, returns the exit code."""
    talks = [(*one, recorded(*one, seed=7)) for one in programs()]
    for program, answer, said in talks:
        assert not problem(program, answer, 7, said)
    begin = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    slowest = (0.0, -1)
    found = 0
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        program, answer, said = rng.choice(talks)
        started = time.process_time()
        why = problem(program, answer, 7, mutated(rng, said))
        slowest = max(slowest, (time.process_time() - started, number))
        if slowest == (slowest[0], number) and slowest[0] > SLOW:
            why = why or f"it took {slowest[0]:.1f} s"
        if why:
            found += 1
            print(f"seed {seed}, conversation {number}: {why}\n", flush=True)  # noqa: T201
        if found >= 20:
            break
        if (number + 1) % 10_000 == 0:
            rate = (number + 1) / (time.perf_counter() - begin)
            print(f"{number + 1:,}, {found} found, {rate:.0f}/s", flush=True)  # noqa: T201
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    if grown > MAX_HEADER + MAX_BLOBS:
        found += 1
        print(f"the judge grew by {grown >> 20} MiB")  # noqa: T201
    print(  # noqa: T201
        f"{number + 1:,} mutated conversations, {found} problems; slowest "
        f"{slowest[0] * 1000:.0f} ms (number {slowest[1]}); memory grew by {grown >> 20} MiB"
    )
    return 1 if found else 0
