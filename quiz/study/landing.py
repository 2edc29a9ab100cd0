"""Putting many new files into a collection: all of them, or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from quiz.errors import ImportFormatError, Place, QuizError

Content = bytes | Callable[[], bytes]
"""What a file is to hold, or how to get it when it is its turn."""


@contextmanager
def landed(root: Path, files: Mapping[str, Content]) -> Iterator[int]:
    """Write files below `root`, by their path with forward slashes; how many are new.

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
            f"{len(taken)} of the files to be written are there already with other content",
            where=Place(str(root / taken[0])),
            fix="Nothing was written. Choose another folder with --into.",
        )
    placed: list[Path] = []
    made: list[Path] = []
    staging: Path | None = None
    try:
        try:
            staging = Path(tempfile.mkdtemp(prefix=".quiz-import-", dir=root))
            staged = _stage(staging, fresh)
            for name, source in staged:
                target = _target(root, name)
                _make_folders(target.parent, made)
                source.rename(target)
                placed.append(target)
        except OSError as error:
            reason = error.strerror or str(error)
            raise QuizError(f"cannot be written: {reason}", where=Place(str(root))) from error
        yield len(placed)
    except BaseException:
        _remove(placed, made)
        raise
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)


def _target(root: Path, name: str) -> Path:
    """Where a file goes, which is never outside, whatever links there are."""
    target = root.joinpath(*PurePosixPath(name).parts)
    if ".." in PurePosixPath(name).parts or not target.parent.resolve().is_relative_to(root):
        raise ImportFormatError(f"`{name}` lies outside of the collection", where=Place(str(root)))
    return target


def _holds(target: Path, content: Content) -> bool:
    if target.is_symlink() or not target.is_file():
        return False
    return target.read_bytes() == (content if isinstance(content, bytes) else content())


def _stage(staging: Path, files: Mapping[str, Content]) -> list[tuple[str, Path]]:
    staged = []
    for number, (name, content) in enumerate(files.items()):
        source = staging / str(number)
        with source.open("wb") as file:
            file.write(content if isinstance(content, bytes) else content())
        staged.append((name, source))
    return staged


def _make_folders(folder: Path, made: list[Path]) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        one.mkdir()
        made.append(one)


def _remove(placed: list[Path], made: list[Path]) -> None:
    for file in placed:
        with suppress(OSError):
            file.unlink()
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()
