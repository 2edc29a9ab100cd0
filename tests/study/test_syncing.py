from __future__ import annotations

import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz.model.review import Rating
from quiz.store.file import VERSION
from quiz.study import acting
from quiz.study.library import Library
from quiz.study.report import report
from quiz.study.syncing import SyncError, sync
from quiz.study.values import Attempt, Selection
from tests.study.conftest import Clock

Device = Callable[[str], Library]


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    folder.mkdir()
    return folder


@pytest.fixture
def device(
    cards: Path, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Device]:
    """The library of the machine of that name, which is the one in front of the learner now."""
    opened: dict[str, Library] = {}

    def of(name: str) -> Library:
        monkeypatch.setattr(platform, "node", lambda: name)
        if name not in opened:
            opened[name] = Library.open(cards, tmp_path / f"{name}.db", clock=clock, seed=1)
        return opened[name]

    yield of
    for library in opened.values():
        library.close()


def review(library: Library, clock: Clock, rating: Rating = Rating.EASY) -> str:
    clock.pass_(minutes=1)
    session = library.session()
    assert session.asked
    question = session.asked.question.id
    session.rate(rating, Attempt())
    return question


def test_what_one_machine_stores_the_other_knows(
    device: Device, shared: Path, clock: Clock
) -> None:
    question = review(device("laptop"), clock)
    sent = sync(device("laptop").ledger, shared)
    assert sent.written is not None
    assert sent.written.name.startswith("cards@laptop-")
    came = sync(device("desktop").ledger, shared)
    assert (came.added, came.read) == (1, (sent.written,))
    assert device("desktop").standing(question) == device("laptop").standing(question)


def test_nothing_is_read_or_written_again_until_it_changes(
    device: Device, shared: Path, clock: Clock
) -> None:
    review(device("laptop"), clock)
    sync(device("laptop").ledger, shared)
    sync(device("desktop").ledger, shared)
    sync(device("laptop").ledger)
    for name in ("laptop", "desktop"):
        again = sync(device(name).ledger)
        assert (again.folder, again.added, again.read, again.written) == (shared, 0, (), None)
    review(device("desktop"), clock)
    assert sync(device("desktop").ledger).written
    assert sync(device("laptop").ledger).added == 1


