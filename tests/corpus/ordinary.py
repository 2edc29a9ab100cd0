"""Becoming an ordinary user in mid-flight, so that the corpus also runs without root's powers.

Where Python or the checkout lie in a folder that only root may enter, a mount namespace of our own
shows that folder open, with nothing in it but what is needed.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import pwd
import sys
import tempfile
from pathlib import Path

_CLONE_NEWNS = 0x20000
_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 0x40000

CANNOT = 77
"""Exit status where this cannot be done here."""


def become(name: str, needed: list[str]) -> None:
    """Take the user's place for good; `OSError` or `KeyError` where that is not possible."""
    user = pwd.getpwnam(name)
    closed = {folder: entry for path in needed for folder, entry in _closed(Path(path).resolve())}
    if closed:
        _open(closed)
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
    for path in needed:
        if not os.access(path, os.R_OK | os.X_OK):
            raise PermissionError(f"{path} is closed to {name}")


def restart(module: str, arguments: list[str]) -> None:
    """Begin again as a fresh program, which the kernel lets look at itself."""
    os.environ.update(PYTHONDONTWRITEBYTECODE="1", HOME="/nonexistent")
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])


def _closed(path: Path) -> list[tuple[Path, str]]:
    """Folders above that others may not enter, each with the name inside that is needed."""
    parts = [path, *path.parents]
    return [
        (folder, inner.name)
        for inner, folder in itertools.pairwise(parts)
        if not folder.stat().st_mode & 0o001
    ]


def _open(closed: dict[Path, str]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)

    def call(name: str, *arguments: object) -> None:
        if getattr(libc, name)(*arguments):
            code = ctypes.get_errno()
            raise OSError(code, f"{name}: {os.strerror(code)}")

    call("unshare", _CLONE_NEWNS)
    call("mount", b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
    for folder, entry in closed.items():
        stage = Path(tempfile.mkdtemp())
        call("mount", b"tmpfs", bytes(stage), b"tmpfs", 0, b"mode=755")
        (stage / entry).mkdir()
        call("mount", bytes(folder / entry), bytes(stage / entry), None, _MS_BIND | _MS_REC, None)
        call("mount", bytes(stage), bytes(folder), None, _MS_BIND | _MS_REC, None)
        call("umount2", bytes(stage), 2)
        stage.rmdir()
