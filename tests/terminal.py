"""A real pseudo-terminal with a screen one can read: the program is used as a person uses it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import pexpect
import pyte

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "down": "\x1b[B",
    "up": "\x1b[A",
    "ctrl+r": "\x12",
    "ctrl+q": "\x11",
    "ctrl+c": "\x03",
    "f7": "\x1b[18~",
    "backspace": "\x7f",
}


def _inherited() -> dict[str, str]:
    """The environment without the size of another terminal, which would go before this one's."""
    return {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}


class Terminal:
    """A program running in a terminal of a certain size."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        cwd: str | None = None,
        columns: int = 100,
        lines: int = 30,
    ) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.process = pexpect.spawn(
            command[0],
            list(command[1:]),
            env={**_inherited(), "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
            cwd=cwd,
            dimensions=(lines, columns),
            timeout=30,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.close(force=True)

    @property
    def text(self) -> str:
        """What stands on the screen, line by line."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def wait_for(self, *texts: str, timeout: float = 60) -> str:
        """Read until all `texts` stand on the screen at once, and give what it shows."""
        return self._wait(lambda: all(text in self.text for text in texts), texts, timeout)

    def wait_gone(self, text: str, timeout: float = 60) -> str:
        """Read until `text` does not stand on the screen any more."""
        return self._wait(lambda: text not in self.text, ("no " + text,), timeout)

    def press(self, *keys: str) -> None:
        """Press keys by their names, or type text as it is."""
        for key in keys:
            self.process.send(KEYS.get(key, key))

    def wait_closed(self, timeout: float = 30) -> int:
        """Read until the program has ended; its exit status."""
        end = time.monotonic() + timeout
        while self._read():
            assert time.monotonic() < end, f"still running:\n{self.text}"
        self.process.close()
        return int(self.process.exitstatus if self.process.exitstatus is not None else -1)

    def kill(self) -> None:
        """SIGKILL, at once."""
        self.process.kill(9)
        self.process.close(force=True)

    def _wait(self, holds: object, what: Sequence[str], timeout: float) -> str:
        assert callable(holds)
        end = time.monotonic() + timeout
        while not holds():
            assert time.monotonic() < end, f"{what} did not appear in:\n{self.text}"
            assert self._read(), f"{what}: the program ended with:\n{self.text}"
        return self.text

    def _read(self) -> bool:
        """Feed what the program wrote to the screen; False once it has ended."""
        try:
            data: Any = self.process.read_nonblocking(
                65536, timeout=0.1
            )  # bytes: no encoding is set
            self._stream.feed(data)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        return True
