"""`quiz serve`: a real review in a real browser, and nothing for anyone without the token."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.e2e import browser

CARDS = {
    "a-recall": "## Why call `zero_grad()`?\n\nGradients accumulate.\n",
    "b-typed": "## Dtype of `torch.ne(a, b)`?\n\n```answer\ntorch.bool\n```\n",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    root = tmp_path / "cards"
    root.mkdir()
    for name, text in CARDS.items():
        (root / f"{name}.md").write_text(f"# {name}\n\n{text}", encoding="utf-8")
    return tmp_path


@asynccontextmanager
async def served(place: Path) -> AsyncIterator[str]:
    """The address that `quiz serve` prints, while it serves."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "quiz.cli", "serve", "--cards", "cards", "--db", "history.db",
        cwd=place, env=dict(os.environ), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield (await asyncio.wait_for(process.stdout.readline(), 60)).decode().strip()
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 60) == 0


def ratings(place: Path) -> list[int]:
    with sqlite3.connect(place / "history.db") as history:
        return [row[0] for row in history.execute("SELECT rating FROM review ORDER BY id")]


async def test_only_who_knows_the_token_is_answered(place: Path) -> None:
    async with served(place) as address, aiohttp.ClientSession() as session:
        base, _, token = address.rstrip("/").rpartition("/")
        assert base.startswith("http://127.0.0.1:")
        assert len(token) >= 32
        port = base.rpartition(":")[2]

        async def status(url: str, **headers: str) -> int:
            async with session.get(url, headers=headers) as answer:
                return answer.status

        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
                   "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}  # fmt: skip
        assert await status(address) == 200
        assert await status(f"{base}/") == 404
        assert await status(f"{base}/{token[:-1]}x/") == 404
        assert await status(f"{base}/static/js/textual.js") == 404
        assert await status(address, Host=f"example.org:{port}") == 403
        assert await status(address, Origin="http://example.org") == 403
        assert await status(f"{address}ws", **upgrade) == 403, "a socket without an origin"
        assert await status(f"{address}ws", Origin=f"http://127.0.0.2:{port}", **upgrade) == 403
        async with session.get(address) as answer:
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "//fonts." not in await answer.text()
        with pytest.raises(aiohttp.ClientConnectorError):
            await status(f"http://127.0.0.2:{port}/{token}/")


@pytest.mark.skipif(browser.CHROMIUM is None, reason="no Chromium is installed here")
async def test_a_review_by_keys_and_mouse(place: Path) -> None:
    async with served(place) as address, browser.page(place / "profile") as page:
        await page.go(address)
        await page.sees("2 questions", "Your first review begins the streak.")
        await page.press("enter")
        await page.sees("Why call zero_grad()?", "Space")
        await page.press("space")
        await page.sees("Gradients accumulate.", "4 Easy")
        await page.click("4 Easy")
        await page.sees("Dtype of torch.ne(a, b)?")
        assert ratings(place) == [4]
        await page.press(*"bool", "enter")
        await page.sees("Not right", "Enter takes Again")
        await page.press("2")
        await page.sees("2/3", "1 learning")
        assert ratings(place) == [4, 2]
        assert not page.errors
