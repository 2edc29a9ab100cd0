"""The grader with everything real: processes, jails, the judge, torch."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from quiz.errors import GradeError
from quiz.grade.grader import Grader
from quiz.grade.pool import Pool
from quiz.grade.protocol import Role
from quiz.model.question import Code, Fence, Rules
from quiz.model.verdict import Case, Outcome
from tests.grade.places import open_to_all

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINUX = sys.platform == "linux"


def question(
    solution: str = "def f(a, b):\n    return a + b\n",
    cases: str = "yield torch.ones(2), torch.ones(2)\nyield torch.zeros(3), 1\n",
    rules: Rules | None = None,
) -> Code:
    return Code(Fence(solution, 1), cases=Fence(cases, 1), rules=rules or Rules(timeout=3))


RIGHT = "def f(a, b):\n    return a + b\n"


_others: set[int] = set()
"""Processes below this one that were there before the grader."""


def body(code: str) -> str:
    """An answer that does something first and is right afterwards."""
    lines = "".join(f"    {line}\n" for line in code.strip().splitlines())
    return f"def f(a, b):\n{lines}    return a + b\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def grader(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Grader]:
    patch = pytest.MonkeyPatch()
    patch.setattr(tempfile, "tempdir", str(open_to_all(tmp_path_factory.mktemp("sessions"))))
    patch.setattr("quiz.grade.pool._SETTLE", 0.0)
    patch.setenv("SOME_API_TOKEN", "secret")
    _others.update(processes_below(os.getpid()))
    grader = Grader()
    await grader.start()
    await grader.prepare()
    yield grader
    await grader.close()
    patch.undo()


def pool_of(grader: Grader) -> Pool:
    assert isinstance(grader._pool, Pool)
    return grader._pool


def family() -> set[int]:
    """All processes below this one but those of other rooms' tests, such as a fork server."""
    return processes_below(os.getpid()) - _others


def processes_below(pid: int) -> set[int]:
    """Every living descendant of a process."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] not in "ZX":
            parents[int(entry.name)] = int(fields[1])
    found: set[int] = set()
    layer = {pid}
    while layer := {child for child, parent in parents.items() if parent in layer}:
        found |= layer
    return found


async def passes(grader: Grader) -> bool:
    return (await grader.grade(question(), RIGHT)).passed


async def test_a_right_answer_passes_and_says_where_it_ran(grader: Grader) -> None:
    verdict = await grader.grade(question(), RIGHT, seed=5)
    assert verdict.passed, verdict
    assert (verdict.device, verdict.seed, len(verdict.cases)) == ("cpu", 5, 2)
    assert 0 < verdict.seconds < 60


async def test_numbers_that_json_lacks_reach_the_learner(grader: Grader) -> None:
    infinite = question("def f(a, b):\n    return torch.tensor([1.0, 2.0])\n")
    told: list[Case] = []
    answer = "def f(a, b):\n    return torch.tensor([float('inf'), float('nan')])\n"
    verdict = await grader.grade(infinite, answer, on_case=told.append)
    assert verdict.outcome is Outcome.WRONG
    assert verdict.cases[0].got_grid is not None
    assert verdict.cases[0].got_grid.cells == (("inf", "nan"),)
    assert repr(told) == repr(list(verdict.cases))  # NaN equals nothing


async def test_a_wrong_answer_is_wrong(grader: Grader) -> None:
    verdict = await grader.grade(question(), "def f(a, b):\n    return a - b\n")
    assert verdict.outcome is Outcome.WRONG


async def test_cases_are_told_as_they_are_decided(grader: Grader) -> None:
    told: list[Case] = []
    verdict = await grader.grade(question(), RIGHT, on_case=told.append)
    assert sorted(told, key=lambda case: case.call) == sorted(
        verdict.cases, key=lambda case: case.call
    )


FAULTS = {
    "an endless loop": ("while True: pass", Outcome.TIMEOUT),
    "an endless loop in C": ("import itertools; sum(itertools.repeat(1))", Outcome.TIMEOUT),
    "sleep": ("import time; time.sleep(60)", Outcome.TIMEOUT),
    "a stop of itself": (
        "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
        Outcome.TIMEOUT,
    ),
    "all signals ignored and blocked": (
        """
