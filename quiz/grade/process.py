"""A jail or the judge as the application sees it: frames to and from it, and how it ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque

from quiz.errors import GradeError
from quiz.grade.jail import Layer
from quiz.grade.link import Link
from quiz.grade.protocol import MAX_BLOBS, Ending, Frames, ProtocolError
from quiz.language import _, mark

CHUNK = 1 << 18
"""Bytes read from a process at once."""
_LONGEST = 300
"""Characters of a foreign error that are shown."""
_MOST_FRAMES = 1024
"""Carried in one message."""


class Process:
    """A jail or the judge."""

    def __init__(
        self,
        number: int,
        link: Link | None,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        max_blobs: int = MAX_BLOBS,
    ) -> None:
        self.number = number
        self.link = link
        """The zygote it was forked from, if it was."""
        self.layers: tuple[Layer, ...] = ()
        self.ended: asyncio.Future[Ending | None] = asyncio.get_running_loop().create_future()
        """How it ended; None where its parent died with it and nobody knows."""
        self._reader = reader
        self._writer = writer
        self._frames = Frames(max_blobs=max_blobs)
        self._arrived: deque[bytes] = deque()

    async def receive(self) -> bytes:
        """The next whole frame, or nothing at the end; `ProtocolError` if it is no frame."""
        await self._arrive()
        return self._arrived.popleft() if self._arrived else b""

    async def receive_all(self, most: int) -> tuple[bytes, ...]:
        """The next whole frames, as many as have arrived and hold together no more than `most`
        bytes, one at least; none at the end; `ProtocolError` if they are no frames."""
        await self._arrive()
        frames: list[bytes] = []
        while self._arrived and len(frames) < _MOST_FRAMES:
            if frames and len(self._arrived[0]) > most:
                break
            frames.append(self._arrived.popleft())
            most -= len(frames[-1])
        return tuple(frames)

    async def _arrive(self) -> None:
        """Wait until a whole frame is there, or the end."""
        while not self._arrived:
            try:
                data = await self._reader.read(CHUNK)
            except OSError:
                data = b""
            if not data:
                if self._frames.pending:
                    raise ProtocolError("a frame cut short")
                return
            self._arrived.extend(self._frames.feed(data))

    async def send(self, *parts: bytes) -> None:
        """Bytes to it, if it still lives."""
        with contextlib.suppress(OSError):
            self._writer.writelines(parts)
            await self._writer.drain()

    def lose(self) -> None:
        """Its zygote has gone, and it with it."""
        if not self.ended.done():
            self.ended.set_result(None)
        self.close()

    def close(self) -> None:
        self._writer.close()


def stillborn(kind: str) -> GradeError:
    """The error for a process (`judge`, `jail`) that ended before it was ready."""
    said = {
        "judge": mark("the grader's judge does not start"),
        "jail": mark("the grader's jail does not start"),
    }
    return GradeError(_(said[kind]))


def failure(missing: object, why: str) -> GradeError:
    """The error for a process that could not load what it needs."""
    if missing == "torch":
        return GradeError(
            _("torch is not installed"),
            fix=_("install it: {command}").format(command="pip install torch"),
        )
    first = why.strip().partition("\n")[0]
    short = f"{first[:_LONGEST]}…" if len(first) > _LONGEST else first
    return GradeError(_("the grader's process does not start: {why}").format(why=short))
