"""What was lately and what was hard: on the first page, below the year, where there is room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from textual.containers import Container, Vertical
from textual.content import Content

from quiz.language import _
from quiz.study.values import Row, Statistics
from quiz.tui.drawing import QUIET, bars, columns, table
from quiz.tui.markdown import with_formulas
from quiz.tui.screens.statistics import ratings
from quiz.tui.widgets.figure import Figure
from quiz.tui.widgets.question_columns import COLUMNS
from quiz.tui.wording import reviews, short_day, state_word

DAYS = 14
"""Study days up to today that are drawn one by one."""
MOST = 13
"""Questions that are named: as many lines as the figures beside them have."""


class Past(Container):
    """Empty until there is something to show."""

    async def show(self, hardest: Sequence[Row], s: Statistics, today: date, now: datetime) -> None:
        """The questions that were forgotten most often, the latest days, the ratings."""
        if not self.children:
            await self.mount(
                Figure(_("Forgotten most often"), _empty, id="past-hardest"),
                Vertical(
                    Figure(_("The last {n} days").format(n=DAYS), _empty, id="past-days"),
                    Figure(_("Ratings"), _empty, id="past-ratings"),
                ),
            )
        self._show("hardest", partial(_hardest, hardest, now))
        self._show("days", partial(_days, s.by_day, today))
        self._show("ratings", partial(bars, ratings(s)))

    def _show(self, name: str, draw: partial[Content]) -> None:
        self.query_one(f"#past-{name}", Figure).show(draw)


def _empty(_width: int) -> Content:
    return Content("")


def _hardest(rows: Sequence[Row], now: datetime, width: int) -> Content:
    if not rows:
        return Content.styled(_("You have not forgotten a question yet."), QUIET)
    titles = (_("Question"), _("Lapses"), _("Difficulty"), _("Due on"))
    return table(
        titles,
        [
            (
                with_formulas(row.prompt),
                f"{row.lapses:,}",
                f"{row.difficulty or 0:.1f}",
                COLUMNS["due"].text(row, now) or state_word(row.state),
            )
            for row in rows
        ],
        width,
    )


def _days(by_day: Mapping[date, int], today: date, width: int) -> Content:
    days = [today - timedelta(days=DAYS - 1 - n) for n in range(DAYS)]
    numbers = [by_day.get(day, 0) for day in days]
    drawn = columns(numbers, short_day(days[0]), short_day(today), width)
    said = _("{reviews} on {n} of {all} days").format(
        reviews=reviews(sum(numbers)), n=sum(number > 0 for number in numbers), all=DAYS
    )
    return Content.assemble(drawn, "\n", said)
