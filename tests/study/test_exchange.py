"""Logs of other programs beside what was done here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quiz.study import acting
from quiz.study.acting import ActionError
from quiz.study.exchange import import_log, not_in_log
from quiz.study.library import Library
from tests.study.conftest import Clock

RETURNS = "tensors/ne#what-does-torchnea-b-return"


def log(folder: Path, *cards: str) -> Path:
    path = folder / "log.jsonl"
    lines = ({"card": card, "rating": 3, "time": "2026-02-01T10:00:00Z"} for card in cards)
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


def test_an_import_is_not_taken_back_rating_by_rating(
    library: Library, clock: Clock, tmp_path: Path
) -> None:
    acting.suspend(library.ledger, [RETURNS])
    clock.pass_(minutes=1)
    assert import_log(library, log(tmp_path, *library.collection.questions)).added == 4
    with pytest.raises(ActionError, match="nothing to undo\n  What an import brought stays"):
        acting.undo(library.ledger)
    clock.pass_(minutes=1)
    acting.unsuspend(library.ledger, [RETURNS])
    clock.pass_(minutes=1)
    assert len(acting.undo(library.ledger)) == 1
    with pytest.raises(ActionError):
        acting.undo(library.ledger)
    assert import_log(library, log(tmp_path, RETURNS)).added == 0


def test_a_log_may_name_a_question_as_it_was_called_then(
    library: Library, clock: Clock, cards: Path, tmp_path: Path
) -> None:
    import_log(library, log(tmp_path, RETURNS))
    clock.pass_(minutes=1)
    (cards / "tensors/ne.md").rename(cards / "tensors/not-equal.md")
    library.reload()
    done = import_log(library, log(tmp_path, RETURNS, "tensors/ne#nowhere"))
    assert done.without_card == ("tensors/ne#nowhere",)
    assert (done.added, done.known, done.questions) == (1, 1, 2)


def test_a_log_may_come_after_the_file_that_it_names_was_renamed(
    library: Library, cards: Path, tmp_path: Path
) -> None:
    for before, after in (("ne", "mid"), ("mid", "not-equal")):
        (cards / f"tensors/{before}.md").rename(cards / f"tensors/{after}.md")
        library.reload()
    imported = import_log(library, log(tmp_path, RETURNS))
    assert (imported.added, imported.without_card) == (1, ())
    now = RETURNS.replace("/ne#", "/not-equal#")
    assert library.standing(now).memory
    (cards / "tensors/not-equal.md").rename(cards / "tensors/ne.md")
    library.reload()
    assert import_log(library, log(tmp_path, RETURNS)).added == 0
    assert library.standing(RETURNS).memory
    assert library.rebuild()[1] == 0


def test_what_a_log_cannot_hold_is_counted(library: Library, clock: Clock, tmp_path: Path) -> None:
    import_log(library, log(tmp_path, RETURNS))
    assert not_in_log(library) == 0
    acting.suspend(library.ledger, list(library.collection.questions)[:2])
    clock.pass_(minutes=1)
    acting.forget(library.ledger, [RETURNS])
    assert not_in_log(library) == 3
    acting.undo(library.ledger)
    assert not_in_log(library) == 2
