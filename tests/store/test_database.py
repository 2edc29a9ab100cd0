"""What stands in the way of a history file, and that the file is left as it was."""

from __future__ import annotations

import ctypes
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from quiz.errors import StoreError
from quiz.model.review import ActionKind
from quiz.store import network, problems
from quiz.store.backup import backup
from quiz.store.database import Database
from quiz.store.file import VERSION
from quiz.store.history import History
from tests.store.make import START, action, at, learned, review

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def fill(path: Path, count: int = 50) -> None:
    with History.open(path) as history:
        history.append_many([review(f"q{n}", n) for n in range(count)], [learned()])


def as_subject_to_permissions(script: str, *arguments: object) -> str:
    """Run a script in a child to which permissions apply, also where the tests run as root."""

    def drop() -> None:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)

    command = [sys.executable, "-c", script, *map(str, arguments)]
    result = subprocess.run(command, preexec_fn=drop, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


READ_THEN_WRITE = """
import sys
from pathlib import Path
from quiz.errors import StoreError
from quiz.store.history import History
from tests.store.make import review

with History.open(Path(sys.argv[1])) as history:
    print(len(list(history.entries())), "entries")
    try:
        history.append(review("another"))
    except StoreError as error:
        print(error)
"""


@contextmanager
def without_write_permission(*places: Path) -> Iterator[None]:
    modes = {place: place.stat().st_mode for place in places}
    for place, mode in modes.items():
        place.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for place, mode in modes.items():
            place.chmod(mode)


# What it is when it is well


def test_a_history_writes_ahead_and_syncs_fully(path: Path) -> None:
    with History.open(path) as history, history.database.reading() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys")
        said = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
    assert said == ["wal", 2, 1]


def test_a_rating_does_not_wait_for_a_long_look_at_the_history(path: Path) -> None:
    fill(path, 3)
    count = "SELECT count(*) FROM review"
    with History.open(path) as history:
        with history.database.surveying() as connection:
            assert connection.execute(count).fetchone() == (3,)
            history.append(review("meanwhile", 9))
            assert connection.execute(count).fetchone() == (3,), "it sees one moment"
        assert history.size() == 4
        history.close()
        with pytest.raises(StoreError, match="closed"), history.database.surveying():
            pass


def test_two_histories_of_one_file_see_each_other(path: Path) -> None:
    with History.open(path) as one, History.open(path) as two:
        one.append(review("a"))
        two.append(review("b", 1))
        assert [e.question for e in one.entries()] == [e.question for e in two.entries()]


def test_a_history_can_be_used_from_several_threads(path: Path) -> None:
    with History.open(path) as history:

        def work(number: int) -> None:
            for step in range(20):
                history.append(review(f"thread {number}", step))
                assert history.standing(f"thread {number}").memory is None

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(list(history.entries())) == 80


def test_processes_that_create_one_history_at_once_all_succeed(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from quiz.store.history import History; from tests.store.make import review\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "with History.open(Path(sys.argv[1])) as history: history.append(review('q'))\n"
    )
    command = [sys.executable, "-c", script, str(path)]
    children = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.communicate("go\n")
    assert [child.returncode for child in children] == [0, 0, 0, 0]
    with History.open(path) as history:
        assert len(list(history.entries())) == 4


# Busy


def test_a_second_writer_is_told_who_holds_the_history(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from quiz.store.history import History\n"
        "with History.open(Path(sys.argv[1])) as history, history.database.writing():\n"
        "    print('held', flush=True); sys.stdin.readline()\n"
    )
    fill(path)
    command = [sys.executable, "-c", script, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with History.open(path, busy_timeout=0.05) as history:
            assert len(list(history.entries())) == 50, "reading goes on"
            with pytest.raises(StoreError, match="busy") as caught:
                history.append(review("late"))
        other.communicate("enough\n")
    if Path("/proc/locks").exists():
        assert f"process {other.pid}" in str(caught.value)
    with History.open(path) as history:
        history.append(review("in time"))
        assert len(list(history.entries())) == 51


def test_a_second_writer_waits_for_a_short_while(path: Path) -> None:
    with History.open(path) as one, History.open(path, busy_timeout=30) as two:
        started = threading.Event()

        def write() -> None:
            started.set()
            two.append(review("waited"))

        with one.database.writing():
            thread = threading.Thread(target=write)
            thread.start()
            started.wait()
        thread.join()
        assert [entry.question for entry in one.entries()] == ["waited"]


# What may not be written


@pytest.mark.skipif(sys.platform != "linux", reason="drops a capability of Linux")
@pytest.mark.parametrize("what", ["file", "folder", "both"])
def test_what_may_not_be_written_is_read_and_says_why(tmp_path: Path, what: str) -> None:
    path = tmp_path / "shelf" / "history.db"
    fill(path)
    before = path.read_bytes()
    places = {"file": [path], "folder": [path.parent], "both": [path, path.parent]}[what]
    with without_write_permission(*places):
        said = as_subject_to_permissions(READ_THEN_WRITE, path)
    assert "50 entries" in said
    assert "read-only" in said
    assert "may not be written" in said
    assert path.read_bytes() == before


@pytest.mark.skipif(sys.platform != "linux", reason="drops a capability of Linux")
def test_no_history_can_be_made_where_nothing_may_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "shelf"
    folder.mkdir()
    script = (
        "import sys; from pathlib import Path; from quiz.store.history import History\n"
        "from quiz.errors import StoreError\n"
        "for name in ('history.db', 'deeper/history.db'):\n"
        "    try: History.open(Path(sys.argv[1]) / name)\n"
        "    except StoreError as error: print(error)\n"
    )
    with without_write_permission(folder):
        said = as_subject_to_permissions(script, folder)
    assert said.count("history.db: ") == 2
    assert list(folder.iterdir()) == []


def test_a_history_opened_for_reading_refuses_to_write(path: Path) -> None:
    fill(path)
    with History.open(path, read_only=True) as history:
        assert len(history.standings()) == 1
        with pytest.raises(StoreError, match="read-only"):
            history.set_meta("a", "b")


def test_reading_what_is_not_there_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no history"):
        History.open(tmp_path / "x" / "history.db", read_only=True)
    assert not (tmp_path / "x").exists()


# What is no history, or not one of ours


def refused(path: Path, match: str) -> str:
    """Opening fails with a message, and leaves every file in the folder as it was."""
    before = {p: p.read_bytes() for p in path.parent.rglob("*") if p.is_file()}
    for read_only in (False, True):
        with pytest.raises(StoreError, match=match) as caught:
            History.open(path, read_only=read_only)
        assert str(path) in str(caught.value)
    assert {p: p.read_bytes() for p in path.parent.rglob("*") if p.is_file()} == before
    return str(caught.value)


@pytest.mark.parametrize("content", [b"#", b"# My notes\n" * 500, b"\x00" * 8192])
def test_a_file_that_is_no_database_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    refused(path, "not a database")


def test_a_folder_is_refused(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreError, match="folder"):
        History.open(path)


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"the history cannot be used: Not a directory$"):
        History.open(tmp_path / "file" / "shelf" / "history.db")


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_a_database_of_another_program_is_never_altered(path: Path, journal: str) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA journal_mode = {journal}")
        other.execute("CREATE TABLE review (cid INTEGER)")
        other.execute("INSERT INTO review VALUES (1)")
        other.commit()
    refused(path, "another program")


def test_a_history_of_a_newer_version_is_refused(path: Path) -> None:
    fill(path)
    with closing(sqlite3.connect(path)) as later:
        later.execute(f"PRAGMA user_version = {VERSION + 1}")
        later.execute("PRAGMA journal_mode = DELETE")
    assert "Upgrade quiz" in refused(path, "newer version")


def test_a_history_that_lost_a_table_is_refused(path: Path) -> None:
    fill(path)
    with closing(sqlite3.connect(path)) as vandal:
        vandal.execute("DROP TABLE standing")
        vandal.execute("PRAGMA journal_mode = DELETE")
    with pytest.raises(StoreError, match="standing"):
        History.open(path, read_only=True)


# Damage


def damage_page(path: Path, page: int) -> None:
    content = bytearray(path.read_bytes())
    content[page * 4096 : (page + 1) * 4096] = b"\xa5" * 4096
    path.write_bytes(content)


def test_a_truncated_history_names_its_newest_sound_backup(path: Path) -> None:
    fill(path, 2000)
    with History.open(path) as history:
        sound = backup(history, START)
        newest = backup(history, at(1))
    assert sound is not None
    assert newest is not None
    damage_page(newest, 3)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="damaged") as caught, History.open(path) as history:
        list(history.entries())
    assert str(sound) in str(caught.value)
    assert "2000 reviews" in str(caught.value)
    assert path.read_bytes() == before


