"""What is pressed and saved while the disk takes its time: nothing lost, nothing in another order.

A session is worked with in a thread of its own, one thing after the other. Here that thread is held
up by a task that ends when the test says so, as a slow disk would hold it up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from quiz.model.review import Action, ActionKind, Entry, Review
from quiz.study.library import Library
from quiz.study.values import Selection
from quiz.tui.background import SESSION
from quiz.tui.following import CardsChanged, read_again
from quiz.tui.screens.home import HomeScreen
from tests.tui.driving import Desk, desk

ALL = Selection()


@contextmanager
def held_up() -> Iterator[None]:
    """The session's thread does nothing until the end of the block."""
    begun, go_on = Event(), Event()

    def hold() -> None:
        begun.set()
        go_on.wait()

    SESSION.submit(hold)
    begun.wait()
    try:
        yield
    finally:
        go_on.set()


async def under_way(at: Desk) -> None:
    """Wait until a key has led on from the question, to what waits for the thread."""
    while at.review._trial is not None:
        await asyncio.sleep(0)


async def revealed(at: Desk) -> str:
    """Uncover the answer of what is asked; its id."""
    await at.until(lambda: at.review._trial is not None)
    await at.press("escape", "space")
    await at.sees("1 Again")
    asked = at.review.session.asked
    assert asked is not None
    return asked.question.id


def log(library: Library) -> list[Entry]:
    return list(library.ledger.history.entries())


def kinds(entries: list[Entry]) -> list[str]:
    return [entry.kind if isinstance(entry, Action) else "rated" for entry in entries]


async def test_keys_pressed_while_a_rating_is_stored_are_done_after_it(several: Path) -> None:
    async with desk(several, start=ALL) as at:
        first = await revealed(at)
        with held_up():
            for key in ("4", "4", "u"):
                at.app.simulate_key(key)
            await under_way(at)
            assert not log(at.library)
        await at.told("Taken back")
        await at.until(lambda: at.review._trial is not None)
        assert kinds(log(at.library)) == ["rated", ActionKind.UNDO], "the second 4 fell on nothing"
        assert at.review.session.asked is not None
        assert at.review.session.asked.question.id == first
        with held_up():
            at.app.simulate_key("minus")
            at.app.simulate_key("exclamation_mark")
            await under_way(at)
        await at.until(lambda: at.review._trial is not None)
        bury = log(at.library)[-1]
        assert isinstance(bury, Action)
        assert (bury.kind, bury.question) == (ActionKind.BURY, first)
        assert len(log(at.library)) == 3, "nobody has seen the question that `!` would have met"


async def test_cards_saved_while_a_rating_is_stored_take_nothing_from_it(several: Path) -> None:
    async with desk(several, start=ALL) as at:
        first = await revealed(at)
        concept = first.partition("#")[0]
        with held_up():
            at.app.simulate_key("3")
            await under_way(at)
            path = several / f"{concept}.md"
            path.write_text(path.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
            at.review.post_message(CardsChanged(await read_again(at.library, [path.resolve()])))
        await at.until(lambda: at.review._trial is not None)
        (rated,) = log(at.library)
        assert isinstance(rated, Review)
        assert rated.question == first
        # And the other way round: what was saved first takes the question away.
        second = await revealed(at)
        assert second != first
        with held_up():
            (several / f"{second.partition('#')[0]}.md").unlink()
            await read_again(at.library, [several / f"{second.partition('#')[0]}.md"])
            at.review.post_message(CardsChanged(()))
            while SESSION._work_queue.empty():
                await asyncio.sleep(0)
            at.app.simulate_key("1")
        await at.until(lambda: at.review._trial is not None)
        assert [entry.question for entry in log(at.library)] == [first], "no other is rated"
        third = at.review.session.asked
        assert third is not None
        assert third.question.id not in (first, second)


async def test_a_rating_that_waits_for_the_disk_is_stored_before_the_end(several: Path) -> None:
    async with desk(several, start=ALL) as at:
        first = await revealed(at)
        with held_up():
            at.app.simulate_key("4")
            await under_way(at)
            at.app.exit()
            await asyncio.sleep(0)
    library = Library.open(several, several.parent / "history.db")
    assert [entry.question for entry in log(library)] == [first]
    library.close()


async def test_a_session_is_left_while_its_next_question_is_looked_up(several: Path) -> None:
    async with desk(several, start=ALL) as at:
        await at.until(lambda: at.review._trial is not None)
        with held_up():
            at.review.call_next(at.review._present)
            await under_way(at)
            at.review.action_leave()
        await at.page(HomeScreen)
        await at.sees("Morning")


async def test_two_who_lay_a_question_on_the_table_lay_one(several: Path) -> None:
    """As the page that follows the files does, and whoever has saved a card here."""
    async with desk(several, start=ALL) as at:
        await at.until(lambda: at.review._trial is not None)
        with held_up():
            at.review.call_next(at.review._present)
            at.app.call_next(at.review._present)
            await under_way(at)
        await at.until(lambda: at.review._trial is not None)
        assert len(at.review.query("#table")) == 1
