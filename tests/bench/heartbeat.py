"""How long the event loop ever stands still, while everything a learner can do is done.

A task in the loop of the real application sleeps for some milliseconds, again and again, and notes
by how much it woke too late, and what was going on. On a busy machine most of that is waiting for
a processor: beside it stands the processor time that the whole program took in a beat at most, and
how much of it the loop's own thread, which no neighbour can lengthen.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.measure import heading, report
from tests.bench.scale import write_log
from tests.bench.starting import write_cards

if TYPE_CHECKING:
    from quiz.tui.app import QuizApp

FILES, EACH, REVIEWS = 5_000, 10, 2
"""Files of cards, questions in each, reviews of each question."""
BAR = 50
"""Milliseconds that nobody notices."""
PERIOD = 0.005
PATIENCE = 300
CODE = """\
# Double

## Write `double(x)`.

```python solution
def double(x):
    return x * 2
```

```python cases
yield torch.arange(3)
yield torch.randn(3, 3)
```
"""


def run() -> None:
    """Print the figures."""
    heading(f"heartbeat: {FILES * EACH:,} questions, {FILES * EACH * REVIEWS:,} reviews, 120×40")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_cards(root / "cards", FILES, EACH)
        (root / "cards" / "aaa.md").write_text(CODE, encoding="utf-8")
        environment = {**os.environ, "XDG_CACHE_HOME": str(root / "cache")}
        for what in ("history", "beats"):
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench.heartbeat", what, str(root)],
                env=environment, check=True, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
    beats: dict[str, list[tuple[float, float, float]]] = json.loads(done.stdout)
    for name, listed in beats.items():
        late, program, own = (sorted(column) for column in zip(*listed, strict=True))
        p99 = late[round(0.99 * (len(late) - 1))]
        worst = f"worst {late[-1]:.0f} ms, p99 {p99:.0f} ms"
        cpu = f"CPU {program[-1]:.0f} ms, own {own[-1]:.0f} ms"
        report(name, f"{worst}; {cpu}", f"≤ {BAR} ms" + (" ✗" if late[-1] > BAR else ""))


class Heart:
    """Beats in the loop that is watched."""

    def __init__(self) -> None:
        self.doing = "nothing"
        self.beats: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
        """By what was going on: milliseconds too late, and of the processor time of the program
        and of the loop's thread."""

    async def beat(self) -> None:
        """Until cancelled."""
        while True:
            began, program, own = _clocks()
            await asyncio.sleep(PERIOD)
            woke, program_then, own_then = _clocks()
            spent = (woke - began - PERIOD, program_then - program, own_then - own)
            late, program, own = (1000 * seconds for seconds in spent)
            self.beats[self.doing].append((late, program, own))


def _clocks() -> tuple[float, float, float]:
    return time.perf_counter(), time.process_time(), time.thread_time()


@asynccontextmanager
async def watched(heart: Heart) -> AsyncIterator[None]:
    """The heart beats meanwhile."""
    beating = asyncio.create_task(heart.beat())
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating


