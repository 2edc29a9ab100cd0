"""What is planted outside the jail, and whether it is as it was.

A home with a secret, a folder of files, the cards, listening sockets of every kind and a process
that waits: everything is open to everybody, so that the jail alone keeps an answer from it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import TracebackType

import quiz.grade
from tests.corpus.cases import CARDS

ENVIRONMENT = "QUIZ_CORPUS_SECRET"
"""A variable in the harness's environment that no jail may see."""


class Canary:
    """A context: planted when entered, removed when left."""

    def __init__(self, root: Path) -> None:
        self.secret = f"secret-{secrets.token_hex(8)}"
        self._mark = f"quiz-mark-{secrets.token_hex(6)}"
        self._root = root
        self._stack = contextlib.ExitStack()
        self._sockets: dict[str, socket.socket] = {}
        self._names: dict[str, str] = {}
        self._before: dict[str, str] = {}
        self._usual = "", ""

    def __enter__(self) -> Canary:
        os.environ[ENVIRONMENT] = self.secret
        self._plant_files()
        self._plant_sockets()
        self._victim = self._stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-S", "-c", "input()"],
                stdin=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        )
        self._names["VICTIM"] = str(self._victim.pid)
        self._usual = "S", _state(self._victim.pid)[1]
        self._before = self._snapshot()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        del os.environ[ENVIRONMENT]
        self._victim.kill()
        self._stack.close()

    @property
    def victim(self) -> int:
        """The process id of the one that waits."""
        return self._victim.pid

    def fill(self, answer: str) -> str:
        """The answer with its placeholders replaced by what was planted."""
        for name, value in self._names.items():
            answer = answer.replace(f"@{name}@", value)
        return answer

    def troubles(self) -> list[str]:
        """Everything that is not as it was planted; what has called is told once."""
        found = [*self._calls(), *self._marks()]
        if self._victim.poll() is not None:
            found.append("the bystander has been killed")
        elif (state := _state(self._victim.pid)) != self._usual:
            found.append(f"the bystander is in another state: {state}")
        after = self._snapshot()
        for path in sorted(self._before.keys() | after.keys()):
            if self._before.get(path) != after.get(path):
                what = "is gone" if path not in after else "is changed"
                found.append(f"{path} {'is new' if path not in self._before else what}")
        return found

    def _plant_files(self) -> None:
        home, folder, cards = (self._root / name for name in ("home", "folder", "cards"))
        home.mkdir()
        folder.mkdir()
        shutil.copytree(CARDS, cards)
        (home / "secret").write_text(self.secret)
        (folder / "kept.txt").write_text("kept")
        (folder / "inner").mkdir()
        with contextlib.closing(sqlite3.connect(folder / "history.db")) as database:
            database.execute("create table review (secret text)")
            database.execute("insert into review values (?)", (self.secret,))
            database.commit()
        for path in (home, folder, cards):
            for entry in (path, *path.rglob("*")):
                entry.chmod(0o777 if entry.is_dir() else 0o666)
        self._names |= {
            "HOME": str(home),
            "SECRET": str(home / "secret"),
            "FOLDER": str(folder),
            "CARDS": str(cards),
            "MARK": self._mark,
        }

    def _plant_sockets(self) -> None:
        tcp = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        self._sockets = {"TCP": tcp, "UDP": udp}
        self._names |= {"TCP": str(tcp.getsockname()[1]), "UDP": str(udp.getsockname()[1])}
        self._names["ABSTRACT"] = self._mark
        for name, path, kind in (
            ("UNIX", str(self._root / "stream"), socket.SOCK_STREAM),
            ("DATAGRAM", str(self._root / "datagram"), socket.SOCK_DGRAM),
            ("abstract", f"\0{self._mark}", socket.SOCK_STREAM),
            ("abstract datagram", f"\0{self._mark}-datagram", socket.SOCK_DGRAM),
        ):
            server = self._sockets[name] = socket.socket(socket.AF_UNIX, kind)
            server.bind(path)
            if kind == socket.SOCK_STREAM:
                server.listen()
            if not path.startswith("\0"):
                Path(path).chmod(0o777)
                self._names[name] = path
        for server in self._sockets.values():
            server.setblocking(False)
            self._stack.enter_context(server)

    def _calls(self) -> list[str]:
        found = []
        for name, server in self._sockets.items():
            calls = 0
            with contextlib.suppress(BlockingIOError):
                while True:
                    if server.type == socket.SOCK_STREAM:
                        server.accept()[0].close()
                    else:
                        server.recv(100)
                    calls += 1
            if calls:
                found.append(f"somebody has called the {name} socket")
        return found

    def _marks(self) -> list[str]:
        """Traces under this session's own mark, wherever one might be left."""
        grader = Path(quiz.grade.__file__).parent
        packages = Path(sysconfig.get_path("purelib"))
        places = [Path(name) for name in ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", ".")]
        places += [packages, packages / "torch", grader, grader / "__pycache__", self._root]
        found = []
        for place in places:
            with contextlib.suppress(OSError):
                found += [str(p) for p in place.iterdir() if p.name.startswith(self._mark)]
        with contextlib.suppress(OSError):
            lines = Path("/proc/net/unix").read_text().splitlines()
            ours = {f"@{self._mark}", f"@{self._mark}-datagram"}
            names = {line.split()[-1] for line in lines if self._mark in line}
            found += sorted(names - ours)
        return [f"{path} was left behind" for path in found]

    def _snapshot(self) -> dict[str, str]:
        """Each planted path with all that could be changed of it."""
        found = {}
        for name in ("home", "folder", "cards"):
            top = self._root / name
            for path in (top, *top.rglob("*")):
                info = path.lstat()
                what = [stat.filemode(info.st_mode), info.st_uid, info.st_gid, info.st_nlink]
                what += [info.st_mtime_ns, os.listxattr(path, follow_symlinks=False)]
                if stat.S_ISREG(info.st_mode):
                    what.append(hashlib.sha256(path.read_bytes()).hexdigest())
                found[str(path.relative_to(self._root))] = repr(what)
        return found


def _state(pid: int) -> tuple[str, str]:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return fields[0], fields[16]
