from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Quiz

RECALL = "tensors/ne#what-does-torchnea-b-return"


def log_line(card: str, rating: int, time: str, duration: int = 4000) -> str:
    return json.dumps({"card": card, "rating": rating, "time": time, "duration": duration})


def test_due_counts_what_waits(quiz: Quiz, cards: Path) -> None:
    (report,) = quiz("due", "--json").lines
    assert (report["new"], report["learning"], report["review"]) == (1, 0, 0)  # a sibling waits
    assert [deck["deck"] for deck in report["decks"]] == ["", "tensors"]
    assert quiz("due").out.splitlines()[1].split("\t") == ["tensors", "0", "0", "1"]


def test_search_lists_every_question_with_the_promised_fields(quiz: Quiz, cards: Path) -> None:
    rows = quiz("search", "", "--json").lines
    assert [row["question"] for row in rows] == [RECALL, "tensors/ne#write"]
    assert {"question", "kind", "deck", "prompt", "tags", "state", "due"} <= rows[0].keys()
    assert (rows[1]["kind"], rows[1]["deck"], rows[1]["tags"]) == ("code", "tensors", ["tensor"])
    assert (rows[0]["state"], rows[0]["due"]) == ("new", None)
    assert len(quiz("search", "kind:code", "--json").lines) == 1
    assert quiz("search", "nothing-like-that", "--json").lines == []
    for query in (["kind:code is:new"], ["kind:code", "(a, b)"]):
        (row,) = quiz("search", *query, "--json").lines
        assert row["question"] == "tensors/ne#write"
    refused = quiz("search", "kind:nonsense")
    assert refused.code == 2
    assert "Kinds: recall" in refused.err


def test_a_log_goes_in_is_replayed_and_comes_out(quiz: Quiz, cards: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    days = (1, 1, 2, 5, 13, 34)
    times = [f"2026-01-{d:02d}T10:00:00+00:00" if d < 32 else "2026-02-03T10:00:00Z" for d in days]
    ratings = (1, 3, 3, 3, 3, 3)
    times[1] = "2026-01-01T10:20:00+00:00"
    log.write_text("\n".join(map(log_line, [RECALL] * 6, ratings, times)) + "\n")
    (done,) = quiz("import", log, "--json").lines
    assert (done["added"], done["known"], done["left_out"]) == (6, 0, 0)
    (history,) = quiz("history", RECALL, "--json").lines
    assert history["question"] == RECALL
    assert [review["rating"] for review in history["reviews"]] == list(ratings)
    assert history["reviews"][0]["duration"] == 4000
    # The reference value for ratings 1,3,3,3,3,3 after 0,0,1,3,8,21 days.
    assert abs(history["memory"]["stability"] - 53.62691) < 1e-4
    assert abs(history["memory"]["difficulty"] - 6.3574867) < 1e-6
    assert history["reviews"][-1]["stability"] == history["memory"]["stability"]
    again = quiz("import", log, "--json").lines[0]
    assert (again["added"], again["known"]) == (0, 6)
    out = tmp_path / "out.jsonl"
    assert quiz("export", out).code == 0
    assert quiz("import", out, "--json", QUIZ_DB=str(tmp_path / "other.db")).lines[0]["added"] == 6
    (copy,) = quiz("history", RECALL, "--json", QUIZ_DB=str(tmp_path / "other.db")).lines
    assert copy == history
    assert quiz("rebuild").out.startswith("1 question rebuilt from the log, 0 of them changed")


def test_a_log_with_a_bad_line_changes_nothing(quiz: Quiz, cards: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    good = log_line(RECALL, 3, "2026-01-01T10:00:00Z")
    log.write_text(good + "\n" + log_line(RECALL, 7, "2026-01-02T10:00:00Z") + "\n")
    refused = quiz("import", log)
    assert refused.code == 2
    assert "log.jsonl:2" in refused.err
    assert quiz("history", RECALL, "--json").lines[0]["reviews"] == []
    assert quiz("import", log, "--partial", "--json").lines[0]["added"] == 1


def test_a_history_tells_what_was_only_crammed(quiz: Quiz, cards: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    reviewed = log_line(RECALL, 3, "2026-01-01T10:00:00Z")
    crammed = json.loads(log_line(RECALL, 4, "2026-01-02T10:00:00Z")) | {"kind": "cram"}
    log.write_text(f"{reviewed}\n{json.dumps(crammed)}\n")
    assert quiz("import", log).code == 0
    rows = [line.split("\t") for line in quiz("history", RECALL).out.splitlines()]
    assert [row[1] for row in rows if len(row) > 2] == ["3 Good", "4 Easy (cram)"]


def test_a_page_of_statistics_that_cannot_be_written_is_an_error(
    quiz: Quiz, cards: Path, tmp_path: Path
) -> None:
    refused = quiz("stats", "--html", tmp_path / "nowhere" / "page.html")
    assert refused.code == 2
    assert "page.html: cannot be written: No such file or directory" in refused.err


def test_the_history_of_an_unknown_question_is_an_error(quiz: Quiz, cards: Path) -> None:
    refused = quiz("history", "tensors/ne#nothing")
    assert refused.code == 2
    assert "quiz search" in refused.err


def test_stats_are_empty_before_the_first_review(quiz: Quiz, cards: Path) -> None:
    (stats,) = quiz("stats", "--json").lines
    assert (stats["questions"], stats["reviews"], stats["streak"]) == (2, 0, 0)
    assert stats["retention"] is None
    assert "questions" in quiz("stats").out


def test_relink_moves_a_history_by_hand(quiz: Quiz, cards: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(log_line("old/place#name", 3, "2026-01-01T10:00:00Z") + "\n")
    done = quiz("import", log)
    assert "not in the cards" in done.err
    assert quiz("relink", "old/place#name", RECALL).code == 0
    assert len(quiz("history", RECALL, "--json").lines[0]["reviews"]) == 1
    found, heir = quiz("history", "old/place#name", "--json"), quiz("history", RECALL, "--json")
    assert found.lines == heir.lines
    assert "its own history already" in quiz("relink", RECALL, RECALL).err
    refused = quiz("relink", "old/place#name", RECALL)
    assert refused.code == 2
    assert "no history" in refused.err


def test_options_stand_before_or_after_the_command(quiz: Quiz, cards: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    cards.rename(moved)
    before = quiz("--cards", moved, "search", "--json").out
    assert before
    assert quiz("search", "--json", "--cards", moved).out == before
