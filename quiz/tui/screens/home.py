"""Where each morning begins: the decks, what is due in them, and how one stands."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widgets import DataTable, Static

from quiz.language import _, mark
from quiz.model.finding import Finding
from quiz.study.values import DeckRow, Row, Selection, Statistics
from quiz.tui.background import COUNTING, in_thread
from quiz.tui.editing import add_here
from quiz.tui.following import CardsChanged
from quiz.tui.naming import collection_name
from quiz.tui.page import Page
from quiz.tui.phrase import phrase
from quiz.tui.screens.browser import BrowserScreen
from quiz.tui.screens.findings import FindingsScreen, findings_line
from quiz.tui.screens.help import HelpScreen
from quiz.tui.screens.home_past import MOST, Past
from quiz.tui.screens.review import ReviewScreen
from quiz.tui.screens.settings import SettingsScreen
from quiz.tui.screens.statistics import StatisticsScreen, forecast
from quiz.tui.widgets.deck_table import DeckTable
from quiz.tui.widgets.figure import Figure
from quiz.tui.widgets.heatmap import Heatmap
from quiz.tui.widgets.key_bar import KeyBar
from quiz.tui.widgets.prose import Prose
from quiz.tui.wording import moment, questions, reviews, span, whole_days

if TYPE_CHECKING:
    from quiz.study.library import Library

MOST_NOTICES = 2
ROOMY = (110, 46)
"""Columns and lines from which on what was lately stands below what is and what comes."""
_QUIET = "$foreground 60%"

TEACHING = mark("""\
### No questions yet

A card is a Markdown file: one `# Title`, and every `##` heading in it is a question.

```markdown
# torch.ne

## What does `torch.ne(a, b)` return?

A `bool` tensor, `True` where the elements differ.
```

