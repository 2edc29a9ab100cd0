"""Each kind of question without code: right, wrong, and not answered."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from quiz.model.review import Rating, Review
from quiz.study.values import Selection
from quiz.tui.screens.summary import SummaryScreen
from quiz.tui.widgets.choice import ChoiceArea
from quiz.tui.widgets.option import OptionRow
from quiz.tui.widgets.rating_bar import RatingButton
from tests.tui.conftest import CHOICE, CLOZE, KOREAN, ONE, RECALL, TYPED
from tests.tui.driving import SIZES, Desk, desk, write

ALL = Selection()


def _reviewed(at: Desk, number: int) -> bool:
    return len(at.library.reviews()) == number


def reviews(at: Desk) -> list[Review]:
    return at.library.reviews()


async def test_recall_is_revealed_and_rated(recall: Path) -> None:
    async with desk(recall, start=ALL) as at:
        await at.sees("What does torch.ne(a, b) return?", "Space")
        assert "A bool tensor" not in at.text
        await at.press("3")
        assert not reviews(at), "nothing can be rated before the answer was seen"
        await at.press("space")
        await at.sees("A bool tensor of the broadcast shape.", "1 Again 1m", "2 Hard 6m")
        await at.sees("3 Good 10m", "4 Easy", "Enter takes Good", "torch.ne")
        await at.press("enter")
        await at.until(lambda: reviews(at))
        [review] = reviews(at)
        assert review.rating is Rating.GOOD
        assert review.hints == 0
        assert review.duration >= 0


async def test_a_hint_makes_hard_the_proposal_and_the_mouse_rates_otherwise(recall: Path) -> None:
    async with desk(recall, start=ALL, learn_ahead_minutes=1440) as at:
        await at.press("h")
        await at.sees("Hint", "Think of the dtype of a comparison.")
        await at.press("h", "space")
        await at.sees("Enter takes Hard: right with a hint")
        await at.press("enter")
        await at.until(lambda: reviews(at) and at.review._trial is not None)
        assert reviews(at)[0].hints == 1
        await at.press("space")
        await at.sees("4 Easy")
        easy = next(b for b in at.app.screen.query(RatingButton) if b.id == "rate-4")
        await at.pilot.click(easy)
        await at.until(lambda: _reviewed(at, 2))
        assert reviews(at)[1].rating is Rating.EASY


async def test_each_gap_of_a_cloze_is_judged(cards: Path) -> None:
    write(cards, "cloze.md", CLOZE)
    async with desk(cards, start=ALL, learn_ahead_minutes=1440) as at:
        await at.sees("other may be a […] or a [not a tensor].")
        await at.write("tensor\nnumbr\n")
        await at.sees("✓ Right", "✗ Almost", "numbr", "number")
        await at.sees("Enter takes Again: not right yet")
        await at.press("enter")
        await at.until(lambda: reviews(at) and at.review._trial is not None)
        [review] = reviews(at)
        assert review.rating is Rating.AGAIN
        assert review.answer == "tensor\nnumbr"
        assert review.share == 0.5
        await at.write("tensor\nnumber\n")
        await at.sees("✓ Right", "other may be a tensor or a number.", "Anything that broadcasts.")
        await at.sees("Enter takes Good: right at the first try")


async def test_several_options_are_picked_by_letter_and_judged_with_signs(cards: Path) -> None:
    write(cards, "choice.md", CHOICE)
    async with desk(cards, start=ALL) as at:
        await at.sees("Pick all that hold")
        order = at.review.session.asked.order if at.review.session.asked else ()
        wrong = "abc"[order.index(2)]
        right = "abc"[order.index(0)]
        await at.press(wrong, right)
        await at.press("enter")
        await at.sees("✗ Not right", "not needs one truth value.")
        assert "✓" in at.row_of("a != b")
        assert "[x]" in at.row_of("a != b")
        assert "✗" in at.row_of("not torch.eq")
        missed = at.row_of("~torch.eq")
        assert "✓ !" in missed
        assert "[ ]" in missed


async def test_one_option_is_picked_with_the_arrows_or_the_mouse(cards: Path) -> None:
    hinted = ONE.replace("# Only one\n", "# Only one\n\nA note.\n") + "\n> [!TIP]\n> It is right.\n"
    write(cards, "one.md", hinted)
    async with desk(cards, start=ALL, learn_ahead_minutes=1440) as at:
        await at.sees("Pick one")
        await at.press("enter")
        await at.sees("Pick an option first.")
        asked = at.review.session.asked
        assert asked is not None
        for _ in range(asked.order.index(1)):
            await at.press("down")
        await at.press("space", "enter")
        await at.sees("✓ Right", "Enter takes Good")
        await at.press("1")
        await at.until(lambda: reviews(at) and at.review._trial is not None)
        await at.sees("h Hint", "u Undo", "q Back")  # room for all keys
        for row in at.app.screen.query(OptionRow):
            await at.pilot.click(row)
        assert sum(row.picked for row in at.app.screen.query(OptionRow)) == 1
        await at.press("enter")
        assert at.app.screen.query_one(ChoiceArea).answered


async def test_a_typed_answer_is_right_in_any_case_almost_or_shown(cards: Path) -> None:
    for name in "abc":
        write(cards, f"{name}.md", TYPED)
    async with desk(cards, start=ALL) as at:
        await at.write(" BOOL\n")
        await at.sees("✓ Right", "Enter takes Good")
        await at.press("enter")
        await at.until(lambda: reviews(at) and at.review._trial is not None)
        await at.write("torch.bol\n")
        await at.sees(
            "✗ Almost", "you typed  torch.bol", "right is   torch.bool", "also right bool"
        )
        await at.press("enter")
        await at.until(lambda: _reviewed(at, 2) and at.review._trial is not None)
        await at.press("enter")
        await at.sees("Type an answer first")
        await at.press("escape", "space")
        await at.sees("torch.bool", "Enter takes Again: the answer was shown first")
        await at.press("3")
        await at.until(lambda: _reviewed(at, 3))
        assert reviews(at)[-1].rating is Rating.GOOD, "the learner's key always wins"
        assert reviews(at)[-1].attempts == 0


async def test_a_session_can_be_done_at_any_size(cards: Path) -> None:
    for name, text in (("a", RECALL), ("b", CLOZE), ("c", CHOICE), ("d", TYPED)):
        write(cards, f"{name}.md", text)
    write(cards, "한국어/모델.md", KOREAN)
    async with desk(cards, start=ALL) as at:
        for number in range(1, 6):
            await at.until(lambda: at.review._trial is not None)
            if "학습" in at.text:
                await at.sees("학습 모드로 되돌리는 메서드의 이름은?", "모델의 두 가지 모드")
                await at.write("trian\n")
                await at.sees("✗ Almost")
            else:
                await at.press("escape", "space")
            for size in SIZES:
                await at.resize(size)
                await at.sees("1 Again", "4 Easy")
            await at.press("4")
            await at.until(partial(_reviewed, at, number))
        for size in SIZES:
            await at.resize(size)
            await at.page(SummaryScreen)
            await at.sees("Done for now.", "5 reviews")
