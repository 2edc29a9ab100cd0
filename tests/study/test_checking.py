"""What a check says of questions with every fault there is, with the real grader."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio

from quiz.model.finding import Severity
from quiz.study.checking import (
    Accepted,
    Checked,
    Found,
    Material,
    Meter,
    Plan,
    Survivor,
    check_questions,
    gather,
)
from quiz.study.checking.questions import check_question
from quiz.study.checking.runs import Runs
from quiz.study.coding import Coding

pytestmark = pytest.mark.asyncio(loop_scope="module")

HALF = """\
# Halves

## Halve `x`.

```python starter
def half(x):
    ...
```

```python solution
def half(x):
    return x / 2
```

```python cases
yield torch.tensor([2.0, 3.0])
```
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def coding() -> AsyncIterator[Coding]:
    """One grader for all of these tests."""
    runner = Coding("cpu")
    yield runner
    await runner.close()


async def check(
    material: Material,
    coding: Coding,
    plan: Plan = Plan(),  # noqa: B008 - it is frozen
    *,
    found: Found | None = None,
    meter: Meter | None = None,
) -> list[Checked]:
    checks = check_questions(
        material.programs, coding, plan, accepted=material.accepted, found=found, meter=meter
    )
    return [checked async for checked in checks]


def write(root: Path, text: str, name: str = "card") -> Material:
    """A collection of one card."""
    path = root / "cards" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return gather([root / "cards"])


def fences(solution: str, attributes: str = "", **others: str) -> str:
    """A card with one code question, each fence's text at a line that can be counted."""
    parts = ["# T", "", "## Q?", ""]
    for role, text in {f"solution {attributes}".strip(): solution, **others}.items():
        parts += [f"```python {role}", *text.strip("\n").split("\n"), "```", ""]
    return "\n".join(parts)


SOLUTION = "def f(a):\n    return a + 1"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (fences("def f(a):\n    return a + b", cases="yield 1"), 7, "NameError"),
        (fences(SOLUTION, 'forbid="+"', cases="yield 1"), 7, "own constraints"),
        (fences(SOLUTION, cases="if []:\n    yield 1"), 10, "at least one `yield`"),
        (fences(SOLUTION, cases="x = 1\nyield zzz"), 12, "NameError"),
        (fences(SOLUTION, cases="yield 1", setup="a = 1\n1 / 0"), 16, "ZeroDivisionError"),
        (fences("def f(a):\n    return lambda: a", cases="yield 1"), 5, "cannot be compared"),
        (fences("def f(a):\n    return a.to('meta')", cases="yield torch.ones(1)"), 5, "compared"),
        (fences("import time\ndef f(a):\n    return time.time_ns()", cases="yield 1"), 5,
         "not deterministic"),
        (fences("def f(a):\n    return id([]) + id({}) + len(str(object()))\nimport os\n"
                "def f(a):\n    return os.getpid()", cases="yield 1"), 5, "not deterministic"),
        (fences(SOLUTION, cases="import time\nyield time.time_ns()"), 10, "from run to run"),
        (fences(SOLUTION, test="def test_f():\n    assert f(1) == 3"), 12, "assert f(1) == 3"),
        (fences("pass"), 5, "binds no name"),
        (fences("def f(a):\n    while a: pass", "timeout=0.5", cases="yield 1"), 7,
         "does not pass"),
        (fences(SOLUTION, starter=SOLUTION, cases="yield 1"), 10, "the starter passes"),
        ("# T\n\n## Q?\n\n```python predict\nx = 1\nprint(y)\n```\n", 7, "NameError"),
        ("# T\n\n## Q?\n\n```python predict\nx = 1\n```\n", 5, "prints nothing"),
        ("# T\n\n## Q?\n\n```python predict\nprint(torch.rand(3))\n```\n", 5, "something else"),
    ],
)  # fmt: skip
async def test_a_faulty_question_is_reported_where_it_is_wrong(
    text: str, line: int, said: str, tmp_path: Path, coding: Coding
) -> None:
    material = write(tmp_path, text)
    assert not material.findings
    (checked,) = await check(material, coding)
    (finding,) = checked.findings
    assert said in finding.message
    assert finding.severity is Severity.ERROR
    assert Path(finding.place.path).resolve() == tmp_path / "cards" / "card.md"
    lines = text.splitlines()
    assert finding.place.line == line, (finding, lines[finding.place.line - 1])
    assert finding.source == lines[line - 1]
    assert finding.place.column == len(finding.source) - len(finding.source.lstrip()) + 1


