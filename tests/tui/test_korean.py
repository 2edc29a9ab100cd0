"""The application as someone reads it who chose Korean: no English left, columns that line up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from rich.cells import cell_len

from quiz import language
from quiz.study.values import Selection
from quiz.tui.screens.browser import BrowserScreen
from quiz.tui.screens.help import HelpScreen
from quiz.tui.screens.history import HistoryScreen
from quiz.tui.screens.statistics import StatisticsScreen
from quiz.tui.screens.summary import SummaryScreen
from tests.tui.driving import Desk, desk, write

CARDS = {
    "가/회상.md": "# 회상\n\n## 무엇인가?\n\n> [!TIP]\n> 생각해 보자.\n\n그것이다.\n",
    "가/빈칸.md": "# 빈칸\n\n## 이것은 {{c1::저것}}이다.\n",
    "나/선택.md": "# 선택\n\n## 어느 것인가?\n\n- [x] 이것\n- [ ] 저것\n",
    "나/단답.md": "# 단답\n\n## 이름은?\n\n```answer\n하나\n둘\n```\n",
}
KEYS = {
    "ctrl", "enter", "esc", "space", "tab", "shift", "pgdn", "pgup", "up", "down", "left", "right",
    "home", "end", "backspace", "delete", "insert", "f1",
}  # fmt: skip
QUERY = {"deck", "tag", "is", "due", "new", "md", "reps", "lapses", "svg"}


@pytest.fixture(autouse=True)
def _korean() -> Iterator[None]:
    language.speak(["ko_KR.UTF-8"])
    yield
    language.speak([])


@pytest.fixture
def korean(cards: Path) -> Path:
    (cards / "quiz.toml").write_text('name = "아침"\n', encoding="utf-8")
    for name, text in CARDS.items():
        write(cards, name, text)
    return cards


def speaks_korean(at: Desk, *also: str) -> None:
    """No word of the Latin alphabet but keys, the search language and what the test names."""
    text = re.sub(r"/\S*", "", at.text)  # paths
    words = {word.lower() for word in re.findall(r"[A-Za-z]{2,}", text)}
    left = words - KEYS - QUERY - set(also)
    assert not left, f"{sorted(left)} in\n{at.text}"
    assert all(cell_len(line) == at.app.size.width for line in at.lines)


async def test_pages_speak_korean_in_columns(korean: Path) -> None:
    async with desk(korean, size=(100, 40)) as at:
        await at.sees("오늘: 문제 4개 (새 문제 4)", "아침")
        texts = re.findall(r'textLength="([\d.]+)"[^>]*>([^<\n]+)<', at.app.export_screenshot())
        cells = [float(length) / cell_len(unescape(text)) for length, text in texts]
        assert any("오늘" in text for _, text in texts)
        assert max(cells) - min(cells) < 0.1, "a picture does not squeeze Korean"
        speaks_korean(at)
        title = at.row_of("전체")
        ends = {cell_len(title[: title.index("새 문제") + len("새 문제")])}
        decks = [line for line in at.lines if re.search("[├└] [가나]", line)]
        assert len(decks) == 2
        ends |= {cell_len(line[: line.index("2") + 1]) for line in decks}
        assert len(ends) == 1, "the numbers end below the end of their title"
        await at.press("question_mark")
        await at.page(HelpScreen)
        await at.sees("이 화면", "어디서나", "모든 명령과 테마")
        speaks_korean(at)
        await at.press("escape", "s")
        await at.page(StatisticsScreen)
        await at.sees("통계: 아침", "아직 복습 기록이 없습니다")
        speaks_korean(at)
        await at.press("q", "slash")
        await at.page(BrowserScreen)
        await at.sees("문제 4개", "단답", "새 문제")
        await at.press("down", "i")
        await at.page(HistoryScreen)
        speaks_korean(at, "preview")
        await at.press("escape", "escape", "ctrl+p")
        await at.sees("명령 찾기…", "화면 저장")
        speaks_korean(at)
        await at.press("9", "9")
        await at.sees("그런 명령이 없습니다")
        speaks_korean(at)


async def test_a_session_speaks_korean(korean: Path) -> None:
    async with desk(korean, size=(80, 24), start=Selection()) as at:
        for _question in range(4):
            await at.until(lambda: at.review._trial is not None)
            speaks_korean(at)
            await at.press("escape", "h", "space")
            await at.sees("1 다시 1분", "2 어려움 6분", "3 알맞음 10분", "4 쉬움")
            speaks_korean(at)
            await at.press("4")
        await at.page(SummaryScreen)
        await at.sees("지금은 다 했습니다.", "문제 4개, 복습 4회", "새 문제 4개를")
        ratings = [line for line in at.lines if re.match(r"\s*(다시|어려움|알맞음|쉬움)", line)]
        counts = [re.search(r"\d+", line) for line in ratings]
        assert len({cell_len(m.string[: m.start()]) for m in counts if m}) == 1
        speaks_korean(at)
