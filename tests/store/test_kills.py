"""Killed at any instant, the history has everything it acknowledged, and is sound."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sqlite3
import sys
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from quiz.model.review import Standing
from quiz.store.backup import backup, list_backups
from quiz.store.history import History
from quiz.store.shelf import folder_of
from tests.store.make import at, learned, review

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills with a POSIX signal")

KILLS = 30


def append_for_ever(path: Path, start: int, acknowledged: Connection) -> None:
    with History.open(path) as history:
        number = start
        while True:
            question = f"q{number % 7}"
            history.append(review(question, number), [learned(question, reps=number + 1)])
            acknowledged.send(number)
            number += 1


def import_for_ever(path: Path, start: int, acknowledged: Connection) -> None:
    with History.open(path) as history:
        while True:
            history.append_many(review(f"q{n % 7}", n) for n in range(start, start + 100))
            start += 100
            acknowledged.send(start - 1)


def back_up_for_ever(path: Path, start: int, acknowledged: Connection) -> None:
    with History.open(path) as history:
        while True:
            backup(history, at(start))
            acknowledged.send(start)
            start += 1


def kill_one(work: object, path: Path, start: int, rng: random.Random) -> int:
    """Let a child work, kill it a moment after some acknowledgement; the last number it gave."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=work, args=(path, start, sender))  # type: ignore[arg-type]
    child.start()
    sender.close()
    last = start - 1
    for _ in range(rng.randrange(1, 12)):
        last = receiver.recv()
    # Anything from nothing to a few commits later.
    receiver.poll(rng.random() * 0.003)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    try:
        while True:
            last = receiver.recv()
    except EOFError:
        pass
    child.join()
    child.close()
    receiver.close()
    return last


def assert_sound(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_no_acknowledged_rating_is_lost(tmp_path: Path) -> None:
    path, rng, count = tmp_path / "history.db", random.Random(5), 0
    for _ in range(KILLS):
        last = kill_one(append_for_ever, path, count, rng)
        assert_sound(path)
        with History.open(path) as history:
            times = [entry.time for entry in history.entries()]
            count = len(times)
            assert times == [at(n) for n in range(count)], "none is missing, none is twice"
            assert count in (last + 1, last + 2), "at most the one not yet acknowledged is more"
            cached = history.standings()
        newest = {f"q{n % 7}": n + 1 for n in range(count)}
        assert cached == {q: learned(q, reps=reps) for q, reps in newest.items()}


def test_an_import_happens_wholly_or_not_at_all(tmp_path: Path) -> None:
    path, rng, count = tmp_path / "history.db", random.Random(6), 0
    for _ in range(KILLS // 4):
        last = kill_one(import_for_ever, path, count, rng)
        assert_sound(path)
        with History.open(path) as history:
            count = len(list(history.entries()))
            assert count % 100 == 0
            assert count in (last + 1, last + 101)


def test_a_backup_that_is_cut_short_is_none(tmp_path: Path) -> None:
    path, rng = tmp_path / "history.db", random.Random(7)
    with History.open(path) as history:
        history.append_many([review("q", n) for n in range(200)], [Standing("q")])
    start = 0
    for _ in range(KILLS // 4):
        last = kill_one(back_up_for_ever, path, start, rng)
        made = list_backups(path)
        assert made[0].time in (
            at(last).replace(microsecond=0),
            at(last + 1).replace(microsecond=0),
        )
        assert {one.reviews for one in made} == {200}
        assert_sound(made[0].path)
        start = last + 2
    with History.open(path) as history:
        backup(history, at(start))
    assert not list(folder_of(path).glob("*.partial*")), "what the kills left is cleared away"