async def test_a_fault_is_found_at_its_line_in_any_language(tmp_path: Path, korean: None) -> None:
    """What a verdict is about is told by its words, which are another language's then."""
    faulty = {
        "a": (fences(SOLUTION, cases="yield 1", setup="a = 1\n1 / 0"), 16, "ZeroDivisionError"),
        "b": (fences(SOLUTION, cases="if []:\n    yield 1"), 10, "`yield`를 하나 이상"),
        "c": (fences("def f(a):\n    return lambda: a", cases="yield 1"), 5, "비교할 수 없습니다"),
        "d": (fences(SOLUTION, cases="x = 1\nyield zzz"), 12, "(카드 오류)"),
        "e": ("# T\n\n## Q?\n\n```python predict\nx = 1\n```\n", 5, "`print`를 더하세요"),
        "f": (fences("def f(a):\n    while a: pass", "timeout=0.5", cases="yield 1"), 7,
              "멈춘 곳: 7번째 줄, f 안."),
    }  # fmt: skip
    for name, (text, *_rest) in faulty.items():
        material = write(tmp_path, text, name)
    coding = Coding("cpu")
    runs = Runs(coding, asyncio.Semaphore(2), Meter(), expected=9)
    try:
        checked = await asyncio.gather(
            *(check_question(one, runs, Plan(), Accepted()) for one in material.programs)
        )
    finally:
        await coding.close()
    for one, (_text, line, said) in zip(checked, faulty.values(), strict=True):
        (finding,) = one.findings
        assert said in finding.message
        assert finding.place.line == line


async def test_a_slow_question_is_reported_and_a_first_import_is_not(
    tmp_path: Path, coding: Coding
) -> None:
    # Its first step imports torch._dynamo, which takes about a second where it is not loaded.
    step = fences(
        "torch.optim.SGD([w], lr=0.1).step()", "timeout=5",
        setup="w = nn.Parameter(torch.ones(1))\nw.grad = torch.ones(1)",
    )  # fmt: skip
    (checked,) = await check(write(tmp_path / "step", step), coding)
    assert checked.findings == ()
    slow = fences(
        "def f(a):\n    time.sleep(1.2)\n    return a", "timeout=4", setup="import time",
        cases="yield 1",
    )  # fmt: skip
    (checked,) = await check(write(tmp_path / "slow", slow), coding)
    (finding,) = checked.findings
    assert finding.severity is Severity.WARNING
    assert "of the 4 s allowed" in finding.message


async def test_a_skipped_question_says_so(tmp_path: Path, coding: Coding) -> None:
    (checked,) = await check(
        write(tmp_path, fences(SOLUTION, "device=cuda", cases="yield 1")), coding
    )
    (finding,) = checked.findings
    assert (finding.severity, finding.place.line) == (Severity.WARNING, 5)
    assert "cuda" in finding.message


async def test_a_right_deck_has_no_findings_and_its_mutants_die(
    tmp_path: Path, coding: Coding
) -> None:
    (checked,) = await check(write(tmp_path, HALF), coding, Plan(mutants=100))
    assert checked.findings == ()
    assert (checked.tally.survived, checked.tally.accepted) == (0, 0)
    assert checked.tally.killed >= 6


WEAK = HALF.replace("torch.tensor([2.0, 3.0])", "torch.tensor([4.0, 4.0])").replace(
    "x / 2", "x / 2 if x[0] > 0 else x"
)


