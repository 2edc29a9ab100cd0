"""Where the learner stands: a picture for each thing that the log can tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from quiz.language import _, counted, mark
from quiz.model.review import Rating, State
from quiz.study.values import Statistics
from quiz.tui.background import COUNTING, in_thread
from quiz.tui.drawing import QUIET, Draw, bars, columns, points, table
from quiz.tui.naming import collection_name
from quiz.tui.page import Page
from quiz.tui.phrase import phrase
from quiz.tui.plots import Axis
from quiz.tui.screens.help import HelpScreen
from quiz.tui.widgets.figure import Figure
from quiz.tui.widgets.heatmap import Heatmap
from quiz.tui.widgets.key_bar import KeyBar
from quiz.tui.widgets.prose import Prose
from quiz.tui.wording import (
    kind_word,
    ranges,
    rating_words,
    short_day,
    some_days,
    span,
    state_word,
    verdict_word,
    whole_days,
)

if TYPE_CHECKING:
    from quiz.study.library import Library
    from quiz.study.report import CodeFigures, Group, Report, Share

MOST_GROUPS = 12
"""Decks or tags that are listed, those with the most reviews."""

_TITLES: Mapping[str, str] = {
    "forecast": mark("Due in the next 30 days"),
    "retention": mark("Remembered"),
    "calibration": mark("Recall: foretold and real"),
    "seconds": mark("Answer times"),
    "ratings": mark("Ratings"),
    "states": mark("Questions by state"),
    "stability": mark("Stability"),
    "difficulty": mark("Difficulty"),
    "code": mark("Code answers"),
    "kinds": mark("By kind"),
    "decks": mark("By deck"),
    "tags": mark("By tag"),
}
"""The figures in their order, by id."""

_AWAITED: Mapping[str, str] = {
    "retention": mark(
        "Once questions return after a day or more: the share that you remembered, after short "
        "waits and after long ones."
    ),
    "calibration": mark(
        "Once questions return after a day or more: whether you remember as often as the "
        "scheduler foretells. Points on the line: just as often."
    ),
    "seconds": mark("Once you have answered: how long it took."),
    "ratings": mark("Once you have rated: how often each rating was given."),
    "stability": mark("Once you have rated: the days after which recall falls to 90%."),
    "difficulty": mark("Once you have rated: how hard questions are for you, from 1 to 10."),
    "code": mark(
        "Once you have run answers to code questions with Ctrl+R: how often the first run was "
        "right, and how the others failed."
    ),
    "tags": mark("Once cards have tags (`t` in the search gives them): a line for each."),
}
"""What stands in place of a figure that there is nothing for yet: what it will show, and when."""

_LESSON = mark("""\
### No reviews yet

Here stands what your reviews tell:

- **from the first one on:** the days on which you studied, how long answers took, how you rated
  them, and what is due in the next 30 days;
- **once questions return after a day or more:** the share that you remembered, and whether the
  scheduler foretold it;
- **once you run code:** how often the first run was right, and how the others failed.

