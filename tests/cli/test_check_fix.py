"""`quiz check --fix`: what is put right, what is said of it, and that nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Quiz

WRONG = """\
# Three slips

## Which is the break?

Above it.
---
Below it.

## What is one?

```anwser
1
```

## What is one?

```answer
2
```
"""
RIGHT = (
    WRONG.replace("Above it.\n---", "Above it.\n\n---")
    .replace("```anwser", "```answer")
    .replace("## What is one?\n\n```answer\n2", "## What is one? {#what-is-one-2}\n\n```answer\n2")
)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_is_safe_is_put_right_and_nothing_else(
    quiz: Quiz, tmp_path: Path, newline: str, mark: str
) -> None:
    card = tmp_path / "cards/slips.md"
    card.parent.mkdir()
    card.write_bytes((mark + WRONG.replace("\n", newline)).encode())
    card.chmod(0o640)
    assert quiz("check", "--no-run").code == 1
    fixed = quiz("check", "--fix", "--no-run")
    assert (fixed.code, fixed.err) == (0, "")
    assert card.read_bytes().decode() == mark + RIGHT.replace("\n", newline)
    assert card.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in card.parent.iterdir()] == ["slips.md"]
    heads = [line for line in fixed.out.splitlines() if "fixed:" in line]
    assert [head.partition(" fixed")[0] for head in heads] == [
        f"cards/slips.md:{line}:" for line in (6, 11, 15)
    ]
    assert "    - ```anwser\n    + ```answer\n" in fixed.out
    assert "3 questions: 0 errors, 0 warnings" in fixed.out


def test_what_was_put_right_is_told_to_programs_too(quiz: Quiz, cards: Path) -> None:
    card = cards / "slips.md"
    card.write_text(WRONG + "\n## Unfixable\n\n```answer\n```\n", encoding="utf-8")
    checked = quiz("check", "--fix", "--no-run", "--json")
    assert checked.code == 1
    kinds = [line["severity"] for line in checked.lines]
    assert kinds == ["fixed"] * 3 + ["error"]
    assert checked.lines[1]["path"] == "cards/slips.md"
    assert (checked.lines[1]["line"], checked.lines[1]["change"]) == (
        11,
        {"before": "```anwser", "after": "```answer"},
    )


def test_without_the_flag_and_without_a_mistake_no_file_is_touched(quiz: Quiz, cards: Path) -> None:
    (cards / "slips.md").write_text(WRONG, encoding="utf-8")
    sound = cards / "tensors/ne.md"
    before = sound.stat()
    quiz("check", "--no-run")
    assert (cards / "slips.md").read_text("utf-8") == WRONG
    quiz("check", "--fix", "--no-run")
    after = sound.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_link_stays_a_link(quiz: Quiz, cards: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.md"
    real.write_text(WRONG, encoding="utf-8")
    (cards / "slips.md").symlink_to(real)
    assert quiz("check", "--fix", "--no-run").code == 0
    assert (cards / "slips.md").is_symlink()
    assert real.read_text("utf-8") == RIGHT
