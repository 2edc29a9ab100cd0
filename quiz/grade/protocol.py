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
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from enum import Enum, StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from quiz.model.question import Code, Predict, Program

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

MAX_HEADER = 8 * 1024 * 1024
"""Bytes of one header."""
MAX_BLOBS = 256 * 1024 * 1024
"""Bytes of all blobs of one message."""
MAX_COUNT = 4096
"""Blobs of one message."""
MAX_RELAY = 4 * (MAX_HEADER + MAX_BLOBS)
"""Bytes of all blobs of a message that carries other messages' frames."""

_PREFIX = struct.Struct(">II")
"""Bytes of the header, bytes of all blobs: who only carries a frame need not read its header."""


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


BROKEN = 70
"""Exit status of a child that failed on our side."""


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


def encode(message: Message, *, max_blobs: int = MAX_BLOBS) -> bytes:
    """The frame of a message: its two lengths, header (with the blobs' sizes), blobs."""
    header = {**message.header, "sizes": [len(blob) for blob in message.blobs]}
    text = json.dumps(header, ensure_ascii=True, separators=(",", ":")).encode()
    total = sum(header["sizes"])
    if len(text) > MAX_HEADER or total > max_blobs or len(message.blobs) > MAX_COUNT:
        raise ProtocolError("the message is larger than a frame may be")
    return b"".join((_PREFIX.pack(len(text), total), text, *message.blobs))


def decode(frame: bytes | bytearray | memoryview) -> Message:
    """The message of one whole frame; `ProtocolError` where it is none."""
    view = memoryview(frame)
    if len(view) < _PREFIX.size:
        raise ProtocolError("a frame cut short")
    length, total = _PREFIX.unpack_from(view)
    if _PREFIX.size + length + total != len(view):
        raise ProtocolError("a frame of another length than it says")
    header, sizes = _parse(bytes(view[_PREFIX.size : _PREFIX.size + length]), total)
    blobs, start = [], _PREFIX.size + length
    for size in sizes:
        blobs.append(bytes(view[start : start + size]))
        start += size
    return Message(header, tuple(blobs))


def _parse(text: bytes, total: int) -> tuple[dict[str, Any], list[int]]:
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("a header that is not JSON") from error
    sizes = header.pop("sizes", None) if isinstance(header, dict) else None
    if (
        not isinstance(sizes, list)
        or len(sizes) > MAX_COUNT
        or not all(type(size) is int and size >= 0 for size in sizes)
        or sum(sizes) != total
    ):
        raise ProtocolError("a header without proper sizes")
    return header, sizes


class Frames:
    """Cuts a stream of bytes into whole frames without looking into them.

    The lengths are checked against the caps before the bytes are waited for; no more than one
    unfinished frame is held.
    """

    def __init__(self, *, max_header: int = MAX_HEADER, max_blobs: int = MAX_BLOBS) -> None:
        self._max_header = max_header
        self._max_blobs = max_blobs
        self._buffer = bytearray()

    @property
    def pending(self) -> bool:
        """Whether a frame has begun and not ended."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The frames completed by `data`; `ProtocolError` at the first that cannot be one."""
        self._buffer += data
        while len(self._buffer) >= _PREFIX.size:
            length, total = _PREFIX.unpack_from(self._buffer)
            if not 2 <= length <= self._max_header:
                raise ProtocolError(f"a header of {length} bytes")
            if total > self._max_blobs:
                raise ProtocolError(f"{total} bytes in one frame")
            end = _PREFIX.size + length + total
            if len(self._buffer) < end:
                return
            with memoryview(self._buffer) as view:
                frame = bytes(view[:end])
            del self._buffer[:end]
            yield frame


class Decoder:
    """Turns a stream of bytes into messages, holding at most one unfinished frame."""

    def __init__(self, *, max_header: int = MAX_HEADER, max_blobs: int = MAX_BLOBS) -> None:
        self._frames = Frames(max_header=max_header, max_blobs=max_blobs)

    @property
    def pending(self) -> bool:
        """Whether a frame has begun and not ended."""
        return self._frames.pending

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages completed by `data`; `ProtocolError` at the first byte that cannot be."""
        for frame in self._frames.feed(data):
            yield decode(frame)


T = TypeVar("T")


def to_json(value: DataclassInstance) -> dict[str, Any]:
    """A frozen value of the model as what JSON can hold; `from_json` is its inverse."""
    return asdict(value)


def from_json(kind: type[T], data: object) -> T:
    """The `kind` (a dataclass of the model) that `data` describes.

    Fields may be left out where they have a default; anything of another type than the model
    says is a `ProtocolError`.
    """
    return cast("T", _build(kind, data))


def program_to_json(program: Program) -> dict[str, Any]:
    """A program for the wire."""
    return {"kind": "code" if isinstance(program, Code) else "predict", **to_json(program)}


def program_from_json(data: Mapping[str, Any]) -> Program:
    """The inverse of `program_to_json`."""
    rest = {name: value for name, value in data.items() if name != "kind"}
    return from_json(Code, rest) if data.get("kind") == "code" else from_json(Predict, rest)


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {part.name: hints[part.name] for part in fields(kind)}


def _build(kind: object, data: object) -> object:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        if data is None and NoneType in get_args(kind):
            return None
        return _build(next(part for part in get_args(kind) if part is not NoneType), data)
    if origin is tuple and isinstance(data, list | tuple):
        parts = get_args(kind)
        return tuple(_build(parts[0], item) for item in data)
    if is_dataclass(kind) and isinstance(data, Mapping):
        return _build_dataclass(cast("type", kind), data)
    try:
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(data)
    except ValueError as error:
        raise ProtocolError(f"{data!r:.40} is no {kind}") from error
    if kind is float and isinstance(data, int | float) and type(data) is not bool:
        return float(data)
    if kind in (int, str, bool) and type(data) is kind:
        return data
    raise ProtocolError(f"{data!r:.40} where {kind} should be")


def _build_dataclass(kind: type, data: Mapping[str, object]) -> object:
    hints = _hints(kind)
    if unknown := set(data) - set(hints):
        raise ProtocolError(f"{kind.__name__} has no {sorted(unknown)}")
    try:
        return kind(**{name: _build(hints[name], value) for name, value in data.items()})
    except TypeError as error:
        raise ProtocolError(f"an incomplete {kind.__name__}") from error
