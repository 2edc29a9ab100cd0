"""A page in headless Chromium, driven over its own debugging protocol, and what it shows.

The terminal in the page is drawn on a canvas; what stands on it is read from the bytes that the
page receives.
"""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pyte

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
PATIENCE = 60
"""Seconds after which what was waited for is not coming."""
KEYS = {"enter": ("Enter", "\r", 13), "space": (" ", " ", 32), "escape": ("Escape", "", 27)}


class Page:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        self.errors: list[str] = []
        """What the page itself complains of."""

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self._screen.display)

    async def go(self, address: str) -> None:
        for domain in ("Page", "Network", "Runtime", "Log"):
            await self._call(f"{domain}.enable")
        await self._call("Page.navigate", url=address)

    async def sees(self, *texts: str) -> None:
        """Wait until all of these stand on the page."""
        end = time.monotonic() + PATIENCE
        while not all(text in self.text for text in texts):
            assert time.monotonic() < end, f"{texts} did not appear in:\n{self.text}\n{self.errors}"
            await self._receive()

    async def press(self, *keys: str) -> None:
        for name in keys:
            key, text, code = KEYS.get(name) or (name, name, ord(name.upper()))
            for kind in ("keyDown", "keyUp"):
                typed = {"text": text} if text and kind == "keyDown" else {}
                await self._call(
                    "Input.dispatchKeyEvent",
                    type=kind, key=key, windowsVirtualKeyCode=code, **typed,
                )  # fmt: skip

    async def click(self, text: str) -> None:
        """Press the mouse on the first place where `text` stands."""
        row, line = next((n, s) for n, s in enumerate(self._screen.display) if text in s)
        box = await self._call(
            "Runtime.evaluate",
            expression="JSON.stringify(document.querySelector('.xterm-screen')"
            ".getBoundingClientRect())",
        )
        area = json.loads(box["result"]["value"])
        place = {
            "x": area["x"] + area["width"] * (line.index(text) + 1.5) / self._screen.columns,
            "y": area["y"] + area["height"] * (row + 0.5) / self._screen.lines,
        }
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
            await self._call("Input.dispatchMouseEvent", type=kind, **place, **button)

    async def _call(self, method: str, **parameters: object) -> Any:  # noqa: ANN401 - JSON
        self._number += 1
        number = self._number
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            message = await self._receive()
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]

    async def _receive(self) -> dict[str, Any]:
        """One message, an event or an answer; a second without any is none."""
        try:
            message: dict[str, Any] = await self._socket.receive_json(timeout=1)
        except TimeoutError:
            return {}
        match message.get("method"), message.get("params"):
            case "Network.webSocketFrameReceived", {"response": {"opcode": 2, "payloadData": data}}:
                self._stream.feed(base64.b64decode(data))
            case "Network.webSocketFrameSent", {"response": {"opcode": 1, "payloadData": data}}:
                said = json.loads(data)
                if said[0] == "resize":
                    self._screen.resize(said[1]["height"], said[1]["width"])
            case "Log.entryAdded", {"entry": {"level": "error"} as entry}:
                self.errors.append(str(entry))
            case "Runtime.exceptionThrown", details:
                self.errors.append(str(details))
        return message


@asynccontextmanager
async def page(profile: Path) -> AsyncIterator[Page]:
    """A tab of a browser that keeps what it knows below `profile`."""
    assert CHROMIUM is not None
    process = await asyncio.create_subprocess_exec(
        CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--disable-background-networking", "--disable-extensions",
        "--window-size=1000,600", f"--user-data-dir={profile}", "--remote-debugging-port=0",
        "--remote-allow-origins=*", "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        port = ""
        while not port:
            line = (await asyncio.wait_for(process.stderr.readline(), PATIENCE)).decode()
            assert line, "the browser ended"
            if "DevTools listening on ws://" in line:
                port = line.rsplit(":", 1)[1].partition("/")[0]
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                tabs = [tab for tab in await answer.json() if tab["type"] == "page"]
            address = tabs[0]["webSocketDebuggerUrl"]
            async with session.ws_connect(address, max_msg_size=0) as socket:
                yield Page(socket)
    finally:
        process.kill()
        await process.communicate()
