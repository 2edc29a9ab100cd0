"""A learner who does everything that can be done in the application, and says what.

Keys are pressed as a hand presses them, and held down as a keyboard repeats them.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

PATIENCE = 60
REPEAT = 1 / 30
"""Seconds between two signs of a key that is held down."""
PULLED = 2_000
"""Files that change at once, as when another machine's work arrives."""

CARDS = {
    "choice": "## Which is it?\n\n- [x] this\n- [ ] that\n",
    "cloze": "## It is {{c1::this}}.\n",
    "typed": "## What is it?\n\n```answer\nthis\n```\n",
    "predict": "## What does it print?\n\n```python predict\nprint(torch.arange(3))\n```\n",
    "code": """\
## Write `double(x)`.

```python solution
def double(x):
    return x * 2
```

```python cases
yield torch.arange(3)
yield torch.randn(3, 3)
yield torch.randn(8, 8)
yield torch.randn(16, 16)
```
""",
}
"""A card of each kind, in a deck of their own."""
RIGHT = "def double(x):\n    return x + x\n"
WRONG = "def double(x):\n    return x + 1\n"


def write_kinds(cards: Path) -> None:
    """The deck `kinds`."""
    folder = cards / "kinds"
    folder.mkdir()
    for name, text in CARDS.items():
        (folder / f"{name}.md").write_text(f"# {name}\n\n{text}", encoding="utf-8")


def append_to(paths: Iterable[Path]) -> None:
    """Change the last answer of each file."""
    for path in paths:
        with path.open("a", encoding="utf-8") as file:
            file.write("\nMore.\n")


