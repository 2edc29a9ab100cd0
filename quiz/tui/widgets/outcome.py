"""What is seen after an answer: the verdict, the solution, the explanation, the note, the links."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from quiz.language import _
from quiz.model.question import Code
from quiz.model.verdict import Case, Verdict
from quiz.study.values import Asked
from quiz.tui.starter import starting_text
from quiz.tui.widgets.code_diff import code_diff
from quiz.tui.widgets.listing import Listing
from quiz.tui.widgets.prose import Prose, fenced
from quiz.tui.widgets.verdict import RunningView, VerdictView

LONGEST = 400
"""Characters of a problem that are shown; torch can go on for pages."""


class OutcomePane(Vertical):
    """Empty at first; each part appears when it has something to say."""

    DEFAULT_CSS = """
    OutcomePane {
        height: auto;
        & > #verdict-slot { height: auto; }
        & > #after-slot { height: auto; }
        & > #note-slot { height: auto; }
        & .title { color: $text-muted; text-style: bold; margin: 1 0 0 0; height: auto; }
        & .empty { display: none; color: $text-muted; height: auto; }
        & .same { color: $text-muted; height: auto; }
        & .difference { background: $surface; }
        & .problem { border-left: outer $warning; padding: 0 0 0 2; height: auto; }
    }
    """

    def __init__(self, asked: Asked) -> None:
        super().__init__(id="outcome")
        self._asked = asked

    def compose(self) -> ComposeResult:
        with Vertical(id="verdict-slot"):
            yield Static(Content(_("Ctrl+R: the verdict appears here.")), classes="empty")
        yield Vertical(id="after-slot")
        yield Vertical(id="note-slot")

    async def show_running(self) -> None:
        await self._fill("#verdict-slot", RunningView())

    def add_case(self, case: Case) -> None:
        for running in self.query(RunningView):
            running.add_case(case)

    async def show_verdict(self, verdict: Verdict, *, predicting: bool) -> None:
        await self._fill("#verdict-slot", VerdictView(verdict, predicting=predicting))

    async def show_problem(self, what: str, fix: str) -> None:
        """Why nothing could be graded, and what the learner can do about it."""
        said = what if len(what) <= LONGEST else f"{what[:LONGEST]}…"
        text = Content.assemble(("⚠ ", "bold $text-warning"), (said, "bold"), "\n" * bool(fix), fix)
        await self._fill("#verdict-slot", Static(text, classes="problem"))

    async def show_cancelled(self) -> None:
        await self._fill(
            "#verdict-slot", Static(Content.styled(_("Cancelled."), "$foreground 60%"))
        )

    async def show_after(self, *, solution: bool, answer: str = "") -> None:
        """The explanation and the links; for a program the card's solution too, and how it
        differs from the learner's `answer`."""
        await self.query(".empty").remove()
        parts: list[Widget] = []
        question = self._asked.question
        if solution and isinstance(question.content, Code):
            parts += [
                _title(_("The card's solution")),
                Prose(fenced(question.content.solution.text), classes="-tight"),
                *_compared(question.content, answer),
            ]
        if question.explanation:
            parts += [_title(_("Explanation")), Prose(question.explanation, classes="-tight")]
        if self._asked.links:
            links = "\n".join(f"- {link}" for link in self._asked.links)
            parts += [_title(_("Links")), Prose(links, classes="-tight")]
        await self._fill("#after-slot", *parts)

    async def toggle_note(self) -> bool:
        """Show the concept's note, or put it away. False where there is none."""
        slot = self.query_one("#note-slot")
        if slot.children:
            await slot.remove_children()
        elif self._asked.note:
            await self._fill(
                "#note-slot",
                _title(_("Note: {title}").format(title=self._asked.title)),
                Prose(self._asked.note, classes="-tight"),
            )
            slot.scroll_visible()
        return bool(self._asked.note)

    async def _fill(self, slot: str, *widgets: Widget) -> None:
        holder = self.query_one(slot)
        async with holder.batch():
            await holder.remove_children()
            await holder.mount(*widgets)


def _compared(code: Code, answer: str) -> list[Widget]:
    """One's own code against the card's, where one has written any."""
    if answer.strip() in ("", starting_text(code).strip()):
        return []
    difference = code_diff(answer, code.solution.text)
    if difference is None:
        return [Static(Content(_("It is what you wrote.")), classes="same")]
    title = _title(_("Your code (-) and the card's (+)"))
    return [title, Listing(difference).add_class("difference")]


def _title(text: str) -> Static:
    return Static(Content(text), classes="title")