import signal
for number in signal.valid_signals():
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
while True: pass
""",
        Outcome.TIMEOUT,
    ),
    "leaving": ("import os; os._exit(0)", Outcome.CRASH),
    "reading address 0": ("import ctypes; ctypes.string_at(0)", Outcome.CRASH),
    "abort": ("import os; os.abort()", Outcome.CRASH),
    "killing itself": ("import os; os.kill(os.getpid(), 9)", Outcome.CRASH),
    "a huge list": ("x = [0]\nwhile True: x = x + x", Outcome.MEMORY),
    "a huge tensor": ("torch.zeros(1 << 36)", Outcome.MEMORY),
    "many strings": ("x = []\nwhile True: x.append(bytes(1 << 24))", Outcome.MEMORY),
    "a flood on standard output": ("while True: print('x' * 10000)", Outcome.OUTPUT),
    "a flood on descriptor 2": (
        "import os\nwhile True: os.write(2, b'x' * 10000)",
        Outcome.OUTPUT,
    ),
    "a full disk": (
        """
import itertools
for number in itertools.count():
    with open(str(number), "wb") as file:
        file.write(bytes(32 << 20))
""",
        Outcome.OUTPUT,
    ),
    "a file too large": (
        "with open('x', 'wb') as file:\n    while True: file.write(bytes(1 << 20))",
        Outcome.OUTPUT,
    ),
    "files without a name": (
        """
import os, time
kept = []
for _ in range(20):
    kept.append(os.open("x", os.O_CREAT | os.O_RDWR))
    os.unlink("x")
    os.write(kept[-1], bytes(20 << 20))
time.sleep(9)
""",
        Outcome.OUTPUT,
    ),
    "files that are mapped alone": (
        """
import mmap, os, time
kept = []
for _ in range(20):
    file = os.open("x", os.O_CREAT | os.O_RDWR)
    os.unlink("x")
    os.write(file, bytes(20 << 20))
    kept.append(mmap.mmap(file, 4096))
    os.close(file)
time.sleep(9)
""",
        Outcome.OUTPUT,
    ),
    "files too deep for a path": (
        """
import os, time
for _ in range(50):
    os.mkdir("deeper" * 20)
    os.chdir("deeper" * 20)
for number in range(20):
    with open(str(number), "wb") as file:
        file.write(bytes(20 << 20))
time.sleep(9)
""",
        Outcome.OUTPUT,
    ),
    "a thread bomb": (
        """
import threading, time
while True: threading.Thread(target=time.sleep, args=(9,)).start()
""",
        Outcome.ERROR,
    ),
    "a fork bomb": ("import os\nwhile True: os.fork()", Outcome.BLOCKED),
    "a TCP socket": ("import socket; socket.create_connection(('127.0.0.1', 9))", Outcome.BLOCKED),
    "a UDP socket": (
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        Outcome.BLOCKED,
    ),
    "a Unix socket": ("import socket; socket.socket(socket.AF_UNIX)", Outcome.BLOCKED),
    "another program": ("import os; os.execv('/bin/true', ['true'])", Outcome.BLOCKED),
    "a subprocess": ("import subprocess; subprocess.run(['true'])", Outcome.BLOCKED),
    "killing the parent": ("import os; os.kill(os.getppid(), 9)", Outcome.BLOCKED),
    "killing everybody": ("import os; os.kill(-1, 9)", Outcome.BLOCKED),
    "reading /etc": ("open('/etc/passwd').read()", Outcome.BLOCKED),
    "reading its own memory file": ("open('/proc/self/mem', 'rb')", Outcome.BLOCKED),
    "reading its parent's environment": (
        "import os; open(f'/proc/{os.getppid()}/environ')",
        Outcome.BLOCKED,
    ),
    "shared memory": ("import mmap; mmap.mmap(-1, 1 << 30)", Outcome.BLOCKED),
    "a memory file": ("import os; os.memfd_create('x')", Outcome.BLOCKED),
    "modes": ("import os; open('x', 'w').close(); os.chmod('x', 0)", Outcome.BLOCKED),
    "times": ("import os; open('x', 'w').close(); os.utime('x')", Outcome.BLOCKED),
    "a namespace": (
        """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x10000000):
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
""",
        Outcome.BLOCKED,
    ),
}


@pytest.mark.skipif(not LINUX, reason="the layers of Linux")
@pytest.mark.parametrize("name", FAULTS)
async def test_a_faulty_answer_gets_its_verdict_and_the_next_is_fine(
    grader: Grader, name: str
) -> None:
    code, outcome = FAULTS[name]
    rules = Rules(timeout=1.0 if outcome is Outcome.TIMEOUT else 10.0, memory=256)
    verdict = await grader.grade(question(rules=rules), body(code))
    assert verdict.outcome is outcome, verdict
    assert await passes(grader)


@pytest.mark.skipif(not LINUX, reason="a zygote watches on Linux alone")
@pytest.mark.parametrize(
    ("then", "outcome"), [("pass", Outcome.PASS), ("import time; time.sleep(60)", Outcome.TIMEOUT)]
)
async def test_time_that_ends_in_the_middle_of_an_import_is_prolonged_once(
    grader: Grader, then: str, outcome: Outcome
) -> None:
    code = """
