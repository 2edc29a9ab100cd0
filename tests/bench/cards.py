"""Reading cards: a cold index, a start with nothing changed, a scan, hostile files, memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from quiz.deck.config import CollectionConfig
from quiz.deck.parser import parse_concept
from quiz.deck.templates import QUESTIONS
from quiz.model.question import Kind
from tests.bench.measure import heading, report

FILES, EACH = 10_000, 10

_IN_A_FRESH_PROCESS = """
import json, sys, time
from pathlib import Path
began, spent = time.perf_counter(), time.process_time()
from quiz.deck.collection import load, reload
imported = time.perf_counter()
collection = load(Path(sys.argv[1]))
entries = collection.entries
count = len(collection.questions)
loaded, spent = time.perf_counter(), time.process_time() - spent
first = collection.shown(entries[len(entries) // 2].questions[0])
shown = time.perf_counter()
again = reload(collection)
scanned = time.perf_counter()
# Of this program alone: what getrusage says includes the one that started it.
status = Path("/proc/self/status").read_text()
peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
print(json.dumps({
    "count": count, "spent": spent, "import": imported - began, "load": loaded - imported,
    "show": shown - loaded, "scan": scanned - shown, "peak": peak,
    "parser": "quiz.deck.parser" in sys.modules,
}))
"""


def run() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        for name, mixed in (("short recall", False), ("every kind, with code", True)):
            root = Path(folder) / name
            _write(root, mixed=mixed)
            heading(f"cards: {FILES * EACH:,} questions in {FILES:,} files, {name}")
            environment = {**os.environ, "XDG_CACHE_HOME": str(Path(folder) / "cache")}
            cold = _measured(root, environment)
            warm = min(
                (_measured(root, environment) for _ in range(3)), key=lambda one: one["load"]
            )
            count = cold["count"]
            rate = f"{count / cold['load']:,.0f} /s, {count / cold['spent']:,.0f} a CPU second"
            report("cold index, cache written", rate, "≥ 5,000 /s")
            report("its memory", f"{cold['peak']:.0f} MB", "≤ 400 MB")
            report(
                "unchanged, ids and decks known", f"{warm['load']:.2f} s", "≤ 1.5 s to the screen"
            )
            report("its memory", f"{warm['peak']:.0f} MB", "≤ 400 MB")
            report("parser loaded", "yes" if warm["parser"] else "no", "no")
            report("a question from the middle", f"{warm['show'] * 1000:.1f} ms")
            report("scan of the unchanged files again", f"{warm['scan']:.2f} s", "≤ 0.5 s")
    _hostile()


def _measured(root: Path, environment: dict[str, str]) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", _IN_A_FRESH_PROCESS, str(root)],
        env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _write(root: Path, *, mixed: bool) -> None:
    """Files that were last changed long enough ago for their times to be trusted."""
    kinds = list(Kind)
    for number in range(FILES):
        deck = root / f"deck{number // 100:03d}"
        deck.mkdir(parents=True, exist_ok=True)
        sections: list[str] = []
        asked = 0
        while asked < EACH:
            if mixed:
                kind = kinds[len(sections) % len(kinds)]
                title, _, body = QUESTIONS[kind].partition("\n")
                sections.append(f"{title} {{#q{number}-{asked}}}\n{body}")
                asked += 2 if kind is Kind.CLOZE else 1
            else:
                sections.append(f"## What is {number}-{asked}?\n\nIt is number {number}.\n")
                asked += 1
        text = f"# Concept {number}\n\nA note.\n\n" + "\n".join(sections)
        (deck / f"concept{number:05d}.md").write_text(text, encoding="utf-8")
    time.sleep(2.5)


def _hostile() -> None:
    heading("hostile card files: CPU seconds, and against half of it (linear: about 2 ×)")
    for name, whole, half in (
        ("10 MB of ordinary sections", _sections(10), _sections(5)),
        ("10 MB in one section", "word " * 2_000_000, "word " * 1_000_000),
        ("a megabyte line", "a" * 1_000_000, "a" * 500_000),
        ("100,000 nested brackets", "[" * 100_000 + "]" * 100_000, "[" * 50_000 + "]" * 50_000),
        ("100,000 quote marks", ">" * 100_000, ">" * 50_000),
        ("100,000 list marks", "- " * 100_000, "- " * 50_000),
        ("100,000 open gaps", "{{c1::" * 100_000, "{{c1::" * 50_000),
        ("100,000 backticks of growing runs", _ticks(100_000), _ticks(50_000)),
        ("100,000 open comments", "a <!--" * 100_000, "a <!--" * 50_000),
        ("100,000 options", "- [x] a\n" * 100_000, "- [x] a\n" * 50_000),
    ):
        full, part = _seconds(whole), _seconds(half)
        ratio = f"{full / part:.1f} × the half" if full > 0.05 else "too short to compare"
        report(name, f"{full:.2f} s, {ratio}")


def _sections(megabytes: int) -> str:
    one = "A paragraph with `code` and **bold** text, of some eighty characters in all.\n" * 12
    return "".join(f"## Number {n}?\n\n{one}\n" for n in range(megabytes * 1050))


def _ticks(count: int) -> str:
    return "".join("`" * (n % 300 + 1) + " " for n in range(count // 150))


def _seconds(body: str) -> float:
    data = f"# T\n\n## First?\n\nA.\n\n## Body?\n\n{body}\n\n## Last?\n\nB.\n".encode()
    begin = time.process_time()
    read = parse_concept(data, path="c.md", concept="c", config=CollectionConfig())
    spent = time.process_time() - begin
    assert read.concept is not None
    assert {"c#first", "c#last"} <= {question.id for question in read.concept.questions}
    return spent
