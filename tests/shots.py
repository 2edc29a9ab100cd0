"""`make shots`: pictures of the main screens, exported from the program itself while it is used.

Without an argument: those the READMEs show, in `.github/pictures`. With a folder: every main screen
at each size, dark and light, in each language, there, to be looked at and criticised.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from quiz import language
from quiz.language import _
from quiz.model.review import Rating, Review
from quiz.settings import bundled_cards
from quiz.store.ids import new_id
from quiz.study.library import Library
from quiz.study.values import Selection
from quiz.tui.widgets.question_table import QuestionTable
from tests.tui.driving import Desk, desk

PICTURES = Path(__file__).parent.parent / ".github" / "pictures"
MOMENT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ANSWER = "def differ(a, b):\nreturn torch.eq(a, b)"
CODE = Selection(query="id:pytorch/tensors/ne# kind:code", new=5)
SIZES = ((80, 24), (120, 40), (200, 60))
THEMES = ("quiz-dark", "quiz-light")
LANGUAGES = ("en", "ko")


class Studio:
    """One look of the application, whose pictures go into one folder."""

    def __init__(self, cards: Path, folder: Path, size: tuple[int, int], theme: str) -> None:
        self._cards, self._folder, self._size, self._theme = cards, folder, size, theme

    async def home(self, name: str) -> None:
        async with self._desk() as at:
            await at.sees(_("about {time}").partition("{")[0])
            self._save(at, name)

    async def statistics(self, name: str) -> None:
        async with self._desk() as at:
            await at.press("s")
            self._save(at, name)

    async def browser(self, name: str) -> None:
        async with self._desk() as at:
            await at.press("slash")
            await at.until(lambda: at.app.screen.query_one(QuestionTable).rows)
            await at.press("down")
            self._save(at, name)

    async def review(self, name: str) -> None:
        async with self._desk(start=CODE) as at:
            await at.sees("Ctrl+R")
            await at.press("f7", "backspace")
            await at.write(ANSWER)
            await at.press("ctrl+r")
            await at.sees("torch.tensor", "▸1")
            self._save(at, name)

    def _desk(self, start: Selection | None = None):  # type: ignore[no-untyped-def]  # noqa: ANN202
        flags = {"theme": self._theme, "language": language.spoken()}
        return desk(self._cards, size=self._size, start=start, clock=lambda: MOMENT, **flags)

    def _save(self, at: Desk, name: str) -> None:
        path = self._folder / f"{name}.svg"
        path.write_text(at.app.export_screenshot(title="quiz"), encoding="utf-8")
        sys.stdout.write(f"wrote {path}\n")


def practise(cards: Path) -> None:
    """A history of three months, the same every time."""
    rng = random.Random(7)
    library = Library.open(cards, cards.parent / "history.db", clock=lambda: MOMENT, seed=1)
    questions = sorted(library.collection.questions)[:90]
    library.add_to_log(review for q in questions for review in _reviews(q, rng))
    library.close()


def _reviews(question: str, rng: random.Random) -> Iterator[Review]:
    time, gap = MOMENT - timedelta(days=rng.randint(5, 90)), 1.0
    while time < MOMENT:
        rating = rng.choices(list(Rating), (1, 1, 8, 1))[0]
        yield Review(new_id(time), question, time, time.date(), rating, rng.randint(3000, 30000))
        gap = 1.0 if rating is Rating.AGAIN else gap * rng.uniform(1.7, 3)
        time += timedelta(days=max(1, round(gap)))


async def main(folder: Path | None) -> None:
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as place:
        cards = Path(place) / "cards"
        shutil.copytree(bundled_cards(), cards)
        practise(cards)
        for spoken in LANGUAGES:
            language.speak([spoken])
            if folder is None:
                mark = "" if spoken == "en" else f".{spoken}"
                await Studio(cards, _made(PICTURES), (120, 34), THEMES[0]).home(f"home{mark}")
                await Studio(cards, PICTURES, (120, 34), THEMES[0]).review(f"review{mark}")
                continue
            for size in SIZES:
                for theme in THEMES:
                    studio = Studio(cards, _made(folder), size, theme)
                    mark = f"{size[0]}x{size[1]}-{theme.removeprefix('quiz-')}-{spoken}"
                    await studio.home(f"home-{mark}")
                    await studio.statistics(f"statistics-{mark}")
                    await studio.browser(f"browser-{mark}")
                    await studio.review(f"review-{mark}")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
