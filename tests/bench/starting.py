"""From the command to the first question, against a bare Textual application."""

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

RUNS = 5


def run() -> None:
    """Print the figures."""
    heading("start, to the first question on the screen (120×40)")
    with tempfile.TemporaryDirectory() as folder:
        bare = Timing([until_shown([sys.executable, "-c", BARE], MARK, {}) for _ in range(RUNS)])
        report("bare Textual application, one Markdown widget", bare)
        for files, each in ((125, 4), (10_000, 10)):
            cards = Path(folder) / f"cards{files}"
            write_cards(cards, files, each)
            environment = {
                "QUIZ_DB": str(Path(folder) / f"{files}.db"),
                "XDG_CACHE_HOME": str(Path(folder) / "cache"),
                "XDG_CONFIG_HOME": str(Path(folder) / "config"),
            }
            command = [sys.executable, "-m", "quiz.cli", "--cards", str(cards), "review"]
            first = until_shown(command, MARK, environment, timeout=600)
            again = Timing([until_shown(command, MARK, environment) for _ in range(RUNS)])
            name = f"{files * each:,} questions in {files:,} files"
            report(f"{name}, first time", f"{first:.2f} s")
            report(f"{name}, unchanged", again)
            ratio = again.median / bare.median
            if files * each <= 1000:
                report(f"{name} ÷ bare", f"{ratio:.2f} ×", "≤ 2 ×")
            else:
                report(f"{name} − bare", f"{again.median - bare.median:+.2f} s")


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
