"""What the zygote and the application see and clean up from outside a jail."""

from __future__ import annotations

import ctypes
import faulthandler
import mmap
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path
from types import FunctionType

import pytest

from quiz.grade import folders, limits, pages, practice, watch
from quiz.grade.link import environment
from quiz.grade.protocol import Decoder, Message, encode
from quiz.grade.zygote import Child, Zygote, _keep_only

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


def nested(root: Path, depth: int, name: str = "deeper" * 20) -> int:
    """A chain of folders far longer than a path may be; the innermost, opened."""
    folder = os.open(root, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=folder)
        inner = os.open(name, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    return folder


def test_a_folder_goes_however_deep_it_is(tmp_path: Path) -> None:
    jail = tmp_path / "jail"
    jail.mkdir()
    innermost = nested(jail, 300)
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=innermost))
    os.close(innermost)
    watch.remove_folder(jail)
    assert not jail.exists()
    watch.remove_folder(jail)


def test_what_lies_deep_is_measured_too_and_nothing_stays_open(tmp_path: Path) -> None:
    innermost = nested(tmp_path, 300)
    with os.fdopen(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=innermost), "wb") as file:
        file.write(bytes(1 << 20))
    os.close(innermost)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    assert 1 << 20 <= watch.folder_size(tmp_path, 1 << 30) < 1 << 25
    assert watch.folder_size(tmp_path, 1 << 19) > 1 << 19
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
    watch.remove_folder(tmp_path)


def test_folders_both_deep_and_wide_count_as_too_much(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(100):
        (folder / "a").mkdir()
        (folder / "b").mkdir()
        folder = folder / "a"
    assert watch.folder_size(tmp_path, 1 << 30) > 1 << 30


def test_files_without_a_name_count_whether_open_or_mapped(tmp_path: Path) -> None:
    def bytes_stored() -> int:
        return watch.stored(tmp_path, [os.getpid()], 1 << 40)

    before = bytes_stored()
    file = os.open(tmp_path / "x", os.O_CREAT | os.O_RDWR)
    os.write(file, bytes(1 << 20))
    with_name = bytes_stored()
    assert with_name - before >= 1 << 20
    (tmp_path / "x").unlink()
    assert bytes_stored() == with_name
    block = mmap.mmap(file, 4096)
    assert bytes_stored() == with_name
    os.close(file)
    # The mapping holds a descriptor of its own.
    assert bytes_stored() == with_name
    block.close()
    assert bytes_stored() == before


def test_a_file_that_is_mapped_alone_counts_as_much_as_it_may_be(tmp_path: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    # Whoever runs the tests may have files without a name open as well.
    before = watch.stored(tmp_path, [os.getpid()], 1 << 40)
    file = os.open(tmp_path / "x", os.O_CREAT | os.O_RDWR)
    os.write(file, bytes(4096))
    (tmp_path / "x").unlink()
    address = libc.mmap(None, ctypes.c_size_t(4096), 1, mmap.MAP_PRIVATE, file, ctypes.c_long(0))
    os.close(file)
    assert watch.stored(tmp_path, [os.getpid()], 1 << 40) - before == limits.FILE_SIZE
    libc.munmap(ctypes.c_void_p(address), ctypes.c_size_t(4096))


def test_a_jail_that_dies_before_its_watch_is_read_is_swept_all_the_same(tmp_path: Path) -> None:
    """The word that it was given a job waits in the socket when its death is noticed."""
    ours, theirs = socket.socketpair()
    zygote = Zygote(theirs, tmp_path, frozenset(), practice.rehearse)
    reading, writing = os.pipe()
    leader = os.fork()
    if leader == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(writing, b"x")
            os.kill(os.getpid(), signal.SIGSTOP)
        os.read(reading, 1)
        os._exit(0)
    printing, tracing = os.memfd_create("printed"), os.memfd_create("where")
    os.write(printing, bytes(100))
    folder = tmp_path / "1"
    folder.mkdir()
    zygote._children[1] = Child(leader, folder, 0, printing, tracing)
    given = {"seconds": 9, "memory": 100, "output": 10, "processes": True, "waiting": False}
    ours.sendall(encode(Message({"t": "watch", "id": 1, **given})))
    os.waitid(os.P_PID, leader, os.WEXITED | os.WNOWAIT)
    zygote._reap()
    (ended,) = Decoder().feed(ours.recv(1 << 16))
    assert ended.header["ending"]["output"] is True
    assert list(watch.session(leader)) == []
    assert not folder.exists()
    assert not _is_open(printing)
    assert not _is_open(tracing)
    ours.close()
    theirs.close()
    os.close(reading)
    os.close(writing)


def test_a_folder_of_many_entries_is_removed_while_the_zygote_goes_on(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    zygote = Zygote(theirs, tmp_path, frozenset(), practice.rehearse)
    folder = tmp_path / "1"
    folder.mkdir()
    for name in range(300):
        (folder / str(name)).touch()
    zygote._children[1] = Child(0, folder, 0)
    zygote._bury(1, 0, 0.0)
    os.wait()
    assert not folder.exists()
    ours.close()
    theirs.close()


def test_a_jail_killed_for_what_it_printed_leaves_no_descriptor(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    zygote = Zygote(theirs, tmp_path, frozenset(), practice.rehearse)
    printing, tracing = os.memfd_create("printed"), os.memfd_create("where")
    child = Child(0, tmp_path / "1", 0, printing, tracing, killing={"output": True})
    zygote._children[1] = child
    zygote._bury(1, signal.SIGKILL, 0.0)
    assert not _is_open(printing)
    assert not _is_open(tracing)
    ours.close()
    theirs.close()


def test_a_folder_is_measured_no_further_than_its_limit(tmp_path: Path) -> None:
    for name in range(20):
        (tmp_path / str(name)).write_bytes(bytes(8192))
    assert watch.folder_size(tmp_path, 1 << 20) >= 20 * 8192
    assert watch.folder_size(tmp_path, 10_000) == pytest.approx(10_000, abs=40_000)


def test_too_many_entries_count_as_too_much(tmp_path: Path) -> None:
    folder = tmp_path / "jail"
    folder.mkdir()
    for name in range(10):
        (folder / str(name)).touch()
    assert watch.folder_size(folder, 1 << 30, most=10) <= 1 << 30
    assert watch.folder_size(folder, 1 << 30, most=9) > 1 << 30


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
    # Of the heap some that is free may have been touched already.
    block = mmap.mmap(-1, 32 << 20, flags=mmap.MAP_PRIVATE)
    for start in range(0, len(block), mmap.PAGESIZE):
        block[start] = 1
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


@pytest.mark.parametrize(
    ("name", "place"), [("더하기", "더하기"), ("né", "né"), ("\x1b[2J", "\\x1b[2J")]
)
def test_the_place_is_called_what_the_answer_calls_it(
    name: str, place: str, tmp_path: Path
) -> None:
    def f() -> None:
        with (tmp_path / "trace").open("w") as file:
            faulthandler.dump_traceback(file, all_threads=False)

    code = f.__code__.replace(co_filename="<answer>", co_name=name, co_firstlineno=1)
    FunctionType(code, globals(), closure=f.__closure__)()
    found = watch.place((tmp_path / "trace").read_text())
    assert found.partition(" in ")[2] == place


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
