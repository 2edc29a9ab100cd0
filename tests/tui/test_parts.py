"""The pure parts: what is proposed, how things are worded, drawn and told to an editor."""

from __future__ import annotations

import asyncio
import math
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from quiz.model.question import Kind
from quiz.model.review import Rating
from quiz.model.verdict import Case, Grid, Outcome, Verdict, Worst
from quiz.study.values import Counts, DeckRow
from quiz.tui import editor, theme, wording
from quiz.tui.background import SESSION, all_turns, in_turn
from quiz.tui.keys import key_name
from quiz.tui.starter import signature
from quiz.tui.trial import Trial
from quiz.tui.widgets.case import case_line, worst_content
from quiz.tui.widgets.code_diff import code_diff
from quiz.tui.widgets.deck_table import tree_names
from quiz.tui.widgets.grid import grid_content
from quiz.tui.widgets.heatmap import Heatmap, shade
from quiz.tui.widgets.lines import lines_content

PASSED = Verdict(Outcome.PASS, cases=(Case(Outcome.PASS, "f(1)"),), device="cpu")
FAILED = Verdict(Outcome.WRONG, cases=(Case(Outcome.WRONG, "f(1)"), Case(Outcome.PASS, "f(2)")))
BROKEN = Verdict(Outcome.CARD_ERROR, "the card is broken")


def trial(kind: Kind = Kind.CODE) -> Trial:
    return Trial(kind, started=10.0)


def test_a_pass_at_once_is_good() -> None:
    t = trial()
    t.graded("x", PASSED)
    assert t.proposal().rating is Rating.GOOD
    assert t.attempt(12.5).duration == 2500
    assert (t.attempt(11).verdict, t.attempt(11).device) == ("pass", "cpu")


def test_a_pass_after_failures_is_hard_and_keeps_the_passing_answer() -> None:
    t = trial()
    t.graded("wrong", FAILED)
    assert t.proposal().rating is Rating.AGAIN
    t.graded("right", PASSED)
    t.graded("tried further", FAILED)
    proposal = t.proposal()
    assert proposal.rating is Rating.HARD
    assert proposal.reason == "right after 1 failed try"
    attempt = t.attempt(11)
    assert (attempt.answer, attempt.attempts, attempt.share) == ("right", 3, 1.0)


def test_a_pass_after_the_solution_was_seen_is_again() -> None:
    t = trial()
    t.reveal("half")
    t.graded("copied", PASSED)
    assert t.proposal().rating is Rating.AGAIN


def test_looking_after_a_pass_gives_nothing_away() -> None:
    t = trial()
    t.graded("x", PASSED)
    t.reveal()
    assert t.proposal().rating is Rating.GOOD


def test_a_broken_card_proposes_nothing_and_counts_nothing() -> None:
    t = trial()
    t.graded("x", BROKEN)
    assert t.ratable
    assert t.proposal().rating is None
    assert t.attempt(11).attempts == 0
    t.graded("x", PASSED)
    assert t.proposal().rating is Rating.GOOD


def test_where_nothing_can_be_graded_the_learner_decides() -> None:
    t = trial()
    t.reveal("mine")
    assert t.proposal(checkable=False).rating is None
    assert t.attempt(11).answer == "mine"


def test_recall_is_good_unless_a_hint_was_needed() -> None:
    t = trial(Kind.RECALL)
    assert not t.ratable
    t.reveal()
    assert t.proposal().rating is Rating.GOOD
    t.hints = 2
    assert t.proposal().rating is Rating.HARD


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["vim"], ["vim", "+7", "a.md"]),
        (["nano", "-w"], ["nano", "-w", "+7", "a.md"]),
        (["/usr/bin/emacs", "-nw"], ["/usr/bin/emacs", "-nw", "+7", "a.md"]),
        (["code", "--wait"], ["code", "--wait", "--goto", "a.md:7"]),
        (["codium"], ["codium", "--goto", "a.md:7"]),
        (["hx"], ["hx", "a.md:7"]),
        (["subl", "-w"], ["subl", "-w", "a.md:7"]),
        (["ed"], ["ed", "a.md"]),
    ],
)
def test_every_editor_is_told_the_line_in_its_own_way(
    words: list[str], expected: list[str]
) -> None:
    assert editor.command_at(words, Path("a.md"), 7) == expected


def test_an_editor_with_a_window_needs_no_terminal() -> None:
    assert editor.is_windowed(["/opt/code", "--wait"])
    assert not editor.is_windowed(["nvim"])


def test_the_theme_follows_the_setting_then_the_terminal() -> None:
    assert theme.preferred("nord", {}) == "nord"
    assert theme.preferred("", {"COLORFGBG": "0;15"}) == "quiz-light"
    assert theme.preferred("", {"COLORFGBG": "15;0"}) == "quiz-dark"
    assert theme.preferred("", {}) == "quiz-dark"


def test_spans_and_moments_read_naturally() -> None:
    assert [wording.span(s) for s in (0, 45, 720, 3900)] == ["0 s", "45 s", "12 min", "1 h 5 min"]
    now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    assert wording.moment(now + timedelta(days=30), now) == "on 1 April"
    assert wording.moment(now + timedelta(days=400), now) == "on 6 April 2027"
    assert wording.lapses(1) == "1 lapse"
    assert wording.lapses(1200) == "1,200 lapses"
    assert [wording.days(d) for d in (0.4, 12.2, 61, 800)] == ["0.4 d", "12 d", "2.0 mo", "2.2 y"]


