from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import NE, Quiz


def test_no_such_folder(quiz: Quiz, tmp_path: Path) -> None:
    refused = quiz("due", "--cards", tmp_path / "nowhere")
    assert refused.code == 2
    assert refused.err.startswith("error: ")
    assert "quiz init" in refused.err


def test_an_empty_folder_has_nothing_due(quiz: Quiz, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (report,) = quiz("due", "--json", "--cards", tmp_path / "empty").lines
    assert report["total"] == 0
    assert quiz("search", "--cards", tmp_path / "empty").out == ""


def test_a_broken_card_takes_nothing_else_away(quiz: Quiz, cards: Path) -> None:
    (cards / "broken.md").write_text(
        "# Broken\n\n## Typed\n\n```answer\n```\n\n## Sound\n\nYes.\n", encoding="utf-8"
    )
    (cards / "binary.md").write_bytes(b"# B\n\n## \xff\xfe?\n")
    assert len(quiz("search", "--json").lines) == 3
    checked = quiz("check", "--no-run", "--json")
    assert checked.code == 1
    places = {(Path(f["path"]).name, f["line"] > 0, f["severity"]) for f in checked.lines}
    assert places == {("broken.md", True, "error"), ("binary.md", True, "error")}


def test_twin_anchors_are_named_with_both_lines(quiz: Quiz, cards: Path) -> None:
    (cards / "twins.md").write_text("# T\n\n## Why?\n\nA.\n\n## Why?\n\nB.\n", encoding="utf-8")
    checked = quiz("check", "--no-run")
    assert checked.code == 1
    assert "twins.md:7" in checked.out
    assert "{#" in checked.out


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everything")
def test_a_read_only_history_can_be_read(quiz: Quiz, cards: Path, tmp_path: Path) -> None:
    assert quiz("due").code == 0
    (tmp_path / "history.db").chmod(0o444)
    assert quiz("due").code == 0


def test_what_is_no_history_is_refused_and_left_alone(
    quiz: Quiz, cards: Path, tmp_path: Path
) -> None:
    path = tmp_path / "history.db"
    path.write_bytes(b"not a database at all " * 100)
    refused = quiz("due")
    assert refused.code == 2
    assert str(path) in refused.err
    assert path.read_bytes() == b"not a database at all " * 100
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE songs (title TEXT)")
    other.commit()
    other.close()
    before = path.read_bytes()
    assert quiz("due").code == 2
    assert path.read_bytes() == before


def test_settings_are_checked(quiz: Quiz, cards: Path) -> None:
    refused = quiz("due", QUIZ_NEW_PER_DAY="many")
    assert refused.code == 2
    assert "QUIZ_NEW_PER_DAY" in refused.err
    (cards / "quiz.toml").write_text('nmae = "x"\n', encoding="utf-8")
    checked = quiz("check", "--no-run")
    assert "quiz.toml:1:1" in checked.out
    assert "`name`" in checked.out


def test_the_application_needs_a_terminal(quiz: Quiz, cards: Path) -> None:
    refused = quiz()
    assert refused.code == 2
    assert "terminal" in refused.err


def test_without_torch_all_but_code_works(quiz: Quiz, cards: Path, tmp_path: Path) -> None:
    # A folder before the installed packages in which torch cannot be imported.
    hidden = tmp_path / "hidden" / "torch"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ModuleNotFoundError(name='torch')\n")
    path = str(hidden.parent)
    assert quiz("due", PYTHONPATH=path).code == 0
    answer = tmp_path / "a.py"
    answer.write_text("def not_equal(a, b):\n    return ~(a == b)\n")
    refused = quiz("grade", cards / "tensors/ne.md", answer, PYTHONPATH=path)
    assert refused.code == 2
    assert "install" in refused.err
    assert "torch" in refused.err


def test_grade_names_what_is_wrong_with_its_arguments(
    quiz: Quiz, cards: Path, tmp_path: Path
) -> None:
    card = cards / "tensors/ne.md"
    answer = tmp_path / "a.py"
    answer.write_text("x = 1\n")
    assert "no card" in quiz("grade", tmp_path / "no.md", answer).err
    unknown = quiz("grade", f"{card}#nothing", answer)
    assert unknown.code == 2
    assert "#write" in unknown.err
    recall = quiz("grade", f"{card}#what-does-torchnea-b-return", answer)
    assert recall.code == 2
    assert "recall" in recall.err
    card.write_text(NE.replace("{#write}", "{#write").replace("python cases", "python case"))
    assert quiz("grade", card, answer).code == 2


def test_grade_goes_on_after_an_answer_that_cannot_be_read(
    quiz: Quiz, cards: Path, tmp_path: Path
) -> None:
    good = tmp_path / "good.py"
    good.write_text("def not_equal(a, b):\n    return ~(a == b)\n")
    graded = quiz("grade", cards / "tensors/ne.md", tmp_path / "missing.py", good, "--json")
    assert graded.code == 2
    assert "missing.py" in graded.err
    assert [line["verdict"] for line in graded.lines] == ["pass"]
