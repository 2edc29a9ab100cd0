"""Cards edited save by save, as in a git history: every learner's history stays with its question.

The real library reads real files after each save. What was gone before is remembered there, so
that a question may come back, or another one may be written that looks like it.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quiz.model.review import Action, Rating, Review
from quiz.store.history import History
from quiz.store.ids import new_id
from quiz.study import acting
from quiz.study.library import Library
from quiz.study.values import Attempt, Selection
from tests.deck.edits import CHANGES, change
from tests.deck.twins import Cache, Files, collection, render, snapshots
from tests.study.conftest import Clock

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Replay:
    """A learner who has answered every question once, and then edits the cards."""

    def __init__(self, folder: Path, files: Files) -> None:
        self.root = folder / "cards"
        self.files: Files = {}
        self.now = START
        self.count: Counter[str] = Counter()
        self._cache: Cache = {}
        self._write(files)
        self.library = Library.open(
            self.root, folder / "history.db", clock=lambda: self.now, seed=1
        )
        self.ids = self._ids(files)
        self.library.add_to_log(
            Review(
                new_id(self.now), one, self.now, self.now.date(), Rating.GOOD, answer=name
            )
            for name, one in self.ids.items()
        )  # fmt: skip
        self.studied = set(self.ids)
        """The names of those whose history has been theirs so far."""

    def save(self, files: Files) -> None:
        """Save the cards, and count what became of the histories of the questions it touched."""
        self.now += timedelta(hours=1)
        before = snapshots(self.files, self._cache)
        self._write(files)
        self.library.reload()
        after = snapshots(files, self._cache)
        self.ids = self._ids(files)
        for name, one in after.items():
            if before.get(name) == one:
                continue
            whose = self.whose(name)
            if name in self.studied:
                self.count["kept" if whose == {name} else "wrong" if whose else "lost"] += 1
            else:
                self.count["wrong"] += bool(whose)
            if not whose:
                self.studied.discard(name)

    def whose(self, name: str) -> set[str]:
        """Names of the questions whose reviews a question has."""
        entries = self.library.ledger.entries(self.ids[name])
        return {entry.answer for entry in entries if isinstance(entry, Review)}

    def check_all(self) -> None:
        """No question has the history of another; those never lost have their own."""
        for name in self.ids:
            whose = self.whose(name)
            assert whose <= {name}, f"{name} has the history of {whose}"

    def _ids(self, files: Files) -> dict[str, str]:
        return {name: one.question for name, one in snapshots(files, self._cache).items()}

    def _write(self, files: Files) -> None:
        for name in self.files.keys() - files.keys():
            (self.root / f"{name}.md").unlink()
        for name, cards in files.items():
            path = self.root / f"{name}.md"
            if self.files.get(name) != cards:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(render(name, cards), "utf-8")
        self.files = files


def some_files(rng: random.Random, count: int = 6) -> Files:
    return dict(list(collection(rng).items())[:count])


BARS = {"typos in heading and answer": 0.8, "delete and edit": 0.9}


@pytest.mark.parametrize("kind", CHANGES)
def test_histories_survive_saves_of_one_kind(tmp_path: Path, kind: str) -> None:
    rng = random.Random(kind)
    before, after = change(kind, rng, some_files(rng))
    replay = Replay(tmp_path, before)
    replay.save(after)
    for _ in range(4):
        if kind not in ("{#id} removed", "{#id} changed", "two questions joined", "swap"):
            replay.save(CHANGES[kind](rng, replay.files))
    replay.check_all()
    assert replay.count["wrong"] == 0
    kept, lost = replay.count["kept"], replay.count["lost"]
    assert kept >= BARS.get(kind, 0.95) * (kept + lost)
    replay.library.close()


@pytest.mark.parametrize("seed", range(3))
def test_a_long_history_of_all_kinds_moves_nothing_to_a_wrong_question(
    tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    replay = Replay(tmp_path, some_files(rng, 8))
    kinds = [
        "typo", "reword", "move", "rename", "split", "merge", "reorder", "twin", "delete",
        "{#id} added", "answer written anew", "rename with typo", "restructure with edits",
    ]  # fmt: skip
    for _ in range(15):
        replay.save(CHANGES[rng.choice(kinds)](rng, replay.files))
    replay.check_all()
    assert replay.count["wrong"] == 0
    assert replay.count["kept"] >= 0.97 * (replay.count["kept"] + replay.count["lost"])
    replay.library.close()


def test_what_was_deleted_gets_its_history_back_when_it_returns(tmp_path: Path) -> None:
    rng = random.Random(1)
    files = some_files(rng)
    replay = Replay(tmp_path, files)
    fewer = {name: cards[3:] for name, cards in files.items()}
    replay.save(fewer)
    for _ in range(3):
        fewer = CHANGES["twin"](rng, fewer)
        replay.save(fewer)
    replay.save(files)
    assert all(replay.whose(name) == {name} for name in replay.ids)
    elsewhere = {f"restored/{name}": cards for name, cards in files.items()}
    replay.save({})
    replay.save(elsewhere)
    assert all(replay.whose(name) == {name} for name in replay.ids)
    replay.library.close()


@pytest.mark.parametrize("kind", ["rename", "rename folder", "typo", "reword", "move", "merge"])
def test_an_edit_that_is_taken_back_takes_the_histories_back(tmp_path: Path, kind: str) -> None:
    rng = random.Random(kind)
    files = some_files(rng)
    replay = Replay(tmp_path, files)
    for _ in range(2):
        replay.save(CHANGES[kind](rng, files))
        replay.save(files)
    assert all(replay.whose(name) == {name} for name in replay.ids)
    replay.library.close()


@pytest.mark.parametrize("folder", ["", "elsewhere/"])
def test_what_is_pasted_first_and_cut_a_save_later_keeps_its_history(
    tmp_path: Path, folder: str
) -> None:
    files = some_files(random.Random(3), 2)
    first, second = files
    replay = Replay(tmp_path, files)
    target = f"{folder}{second}"
    both = {**files, target: files.get(target, ()) + files[first]}
    replay.save(both)
    replay.save({name: cards for name, cards in both.items() if name != first})
    assert all(replay.whose(name) == {name} for name in replay.ids)
    replay.library.close()


def test_a_question_that_returns_beside_the_one_that_has_its_history_leaves_it_there(
    tmp_path: Path,
) -> None:
    files = some_files(random.Random(2), 1)
    (first,) = files
    replay = Replay(tmp_path, {first: files[first]})
    replay.save({f"{first}-new": files[first]})
    replay.save({f"{first}-new": files[first], first: files[first]})
    library = replay.library
    for question in library.collection.questions:
        has = bool(library.ledger.entries(question))
        assert has is question.startswith(f"{first}-new#")
    library.close()


def test_a_clock_that_was_ahead_keeps_no_history_from_what_comes_after(
    cards: Path, library: Library, clock: Clock
) -> None:
    question = "loops/zero#why-call-optimizerzero_grad"
    clock.pass_(days=1)
    library.session(Selection(deck="loops")).rate(Rating.EASY, Attempt())
    clock.pass_(days=-1)
    (cards / "loops" / "zero.md").rename(cards / "loops" / "one.md")
    library.reload()
    renamed = question.replace("zero#", "one#")
    assert len(library.question_history(renamed).steps) == 1
    # A new question under the first id has a life of its own.
    (cards / "loops" / "zero.md").write_text(
        "# Zero\n\n## Why call `optimizer.zero_grad()`?\n\nSomething else altogether.\n",
        encoding="utf-8",
    )
    library.reload()
    library.session(Selection(query="Zero")).rate(Rating.GOOD, Attempt())
    assert [len(library.question_history(one).steps) for one in (question, renamed)] == [1, 1]
    before = dict(library.standings)
    assert library.rebuild() == (2, 0)
    acting.forget(library.ledger, [question, renamed])
    assert library.rebuild() == (0, 0)
    acting.undo(library.ledger)
    assert library.standings == before


ASKED = "## What holds\n\nA floor.\n"
BROKEN = "## Broken\n\n```answer\n```\n"


@pytest.mark.parametrize("rated", [False, True])
def test_what_was_moved_out_of_a_file_with_errors_keeps_its_history_however_long_they_stay(
    cards: Path, library: Library, clock: Clock, rated: bool
) -> None:
    def save(name: str, *questions: str) -> None:
        (cards / f"{name}.md").write_text("\n\n".join([f"# {name}", *questions]), "utf-8")
        library.reload()

    save("a", ASKED, "## Stays\n\nHere.\n")
    library.session(Selection(query="holds")).rate(Rating.EASY, Attempt())
    save("a", BROKEN)
    save("b", ASKED)
    clock.pass_(days=3)
    if rated:
        library.session(Selection(query="holds")).rate(Rating.GOOD, Attempt())
    save("c", "## Another\n\nOne.\n")
    clock.pass_(days=3)
    save("a", "## Stays\n\nHere.\n")
    assert len(library.question_history("b#what-holds").steps) == 1 + rated
    assert library.rebuild()[1] == 0


@pytest.mark.parametrize("count", [1, 40])
def test_the_log_is_gone_through_as_often_for_many_renamed_questions_as_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    calls = 0
    original = History.relinks

    def counted(history: History) -> list[Action]:
        nonlocal calls
        calls += 1
        return original(history)

    cards = tmp_path / "cards"
    cards.mkdir()
    text = "\n".join(f"## What is {n}?\n\nThe number {n}.\n" for n in range(count))
    (cards / "a.md").write_text(f"# A\n\n{text}", "utf-8")
    library = Library.open(cards, tmp_path / "h.db", clock=lambda: START, seed=1)
    library.add_to_log(
        Review(new_id(START), one, START, START.date(), Rating.GOOD)
        for one in library.collection.questions
    )
    monkeypatch.setattr(History, "relinks", counted)
    (cards / "a.md").rename(cards / "b.md")
    library.reload()
    acting.suspend(library.ledger, library.collection.questions)
    acting.undo(library.ledger)
    assert calls <= 6
    assert all(library.standing(one).memory for one in library.collection.questions)
    library.close()