import sys, pathlib
pathlib.Path("slow_to_load.py").write_text("import time; time.sleep(2)")
sys.path.insert(0, ".")
import slow_to_load
"""
    rules = Rules(timeout=1)
    one = question(cases="yield 1, 2\n", rules=rules)
    verdict = await grader.grade(one, body(code + then))
    assert verdict.outcome is outcome, verdict


async def test_a_timeout_says_where_the_code_was(grader: Grader) -> None:
    answer = "def f(a, b):\n    import itertools\n    return sum(itertools.repeat(1))\n"
    verdict = await grader.grade(question(rules=Rules(timeout=0.5)), answer)
    assert verdict.outcome is Outcome.TIMEOUT
    assert "line 3" in f"{verdict.message} {verdict.traceback} {verdict.line}", verdict


async def test_garbage_on_every_descriptor_is_never_a_pass_nor_ours(grader: Grader) -> None:
    code = """
import os
for descriptor in range(3, 256):
    try: os.write(descriptor, b"\\0\\0\\0\\7\\0\\0\\0\\0garbage" * 9)
    except OSError: pass
"""
    verdict = await grader.grade(question(), body(code))
    assert verdict.outcome in (Outcome.ERROR, Outcome.CRASH), verdict
    assert await passes(grader)


async def test_writing_outside_is_refused_and_leaves_nothing(
    grader: Grader, tmp_path: Path
) -> None:
    tmp_path.chmod(0o777)
    target = tmp_path / "planted.py"
    verdict = await grader.grade(question(), body(f"open({str(target)!r}, 'w').write('x')"))
    assert verdict.outcome is Outcome.BLOCKED
    assert not target.exists()


async def test_what_c_code_prints_is_caught(grader: Grader) -> None:
    answer = body("import os; os.write(1, b'from C\\n')")
    verdict = await grader.grade(question(), answer)
    assert verdict.passed
    assert "from C" in verdict.printed + "".join(case.printed for case in verdict.cases)


async def test_a_jail_is_alone_in_a_folder_of_its_own_that_is_removed(grader: Grader) -> None:
    answer = body("import os; os.makedirs('a/b', 0o000); print(os.getcwd(), os.environ['HOME'])")
    verdict = await grader.grade(question(cases="yield 1, 2\n"), answer)
    assert verdict.passed, verdict
    cwd, home = verdict.cases[0].printed.split()
    assert cwd == home
    await until(lambda: not Path(cwd).exists())


async def test_secrets_of_the_environment_do_not_reach_a_jail(grader: Grader) -> None:
    assert os.environ["SOME_API_TOKEN"] == "secret"
    answer = body("import os; print(os.environ.get('SOME_API_TOKEN'))")
    verdict = await grader.grade(question(cases="yield 1, 2\n"), answer)
    assert verdict.cases[0].printed == "None\n"


@pytest.mark.skipif(not LINUX, reason="the layers of Linux")
async def test_every_layer_holds(grader: Grader) -> None:
    layers = await grader.layers()
    assert [layer.name for layer in layers if not layer.holds] == []
    assert grader.protected


@pytest.mark.skipif(not LINUX, reason="the layers of Linux")
async def test_a_double_fork_is_found_and_killed(grader: Grader) -> None:
    code = """
import os, time
if os.fork() == 0:
    try: os.setsid()
    except PermissionError: pass
    if os.fork() == 0:
        while True: time.sleep(1)
    os._exit(0)