@settings(
    max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(seed=st.integers(0, 2**16))
def test_whoever_syncs_when_all_know_the_same_in_the_end(
    cards: Path, tmp_path_factory: pytest.TempPathFactory, clock: Clock, seed: int
) -> None:
    rng, folder = Random(seed), tmp_path_factory.mktemp("devices")
    shared = folder / "shared"
    shared.mkdir()
    libraries = [Library.open(cards, folder / f"{n}.db", clock=clock, seed=n) for n in range(3)]
    try:
        for _ in range(12):
            library = rng.choice(libraries)
            clock.pass_(hours=rng.choice([0.2, 9, 30]))
            session = library.session()
            match rng.randrange(6):
                case 0 | 1 | 2 if session.asked:
                    session.rate(Rating(rng.randint(1, 4)), Attempt())
                case 3 if library.log_size() and session.can_undo:
                    session.undo()
                case 4:
                    question = rng.choice(list(library.collection.questions))
                    rng.choice([acting.suspend, acting.unsuspend, acting.forget])(
                        library.ledger, [question]
                    )
                case _:
                    sync(library.ledger, shared)
        sync_in_turn(shared, *libraries, *libraries)
        first, *others = libraries
        log = list(first.ledger.history.entries())
        for library in others:
            assert list(library.ledger.history.entries()) == log
            assert library.standings == first.standings
        for library in libraries:
            assert library.rebuild()[1] == 0
            assert sync(library.ledger, shared).added == 0
    finally:
        for library in libraries:
            library.close()


def sync_in_turn(shared: Path, *libraries: Library) -> None:
    """Each of them, one after the other."""
    for library in libraries:
        sync(library.ledger, shared)


def two_machines(cards: Path, tmp_path: Path, clock: Clock) -> tuple[Path, Library, Library]:
    """The cards once more, and both opened, each with a history of its own."""
    there = shutil.copytree(cards, tmp_path / "there" / cards.name)
    here, other = (
        Library.open(folder, tmp_path / f"{n}.db", clock=clock, seed=n)
        for n, folder in enumerate((cards, there))
    )
    return there, here, other


@pytest.mark.parametrize("reviewed", [False, True])
def test_a_file_renamed_on_one_machine_and_later_on_the_other_keeps_one_history(
    cards: Path, tmp_path: Path, shared: Path, clock: Clock, *, reviewed: bool
) -> None:
    there, here, other = two_machines(cards, tmp_path, clock)
    question = review(here, clock)
    sync_in_turn(shared, here, other)
    name = question.partition("#")[0]
    (cards / f"{name}.md").rename(cards / "renamed.md")
    here.reload()
    sync(here.ledger, shared)
    clock.pass_(days=20)
    if reviewed:  # under the old name, before the other machine hears of the new one
        other.session(Selection(query=name)).rate(Rating.GOOD, Attempt())
    sync(other.ledger, shared)
    (there / f"{name}.md").rename(there / "renamed.md")
    other.reload()
    sync_in_turn(shared, here, other, here)
    new = question.replace(name, "renamed")
    assert len(other.question_history(new).steps) == 1 + reviewed
    assert here.standings == other.standings
    here.close()
    other.close()


def test_a_history_waits_under_its_name_here_until_the_renamed_file_comes_too(
    cards: Path, tmp_path: Path, shared: Path, clock: Clock
) -> None:
    there, here, other = two_machines(cards, tmp_path, clock)
    question = review(here, clock)
    sync_in_turn(shared, here, other)
    memory = here.standing(question).memory
    name = question.partition("#")[0]
    new = question.replace(name, "renamed")
    (cards / f"{name}.md").rename(cards / "renamed.md")
    here.reload()
    sync_in_turn(shared, here, other)
    assert other.standing(question).memory == memory
    assert len(other.question_history(question).steps) == 1
    assert other.rebuild()[1] == 0
    assert sum(deck.reviews for deck in report(other.ledger).decks) == 1
    clock.pass_(days=20)
    other.session(Selection(query=name)).rate(Rating.GOOD, Attempt())
    sync_in_turn(shared, other, here, other, here)
    assert sync(other.ledger, shared).added == sync(here.ledger, shared).added == 0
    assert here.standing(new).memory == other.standing(question).memory
    (there / f"{name}.md").rename(there / "renamed.md")
    other.reload()
    assert len(other.question_history(new).steps) == 2
    for library in (other, here):
        sync(library.ledger, shared)
        assert library.rebuild()[1] == 0
    assert here.standings == other.standings
    here.close()
    other.close()


def test_what_was_renamed_before_the_cards_came_here_is_known_here(
    cards: Path, tmp_path: Path, shared: Path, clock: Clock
) -> None:
    """Its first id may be another question's by now, and the question itself deleted."""
    path, renamed = cards / "loops/zero.md", cards / "renamed.md"
    here = Library.open(cards, tmp_path / "here.db", clock=clock, seed=1)
    here.session(Selection(deck="loops")).rate(Rating.EASY, Attempt())
    clock.pass_(minutes=1)
    heading = path.read_text("utf-8").splitlines()[2]
    path.rename(renamed)
    here.reload()
    path.write_text(f"# Zero\n\n{heading}\n\nSomething else altogether.\n", "utf-8")
    here.reload()
    renamed.unlink()
    here.reload()
    clock.pass_(minutes=1)
    there = shutil.copytree(cards, tmp_path / "there" / cards.name)
    other = Library.open(there, tmp_path / "other.db", clock=clock, seed=2)
    sync_in_turn(shared, here, other)
    assert other.standings == here.standings
    assert not any(other.has(question) for question in other.standings)
    here.close()
    other.close()


def test_a_file_renamed_to_and_fro_gets_what_another_machine_knows_of_it(
    cards: Path, tmp_path: Path, shared: Path, clock: Clock
) -> None:
    """Also where nothing but a rating that was undone went along here."""
    _there, here, other = two_machines(cards, tmp_path, clock)
    question = review(here, clock)
    acting.undo(here.ledger)
    assert review(other, clock) == question
    first, second = cards / f"{question.partition('#')[0]}.md", cards / "renamed.md"
    for source, target in ((first, second), (second, tmp_path / "away.md")):
        clock.pass_(minutes=1)
        source.rename(target)
        here.reload()
    (tmp_path / "away.md").rename(first)
    here.reload()
    sync_in_turn(shared, other, here, other)
    assert len(here.question_history(question).steps) == 1
    assert here.standings == other.standings
    here.close()
    other.close()


def test_a_file_that_has_not_arrived_in_full_is_left_for_the_next_time(
    device: Device, shared: Path, clock: Clock
) -> None:
    review(device("laptop"), clock)
    sent = sync(device("laptop").ledger, shared).written
    assert sent
    whole = sent.read_bytes()
    sent.write_bytes(whole[: len(whole) // 2])
    other = device("desktop").ledger
    (skipped,) = sync(other, shared).skipped
    assert skipped.file == sent
    sent.write_bytes(b"")
    assert len(sync(other, shared).skipped) == 1
    sent.write_bytes(whole)
    assert sync(other, shared).added == 1


def test_a_file_of_a_newer_version_is_named_and_the_others_are_read(
    device: Device, shared: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    review(device("laptop"), clock)
    sync(device("laptop").ledger, shared)
    newer = shared / "cards@phone-1.db"
    shutil.copy(next(shared.glob("cards@laptop*")), newer)
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    done = sync(device("desktop").ledger, shared)
    assert done.added == 1
    (skipped,) = done.skipped
    assert skipped.file == newer
    assert "newer" in skipped.reason


def test_a_history_that_was_copied_to_another_machine_writes_a_file_of_its_own(
    device: Device, shared: Path, clock: Clock, tmp_path: Path
) -> None:
    review(device("laptop"), clock)
    first = sync(device("laptop").ledger, shared).written
    device("laptop").close()
    shutil.copy(tmp_path / "laptop.db", tmp_path / "desktop.db")
    second = sync(device("desktop").ledger, shared).written
    assert second
    assert first != second


def test_a_folder_that_cannot_be_used_is_named(device: Device, tmp_path: Path) -> None:
    ledger = device("laptop").ledger
    with pytest.raises(SyncError, match="no folder"):
        sync(ledger)
    with pytest.raises(SyncError, match="no such folder"):
        sync(ledger, tmp_path / "not mounted")


def test_another_collection_in_the_same_folder_is_left_alone(
    device: Device, shared: Path, clock: Clock, cards: Path, tmp_path: Path
) -> None:
    review(device("laptop"), clock)
    sync(device("laptop").ledger, shared)
    (cards / "quiz.toml").write_text('name = "cards of mine"\n', encoding="utf-8")
    with closing(Library.open(cards, tmp_path / "mine.db", clock=clock)) as other:
        done = sync(other.ledger, shared)
        assert done.added == 0
        assert done.written
        assert done.written.name.startswith("cards-of-mine@")
