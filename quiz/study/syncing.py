"""One history on several machines, by way of a folder that something else keeps in step.

Each device writes one file of its own into the folder, a copy of its history, and reads those of
all others. No file has two writers, so that the folder may be synchronised by anything, in any
order and at any time; what is read is joined as `merge` joins it.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from quiz.errors import Place, QuizError, StoreError
from quiz.language import _
from quiz.store import device, problems, shelf
from quiz.store.backup import copy_to
from quiz.store.file import Kind, kind_of
from quiz.study.ledger import Ledger

_FOLDER = "sync-folder"
_WRITTEN = "sync-written"
_READ = "sync-read:"
"""Names of the facts that are noted in the history."""


class SyncError(QuizError):
    """The folder cannot be used."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that could not be read; it is tried again the next time."""

    file: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Synced:
    """What came of it."""

    folder: Path
    added: int
    """Entries of the log that were new here."""
    read: tuple[Path, ...]
    """Files of other devices that were new or changed."""
    written: Path | None
    """This device's own file; None where it held all already."""
    skipped: tuple[Skipped, ...] = ()


def sync(ledger: Ledger, folder: Path | None = None) -> Synced:
    """Read what other devices have written, then write what they lack.

    Without a `folder`, the one used last. Raises `SyncError` where there is none, `StoreError`
    where nothing can be stored.
    """
    history = ledger.history
    folder = _folder(ledger, folder)
    own = folder / f"{_name(ledger)}@{device.name_of(ledger.history, ledger.clock())}.db"
    added = 0
    read, skipped = [], []
    for file in sorted(folder.glob(f"{_glob(_name(ledger))}@*.db")):
        if file == own:
            continue
        try:
            state = _state(file)
            if history.meta(_READ + file.name) == state:
                continue
            added += _merge(ledger, file)
        except (StoreError, OSError) as error:
            skipped.append(Skipped(file, str(error).partition("\n")[0]))
            continue
        history.set_meta(_READ + file.name, state)
        read.append(file)
    written = _write(ledger, own)
    history.set_meta(_FOLDER, str(folder))
    return Synced(folder, added, tuple(read), own if written else None, tuple(skipped))


def _folder(ledger: Ledger, folder: Path | None) -> Path:
    if folder is None:
        last = ledger.history.meta(_FOLDER)
        if last is None:
            raise SyncError(
                _("no folder to synchronise with was named yet"),
                fix=_("Name one that your machines share: `quiz sync FOLDER`."),
            )
        folder = Path(last)
    if not folder.is_dir():
        # Made here, it would hide that the shared one is not mounted.
        raise SyncError(_("there is no such folder"), where=Place(str(folder)))
    return folder.absolute()


def _merge(ledger: Ledger, file: Path) -> int:
    """Join a copy of the file, which may change while it is read."""
    with tempfile.TemporaryDirectory() as place:
        mine = Path(place) / file.name
        shutil.copyfile(file, mine)
        if kind_of(mine) is Kind.HISTORY and not shelf.is_sound(mine):
            raise StoreError(_("it is damaged, or not here in full yet"), where=Place(str(file)))
        return ledger.merge(mine)


def _write(ledger: Ledger, own: Path) -> bool:
    """Bring this device's file up to date; whether that was needed."""
    # The log only grows, so that its length tells whether anything is new.
    log = f"{own.name} {ledger.history.size()}"
    if own.exists() and ledger.history.meta(_WRITTEN) == log:
        return False
    with problems.explained(own):
        copy_to(ledger.history.path, own)
    ledger.history.set_meta(_WRITTEN, log)
    return True


def _name(ledger: Ledger) -> str:
    return device.plain(ledger.collection.config.name) or "cards"


def _glob(text: str) -> str:
    return "".join(f"[{c}]" if c in "[]*?" else c for c in text)


def _state(file: Path) -> str:
    """What tells whether a file has changed."""
    digest = hashlib.blake2b(digest_size=16)
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
