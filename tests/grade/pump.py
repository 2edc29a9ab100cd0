"""Carries messages between a real Judging and runners in real child processes, unjailed."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from quiz.grade import runner
from quiz.grade.judge import Judging
from quiz.grade.protocol import Decoder, Ending, Message, ProtocolError, Role, Step, encode
from quiz.grade.report import verdict_from_json
from quiz.model.question import Code, Fence, Form, Predict, Rules
from quiz.model.verdict import Verdict

torch.set_num_threads(1)


class SocketChannel:
    """The jail's end: frames on a socket, prints in a file."""

    def __init__(self, end: socket.socket, printed: int, tmp: Path) -> None:
        self.end = end
        self.file = printed
        self.at = 0
        self.tmp = tmp
        self.decoder = Decoder()
        self.waiting: list[Message] = []

    def receive(self) -> Message:
        while not self.waiting:
            data = self.end.recv(1 << 16)
            if not data:
                os._exit(0)
            self.waiting += self.decoder.feed(data)
        return self.waiting.pop(0)

    def send(self, message: Message) -> None:
        self.end.sendall(encode(message))

    def printed(self) -> str:
        data = os.pread(self.file, 1 << 22, self.at)
        self.at += len(data)
        return data.decode("utf-8", "replace")


@dataclass
class Child:
    """One process that runs one job."""

    pid: int
    end: socket.socket
    decoder: Decoder

    @staticmethod
    def start(tmp: Path) -> Child:
        ours, theirs = socket.socketpair()
        printed = os.open(tmp, os.O_TMPFILE | os.O_RDWR)
        pid = os.fork()
        if pid == 0:
            try:
                ours.close()
                keep = {theirs.fileno(), printed}
                for other in set(range(3, 256)) - keep:
                    with contextlib.suppress(OSError):
                        os.close(other)
                os.dup2(printed, 1)
                os.dup2(printed, 2)
                sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
                sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115
                warnings.resetwarnings()
                os.chdir(tmp)
                runner.run(SocketChannel(theirs, printed, tmp))
            finally:
                os._exit(0)
        theirs.close()
        os.close(printed)
        return Child(pid, ours, Decoder())

    def finish(self) -> Ending:
        """Waits for the process, which has closed its end."""
        _, status = os.waitpid(self.pid, 0)
        self.end.close()
        if os.WIFSIGNALED(status):
            return Ending(signal=os.WTERMSIG(status))
        return Ending(status=os.WEXITSTATUS(status))

    def kill(self) -> None:
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        self.end.close()


def pump(judging: Judging, answer: str, timeout: float) -> Iterator[Step]:
    """Every step of a grade, until the verdict; the answer is given as soon as it has begun."""
    children: dict[Role, Child] = {}
    deadline = time.monotonic() + timeout
    with tempfile.TemporaryDirectory() as folder:
        try:
            step, given = judging.start(), False
            while True:
                yield step
                if step.verdict is not None:
                    return
                for role, message in step.send:
                    if role not in children:
                        children[role] = Child.start(Path(folder))
                    children[role].end.sendall(encode(message))
                step = _next(judging, children, deadline) if given else judging.given(answer)
                given = True
        finally:
            for child in children.values():
                child.kill()


def _next(judging: Judging, children: dict[Role, Child], deadline: float) -> Step:
    ends = {child.end: role for role, child in children.items()}
    ready, _, _ = select.select(list(ends), [], [], max(0.0, deadline - time.monotonic()))
    if not ready:
        role = next(iter(children))
        role = Role.ANSWER if Role.ANSWER in children else role
        children.pop(role).kill()
        return judging.ended(role, Ending(timeout=True))
    role = ends[ready[0]]
    child = children[role]
    data = child.end.recv(1 << 16)
    if not data:
        return judging.ended(role, children.pop(role).finish())
    steps = []
    try:
        steps += [judging.feed(role, message) for message in child.decoder.feed(data)]
    except ProtocolError:
        children.pop(role).kill()
        steps.append(judging.ended(role, Ending(garbage=True)))
    last = [step.verdict for step in steps if step.verdict is not None]
    return Step(
        tuple(item for step in steps for item in step.send),
        tuple(case for step in steps for case in step.cases),
        last[0] if last else None,
    )


def grade(
    solution: str,
    answer: str | None = None,
    *,
    setup: str | None = None,
    cases: str | None = None,
    test: str | None = None,
    seed: int = 7,
    timeout: float = 20.0,
    rules: Rules | None = None,
) -> Verdict:
    """The verdict on an answer (the solution itself, unless one is given)."""

    def fence(text: str | None, line: int) -> Fence | None:
        return None if text is None else Fence(text, line)

    program = Code(
        Fence(solution, 100),
        fence(setup, 50),
        None,
        fence(cases, 200),
        fence(test, 300),
        rules or Rules(),
    )
    return judged(program, solution if answer is None else answer, seed=seed, timeout=timeout)


def predict(program: str, typed: str, *, setup: str | None = None) -> Verdict:
    """The verdict on what was typed."""
    made = Predict(Fence(program, 100), None if setup is None else Fence(setup, 50))
    assert made.form is Form.PREDICT
    return judged(made, typed)


def judged(
    program: Code | Predict, answer: str, *, seed: int = 7, timeout: float = 20.0
) -> Verdict:
    """Runs a whole grade."""
    last = None
    for step in pump(Judging(program, seed, "cpu"), answer, timeout):
        last = step.verdict
    assert last is not None
    return verdict_from_json(last)
