"""`make shots`: the README's pictures, exported from the program itself while it is used."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from quiz.settings import bundled_cards
from quiz.study.values import Selection
from tests.tui.driving import Desk, desk

PICTURES = Path(__file__).parent.parent / ".github" / "pictures"
MOMENT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ANSWER = "def differ(a, b):\nreturn torch.eq(a, b)"


async def main() -> None:
    """Write every picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        cards = Path(folder) / "cards"
        shutil.copytree(bundled_cards(), cards)
        async with desk(cards, size=(100, 28), clock=lambda: MOMENT) as at:
            await at.sees("Today")
            _save(at, "home")
        code = Selection(query="id:pytorch/tensors/ne# kind:code", new=5)
        async with desk(cards, size=(120, 30), start=code, clock=lambda: MOMENT) as at:
            await at.sees("Ctrl+R runs it")
            await at.press("f7", "backspace")
            await at.write(ANSWER)
            await at.press("ctrl+r")
            await at.sees("1 Again", "expected")
            _save(at, "review")


def _save(at: Desk, name: str) -> None:
    path = PICTURES / f"{name}.svg"
    path.write_text(at.app.export_screenshot(title="quiz"), encoding="utf-8")
    sys.stdout.write(f"wrote {path}\n")


if __name__ == "__main__":
    asyncio.run(main())
