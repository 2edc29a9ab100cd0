"""What a shell is offered behind Tab, asked as the shells ask."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pexpect
import pytest

from tests.cli.conftest import Quiz


def offered(quiz: Quiz, words: str) -> list[str]:
    """What fits at the end of a command line."""
    given = words.split(" ")
    asked = quiz(_QUIZ_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(len(given) - 1))
    assert asked.err == ""
    return [line.partition(",")[2] for line in asked.out.splitlines() if line]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("quiz comp", ["completion"]),
        ("quiz check --mut", ["--mutants"]),
        ("quiz review t", ["tensors"]),
        ("quiz review --tag ", ["tensor"]),
        ("quiz add t", ["tensors/", "tensors/ne"]),
        ("quiz add --kind c", ["cloze", "choice", "code"]),
        ("quiz history t", ["tensors/ne#what-does-torchnea-b-return", "tensors/ne#write"]),
        ("quiz relink old tensors/ne#wr", ["tensors/ne#write"]),
        ("quiz suspend a tensors/ne#wr", ["tensors/ne#write"]),
        ("quiz grade cards/tensors/ne.md#", ["cards/tensors/ne.md#write"]),
        ("quiz grade nowhere.md#", []),
        ("quiz --cards nowhere history t", []),
        ("quiz history --cards cards tensors/ne#wr", ["tensors/ne#write"]),
    ],
)  # fmt: skip
def test_names_are_completed(quiz: Quiz, cards: Path, words: str, expected: list[str]) -> None:
    assert offered(quiz, words) == expected


def test_every_shell_gets_a_program_that_asks_quiz(quiz: Quiz) -> None:
    for shell in ("bash", "zsh", "fish"):
        printed = quiz("completion", shell)
        assert printed.code == 0
        assert f"_QUIZ_COMPLETE={shell}_complete" in printed.out
        assert printed.out == quiz("completion", SHELL=f"/usr/bin/{shell}").out
    refused = quiz("completion", SHELL="/bin/tcsh")
    assert refused.code == 2
    assert "bash, zsh, fish" in refused.err


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
def test_tab_works_in_a_real_bash(cards: Path, tmp_path: Path) -> None:
    program = tmp_path / "bin/quiz"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m quiz.cli "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    shell = pexpect.spawn(
        "bash",
        ["--norc", "--noprofile", "-i"],
        cwd=str(tmp_path),
        env={**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PS1": "$ "},
        encoding="utf-8",
        timeout=60,
    )
    shell.sendline('eval "$(quiz completion bash)"; echo re""ady')
    shell.expect("ready")
    shell.send("quiz history tensors/ne#wr\t")
    shell.expect("tensors/ne#write ")
    shell.close()
