"""Grades: on a jail that stands ready, and the first one, against a fresh interpreter."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from quiz.grade.grader import Grader
from quiz.model.question import Code, Fence
from tests.bench.measure import Timing, heading, report, run_python, timed
from tests.corpus.processes import Footprint, below, footprint

_BETWEEN = 0.1
"""Seconds: a learner does not submit twice in a tenth of a second."""

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
    found = asyncio.run(_grades())
    report("warm grade, submit to verdict", found.warm, "≤ 10 ms, p95 ≤ 25 ms")
    report("the same in a session, the solution run ahead", found.ahead, "≤ 10 ms, p95 ≤ 25 ms")
    report("a hundred in a row, each", found.row)
    report("the same under one seed, as `quiz grade` does", found.together)
    report("eight at once, each", found.many)
    for name, timing in (("warm grade", found.warm), ("grade in a session", found.ahead)):
        ratio = fresh.median / timing.median
        report(f"fresh interpreter ÷ {name}", f"{ratio:.0f} ×", "≥ 100 ×")
        report(f"pytest ÷ {name}", f"{as_a_test.median / timing.median:.0f} ×")
    report("first grade after a cold start", found.cold)
    ratio = found.cold.median / plain_import.median
    report("first grade ÷ import torch", f"{ratio:.2f} ×", "≤ 1.3 ×")
    report("a session at rest: processor", f"{found.idle:.2%} of a core", "< 1 %")
    report("a session at rest: memory (proportional)", found.held, "< 400 MiB")


@dataclass(frozen=True, slots=True)
class _Found:
    cold: Timing
    warm: Timing
    ahead: Timing
    row: Timing
    together: Timing
    many: Timing
    idle: float
    held: Footprint


async def _grades() -> _Found:
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
    await grader.warm()
    for _ in range(10):
        await _grade(grader)
    warm, ahead = [], []
    for _ in range(100):
        await asyncio.sleep(_BETWEEN)
        warm.append(await _grade(grader))
        await asyncio.sleep(_BETWEEN)
        grader.expect(PROGRAM)
        await asyncio.sleep(_BETWEEN)
        ahead.append(await _grade(grader))
    row = [await _grade(grader) for _ in range(100)]
    together = [await _grade(grader, seed=1) for _ in range(100)]
    many: list[float] = []
    for _ in range(5):
        many += await asyncio.gather(*(_grade(grader) for _ in range(8)))
    await asyncio.sleep(1)
    busy = _processor_time()
    await asyncio.sleep(10)
    idle = (_processor_time() - busy) / 10
    held = footprint(os.getpid())
    await grader.close()
    return _Found(
        cold=Timing(cold),
        warm=Timing(warm),
        ahead=Timing(ahead),
        row=Timing(row),
        together=Timing(together),
        many=Timing(many),
        idle=idle,
        held=held,
    )


def _processor_time() -> float:
    """Seconds that this process and all below it have computed."""
    ticks = 0
    for pid in (os.getpid(), *below(os.getpid())):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


async def _grade(grader: Grader, seed: int | None = None) -> float:
    begin = time.perf_counter()
    verdict = await grader.grade(PROGRAM, "def not_equal(a, b):\n    return a != b", seed=seed)
    assert verdict.passed, verdict
    return time.perf_counter() - begin