"""
    before = await settled(grader)
    rules = Rules(timeout=5, processes=True)
    verdict = await grader.grade(question(cases="yield 1, 2\n", rules=rules), body(code))
    assert verdict.passed, verdict
    await until(lambda: len(family()) <= before)


async def test_a_fork_bomb_is_bounded_where_processes_are_allowed(grader: Grader) -> None:
    before = await settled(grader)
    rules = Rules(timeout=2, processes=True)
    verdict = await grader.grade(question(rules=rules), body("import os\nwhile True: os.fork()"))
    # Whichever of the copies is heard first; together they say what no honest run says.
    wanted = (Outcome.BLOCKED, Outcome.ERROR, Outcome.TIMEOUT, Outcome.MEMORY)
    assert verdict.outcome in wanted, verdict
    await until(lambda: len(family()) <= before)
    assert await passes(grader)


async def test_eight_at_once_get_their_own_verdicts(grader: Grader) -> None:
    answers = [RIGHT, "def f(a, b):\n    return a - b\n"] * 4
    verdicts = await asyncio.gather(*(grader.grade(question(), answer) for answer in answers))
    assert [verdict.outcome for verdict in verdicts] == [Outcome.PASS, Outcome.WRONG] * 4


async def test_a_cancelled_grade_leaves_no_jail_at_work(grader: Grader) -> None:
    before = await settled(grader)
    grade = asyncio.ensure_future(grader.grade(question(), body("while True: pass")))
    await asyncio.sleep(0)
    for _ in range(50):
        await asyncio.sleep(0.01)
    grade.cancel()
    with pytest.raises(asyncio.CancelledError):
        await grade
    await until(lambda: len(family()) <= before)
    assert await passes(grader)


async def test_a_judge_that_dies_costs_one_grade(grader: Grader) -> None:
    judge = await pool_of(grader).judge()
    grade = asyncio.ensure_future(grader.grade(question(), body("while True: pass")))
    for _ in range(20):
        await asyncio.sleep(0.01)
    pool_of(grader).kill(judge)
    assert (await grade).outcome is Outcome.GRADER_ERROR
    assert await passes(grader)


def process_in(folder: str) -> int:
    """The one whose working folder has this name."""
    for pid in family():
        with contextlib.suppress(FileNotFoundError):
            if Path(f"/proc/{pid}/cwd").readlink().name == folder:
                return pid
    raise AssertionError(f"no process lives in {folder}")


@pytest.mark.skipif(not LINUX, reason="looks into /proc")
async def test_a_judge_that_hangs_and_a_zygote_that_is_killed_are_replaced() -> None:
    grader = Grader(ready=1, patience=0.5)
    assert await passes(grader)
    judge = await pool_of(grader).judge()
    pid = process_in(str(judge.number))
    os.kill(pid, signal.SIGSTOP)
    verdict = await grader.grade(question(), RIGHT)
    assert verdict.outcome is Outcome.GRADER_ERROR
    assert "hangs" in verdict.message
    assert await passes(grader)
    await until(lambda: not Path(f"/proc/{pid}").exists())
    link = pool_of(grader)._link
    assert link is not None
    link._child.kill()
    await until(lambda: not link.alive)
    assert await passes(grader)
    await grader.close()


async def test_a_long_grade_brings_the_second_zygote_which_takes_over_from_grades_in_progress(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("quiz.grade.pool._SETTLE", 3600.0)
    long = body("import time\nwhile time.process_time() < 0.6: pass")
    slow = body("import time; time.sleep(0.75)")
    complaints: list[str] = []
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: complaints.append(str(context)))
    grader = Grader(ready=2)
    await grader.prepare()
    pool = pool_of(grader)
    first = pool._link

    async def overlapping() -> list[Outcome]:
        """One after the other until one has begun on either side of the hand-over."""
        outcomes = []
        moved = 0
        while moved < 2:
            moved += pool._link is not first
            outcomes.append((await grader.grade(question(), slow)).outcome)
        return outcomes

    async def later() -> list[Outcome]:
        await grader.grade(question(), body("import time; time.sleep(0.3)"))
        return await overlapping()

    await grader.grade(question(), RIGHT)
    assert len(pool._links) == 1
    await grader.grade(question(), long)
    await until(lambda: len(pool._links) == 2)
    one, other = await asyncio.gather(overlapping(), later())
    assert {*one, *other} == {Outcome.PASS}
    await grader.close()
    gc.collect()
    await asyncio.sleep(0)
    assert complaints == []
    loop.set_exception_handler(before)


@pytest.mark.skipif(sys.platform == "darwin", reason="has it")
async def test_a_device_that_cannot_be_used_is_one_sentence() -> None:
    grader = Grader(device="mps", ready=1)
    with pytest.raises(GradeError) as caught:
        await grader.grade(question(), RIGHT)
    assert "mps" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300
    await grader.close()


async def test_a_device_that_is_not_here_is_skipped_with_a_reason(grader: Grader) -> None:
    verdict = await grader.grade(question(rules=Rules(device="cuda")), RIGHT)
    assert verdict.outcome is Outcome.SKIPPED
    assert "cuda" in verdict.message


@pytest.mark.skipif(not LINUX, reason="counts in /proc")
async def test_a_hundred_grades_leave_no_process_descriptor_or_folder(grader: Grader) -> None:
    processes = await settled(grader)
    descriptors = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(100):
        assert await passes(grader)
    await until(lambda: len(family()) <= processes)
    await until(lambda: len(os.listdir("/proc/self/fd")) <= descriptors)  # noqa: PTH208
    root = pool_of(grader)._root
    assert root is not None
    await until(lambda: len(list(root.glob("zygote-*/[0-9]*"))) <= processes)


async def settled(grader: Grader) -> int:
    """The number of processes once the second zygote has taken over and all jails are ready."""
    pool = pool_of(grader)
    await passes(grader)
    await until(
        lambda: (
            list(pool._links.values()) == [True]
            and len(pool._ready) == pool._target
            and len(family()) == pool._target + 2
        )
    )
    return len(family())


async def until(holds: object, seconds: float = 30) -> None:
    """Wait for something that other processes bring about."""
    assert callable(holds)
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.02)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_large_results_leave_no_memory_behind(grader: Grader) -> None:
    solution = "def f(n):\n    return torch.zeros(n)\n"
    program = Code(Fence(solution, 1), cases=Fence("yield 3_000_000\n", 1))
    before = written_memory(grader)
    for _ in range(6):
        verdict = await grader.grade(program, solution.replace("zeros", "ones"))
        assert verdict.outcome is Outcome.WRONG
    assert await passes(grader)
    assert written_memory(grader) - before < 100


def written_memory(grader: Grader) -> int:
    """MiB that are each process's own: the test's, and all of the grader's."""
    zygotes = [link._child.pid for link in pool_of(grader)._links]
    found = 0
    for pid in {os.getpid(), *zygotes}.union(*map(processes_below, zygotes)):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            found += int(text.partition("Private_Dirty:")[2].split()[0])
    return found >> 10


