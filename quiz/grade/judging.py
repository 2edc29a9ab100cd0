"""The judge's process: holds one `Judging` for each grade and answers every message with a step.

It runs neither the deck's nor the learner's code; it is locked in like a jail all the same, because
it reads what jails send.

From the application: `grade` (begin), `answer` (here it is), `from` (a jail said something: its
frames are the blobs), `ended` (a jail is gone), `forget` (no more of this grade). To it: `step`,
with the frames for the jails as blobs, or `failed`, with what went wrong in here.
"""

from __future__ import annotations

import gc
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from quiz.grade import pages
from quiz.grade.protocol import (
    Ending,
    Message,
    ProtocolError,
    Role,
    Step,
    decode,
    encode,
    from_json,
    program_from_json,
)


class Judge(Protocol):
    """One grade being judged."""

    def start(self) -> Step: ...
    def given(self, answer: str) -> Step: ...
    def feed(self, role: Role, message: Message) -> Step: ...
    def ended(self, role: Role, ending: Ending) -> Step: ...


Begin = Callable[[Mapping[str, Any]], Judge]


def begin(header: Mapping[str, Any]) -> Judge:
    """A fresh judging, as the application asked for it."""
    from quiz.grade.judge import Judging  # imports torch, as the application must not

    return Judging(
        program_from_json(header["program"]),
        int(header["seed"]),
        str(header["device"]),
    )


class Bench:
    """The grades in progress, by the application's number for them."""

    def __init__(self, begin: Begin = begin) -> None:
        self._begin = begin
        self._open: dict[int, Judge] = {}
        self._heard = 0
        """Bytes, since memory was last given back."""

    def answer(self, message: Message) -> Message | None:
        """What to reply, if anything. A failure of ours ends its grade, never the process."""
        grade = message.header.get("id")
        if not isinstance(grade, int):
            return None
        try:
            step = self._step(grade, message)
        except Exception:
            self._open.pop(grade, None)
            return Message({"t": "failed", "id": grade, "why": traceback.format_exc()})
        if step is None or step == Step():
            return None
        if step.verdict is not None:
            self._open.pop(grade, None)
        return _reply(grade, step)

    def _step(self, grade: int, message: Message) -> Step | None:
        header = message.header
        if message.type == "grade":
            self._open[grade] = self._begin(header)
            return self._open[grade].start()
        if message.type == "forget":
            self._forget(grade)
        judging = self._open.get(grade)
        if judging is None:
            return None
        if message.type == "answer":
            return judging.given(str(header["answer"]))
        if message.type == "from":
            self._heard += sum(map(len, message.blobs))
            return _feed(judging, Role(header["role"]), message.blobs)
        if message.type == "ended":
            return judging.ended(Role(header["role"]), from_json(Ending, header["ending"]))
        return None

    def _forget(self, grade: int) -> None:
        self._open.pop(grade, None)
        if self._heard > pages.MUCH:
            self._heard = 0
            gc.collect()  # a judging and its form know each other
            pages.give_back()


def _feed(judging: Judge, role: Role, frames: Iterable[bytes]) -> Step:
    """What follows from all the frames together; the first that is none ends the jail's say."""
    steps: list[Step] = []
    for frame in frames:
        try:
            steps.append(judging.feed(role, decode(frame)))
        except ProtocolError:
            steps.append(judging.ended(role, Ending(garbage=True)))
            break
        if steps[-1].verdict is not None:
            break
    return Step(
        send=tuple(sent for step in steps for sent in step.send),
        cases=tuple(case for step in steps for case in step.cases),
        verdict=steps[-1].verdict if steps else None,
    )


def _reply(grade: int, step: Step) -> Message:
    header = {
        "t": "step",
        "id": grade,
        "roles": [role.value for role, _ in step.send],
        "cases": [dict(case) for case in step.cases],
        "verdict": None if step.verdict is None else dict(step.verdict),
    }
    return Message(header, tuple(encode(message) for _, message in step.send))


def ended(grade: int, role: Role, ending: Ending) -> Message:
    """The application's word that a jail is gone."""
    return Message({"t": "ended", "id": grade, "role": role.value, "ending": asdict(ending)})
