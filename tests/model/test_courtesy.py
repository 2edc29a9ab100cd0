"""Who goes through many files gives way to the event loop, and the event loop to nobody."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from quiz.model import courtesy


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was slept, each time."""
    moments: list[float] = []
    monkeypatch.setattr(time, "sleep", moments.append)
    monkeypatch.setattr(courtesy, "_asked", False)
    monkeypatch.setattr(courtesy, "_since", 0.0)
    return moments


def in_a_thread() -> None:
    with ThreadPoolExecutor(1) as executor:
        executor.submit(courtesy.give_way).result()


def test_nobody_waits_where_nobody_asked(slept: list[float]) -> None:
    in_a_thread()
    assert not slept


def test_a_thread_gives_way_and_the_main_thread_does_not(slept: list[float]) -> None:
    courtesy.ask_for_courtesy()
    courtesy.give_way()
    assert not slept
    in_a_thread()
    assert len(slept) == 1


def test_not_at_every_file(slept: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy, "_EVERY", 3600)
    courtesy.ask_for_courtesy()
    monkeypatch.setattr(courtesy, "_since", time.perf_counter())
    in_a_thread()
    assert not slept