Put such a file into **{root}** and it appears here as soon as it is saved.
`a` here, or `quiz add` in a shell, writes one from a template for each kind of question.
""")


class HomeScreen(Page[None]):
    """Decks and the day's plan."""

    CSS_PATH = "home.tcss"
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-low"), (16, "-short"), (22, "-medium"), (32, "-tall")
    ]  # fmt: skip
    BINDINGS = [  # noqa: RUF012
        Binding("enter", "start", mark("Start"), tooltip=mark("Review the deck under the cursor")),
        Binding(
            "slash",
            "search",
            mark("Search"),
            tooltip=mark("Search all questions"),
        ),
        Binding("a", "add", mark("Add"), tooltip=mark("Write a new question")),
        Binding("s", "statistics", mark("Statistics")),
        Binding("comma", "settings", mark("Settings")),
        Binding("f", "findings", mark("Errors"), tooltip=mark("What is wrong in the cards")),
        Binding("question_mark,f1", "help", mark("Help")),
        Binding("q", "quit", mark("Quit")),
    ]

    class Looked(Message):
        """How things stand."""

        def __init__(
            self,
            decks: tuple[DeckRow, ...],
            statistics: Statistics,
            due: datetime | None,
            notices: tuple[str, ...],
            left: list[str],
        ) -> None:
            super().__init__()
            self.decks, self.statistics, self.due = decks, statistics, due
            self.notices = notices
            self.left = left
            """The questions of today."""

    class Planned(Message):
        """How long what is due will take."""

        def __init__(self, seconds: float) -> None:
            super().__init__()
            self.seconds = seconds

    class Recalled(Message):
        """What was hard."""

        def __init__(self, hardest: list[Row], statistics: Statistics) -> None:
            super().__init__()
            self.hardest, self.statistics = hardest, statistics

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library
        self._seen: HomeScreen.Looked | None = None
        self._roomy = False
        """Whether there is room for more than what is and what comes."""
        self._seen_at: tuple[int, date] | None = None
        """The state of things, and the day, of the latest look."""

    @property
    def is_filled(self) -> bool:
        """Whether the decks are shown, or why there are none."""
        return self._seen is not None

    def compose(self) -> ComposeResult:
        with Horizontal(id="home-head"):
            yield Static(collection_name(self._library), id="home-name", markup=False)
            yield Static(id="home-streak")
        with VerticalScroll(id="home", can_focus=False), Vertical(id="home-page"):
            yield Static(id="home-plan")
            yield Static(id="home-notices")
            with Container(id="home-columns"):
                yield DeckTable(id="decks")
                yield Prose(id="home-empty")
                yield Figure(_("Due in the next 30 days"), lambda _width: Content(""))
            yield Heatmap({}, self._library.today())
            yield Past()
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one("#home-columns").display = False
        self._look()

    def on_resize(self, event: Resize) -> None:
        width, height = event.size
        self._roomy = width >= ROOMY[0] and height >= ROOMY[1]
        self.set_class(self._roomy, "-roomy")
        if self._roomy and self.is_filled and not self.query_one(Past).children:
            self._seen_at = None
            self._look()

    def on_screen_resume(self) -> None:
        """Back from a session or a page: what is due has changed."""
        if self.is_filled:
            self._look()

    @on(CardsChanged)
    def _look(self) -> None:
        """Look again, unless nothing has changed, or nobody sees it yet."""
        now = (self._library.ledger.version, self._library.today())
        if self.is_current and now != self._seen_at:
            self._seen_at = now
            self._look_in_thread()

    @work(group="look", exclusive=True)
    async def _look_in_thread(self) -> None:
        library = self._library
        # What is known is painted before more is counted: both at once would take twice as long.
        await self.wait_for_refresh()
        looked = await in_thread(_looked, library, executor=COUNTING)
        self.post_message(looked)
        await self.wait_for_refresh()
        seconds = await in_thread(library.seconds_for, looked.left, executor=COUNTING)
        self.post_message(self.Planned(seconds))
        await self.wait_for_refresh()
        if self._roomy and looked.statistics.reviews:
            hardest = await in_thread(library.hardest, MOST, executor=COUNTING)
            self.post_message(self.Recalled(hardest, looked.statistics))

    @on(Looked)
    async def _fill(self, event: Looked) -> None:
        library, decks = self._library, event.decks
        self._seen = event
        self.query_one("#home-name", Static).update(Content(collection_name(library)))
        self.query_one(DeckTable).fill(decks)
        empty = decks[0].questions == 0
        self.query_one("#home-columns").display = True
        self.query_one(DeckTable).display = not empty
        lesson = self.query_one("#home-empty", Prose)
        lesson.display = empty
        if empty:
            await lesson.update(_(TEACHING).format(root=library.collection.root))
        elif self.focused is None:
            self.query_one(DeckTable).focus()
        self._show_plan()
        self._fill_statistics(event.statistics)
        self._show_notices(event.notices)
        self.refresh_bindings()

    def _show_notices(self, notices: tuple[str, ...]) -> None:
        """What is wrong in the cards, and what else there is to know."""
        lines = [Content.assemble(("• ", _QUIET), notice) for notice in notices[:MOST_NOTICES]]
        if wrong := findings_line(self._library.findings):
            more = (f"  {_('f shows them')}", _QUIET)
            lines.insert(0, Content.assemble(("✗ ", "bold $text-error"), wrong, more))
        shown = self.query_one("#home-notices", Static)
        shown.update(Content("\n").join(lines))
        shown.display = bool(lines)
        self.set_class(bool(lines), "-noticed")

    @on(Planned)
    def _show_plan(self, event: Planned | None = None) -> None:
        if self._seen is not None:
            plan = self._plan(self._seen, event.seconds if event else 0)
            self.query_one("#home-plan", Static).update(plan)

    @on(Recalled)
    async def _show_past(self, event: Recalled) -> None:
        library = self._library
        past = self.query_one(Past)
        await past.show(event.hardest, event.statistics, library.today(), library.clock())

    def _fill_statistics(self, s: Statistics) -> None:
        self.set_class(s.reviews > 0, "-begun")
        self.query_one("#home-streak", Static).update(_streak(s))
        if s.reviews:
            self.query_one(Heatmap).show(s.by_day)
            self.query_one(Figure).show(partial(forecast, s))

    def _plan(self, seen: Looked, seconds: float) -> Content:
        if seen.decks[0].questions == 0:
            return Content("")
        counts = seen.decks[0].counts
        if counts.total:
            parts = [
                said.format(n=number)
                for number, said in (
                    (counts.review, _("{n} to review")),
                    (counts.learning, _("{n} in learning")),
                    (counts.new, _("{n} new")),
                )
                if number
            ]
            said = phrase(
                _("Today: {questions} ({parts})"),
                questions=(questions(counts.total), "bold"),
                parts=", ".join(parts),
            )
            if not seconds:
                return said
            time = phrase(_("about {time}"), time=(span(max(60, seconds)), "bold"))
            return Content.assemble(said, " · ", time)
        if seen.due is None:
            return Content(_("Nothing is due. Add cards to go on learning."))
        return Content.assemble(
            (_("All done."), "bold $text-success"),
            " ",
            phrase(
                _("The next question returns {when}."),
                when=(moment(seen.due, self._library.clock()), "bold"),
            ),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "start":
            return self.query_one(DeckTable).display
        if action == "findings":
            return bool(self._library.findings)
        return True

    @on(DataTable.RowSelected, "#decks")
    def _selected(self, event: DataTable.RowSelected) -> None:
        self.start(Selection(deck=event.row_key.value or ""))

    def action_start(self) -> None:
        self.start(Selection(deck=self.query_one(DeckTable).deck))

    def start(self, selection: Selection) -> None:
        """Begin a session."""
        self.run_worker(self._start(selection), group="start", exclusive=True)

    async def _start(self, selection: Selection) -> None:
        session = await in_thread(self._library.session, selection)
        self.app.push_screen(ReviewScreen(self._library, selection, session))

    def action_search(self) -> None:
        self.app.push_screen(BrowserScreen(self._library))

    def action_add(self) -> None:
        async def added(findings: tuple[Finding, ...]) -> None:
            self._look()

        add_here(self.app, self._library, self.query_one(DeckTable).deck, added)

    def action_statistics(self) -> None:
        self.app.push_screen(StatisticsScreen(self._library))

    def action_settings(self) -> None:
        self.app.push_screen(SettingsScreen(self._library))

    def action_findings(self) -> None:
        self.app.push_screen(FindingsScreen(self._library))

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen(self))

    def action_quit(self) -> None:
        self.app.exit()


def _streak(s: Statistics) -> Content:
    if not s.reviews:
        return Content(_("Your first review begins the streak."))
    if not s.streak:
        return Content(_("The streak waits for today's first review"))
    streak = phrase(_("Streak {days}"), days=(whole_days(s.streak), "bold"))
    return Content.assemble(streak, " · ", _("{reviews} today").format(reviews=reviews(s.today)))


def _looked(library: Library) -> HomeScreen.Looked:
    from quiz.study.queueing import build, deck_rows

    queue = build(library.ledger, Selection())
    decks = deck_rows(library.ledger, queue)
    due = None if decks[0].counts.total else library.next_due(Selection())
    return HomeScreen.Looked(decks, library.statistics(), due, library.notices, queue.left())