def test_a_history_with_a_broken_page_says_so_when_it_is_met(path: Path) -> None:
    fill(path, 5000)
    pages = path.stat().st_size // 4096
    for page in range(pages // 2, pages):
        damage_page(path, page)
    with pytest.raises(StoreError, match="damaged") as caught, History.open(path) as history:
        list(history.entries())
    assert "no sound backup" in str(caught.value)


def test_a_history_whose_beginning_is_overwritten_names_the_backup(path: Path) -> None:
    fill(path)
    with History.open(path) as history:
        sound = backup(history, START)
    damage_page(path, 0)
    assert str(sound) in refused(path, "not a database")


def test_an_emptied_history_with_backups_is_not_taken_for_a_new_one(path: Path) -> None:
    fill(path)
    with History.open(path) as history:
        sound = backup(history, START)
    path.write_bytes(b"")
    assert str(sound) in refused(path, "empty although")


def test_an_empty_file_without_backups_becomes_a_history(path: Path) -> None:
    path.touch()
    fill(path, 3)
    with History.open(path) as history:
        assert len(list(history.entries())) == 3


# The disk


def test_a_full_disk_loses_nothing_and_says_so(path: Path) -> None:
    fill(path)
    with History.open(path) as history:
        with history.database.reading() as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        written = 50
        with pytest.raises(StoreError, match="disk is full"):  # noqa: PT012 (which one is open)
            while True:
                history.append(review(f"more {written}", written))
                written += 1
        assert len(list(history.entries())) == written
    with closing(sqlite3.connect(path)) as check:
        assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="mounts a small file system, which needs root on Linux",
)
def test_a_disk_that_is_really_full_loses_nothing(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from quiz.store.history import History\n"
        "from quiz.errors import StoreError; from tests.store.make import review\n"
        "path = Path(sys.argv[1]) / 'history.db'; written = 0\n"
        "with History.open(path) as history:\n"
        "    try:\n"
        "        while True:\n"
        "            history.append(review(f'q{written}', written)); written += 1\n"
        "    except StoreError as error: print(error)\n"
        "    assert len(list(history.entries())) == written > 10\n"
        "    with history.database.reading() as c:\n"
        "        print(c.execute('PRAGMA integrity_check').fetchone()[0])\n"
        "fill = (path.parent / 'fill').open('wb', buffering=0)\n"
        "try:\n"
        "    while fill.write(bytes(4096)): pass\n"
        "except OSError: pass\n"
        "try: History.open(path).append(review('one more'))\n"
        "except StoreError as error: print('again:', error)\n"
    )
    mount = f'mount -t tmpfs -o size=2m none "{tmp_path}" && exec "$0" -c "$1" "{tmp_path}"'
    command = ["unshare", "--mount", "sh", "-c", mount, sys.executable, script]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unshare" in result.stderr or "mount:" in result.stderr:
        pytest.skip(f"no mounting here: {result.stderr.strip()}")
    assert result.returncode == 0, result.stderr
    first, again = result.stdout.split("again:")
    assert "disk is full" in first
    assert first.endswith("ok\n")
    assert "disk is full" in again, "not even opened, it says why"


