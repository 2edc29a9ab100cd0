"""The four ratings with the interval each would give; the proposed one is marked, with why."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from quiz.language import _, mark
from quiz.model.review import Rating
from quiz.tui.trial import Proposal
from quiz.tui.wording import rating_words


class RatingButton(Static, can_focus=False):
    """One rating; pressed by its number or the mouse."""

    class Pressed(Message):
        """The mouse was pressed on it."""

        def __init__(self, rating: Rating) -> None:
            super().__init__()
            self.rating = rating

    def __init__(self, rating: Rating, interval: str, *, proposed: bool) -> None:
        name, colour = rating_words(rating)
        mark = "▸" if proposed else " "
        content = Content.assemble(
            (f"{mark}{rating.value} {name}", "bold"),
            (f" {interval}" if interval else "", ""),
            (" ↵" if proposed else "", "bold"),
        )
        super().__init__(content, id=f"rate-{rating.value}", classes=f"-{colour}")
        self.set_class(proposed, "-proposed")
        self._rating = rating

    def on_click(self, event: Click) -> None:
        event.stop()
        self.post_message(self.Pressed(self._rating))


class RatingBar(Vertical):
    """Hidden until a rating means something."""

    DEFAULT_CSS = """
    RatingBar {
        height: auto;
        padding: 0 1;
        display: none;
        background: $surface;
        &.-open { display: block; }
        & > #reason { color: $text-muted; height: 1; text-align: center; }
        & > Horizontal { height: auto; align-horizontal: center; }
        RatingButton {
            width: 1fr; max-width: 30; height: 3; margin: 0 1 0 0; padding: 1 0;
            text-align: center; text-wrap: nowrap;
            &:last-of-type { margin: 0; }
            &.-error { background: $error 14%; color: $text-error; }
            &.-warning { background: $warning 14%; color: $text-warning; }
            &.-success { background: $success 14%; color: $text-success; }
            &.-primary { background: $primary 14%; color: $text-primary; }
            &.-error:hover { background: $error 30%; }
            &.-warning:hover { background: $warning 30%; }
            &.-success:hover { background: $success 30%; }
            &.-primary:hover { background: $primary 30%; }
            &.-error.-proposed { background: $error 34%; }
            &.-warning.-proposed { background: $warning 34%; }
            &.-success.-proposed { background: $success 34%; }
            &.-primary.-proposed { background: $primary 34%; }
        }
    }
    """

    class Chosen(Message):
        """The learner pressed a rating."""

        def __init__(self, rating: Rating) -> None:
            super().__init__()
            self.rating = rating

    typing = reactive(False, init=False)
    """Whether Enter goes to a field now."""

    def __init__(self) -> None:
        super().__init__()
        self._proposal: Proposal | None = None

    def watch_typing(self) -> None:
        self._say_why()

    def compose(self) -> ComposeResult:
        yield Static(Content(""), id="reason")
        yield Horizontal(id="ratings")

    async def offer(self, intervals: Mapping[Rating, str], proposal: Proposal) -> None:
        """Show the buttons anew."""
        self._proposal = proposal
        self._say_why()
        row = self.query_one("#ratings", Horizontal)
        async with row.batch():
            await row.remove_children()
            await row.mount(
                *(
                    RatingButton(
                        rating, intervals.get(rating, ""), proposed=rating is proposal.rating
                    )
                    for rating in Rating
                )
            )
        self.add_class("-open")

    def _say_why(self) -> None:
        if (proposal := self._proposal) is None:
            return
        said = "{reason}"
        if proposal.rating is not None:
            taken = mark("Enter takes {name}: {reason}")
            said = _(mark("Esc, then Enter takes {name}: {reason}") if self.typing else taken)
        name = rating_words(proposal.rating)[0] if proposal.rating else ""
        reason = Content(said.format(name=name, reason=proposal.reason))
        self.query_one("#reason", Static).update(reason)

    def close(self) -> None:
        self.remove_class("-open")

    @on(RatingButton.Pressed)
    def _pressed(self, event: RatingButton.Pressed) -> None:
        event.stop()
        self.post_message(self.Chosen(event.rating))
