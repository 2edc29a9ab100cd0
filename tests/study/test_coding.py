"""Which question is graded, and what happens to code where the layers of the jail are missing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from quiz.errors import CardError, GradeError
from quiz.model.question import Code, Fence
from quiz.study.coding import Coding, find_question

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


class TestFindingTheQuestion:
    TEXT = (
        "# C\n\n![missing](none.png)\n\n"
        "## First\n\n```answer\n```\n\n"
        "## Second\n\n```python solution timeout=soon\nx = 1\n```\n\n"
        "## Third\n\n```python solution\nx = 1\n```\n\n"
        "## Fourth\n\n```python solution\nx = 2\n```\n"
    )

    @pytest.fixture
    def card(self, tmp_path: Path) -> Path:
        (tmp_path / "c.md").write_text(self.TEXT)
        return tmp_path / "c.md"

    def test_a_broken_question_is_refused_with_its_own_error(self, card: Path) -> None:
        assert find_question(f"{card}#third").id == "c#third"
        with pytest.raises(CardError, match="number of seconds") as caught:
            find_question(f"{card}#second")
        assert caught.value.where is not None
        assert caught.value.where.line == 12

    @pytest.mark.parametrize("name", ["#none", ""])
    def test_the_questions_there_are_do_not_hide_behind_the_errors_of_others(
        self, card: Path, name: str
    ) -> None:
        with pytest.raises(CardError, match=r"no question `#none`|2 questions") as caught:
            find_question(f"{card}{name}")
        assert "#third, #fourth" in caught.value.fix

    def test_a_translation_is_a_name_of_the_same_question(self, card: Path) -> None:
        words = ("하나", "둘", "셋", "넷")
        card.with_name("c.ko.md").write_text("# C\n" + "".join(f"\n## {one}\n" for one in words))
        found = find_question(f"{card.with_name('c.ko.md')}#third")
        assert (found.id, found.prompt) == ("c#third", "셋")
        assert isinstance(found.content, Code)
        assert found.content.solution.text.strip() == "x = 1"
