"""Mutated card files: whatever stands in one, it is read, and no other section pays for it.

A file is made of three sections; the middle one is mutated below its `##`, or any place at all.
Each file must be read without an exception, keep the questions of the sections that were not
touched unless it says what took them in, and survive every pure function a card goes through.
"""

from __future__ import annotations

import json
import random
import re
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from quiz.deck.codec import decode, decode_overview, encode, encode_overview
from quiz.deck.config import CollectionConfig
from quiz.deck.fixes import fix
from quiz.deck.identity import snapshot
from quiz.deck.parsed import overview_of
from quiz.deck.parser import Parsed, parse_concept
from quiz.deck.templates import QUESTIONS
from quiz.model.finding import Severity
from tests.fuzz.campaign import campaign

CARDS = Path(__file__).parents[2] / "cards"
PIECES = (
    "{{c1::", "{{c2::x::y}}", "}}", "::", "`", "```", "````", "~~~", "~~~~", "\n", "\n\n", "# ",
    "## ", "### ", "---\n", "***", "===\n", "- [x] ", "- [ ] ", "- [] ", "* ", "1. ", "> ",
    "> [!TIP]\n", "<!--", "-->", "{#a}", "{#first}", "{.reversed}", "{.case tol=1e-3}", "{", "}",
    "\r\n", "\r", "\0", "\ufeff", "\t", "    ", "$$", "$", "|", "| - |\n", "![a](b.png)", "[a]: /x",
    "```python solution forbid=\"", "```python cases\n", "```python predict\n", "```python test\n",
    "```py solution\n", "```pyton solutoin\n", "```answer\n", "```anwser\n", "```\n", "가", "않는",
    "\u2028", "\x0b", "\x0c", "\x85", "\u200b", "İ", "e\u0301", "[", "](", "&amp;", "\\", "*", "**",
    "_", "<div>", "</div>", "<script>", "<pre>", "<?php", "<![CDATA[", "<!X", "<style>", "'", '"',
    "...\n", "tags: [", "*a &a", "!!python/object", "- - - ", "> > > ", "def f(", "yield ",
    "\ud800", "\x1b[31m", "9" * 30, "torch.ne(a, b)", "c99999999999",
)  # fmt: skip
BYTES = (b"\xff", b"\xfe\xff", b"\xc3", b"\xed\xa0\x80", b"\x00", b"\x80", b"\xf0\x9f")

BEFORE, AFTER = "c#asked-before", "c#asked-after"
_HEAD = "# Fuzzed\n\nA note.\n\n## Asked before?\n\nAn answer.\n\n"
_TAIL = "\n\n## Asked after?\n\nAnother answer.\n"
_TAKEN_IN = re.compile("never closed|not UTF-8|nested too deeply")
_DOUBLE = re.compile("the anchor `#asked-after`")

Mutation = Callable[[random.Random, str], str]


def _span(rng: random.Random, text: str, longest: int = 60) -> tuple[int, int]:
    start = rng.randint(0, len(text))
    return start, min(len(text), start + rng.randint(0, longest))


def insert(rng: random.Random, text: str) -> str:
    at = rng.randint(0, len(text))
    return text[:at] + rng.choice(PIECES) * rng.choice((1, 1, 1, 2, 3, 40)) + text[at:]


def delete(rng: random.Random, text: str) -> str:
    start, end = _span(rng, text)
    return text[:start] + text[end:]


def duplicate(rng: random.Random, text: str) -> str:
    start, end = _span(rng, text, 300)
    at = rng.randint(0, len(text))
    return text[:at] + text[start:end] * rng.randint(1, 3) + text[at:]


def exchange(rng: random.Random, text: str) -> str:
    lines = text.split("\n")
    first, second = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return "\n".join(lines)


def indent(rng: random.Random, text: str) -> str:
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    lines[at] = rng.choice((" ", "  ", "    ", "\t", "> ", "- ", "1. ", "")) + lines[at].lstrip()
    return "\n".join(lines)


def sign(rng: random.Random, text: str) -> str:
    at = rng.randint(0, len(text))
    return text[:at] + chr(rng.choice((rng.randrange(128), rng.randrange(0xD800)))) + text[at + 1 :]


