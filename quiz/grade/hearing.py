"""The application's end of the judge: one conversation, shared by all grades in progress."""

from __future__ import annotations

import asyncio

from quiz.grade.process import Process
from quiz.grade.protocol import MAX_RELAY, Message, ProtocolError, decode, encode


class JudgeFailedError(Exception):
    """The judge died, hung or broke: an error of ours."""


class Hearing:
    """What is said to one judge, and the replies, by the number of their grade."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self._replies: dict[int, asyncio.Queue[Message | None]] = {}
        self._retired = False
        self._task = asyncio.ensure_future(self._read())

    def open(self, number: int) -> asyncio.Queue[Message | None]:
        """Where the replies about a grade will arrive; None once the judge is gone."""
        queue: asyncio.Queue[Message | None] = asyncio.Queue()
        if self._task.done():
            queue.put_nowait(None)
        self._replies[number] = queue
        return queue

    def forget(self, number: int) -> None:
        self._replies.pop(number, None)
        if self._retired and not self._replies:
            self.close()

    def retire(self) -> None:
        """Another judge has taken over: only the grades in progress are still heard out."""
        self._retired = True
        if not self._replies:
            self.close()

    async def say(self, message: Message) -> None:
        await self.process.send(encode(message, max_blobs=MAX_RELAY))

    async def _read(self) -> None:
        try:
            while frame := await self.process.receive():
                message = decode(frame)
                queue = self._replies.get(message.header["id"])
                if queue is not None:
                    queue.put_nowait(message)
        except ProtocolError:
            pass
        finally:
            for queue in self._replies.values():
                queue.put_nowait(None)

    def close(self) -> None:
        self._task.cancel()
