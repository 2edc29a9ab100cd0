"""`quiz import` and `quiz export` as they are typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.interchange.packages import BASIC, CLOZE, Card, Note, new_package

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def quiz(tmp_path: Path) -> Run:
    """Runs the program in the temporary folder, with its cards and history there."""
    (tmp_path / "mine").mkdir()

    def run(*arguments: object) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "quiz.cli", *map(str, arguments)],
            cwd=tmp_path,
            env={
                **os.environ,
                "QUIZ_CARDS": str(tmp_path / "mine"),
                "QUIZ_DB": str(tmp_path / "mine.db"),
            },
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout, done.stderr

    return run


def test_a_package_in_and_out_and_in_again(quiz: Run, tmp_path: Path) -> None:
    revlog = [(1_748_779_200_000, 3, 4, 2500, 1000, 0)]
    notes = [
        Note(BASIC, ("q", "a"), "D", cards=[Card(queue=2, revlog=revlog)]),
        Note(CLOZE, ("no gap", "")),
    ]
    package = new_package(tmp_path / "deck.apkg", notes)
    code, out, err = quiz("import", package, "--into", "mine/spanish")
    assert code == 0
    assert "1 questions in 1 files, below spanish; 1 files are new" in out
    assert "1 reviews and 0 suspended questions; 1 entries of the history are new" in out
    assert "note 1700000000001: cannot be asked" in err
    code, out, _ = quiz("import", package, "--into", "spanish", "--json")
    told = json.loads(out)
    assert (code, told["written"], told["added"], told["reviews"]) == (0, 0, 0, 1)
    assert told["left_out"][0]["source"] == "note 1700000000001"
    code, out, _ = quiz("export", "out.apkg")
    assert (code, out) == (0, "1 notes with 1 cards and 1 reviews in out.apkg\n")
    code, out, _ = quiz("export", "out.apkg", "--json")
    assert json.loads(out)["cards"] == 1
    code, out, _ = quiz("search", "", "--json")
    (question,) = map(json.loads, out.splitlines())
    assert question["question"].startswith("spanish/d/q#")
    code, out, _ = quiz("history", question["question"], "--json")
    assert [r["duration"] for r in json.loads(out)["reviews"]] == [1000]


def test_what_anki_lacks_is_said(quiz: Run, tmp_path: Path) -> None:
    text = "# T\n\n## Which?\n\n- [x] a\n- [ ] b\n\n## ![](gone.png) what?\n\nyes\n"
    (tmp_path / "mine" / "t.md").write_text(text, encoding="utf-8")
    code, _, err = quiz("export", "out.apkg")
    assert code == 0
    assert "Anki does not have these kinds: 1 choice" in err
    assert "gone.png: this file is missing" in err


def test_a_csv_with_the_columns_of_a_log_is_a_log(quiz: Run, tmp_path: Path) -> None:
    (tmp_path / "mine" / "t.md").write_text("# T\n\n## q\n\na\n", encoding="utf-8")
    (tmp_path / "log.csv").write_text("card,rating,time\nt#q,3,2026-01-01T00:00:00Z\n")
    code, out, _ = quiz("import", "log.csv")
    assert (code, out) == (0, "1 reviews of 1 questions added, 0 were there already\n")
    (tmp_path / "bad.csv").write_text("card,rating,duration\nt#q,3,1\n")
    code, _, err = quiz("import", "bad.csv")
    assert code == 2
    assert "the header must name time" in err
    (tmp_path / "cards.csv").write_text("Front,Back\nhello,bonjour\n")
    code, out, _ = quiz("import", "cards.csv")
    assert code == 0
    assert (tmp_path / "mine" / "cards" / "hello.md").is_file()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.apkg", "no zip", "not an Anki package"),
        ("a.md", "nothing", "no cards were recognised"),
        ("a.pdf", "x", "not a format quiz reads"),
        ("a.csv", "front,back\n", "no cards to import"),
    ],
)
def test_what_cannot_be_imported_is_said_in_a_line(
    quiz: Run, tmp_path: Path, name: str, text: str, told: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    code, out, err = quiz("import", name)
    assert (code, out) == (2, "")
    assert told in err
    assert list((tmp_path / "mine").iterdir()) == []


def test_the_decks_that_come_along_are_not_added_to(quiz: Run, tmp_path: Path) -> None:
    from quiz.settings import bundled_cards

    (tmp_path / "cards.csv").write_text("Front,Back\nhello,bonjour\n")
    code, _, err = quiz("import", "cards.csv", "--cards", bundled_cards())
    assert code == 2
    assert "quiz init" in err
    assert not (bundled_cards() / "cards").exists()
