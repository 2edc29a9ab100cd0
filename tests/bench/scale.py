"""A decade of reviews: 100,000 questions, 1,000,000 reviews, and what the program does with them.

Beside Anki's own engine on the same work where the extra `oracle` is installed.
"""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from random import Random

from quiz.model.review import Rating, Review
from quiz.schedule.days import Calendar
from quiz.store.history import History
from quiz.store.ids import new_id
from tests.bench.measure import heading, report, until_shown
from tests.bench.starting import MARK, write_cards

FILES, EACH, REVIEWS = 10_000, 10, 10
"""Files of cards, questions in each, reviews of each question."""
RATINGS = 300

_DAY = timedelta(days=1)


def run() -> None:
    """Print the figures."""
    heading(f"scale: {FILES * EACH:,} questions, {FILES * EACH * REVIEWS:,} reviews")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_cards(root / "cards", FILES, EACH)
        with (root / "cards" / "quiz.toml").open("a", encoding="utf-8") as file:
            file.write("reviews_per_day = 9999\n")
        _write_history(root)
        environment = {**os.environ, "XDG_CACHE_HOME": str(root / "cache")}
        _measured(root, environment, "warm")
        ours = _measured(root, environment, "measure")
        bare = _bare_commits(root)
        theirs = _anki(root) if find_spec("anki") else {}
        ours["start, to the first question, s"] = _start(root, environment)
        bars = {
            "search for a word, s": "≤ 0.3 s",
            "next question, median ms": "≤ 5 ms",
            "rating to disk, median ms": f"≤ 5 ms; a bare commit here: {bare[0]:.1f} ms",
            "rating to disk, p99 ms": f"≤ 20 ms; a bare commit here: {bare[1]:.1f} ms",
            "rebuild, s": "≤ 60 s",
        }
        for name, figure in ours.items():
            said = f"{figure:.2f}" if name.endswith(" s") else f"{figure:.1f}"
            if name in theirs:
                said += f"  ({figure / theirs[name]:.2g} × Anki's)"
            report(name, said, bars.get(name, ""))


def _start(root: Path, environment: dict[str, str]) -> float:
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(root / "compiled")}
    environment = {**environment, **compiled, "QUIZ_DB": str(root / "history.db")}
    command = [sys.executable, "-m", "quiz.cli", "--cards", str(root / "cards"), "review"]
    until_shown(command, MARK, environment)
    return statistics.median(until_shown(command, MARK, environment) for _ in range(3))


def _measured(root: Path, environment: dict[str, str], what: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.scale", what, str(root)],
        env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _write_history(root: Path) -> None:
    from quiz.study.library import Library

    with closing(Library.open(root / "cards", root / "history.db")) as library:
        questions = list(library.collection.questions)
        calendar = library.calendar
    with History.open(root / "history.db") as history:
        history.append_many(write_log(questions, calendar))


def write_log(questions: list[str], calendar: Calendar, each: int = REVIEWS) -> Iterator[Review]:
    """Reviews at growing gaps; of each question the last is due within weeks of today."""
    rng = Random(1)
    now = datetime.now(UTC)
    for question in questions:
        gaps = [rng.uniform(1, 4) * 1.6**n for n in range(each)]
        time_ = now - timedelta(days=sum(gaps[1:]) - rng.uniform(-30, gaps[-1]) * 0.5)
        time_ = min(time_, now - timedelta(days=sum(gaps[:-1]) + 1))
        for gap in gaps:
            day = calendar.day(time_)
            due = calendar.start(day + max(1, round(gap)) * _DAY)
            rating = Rating(rng.choices([1, 2, 3, 4], [8, 10, 72, 10])[0])
            yield Review(
                new_id(time_), question, time_, day, rating, duration=8000, due=due,
                algorithm="fsrs-6",
            )  # fmt: skip
            time_ += gap * _DAY


def _bare_commits(root: Path) -> tuple[float, float]:
    """Milliseconds of a transaction of one row, as safe as ours: median and p99."""
    with closing(sqlite3.connect(root / "bare.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")
        times = _times(lambda: connection.execute("INSERT INTO t (b) VALUES ('x')"), RATINGS)
    return statistics.median(times), times[round(0.99 * (len(times) - 1))]


def _times(action: Callable[[], object], count: int) -> list[float]:
    """Milliseconds of each, in ascending order."""
    found = []
    for _ in range(count):
        began = time.perf_counter()
        action()
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found)


def _anki(root: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("anki_engine.py")), str(FILES * EACH),
         str(REVIEWS), str(RATINGS), str(root)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        report("Anki's engine failed", done.stderr.strip().rpartition("\n")[2][:80])
        return {}
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def measure(root: Path) -> dict[str, float]:
    """What it takes, in a process of its own."""
    figures: dict[str, float] = {}

    def timed(name: str, action: Callable[[], object]) -> object:
        began, spent = time.perf_counter(), time.process_time()
        result = action()
        figures[f"{name}, s"] = time.perf_counter() - began
        figures[f"{name}, CPU s"] = time.process_time() - spent
        return result

    from quiz.study.library import Library
    from quiz.study.values import Attempt, Selection

    library = Library.open(root / "cards", root / "history.db")
    timed("rebuild", library.rebuild)
    library.close()
    again = timed("open", lambda: Library.open(root / "cards", root / "history.db"))
    assert isinstance(again, Library)
    library = again
    session = timed("session, first question", library.session)
    from quiz.study.session import Session

    assert isinstance(session, Session)
    recorded: list[float] = []
    record = library.ledger.record

    def recording(entry: Review) -> object:
        began = time.perf_counter()
        after = record(entry)
        recorded.append((time.perf_counter() - began) * 1000)
        return after

    library.ledger.record = recording  # type: ignore[method-assign,assignment]
    spent = time.process_time()
    whole = _times(lambda: session.rate(Rating.GOOD, Attempt(duration=1000)), RATINGS)
    figures["rating and next question, CPU ms"] = (time.process_time() - spent) * 1000 / RATINGS
    recorded.sort()
    p99 = round(0.99 * (RATINGS - 1))
    figures["rating to disk, median ms"] = statistics.median(recorded)
    figures["rating to disk, p99 ms"] = recorded[p99]
    figures["next question, median ms"] = statistics.median(whole) - statistics.median(recorded)
    spent = time.process_time()
    undone = _times(session.undo, 10)
    figures["undo, median ms"] = statistics.median(undone)
    figures["undo, CPU ms"] = (time.process_time() - spent) * 100
    timed("search for a word", lambda: library.rows("4321-7"))
    timed("session of a search", lambda: library.session(Selection(query="due:0")))
    timed("list of what is due", lambda: library.rows("due:0"))
    timed("search once all is read", lambda: library.rows("5321-7"))
    timed("statistics", library.statistics)
    timed("decks with counts", library.decks)
    figures["database, MB"] = (root / "history.db").stat().st_size / 1e6
    status = Path("/proc/self/status").read_text()
    figures["memory, MB"] = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    library.close()
    return figures


if __name__ == "__main__":
    place = Path(sys.argv[2])
    if sys.argv[1] == "warm":
        from quiz.study.library import Library

        Library.open(place / "cards", place / "history.db").close()
        sys.stdout.write("{}")
    else:
        json.dump(measure(place), sys.stdout)
