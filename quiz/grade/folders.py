"""The folder of a session: made when the grader starts, gone when it ends, swept if it was killed.

The session's owner holds a lock on it; a folder that can be locked has lost its owner.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from quiz.grade import watch

if sys.platform != "win32":
    import fcntl

_PREFIX = "quiz-grade-"


def make() -> tuple[Path, int]:
    """A new session's folder, and the open file that locks it for as long as it is open."""
    root = Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()
    # Jails of root run as users of their own: they may pass through, and see nothing.
    root.chmod(0o711)
    return root, _lock(root)


def _lock(root: Path) -> int:
    """Raises `OSError` where somebody holds it."""
    descriptor = os.open(root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if sys.platform != "win32":
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise
    return descriptor


def sweep() -> None:
    """Remove the folders of sessions that were killed before they could."""
    if sys.platform == "win32":
        return
    for root in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if root.is_symlink() or root.stat().st_uid != os.getuid():
                continue
            os.close(_lock(root))
            watch.remove_folder(root)
