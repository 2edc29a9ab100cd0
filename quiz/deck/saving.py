"""The text of a card file, sign for sign: byte-order mark and line ends are part of it.

A file is written whole or not at all, and stays what it is: a link stays a link, a mode a mode.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from quiz.deck.files import shown_path
from quiz.errors import CardError, Place
from quiz.language import _


def read_text(path: Path) -> str:
    """The text as it stands in the file. Raises `CardError` where that cannot be read."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        said = _("byte 0x{byte:02x} is not UTF-8").format(byte=error.object[error.start])
        raise CardError(
            said, where=Place(shown_path(path)), fix=_("Save the file as UTF-8.")
        ) from error
    except OSError as error:
        raise _failed(_("cannot be read: {why}"), path, error) from error


def write_text(path: Path, text: str) -> None:
    """Put `text` in the place of the file, or make it. Raises `CardError`; then nothing changed."""
    target = path.resolve()
    partial: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
        partial = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "surrogatepass"))
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, partial)
        else:
            partial.chmod(0o666 & ~_umask())
        partial.replace(target)
    except OSError as error:
        if partial is not None:
            with suppress(OSError):
                partial.unlink()
        raise _failed(_("cannot be written: {why}"), path, error) from error


def _umask() -> int:
    """The signs of permission that new files are denied."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _failed(said: str, path: Path, error: OSError) -> CardError:
    why = error.strerror or str(error)
    return CardError(said.format(why=why), where=Place(shown_path(path)))
