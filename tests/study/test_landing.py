"""New files come all or none, whatever happens in between."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from quiz.errors import ImportFormatError
from quiz.study.landing import Content, landed

CHILD = """
import sys
from pathlib import Path
from quiz.study.landing import landed

def wait():
    print("writing", flush=True)
    sys.stdin.read()

with landed(Path(sys.argv[1]), {"deck/a.md": b"a", "deck/sub/b.md": wait}):
    pass
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "cards"
    root.mkdir()
    return root


def visible(root: Path) -> list[str]:
    return sorted(
        path.relative_to(root).as_posix()
        for path in root.rglob("*.md")
        if not any(part.startswith(".") for part in path.relative_to(root).parts)
    )


def test_files_are_there_in_the_block_and_stay(root: Path) -> None:
    (root / "old").mkdir()
    (root / "old/same.md").write_bytes(b"same")
    steps: list[int] = []
    files: dict[str, Content] = {
        "old/same.md": b"same",
        "old/new.md": b"n",
        "deck/sub/a.md": lambda: b"a",
    }
    with landed(root, files, lambda: steps.append(1)) as written:
        assert (written, len(steps)) == (2, 2)
        assert visible(root) == ["deck/sub/a.md", "old/new.md", "old/same.md"]
    assert sorted(path.name for path in root.iterdir()) == ["deck", "old"]


def test_when_the_block_fails_they_are_gone_and_nothing_else(root: Path) -> None:
    (root / "old").mkdir()
    files: dict[str, Content] = {"old/new.md": b"n", "deck/sub/a.md": b"a", "deck/b.md": b"b"}

    def interrupted() -> None:
        with landed(root, files):
            (root / "deck/someone.txt").write_text("meanwhile", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert visible(root) == []
    assert [path.name for path in (root / "deck").iterdir()] == ["someone.txt"]
    assert (root / "old").is_dir()


def test_a_file_with_other_content_is_never_touched(root: Path) -> None:
    (root / "a.md").write_bytes(b"mine")
    with pytest.raises(ImportFormatError), landed(root, {"a.md": b"a", "b.md": b"b"}):
        pass
    assert visible(root) == ["a.md"]


def test_killed_while_writing_it_leaves_nothing_that_is_read(root: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "writing\n"
        child.kill()
    assert visible(root) == []
    (left,) = root.iterdir()
    os.utime(left, (0, 0))
    with landed(root, {"deck/a.md": b"a"}):
        assert not left.exists()
    assert visible(root) == ["deck/a.md"]
