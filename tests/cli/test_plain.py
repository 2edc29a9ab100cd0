"""`quiz review --plain`: a session through a pipe, as a screen reader or a script would hold it."""

from __future__ import annotations

import io
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from quiz import language
from quiz.cli.plain import review
from quiz.model.review import Rating
from quiz.study.library import Library
from quiz.study.values import Selection

CARDS = {
    "a-recall": "## Why call `zero_grad()`?\n\n> [!TIP]\n> Twice.\n\n기울기가 누적된다.\n",
    "b-cloze": "## `torch.ne` compares {{c1::element}} by {{c1::element::the same}}.\n",
    "c-choice": "## Which holds?\n\n- [x] the only option\n  It is alone.\n",
    "d-typed": "## Dtype of `torch.ne(a, b)`?\n\n```answer\ntorch.bool\n```\n",
    "e-predict": "## What is printed?\n\n```python predict\nprint(torch.arange(3) // 2)\n```\n",
    "f-code": "## Write `double(x)`.\n\n```python starter\ndef double(x):\n    ...\n```\n\n"
    "```python solution\ndef double(x):\n    return x * 2\n```\n\n"
    "```python cases\nyield torch.tensor([1, 2])\n```\n",
}


def collection(folder: Path, *names: str) -> Path:
    root = folder / "cards"
    root.mkdir()
    for name in names or CARDS:
        text = f"# {name}\n\nA note.\n\n{CARDS[name]}"
        (root / f"{name}.md").write_text(text, encoding="utf-8")
    return root