def cut(rng: random.Random, text: str) -> str:
    return text[: rng.randint(0, len(text))]


MUTATIONS: Sequence[Mutation] = (insert, insert, insert, delete, duplicate, exchange, indent, sign)


def sections() -> list[str]:
    """Sections to begin with: a template of each kind, and those of the decks that come along."""
    found = list(QUESTIONS.values())
    for path in sorted(CARDS.rglob("*.md")):
        parts = re.split(r"(?m)^(?=## )", path.read_text("utf-8"))
        found += parts[1:]
    return found


def mutated(rng: random.Random, seeds: Sequence[str]) -> tuple[bytes, bool]:
    """A file, and whether its first and last section are as they were."""
    middle = rng.choice(seeds).removeprefix("## ")
    whole = rng.random() < 0.2
    text = f"---\ntags: [a]\n---\n{_HEAD}## {middle}{_TAIL}" if whole else middle
    for _ in range(rng.choice((1, 1, 2, 3, 5, 12))):
        text = rng.choice(MUTATIONS)(rng, text)
    if rng.random() < 0.03:
        text = cut(rng, text)
    if not whole:
        text = f"{_HEAD}## {text}{_TAIL}"
    if rng.random() < 0.05:
        text = text.replace("\n", rng.choice(("\r\n", "\r")))
    data = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.03:
        at = rng.randint(0, len(data))
        data = data[:at] + rng.choice(BYTES) + data[at:]
        whole = True
    return data, not whole


def framed(section: str) -> bytes:
    """A file with this text below the `##` of its second section."""
    return f"{_HEAD}## {section}{_TAIL}".encode("utf-8", "surrogatepass")


def parse(data: bytes) -> Parsed:
    return parse_concept(data, path="c.md", concept="c", config=CollectionConfig())


def problem(data: bytes, *, framed: bool) -> str:
    """What is wrong with how a file was read; empty when all is well."""
    parsed = parse(data)
    for finding in parsed.findings:
        if not finding.message or not str(finding).startswith("c.md"):
            return f"a finding without a place or message: {finding}"
    if parsed.concept is None:
        return "" if parsed.findings else "nothing was read and nothing is said"
    ids = [question.id for question in parsed.concept.questions]
    if len(ids) != len(set(ids)):
        return f"an id twice: {ids}"
    for question in parsed.concept.questions:
        snapshot(question)
    errors = [f.message for f in parsed.findings if f.severity is Severity.ERROR]
    if framed and BEFORE not in ids and not any("not UTF-8" in one for one in errors):
        return f"the question before was lost: {ids}"
    told = any(_TAKEN_IN.search(one) or _DOUBLE.search(one) for one in errors)
    if framed and AFTER not in ids and not told:
        return f"the question after was lost: {ids} {errors}"
    overview = overview_of(parsed)
    kept = decode_overview(json.loads(json.dumps(encode_overview(overview, "c"))), "c.md", "c")
    if kept != overview or decode(encode(parsed), kept, "c.md", "c") != parsed:
        return "what was kept in the cache is not what was read"
    return _fixed(data, parsed, ids, framed=framed)


def _fixed(data: bytes, parsed: Parsed, ids: Sequence[str], *, framed: bool) -> str:
    """What is wrong with what corrections make of a file; empty when all is well."""
    if not any(finding.rule for finding in parsed.findings):
        return ""
    text = data.decode("utf-8")
    after = parse(fix(text, parsed.findings).text.encode())
    left = [question.id for question in after.concept.questions] if after.concept else []
    if framed and {BEFORE, AFTER} & set(ids) - set(left):
        return f"a correction lost a question: {left}"
    return ""


def run(count: int, seed: int) -> int:
    """Mutate and read `count` files; prints what was found, returns the exit code."""
    seeds = sections()

    def attempt(chance: str) -> str:
        data, framed = mutated(random.Random(chance), seeds)
        try:
            said = problem(data, framed=framed)
        except Exception:
            said = traceback.format_exc()
        return f"{said}\n{data!r}" if said else ""

    found, _ = campaign(count, seed, "files", attempt)
    return 1 if found else 0
