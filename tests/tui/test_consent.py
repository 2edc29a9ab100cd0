"""The question that is asked once where no jail holds the code of a collection."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from quiz.study.coding import Coding
from quiz.tui.screens.consent import ConsentScreen
from quiz.tui.screens.review import ReviewScreen
from tests.tui.driving import desk, write
from tests.tui.test_programs import ALL, CODE


@pytest.fixture(autouse=True)
def _unprotected(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a system without the layers that keep code from files and system calls."""
    without = partial(Coding, off=("files", "system calls"))
    monkeypatch.setattr("quiz.study.library.Coding", without)


async def test_code_runs_unprotected_only_with_consent_which_is_kept(cards: Path) -> None:
    write(cards, "code.md", CODE)
    async with desk(cards, start=ALL) as at:
        await at.press("ctrl+r")
        await at.page(ConsentScreen)
        await at.sees("Run code without protection?", "Agree only if you trust the authors")
        await at.press("n")
        await at.page(ReviewScreen)
        await at.sees("Not run, as you decided.")
        assert not at.library._coding.trusted
        await at.press("ctrl+r")
        await at.page(ConsentScreen)
        await at.press("y")
        await at.page(ReviewScreen)
        await at.sees("✗ Wrong")
    async with desk(cards, start=ALL) as at:
        await at.press("ctrl+r")
        await at.sees("✗ Wrong")
