"""The end of a session: what was done, how it went, when it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from quiz.language import _, counted, mark
from quiz.model.review import Rating
from quiz.study.values import Summary
from quiz.tui.drawing import rail
from quiz.tui.page import Page
from quiz.tui.phrase import phrase
from quiz.tui.widgets.key_bar import KeyBar
from quiz.tui.wording import aligned, moment, more_new, questions, rating_words, reviews, span

if TYPE_CHECKING:
    from quiz.study.library import Library


class SummaryScreen(Page[str]):
    """Dismissed with what the learner wants next.

    `undo`: the last rating back; `more`: new questions beyond those of the day; empty: to leave.
    """

    CSS_PATH = "summary.tcss"
    BINDINGS = [  # noqa: RUF012
        Binding("enter,q,escape,space", "home", mark("Home")),
        Binding("m", "more", mark("More new questions")),
        Binding("u", "undo", mark("Undo the last rating")),
    ]

    def __init__(self, library: Library, summary: Summary, *, can_undo: bool) -> None:
        super().__init__()
        self._library = library
        self._summary = summary
        self._can_undo = can_undo

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="summary"), Vertical(id="summary-page"):
            yield Static(self._title(), id="summary-title")
            yield Static(self._numbers(), id="summary-numbers")
            if self._summary.reviews:
                yield Static(self._ratings(), id="summary-ratings")
            if self._summary.next_due or not self._summary.more:
                yield Static(self._next(), id="summary-next")
            if self._summary.more:
                yield Static(more_new(self._summary.more), id="summary-more")
            if self._summary.leeches:
                yield Static(self._leeches(), id="summary-leeches")
        yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "more":
            return self._summary.more > 0
        return self._can_undo if action == "undo" else True

    def action_home(self) -> None:
        self.dismiss("")

    def action_more(self) -> None:
        self.dismiss("more")

    def action_undo(self) -> None:
        self.dismiss("undo")

    def _title(self) -> Content:
        return Content(_("Done for now.") if self._summary.reviews else _("Nothing is due."))

    def _numbers(self) -> Content:
        s = self._summary
        if not s.reviews:
            return Content(_("There is nothing to review here at the moment."))
        each = s.seconds / s.reviews
        said = phrase(
            _("{reviews} of {questions} in {time}, {each} each."),
            reviews=(reviews(s.reviews), "bold"),
            questions=questions(s.questions),
            time=(span(s.seconds), "bold"),
            each=span(each),
        )
        if not s.learned:
            return said
        begun = counted("{n} new question begun.", "{n} new questions begun.", s.learned)
        return Content.assemble(said, " ", begun)

    def _ratings(self) -> Content:
        total = max(1, sum(self._summary.ratings.values()))
        lines = []
        width = max(cell_len(rating_words(rating)[0]) for rating in Rating) + 2
        for rating in Rating:
            name, colour = rating_words(rating)
            number = self._summary.ratings.get(rating, 0)
            lines.append(
                Content.assemble(
                    aligned(name, width),
                    (rail(number / total, 30), f"${colour}"),
                    f" {number}",
                )
            )
        return Content("\n").join(lines)

    def _next(self) -> Content:
        due, now = self._summary.next_due, self._library.clock()
        if due is None:
            return Content(_("No question is scheduled yet."))
        if due <= now:
            return Content(_("More questions are waiting now."))
        return phrase(
            _("The next question returns {when}."),
            when=(moment(due, now), "bold"),
        )

    def _leeches(self) -> Content:
        listed = "\n".join(f"  {question}" for question in self._summary.leeches)
        return Content.assemble(
            (_("Suspended, because they are forgotten again and again:"), "bold $text-warning"),
            f"\n{listed}\n",
            (_("Reword them, split them, or give them a hint."), "$foreground 60%"),
        )