def test_without_shared_memory_a_rollback_journal_is_used(path: Path) -> None:
    # The layer that locks by dot files has no shared memory, as on many network folders.
    database = Database.open(path, vfs="unix-dotfile")
    history = History(database)
    history.append(review("a"), [learned("a")])
    with database.reading() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    history.close()
    with History.open(path) as again:
        assert again.standing("a") == learned("a")


def test_a_history_moved_to_such_a_folder_leaves_write_ahead_mode(path: Path) -> None:
    fill(path, 5)
    database = Database.open(path, vfs="unix-dotfile")
    history = History(database)
    history.append(action(ActionKind.SUSPEND))
    assert len(list(history.entries())) == 6
    with database.reading() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    history.close()


MOUNTS = (
    "/dev/vda / ext4 rw 0 0\n"
    "server:/home /home nfs4 rw 0 0\n"
    "/dev/vdb /home/me/local ext4 rw 0 0\n"
    "//nas/cards /mnt/my\\040cards cifs rw 0 0\n"
)


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib", "ext4"),
        ("/home/me/.local/share/quiz", "nfs4"),
        ("/home/me/local/quiz", "ext4"),
        ("/homes", "ext4"),
        ("/mnt/my cards/quiz", "cifs"),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount(folder: str, kind: str) -> None:
    assert network.file_system(Path(folder), MOUNTS) == kind


def test_this_folder_is_on_a_disk_of_this_machine_or_the_table_says_otherwise() -> None:
    assert not network.is_network(Path("/dev/shm"))


def test_the_holder_is_unknown_where_nobody_holds(path: Path) -> None:
    fill(path)
    assert problems.holder(path) == ""


def test_a_copy_of_a_history_is_a_history(path: Path, tmp_path: Path) -> None:
    fill(path)
    shutil.copy(path, tmp_path / "copy.db")
    with History.open(tmp_path / "copy.db") as history:
        assert len(list(history.entries())) == 50