def test_all_kinds_are_answered_and_rated_through_a_pipe(tmp_path: Path) -> None:
    collection(tmp_path)
    database = tmp_path / "history.db"
    program = tmp_path / "editor.sh"
    program.write_text('#!/bin/sh\nprintf "def double(x):\\n    return x + x\\n" > "$2"\n')
    program.chmod(0o755)
    answers = [
        ("Question 1", [":h", "", ""]),
        ("Question 2", ["element", "elemnt", "2"]),
        ("Question 3", ["A", ""]),
        ("Question 4", ["bool", ""]),
        ("Question 5", ["tensor([0, 0, 1])", ".", ""]),
        ("Question 6", ["def double(x):", "    return x", ".", "t", ":e", ""]),
        ("Question 7", []),
    ]
    environment = {"QUIZ_DB": str(database), "QUIZ_CARDS": "cards", "EDITOR": str(program)}
    with subprocess.Popen(
        [sys.executable, "-m", "quiz.cli", "review", "--plain"],
        cwd=tmp_path, env={**os.environ, "PYTHONIOENCODING": "utf-8", "TERM": "dumb"} | environment,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        seen = ""
        for done, (question, lines) in enumerate(answers):
            while question not in seen:
                seen += (line := process.stdout.readline())
                assert line, f"{question} did not come after:\n{seen}"
            assert _ratings(database) == done, "a rating is stored before the next question"
            process.stdin.write("".join(f"{line}\n" for line in lines))
            process.stdin.flush()
        process.stdin.close()
        seen += process.stdout.read()
    assert process.returncode == 0
    assert "\x1b" not in seen
    for said in (
        "Twice.", "기울기가 누적된다.", "Enter takes Hard: right with a hint",
        "Gap 2 of 2 (the same):", "Almost", "a) the only option: holds", "It is alone.",
        "The answer: torch.bool", "Passed", "expected  tensor([2, 4])", "t tries again",
        "Enter takes Hard: right after 1 failed try", "6 reviews of 6 questions",
    ):  # fmt: skip
        assert said in seen, f"{said} in\n{seen}"
    with sqlite3.connect(database) as history:
        rows = history.execute("SELECT rating, attempts, hints FROM review ORDER BY id").fetchall()
    assert rows == [(2, 0, 1), (2, 1, 0), (3, 1, 0), (1, 1, 0), (3, 1, 0), (2, 2, 0)]


def _ratings(database: Path) -> int:
    with sqlite3.connect(database) as history:
        return int(history.execute("SELECT count(*) FROM review").fetchone()[0])


def told(
    place: Path, lines: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    """What a session says to these lines."""
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    review(Library.open(place / "cards", place / "history.db", seed=1), Selection())
    return capsys.readouterr().out


class Typist:
    """Types lines; where one is a function it is done first, as in another window, and the next
    line typed."""

    def __init__(self, *lines: str | Callable[[], object]) -> None:
        self._lines = iter(lines)

    def readline(self) -> str:
        for line in self._lines:
            if isinstance(line, str):
                return f"{line}\n"
            line()
        return ""


def typed(
    place: Path,
    typist: Typist,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> str:
    """What a session says to a typist."""
    monkeypatch.setattr("sys.stdin", typist)
    review(Library.open(place / "cards", place / "history.db", seed=1), Selection())
    return capsys.readouterr().out


def ratings(place: Path) -> list[Rating]:
    library = Library.open(place / "cards", place / "history.db")
    try:
        return [one.rating for one in library.reviews()]
    finally:
        library.close()


def test_a_rating_is_taken_back_and_the_question_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    collection(tmp_path, "a-recall", "d-typed")
    text = told(tmp_path, "u\n\n4\n:u\n\n1\n", monkeypatch, capsys)
    assert "There is nothing to take back." in text
    assert "Taken back. Here it is again." in text
    assert text.count("Why call `zero_grad()`?") == 2
    assert ratings(tmp_path) == [Rating.AGAIN]


def test_commands_leave_the_question_or_skip_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    collection(tmp_path, "a-recall", "c-choice", "d-typed")
    text = told(tmp_path, "?\nn\nh\nh\n-\nz\n!\n:u\ns\n9\nq\n", monkeypatch, capsys)
    for said in (
        "commands begin with a colon", "A note.", "There is no further hint.",
        "Hidden until tomorrow.", "Type letters from a to a.", "Suspended. u takes it back.",
        "Enter takes Again: the answer was shown first", "Type 1, 2, 3 or 4.", "Nothing was rated.",
    ):  # fmt: skip
        assert said in text, f"{said} in\n{text}"
    assert ratings(tmp_path) == []


def test_a_letter_may_be_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    card = "# q\n\n## Which letter?\n\n```answer\nq\n```\n"
    collection(tmp_path, "a-recall")
    (tmp_path / "cards" / "a-recall.md").write_text(card, encoding="utf-8")
    assert "Right\n" in told(tmp_path, "q\n\n:q\n", monkeypatch, capsys)
    assert ratings(tmp_path) == [Rating.GOOD]


def test_the_end_of_the_input_ends_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    collection(tmp_path, "d-typed")
    text = told(tmp_path, "torch.bool\n", monkeypatch, capsys)
    assert text.endswith("Nothing was rated.\n")
    assert ratings(tmp_path) == []


def test_it_speaks_korean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    collection(tmp_path, "d-typed")
    language.speak(["ko"])
    try:
        text = told(tmp_path, "\n\n:q\n", monkeypatch, capsys)
    finally:
        language.speak([])
    assert "Enter → 다시: 답을 먼저 보았음" in text
    assert "1 다시 1분, 2 어려움 6분" in text


def test_a_card_saved_while_it_is_asked_is_asked_as_it_reads_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = collection(tmp_path, "a-recall", "d-typed")
    recall, other = root / "a-recall.md", root / "d-typed.md"
    good = recall.read_text(encoding="utf-8")

    def write(path: Path, text: str) -> Callable[[], object]:
        return lambda: path.write_text(text, encoding="utf-8")

    reworded = good.replace("Why call", "Why must one call")
    typist = Typist(
        write(other, "# d\n\n## Broken\n\n```answer\n"), "",  # another card: no matter here
        write(recall, reworded), "4",  # this answer was to a question that reads otherwise now
        "", "3",
        write(recall, good), ":u",
        "", "2",
    )  # fmt: skip
    text = typed(tmp_path, typist, monkeypatch, capsys)
    assert "d-typed.md:5:1: error" in text
    assert text.count("The card was changed; this is how it reads now.") == 1
    assert text.count("Why must one call `zero_grad()`?") == 1
    assert "goes on as a-recall#why-call-zero_grad" in text
    assert "Taken back. Here it is again." in text
    assert ratings(tmp_path) == [Rating.HARD]


def test_a_card_deleted_while_it_is_asked_gives_way_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = collection(tmp_path, "a-recall", "d-typed")
    gone = (root / "a-recall.md").unlink
    away, back = (lambda: root.rename(tmp_path / "x")), (lambda: (tmp_path / "x").rename(root))
    typist = Typist(gone, "", away, "torch.bool", back, "")
    text = typed(tmp_path, typist, monkeypatch, capsys)
    assert "The question that was asked is gone from the cards, or from today." in text
    assert ratings(tmp_path) == [Rating.GOOD]
