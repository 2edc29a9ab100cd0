"""How long the event loop ever stands still, while everything a learner can do is done.

A task in the loop of the real application sleeps for some milliseconds, again and again, and notes
by how much it woke too late. A busy machine makes it late as well, so beside it stands how much of
that the program can have taken itself: the processor time of all its threads in that beat, whether
they computed in the loop or held the interpreter's lock that the loop waits for. A bare Textual
application that draws pages and tables is watched in the same way.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import NamedTuple

from tests.bench.learner import Learner, studies, write_kinds
from tests.bench.measure import heading, report
from tests.bench.scale import write_log
from tests.bench.starting import write_cards

SIZES = ((125, 4), (10_000, 10))
"""Files of cards, questions in each."""
REVIEWS = 2
"""Of each question."""
BAR = 50
"""Milliseconds that nobody notices."""
PERIOD = 0.005
BARE = "a bare Textual application: "


class Beat(NamedTuple):
    """One beat; all in milliseconds."""

    late: float
    program: float
    """Processor time of all threads since the beat before."""
    own: float
    """Of the loop's thread alone."""

    @property
    def ours(self) -> float:
        """How much of the delay the program can be blamed for."""
        return min(self.late, self.program)


def run() -> None:
    """Print the figures."""
    for files, each in SIZES:
        heading(f"heartbeat: {files * each:,} questions in {files:,} files, 120×40")
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            write_cards(root / "cards", files, each)
            write_kinds(root / "cards")
            _show(_measured(root))


def _measured(root: Path) -> dict[str, list[Beat]]:
    environment = {**os.environ, "XDG_CACHE_HOME": str(root / "cache")}
    for what in ("history", "beats"):
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.heartbeat", what, str(root)],
            env=environment, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    return {name: [Beat(*one) for one in beats] for name, beats in json.loads(done.stdout).items()}


def _show(beats: dict[str, list[Beat]]) -> None:
    others = [one for name, listed in beats.items() if name.startswith(BARE) for one in listed]
    bare = max(one.ours for one in others)
    for name, listed in beats.items():
        late = sorted(one.late for one in listed)
        worst = max(listed, key=lambda one: one.ours)
        said = f"{worst.ours:.0f} ms ({worst.ours / bare:.1f} × bare), {worst.own:.0f} in the loop"
        noise = f"; late {late[-1]:.0f}, p99 {late[round(0.99 * (len(late) - 1))]:.0f}"
        report(name, said + noise, f"≤ {BAR} ms" + (" ✗" if worst.ours > BAR else ""))


class Heart:
    """Beats in the loop that is watched."""

    def __init__(self) -> None:
        self.doing = "nothing"
        self.beats: dict[str, list[Beat]] = defaultdict(list)
        """By what was going on."""

    def does(self, what: str) -> None:
        """What goes on from now on."""
        self.doing = what

    async def beat(self) -> None:
        """Until cancelled."""
        while True:
            began, program, own = _clocks()
            await asyncio.sleep(PERIOD)
            woke, program_then, own_then = _clocks()
            spent = (woke - began - PERIOD, program_then - program, own_then - own)
            self.note(Beat(*(1000 * seconds for seconds in spent)))

    def note(self, beat: Beat) -> None:
        """A beat is over."""
        self.beats[self.doing].append(beat)


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


async def bare(heart: Heart) -> None:
    """Pages with a table of a hundred rows, opened and closed, and nothing of this program."""
    from textual.app import App, ComposeResult
    from textual.screen import Screen
    from textual.widgets import DataTable, Footer, Markdown

    class Page(Screen[None]):
        def compose(self) -> ComposeResult:
            yield DataTable[str](cursor_type="row")
            yield Markdown("# A page\n\nwith *text*")
            yield Footer()

        def on_mount(self) -> None:
            table = self.query_one(DataTable)
            table.add_columns("one", "two", "three")
            table.add_rows([(f"row {n}", "of", "hundred") for n in range(100)])

    # A bare application has not imported what is imported here: the collector leaves that alone.
    gc.freeze()
    app: App[None] = App()
    async with app.run_test(size=(120, 40)) as pilot, watched(heart):
        heart.does(f"{BARE}pages")
        for _ in range(10):
            await app.push_screen(Page())
            await asyncio.sleep(0.2)
            app.pop_screen()
            await pilot.pause(0.2)
        await app.push_screen(Page())
        heart.does(f"{BARE}an arrow held down")
        await Learner(app, pilot, heart.does).hold("down", 60)


async def session(root: Path, heart: Heart) -> None:
    """The application as `quiz` starts it, and a learner at it."""
    gc.disable()
    from quiz.study.library import Library
    from quiz.tui.app import QuizApp

    app = QuizApp(lambda: Library.open(root / "cards", root / "history.db", seed=1))
    async with app.run_test(size=(120, 40)) as pilot, watched(heart):
        await studies(Learner(app, pilot, heart.does), root)


def write_history(root: Path) -> None:
    """The history of the collection, and the cache of its cards."""
    from quiz.study.library import Library

    with closing(Library.open(root / "cards", root / "history.db")) as library:
        questions = [q for q in library.collection.questions if not q.startswith("kinds/")]
        library.ledger.history.append_many(write_log(questions, library.calendar, REVIEWS))
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
