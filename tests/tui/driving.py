"""Driving the real application over real cards, and reading what a person would see."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from rich.cells import cell_len
from textual.notifications import Notification, Notifications
from textual.pilot import Pilot
from textual.screen import Screen

from quiz.study.clock import Clock, utc_now
from quiz.study.library import Library
from quiz.study.values import Selection
from quiz.tui.app import QuizApp
from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.review import ReviewScreen
from quiz.tui.screens.summary import SummaryScreen

PATIENCE = 60
"""Seconds after which what was waited for is not coming."""

SIZES = [(80, 24), (40, 10), (200, 60)]


def write(cards: Path, name: str, text: str) -> Path:
    """A card file."""
    path = cards / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


class Heard(Notifications):
    """The notices of an application; those that have gone from the screen are kept besides."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[Notification] = []

    def add(self, notification: Notification) -> Self:
        self.all.append(notification)
        return super().add(notification)


class Desk:
    """A running application, with shorthand for hands and eyes."""

    def __init__(self, pilot: Pilot[None], app: QuizApp) -> None:
        self.pilot = pilot
        self.app = app
        # Textual has no other place where a notice can be seen whose seconds are over.
        self._heard = app._notifications = Heard()
        self._before = 0

    @property
    def lines(self) -> list[str]:
        """The screen, line by line."""
        # Textual has no public way to the text on the screen but as a picture.
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines)

    @property
    def library(self) -> Library:
        assert self.app.library is not None
        return self.app.library

    @property
    def review(self) -> ReviewScreen:
        page = next(page for page in self.app.screen_stack if isinstance(page, ReviewScreen))
        assert isinstance(page, ReviewScreen)
        return page

    async def press(self, *keys: str) -> None:
        self._before = len(self._heard.all)
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def write(self, text: str) -> None:
        names = {" ": "space", "\n": "enter"}
        await self.press(*(names.get(character, character) for character in text))

    async def resize(self, size: tuple[int, int]) -> None:
        """The terminal's window gets another size."""
        await self.pilot.resize_terminal(*size)
        await self.pilot.pause()

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait for a condition, as patiently as a loaded machine needs."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"never came: {what}\n{self.text}")
            await self.pilot.pause(0.01)
        await self.pilot.pause()

    async def sees(self, *texts: str) -> None:
        """Wait until the screen shows all of these."""
        await self.until(lambda: all(text in self.text for text in texts), repr(texts))

    async def told(self, *texts: str) -> None:
        """Wait until notices say all of these; where they wrap on the screen does not matter.

        Those that stand on the screen count, and those that came after the last key: a loaded
        machine can look too late for a notice of two seconds.
        """
        await self.until(
            lambda: all(
                any(text in notice.message or text in notice.title for notice in self._notices)
                for text in texts
            ),
            repr(texts),
        )

    @property
    def _notices(self) -> list[Notification]:
        return [*self._heard, *self._heard.all[self._before :]]

    async def page(self, kind: type[Screen[Any]]) -> None:
        await self.until(lambda: isinstance(self.app.screen, kind), kind.__name__)

    def row_of(self, text: str) -> str:
        """The first line of the screen that holds `text`."""
        return next(line for line in self.lines if text in line)

    def column_of(self, text: str) -> int:
        """The cell in which `text` ends, on its line."""
        line = self.row_of(text)
        return cell_len(line[: line.index(text) + len(text)])


@asynccontextmanager
async def desk(
    cards: Path,
    *,
    size: tuple[int, int] = (80, 24),
    start: Selection | None = None,
    clock: Clock = utc_now,
    **flags: Any,  # noqa: ANN401 - settings, by their names
) -> AsyncIterator[Desk]:
    """The application on `cards`, with a history beside them that outlives it."""

    def opener() -> Library:
        return Library.open(cards, cards.parent / "history.db", flags=flags, clock=clock, seed=1)

    app = QuizApp(opener, start=start)
    async with app.run_test(size=size, notifications=True) as pilot:
        at = Desk(pilot, app)
        if start is None:
            await at.page(HomeScreen)
            home = app.screen
            await at.until(lambda: isinstance(home, HomeScreen) and home.is_filled, "the decks")
        else:
            # The end, at once, where nothing is due: a slow machine may miss the page before it.
            await at.until(
                lambda: isinstance(app.screen, ReviewScreen | SummaryScreen), "the review"
            )
        await pilot.pause()
        yield at