async def test_mutants_that_pass_are_listed_with_their_change_and_place(
    tmp_path: Path, coding: Coding
) -> None:
    (checked,) = await check(write(tmp_path, WEAK), coding, Plan(mutants=100))
    survivors = [one for one in checked.findings if isinstance(one, Survivor)]
    assert len(survivors) == len(checked.findings) == checked.tally.survived > 2
    changes = {one.change: one for one in survivors}
    boundary = changes["- return x / 2 if x[0] > 0 else x\n+ return x / 2 if x[0] >= 0 else x"]
    assert boundary.severity is Severity.WARNING
    assert boundary.question == "card#halve-x"
    line = WEAK.splitlines()[boundary.place.line - 1]
    assert line[boundary.place.column - 1 :].startswith("x[0] > 0")
    assert boundary.change in boundary.message
    assert all("return x / 3" not in change for change in changes)
    killed = checked.tally.killed / (checked.tally.killed + checked.tally.survived)
    assert checked.tally.share == killed < 1


async def test_one_seed_is_enough_to_see_a_program_that_prints_the_time(
    tmp_path: Path, coding: Coding
) -> None:
    program = "# T\n\n## Q?\n\n```python predict\nimport time\nprint(time.time_ns())\n```\n"
    (checked,) = await check(write(tmp_path, program), coding, Plan(seeds=1))
    (finding,) = checked.findings
    assert "something else every time" in finding.message


async def test_a_mutant_the_deck_lists_is_accepted_and_a_stale_entry_reported(
    tmp_path: Path, coding: Coding
) -> None:
    write(tmp_path, WEAK, "deck/card")
    change = "- return x / 2 if x[0] > 0 else x\n+   return x / 2 if x[0] >= 0 else x"
    dead = "- return x / 2 if x[0] > 0 else x\n+ return x * 2 if x[0] > 0 else x"
    gone = "- return x\n+ return None"
    entries = "".join(
        f"[[equivalent]]\nquestion = 'card#halve-x'\nchange = '''\n{one}\n'''\nreason = 'Why.'\n"
        for one in (change, dead, gone)
    )
    entries += "[[equivalent]]\nquestion = 'no#where'\nchange = 'x'\nreason = 'y'\n"
    path = tmp_path / "cards" / "deck" / "mutants.toml"
    path.write_text(entries)
    material = gather([tmp_path / "cards"])
    (unknown,) = material.findings
    assert "no question `no#where`" in unknown.message
    # However few are asked for: those that are listed are graded all the same.
    (checked,) = await check(material, coding, Plan(mutants=1))
    assert checked.tally.accepted == 1
    stale = [one for one in checked.findings if not isinstance(one, Survivor)]
    places = [(Path(one.place.path).resolve(), one.place.line) for one in stale]
    assert places == [(path, 8), (path, 15)]
    assert "does not pass any more" in stale[0].message
    assert "has no mutant with this change" in stale[1].message
    assert all(one.severity is Severity.WARNING for one in (*stale, unknown))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[equivalent]\n", "cannot be read"),
        ("[[equal]]\nchange = 'x'\n", "unknown key `equal`"),
        ("[[equivalent]]\nquestion = 3\nchange = 'x'\n", "`question`, `reason`"),
        ("equivalent = 3\n", "`question`, `change`, `reason`"),
    ],
)
async def test_a_damaged_list_of_mutants_is_an_error_with_a_place(
    text: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "mutants.toml").write_text(text)
    (finding,) = write(tmp_path, HALF).findings
    assert said in finding.message
    assert finding.severity is Severity.ERROR
    assert Path(finding.place.path).name == "mutants.toml"


async def test_what_was_found_right_is_not_run_again_until_it_changes(
    tmp_path: Path, coding: Coding
) -> None:
    runner, cache = coding, tmp_path / "cache" / "checked.json"
    plan = Plan(mutants=5)

    async def again(text: str, plan: Plan = plan, *, forget: bool = False) -> tuple[bool, Meter]:
        meter, found = Meter(), Found(cache, forget=forget)
        (checked,) = await check(write(tmp_path, text), runner, plan, found=found, meter=meter)
        assert checked.findings == ()
        found.save()
        return checked.unchanged, meter

    unchanged, meter = await again(HALF)
    assert not unchanged
    assert meter.done == meter.total >= 8
    runner = Coding("no such device")  # fails when it is started
    moved = HALF.replace("## Halve", "A note.\n\n## Halve")
    for same, with_plan in ((HALF, plan), (moved, plan), (HALF, Plan()), (HALF, Plan(1, 5, 9))):
        unchanged, meter = await again(same, with_plan)
        assert unchanged
        assert meter.done == meter.total == 0
    runner = coding
    assert not (await again(HALF, forget=True))[0]
    assert not (await again(HALF, Plan(mutants=6)))[0]
    assert not (await again(HALF, Plan(seeds=3)))[0]
    assert not (await again(HALF.replace("[2.0, 3.0]", "[2.0, 5.0]")))[0]
    assert not (await again(HALF.replace("solution", "solution timeout=9")))[0]
    assert (await again(HALF, Plan(seeds=3)))[0]
    cache.write_text(cache.read_text()[:-9])
    assert not (await again(HALF))[0]
    assert (await again(HALF))[0]
    cache.write_text(json.dumps({key: [1] for key in json.loads(cache.read_text())}))
    assert not (await again(HALF))[0]


