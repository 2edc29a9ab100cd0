"""The very first start."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from quiz.settings import bundled_cards, find_cards
from quiz.study.library import Library
from quiz.tui.app import QuizApp
from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.welcome import WelcomeScreen
from tests.tui.driving import Desk


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    empty = tmp_path / "somewhere"
    empty.mkdir()
    monkeypatch.chdir(empty)
    monkeypatch.setenv("QUIZ_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "config.toml"


@asynccontextmanager
async def newcomer(tmp_path: Path) -> AsyncIterator[Desk]:
    app = QuizApp(lambda: Library.open(find_cards(None), tmp_path / "h.db"), welcome=True)
    async with app.run_test(size=(80, 24)) as pilot:
        at = Desk(pilot, app)
        await at.page(WelcomeScreen)
        await at.sees("Welcome to quiz", "The PyTorch decks that come along")
        yield at


async def test_the_decks_that_come_along_are_an_enter_away(tmp_path: Path, config: Path) -> None:
    async with newcomer(tmp_path) as at:
        await at.press("enter")
        await at.page(HomeScreen)
        await at.sees("PyTorch", "autograd", "Today:")
    assert tomllib.loads(config.read_text(encoding="utf-8")) == {"cards": "bundled"}
    assert find_cards(None) == bundled_cards()


async def test_a_folder_of_ones_own_is_made_and_remembered(tmp_path: Path, config: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    async with newcomer(tmp_path) as at:
        await at.press("down", "enter")
        await at.sees("Which folder?", "~/quiz")
        await at.press("escape", "enter", *["backspace"] * 6)
        await at.write(str(tmp_path / "file"))
        await at.press("enter")
        await at.sees("✗")
        await at.press(*["backspace"] * 4)
        await at.write("notes")
        await at.press("enter")
        await at.page(HomeScreen)
        await at.sees("notes", "Today:")
    assert (tmp_path / "notes" / "welcome.md").is_file()
    assert find_cards(None) == tmp_path / "notes"