async def until(condition: Callable[[], object]) -> None:
    """Wait without drawing anything."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        await asyncio.sleep(0.02)


class Learner:
    """Drives an application; `does` is told what comes next."""

    def __init__(self, app: App[None], pilot: Pilot[None], does: Callable[[str], None]) -> None:
        self.app, self.pilot, self.does = app, pilot, does

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)

    async def hold(self, key: str, times: int) -> None:
        """Whether the application keeps up or not."""
        for _ in range(times):
            self.app.simulate_key(key)
            await asyncio.sleep(REPEAT)
        await self.pilot.pause()

    async def shows(self, kind: type, *widgets: str) -> None:
        """Wait for a page, and for widgets on it."""
        await until(
            lambda: isinstance(self.app.screen, kind) and all(map(self.app.screen.query, widgets))
        )

    async def leaves(self, kind: type) -> None:
        """Press Escape until that page is there."""
        while not isinstance(self.app.screen, kind):
            await self.press("escape")


async def studies(learner: Learner, root: Path) -> None:
    """The whole morning."""
    await _looks_around(learner)
    await _browses(learner)
    await _reviews(learner, root / "cards")
    await _answers(learner)
    learner.does("quitting")


async def _looks_around(learner: Learner) -> None:
    app, press = learner.app, learner.press
    learner.does("opening, to the decks")
    # What the application imports beside its loop is not imported for it here.
    await until(lambda: getattr(app.screen, "is_filled", False))
    await asyncio.sleep(2)

    from quiz.tui.screens.statistics import StatisticsScreen
    from quiz.tui.widgets.figure import Figure

    learner.does("an arrow held down in the decks")
    await learner.hold("down", 20)
    learner.does("statistics")
    await press("s")
    await learner.shows(StatisticsScreen, "#figure-code")
    figure = app.screen.query_one("#figure-code", Figure)
    await until(lambda: "…" not in figure.render().plain)
    await learner.hold("pagedown", 5)
    learner.does("back home")
    await press("q")
    await asyncio.sleep(2)
    learner.does("settings, help")
    await press("comma", *["down"] * 5, "q", "question_mark", "escape")


async def _browses(learner: Learner) -> None:
    from quiz.tui.screens.browser import BrowserScreen
    from quiz.tui.widgets.question_table import QuestionTable

    app, press = learner.app, learner.press
    learner.does("browser opens")
    await press("slash")
    await learner.shows(BrowserScreen, "#rows")
    table = app.screen.query_one(QuestionTable)
    await until(lambda: table.rows)
    await asyncio.sleep(1)
    learner.does("search as one types")
    for key in "arange":
        await press(key)
        await asyncio.sleep(0.3)
    await until(lambda: app.screen.query_one("#query", Input).value == "arange")
    await asyncio.sleep(2)
    learner.does("an arrow held down in the browser")
    await press("down")
    await learner.hold("down", 90)
    learner.does("paging in the browser")
    await learner.hold("pagedown", 15)
    await press("end", "home")
    learner.does("sorting")
    for _ in range(3):
        await press("o")
        await asyncio.sleep(1)
    learner.does("history of a question")
    await press("i")
    await asyncio.sleep(1)
    await press("escape")
    learner.does("pick all, suspend all, undo")
    await press("ctrl+a", "exclamation_mark")
    await asyncio.sleep(2)
    await press("u")
    await asyncio.sleep(2)
    await press("escape", "q")
    await asyncio.sleep(2)


async def _reviews(learner: Learner, cards: Path) -> None:
    from quiz.tui.screens.home import HomeScreen
    from quiz.tui.screens.review import ReviewScreen

    press = learner.press
    learner.does("a session begins")
    await press("enter")
    await learner.shows(ReviewScreen, "AnswerArea")
    await asyncio.sleep(3)
    learner.does("reveal and rate, 20 times")
    for _ in range(20):
        await press("space", "3")
    learner.does("undo, redo, bury, suspend, history")
    await press("u", "u", "ctrl+y", "minus", "exclamation_mark", "i", "escape", "u")
    learner.does("a card is saved during a session")
    append_to([cards / "deck000" / "concept00000.md"])
    await asyncio.sleep(4)
    learner.does(f"up to {PULLED:,} cards arrive during a session")
    pull = [sys.executable, "-m", "tests.bench.learner", str(cards)]
    await (await asyncio.create_subprocess_exec(*pull)).wait()
    for _ in range(12):
        await press("space", "3")
        await asyncio.sleep(1)
    learner.does("back home after the session")
    await learner.leaves(HomeScreen)
    await asyncio.sleep(2)


async def _answers(learner: Learner) -> None:
    """Questions that are answered by more than a thought; code last."""
    from quiz.study.values import Selection
    from quiz.tui.background import in_thread
    from quiz.tui.screens.home import HomeScreen
    from quiz.tui.screens.review import ReviewScreen
    from quiz.tui.widgets.code_editor import CodeEditor
    from quiz.tui.widgets.rating_bar import RatingBar

    app: Any = learner.app
    for kind in CARDS:
        learner.does(f"a {kind} question")
        selection = Selection(query=f"kind:{kind}", new=50)
        session = await in_thread(app.library.session, selection)
        app.push_screen(ReviewScreen(app.library, selection, session))
        await learner.shows(ReviewScreen, "AnswerArea")
        await asyncio.sleep(1)
        if kind != "code":
            await learner.press("escape", "space")
            await asyncio.sleep(1)
            await learner.leaves(HomeScreen)
    learner.does("typing code")
    editor = app.screen.query_one(CodeEditor)
    editor.focus()
    for character in "def twice(values):":
        await learner.pilot.press(character)
    await learner.hold("x", 30)
    for name, text in (("wrong", WRONG), ("right", RIGHT)):
        learner.does(f"grading a {name} answer")
        editor.load_text(text)
        editor.focus()
        await learner.press("ctrl+r")
        await until(lambda: app.screen.query_one(RatingBar).has_class("-open"))
        await asyncio.sleep(1)
        if name == "wrong":
            app.screen.query_one(RatingBar).close()
    learner.does("rating code")
    await learner.press("3")
    await asyncio.sleep(1)


if __name__ == "__main__":
    append_to(sorted(p for p in Path(sys.argv[1]).rglob("*.md") if "kinds" not in p.parts)[:PULLED])
