"""From the command to the first question, against a bare Textual application.

Both with compiled modules, as an installation has them, and in turns, so that whatever else the
machine does falls on both.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bench.measure import Timing, heading, report, until_shown

MARK = "ZZYZX"
"""Stands in the first question and in the bare application, to see when it is painted."""

BARE = f"""
from textual.app import App
from textual.widgets import Markdown
class Bare(App):
    def compose(self):
        yield Markdown("# {MARK}\\n\\nA question in *Markdown* with `code`.")
Bare().run()
"""

RUNS = 7


def run() -> None:
    """Print the figures."""
    heading("start, to the first question on the screen (120×40)")
    with tempfile.TemporaryDirectory() as folder:
        ratio = _measure(Path(folder), 125, 4)
        report("quiz review, 500 questions ÷ bare", f"{ratio:.2f} ×", "≤ 2 ×")
        ratio = _measure(Path(folder), 125, 4, home=True)
        report("quiz, 500 questions, to the decks ÷ bare", f"{ratio:.2f} ×", "≤ 2 ×")
        _measure(Path(folder), 10_000, 10)


def _measure(folder: Path, files: int, each: int, *, home: bool = False) -> float:
    """Print how long the command takes; how many times as long as the bare application."""
    cards = folder / f"cards{files}"
    write_cards(cards, files, each)
    environment = {
        "QUIZ_DB": str(folder / f"{files}.db"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }
    command = [sys.executable, "-m", "quiz.cli", "--cards", str(cards)]
    command += [] if home else ["review"]
    mark = "deck000" if home else MARK
    bare_command = [sys.executable, "-c", BARE]
    name = f"{files * each:,} questions in {files:,} files"
    first = until_shown(command, mark, environment, timeout=600)
    until_shown(bare_command, MARK, environment)
    bare, ours = [], []
    for _ in range(RUNS):
        bare.append(until_shown(bare_command, MARK, environment))
        ours.append(until_shown(command, mark, environment))
    report("bare Textual application, one Markdown widget", Timing(bare))
    report(f"{name}, first time", f"{first:.2f} s")
    report(f"{name}, unchanged", Timing(ours))
    more = Timing(ours).median - Timing(bare).median
    report(f"{name} − bare", f"{more:+.2f} s")
    return Timing(ours).median / Timing(bare).median


def write_cards(root: Path, files: int, each: int) -> None:
    """A collection of so many files with so many questions each."""
    for number in range(files):
        deck = root / f"deck{number // 100:03d}"
        deck.mkdir(parents=True, exist_ok=True)
        questions = "\n\n".join(
            f"## {MARK} {number}-{index}: what does `torch.arange({index})` return?\n\n"
            f"A tensor of {index} elements, number {number}."
            for index in range(each)
        )
        (deck / f"concept{number:05d}.md").write_text(
            f"# Concept {number}\n\nA note.\n\n{questions}\n", encoding="utf-8"
        )
    (root / "quiz.toml").write_text(f'name = "bench{files}"\n', encoding="utf-8")
