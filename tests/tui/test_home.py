"""Home, statistics and findings."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import set_cell_size
from textual.command import CommandList
from textual.events import AppBlur, AppFocus
from textual.widgets.option_list import Option

from quiz.errors import Place, StoreError
from quiz.model.review import Rating, Review
from quiz.store.ids import new_id
from quiz.study.library import Library
from quiz.study.values import Selection
from quiz.tui.app import QuizApp, crash_text
from quiz.tui.screens.failure import FailureScreen
from quiz.tui.screens.findings import FindingsScreen
from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.palette import Palette
from quiz.tui.screens.review import ReviewScreen
from quiz.tui.screens.settings import SettingsScreen
from quiz.tui.screens.statistics import StatisticsScreen
from tests.tui.conftest import RECALL
from tests.tui.driving import SIZES, Desk, desk, write


async def test_home_shows_the_decks_in_columns(several: Path) -> None:
    async with desk(several) as at:
        for size in SIZES:
            await at.resize(size)
            await at.sees("Morning", "torch", "한국어")
            if size[1] > 10:
                await at.sees("Today: 3 questions (3 new) · about 1 min", "Your first review")
                end = at.column_of("New")
                for name, new in (("All", "New"), ("torch", "2"), ("한국어", "1")):
                    assert set_cell_size(at.row_of(name), end).endswith(f" {new}")
            await at.press("s")
            await at.sees("No reviews yet", "Here stands what your")
            assert "counting" not in at.text
            await at.press("q")


async def test_a_deck_is_started_with_enter_and_with_the_mouse(several: Path) -> None:
    async with desk(several) as at:
        await at.press("down", "down", "enter")
        await at.page(ReviewScreen)
        await at.sees("› 모델의 두 가지 모드", "0/1")
        await at.press("escape", "q")
        await at.page(HomeScreen)
        await at.press("up")
        row = next(y for y, line in enumerate(at.lines) if "한국어" in line)
        await at.pilot.click(offset=(8, row))
        await at.pilot.click(offset=(8, row))
        await at.page(ReviewScreen)


async def test_a_page_that_opens_behind_another_window_has_its_keys(several: Path) -> None:
    async with desk(several) as at:
        at.app.post_message(AppBlur())
        await at.until(lambda: not at.app.app_focus)
        at.app.action_settings()
        await at.page(SettingsScreen)
        await at.sees("Enter", "Help")
        at.app.post_message(AppFocus())
        await at.press("q")
        await at.page(HomeScreen)
        await at.sees("Enter Start")


async def test_a_palette_is_asked_for_before_there_is_a_page(several: Path) -> None:
    app = QuizApp(lambda: Library.open(several, several.parent / "history.db"))
    async with app.run_test() as pilot:
        app.action_command_palette()
        at = Desk(pilot, app)
        await at.page(HomeScreen)
        assert len(app.screen_stack) == 2
        await at.press("ctrl+p")
        await at.sees("Search for a command")


@pytest.mark.parametrize("key", ["page_up", "page_down"])
async def test_the_palette_s_list_is_paged_before_it_is_laid_out(several: Path, key: str) -> None:
    async with desk(several) as at:
        palette = Palette()
        await at.app.push_screen(palette)
        listed = palette.query_one(CommandList)
        listed.add_options([Option("One"), Option("Two")])
        listed.highlighted = 1
        await palette.run_action(f"command_list('{key}')")
        assert at.app.screen is palette


async def test_an_empty_collection_teaches(cards: Path) -> None:
    async with desk(cards, size=(100, 30)) as at:
        await at.sees("No questions yet", "What does `torch.ne(a, b)` return?", "quiz add")
        write(cards, "first.md", RECALL)
        await at.sees("Today: 1 question (1 new)")


async def test_when_all_is_done_it_says_when_it_goes_on(recall: Path) -> None:
    async with desk(recall, start=Selection()) as at:
        await at.press("space")
        await at.sees("4 Easy")
        await at.press("4")
        await at.until(lambda: at.library.reviews())
        await at.press("enter")
        await at.page(HomeScreen)
        await at.sees("All done.", "The next question returns")


async def test_findings_are_counted_and_listed(several: Path) -> None:
    write(several, "bad.md", "# One\n\n# Two\n\n## Is it?\n\nYes.\n")
    async with desk(several, size=(200, 24)) as at:  # the path of a temporary folder is long
        await at.sees("in the cards", "f shows them")
        await at.press("f")
        await at.page(FindingsScreen)
        await at.sees("bad.md", "✗ error")
        await at.press("escape")
        await at.page(HomeScreen)


async def test_statistics_at_every_size(several: Path) -> None:
    now = datetime(2026, 3, 2, 8, tzinfo=UTC)
    library = Library.open(several, several.parent / "history.db", clock=lambda: now)
    times = [now - timedelta(days=days) for days in (40, 37, 30, 1)]
    library.add_to_log(
        Review(new_id(time), "torch/typed#what-is-the-dtype-of-torchnea-b", time, time.date(),
               Rating.GOOD, 4000)
        for time in times
    )  # fmt: skip
    library.close()
    async with desk(several, clock=lambda: now) as at:
        for size in SIZES:
            await at.resize(size)
            await at.sees("Streak 1 day · 0 reviews today"[: size[0] - 12])
            if size == (200, 60):  # below all that, in the lower half
                await at.sees("Forgotten most often", "You have not forgotten a question yet.")
                await at.sees("The last 14 days", "1 review on 1 of 14 days", "Ratings")
            if size == (80, 24):  # a year of days, two in a cell
                await at.sees("Mon  ", "Sun  ", "most: 1 a day")
                assert sum(at.text.count(half) for half in "▀▄") == len(times)
            await at.press("s")
            await at.page(StatisticsScreen)
            await at.sees("Statistics: Morning")
            if size == (80, 24):  # a year here as well, a cell a day, below the months' one line
                days = at.lines.index(at.row_of("Mon  "))
                assert sum(at.lines[days].count(glyph) for glyph in "·░▒▓█") == 53
                assert "Reviews of the last year" in at.lines[days - 2]
            if size[1] > 40:
                await at.sees("4 in all, 0 today", "Reviews of the last year", "Questions by state")
                await at.sees(
                    "real 100% (of 3)", "2 s – 5 s", "Once you have run answers", "By tag"
                )
                assert at.row_of("under 21 days").index("21 days and more") > 0
                assert "100% / 2" in at.row_of("all time")
            await at.press("pagedown", "q")
            await at.page(HomeScreen)


async def test_what_cannot_be_opened_is_one_clear_page() -> None:
    def opener() -> Library:
        raise StoreError("it is not a database", where=Place("h.db"), fix="Name another file.")

    app = QuizApp(opener)
    async with app.run_test() as pilot:
        at = Desk(pilot, app)
        await at.page(FailureScreen)
        await at.sees("h.db", "it is not a database", "Name another file.")
        await at.press("q")
    assert app.return_code == 2


async def test_a_deck_that_does_not_exist_is_one_clear_page(several: Path) -> None:
    def opener() -> Library:
        return Library.open(several, several.parent / "h.db")

    app = QuizApp(opener, start=Selection(deck="nowhere"))
    async with app.run_test() as pilot:
        at = Desk(pilot, app)
        await at.page(FailureScreen)
        await at.sees("there is no deck `nowhere`")


def test_a_crash_is_told_without_a_traceback(tmp_path: Path) -> None:
    text = crash_text(ValueError("too odd"), tmp_path / "crash.log")
    assert "ValueError: too odd" in text
    assert "every rating was saved" in text
    assert "crash.log" in text
    assert "Traceback" not in text


@pytest.mark.parametrize("theme", ["quiz-dark", "quiz-light"])
async def test_both_themes_can_be_used(several: Path, theme: str) -> None:
    async with desk(several, theme=theme) as at:
        assert at.app.theme == theme
        await at.press("enter")
        await at.page(ReviewScreen)


def test_the_first_frame_waits_for_nothing_heavy() -> None:
    heavy = ("torch", "sqlmodel", "markdown_it", "fsrs", "watchfiles", "quiz.study.library")
    code = f"import sys, quiz.tui.app; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
