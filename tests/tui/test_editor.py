"""Writing cards on a page of the application: seen as asked, saved whole, never lost."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input

from quiz.study.values import Selection
from quiz.tui.screens.browser import BrowserScreen
from quiz.tui.screens.editor import EditorScreen
from quiz.tui.screens.editor_dialogs import NewCardScreen, UnsavedScreen
from quiz.tui.screens.editor_preview import CardPreview
from quiz.tui.screens.editor_text import CardText
from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.review import ReviewScreen
from quiz.tui.widgets.verdict import VerdictView
from tests.tui.conftest import TYPED
from tests.tui.driving import SIZES, Desk, desk, write
from tests.tui.test_programs import CODE, PREDICT


def field(at: Desk) -> CardText:
    return at.app.screen.query_one(CardText)


def rewrite(at: Desk, text: str) -> None:
    """Put another text into the field, the cursor where it was."""
    line = field(at).line
    field(at).load_text(text)
    field(at).go_to(line)


async def edit(at: Desk) -> CardText:
    """From the review, the card of the question on the table."""
    await at.press("escape", "E")
    await at.page(EditorScreen)
    preview = at.app.screen.query_one(CardPreview)
    await at.until(lambda: preview.question is not None, "a preview")
    return field(at)


async def test_a_question_is_added_from_home_and_is_there_at_once(recall: Path) -> None:
    async with desk(recall) as at:
        await at.press("a")
        await at.page(NewCardScreen)
        name = at.app.screen.query_one("#new-name", Input)
        name.value = ""
        await at.press("enter")
        await at.told("Type a name")
        await at.write("tensors/eq")
        await at.press("down", "down", "tab", "down", "enter")
        await at.page(EditorScreen)
        await at.sees("As it will be asked · typed", "not saved", "What is the dtype")
        assert not (recall / "tensors").exists()
        field(at).load_text("# torch.eq\n\n## The opposite?\n\n```answer\ntorch.ne\n```\n")
        await at.sees("The opposite?")
        await at.press("ctrl+s")
        await at.told("Saved.")
        assert (recall / "tensors/eq.md").read_text("utf-8") == field(at).text
        await at.press("escape")
        await at.page(HomeScreen)
        await at.sees("Today: 2 questions", "tensors")


async def test_a_question_is_added_to_a_card_that_is_there(recall: Path) -> None:
    before = (recall / "a/recall.md").read_text("utf-8")
    async with desk(recall) as at:
        await at.press("a")
        await at.page(NewCardScreen)
        at.app.screen.query_one("#new-name", Input).value = "a/recall"
        await at.press("enter")
        await at.page(EditorScreen)
        await at.until(lambda: field(at).line > 10, "the cursor at the new question")
        await at.press("ctrl+s")
        await at.told("Saved, with errors", "that of line 9 already")
    assert (recall / "a/recall.md").read_text("utf-8").startswith(before)


async def test_the_preview_follows_the_cursor_and_the_text(cards: Path) -> None:
    write(cards, "a.md", f"{TYPED}\n## A {{{{c1::first}}}} and a {{{{c2::second}}}} gap.\n")
    async with desk(cards, size=(120, 40), start=Selection(limit=1)) as at:
        text = await edit(at)
        await at.sees("As it will be asked · typed")
        await at.press("ctrl+end")
        await at.sees("cloze · 1 of 2", "A […] and a second gap")
        await at.press("f3")
        await at.sees("cloze · 2 of 2", "A first and a")
        await at.press("f2")
        await at.sees("second")
        text.go_to(1)
        await at.sees("The note, shown after an answer")


async def test_what_is_wrong_is_said_with_its_line_and_gone_to(cards: Path) -> None:
    write(cards, "a.md", TYPED)
    async with desk(cards, start=Selection()) as at:
        text = await edit(at)
        text.load_text(TYPED.replace("```answer", "```anwser") + "\n## Other\n\n```answer\n```\n")
        await at.sees("line 5", "did you mean `answer`?", "✗ line 12")
        text.go_to(1)
        await at.press("f8")
        assert text.line == 5
        await at.sees("1 more; F8 goes through them")
        await at.press("f8")
        assert text.line == 12


async def test_leaving_asks_what_becomes_of_unsaved_text(cards: Path) -> None:
    path = write(cards, "a.md", TYPED)
    async with desk(cards, start=Selection()) as at:
        text = await edit(at)
        await at.press("ctrl+end")
        await at.write("More.")
        await at.press("escape")
        await at.page(UnsavedScreen)
        await at.press("escape")
        await at.page(EditorScreen)
        assert text.text.endswith("More.")
        await at.press("ctrl+q", "d")
        await at.until(lambda: not at.app.is_running or at.app._exit, "the end")
    assert path.read_text("utf-8") == TYPED
    assert [one.name for one in cards.iterdir() if one.suffix == ".draft"] == []


async def test_looked_at_to_its_end_and_saved_on_leaving_it_is_read_again(cards: Path) -> None:
    write(cards, "a.md", TYPED)
    async with desk(cards, start=Selection()) as at:
        text = await edit(at)
        preview = at.app.screen.query_one(CardPreview)
        await at.press("f2", "f4")
        await at.until(lambda: preview.max_scroll_y > 0 and preview.has_focus)
        await at.press("end")
        await at.until(lambda: preview.scroll_y == preview.max_scroll_y, "its end")
        await at.press("escape")
        assert text.has_focus, "back in the text"
        text.load_text(TYPED.replace("What is the dtype", "Which is the dtype"))
        await at.press("escape", "s")
        await at.page(ReviewScreen)
        await at.sees("Which is the dtype")


async def test_text_that_was_neither_saved_nor_discarded_is_offered_again(cards: Path) -> None:
    path = write(cards, "a.md", TYPED)
    async with desk(cards, start=Selection()) as at:
        await edit(at)
        await at.press("ctrl+end")
        await at.write("Lost?")
    assert path.read_text("utf-8") == TYPED
    async with desk(cards, start=Selection()) as at:
        text = await edit(at)
        await at.told("left unsaved")
        assert text.text == TYPED + "Lost?"
        await at.press("ctrl+s")
        await at.told("Saved")
    assert path.read_text("utf-8") == TYPED + "Lost?"
    assert sorted(one.name for one in cards.iterdir()) == ["a.md", "quiz.toml"]


async def test_a_file_that_was_changed_meanwhile_is_not_written_over_unasked(cards: Path) -> None:
    path = write(cards, "a.md", TYPED)
    async with desk(cards, start=Selection()) as at:
        await edit(at)
        for key, kept in (("s", "mine"), ("d", "theirs")):
            await at.press("ctrl+end")
            await at.write("mine")
            mine = field(at).text
            path.write_text(TYPED + "theirs", encoding="utf-8")
            await at.press("ctrl+s")
            await at.page(UnsavedScreen)
            assert path.read_text("utf-8") == TYPED + "theirs"
            await at.press(key)
            await at.until(lambda: not isinstance(at.app.screen, UnsavedScreen), "its end")
            assert path.read_text("utf-8") == (mine if kept == "mine" else TYPED + "theirs")


async def test_line_ends_and_the_mark_of_the_file_stay(cards: Path) -> None:
    path = cards / "a.md"
    data = b"\xef\xbb\xbf" + TYPED.replace("\n", "\r\n").encode()
    path.write_bytes(data)
    async with desk(cards, start=Selection()) as at:
        await edit(at)
        await at.press("ctrl+end", "enter")
        await at.write("More.")
        await at.press("ctrl+s")
        await at.told("Saved.")
        await at.press("escape")
    assert path.read_bytes() == data + b"\r\nMore."


async def test_a_file_of_mixed_line_ends_is_shown_and_not_changed(cards: Path) -> None:
    path = cards / "a.md"
    data = TYPED.replace("\n\n", "\r\n\n").encode()
    path.write_bytes(data)
    async with desk(cards, start=Selection()) as at:
        await edit(at)
        await at.told("mixes line ends")
        await at.write("x")
        await at.press("ctrl+s", "escape")
        await at.page(ReviewScreen)
    assert path.read_bytes() == data


async def test_a_solution_is_run_against_its_own_cases(cards: Path) -> None:
    write(cards, "code.md", CODE)
    write(cards, "predict.md", PREDICT)
    async with desk(cards, size=(120, 40), start=Selection(query="kind:code")) as at:
        text = await edit(at)
        await at.press("ctrl+r")
        await at.sees("✓ Passed", "2 of 2 cases passed")
        rewrite(at, text.text.replace("return 2 * a", "return 2 * b"))
        await at.until(lambda: not at.app.screen.query(VerdictView), "a new preview")
        await at.press("ctrl+r")
        await at.sees("NameError")
        rewrite(at, text.text.replace("    ...", "    return a + a").replace("2 * b", "2 * a"))
        await at.until(lambda: not at.app.screen.query(VerdictView), "a new preview")
        await at.press("ctrl+r")
        await at.sees("so does the starter")
        rewrite(at, PREDICT)
        await at.sees("As it will be asked · predict")
        await at.press("ctrl+r")
        await at.sees("Passed", "two")


async def test_it_is_reached_from_the_browser_and_fits_everywhere(several: Path) -> None:
    async with desk(several) as at:
        await at.press("slash")
        await at.page(BrowserScreen)
        await at.sees("3 questions")
        await at.press("down", "E")
        await at.page(EditorScreen)
        for size in SIZES:
            await at.resize(size)
            await at.sees("torch.ne", "saved")
            assert all(len(line) <= size[0] for line in at.lines)
            await at.press("f1")
            await at.sees("Run the solution" if size[1] > 20 else "Keys")
            await at.press("escape")
        await at.press("escape")
        await at.page(BrowserScreen)
