"""Two folders of cards with one name have one history, and say so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from quiz.deck.files import shown_path
from quiz.model.review import Rating
from quiz.study.checking.doubts import doubts
from quiz.study.library import Library
from quiz.study.values import Attempt, Selection

BOTH = "## What is a leaf?\n\nOne that no operation made.\n"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    first, second = tmp_path / "a" / "cards", tmp_path / "b" / "cards"
    for folder, name, more in ((first, "torch", "Why?"), (second, "trees", "How?")):
        folder.mkdir(parents=True)
        own = "".join(f"\n## {more} {name} {n}\n\nSo {name} {n * n}.\n" for n in range(6))
        (folder / f"{name}.md").write_text(f"# T\n\n{BOTH}{own}")
    return first, second


def studied(cards: Path, database: Path) -> tuple[tuple[str, ...], list[str]]:
    """Rates what there is in `cards`: what is said at the start, and the ids with a history."""
    library = Library.open(cards, database, flags={"bury_siblings": False})
    session = library.session(Selection(new=20))
    while session.asked is not None:
        session.rate(Rating.EASY, Attempt())
    with_history = sorted(library.standings)
    notices = library.ledger.notices
    library.close()
    return notices, with_history


def test_no_history_goes_to_the_cards_of_another_folder(
    tmp_path: Path, folders: tuple[Path, Path]
) -> None:
    database = tmp_path / "history.db"
    first, second = folders
    silent, before = studied(first, database)
    assert silent == ()
    (notice,), after = studied(second, database)
    assert shown_path(first) in notice
    assert '`name = "cards-2"`' in notice
    assert [one for one in after if one.startswith("torch#")] == before
    assert len(after) > len(before)
    assert studied(first, database)[1] == sorted({*after, *before})


def test_a_check_tells_it_at_the_configuration(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    database = tmp_path / "history.db"
    for folder in folders:
        studied(folder, database)
    from quiz.deck.collection import load

    (finding,) = doubts(load(folders[0]), database)
    assert (finding.place.path, finding.place.line) == (shown_path(folders[0] / "quiz.toml"), 1)
    (folders[1] / "quiz.toml").write_text('name = "other"\n')
    assert doubts(load(folders[0]), database) == []


def test_a_clone_and_a_later_version_are_the_same_cards(
    tmp_path: Path, folders: tuple[Path, Path]
) -> None:
    database = tmp_path / "history.db"
    studied(folders[0], database)
    later = tmp_path / "clone" / "cards"
    shutil.copytree(folders[0], later)
    (later / "torch.md").rename(later / "renamed.md")
    notices, after = studied(later, database)
    assert len(after) == 7
    assert all(one.startswith("renamed#") for one in after)
    assert not any("one history" in one for one in notices)


def test_a_folder_that_is_no_more_is_not_told(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    database = tmp_path / "history.db"
    studied(folders[0], database)
    shutil.rmtree(folders[0])
    assert not any("one history" in one for one in studied(folders[1], database)[0])
