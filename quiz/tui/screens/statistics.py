"""Where the learner stands: numbers first, pictures of them below."""

from __future__ import annotations

from datetime import date

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from quiz.model.review import Rating
from quiz.study.values import Statistics
from quiz.tui.screens.help import HelpScreen
from quiz.tui.widgets.heatmap import Heatmap
from quiz.tui.widgets.session_bar import bar
from quiz.tui.wording import RATINGS, count


class StatisticsScreen(Screen[None]):
    """Honest and plain: a share is only given where there is something to count."""

    CSS_PATH = "statistics.tcss"
    BINDINGS = [  # noqa: RUF012
        Binding("question_mark,f1", "help", "Help", key_display="?"),
        Binding("q,escape,s,enter", "dismiss", "Back"),
    ]

    def __init__(self, statistics: Statistics, today: date, name: str) -> None:
        super().__init__()
        self._s = statistics
        self._today = today
        self._name = name

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="statistics"), Vertical(id="statistics-page"):
            yield Static(Content(f"Statistics: {self._name}"), id="statistics-title")
            yield Static(self._numbers())
            yield Static(Content("Reviews of the last year"), classes="section")
            yield Heatmap(self._s.by_day, self._today)
            yield Static(Content("Due in the next 30 days"), classes="section")
            yield Static(self._forecast())
            yield Static(Content("Questions by state"), classes="section")
            yield Static(self._states())
            yield Static(Content("Ratings"), classes="section")
            yield Static(self._ratings())
        yield Footer(show_command_palette=False)

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen(self))

    def _numbers(self) -> Content:
        s = self._s
        rows = [
            ("Reviews", f"{s.reviews:,} in all, {s.today:,} today"),
            ("Streak", count(s.streak, "day")),
            ("Remembered (30 days)", _share(s.retention)),
            ("Remembered (after 21+ days)", _share(s.mature_retention)),
            ("Code right at the first run", _share(s.first_try)),
        ]
        width = max(len(name) for name, _ in rows) + 2
        return Content("\n").join(
            Content.assemble((f"{name:<{width}}", "$foreground 60%"), (text, "bold"))
            for name, text in rows
        )

    def _forecast(self) -> Content:
        forecast = sorted(self._s.forecast.items())
        if not any(number for _, number in forecast):
            return Content("Nothing is scheduled in the next 30 days.")
        top = max(number for _, number in forecast)
        height = 6
        lines = []
        for level in range(height, 0, -1):
            label = f"{top:>4} " if level == height else "     "
            cells = "".join(
                f"{_column(number / top * height - level + 1)} " for _, number in forecast
            )
            lines.append(Content.assemble((label, "$foreground 60%"), (cells, "$primary")))
        first, last = forecast[0][0], forecast[-1][0]
        axis = f"     {_day(first)}".ljust(5 + 2 * len(forecast) - len(_day(last))) + _day(last)
        lines.append(Content.styled(axis, "$foreground 60%"))
        today = forecast[0][1]
        total = sum(number for _, number in forecast)
        lines.append(Content(f"     {today:,} today, {total:,} in all"))
        return Content("\n").join(lines)

    def _states(self) -> Content:
        return _bars([(name, number, "primary") for name, number in self._s.states.items()])

    def _ratings(self) -> Content:
        if not self._s.ratings:
            return Content("No reviews yet.")
        return _bars([(RATINGS[r][0], self._s.ratings.get(r, 0), RATINGS[r][1]) for r in Rating])


def _bars(rows: list[tuple[str, int, str]]) -> Content:
    total = max(1, sum(number for _, number, _ in rows))
    width = max((len(name) for name, _, _ in rows), default=0) + 2
    return Content("\n").join(
        Content.assemble(
            f"{name:<{width}}",
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
    return f"{value:.0%}" if value is not None else "not enough yet"


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
