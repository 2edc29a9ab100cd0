"""What the processes of the grader say to each other: typed messages in length-checked frames.

A `Message` is a JSON header and raw blobs (tensor bytes); there is no pickle anywhere. Reading
never allocates more than the caps below, whatever a peer sends. Standard library only: the
application, the jails and the judge all import it.

Roles: an *answer* jail runs the learner's code, a *reference* jail the card's solution; the
*judge* runs neither, it plans what each jail shall do, reads what they send and gives the verdict.
The application carries the messages between them and watches the processes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MAX_HEADER = 8 * 1024 * 1024
"""Bytes of one header."""
MAX_BLOBS = 256 * 1024 * 1024
"""Bytes of all blobs of one message."""
MAX_COUNT = 4096
"""Blobs of one message."""

_LENGTH = struct.Struct(">I")


class ProtocolError(Exception):
    """The peer sent what is no message. It cannot be trusted any further."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said."""

    header: Mapping[str, Any]
    """A JSON object; `"t"` names the message's type."""
    blobs: tuple[bytes, ...] = ()

    @property
    def type(self) -> str:
        kind = self.header.get("t")
        return kind if isinstance(kind, str) else ""


class Role(StrEnum):
    """Whose code a jail runs."""

    ANSWER = "answer"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a jail's process ended, as the application saw it from outside."""

    signal: int = 0
    """The signal that killed it, 0 if it exited."""
    status: int = 0
    """Its exit status."""
    timeout: bool = False
    """It was killed at the end of its time."""
    output: bool = False
    """It was killed for what it wrote (too much)."""
    memory: bool = False
    """It was killed for the memory it held."""
    garbage: bool = False
    """It sent what is no message, or went on sending after its last one."""
    blocked: str = ""
    """What the jail refused, where the kernel killed it for that."""
    where: str = ""
    """Where the code was when it was killed, if known: `line 3, in not_equal`."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the judge wants done next."""

    send: tuple[tuple[Role, Message], ...] = ()
    """Messages for the jails, in order. The first for a role is its job."""
    cases: tuple[Mapping[str, Any], ...] = ()
    """Cases decided just now (`quiz.model.verdict.Case` as JSON), to be shown at once."""
    verdict: Mapping[str, Any] | None = field(default=None)
    """The final verdict as JSON; the grade is over and both jails may be killed."""


def encode(message: Message) -> bytes:
    """The frame of a message: header length, header (with the blobs' sizes), blobs."""
    header = {**message.header, "sizes": [len(blob) for blob in message.blobs]}
    text = json.dumps(header, ensure_ascii=True, separators=(",", ":")).encode()
    if len(text) > MAX_HEADER or sum(header["sizes"]) > MAX_BLOBS:
        raise ProtocolError("the message is larger than a frame may be")
    return b"".join((_LENGTH.pack(len(text)), text, *message.blobs))


class Decoder:
    """Turns a stream of bytes into messages, holding at most one unfinished frame."""

    def __init__(self, *, max_header: int = MAX_HEADER, max_blobs: int = MAX_BLOBS) -> None:
        self._max_header = max_header
        self._max_blobs = max_blobs
        self._buffer = bytearray()
        self._header: dict[str, Any] | None = None
        self._sizes: list[int] = []

    @property
    def pending(self) -> bool:
        """Whether a frame has begun and not ended."""
        return bool(self._buffer) or self._header is not None

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages completed by `data`; `ProtocolError` at the first byte that cannot be."""
        self._buffer += data
        while (message := self._next()) is not None:
            yield message

    def _next(self) -> Message | None:
        if self._header is None:
            if len(self._buffer) < _LENGTH.size:
                return None
            (length,) = _LENGTH.unpack_from(self._buffer)
            if not 2 <= length <= self._max_header:
                raise ProtocolError(f"a header of {length} bytes")
            if len(self._buffer) < _LENGTH.size + length:
                return None
            text = bytes(self._buffer[_LENGTH.size : _LENGTH.size + length])
            del self._buffer[: _LENGTH.size + length]
            self._header, self._sizes = self._parse(text)
        total = sum(self._sizes)
        if len(self._buffer) < total:
            return None
        blobs, start = [], 0
        for size in self._sizes:
            blobs.append(bytes(self._buffer[start : start + size]))
            start += size
        del self._buffer[:total]
        header, self._header = self._header, None
        return Message(header, tuple(blobs))

    def _parse(self, text: bytes) -> tuple[dict[str, Any], list[int]]:
        try:
            header = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ProtocolError("a header that is not JSON") from error
        sizes = header.pop("sizes", None) if isinstance(header, dict) else None
        if (
            not isinstance(sizes, list)
            or len(sizes) > MAX_COUNT
            or not all(type(size) is int and size >= 0 for size in sizes)
            or sum(sizes) > self._max_blobs
        ):
            raise ProtocolError("a header without proper sizes")
        return header, sizes