async def test_a_wrong_question_is_run_every_time(tmp_path: Path, coding: Coding) -> None:
    material = write(tmp_path, fences(SOLUTION, starter=SOLUTION, cases="yield 1"))
    for _ in range(2):
        found, meter = Found(tmp_path / "checked.json"), Meter()
        (checked,) = await check(material, coding, found=found, meter=meter)
        found.save()
        assert checked.findings
        assert meter.done == meter.total > 0


async def test_questions_come_in_order_and_the_meter_ends_full(
    tmp_path: Path, coding: Coding
) -> None:
    slow = HALF.replace("return x / 2", "import time; time.sleep(0.3); return x / 2")
    texts = [slow, HALF.replace("x / 2", "x / zzz"), WEAK, HALF]
    for number, text in enumerate(texts):
        material = write(tmp_path, text, f"card{number}")
    seen: list[tuple[int, int]] = []
    meter = Meter(lambda: seen.append((meter.done, meter.total)))
    checked = await check(material, coding, Plan(mutants=3, jobs=3), meter=meter)
    assert [one.question.concept for one in checked] == ["card0", "card1", "card2", "card3"]
    assert meter.done == meter.total > 15
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert meter.left == 0


async def test_a_check_that_is_cancelled_leaves_no_task_behind(
    tmp_path: Path, coding: Coding
) -> None:
    for number in range(6):
        material = write(tmp_path, HALF, f"card{number}")
    before = asyncio.all_tasks()
    checks = check_questions(material.programs, coding, Plan(mutants=50), accepted=Accepted())
    assert (await anext(checks)).question.concept == "card0"
    await checks.aclose()
    left = [task for task in asyncio.all_tasks() - before if "check" in repr(task.get_coro())]
    assert left == []
    (checked, *_) = await check(material, coding)
    assert checked.findings == ()


async def test_a_translation_with_a_program_of_its_own_is_run_too(
    tmp_path: Path, coding: Coding
) -> None:
    write(tmp_path, HALF)
    korean = HALF.replace("# Halves", "# 절반").replace("## Halve `x`.", "## `x`의 절반?")
    same = write(tmp_path, korean, "card.ko")
    assert len(same.programs) == same.count == 1
    other = write(tmp_path, korean.replace("x / 2", "x / 없음"), "card.ko")
    assert (len(other.programs), other.count) == (2, 1)
    base, translated = await check(other, coding)
    assert base.findings == ()
    (finding,) = translated.findings
    assert Path(finding.place.path).name == "card.ko.md"
    assert "NameError" in finding.message


async def test_material_is_what_stands_below_the_paths(tmp_path: Path) -> None:
    write(tmp_path, HALF, "a/one")
    write(tmp_path, HALF, "b/two")
    write(tmp_path, HALF, "b/twofold")
    (tmp_path / "cards" / "quiz.toml").write_text("")
    cards = tmp_path / "cards"

    def names(paths: Sequence[Path]) -> list[str]:
        return [question.concept for question in gather(paths, cards).programs]

    assert names([cards]) == ["a/one", "b/two", "b/twofold"]
    assert names([cards / "b"]) == ["b/two", "b/twofold"]
    assert names([cards / "b" / "two.md"]) == ["b/two"]
    assert names([cards / "b", cards, cards / "b" / "two.md"]) == ["b/two", "b/twofold", "a/one"]
