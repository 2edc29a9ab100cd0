"""`quiz check` as it is used: findings, exit codes, the progress, and an end in the middle."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pexpect
import pytest

from quiz.cli.main import cli
from tests.cli.conftest import NE, Quiz

WEAK = """\
# Clamp

## Nothing below zero.

```python solution
def positive(x):
    return x.clamp(min=0)
```

```python cases
yield torch.tensor([1.0, 2.0])
```
"""
BROKEN = WEAK.replace("x.clamp", "y.clamp")
SLOW = """\
# Slow

## Sleep.

```python setup
import time
```

```python solution
time.sleep(9)
slept = True
```
"""


def write(folder: Path, **cards: str) -> None:
    for name, text in cards.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def test_a_right_collection_is_run_once(quiz: Quiz, cards: Path) -> None:
    first = quiz("check", "--mutants", "9")
    assert (first.code, first.err) == (0, "")
    summary, mutants = first.out.splitlines()
    assert summary == "2 questions: 0 errors, 0 warnings"
    assert "killed (100.0%)" in mutants
    again = quiz("check", "--mutants", "9")
    assert again.code == 0
    assert again.out.splitlines()[0] == summary
    assert "1 unchanged since found right" in again.out
    anew = quiz("check", "--all", "--mutants", "0").out
    assert "unchanged" not in anew
    assert "mutants" not in anew
    assert quiz("check", "--json", "--mutants", "9").out == ""


def test_survivors_are_warnings_with_their_change(quiz: Quiz, cards: Path) -> None:
    write(cards, weak=WEAK)
    checked = quiz("check", cards / "weak.md", "--mutants", "50")
    assert checked.code == 0
    assert "cards/weak.md:7:12: warning: an answer that differs" in checked.out
    diff = "    - return x.clamp(min=0)\n    + return x\n"
    assert diff in checked.out
    assert "1 question: 0 errors" in checked.out
    share = checked.out.splitlines()[-1]
    assert "mutants killed (" in share
    assert "100.0%" not in share
    lines = quiz("check", cards / "weak.md", "--mutants", "50", "--json").lines
    assert all(
        set(line) == {"path", "line", "column", "severity", "message", "mutant"} for line in lines
    )
    assert {
        "question": "weak#nothing-below-zero",
        "change": "- return x.clamp(min=0)\n+ return x",
    } in [line["mutant"] for line in lines]
    assert [line["severity"] for line in lines] == ["warning"] * len(lines)


def test_findings_have_places_and_a_stable_order(quiz: Quiz, cards: Path) -> None:
    lint = NE.replace("{#write}", "{#write .nonsense}")
    write(cards, z=BROKEN, a=BROKEN, m=lint, s=SLOW.replace("(9)", "(0.2)").replace("slept", "_s"))
    runs = [quiz("check", "--json", "--jobs", jobs, "--mutants", "0") for jobs in ("1", "4")]
    assert [run.code for run in runs] == [1, 1]
    assert runs[0].lines == runs[1].lines
    names = [Path(line["path"]).name for line in runs[0].lines]
    assert names == ["m.md", "a.md", "s.md", "z.md"]
    a = runs[0].lines[1]
    assert (a["path"], a["line"], a["column"]) == ("cards/a.md", 7, 5)
    assert "NameError" in a["message"]
    assert a["severity"] == "error"


def test_no_run_reads_the_cards_alone(quiz: Quiz, cards: Path) -> None:
    write(cards, broken=BROKEN, lint=NE.replace("{#write}", "{#write .nonsense}"))
    checked = quiz("check", "--no-run", "--json")
    assert [Path(line["path"]).name for line in checked.lines] == ["lint.md"]


def test_without_torch_the_cards_are_read_and_the_exit_says_so(
    quiz: Quiz, cards: Path, tmp_path: Path
) -> None:
    fake = tmp_path / "packages"
    fake.mkdir()
    (fake / "torch.py").write_text("raise ModuleNotFoundError('no torch', name='torch')\n")
    write(cards, lint=NE.replace("{#write}", "{#write .nonsense}"))
    checked = quiz("check", "--json", PYTHONPATH=f"{fake}:{Path.cwd()}")
    assert checked.code == 2
    assert [Path(line["path"]).name for line in checked.lines] == ["lint.md"]
    assert "torch is not installed" in checked.err
    assert "pip install torch" in checked.err


@pytest.mark.parametrize("options", [["--mutants", "-1"], ["--seeds", "0"], ["--jobs", "x"]])
def test_nonsense_is_refused(quiz: Quiz, cards: Path, options: list[str]) -> None:
    assert quiz("check", *options).code == 2
    assert quiz("check", "nowhere").code == 2


def test_progress_is_shown_and_an_interrupt_keeps_what_was_found(
    cards: Path, tmp_path: Path
) -> None:
    write(cards, a=NE, b=BROKEN, c=SLOW)
    process = pexpect.spawn(
        sys.executable,
        ["-m", "quiz.cli", "check", "--jobs", "2", "--mutants", "5"],
        cwd=str(tmp_path),
        env={**os.environ, "PYTHONPATH": str(Path.cwd()), "TERM": "xterm-256color"},
        dimensions=(24, 90),
        timeout=60,
        encoding="utf-8",
    )
    process.expect(r"checking [━╌]+ \d+/\d+  \d+/s  \d+:\d\d left")
    process.expect("NameError")
    process.expect("━")
    process.sendintr()
    process.expect(pexpect.EOF)
    process.close()
    assert process.exitstatus == 130
    rest = str(process.before)
    assert "interrupted" in rest
    assert "Traceback" not in rest
    (cache,) = Path(os.environ["XDG_CACHE_HOME"]).rglob("checked.json")
    assert len(json.loads(cache.read_text())) == 1


def test_every_option_says_what_it_does() -> None:
    command = cli.get_command(None, "check")  # type: ignore[arg-type]
    assert command is not None
    helps = {option.name: getattr(option, "help", "") for option in command.params}
    assert all(helps[name] for name in ("mutants", "seeds", "jobs", "again", "no_run"))