async def test_close_leaves_no_process_and_no_folder_and_is_not_the_end(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = open_to_all(tmp_path_factory.mktemp("one"))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    grader = Grader(ready=1)
    assert await passes(grader)
    zygotes = {link._child.pid for link in pool_of(grader)._links}
    below = zygotes.union(*map(processes_below, zygotes))
    assert len(below) >= 2
    await grader.close()
    assert not [pid for pid in below if Path(f"/proc/{pid}").exists()]
    assert list(folder.iterdir()) == []
    assert await passes(grader)
    await grader.close()


async def test_without_torch_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError('no torch', name='torch')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    grader = Grader(ready=1)
    with pytest.raises(GradeError, match="torch is not installed") as caught:
        await grader.grade(question(), RIGHT)
    assert "pip install torch" in caught.value.fix
    await grader.close()


@pytest.mark.skipif(not LINUX, reason="counts in /proc")
async def test_nothing_survives_an_application_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from quiz.grade.grader import Grader\n"
        "async def main():\n"
        "    grader = Grader(ready=1)\n"
        "    await grader.prepare()\n"
        "    print('ready', flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    folder = open_to_all(tmp_path)
    environment = {**os.environ, "TMPDIR": str(folder)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=subprocess.PIPE, env=environment
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    below = processes_below(process.pid)
    assert len(below) >= 3
    process.kill()
    await process.wait()
    await until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in below))
    await until(lambda: not list(folder.glob("quiz-grade-*/zygote-*")))


async def test_the_application_side_imports_no_torch() -> None:
    code = "import sys, quiz.grade.grader; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


CLOCK = question("import time\ndef f(a, b):\n    return time.time_ns()\n")
"""Every run of this solution expects something else."""


async def test_a_solution_runs_once_for_all_answers_under_one_seed(grader: Grader) -> None:
    first = await grader.grade(CLOCK, "def f(a, b):\n    return 0\n", seed=1)
    again = await grader.grade(CLOCK, "def f(a, b):\n    return 1\n", seed=1)
    other = await grader.grade(CLOCK, "def f(a, b):\n    return 0\n", seed=2)
    assert [case.expected for case in first.cases] == [case.expected for case in again.cases]
    assert [case.got for case in again.cases] == ["1", "1"]
    assert not {c.expected for c in first.cases} & {c.expected for c in other.cases}


