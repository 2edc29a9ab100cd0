"""What was read is kept between runs, and a cache is never worth more than the files themselves."""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quiz import language
from quiz.deck import templates
from quiz.deck.cache import Cache
from quiz.deck.collection import Collection, load, reload
from quiz.deck.config import read_config
from quiz.deck.files import CardFile
from quiz.deck.parsed import Overview, Parsed
from quiz.deck.reading import ReadFile
from quiz.model.question import Concept, Kind, Question, Recall

HOUR = 3_600_000_000_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Cards of every kind, a translation, one that drifted, a circle, errors, a lost picture."""
    folder = tmp_path / "cards"
    recall = "# T\n\n## Q?\n\nA.\n"
    files = {
        "all.md": templates.concept("All", *Kind),
        "a/base.md": f"---\ntags: [x, y]\nrequires: [all]\nlinks: [l]\n---\n{recall}",
        "a/base.ko.md": "# 제목\n\n## 질문?\n\n답.\n",
        "a/drift.md": recall,
        "a/drift.ko.md": "# 제목\n\n## 하나?\n\n답.\n\n## 둘?\n\n답.\n",
        "a/c1.md": f"---\nrequires: [a/c2]\n---\n{recall}",
        "a/c2.md": f"---\nrequires: [a/c1, nowhere]\nsuspended: true\n---\n{recall}",
        "b/bad.md": "# T\n\n## One? {.x}\n\nA.\n\n## Two? {#two .suspended}\n\n![p](no.png)\n",
        "b/none.md": "nothing\n",
        "b/fresh.md": "# T\n\n## Two faces {.reversed}\n\nFront.\n",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.fixture
def settled(root: Path) -> Path:
    """The same, written long ago as far as times of the content tell."""
    for path in root.rglob("*.md"):
        os.utime(path, ns=(0, path.stat().st_mtime_ns - HOUR))
    return root


def said(collection: Collection) -> list[Any]:
    """Everything a collection says, made."""
    return [
        dict(collection.concepts), dict(collection.questions), collection.findings,
        collection.broken, collection.decks, collection.entries, collection.fingerprint,
        {one: collection.shown(one, "ko") for one in collection.questions},
    ]  # fmt: skip


def place(root: Path) -> Path:
    return Cache.of(root, read_config(root).config).path


def test_the_second_time_says_the_same(root: Path) -> None:
    first = load(root)
    assert place(root).exists()
    assert said(load(root)) == said(first) == said(load(root, known={}))
    assert {question.kind for question in first.questions.values()} == set(Kind)
    assert len(first.findings) == 6


def test_nothing_is_parsed_and_no_parser_loaded_the_second_time(settled: Path) -> None:
    code = (
        "import sys, pathlib; from quiz.deck.collection import load\n"
        "c = load(pathlib.Path(sys.argv[1]))\n"
        "assert c.shown('all#what-does-torchnea-b-return').hints == (), c\n"
        "heavy = {'markdown_it', 'yaml', 'rapidfuzz', 'pathspec', 'ast', 'quiz.deck.parser'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    (settled / "b/bad.md").unlink()
    seen = [
        subprocess.run(
            [sys.executable, "-c", code, str(settled)], check=True, capture_output=True, text=True
        ).stdout
        for _ in range(2)
    ]
    assert "quiz.deck.parser" in seen[0]
    assert "quiz.deck.parser" not in seen[1]
    assert "markdown_it" not in seen[1]
    assert "yaml" not in seen[1]


def test_findings_are_told_in_the_language_of_now(
    root: Path, korean: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where they were kept in another one; each language keeps its own."""
    korean_words = {finding.message for finding in load(root).findings}
    language.speak([])
    english = {finding.message for finding in load(root).findings}
    assert not korean_words & english
    assert any(re.search("[가-힣]", message) for message in korean_words)
    assert not any(re.search("[가-힣]", message) for message in english)
    monkeypatch.setattr(Cache, "save", lambda *_: pytest.fail("read anew"))
    for spoken, words in (("ko", korean_words), ("en", english)):
        language.speak([spoken])
        assert {finding.message for finding in load(root).findings} == words


def test_only_what_changed_is_read_again(settled: Path) -> None:
    load(settled)
    kept = (settled / "b/fresh.md").stat()
    (settled / "b/fresh.md").write_text("# T\n\n## Two faces {.reversed}\n\nBacks.\n")
    os.utime(settled / "b/fresh.md", ns=(0, kept.st_mtime_ns))
    (settled / "b/none.md").unlink()
    (settled / "new.md").write_text("# T\n\n## New?\n\nYes.\n")
    after = load(settled)
    assert after.questions["b/fresh#two-faces"].content == Recall("Backs.")
    assert "new#new" in after.questions
    assert said(after) == said(load(settled, known={}))
    assert said(load(settled)) == said(after)


