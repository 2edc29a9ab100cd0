"""The browser: searching, sorting, picking several questions and doing something to all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.widgets import Input, OptionList

from quiz.model.review import State
from quiz.study.values import Selection
from quiz.tui.screens.browser import BrowserScreen
from quiz.tui.screens.browser_dialogs import DueScreen, TagsScreen
from quiz.tui.screens.history import HistoryScreen
from quiz.tui.screens.summary import SummaryScreen
from quiz.tui.widgets.question_columns import COLUMNS, fit
from quiz.tui.widgets.question_table import QuestionTable
from tests.tui.driving import Desk, desk, write

WANTED = {
    "prompt": 60, "kind": 8, "deck": 20, "state": 11, "due": 10, "stability": 11, "lapses": 9,
    "tags": 14,
}  # fmt: skip


async def opened(at: Desk) -> QuestionTable:
    """The browser, once the questions are there, with the cursor in the table."""
    await at.press("slash")
    await at.page(BrowserScreen)
    table = at.app.screen.query_one(QuestionTable)
    await at.until(lambda: len(table.rows) == 3)
    await at.press("down")
    return table


def states(at: Desk) -> list[str]:
    return [row.state for row in at.library.rows()]


def prompts(table: QuestionTable) -> list[str]:
    return [row.prompt for row in table.rows]


@pytest.mark.parametrize(
    ("room", "columns"),
    [
        (30, ["prompt"]),
        (56, ["prompt", "state", "due"]),
        (76, ["prompt", "state", "due"]),
        (84, ["prompt", "deck", "state", "due"]),
        (98, ["prompt", "deck", "state", "due"]),
        (115, ["prompt", "kind", "deck", "state", "due"]),
        (200, list(COLUMNS)),
    ],
)
def test_columns_get_room_by_what_they_are_worth(room: int, columns: list[str]) -> None:
    widths = fit(room, WANTED)
    assert list(widths) == columns
    assert sum(width + 2 for width in widths.values()) == room
    assert widths["prompt"] >= (32 if room > 60 else 26), "the question comes first"


async def test_no_column_is_cut_off_beside_korean(several: Path) -> None:
    async with desk(several) as at:
        table = await opened(at)
        assert all(cell_len(line) == 80 for line in at.lines)
        await at.sees("State", "Deck", "학습 모드로 되돌리는")
        ends = {at.column_of("Deck"), at.column_of("한국어") - 2}
        assert len(ends) == 1, "the column begins where its title does"
        assert table.max_scroll_x == 0


async def test_search_filters_as_one_types(several: Path) -> None:
    async with desk(several, size=(180, 40)) as at:
        await at.press("slash")
        await at.page(BrowserScreen)
        await at.sees("3 questions")
        assert "↓ To the table" in at.lines[-1]
        assert "- Bury" not in at.lines[-1], "a letter where one types"
        await at.write("zzz")
        await at.sees("No question matches. Esc empties the search.")
        await at.press("escape")
        await at.sees("3 questions")
        await at.write("kind:nonsense")
        await at.until(lambda: "3 questions" not in at.text and "kind" in at.lines[3])
        at.app.screen.query_one(Input).value = ""
        await at.write("학습")
        await at.sees("1 question", "학습 모드로", "typed")
        await at.press("enter", "enter")
        await at.page(HistoryScreen)
        await at.sees("this question is new")


async def test_one_question_is_suspended_and_put_back(several: Path) -> None:
    async with desk(several) as at:
        await opened(at)
        await at.press("exclamation_mark")
        await at.told("Suspended: 1 question. u takes it back.")
        await at.sees("suspended")
        await at.press("exclamation_mark")
        await at.told("Back in the rotation: 1 question")
        await at.until(lambda: states(at) == ["new"] * 3)


async def test_several_are_picked_by_keys_and_by_mouse_and_undone_as_one(several: Path) -> None:
    async with desk(several, size=(120, 30)) as at:
        table = await opened(at)
        await at.press("space", "shift+down")
        await at.sees("3 questions · 3 picked", "✓")
        await at.press("escape")
        await at.until(lambda: " picked" not in at.text and not table.picked)
        row = next(y for y, line in enumerate(at.lines) if "dtype" in line)
        await at.pilot.click(offset=(1, row))
        await at.sees("1 picked")
        await at.pilot.click(offset=(10, row - 1))
        await at.pilot.click(offset=(10, row + 1), shift=True)
        await at.sees("3 picked")
        await at.press("minus")
        await at.told("Hidden until tomorrow: 3 questions")
        await at.until(lambda: states(at) == ["buried"] * 3)
        await at.press("F")
        await at.told("Nothing to change")
        await at.until(lambda: "buried" in at.text)
        await at.press("u")
        await at.told("Taken back: 3 questions.")
        await at.until(lambda: states(at) == ["new"] * 3)
        await at.press("ctrl+a", "escape", "escape")
        await at.until(lambda: not isinstance(at.app.screen, BrowserScreen))


async def test_another_day_is_chosen(several: Path) -> None:
    async with desk(several, size=(120, 30)) as at:
        await opened(at)
        await at.press("ctrl+a", "d")
        await at.page(DueScreen)
        await at.write("yesterday\n")
        await at.sees("That is no day.")
        at.app.screen.query_one(Input).value = "2001-01-01"
        await at.press("enter")
        await at.sees("That day has passed.")
        row = next(y for y, line in enumerate(at.lines) if "In a week" in line)
        await at.pilot.click(offset=(at.lines[row].index("In a week"), row))
        await at.told("3 questions. u takes it back.")
        await at.resize((80, 10))
        await at.press("d")
        await at.sees("days from today", "In a week", "In 30 days")
        await at.press("down", "down")
        assert isinstance(at.app.screen.focused, OptionList), "Down goes to the days"
        await at.press("escape")
        memories = [at.library.standing(q).memory for q in at.library.collection.questions]
        assert {m.state for m in memories if m} == {State.REVIEW}
        assert [(m.due_day - at.library.today()).days for m in memories if m] == [7, 7, 7]


async def test_tags_are_written_to_the_files_of_what_is_picked(several: Path) -> None:
    write(several, "torch/typed.md", "---\ntags: [old]  # mine\n---\n# A\n\n## B?\n\nYes.\n")
    async with desk(several, size=(120, 40)) as at:
        await opened(at)
        await at.press("ctrl+a", "t")
        await at.page(TagsScreen)
        await at.sees("Tags of 3 questions in 3 concepts", "[~] old  (1 of 3)")
        await at.press("tab", "enter", "space")
        await at.sees("[ ] old  (1 of 3)")
        await at.pilot.click("#new-tag")
        await at.write("exam\n")
        await at.sees("[x] exam")
        await at.pilot.click("#write")
        await at.told("Tags written: 3 of 3 files changed.")
        assert (several / "torch" / "typed.md").read_text(encoding="utf-8") == (
            "---\ntags: [exam]  # mine\n---\n# A\n\n## B?\n\nYes.\n"
        )
        await at.until(lambda: {row.tags for row in at.library.rows()} == {("exam",)})


async def test_what_was_done_is_seen_by_the_review_beneath(several: Path) -> None:
    async with desk(several, start=Selection(), size=(120, 30)) as at:
        await at.press("escape")
        await opened(at)
        await at.press("ctrl+a", "exclamation_mark")
        await at.until(lambda: states(at) == ["suspended"] * 3)
        await at.press("escape", "escape")
        await at.page(SummaryScreen)
        await at.sees("Nothing is due.")


async def test_rows_are_sorted_by_key_and_by_a_press_on_a_title(several: Path) -> None:
    async with desk(several, size=(180, 30)) as at:
        table = await opened(at)
        as_found = prompts(table)
        await at.press("o")
        await at.sees("Question ▲")
        assert prompts(table) == sorted(as_found, key=str.casefold)
        await at.press("O")
        await at.sees("Question ▼")
        assert prompts(table) == sorted(as_found, key=str.casefold, reverse=True)
        row = next(y for y, line in enumerate(at.lines) if "Question ▼" in line)
        await at.pilot.click(offset=(at.lines[row].index("Kind") + 1, row))
        await at.sees("Kind ▲")
        assert [row.kind for row in table.rows] == ["recall", "typed", "typed"]
        await at.press(*["o"] * (len(COLUMNS) - 1))
        assert prompts(table) == as_found, "after the last column the order is that of the cards"


async def test_one_comes_to_the_end_of_many_rows_and_back(cards: Path) -> None:
    write(
        cards, "many.md", "# Many\n\n" + "".join(f"## Is {n} one?\n\nYes.\n\n" for n in range(150))
    )
    async with desk(cards) as at:
        await at.press("slash")
        await at.page(BrowserScreen)
        await at.sees("150 questions")
        table = at.app.screen.query_one(QuestionTable)
        await at.until(lambda: table.rows)
        await at.press("down", "pagedown", "up")
        assert table.cursor_row == table.size.height - 2
        await at.press("ctrl+end")
        await at.sees("Question", "Is 149 one?")
        assert table.cursor_row == 149
        await at.press(*["up"] * (table.size.height - 2))
        assert at.lines[table.region.y + 1].strip().startswith(table.rows[table.cursor_row].prompt)
        await at.press("up")
        assert at.lines[table.region.y].strip().startswith("Question"), "the titles stay"
        assert at.lines[table.region.y + 1].strip().startswith(table.rows[table.cursor_row].prompt)
        await at.press("o")
        await at.sees("Question ▲", "Is 0 one?")
        assert table.cursor_row == 0
