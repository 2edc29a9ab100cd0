"""What the zygote and the application see and clean up from outside a jail."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path

import pytest

from quiz.grade import folders, pages, watch
from quiz.grade.link import environment
from quiz.grade.zygote import _keep_only

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_a_folder_goes_whatever_its_modes(tmp_path: Path) -> None:
    inner = tmp_path / "jail" / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "file").write_text("x")
    (tmp_path / "outside").write_text("kept")
    (inner / "link").symlink_to(tmp_path / "outside")
    inner.chmod(0)
    inner.parent.chmod(0)
    watch.remove_folder(tmp_path / "jail")
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["outside"]


def test_a_folder_is_measured_no_further_than_its_limit(tmp_path: Path) -> None:
    for name in range(20):
        (tmp_path / str(name)).write_bytes(bytes(8192))
    assert watch.folder_size(tmp_path, 1 << 20) >= 20 * 8192
    assert watch.folder_size(tmp_path, 10_000) == pytest.approx(10_000, abs=40_000)


def test_too_many_entries_count_as_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "MAX_ENTRIES", 5)
    for name in range(10):
        (tmp_path / str(name)).touch()
    assert watch.folder_size(tmp_path, 1 << 30) > 1 << 30


def test_a_session_is_found_and_killed_with_its_grandchildren() -> None:
    reading, writing = os.pipe()
    leader = os.fork()
    if leader == 0:
        os.setsid()
        if os.fork() == 0:
            if os.fork() != 0:
                os._exit(0)
            os.write(writing, b"x")
            signal.pause()
        signal.pause()
    os.read(reading, 1)
    assert len(list(watch.session(leader))) >= 2
    assert leader in watch.children(os.getpid())
    watch.kill_session(leader)
    assert list(watch.session(leader)) == [leader]
    os.kill(leader, signal.SIGKILL)
    os.waitpid(leader, 0)
    os.close(reading)
    os.close(writing)


def test_memory_is_what_has_been_touched() -> None:
    before = watch.memory(os.getpid())
    block = b"x" * (32 << 20)
    assert 30 << 20 <= watch.memory(os.getpid()) - before <= 40 << 20, len(block)
    assert watch.memory(1 << 30) == 0


@pytest.mark.parametrize(
    ("trace", "place"),
    [
        (
            'Current thread:\n  File "<answer>", line 3 in f\n  File "<cases>", line 1',
            "line 3, in f",
        ),
        (
            'Now:\n  File "/x/a.py", line 9 in g\n  File "<answer>", line 2 in f\n',
            "line 2, in f",
        ),
        ('  File "<frozen importlib>", line 2 in x\n', ""),
        ("", ""),
    ],
)
def test_the_place_is_the_innermost_line_of_the_answer(trace: str, place: str) -> None:
    assert watch.place(trace) == place


def test_a_session_folder_left_by_a_killed_application_is_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    living, lock = folders.make()
    dead, lost = folders.make()
    (dead / "1").mkdir()
    os.close(lost)
    folders.sweep()
    assert living.exists()
    assert not dead.exists()
    os.close(lock)


def test_the_environment_of_the_grader_holds_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    given = environment(tmp_path)
    assert "AWS_SECRET_ACCESS_KEY" not in given
    assert given["LANG"] == "ko_KR.UTF-8"
    assert given["HOME"] == str(tmp_path)


def test_only_the_named_descriptors_survive() -> None:
    pid = os.fork()
    if pid == 0:
        extra = [os.dup(1) for _ in range(5)]
        kept = _keep_only(extra[3], -1, extra[1])
        alive = [fd for fd in range(3, 64) if _is_open(fd)]
        os._exit(0 if alive == [3, 5] and kept == [3, -1, 5] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def test_collapsing_pages_changes_nothing_that_can_be_seen() -> None:
    block = bytearray(range(256)) * 40_000
    pages.collapse()
    assert block == bytearray(range(256)) * 40_000
