from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Quiz


def test_a_history_is_shared_backed_up_and_restored(
    quiz: Quiz, cards: Path, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    assert quiz("suspend", "tensors/ne#write").code == 0
    (sent,) = quiz("sync", shared, "--json").lines
    assert (sent["added"], sent["read"], sent["skipped"]) == (0, [], [])
    other = str(tmp_path / "other.db")
    came = quiz("sync", shared, QUIZ_DB=other, LC_ALL="C")
    assert came.out.startswith("1 entry added (cards@"), came.err
    (made,) = quiz("backup", "--json").lines
    assert (made["reviews"], made["actions"]) == (0, 1)
    assert quiz("bury", "tensors/ne#write").code == 0
    (change,) = quiz("restore", made["path"], "--dry-run", "--json").lines
    assert (change["gone"]["actions"], change["back"]["actions"]) == (1, 0)
    assert [(day["deck"], day["entries"]) for day in change["gone"]["days"]] == [("tensors", 1)]
    assert [entry["kind"] for entry in change["gone"]["newest"]] == ["bury"]
    told = quiz("restore", made["path"], "--dry-run", LC_ALL="C").out
    assert told.startswith("This would go: 0 reviews, 1 action\n")
    assert "tensors/ne#write\tbury" in told
    assert "come back" not in told
    (restored,) = quiz("restore", made["path"], "--yes", "--json").lines
    assert restored["restored"] == made["path"]
    assert Path(restored["kept"]).is_file()
