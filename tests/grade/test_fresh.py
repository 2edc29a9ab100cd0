"""Jails started fresh, as CUDA, MPS and systems without fork need them; simulated on the CPU."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from quiz.grade import device
from quiz.grade.fresh import FreshPool
from quiz.grade.grader import Grader
from quiz.model.question import Code, Fence, Rules
from quiz.model.verdict import Outcome
from tests.grade.places import open_to_all

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOLUTION = "def f(a):\n    return a + 1\n"


def question(timeout: float = 5) -> Code:
    cases = Fence("yield torch.ones(2)\n", 1)
    return Code(Fence(SOLUTION, 1), cases=cases, rules=Rules(timeout=timeout, memory=256))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def grader(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Grader]:
    """One for all tests: a jail that is started fresh takes seconds. It leaves no folder."""
    place = open_to_all(tmp_path_factory.mktemp("jails"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tempfile, "tempdir", str(place))
        grader = Grader(device="cpu", ready=1, off=["fork"])
        await grader.prepare()
        assert isinstance(grader._pool, FreshPool)
        assert list(place.glob("quiz-grade-*"))
        yield grader
        await grader.close()
    assert list(place.glob("quiz-grade-*")) == []


async def test_it_judges_as_a_forked_jail_does(grader: Grader) -> None:
    assert (await grader.grade(question(), SOLUTION)).passed
    wrong = await grader.grade(question(), "def f(a):\n    return a\n")
    assert wrong.outcome is Outcome.WRONG


async def test_its_layers_hold_as_well(grader: Grader) -> None:
    assert [layer for layer in await grader.layers() if not layer.holds] == []


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("while True: pass", Outcome.TIMEOUT),
        ("import ctypes; ctypes.string_at(0)", Outcome.CRASH),
        ("import os\n    while True: os.write(1, b'x' * 9999)", Outcome.OUTPUT),
        (
            "import tempfile\n    files = [tempfile.TemporaryFile() for _ in range(9)]\n"
            "    for file in files: file.write(b'x' * (60 << 20))\n    while True: pass",
            Outcome.OUTPUT,
        ),
    ],
)
async def test_a_faulty_answer_gets_its_verdict(
    grader: Grader, code: str, outcome: Outcome
) -> None:
    limit = 1 if outcome is Outcome.TIMEOUT else 8
    verdict = await grader.grade(question(limit), f"def f(a):\n    {code}\n    return a + 1\n")
    assert verdict.outcome is outcome, verdict


async def test_the_device_is_the_one_asked_for_or_the_best_there_is() -> None:
    assert await device.choose("mps") == "mps"
    assert await device.choose() in ("cuda", "mps", "cpu")