To begin, `Enter` on the first page starts the deck under the cursor.
""")


class StatisticsScreen(Page[None]):
    """Honest and plain: a share is only given where there is something to count.

    What the database counts is shown at once; what the whole log must be read for comes after.
    """

    CSS_PATH = "statistics.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (110, "-wide"), (170, "-vast")]  # noqa: RUF012
    BINDINGS = [  # noqa: RUF012
        Binding("question_mark,f1", "help", mark("Help")),
        Binding("q,escape,s,enter", "dismiss", mark("Back")),
    ]

    class Overviewed(Message):
        """The quick figures are there."""

        def __init__(self, statistics: Statistics) -> None:
            super().__init__()
            self.statistics = statistics

    class Counted(Message):
        """All of them are."""

        def __init__(self, report: Report) -> None:
            super().__init__()
            self.report = report

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="statistics"):
            yield Static(
                Content(_("Statistics: {name}").format(name=collection_name(self._library))),
                id="statistics-title",
            )
            yield Heatmap({}, self._library.today())
            with Container(id="figures"):
                for name, title in _TITLES.items():
                    yield Figure(_(title), _waiting, id=f"figure-{name}")
        yield KeyBar()

    def on_mount(self) -> None:
        # Before all is counted; a question without a standing has never been rated.
        self.set_class(bool(self._library.standings), "-begun")
        self.run_worker(self._count(), group="count")

    async def _count(self) -> None:
        from quiz.study.report import report

        library = self._library
        # What is known is painted before more is counted: both at once would take twice as long.
        await self.wait_for_refresh()
        statistics = await in_thread(library.statistics, executor=COUNTING)
        self.post_message(self.Overviewed(statistics))
        await self.wait_for_refresh()
        figures = await in_thread(report, library.ledger, executor=COUNTING)
        self.post_message(self.Counted(figures))

    async def on_statistics_screen_overviewed(self, event: Overviewed) -> None:
        s = event.statistics
        self.set_class(s.reviews > 0, "-begun")
        if not s.reviews:
            await self.query_one("#statistics").mount(Prose(_(_LESSON), id="statistics-lesson"))
            return
        title = self.query_one("#statistics-title", Static)
        title.update(_headline(s, collection_name(self._library)))
        self.query_one(Heatmap).show(s.by_day)
        self._show("forecast", partial(forecast, s))
        self._show("states", partial(bars, _states(s)))
        self._show("ratings", partial(bars, ratings(s)) if s.ratings else None)

    def on_statistics_screen_counted(self, event: Counted) -> None:
        from quiz.study.report import DAYS, SECONDS

        r = event.report
        self._show("retention", partial(_retention, r) if r.calibration else None)
        self._show("calibration", partial(_calibration, r) if r.calibration else None)
        self._show("seconds", _histogram(r.seconds, ranges(SECONDS, span)))
        self._show("stability", _histogram(r.stability, ranges(DAYS, some_days)))
        self._show("difficulty", _histogram(r.difficulty, [str(n) for n in range(1, 11)]))
        self._show("code", partial(_code, r.code) if r.code.reviews else None)
        self._show("kinds", partial(_groups, r.kinds, kind_word))
        self._show("decks", partial(_groups, r.decks, lambda deck: deck or "/"))
        self._show("tags", partial(_groups, r.tags, str) if r.tags else None)

    def _show(self, name: str, draw: Draw | None) -> None:
        """Show a figure; None where there is nothing for it yet."""
        figure = self.query_one(f"#figure-{name}", Figure)
        figure.show(draw or partial(_awaited, _(_AWAITED[name])))

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen(self))


def _headline(s: Statistics, name: str) -> Content:
    return Content("   ").join(
        [
            Content.styled(_("Statistics: {name}").format(name=name), "bold $text-primary"),
            phrase(
                _("{all} in all, {today} today"),
                all=(f"{s.reviews:,}", "bold"),
                today=(f"{s.today:,}", "bold"),
            ),
            phrase(_("Streak {days}"), days=(whole_days(s.streak), "bold")),
        ]
    )


def _waiting(_width: int) -> Content:
    return Content.styled(_("counting…"), QUIET)


def _awaited(text: str, width: int) -> Content:
    return Content("\n").join(Content.styled(text, QUIET).wrap(max(1, width)))


def _histogram(numbers: Sequence[int], names: Sequence[str]) -> Draw | None:
    if not any(numbers):
        return None
    rows = [(name, number, "primary") for name, number in zip(names, numbers, strict=True)]
    return partial(bars, rows)


def ratings(s: Statistics) -> list[tuple[str, int, str]]:
    """Each rating with how often it was given and its colour."""
    words = ((rating, *rating_words(rating)) for rating in Rating)
    return [(name, s.ratings.get(rating, 0), colour) for rating, name, colour in words]


def _states(s: Statistics) -> list[tuple[str, int, str]]:
    names = [*State, *sorted(s.states.keys() - set(State))]
    return [(state_word(name), s.states.get(name, 0), "primary") for name in names]


def forecast(s: Statistics, width: int) -> Content:
    """What is due on each of the coming days."""
    coming = sorted(s.forecast.items())
    numbers = [number for _day, number in coming]
    if not any(numbers):
        return Content.styled(_("Nothing is scheduled in the next 30 days."), QUIET)
    said = _("{today} today, {all} in all").format(today=f"{numbers[0]:,}", all=f"{sum(numbers):,}")
    drawn = columns(numbers, short_day(coming[0][0]), short_day(coming[-1][0]), width)
    return Content.assemble(drawn, "\n", said)


def _retention(report: Report, width: int) -> Content:
    rows = [
        (
            _("all time") if one.days is None else whole_days(one.days),
            *map(_of, (one.young, one.mature)),
        )
        for one in report.retention
    ]
    drawn = table(("", _("under 21 days"), _("21 days and more")), rows, width)
    return Content.assemble(drawn, "\n", (_("by the days since the review before"), QUIET))


def _calibration(report: Report, width: int) -> Content:
    groups = report.calibration
    count = sum(group.count for group in groups)
    foretold = sum(group.predicted * group.count for group in groups) / count
    real = sum(group.actual * group.count for group in groups) / count
    pairs = [(group.predicted, group.actual) for group in groups]
    lowest = min(min(pair) for pair in pairs)
    low = max(end for end in (0.0, 0.5, 0.75) if end <= lowest)
    across, up = (
        Axis(name, low, 1.0, lambda share: f"{share:.0%}") for name in (_("foretold"), _("real"))
    )
    said = phrase(
        _("Foretold {foretold}, real {real} (of {count})"),
        foretold=(f"{foretold:.0%}", "bold"),
        real=(f"{real:.0%}", "bold"),
        count=f"{count:,}",
    )
    return Content.assemble(said, "\n", points(pairs, across, up, width))


def _groups(groups: Sequence[Group], word: Callable[[str], str], width: int) -> Content:
    first = sorted(groups, key=lambda group: -group.reviews)[:MOST_GROUPS]
    rows = [
        (
            word(group.name),
            f"{group.questions:,}",
            f"{group.reviews:,}",
            _percent(group.remembered),
            span(group.seconds) if group.seconds is not None else "–",
        )
        for group in first
    ]
    titles = ("", _("Questions"), _("Reviews"), _("Remembered"), _("Time"))
    drawn = table(titles, rows, width)
    rest = len(groups) - len(first)
    if not rest:
        return drawn
    more = counted(
        "and {n} more: `quiz stats --html` lists all",
        "and {n} more: `quiz stats --html` lists all",
        rest,
    )
    return Content.assemble(drawn, "\n", (more, QUIET))


def _code(code: CodeFigures, width: int) -> Content:
    rows = [
        (_("Reviews"), f"{code.reviews:,}"),
        (_("Code right at the first run"), _percent(code.first_try)),
        (_("Runs for a review"), f"{code.attempts:.1f}"),
    ]
    facts = table(("", ""), rows, width)
    failures = sorted(code.failures.items(), key=lambda item: -item[1])
    if not failures:
        return facts
    listed = [(verdict_word(name), number, "error") for name, number in failures]
    return Content.assemble(
        facts, "\n", (_("How answers failed"), QUIET), "\n", bars(listed, width)
    )


def _of(share: Share) -> str:
    return f"{_percent(share.share)} / {share.count:,}" if share.count else "–"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
