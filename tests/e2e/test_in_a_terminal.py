"""The installed program in a real pseudo-terminal: a morning of reviews, a crash in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.terminal import Terminal

CARDS = {
    "a-recall": "## Why call `zero_grad()`?\n\n기울기가 누적된다.\n",
    "b-cloze": "## `torch.ne` compares {{c1::element}} by element.\n",
    "c-choice": "## Which holds?\n\n- [x] the only option\n",
    "d-typed": "## Dtype of `torch.ne(a, b)`?\n\n```answer\ntorch.bool\n```\n",
    "e-predict": "## What is printed?\n\n```python predict\nprint(torch.arange(3) // 2)\n```\n",
    "f-code": """\
## Write `double(x)`.

```python starter
def double(x):
    ...
```

```python solution
def double(x):
    return x * 2
```

```python cases
yield torch.tensor([1, 2])
yield torch.randn(3, 3)
```
""",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    root = tmp_path / "cards"
    root.mkdir()
    for name, text in CARDS.items():
        (root / f"{name}.md").write_text(f"# {name}\n\nA note.\n\n{text}", encoding="utf-8")
    return tmp_path


def environment(place: Path) -> dict[str, str]:
    return {"QUIZ_DB": str(place / "history.db"), "QUIZ_CARDS": str(place / "cards")}


def start(place: Path, columns: int = 80, lines: int = 24) -> Terminal:
    command = [sys.executable, "-m", "quiz.cli", "review"]
    return Terminal(command, environment=environment(place), columns=columns, lines=lines)


def quiz(place: Path, *arguments: str) -> list[Any]:
    done = subprocess.run(
        [sys.executable, "-m", "quiz.cli", *arguments, "--json"],
        env={**os.environ, **environment(place)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def reviewed(place: Path) -> dict[str, list[tuple[int, str]]]:
    """Rating and verdict of every review, by concept."""
    reviews = {}
    for row in quiz(place, "search"):
        (history,) = quiz(place, "history", row["question"])
        if history["reviews"]:
            concept = row["question"].partition("#")[0]
            reviews[concept] = [(r["rating"], r["verdict"]) for r in history["reviews"]]
    return reviews


def type_double(terminal: Terminal, body: str) -> None:
    """Select all in the editor (F7) and replace it by a definition of `double`."""
    terminal.wait_for("Ctrl+R runs it", "def double(x):")
    terminal.press("f7", "backspace", f"def double(x):\rreturn {body}")
    terminal.wait_for(f"return {body}")


def test_one_question_of_each_kind_then_quit_and_start_again(place: Path) -> None:
    with start(place) as terminal:
        terminal.wait_for("Why call zero_grad()?", "0/6")
        terminal.press(" ")
        terminal.wait_for("기울기가 누적된다.", "1 Again", "4 Easy")
        terminal.press("3")
        terminal.wait_for("compares […] by element")
        terminal.press("elemant", "enter")
        terminal.wait_for("element", "▸1 Again")
        terminal.press("enter")
        terminal.wait_for("Which holds?")
        terminal.press("a", "enter")
        terminal.wait_for("✓ Right", "▸3 Good")
        terminal.press("4")
        terminal.wait_for("Dtype of torch.ne")
        terminal.press("torch.bool", "enter")
        terminal.wait_for("✓ Right  torch.bool", "▸3 Good")
        terminal.press("2")
        terminal.wait_for("What is printed?")
        terminal.press("tensor([0, 1, 1])", "ctrl+r")
        terminal.wait_for("tensor([0, 0, 1])", "▸1 Again")
        terminal.press("1")
        terminal.wait_for("Write double(x).")
        type_double(terminal, "x + 2")
        terminal.press("ctrl+r")
        terminal.wait_for("Wrong", "▸1 Again")
        terminal.press("ctrl+q")
        assert terminal.wait_closed() == 0
    assert reviewed(place) == {
        "a-recall": [(3, "")],
        "b-cloze": [(1, "wrong")],
        "c-choice": [(4, "pass")],
        "d-typed": [(2, "pass")],
        "e-predict": [(1, "wrong")],
    }
    with start(place) as terminal:
        terminal.wait_for("1 new")
        assert "0/6" not in terminal.text


def test_a_code_answer_that_fails_then_passes(place: Path) -> None:
    for name in CARDS:
        if name != "f-code":
            (place / "cards" / f"{name}.md").unlink()
    with start(place, columns=140, lines=40) as terminal:
        terminal.wait_for("Write double(x).")
        type_double(terminal, "x.whatever")
        terminal.press("ctrl+r")
        terminal.wait_for("AttributeError", "▸1 Again")
        type_double(terminal, "x + x")
        terminal.press("ctrl+r")
        terminal.wait_for("Passed", "▸2 Hard")
        terminal.press("escape")
        terminal.wait_for("q Back")
        terminal.press("enter")
        terminal.wait_gone("Passed")
        terminal.kill()
    assert reviewed(place) == {"f-code": [(2, "pass")]}


def test_a_kill_in_the_middle_loses_nothing_that_was_acknowledged(place: Path) -> None:
    with start(place) as terminal:
        terminal.wait_for("Why call zero_grad()?")
        terminal.press(" ")
        terminal.wait_for("1 Again")
        terminal.press("3")
        terminal.wait_for("by element")
        terminal.kill()
    assert reviewed(place) == {"a-recall": [(3, "")]}
    with start(place) as terminal:
        terminal.wait_for("by element")


CRASHING = """
from quiz.cli import main
from quiz.tui.screens.home import HomeScreen
def fail(page):
    raise ValueError("too odd")
