"""Card files that are saved while the application runs.

One reader thread reads them, so that two saves at the same time cannot lose one another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.message import Message

from quiz.model.finding import Finding
from quiz.tui.background import in_thread

if TYPE_CHECKING:
    from quiz.study.library import Library

_READER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cards")


class CardsChanged(Message, bubble=False):
    """Card files were saved and read again; every page on the stack is told."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__()
        self.findings = findings


async def read_again(library: Library, paths: Iterable[Path]) -> tuple[Finding, ...]:
    """Read these cards, away from the event loop; what is wrong with them."""
    return await in_thread(library.reload, sorted(paths), executor=_READER)


async def follow(app: App[Any], library: Library, stop: asyncio.Event) -> None:
    """Read every card that is saved, and tell the pages, until `stop` is set."""
    async for paths in library.watch(stop):
        findings = await read_again(library, paths)
        for page in app.screen_stack:
            page.post_message(CardsChanged(findings))
