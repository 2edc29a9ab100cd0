"""What happens to code where the layers of the jail are missing."""

from __future__ import annotations

import sys

import pytest

from quiz.errors import GradeError
from quiz.model.question import Code, Fence
from quiz.study.coding import Coding

DOUBLE = Code(Fence("def f(a):\n    return a * 2\n", 1), cases=Fence("yield 3\n", 1))
ANSWER = "def f(a):\n    return a + a\n"

EVERY_LAYER = ("files", "system calls", "user", "limits", "fork")
"""Without these it is as on a system that has none of them; jails are started one by one."""


@pytest.mark.parametrize(
    "off",
    [
        pytest.param(EVERY_LAYER, id="another system"),
        pytest.param(("files",), id="no Landlock"),
        pytest.param(("system calls",), id="no seccomp"),
    ],
)
async def test_nothing_runs_without_a_jail_until_the_learner_agrees(off: tuple[str, ...]) -> None:
    runner = Coding(off=off)
    try:
        with pytest.raises(GradeError, match="no jail holds code") as caught:
            await runner.grade(DOUBLE, ANSWER)
        missing = {layer.name for layer in await runner.layers() if not layer.holds}
        # Whoever is no superuser keeps that layer by being who they are.
        assert missing - {"user"} == {*off} - {"user", "fork"}
        assert all(name in caught.value.what for name in missing)
        assert "--trust" in caught.value.fix
        runner.expect(DOUBLE)
        grader = await runner.start()
        assert grader._ahead is None, "nothing of the card runs ahead either"
        runner.trusted = True
        assert (await runner.grade(DOUBLE, ANSWER)).passed
    finally:
        await runner.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the layers of Linux")
async def test_with_every_layer_nobody_is_asked() -> None:
    runner = Coding()
    try:
        assert (await runner.grade(DOUBLE, ANSWER)).passed
        assert runner.protected
    finally:
        await runner.close()
