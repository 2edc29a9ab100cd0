"""`quiz.toml` is read with all its mistakes in one go, and never stops a collection."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.deck.config import CHECKS, ORDERS, CollectionConfig, parse_config, read_config

GOOD = """\
name = "torch notes"
language = "ko"
new_per_day = 5
reviews_per_day = 50
desired_retention = 0.85
timeout = 3
memory = 512

[decks."a/b"]
new_per_day = 0
order = "random"
"""


def read(text: str) -> tuple[CollectionConfig, list[str]]:
    found = parse_config(text.encode(), path="quiz.toml", default_name="folder")
    return found.config, [str(finding) for finding in found.findings]


def test_every_key_is_read() -> None:
    config, findings = read(GOOD)
    assert findings == []
    assert (config.name, config.language, config.timeout) == ("torch notes", "ko", 3.0)
    assert (config.new_per_day, config.reviews_per_day) == (5, 50)
    assert (config.desired_retention, config.memory) == (0.85, 512)
    assert config.decks["a/b"].new_per_day == 0
    assert config.decks["a/b"].order == "random"
    assert config.decks["a/b"].reviews_per_day is None


def test_no_file_is_the_defaults_under_the_name_of_the_folder(tmp_path: Path) -> None:
    found = read_config(tmp_path)
    assert found.findings == ()
    assert found.config == CollectionConfig(name=tmp_path.name)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("new_per_dy = 5\n", "quiz.toml:1:1", "`new_per_day`"),
        ('\nnew_per_day = "5"\n', "quiz.toml:2:1", "whole number"),
        ("new_per_day = true\n", "quiz.toml:1:1", "whole number"),
        ("desired_retention = 90\n", "quiz.toml:1:1", "0.7 to 0.99"),
        ("timeout = 0\n", "quiz.toml:1:1", "seconds"),
        ("timeout = nan\n", "quiz.toml:1:1", "seconds"),
        ('name = ""\n', "quiz.toml:1:1", "text"),
        ('language = "Korean!"\n', "quiz.toml:1:1", "language tag"),
        ('\n[decks."a"]\norder = "rnd"\n', "quiz.toml:3:1", '"random"'),
        ('[decks."a"]\nlimit = 1\n', "quiz.toml:2:1", "unknown key `limit`"),
        ("bury_siblings = false\n", "quiz.toml:1:1", "your own `config.toml`"),
        ("decks = 5\n", "quiz.toml:1:1", "[decks."),
        ("[decks]\na = 5\n", "quiz.toml:2:1", '[decks."a"]'),
        ('name = "a\n', "quiz.toml:1:10", "not TOML"),
        ("a = " + "[" * 5000, "quiz.toml:1", "not TOML"),
    ],
)
def test_a_mistake_has_its_place_and_what_to_write(text: str, place: str, words: str) -> None:
    config, (finding,) = read(text)
    assert finding.startswith(f"{place}:")
    assert words in finding
    assert config.new_per_day is None


def test_the_orders_are_all_named_where_another_one_is_given() -> None:
    assert CHECKS["order"].wanted == "one of " + ", ".join(f'"{order}"' for order in ORDERS)


def test_all_mistakes_are_told_and_the_rest_is_used() -> None:
    config, findings = read('new_per_dy = 5\nmemory = -1\nname = "n"\n')
    assert len(findings) == 2
    assert (config.name, config.memory) == ("n", 1024)


def test_a_byte_order_mark_and_windows_line_ends_are_accepted() -> None:
    found = parse_config(b'\xef\xbb\xbfname = "n"\r\n', path="q", default_name="")
    assert found.findings == ()
    assert found.config.name == "n"


def test_a_file_that_is_not_utf_8_is_a_finding() -> None:
    found = parse_config(b'name = "\xff"\n', path="q", default_name="d")
    assert "UTF-8" in str(found.findings[0])
    assert found.config.name == "d"


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "quiz.toml").mkdir()
    assert "cannot be read" in str(read_config(tmp_path).findings[0])


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'name = "mine"\nnew_per_day = = 3\n', "mine"),
        (b"<<<<<<< HEAD\nname = 'mine'\n=======\nname = 'yours'\n>>>>>>> x\n", "mine"),
        (b'name = "mine"\nlanguage = "\xff"\n', "mine"),
        (b'new_per_day = = 3\n[decks.x]\nname = "mine"\n', "folder"),
    ],
)
def test_a_file_with_a_slip_keeps_the_name_that_the_history_is_found_by(
    data: bytes, name: str
) -> None:
    read = parse_config(data, path="quiz.toml", default_name="folder")
    assert read.findings
    assert read.config.name == name


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_content_raises(data: bytes) -> None:
    parse_config(data, path="q", default_name="d")
