"""Histories of several machines on which questions go on under ids that were others' before."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.study.machines import Machines


def shared(tmp_path: Path, number: int, texts: str) -> Machines:
    """Machines that all have a card of these texts."""
    machines = Machines(tmp_path, number, random.Random(0))
    machines.newest = texts.split()
    for machine in machines.machines:
        machine.pull()
    return machines


@pytest.mark.parametrize("rated_before", [False, True])
@pytest.mark.parametrize("hears_first", [False, True])
def test_an_edit_that_two_machines_see_moves_each_history_once(
    tmp_path: Path, *, rated_before: bool, hears_first: bool
) -> None:
    machines = shared(tmp_path, 2, "a b")
    here, there = machines.machines
    if rated_before:
        here.rate(0)
        there.rate(1)
    machines.newest = ["new", "a", "b"]
    here.pull()
    for place in (0, 1, 2):
        here.rate(place)
    there.rate(0)  # it has not heard of the edit: this is the old first text
    if hears_first:
        there.hear(here)
    there.pull()
    there.rate(0)
    assert machines.settle()[1:] == (0, 0)


def test_what_was_never_rated_here_moves_too_for_those_who_rated_it(tmp_path: Path) -> None:
    machines = shared(tmp_path, 2, "a b")
    here, there = machines.machines
    there.rate(1)
    machines.newest = ["a", "new", "b"]
    here.pull()
    here.rate(1)
    there.hear(here)
    there.pull()
    assert machines.settle()[1:] == (0, 0)


def test_a_history_that_waits_for_its_card_goes_when_its_id_is_anothers(tmp_path: Path) -> None:
    machines = shared(tmp_path, 2, "a b")
    here, there = machines.machines
    here.rate(1)
    machines.newest = ["new", "a", "b"]
    here.pull()
    there.hear(here)  # where the third question is that the history belongs to is not known yet
    machines.newest = ["new", "a"]
    here.pull()
    there.pull()
    assert machines.settle().strange == 0


def test_a_device_that_is_not_seen_again_keeps_no_other_from_moving_what_it_rated(
    tmp_path: Path,
) -> None:
    machines = shared(tmp_path, 2, "a b")
    here, gone = machines.machines
    for machine in (here, gone):
        machine.rate(0)
    machines.newest = ["new", "a", "b"]
    here.pull()
    gone.pull()
    gone.rate(0)
    here.hear(gone)
    machines.newest = ["newer", "new", "a", "b"]
    here.pull()
    assert [here.reviews_of(place) for place in range(3)] == [[], ["new"], ["a", "a"]]


@pytest.mark.parametrize("seed", range(4))
def test_mornings_at_two_machines_put_every_review_where_it_belongs(
    tmp_path: Path, seed: int
) -> None:
    machines = Machines(tmp_path, 2, random.Random(seed))
    for _ in range(6):
        machines.morning(0.95)
    assert machines.settle()[1:] == (0, 0)
