"""Grades: on a jail that stands ready, and the first one, against a fresh interpreter."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from quiz.grade.grader import Grader
from quiz.model.question import Code, Fence
from tests.bench.measure import Timing, heading, report, run_python, timed

SOLUTION = "def not_equal(a, b):\n    return ~torch.eq(a, b)"
CASES = """\
yield torch.tensor([[2, 5], [4, 3]]), torch.tensor([[2, 8], [2, 3]])
yield torch.randint(0, 3, (4, 5)), 1
yield torch.empty(0), torch.empty(0)
yield torch.randn(8, 8), torch.randn(8, 8)
yield torch.tensor(3), torch.tensor(3)
"""
PROGRAM = Code(solution=Fence(SOLUTION, 1), cases=Fence(CASES, 1))

FRESH = f"""
import torch
{SOLUTION}
def cases():
    {CASES.replace(chr(10), chr(10) + "    ")}
for a, b in cases():
    assert torch.equal(not_equal(a, b), torch.ne(a, b))
"""


PYTEST = f"""
import torch
{SOLUTION}
def cases():
    {CASES.replace(chr(10), chr(10) + "    ")}
def test_not_equal():
    for a, b in cases():
        torch.testing.assert_close(not_equal(a, b), torch.ne(a, b))
"""


def run() -> None:
    """Print the figures."""
    heading("grading (five-case tensor question)")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "test_answer.py"
        path.write_text(PYTEST, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, str(path)]
        run_check = partial(subprocess.run, command, check=True, capture_output=True, cwd=folder)
        as_a_test = timed(run_check, 3)
    report("pytest on the same check", as_a_test)
    fresh = Timing([run_python(FRESH) for _ in range(5)])
    plain_import = Timing([run_python("import torch") for _ in range(5)])
    report("fresh interpreter, the same code", fresh)
    report("import torch alone", plain_import)
    cold, warm, many = asyncio.run(_grades())
    report("warm grade, submit to verdict", warm, "≤ 10 ms, p95 ≤ 25 ms")
    report("eight at once, each", many)
    report("pytest ÷ warm grade", f"{as_a_test.median / warm.median:.0f} ×")
    report("fresh interpreter ÷ warm grade", f"{fresh.median / warm.median:.0f} ×", "≥ 100 ×")
    report("first grade after a cold start", cold)
    report("first grade ÷ import torch", f"{cold.median / plain_import.median:.2f} ×", "≤ 1.3 ×")


async def _grades() -> tuple[Timing, Timing, Timing]:
    cold = []
    for _ in range(3):
        begin = time.perf_counter()
        grader = Grader(device="cpu")
        await grader.start()
        await _grade(grader)
        cold.append(time.perf_counter() - begin)
        await grader.close()
    grader = Grader(device="cpu")
    await grader.start()
    for _ in range(20):
        await _grade(grader)
    await asyncio.sleep(3)  # the imports that follow the first grade have ended by then
    warm = []
    for _ in range(100):
        warm.append(await _grade(grader))
        await asyncio.sleep(0.05)  # a learner does not submit twice in a twentieth of a second
    many: list[float] = []
    for _ in range(5):
        many += await asyncio.gather(*(_grade(grader) for _ in range(8)))
    await grader.close()
    return Timing(cold), Timing(warm), Timing(many)


async def _grade(grader: Grader) -> float:
    begin = time.perf_counter()
    verdict = await grader.grade(PROGRAM, "def not_equal(a, b):\n    return a != b")
    assert verdict.passed, verdict
    return time.perf_counter() - begin