def test_a_grid_lines_up_and_marks_what_differs() -> None:
    grid = Grid(
        cells=(("1.5", "-10.0"), ("nan", "0.0")),
        values=((1.5, -10.0), (math.nan, 0.0)),
        differs=((False, True), (False, False)),
    )
    content = grid_content(grid)
    lines = content.plain.split("\n")
    assert len({cell_len(line) for line in lines}) == 1
    assert "-10.0≠" in lines[0]
    assert "≠" not in lines[1]


def test_a_grid_without_elements_says_so() -> None:
    assert grid_content(Grid((), (), ())).plain == "(empty)"
    assert grid_content(Grid(((),), ((),), ((),))).plain == "(empty)"


def test_printed_lines_are_compared_with_white_space_folded() -> None:
    lines = lines_content("a  b\nc\n\nd", " \na b\nx\n\n   ").plain.split("\n")
    assert lines[0].startswith("✓")
    assert lines[1].startswith("✗ expected")
    assert lines[1].endswith("c")
    assert lines[2].endswith("x")
    assert "(empty line)" in lines[3]
    assert "(no line)" in lines[4]


def test_the_worst_element_is_told_with_what_was_allowed() -> None:
    case = Case(
        Outcome.WRONG, "f(1)", share_differing=0.25, worst=Worst((0, 1), "1.0", "1.1", 1e-5)
    )
    text = worst_content(case).plain
    assert "25% of the elements differ" in text
    assert "at [0, 1] expected 1.0, got 1.1 (allowed ±1e-05)" in text


def test_a_case_in_one_line() -> None:
    assert case_line(Case(Outcome.PASS, "f(\n  1)")).plain == "✓ f( 1)"
    assert case_line(Case(Outcome.TIMEOUT, "f(1)")).plain == "✗ f(1)  took too long"


def test_the_tree_of_decks() -> None:
    rows = [
        DeckRow("", "all", 0, 4, Counts()),
        DeckRow("a", "a", 1, 2, Counts()),
        DeckRow("a/x", "x", 2, 1, Counts()),
        DeckRow("a/y", "y", 2, 1, Counts()),
        DeckRow("b", "한국어", 1, 2, Counts()),
    ]
    assert tree_names(rows) == ["all", "├ a", "│ ├ x", "│ └ y", "└ 한국어"]


@pytest.mark.parametrize(
    ("key", "name"),
    [("ctrl+r", "Ctrl+R"), ("slash", "/"), ("F", "F"), ("f1", "F1"), ("shift+up", "Shift+↑"),
     ("ctrl+home", "Ctrl+Home"), ("escape", "Esc")],
)  # fmt: skip
def test_keys_are_called_what_stands_on_them(key: str, name: str) -> None:
    assert key_name(key) == name


def test_the_heatmap_has_four_shades() -> None:
    assert [shade(n, 100) for n in (0, 1, 26, 60, 99, 100)] == [0, 1, 2, 3, 4, 4]
    assert shade(1, 1) == 4


@pytest.mark.parametrize("width", [80, 120, 200])
async def test_a_month_of_one_week_gives_way_to_the_whole_one_after_it(width: int) -> None:
    class Year(App[None]):
        def compose(self) -> ComposeResult:
            yield Heatmap({}, date(2026, 11, 23))

    year = Year()
    async with year.run_test(size=(width, 9)):
        months = str(year.query_one(Heatmap).render()).split("\n")[0].split()
    assert months == [
        "Dec",
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
    ]


def test_an_editor_without_a_starter_opens_with_the_signature() -> None:
    solution = (
        "import math\n\ndef helper(x):\n    return x\n\ndef f(\n    a, b=1\n):\n    return a\n"
    )
    assert signature(solution, None) == "def f(\n    a, b=1\n):\n    \n"
    assert signature(solution, "helper") == "def helper(x):\n    \n"
    assert signature("x = 1", None) == ""
    assert signature("def f(a): return a", None) == "def f(a):\n    \n"
    assert signature("not python (", None) == ""


def test_code_is_compared_line_by_line_with_signs() -> None:
    assert code_diff("def f(x):\n    return x  \n\n", "def f(x):\n    return x") is None
    assert code_diff("def f(x):\n\n    return x", "def f(x):\n    return x") is None
    shown = code_diff("def f(x):\n    return x + 1\n", "def f(x):\n    y = 2\n    return x * 1\n")
    assert shown is not None
    assert shown.plain.split("\n") == [
        "  def f(x):",
        "-     return x + 1",
        "+     y = 2",
        "+     return x * 1",
    ]
    alike = code_diff("return torch.eq(a, b)", "return torch.ne(a, b)")
    assert alike is not None
    marked = [alike.plain[s.start : s.end] for s in alike.spans if "underline" in str(s.style)]
    assert marked == ["q", "n"]


async def test_what_waits_for_its_turn_is_done_though_nobody_waits_for_it() -> None:
    go_on, done = Event(), Event()
    SESSION.submit(go_on.wait)
    waiting = asyncio.create_task(in_turn(done.set))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    go_on.set()
    await all_turns()
    assert waiting.cancelled()
    assert done.is_set()
