"""The way through a session: undo, notes, burying, editing, waiting, the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quiz.model.review import Rating
from quiz.study.values import Selection
from quiz.tui.screens.browser import BrowserScreen
from quiz.tui.screens.help import HelpScreen
from quiz.tui.screens.history import HistoryScreen
from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.review import ReviewScreen
from quiz.tui.screens.summary import SummaryScreen
from tests.tui.conftest import RECALL
from tests.tui.driving import SIZES, Desk, desk, write

ALL = Selection()


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def rate(at: Desk, key: str) -> None:
    """Reveal what is asked and rate it."""
    before = len(at.library.reviews())
    await at.until(lambda: at.review._trial is not None)
    await at.press("escape", "space")
    await at.sees("1 Again")
    await at.press(key)
    await at.until(lambda: len(at.library.reviews()) == before + 1)


def test_the_progress_is_counted() -> None:
    from quiz.tui.widgets.session_bar import bar

    assert bar(0.5, 4) == "██  "
    assert bar(1, 3) == "███"
    assert bar(0, 3) == "   "
    assert bar(1 / 16, 2) == "▏ "


async def test_undo_asks_again_and_redo_goes_on(several: Path) -> None:
    async with desk(several, start=ALL) as at:
        asked = at.review.session.asked
        assert asked is not None
        first = asked.question.id
        await rate(at, "4")
        await at.sees("1/3")
        await at.until(lambda: at.review._trial is not None)
        await at.press("escape", "u")
        await at.told("Taken back")
        await at.sees("0/3")
        again = at.review.session.asked
        assert again is not None
        assert again.question.id == first
        assert not at.library.reviews()
        await at.press("escape", "r")
        await at.sees("1/3")
        assert len(at.library.reviews()) == 1


async def test_two_quick_presses_rate_one_question(several: Path) -> None:
    async with desk(several, start=ALL) as at:
        await at.press("escape", "space")
        await at.sees("4 Easy")
        await at.press("4", "4", "4")
        await at.until(lambda: at.review._trial is not None)
        assert len(at.library.reviews()) == 1


async def test_burying_and_suspending_go_on_with_the_next(several: Path) -> None:
    async with desk(several, start=ALL) as at:
        await at.press("escape", "minus")
        await at.told("Hidden until tomorrow")
        await at.until(lambda: at.review._trial is not None)
        await at.press("escape", "exclamation_mark")
        await at.told("Suspended.")
        states = sorted(row.state for row in at.library.rows())
        assert states == ["buried", "new", "suspended"]
        await at.until(lambda: at.review._trial is not None)
        await at.press("escape", "u")
        await at.until(lambda: "suspended" not in [row.state for row in at.library.rows()])


async def test_the_history_of_a_question(recall: Path) -> None:
    async with desk(recall, start=ALL, size=(120, 40)) as at:
        await rate(at, "1")
        await at.until(lambda: at.review._trial is not None)
        await at.press("i")
        await at.page(HistoryScreen)
        await at.sees("What does torch.ne(a, b) return?", "1 Again", "1 review", "1 min")
        await at.sees("Chance of recall; the numbers are ratings", "─ Stability ─", "100% |")
        await at.press("escape")
        await at.page(ReviewScreen)


async def test_help_and_the_palette_tell_the_keys_of_the_page(recall: Path) -> None:
    async with desk(recall, start=ALL) as at:
        for size in SIZES:
            await at.resize(size)
            await at.press("question_mark")
            await at.page(HelpScreen)
            await at.sees("Keys", "Space", "Esc Close")
            dialog = at.app.screen.query_one(".dialog").region
            assert abs(dialog.x - (size[0] - dialog.right)) <= 1, "above the middle of the page"
            assert "Quit" not in at.lines[-1], "the keys of the page below mean nothing now"
            if size[1] > 40:
                await at.sees("Uncover the next hint", "h Ctrl+T", "Ctrl+P", "Open this card", "!")
            await at.press("escape")
            await at.page(ReviewScreen)
        titles = {command.title for command in at.app.get_system_commands(at.app.screen)}
        assert {"Show answer", "Hint", "Note", "Edit", "Bury", "Suspend", "History"} <= titles
        assert "Again" not in titles, "nothing can be rated yet"


async def test_the_note_the_search_and_the_way_out(recall: Path) -> None:
    async with desk(recall, start=ALL) as at:
        await at.press("n")
        await at.sees("Note: torch.ne", "Element-wise not equal.")
        await at.press("n")
        await at.until(lambda: "Element-wise" not in at.text)
        await at.press("slash")
        await at.page(BrowserScreen)
        await at.press("escape")
        await at.page(ReviewScreen)
        await at.press("escape")
        await at.told("Press Escape again")
        await at.press("escape")
        await at.page(HomeScreen)


async def test_the_summary_at_the_end(several: Path) -> None:
    async with desk(several, start=ALL) as at:
        for key in ("4", "3", "4"):
            await rate(at, key)
        await rate(at, "4")
        await at.page(SummaryScreen)
        await at.sees("Done for now.", "4 reviews of 3 questions", "3 new questions begun")
        await at.sees("Easy", "The next question returns")
        await at.press("u")
        await at.page(ReviewScreen)
        await at.until(lambda: len(at.library.reviews()) == 3)
        await rate(at, "4")
        await at.page(SummaryScreen)
        await at.press("enter")
        await at.page(HomeScreen)


async def test_a_learning_question_is_waited_for_and_asked_when_due(recall: Path) -> None:
    clock = Clock()
    async with desk(recall, start=ALL, clock=clock, learn_ahead_minutes=0) as at:
        await rate(at, "1")
        await at.sees("Nothing else is due right now.", "09:01", "1 review so far")
        clock.now += timedelta(minutes=2)
        await at.sees("What does torch.ne(a, b) return?", "Space")
        await rate(at, "1")
        await at.sees("Nothing else is due right now.")
        await at.press("enter")
        await at.page(HomeScreen)


async def test_more_new_questions_are_begun_at_the_end_and_while_waiting(several: Path) -> None:
    async with desk(several, start=ALL, new_per_day=0, learn_ahead_minutes=0) as at:
        await at.page(SummaryScreen)
        await at.sees("Nothing is due.", "Press m for 3 more new questions.")
        await at.press("m")
        await at.page(ReviewScreen)
        await rate(at, "1")
        await rate(at, "1")
        await rate(at, "1")
        await at.sees("Nothing else is due right now.")
        assert "more new" not in at.text
    write(several, "late.md", "# Late\n\n## A late one?\n\nYes.\n")
    async with desk(several, start=ALL, new_per_day=0, learn_ahead_minutes=0) as at:
        await at.sees("Nothing else is due right now.", "Press m for 1 more new question.")
        await at.press("m")
        await at.sees("A late one?")


@pytest.mark.parametrize("key", ["f1", "ctrl+p"])
async def test_the_end_waits_for_a_page_that_was_opened_meanwhile(recall: Path, key: str) -> None:
    async with desk(recall, start=ALL) as at:
        review = at.review
        await at.press("space")
        await at.sees("4 Easy")
        await at.press(key)
        review.call_next(review.action_rate, 4)
        await at.until(lambda: at.library.reviews())
        await at.until(lambda: review._end is not None)
        assert at.app.screen is not review
        await at.press("escape")
        await at.page(SummaryScreen)
        await at.press("enter")
        await at.page(HomeScreen)
        assert review not in at.app.screen_stack


async def test_cramming_changes_no_schedule(recall: Path) -> None:
    async with desk(recall, start=Selection(cram=True)) as at:
        await rate(at, "3")
        await at.page(SummaryScreen)
        assert at.library.rows()[0].state == "new"


def _editor(folder: Path, change: str) -> str:
    """A program that edits the file it is told to open, and notes what it was told."""
    script = folder / "code"
    script.write_text(
        f'#!/bin/sh\necho "$@" > "{folder}/told"\nfile="${{2%:*}}"\n{change}\n', encoding="utf-8"
    )
    script.chmod(0o755)
    return str(script)


async def test_an_edited_card_takes_effect_at_once(
    recall: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", _editor(tmp_path, 'sed -i "s/return?/give back?/" "$file"'))
    async with desk(recall, start=ALL) as at:
        await rate(at, "1")
        await at.until(lambda: at.review._trial is not None)
        await at.press("e")
        await at.sees("What does torch.ne(a, b) give back?")
        await at.sees("Edited: prompt. Its history is kept (1 review).")
        await at.press("w")
        await at.sees("- What does `torch.ne(a, b)` return?", "+ What does `torch.ne(a, b)` give")
        told = (tmp_path / "told").read_text(encoding="utf-8").strip()
        assert told.startswith("--goto ")
        assert told.endswith("a/recall.md:9")
        await rate(at, "4")


async def test_a_broken_save_leaves_the_question_and_says_why(
    recall: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", _editor(tmp_path, 'printf "no title" > "$file"'))
    async with desk(recall, start=ALL) as at:
        await at.press("e")
        await at.told("The card has an error", "recall.md")
        await at.sees("What does torch.ne(a, b) return?")
        await rate(at, "4")


async def test_a_card_saved_elsewhere_takes_effect_while_it_is_asked(recall: Path) -> None:
    async with desk(recall, start=ALL) as at:
        await at.press("h")
        path = recall / "a" / "recall.md"
        path.write_text(RECALL.replace("Think of the dtype", "What dtype"), encoding="utf-8")
        await at.told("The card was changed")
        await at.sees("What dtype of a comparison.", "Edited: hints. w shows what")
        assert at.review._trial is not None
        assert at.review._trial.hints == 1
        path.write_text(RECALL.replace("A bool tensor of", "A tensor of"), encoding="utf-8")
        await at.sees("Edited: answer.", "Think of the dtype of a comparison.")
        assert "A tensor of" not in at.text, "the answer has not been asked for"
        row = next(y for y, line in enumerate(at.lines) if "Edited" in line)
        await at.pilot.click(offset=(20, row))
        await at.sees("- A bool tensor of", "+ A tensor of")
        path.write_text(RECALL, encoding="utf-8")
        await at.until(lambda: "Edited" not in at.text, "it is as it was at first")


async def test_an_editor_that_is_not_there_is_said(
    recall: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "/nowhere/code")
    async with desk(recall, start=ALL) as at:
        await at.press("e")
        await at.told("cannot be started", "Set $VISUAL or $EDITOR")


async def test_what_was_done_is_there_the_next_time(several: Path) -> None:
    async with desk(several, start=ALL) as at:
        await rate(at, "4")
    async with desk(several) as at:
        assert [review.rating for review in at.library.reviews()] == [Rating.EASY]
        await at.sees("2 new", "Streak 1 day", "1 review today")


async def test_cards_come_and_go_during_a_session(several: Path) -> None:
    async with desk(several, start=ALL) as at:
        asked = at.review.session.asked
        assert asked is not None
        (several / f"{asked.question.concept}.md").unlink()
        await at.until(
            lambda: (
                at.review._shown is not None
                and at.review._shown.question.id != asked.question.id
                and at.review._trial is not None
            )
        )
        write(several, "torch/one.md", "# One\n\n## Is it here?\n\nYes.\n")
        await at.sees("0/3")
