from __future__ import annotations

import sys
from pathlib import Path

from tests.cli.conftest import Quiz

KINDS = ("recall", "cloze", "choice", "typed", "predict", "code")


def editor(tmp_path: Path, body: str) -> str:
    """An editor that is a program: it changes the file by itself."""
    script = tmp_path / "editor.py"
    script.write_text(f"import sys\npath = sys.argv[-1]\ntext = open(path).read()\n{body}\n")
    return f"{sys.executable} {script}"


def test_a_new_collection_is_sound_and_ready(quiz: Quiz, tmp_path: Path) -> None:
    assert quiz("init", "notes").code == 0
    checked = quiz("check", "--cards", "notes", "--no-run")
    assert checked.code == 0, checked.out
    assert "0 errors, 0 warnings" in checked.out
    kinds = {row["kind"] for row in quiz("search", "--json", "--cards", "notes").lines}
    assert kinds == set(KINDS)
    refused = quiz("init", "notes")
    assert refused.code == 2
    assert "not an empty folder" in refused.err


def test_add_writes_a_card_of_each_kind(quiz: Quiz, cards: Path, tmp_path: Path) -> None:
    change = editor(tmp_path, "open(path, 'w').write(text.replace('torch.ne', 'torch.eq'))")
    for kind in KINDS:
        added = quiz("add", f"new/{kind}", "--kind", kind, EDITOR=change)
        assert added.code == 0, added.err
    rows = quiz("search", "deck:new", "--json").lines
    assert {row["kind"] for row in rows} == set(KINDS)


def test_add_appends_to_a_concept_that_is_there(quiz: Quiz, cards: Path, tmp_path: Path) -> None:
    change = editor(tmp_path, "open(path, 'w').write(text + '\\nMore.\\n')")
    assert quiz("add", "tensors/ne", "--kind", "typed", EDITOR=change).code == 0
    text = (cards / "tensors/ne.md").read_text("utf-8")
    assert text.startswith("---\ntags: [tensor]")
    assert "```answer" in text
    assert len(quiz("search", "--json").lines) == 3


def test_add_without_a_change_writes_nothing(quiz: Quiz, cards: Path, tmp_path: Path) -> None:
    done = quiz("add", "new/card", EDITOR=editor(tmp_path, ""))
    assert (done.code, done.out) == (0, "nothing was changed\n")
    assert not (cards / "new").exists()


def test_a_draft_with_errors_is_kept_and_explained(quiz: Quiz, cards: Path, tmp_path: Path) -> None:
    spoil = editor(tmp_path, "open(path, 'w').write('# T\\n\\n## Q\\n\\n```answer\\n```\\n')")
    refused = quiz("add", "new/card", EDITOR=spoil)
    assert refused.code == 2
    assert "card.md:" in refused.err
    assert (cards / "new/_card.md.draft").read_text("utf-8").startswith("# T")
    assert not (cards / "new/card.md").exists()
    assert quiz("add", "new/card", EDITOR=spoil.replace("T", "U")).code == 2
    assert (cards / "new/_card.md.2.draft").exists(), "what is kept stays"


def test_add_leaves_what_another_program_wrote_meanwhile(
    quiz: Quiz, cards: Path, tmp_path: Path
) -> None:
    path = cards / "tensors/ne.md"
    change = editor(
        tmp_path, f"open(path, 'a').write('More.')\nopen({str(path)!r}, 'a').write('Theirs.')"
    )
    refused = quiz("add", "tensors/ne", "--kind", "typed", EDITOR=change)
    assert refused.code == 2
    assert "tensors/ne.md: the file was changed by another program" in refused.err
    assert path.read_text("utf-8").endswith("Theirs.")
    assert (cards / "tensors/_ne.md.draft").read_text("utf-8").endswith("More.")


def test_add_refuses_what_would_never_be_read(quiz: Quiz, cards: Path, tmp_path: Path) -> None:
    (cards / ".gitignore").write_text("build/\n*.tmp.md\n")
    (cards / "deck").mkdir()
    (cards / "deck/.gitignore").write_text("/private*\n")
    change = editor(tmp_path, "open(path, 'a').write('More.')")
    before = sorted(cards.rglob("*"))
    for name in ("README", "deck/README.ko", "c#", "a\nb", "build/x", "x.tmp", "deck/private"):
        refused = quiz("add", name, EDITOR=change)
        assert refused.code == 2, name
        assert "name" in refused.err
    assert sorted(cards.rglob("*")) == before
    assert quiz("add", "private", EDITOR=change).code == 0


def test_add_refuses_what_is_no_name_and_no_editor(quiz: Quiz, cards: Path) -> None:
    assert "no name for a card" in quiz("add", "../outside").err
    missing = quiz("add", "new/card", EDITOR="no-such-editor")
    assert missing.code == 2
    assert "$EDITOR" in missing.err