def stands_ready(grader: Grader) -> bool:
    """Whether all is done that needs no answer: the solution has run, and a jail waits."""
    grading = grader._ahead and grader._ahead.grading
    jails = grading._jails if grading else {}
    return len(jails) == 2 and jails[Role.REFERENCE].ended.done()


async def test_an_expected_answer_finds_all_that_does_not_depend_on_it_done(
    grader: Grader,
) -> None:
    before = time.time_ns()
    grader.expect(CLOCK)
    await until(lambda: stands_ready(grader))
    between = time.time_ns()
    told: list[Case] = []
    verdict = await grader.grade(CLOCK, "def f(a, b):\n    return 0\n", on_case=told.append)
    assert verdict.outcome is Outcome.WRONG
    assert all(before < int(case.expected) < between for case in verdict.cases)
    assert tuple(told) == verdict.cases
    once_more = await grader.grade(CLOCK, "def f(a, b):\n    return 0\n")
    assert all(int(case.expected) > between for case in once_more.cases)
    assert once_more.seed != verdict.seed


async def test_a_jail_that_waits_for_its_answer_has_all_its_time_then(grader: Grader) -> None:
    brief = question(rules=Rules(timeout=0.4))
    grader.expect(brief)
    await until(lambda: stands_ready(grader))
    ahead = grader._ahead
    assert ahead is not None
    await asyncio.wait({ahead.task}, timeout=1)
    assert not ahead.task.done()
    assert (await grader.grade(brief, RIGHT)).passed
    assert ahead.task.done()
    grader.expect(brief)
    await until(lambda: stands_ready(grader))
    assert (await grader.grade(brief, body("while True: pass"))).outcome is Outcome.TIMEOUT


async def test_what_was_lost_while_it_waited_is_done_anew(grader: Grader) -> None:
    grader.expect(question())
    await until(lambda: stands_ready(grader))
    assert grader._ahead is not None
    assert grader._ahead.grading is not None
    jail = grader._ahead.grading._jails[Role.ANSWER]
    pool_of(grader).kill(jail)
    await until(jail.ended.done)
    assert await passes(grader)
    grader.expect(question("def f(a, b):\n    raise ValueError\n"))
    broken = question("def f(a, b):\n    raise ValueError\n")
    assert (await grader.grade(broken, RIGHT)).outcome is Outcome.CARD_ERROR
    grader.expect(question(cases="import os\nos._exit(3)\nyield 1, 2\n"))
    assert await passes(grader)


async def test_answers_do_not_wait_for_a_solution_that_hangs_ahead(grader: Grader) -> None:
    grader.expect(question("def f(a, b):\n    while True:\n        pass\n"))
    assert grader._ahead is not None
    ahead, tasks = grader._ahead.task, asyncio.all_tasks()
    await asyncio.wait({ahead}, timeout=0.5)  # it has begun by then
    assert await passes(grader)
    assert ahead.done()
    assert not [t for t in asyncio.all_tasks() - tasks if "_reply" in repr(t.get_coro())]


@pytest.mark.parametrize(
    ("program", "answers"),
    [
        (
            Code(
                Fence("x = torch.randn(3)\ny = x * 2\n", 1),
                setup=Fence("z = 1\n", 1),
            ),
            ["x = torch.randn(3)\ny = x + x\n", "x = torch.randn(3)\ny = x\nextra = 5\n"],
        ),
        (
            Code(
                Fence("def f():\n    return nn.Linear(3, 2)\n", 1),
                cases=Fence("yield call().then(torch.ones(4, 3))\n", 1),
            ),
            [
                "def f():\n    return nn.Linear(3, 2, bias=True)\n",
                "def f():\n    return nn.Linear(3, 1)\n",
            ],
        ),
        (
            Code(
                Fence("def f(a):\n    return a + 1\n", 1),
                test=Fence("def test_f():\n    assert f(1) == 2\n", 1),
            ),
            ["def f(a):\n    return 1 + a\n", "def f(a):\n    return a\n"],
        ),
    ],
    ids=["script", "module", "test"],
)
async def test_what_is_recalled_changes_no_verdict(
    grader: Grader, program: Code, answers: list[str]
) -> None:
    for _ in range(2):
        right, wrong = [await grader.grade(program, answer, seed=5) for answer in answers]
        assert right.passed, right
        assert wrong.outcome in (Outcome.WRONG, Outcome.ERROR), wrong