def test_limits_of_the_collection_and_the_working_folder_are_not_taken_from_the_cache(
    settled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(settled)
    monkeypatch.chdir(settled)
    assert {finding.place.path for finding in load(settled).findings} >= {f"b{os.sep}bad.md"}
    (settled / "quiz.toml").write_text("timeout = 3\n")
    program = next(q for q in load(settled).questions.values() if q.kind is Kind.CODE).content
    assert program.rules.timeout == 3.0  # type: ignore[union-attr]


def test_a_translation_follows_its_base(settled: Path) -> None:
    load(settled)
    base = settled / "a/base.md"
    base.write_text(base.read_text().replace("## Q?", "## Other? {#other}"))
    assert load(settled).shown("a/base#other", "ko").heading == "질문?"


def test_a_picture_that_was_put_there_is_seen(settled: Path) -> None:
    assert any("no such picture" in finding.message for finding in load(settled).findings)
    (settled / "b/no.png").write_bytes(b"")
    assert not any("no such picture" in finding.message for finding in load(settled).findings)


def test_a_file_that_cannot_be_read_is_tried_again(settled: Path) -> None:
    (settled / "link.md").symlink_to(settled / "later.txt")
    assert "link" in load(settled).broken
    (settled / "later.txt").write_text("# T\n\n## There?\n\nYes.\n")
    assert "link#there" in load(settled).questions


def test_an_open_collection_keeps_what_it_showed_while_others_write(settled: Path) -> None:
    load(settled)
    opened = load(settled)
    base = settled / "a/base.md"
    base.write_text(base.read_text().replace("A.", "Something else."))
    load(settled)
    assert opened.questions["a/base#q"].content == Recall("A.")
    assert reload(opened).questions["a/base#q"].content == Recall("Something else.")


# Damage


def tampered(data: bytes) -> Iterator[bytes]:
    yield b""
    yield data[:100]
    yield data[: len(data) // 2]
    yield data[:-1]
    yield data + b"x"
    yield b"\0" * len(data)
    yield pickle.dumps([os.system, "exit 1"])
    for at in range(0, len(data), max(1, len(data) // 60)):
        yield data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


def test_a_damaged_cache_changes_nothing_and_is_written_anew(settled: Path) -> None:
    truth = said(load(settled, known={}))
    load(settled)
    path = place(settled)
    good = path.read_bytes()
    for data in tampered(good):
        path.write_bytes(data)
        assert said(load(settled)) == truth
    path.write_bytes(good[:-1])
    load(settled)
    assert Cache.of(settled, read_config(settled).config).size == len(list(settled.rglob("*.md")))


Index = dict[str, list[Any]]


@pytest.mark.parametrize(
    "change",
    [
        lambda index: {name: [] for name in index},
        lambda index: dict.fromkeys(index),
        lambda index: dict.fromkeys(index, 7),
        lambda index: [],
        lambda index: {name: [*one[:3], [0, 10**18, 0], one[4]] for name, one in index.items()},
        lambda index: {name: [*entry[:3], [-5, "x", None], 0] for name, entry in index.items()},
        lambda index: {name: [*entry[:4], [1] * 9] for name, entry in index.items()},
        lambda index: {name: [["a"] * 4, *entry[1:]] for name, entry in index.items()},
    ],
)  # fmt: skip
def test_a_planted_index_with_right_checksums_is_no_more_than_wrong(
    settled: Path, change: Callable[[Index], object]
) -> None:
    truth = said(load(settled, known={}))
    load(settled)
    path = place(settled)
    data = path.read_bytes()
    form, key, start, length, _ = json.loads(data[-512:])
    table = json.dumps(change(json.loads(data[start : start + length]))).encode()
    footer = json.dumps([form, key, start, len(table), zlib.crc32(table)]).encode()
    path.write_bytes(data[:start] + table + footer.ljust(512))
    assert said(load(settled)) == truth


def test_a_cache_of_another_version_is_not_used(
    settled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(settled)
    before = place(settled).read_bytes()
    monkeypatch.setattr("quiz.deck.cache.__version__", "0.0.0")
    assert Cache.of(settled, read_config(settled).config).size == 0
    load(settled)
    assert place(settled).read_bytes() != before


def test_where_no_cache_can_be_written_all_works_as_well(settled: Path) -> None:
    folder = place(settled).parent
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    assert said(load(settled)) == said(load(settled, known={}))


# In doubt, the content decides


def read_at(checked: int, stamp: tuple[int, int, int]) -> ReadFile:
    file = CardFile("c.md", "c.md", "c", None, stamp)
    return ReadFile(file, checked, "digest", "", (10.0, 1024), Overview(), lambda: Parsed(None, ()))


@pytest.mark.parametrize(
    ("checked", "stamp", "now", "holds"),
    [
        (10 * HOUR, (5, HOUR, HOUR), (5, HOUR, HOUR), True),
        (10 * HOUR, (5, HOUR, HOUR), (6, HOUR, HOUR), False),
        (10 * HOUR, (5, HOUR, HOUR), (5, HOUR + 1, HOUR), False),
        (10 * HOUR, (5, HOUR, HOUR), (5, HOUR, 2 * HOUR), False),
        (HOUR + 1, (5, HOUR, 0), (5, HOUR, 0), False),
        (HOUR + 1, (5, 0, HOUR), (5, 0, HOUR), False),
        (HOUR, (5, 2 * HOUR, 0), (5, 2 * HOUR, 0), False),
        (10 * HOUR, (-1, -1, -1), (-1, -1, -1), True),
    ],
    ids=["settled", "size", "content", "entry", "just saved", "just moved", "future", "no file"],
)
def test_when_size_and_times_can_be_trusted(
    checked: int, stamp: tuple[int, int, int], now: tuple[int, int, int], holds: bool
) -> None:
    read = read_at(checked, stamp)
    assert read.holds_for(replace(read.file, stamp=now)) is holds


def test_an_unchanged_file_with_new_times_is_not_parsed_again(settled: Path) -> None:
    before = load(settled)
    os.utime(settled / "a/base.md")
    after = reload(before)
    assert after.concepts["all"] is before.concepts["all"]
    path = str(settled / "a/base.md")
    assert after.files[path].digest == before.files[path].digest
    assert after.files[path].parsed is before.files[path].parsed
    assert isinstance(after.concepts["all"], Concept)
    assert all(isinstance(one, Question) for one in after.questions.values())
