"""What all tests share: no test may touch the real home, configuration or history."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import settings

from quiz import language
from quiz.grade import pool

# The same examples every time, however slow the machine: a test that failed fails again. To search
# for new ones is what `python -m tests.fuzz` is for.
settings.register_profile("quiz", deadline=None, derandomize=True)
settings.load_profile("quiz")

pool._SETTLE = 3600.0
"""No test but those that ask for it has a use for the second zygote, which takes some seconds."""

collect_ignore = ["corpus"]
"""Answers for the jail, some of them hostile, some named like tests: never to be imported here."""

WAITING = {"tui", "e2e"}
"""Rooms whose tests wait half of the time: dealt among those that compute, the cores stay busy."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deal the files of both sorts, each in its own order."""
    files = {path: list(tests) for path, tests in groupby(items, key=lambda item: item.path)}
    sorts: tuple[list[Path], list[Path]] = ([], [])
    for path in files:
        sorts[path.parent.name in WAITING].append(path)
    place = {path: n / len(sort) for sort in sorts for n, path in enumerate(sort)}
    items[:] = [test for path in sorted(files, key=place.__getitem__) for test in files[path]]


@pytest.fixture(autouse=True)
def _away_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every folder a user would have is a temporary one."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in ("QUIZ_CARDS", "QUIZ_DB", "QUIZ_DEVICE", "QUIZ_LANGUAGE", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def korean() -> Iterator[None]:
    """Korean is spoken meanwhile."""
    language.speak(["ko"])
    yield
    language.speak([])
