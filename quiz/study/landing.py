"""Putting many new files into a collection: all of them, or none."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from quiz.errors import ImportFormatError, Place, QuizError
from quiz.language import _

_STAGING = ".quiz-import-"
_LEFT_BEHIND = 3600
"""Seconds after which the folder of an import that was not finished is of no use to anyone."""

Content = bytes | Callable[[], bytes]
"""What a file is to hold, or how to get it when it is its turn."""


@contextmanager
def landed(
    root: Path, files: Mapping[str, Content], on_file: Callable[[], None] = lambda: None
) -> Iterator[int]:
    """Write files below `root`, by their path with forward slashes; how many are new.

    `on_file` is called after each that was written.

    They are complete on the disk when the block begins, and gone again if it raises. A file that
    stands there already with the same content stays; one with other content is never touched:
    `ImportFormatError`, and nothing is written.
    """
    root = root.resolve()
    fresh: dict[str, Content] = {}
    taken: list[str] = []
    for name, content in files.items():
        target = _target(root, name)
        if not os.path.lexists(target):
            fresh[name] = content
        elif not _holds(target, content):
            taken.append(name)
    if taken:
        raise ImportFormatError(
            _("{n} of the files to be written are there already with other content").format(
                n=len(taken)
            ),
            where=Place(str(root / taken[0])),
            fix=_("Nothing was written. Choose another folder with --into."),
        )
    placed: list[Path] = []
    staging: Path | None = None
    try:
        try:
            _clear_leftovers(root)
            staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=root))
            _stage(staging, fresh, on_file)
            for name in _units(root, fresh):
                (staging / name).rename(root / name)
                placed.append(root / name)
        except OSError as error:
            said = _("cannot be written: {why}").format(why=error.strerror or error)
            raise QuizError(said, where=Place(str(root))) from error
        yield len(fresh)
    except BaseException:
        for one in placed:
            _remove(one, {root / name for name in fresh})
        raise
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)


def _target(root: Path, name: str) -> Path:
    """Where a file goes, which is never outside, whatever links there are."""
    target = root.joinpath(*PurePosixPath(name).parts)
    if ".." in PurePosixPath(name).parts or not target.parent.resolve().is_relative_to(root):
        said = _("`{path}` lies outside of the collection").format(path=name)
        raise ImportFormatError(said, where=Place(str(root)))
    return target


def _holds(target: Path, content: Content) -> bool:
    if target.is_symlink() or not target.is_file():
        return False
    return target.read_bytes() == (content if isinstance(content, bytes) else content())


def _stage(staging: Path, files: Mapping[str, Content], on_file: Callable[[], None]) -> None:
    """Write the files below `staging` as they will stand below the root."""
    for name, content in files.items():
        target = staging / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content())
        on_file()


def _units(root: Path, files: Iterable[str]) -> list[str]:
    """What is to be put in place each by one renaming: the outermost parts that are not there.

    A new folder comes whole, so that an import that is killed has brought all of it or nothing.
    """
    units: dict[str, None] = {}
    for name in files:
        parts = PurePosixPath(name).parts
        paths = ("/".join(parts[:n]) for n in range(1, len(parts) + 1))
        units[next(path for path in paths if not os.path.lexists(root / path))] = None
    return list(units)


def _clear_leftovers(root: Path) -> None:
    """Remove what imports that were killed have left behind."""
    for folder in root.glob(f"{_STAGING}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _LEFT_BEHIND:
                shutil.rmtree(folder)


def _remove(placed: Path, files: set[Path]) -> None:
    """Take away what was put in place, but nothing that someone has added to it meanwhile."""
    if not placed.is_dir():
        with suppress(OSError):
            placed.unlink()
        return
    for folder, _folders, names in os.walk(placed, topdown=False):
        for name in names:
            if (file := Path(folder, name)) in files:
                with suppress(OSError):
                    file.unlink()
        with suppress(OSError):
            Path(folder).rmdir()