HomeScreen.action_search = fail
main()
"""


def test_a_crash_is_one_clear_page_and_leaves_a_log(place: Path) -> None:
    command, state = [sys.executable, "-c", CRASHING], place / "state"
    where = {**environment(place), "XDG_STATE_HOME": str(state)}
    with Terminal(command, environment=where, columns=200) as terminal:
        terminal.wait_for("Today:")
        terminal.press("ctrl+c")
        terminal.wait_for("Ctrl+Q ends the program.")
        terminal.press("/")
        assert terminal.wait_closed() == 1
        assert "ValueError: too odd" in terminal.text
        assert "every rating was saved" in terminal.text
        assert "Traceback" not in terminal.text
        (log,) = state.rglob("crash.log")
        assert str(log) in terminal.text
        assert "Traceback" in log.read_text(encoding="utf-8")


def test_a_terminal_that_is_closed_loses_nothing(place: Path) -> None:
    with start(place) as terminal:
        terminal.wait_for("Why call zero_grad()?")
        terminal.press(" ")
        terminal.wait_for("1 Again")
        terminal.press("3")
        terminal.wait_for("by element")
        terminal.process.kill(signal.SIGHUP)
        terminal.wait_closed()
    assert reviewed(place) == {"a-recall": [(3, "")]}
    with start(place) as terminal:
        terminal.wait_for("by element")
        terminal.process.kill(signal.SIGTERM)
        assert terminal.wait_closed() == 0


def test_a_small_terminal_will_do(place: Path) -> None:
    with start(place, columns=40, lines=10) as terminal:
        terminal.wait_for("Why call")
        terminal.press(" ")
        terminal.wait_for("Again", "Easy")
        terminal.press("4")
        terminal.wait_for("by element")
        terminal.press("ctrl+q")
        assert terminal.wait_closed() == 0


@pytest.mark.parametrize(("wish", "coloured"), [("1", False), ("", True)])
def test_no_color_is_honoured_by_the_commands(place: Path, wish: str, coloured: bool) -> None:
    said: Any = pexpect.run(
        f"{sys.executable} -m quiz.cli grade nothing.md answer.py",
        env={**os.environ, **environment(place), "TERM": "xterm-256color", "NO_COLOR": wish},
    )
    assert b"error: " in said
    assert (b"\x1b[" in said) is coloured
