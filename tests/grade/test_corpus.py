"""Every answer of the corpus gets its verdict, touches nothing outside, and spoils no later grade.

The corpus runs in a process of its own. Every 64th of the answers is judged here, by root as an
ordinary user, whom more layers of the jail bind (the other tests run as root where root runs them);
`make corpus` judges all of them as both.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from quiz.model.verdict import Outcome
from tests.corpus.cases import GROUPS, CorpusCase, load, programs
from tests.corpus.ordinary import CANNOT

SHARE = "64"
ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.corpus", "--json", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="the jail is Linux's")
def test_every_answer_gets_its_verdict_and_nothing_outside_is_touched() -> None:
    user = ["--user=nobody"] if os.getuid() == 0 else []
    done = run("--part", "0", SHARE, *user)
    if user and done.returncode == CANNOT:
        done = run("--part", "0", SHARE)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    wrong = [
        f"{line['case']}: {'; '.join([*line['faults'], *line['escapes']])} (seed {line['seed']})"
        for line in lines
        if "case" in line and (line["faults"] or line["escapes"])
    ]
    wrong += [line["left"] for line in lines if "left" in line]
    assert not wrong, "\n".join(wrong)
    assert done.returncode == 0, done.stderr
    assert len(lines) == len(cases()[:: int(SHARE)])


def cases() -> list[CorpusCase]:
    return [case for group in GROUPS for case in load(group)]


def test_every_case_has_a_question() -> None:
    questions = programs()
    assert not [case.name for case in cases() if case.card not in questions]


def test_a_pass_is_expected_of_honest_answers_and_of_what_the_jail_allows_alone() -> None:
    passing = {case.name for case in cases() if Outcome.PASS in case.expect}
    allowed = {
        "escapes/own_folder_is_private",
        "escapes/plant_cache",
        "escapes/temporary_unnamed",
        "forging/patch_struct_after_first",  # right answers; only what they do beside is odd
    }
    assert {name for name in passing if not name.startswith("honest/")} == allowed


def test_no_group_has_lost_its_cases() -> None:
    assert {group: len(load(group)) >= 40 for group in GROUPS} == dict.fromkeys(GROUPS, True)
