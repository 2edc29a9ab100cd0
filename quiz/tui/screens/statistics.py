"""Where the learner stands: numbers first, pictures of them below."""

from __future__ import annotations

from datetime import date

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Static

from quiz.language import _, mark
from quiz.model.review import Rating
from quiz.study.values import Statistics
from quiz.tui.page import Page
from quiz.tui.screens.help import HelpScreen
from quiz.tui.widgets.heatmap import Heatmap
from quiz.tui.widgets.session_bar import bar
from quiz.tui.wording import aligned, rating_words, short_day, state_word, whole_days


class StatisticsScreen(Page[None]):
    """Honest and plain: a share is only given where there is something to count."""

    CSS_PATH = "statistics.tcss"
    BINDINGS = [  # noqa: RUF012
        Binding("question_mark,f1", "help", mark("Help"), key_display="?"),
        Binding("q,escape,s,enter", "dismiss", mark("Back")),
    ]

    def __init__(self, statistics: Statistics, today: date, name: str) -> None:
        super().__init__()
        self._s = statistics
        self._today = today
        self._name = name

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="statistics"), Vertical(id="statistics-page"):
            yield Static(
                Content(_("Statistics: {name}").format(name=self._name)), id="statistics-title"
            )
            yield Static(self._numbers())
            yield Static(Content(_("Reviews of the last year")), classes="section")
            yield Heatmap(self._s.by_day, self._today)
            yield Static(Content(_("Due in the next 30 days")), classes="section")
            yield Static(self._forecast())
            yield Static(Content(_("Questions by state")), classes="section")
            yield Static(self._states())
            yield Static(Content(_("Ratings")), classes="section")
            yield Static(self._ratings())
        yield Footer(show_command_palette=False)

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen(self))

    def _numbers(self) -> Content:
        s = self._s
        rows = [
            (
                _("Reviews"),
                _("{all} in all, {today} today").format(all=f"{s.reviews:,}", today=f"{s.today:,}"),
            ),
            (_("Streak"), whole_days(s.streak)),
            (_("Remembered (30 days)"), _share(s.retention)),
            (_("Remembered (after 21+ days)"), _share(s.mature_retention)),
            (_("Code right at the first run"), _share(s.first_try)),
        ]
        width = max(cell_len(row[0]) for row in rows) + 2
        return Content("\n").join(
            Content.assemble((aligned(name, width), "$foreground 60%"), (text, "bold"))
            for name, text in rows
        )

    def _forecast(self) -> Content:
        forecast = sorted(self._s.forecast.items())
        if not any(number for day, number in forecast):
            return Content(_("Nothing is scheduled in the next 30 days."))
        top = max(number for day, number in forecast)
        height = 6
        lines = []
        for level in range(height, 0, -1):
            label = f"{top:>4} " if level == height else "     "
            cells = "".join(
                f"{_column(number / top * height - level + 1)} " for day, number in forecast
            )
            lines.append(Content.assemble((label, "$foreground 60%"), (cells, "$primary")))
        first, last = forecast[0][0], forecast[-1][0]
        end = short_day(last)
        axis = aligned(f"     {short_day(first)}", 5 + 2 * len(forecast) - cell_len(end)) + end
        lines.append(Content.styled(axis, "$foreground 60%"))
        today = forecast[0][1]
        total = sum(number for day, number in forecast)
        lines.append(
            Content(
                "     "
                + _("{today} today, {all} in all").format(today=f"{today:,}", all=f"{total:,}")
            )
        )
        return Content("\n").join(lines)

    def _states(self) -> Content:
        return _bars(
            [(state_word(name), number, "primary") for name, number in self._s.states.items()]
        )

    def _ratings(self) -> Content:
        if not self._s.ratings:
            return Content(_("No reviews yet."))
        words = [(rating, *rating_words(rating)) for rating in Rating]
        return _bars([(name, self._s.ratings.get(r, 0), colour) for r, name, colour in words])


def _bars(rows: list[tuple[str, int, str]]) -> Content:
    total = max(1, sum(number for name, number, colour in rows))
    width = max((cell_len(name) for name, number, colour in rows), default=0) + 2
    return Content("\n").join(
        Content.assemble(
            aligned(name, width),
            (bar(number / total, 30), f"${colour} on $surface"),
            f" {number:,}",
            (f"  {number / total:.0%}", "$foreground 60%"),
        )
        for name, number, colour in rows
    )


def _column(eighths: float) -> str:
    """One cell of a column, filled to that share."""
    return " ▁▂▃▄▅▆▇█"[max(0, min(8, round(eighths * 8)))]


def _share(value: float | None) -> str:
    return f"{value:.0%}" if value is not None else _("not enough yet")