async def until(condition: Callable[[], object]) -> None:
    """Wait without drawing anything."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        await asyncio.sleep(0.02)


async def bare(heart: Heart) -> None:
    """Pages with a table of a hundred rows, opened and closed, and nothing of this program."""
    from textual.app import App, ComposeResult
    from textual.screen import Screen
    from textual.widgets import DataTable, Footer, Markdown

    class Page(Screen[None]):
        def compose(self) -> ComposeResult:
            yield DataTable[str]()
            yield Markdown("# A page\n\nwith *text*")
            yield Footer()

        def on_mount(self) -> None:
            table = self.query_one(DataTable)
            table.add_columns("one", "two", "three")
            table.add_rows([(f"row {n}", "of", "hundred") for n in range(100)])

    app: App[None] = App()
    heart.doing = "a bare Textual application changes pages"
    async with app.run_test(size=(120, 40)) as pilot, watched(heart):
        for _ in range(10):
            await app.push_screen(Page())
            await pilot.press("down", "down")
            await asyncio.sleep(0.2)
            app.pop_screen()
            await pilot.pause(0.2)


async def session(root: Path, heart: Heart) -> None:
    """A learner who does everything."""
    from textual.widgets import DataTable, Input

    from quiz.study.library import Library
    from quiz.tui.app import QuizApp
    from quiz.tui.screens.home import HomeScreen
    from quiz.tui.screens.review import ReviewScreen
    from quiz.tui.screens.statistics import StatisticsScreen
    from quiz.tui.widgets.answer import AnswerArea
    from quiz.tui.widgets.figure import Figure

    app = QuizApp(lambda: Library.open(root / "cards", root / "history.db", seed=1))

    def shows(kind: type) -> bool:
        return isinstance(app.screen, kind)

    async with app.run_test(size=(120, 40)) as pilot, watched(heart):

        async def press(*keys: str) -> None:
            for key in keys:
                await pilot.press(key)

        async def settled(seconds: float = 1.0) -> None:
            await asyncio.sleep(seconds)

        heart.doing = "opening, first look at the decks"
        await until(lambda: isinstance(app.screen, HomeScreen) and app.screen.is_filled)
        await settled()
        heart.doing = "moving in the decks"
        await press(*["down"] * 10, *["up"] * 10)
        heart.doing = "statistics"
        await press("s")
        await until(lambda: shows(StatisticsScreen))
        figure = app.screen.query_one("#figure-code", Figure)
        await until(lambda: "…" not in figure.render().plain)
        await press(*["pagedown"] * 5)
        heart.doing = "back home"
        await press("q")
        await settled(2)
        heart.doing = "settings"
        await press("comma", *["down"] * 5, "q")
        heart.doing = "browser opens"
        await press("slash")
        table = app.screen.query_one("#rows", DataTable)
        await until(lambda: table.row_count)
        await settled()
        heart.doing = "search as one types"
        await press(*"arange")
        await until(lambda: app.screen.query_one("#query", Input).value == "arange")
        await settled(3)
        heart.doing = "moving in the browser, sorting"
        await press(*["down"] * 10, "o", "o", "i", "escape")
        await settled()
        await press("q")
        await settled(2)
        heart.doing = "a card is saved"
        card = root / "cards" / "deck000" / "concept00000.md"
        card.write_text(card.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
        await settled(4)
        heart.doing = "a hundred cards are saved"
        for path in sorted((root / "cards" / "deck001").iterdir()):
            path.write_text(path.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
        await settled(6)
        heart.doing = "a session begins"
        await press("enter")
        await until(lambda: isinstance(app.screen, ReviewScreen) and app.screen.query(AnswerArea))
        await settled(3)
        heart.doing = "reveal and rate, 20 times"
        for _ in range(20):
            await press("space", "3")
        heart.doing = "undo, bury, suspend, history"
        await press("u", "u", "minus", "exclamation_mark", "i", "escape")
        heart.doing = "back home after the session"
        await press("escape", "escape")
        await until(lambda: shows(HomeScreen))
        await settled(2)
        await grades(app, heart, press)
        heart.doing = "closing"
    heart.doing = "closed"


async def grades(app: QuizApp, heart: Heart, press: Callable[..., Awaitable[None]]) -> None:
    """An answer to the one code question, typed and run."""
    from quiz.study.values import Selection
    from quiz.tui.background import in_thread
    from quiz.tui.screens.review import ReviewScreen
    from quiz.tui.widgets.code_editor import CodeEditor
    from quiz.tui.widgets.rating_bar import RatingBar

    assert app.library is not None
    heart.doing = "a code question"
    selection = Selection(query="kind:code", new=5)
    session = await in_thread(app.library.session, selection)
    app.push_screen(ReviewScreen(app.library, selection, session))
    await until(lambda: isinstance(app.screen, ReviewScreen) and app.screen.query(CodeEditor))
    await asyncio.sleep(1)
    heart.doing = "typing and grading code"
    editor = app.screen.query_one(CodeEditor)
    editor.load_text("def double(x):\n    return x + x\n")
    await press("ctrl+r")
    await until(lambda: app.screen.query_one(RatingBar).has_class("-open"))
    await asyncio.sleep(1)


def write_history(root: Path) -> None:
    """The history of the collection, and the cache of its cards."""
    from quiz.store.history import History
    from quiz.study.library import Library

    with closing(Library.open(root / "cards", root / "history.db")) as library:
        questions = [q for q in library.collection.questions if not q.startswith("aaa")]
        calendar = library.calendar
    with History.open(root / "history.db") as history:
        history.append_many(write_log(questions, calendar, REVIEWS))
    with closing(Library.open(root / "cards", root / "history.db")) as library:
        library.rebuild()


def main() -> None:
    """A step of the measurement, in a process of its own."""
    root = Path(sys.argv[2])
    if sys.argv[1] == "history":
        write_history(root)
        return
    from textual.drivers.headless_driver import HeadlessDriver

    # What is not drawn costs nothing.
    HeadlessDriver.is_headless = property(lambda self: False)  # type: ignore[assignment,method-assign]
    heart = Heart()
    asyncio.run(bare(heart))
    asyncio.run(session(root, heart))
    json.dump(heart.beats, sys.stdout)


if __name__ == "__main__":
    main()
