"""The one way in and out of a jail: a stream of messages, and what the code prints.

Everything written to descriptors 1 and 2, by Python, by C or by a child process, ends up in one
file in memory that the jail shares with the process that watches it; `printed` reads what is new.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from typing import Protocol, TextIO

from quiz.grade.protocol import MAX_BLOBS, Decoder, Message, encode

_CHUNK = 1 << 18


class Pipe(Protocol):
    """What a channel speaks through: a socket, or a pair of pipes."""

    def receive(self) -> bytes:
        """Some bytes, at least one; empty at the end."""

    def send(self, data: bytes) -> None:
        """All of the bytes."""


class Descriptors:
    """A `Pipe` over two file descriptors (the same one twice for a socket)."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = reading
        self._writing = writing

    def receive(self) -> bytes:
        return os.read(self._reading, _CHUNK)

    def send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._writing, view) :]


class ClosedError(Exception):
    """The other side has gone; there is nothing left to do."""


class Channel:
    """A jail's side of the conversation with the judge."""

    def __init__(self, pipe: Pipe, *, tmp: str, printing: int, max_blobs: int = MAX_BLOBS) -> None:
        self.tmp = tmp
        self.output = 1 << 20
        """Bytes that may be printed in all."""
        self._pipe = pipe
        self._decoder = Decoder(max_blobs=max_blobs)
        self._max_blobs = max_blobs
        self._messages: Iterator[Message] = iter(())
        self._printing = printing
        self._read = 0
        self._unread: Message | None = None
        self._streams: tuple[TextIO, ...] = ()

    def use_standard_streams(self) -> None:
        """What is in the buffers of today's standard streams counts as printed."""
        self._streams = (sys.stdout, sys.stderr)

    def receive(self) -> Message:
        """The next message, waited for; the first is the job. `ClosedError` when there is none."""
        if (again := self._unread) is not None:
            self._unread = None
            return again
        while True:
            if (message := next(self._messages, None)) is not None:
                return message
            data = self._pipe.receive()
            if not data:
                raise ClosedError
            self._messages = self._decoder.feed(data)

    def unread(self, message: Message) -> None:
        """`receive` gives this message once more."""
        self._unread = message

    def send(self, message: Message) -> None:
        """`ProtocolError` where the message is larger than a frame may be."""
        self._pipe.send(encode(message, max_blobs=self._max_blobs))

    def printed(self) -> str:
        """What was written to standard output and error since the last call.

        A jail that has written more than it may ends here, without another word: whoever watches
        it sees the size and says why.
        """
        for stream in self._streams:
            with contextlib.suppress(Exception):
                stream.flush()
        if os.fstat(self._printing).st_size > self.output:
            os._exit(0)
        # The file is open for appending: moving in it disturbs nobody who writes.
        os.lseek(self._printing, self._read, os.SEEK_SET)
        data = os.read(self._printing, self.output)
        self._read += len(data)
        return data.decode(errors="replace")


def redirect(printing: int) -> None:
    """Standard input empty; output and error into `printing`, a line at a time."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    if null > 2:
        os.close(null)
    os.dup2(printing, 1)
    os.dup2(printing, 2)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = _line_buffered(1)
    sys.stderr = _line_buffered(2)
    for name in ("stdin", "stdout", "stderr"):
        setattr(sys, f"__{name}__", getattr(sys, name))


def _line_buffered(descriptor: int) -> io.TextIOWrapper:
    raw = io.FileIO(descriptor, "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding="utf-8", errors="replace", line_buffering=True
    )


__all__ = ["Channel", "ClosedError", "Descriptors", "Pipe", "redirect"]
