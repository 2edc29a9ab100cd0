"""Locks and tensors between processes without /dev/shm, used in processes that really fork."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

import pytest

from quiz.model.question import Rules
from quiz.model.verdict import Outcome, Verdict
from tests.grade.pump import grade

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks here")

DOUBLE = "def f(x):\n    return x * 2\n"
ALLOWED = Rules(processes=True)


def passes(answer: str) -> Verdict:
    verdict = grade(DOUBLE, answer, cases="yield torch.arange(6.0),", rules=ALLOWED)
    assert (verdict.outcome, verdict.message) == (Outcome.PASS, "")
    return verdict


@pytest.mark.parametrize(
    "body",
    [
        "q = m.Queue()\n    p = m.Process(target=q.put, args=(x * 2,))\n    p.start()\n"
        "    y = q.get()\n    p.join()\n    return y",
        "q = m.SimpleQueue()\n    p = m.Process(target=lambda: q.put(nn.Parameter(x * 2)))\n"
        "    p.start()\n    y = q.get().detach()\n    p.join()\n    return y",
        "n = m.Value('i', 0)\n    def add():\n        with n.get_lock(): n.value += 1\n"
        "    ps = [m.Process(target=add) for _ in range(2)]\n    [p.start() for p in ps]\n"
        "    [p.join() for p in ps]\n    return x * n.value",
        "e = m.Event()\n    p = m.Process(target=e.set)\n    p.start()\n"
        "    ok = e.wait(9)\n    p.join()\n    return x * 2 * ok",
    ],
)
def test_multiprocessing_works(body: str) -> None:
    passes(f"import multiprocessing as m\ndef f(x):\n    {body}\n")


def test_a_data_loader_has_workers() -> None:
    passes(
        "from torch.utils.data import DataLoader\ndef f(x):\n"
        "    return torch.cat(list(DataLoader(x, batch_size=2, num_workers=2))) * 2\n"
    )


def test_a_semaphore_is_as_pythons_own(in_child: Callable[[Callable[[], None]], int]) -> None:
    def check() -> None:
        from quiz.grade.workers import SemLock

        lock = SemLock(1, 1, 1, "", True)
        assert lock.acquire()
        assert lock._is_mine()
        assert lock._is_zero()
        assert not lock.acquire(False)
        assert not lock.acquire(True, 0.01)
        lock.release()
        with pytest.raises(ValueError, match="too many times"):
            lock.release()
        again = SemLock(0, 1, 1, "", True)
        with again, again:
            assert again._count() == 2
        with pytest.raises(AssertionError, match="not owned"):
            again.release()
        shared = SemLock(1, 0, 1, "", True)
        if (pid := os.fork()) == 0:
            shared.release()
            os._exit(0)
        assert shared.acquire(True, 20)
        os.waitpid(pid, 0)
        threading.Thread(target=shared.release).start()
        assert shared.acquire()

    assert in_child(check) == 0


@pytest.fixture
def in_child() -> Callable[[Callable[[], None]], int]:
    """Runs something in a forked process and gives its exit status."""

    def run(action: Callable[[], None]) -> int:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                action()
                status = 0
            finally:
                os._exit(status)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    return run
