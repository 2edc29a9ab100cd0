"""Folders that jails can get at."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def open_to_all(folder: Path) -> Path:
    """Jails of root run as users of their own, who must be able to pass through."""
    for part in (folder, *folder.parents):
        if part == Path(tempfile.gettempdir()).parent or part.stat().st_uid != os.getuid():
            break
        part.chmod(part.stat().st_mode | 0o011)
    return folder
