"""Code and predict questions, run by the real grader."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from textual.events import Key

from quiz.model.review import Rating
from quiz.model.verdict import Outcome, Verdict
from quiz.study.values import Selection
from quiz.tui.widgets.code_editor import CodeEditor
from quiz.tui.widgets.outcome import OutcomePane
from tests.tui.driving import SIZES, Desk, desk, write

CODE = """\
# Scaling

## Write `double(a)`.

> [!TIP]
> Multiplication broadcasts.

```python starter
def double(a):
    ...
```

```python solution
def double(a):
    return 2 * a
```

```python cases
yield torch.tensor([[1.0, -2.0], [3.0, 4.0]])
yield torch.tensor([5.0])
```

---

Doubling is adding to itself.
"""

PREDICT = """\
# Printing

## What does this print?

```python predict
print("one")
print("two")
```
"""

ALL = Selection()


async def ran(at: Desk, *texts: str) -> None:
    await at.press("ctrl+r")
    await at.sees(*texts)


def editor(at: Desk) -> CodeEditor:
    return at.app.screen.query_one(CodeEditor)


async def replace(at: Desk, text: str) -> None:
    editor(at).load_text(text)
    await at.pilot.pause()


async def test_code_is_tried_mended_and_rated(cards: Path) -> None:
    write(cards, "code.md", CODE)
    async with desk(cards, start=ALL, size=(120, 40)) as at:
        await at.sees("def double(a):", "Ctrl+R runs it")
        await at.sees("Ctrl+R: the verdict appears here.")
        await ran(at, "0 of 2 cases passed", "✗ Wrong", "Esc, then Enter takes Again")
        assert editor(at).has_focus, "one goes on mending"
        await replace(at, "def double(a):\n    return a.nothing\n")
        await ran(at, "✗ Error", "line 2", "a.nothing", "AttributeError")
        await replace(at, "def double(a):\n    return abs(2 * a)\n")
        await ran(at, "1 of 2 cases passed", "expected", "got", "≠")
        assert "-4" in at.text
        await replace(at, "def double(a):\n    return a + a\n")
        await ran(at, "✓ Passed", "2 of 2 cases passed", "Doubling is adding to itself.")
        await at.sees("Enter takes Hard: right after 3 failed tries", "return 2 * a")
        await at.sees("Your code (-) and the card's (+)")
        await at.sees("-     return a + a", "+     return 2 * a")
        await at.press("enter")
        await at.until(lambda: at.library.reviews())
        [review] = at.library.reviews()
        assert review.rating is Rating.HARD
        assert (review.attempts, review.verdict, review.share) == (4, "pass", 1.0)
        assert review.answer == "def double(a):\n    return a + a\n"
        assert review.device


async def test_code_is_given_up_and_the_answer_brought_back_the_next_time(cards: Path) -> None:
    write(cards, "code.md", CODE)
    async with desk(cards, start=ALL, size=(80, 40), learn_ahead_minutes=1440) as at:
        await at.press("ctrl+t")
        await at.sees("Multiplication broadcasts.")
        await at.press("ctrl+g")
        await at.sees("The card's solution", "return 2 * a", "Enter takes Again")
        assert "Your code" not in at.text, "nothing was written"
        await at.press("1")
        await at.until(lambda: at.library.reviews() and at.review._trial is not None)
        await replace(at, "def double(a):\n    while True:\n        pass\n")
        await ran(at, "Running…")
        await at.press("escape")
        await at.sees("Cancelled.")
        assert not at.text.count("1 Again")
        await replace(at, "def double(a):\n    return a\n")
        await ran(at, "✗ Wrong")
        await at.press("escape", "1")
        await at.until(lambda: len(at.library.reviews()) == 2 and at.review._trial is not None)
        assert "..." in editor(at).text, "the starter comes first"
        await at.write("return 3")
        assert editor(at).text == "def double(a):\n    return 3\n", "in the place of the dots"
        await at.press("ctrl+o")
        assert editor(at).text == "def double(a):\n    return a\n"


async def test_keys_that_come_in_one_burst_keep_their_order(cards: Path) -> None:
    write(cards, "code.md", CODE)
    async with desk(cards, start=ALL, device="mps") as at:
        keys = [Key("f7", None), Key("backspace", "\x7f"), *(Key(c, c) for c in "ac")]
        for key in [*keys, Key("left", None), Key("b", "b"), Key("end", None), Key("d", "d")]:
            at.app.post_message(key)
        await at.until(lambda: editor(at).text == "abcd")


async def test_predictions_are_wrong_right_and_asked_for(cards: Path) -> None:
    for name in "abc":
        write(cards, f"{name}.md", PREDICT)
    async with desk(cards, start=ALL) as at:
        await at.write("one\ntoo")
        await at.press("ctrl+r")
        for size in SIZES:
            await at.resize(size)
            await at.sees("✗ Wrong", "1 Again", "two" if size[1] > 10 else "one")
            if size[1] > 10:
                assert "✗ expected" in at.row_of("expected   two")
                assert "you typed" in at.row_of("  too")
        await at.press("1")
        await at.until(lambda: at.library.reviews() and at.review._trial is not None)
        assert at.library.reviews()[0].verdict == "wrong"
        await at.write("one\ntwo")
        await at.press("ctrl+r")
        await at.sees("✓ Passed", "Enter takes Good: right at the first try")
        await at.press("enter")
        await at.until(lambda: len(at.library.reviews()) == 2 and at.review._trial is not None)
        await at.press("escape", "space")
        await at.sees("expected", "two", "Enter takes Again: the answer was shown first")
        await at.press("1")
        await at.until(lambda: len(at.library.reviews()) == 3)
        assert at.library.reviews()[-1].attempts == 0


async def test_a_broken_card_is_not_held_against_the_learner(cards: Path) -> None:
    write(cards, "code.md", CODE.replace("return 2 * a", "return 2 * a.nothing"))
    async with desk(cards, start=ALL) as at:
        await replace(at, "def double(a):\n    return 2 * a\n")
        await ran(at, "⚠ The card is broken, not your answer", "rate yourself")
        await at.press("escape", "enter")
        await at.told("Rate yourself with 1 to 4")
        assert not at.library.reviews()
        defect = Verdict(Outcome.GRADER_ERROR, "failed:\nTraceback:\n  in judge\nValueError: odd")
        await at.app.screen.query_one(OutcomePane).show_verdict(defect, predicting=False)
        await at.sees("The grader failed, not your answer", "ValueError: odd", "Details")
        assert "Traceback" not in at.text


@pytest.mark.skipif(sys.platform == "darwin", reason="there may be such a device")
async def test_where_nothing_can_be_graded_the_learner_compares_and_rates(cards: Path) -> None:
    write(cards, "code.md", CODE)
    async with desk(cards, start=ALL, size=(80, 40), device="mps") as at:
        await replace(at, "def double(a):\n    return a + a\n")
        await ran(at, "⚠", "The card's solution", "return 2 * a", "rate yourself")
        await at.press("3")
        await at.until(lambda: at.library.reviews())
        [review] = at.library.reviews()
        assert review.rating is Rating.GOOD
        assert review.answer == "def double(a):\n    return a + a\n"
        assert review.attempts == 0
