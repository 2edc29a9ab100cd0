"""The application's hold on one zygote: starts it, speaks to it, receives sockets from it.

Knows nothing of what the messages mean; `Pool` does.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from quiz.errors import GradeError
from quiz.grade.protocol import Decoder, Message, ProtocolError, encode
from quiz.language import _

_PACKAGES = Path(__file__).resolve().parent.parent.parent
_PATIENCE = 20.0
"""Seconds a zygote may take to end what it started."""
_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
_KEPT_PREFIXES = ("CUDA_", "NVIDIA_", "TORCH_", "PYTORCH_", "PYTHON")


class Link:
    """A running zygote. `heard` gets each message, `lost` is called once when it has gone."""

    def __init__(
        self,
        folder: Path,
        arguments: Sequence[str],
        *,
        heard: Callable[[Link, Message], None],
        lost: Callable[[Link], None],
    ) -> None:
        self._heard = heard
        self._lost = lost
        self._decoder = Decoder()
        self._descriptors: deque[int] = deque()
        self.alive = True
        self._loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        try:
            self._child = _spawn(folder, [*arguments, "--control", str(theirs.fileno())], theirs)
        except OSError as error:
            ours.close()
            said = _("the grader's process cannot be started: {why}").format(why=error)
            raise GradeError(said) from error
        finally:
            theirs.close()
        ours.setblocking(False)
        self._control = ours
        self._loop.add_reader(ours.fileno(), self._readable)

    def tell(self, message: Message) -> None:
        """Say something; if it cannot be said, the zygote is lost."""
        if not self.alive:
            return
        # Some hundred bytes into a socket that is always read: no room means that nobody reads.
        try:
            self._control.sendall(encode(message))
        except OSError:
            self._drop()

    def descriptor(self) -> int:
        """The next of the sockets that came along with the messages."""
        return self._descriptors.popleft()

    async def close(self) -> None:
        """The zygote ends all its processes and itself; returns when that is done."""
        self._drop()
        await asyncio.to_thread(self._wait)

    def _wait(self) -> None:
        try:
            self._child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def _readable(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 64)
        except BlockingIOError:
            return
        except OSError:
            data, descriptors = b"", []
        self._descriptors.extend(descriptors)
        try:
            for message in self._decoder.feed(data):
                self._heard(self, message)
        except ProtocolError:
            data = b""
        if not data:
            self._drop()

    def _drop(self) -> None:
        if not self.alive:
            return
        self.alive = False
        self._loop.remove_reader(self._control.fileno())
        self._control.close()
        while self._descriptors:
            os.close(self._descriptors.popleft())
        self._lost(self)


def _spawn(
    folder: Path, arguments: Sequence[str], control: socket.socket
) -> subprocess.Popen[bytes]:
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "quiz.grade.zygote", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment(folder),
            cwd=folder,
            pass_fds=[control.fileno()],
            start_new_session=True,
        )


def environment(home: Path) -> dict[str, str]:
    """What of the application's environment the grader's processes may see: no secrets."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or name.startswith(_KEPT_PREFIXES)
    }
    search = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    # Packages installed beside this one come from the same place anyway.
    if _PACKAGES.name not in ("site-packages", "dist-packages"):
        search.append(str(_PACKAGES))
    home_variables = {"HOME": str(home), "TMPDIR": str(home)}
    fixed = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
    return {**kept, **home_variables, **fixed, "PYTHONPATH": os.pathsep.join(search)}
