"""Where each morning begins: the decks, what is due in them, and how one stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Footer, Static

from quiz.language import _, mark
from quiz.model.finding import Finding
from quiz.study.values import DeckRow, Selection
from quiz.tui.editing import add_here
from quiz.tui.following import CardsChanged
from quiz.tui.naming import collection_name
from quiz.tui.page import Page
from quiz.tui.phrase import phrase
from quiz.tui.screens.browser import BrowserScreen
from quiz.tui.screens.findings import FindingsScreen, findings_line
from quiz.tui.screens.help import HelpScreen
from quiz.tui.screens.review import ReviewScreen
from quiz.tui.screens.settings import SettingsScreen
from quiz.tui.screens.statistics import StatisticsScreen
from quiz.tui.widgets.deck_table import DeckTable
from quiz.tui.widgets.heatmap import Heatmap
from quiz.tui.widgets.prose import Prose
from quiz.tui.wording import moment, questions, reviews, whole_days

if TYPE_CHECKING:
    from quiz.study.library import Library

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
    BINDINGS = [  # noqa: RUF012
        Binding("enter", "start", mark("Start"), tooltip=mark("Review the deck under the cursor")),
        Binding(
            "slash",
            "search",
            mark("Search"),
            key_display="/",
            tooltip=mark("Search all questions"),
        ),
        Binding("a", "add", mark("Add"), tooltip=mark("Write a new question")),
        Binding("s", "statistics", mark("Statistics")),
        Binding("comma", "settings", mark("Settings"), key_display=","),
        Binding("f", "findings", mark("Errors"), tooltip=mark("What is wrong in the cards")),
        Binding("question_mark,f1", "help", mark("Help"), key_display="?"),
        Binding("q", "quit", mark("Quit")),
    ]

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="home", can_focus=False), Vertical(id="home-page"):
            yield Static(id="home-name")
            yield Static(id="home-plan")
            yield DeckTable(id="decks")
            yield Prose(id="home-empty")
            yield Static(id="home-streak")
            yield Vertical(id="home-heatmap")
            yield Static(id="home-notices")
        yield Footer(show_command_palette=False)

    async def on_mount(self) -> None:
        await self._fill()
        for notice in self._library.notices:
            self.notify(notice, timeout=10)

    async def on_screen_resume(self) -> None:
        """Back from a session or a page: what is due has changed."""
        if self.is_mounted:
            await self._fill()

    @on(CardsChanged)
    async def _cards_changed(self) -> None:
        await self._fill()

    async def _fill(self) -> None:
        library = self._library
        decks = library.decks()
        self.query_one("#home-name", Static).update(Content(collection_name(library)))
        self.query_one(DeckTable).fill(decks)
        empty = not decks or decks[0].questions == 0
        self.query_one(DeckTable).display = not empty
        lesson = self.query_one("#home-empty", Prose)
        lesson.display = empty
        if empty:
            await lesson.update(_(TEACHING).format(root=library.collection.root))
        else:
            self.query_one(DeckTable).focus()
        self.query_one("#home-plan", Static).update(self._plan(decks, empty))
        await self._fill_statistics(empty)
        line = findings_line(library.findings)
        self.query_one("#home-notices", Static).update(
            Content.assemble(
                ("✗ ", "bold $text-error"), line, (f"  {_('f shows them')}", "$foreground 60%")
            )
            if line
            else Content("")
        )
        self.refresh_bindings()

    async def _fill_statistics(self, empty: bool) -> None:
        streak = self.query_one("#home-streak", Static)
        holder = self.query_one("#home-heatmap", Vertical)
        await holder.remove_children()
        if empty:
            streak.update(Content(""))
            return
        s = self._library.statistics()
        if s.reviews == 0:
            streak.update(Content(_("Your first review begins the streak.")))
            return
        said = _("The streak waits for today's first review")
        if s.streak:
            said = _("Streak {days}").format(days=whole_days(s.streak))
        today = _("{reviews} today").format(reviews=reviews(s.today))
        streak.update(Content(f"{said} · {today}"))
        await holder.mount(Heatmap(s.by_day, self._library.today()))

    def _plan(self, decks: tuple[DeckRow, ...], empty: bool) -> Content:
        if empty:
            return Content("")
        counts = decks[0].counts
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
            return phrase(
                _("Today: {questions} ({parts})"),
                questions=(questions(counts.total), "bold"),
                parts=", ".join(parts),
            )
        due = self._library.session(Selection()).summary().next_due
        if due is None:
            return Content(_("Nothing is due. Add cards to go on learning."))
        return Content.assemble(
            (_("All done."), "bold $text-success"),
            " ",
            phrase(
                _("The next question returns {when}."),
                when=(moment(due, self._library.clock()), "bold"),
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
        self.app.push_screen(ReviewScreen(self._library, selection))

    def action_search(self) -> None:
        self.app.push_screen(BrowserScreen(self._library))

    def action_add(self) -> None:
        async def added(findings: tuple[Finding, ...]) -> None:
            await self._fill()

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
