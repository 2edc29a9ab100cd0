"""Which histories survive 10,000 edits: by our rule, by content hashing, by path and heading."""

from __future__ import annotations

import random
import time
from dataclasses import replace

from quiz.deck.identity import match
from quiz.model.question import Kind
from quiz.model.snapshot import Snapshot
from tests.bench.measure import heading, report
from tests.deck.edits import (
    CHANGES,
    Count,
    by_content,
    by_matching,
    by_path_and_heading,
    edits,
    measure,
)

EDITS = 10_000


def run() -> None:
    """Print the tables."""
    each = -(-EDITS // len(CHANGES))
    heading(f"identity: {each * len(CHANGES):,} edits; histories kept, lost, moved to a wrong one")
    report("", f"{'quiz':<29}{'content hash (hashcards)':<29}path and heading")
    totals = [Count(), Count(), Count()]
    rules = (by_matching(match), by_content, by_path_and_heading)
    for kind in CHANGES:
        found = list(edits(kind, each))
        counts = [measure(found, rule) for rule in rules]
        totals = [_sum(total, count) for total, count in zip(totals, counts, strict=True)]
        report(kind, "".join(f"{_shown(count):<29}" for count in counts))
    report("all", "".join(f"{_shown(count):<29}" for count in totals), "0 wrong")
    _speed()


def _sum(one: Count, other: Count) -> Count:
    return Count(
        one.edits + other.edits, one.kept + other.kept, one.lost + other.lost,
        one.wrong + other.wrong,
    )  # fmt: skip


def _shown(count: Count) -> str:
    touched = count.kept + count.lost
    share = f"{100 * count.kept / touched:.1f} %" if touched else "–"
    return f"{share:>7} {count.kept:>6} {count.lost:>5} {count.wrong:>5}"


def _speed() -> None:
    heading("identity: time to match")
    rng = random.Random(0)
    words = [f"word{n}" for n in range(3000)]
    kept = [_question(rng, words, n) for n in range(50_000)]
    gone = [_question(rng, words, n) for n in range(50_000, 50_500)]
    new = [replace(one, question=f"{one.question}x", prompt=f"{one.prompt}?") for one in gone]
    begin, spent = time.perf_counter(), time.process_time()
    moves = match(gone, new, kept).moves
    waited, spent = time.perf_counter() - begin, time.process_time() - spent
    figures = f"{waited:.2f} s, {spent:.2f} s of the CPU"
    report(f"500 edited against 50,000 kept ({len(moves)} moved)", figures, "≤ 2 s")


def _question(rng: random.Random, words: list[str], number: int) -> Snapshot:
    prompt = f"{' '.join(rng.choices(words, k=12))} torch.fn{number % 400}"
    answer = " ".join(rng.choices(words, k=15))
    return Snapshot(f"deck/c{number // 10}#q{number}", Kind.RECALL, prompt, answer)
