"""One case of a verdict in full: the call, what was expected, what came, and how they differ."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.highlight import highlight
from textual.widgets import Collapsible, Static

from quiz.language import _
from quiz.model.verdict import Case, Outcome
from quiz.tui.phrase import phrase
from quiz.tui.widgets.grid import GridPair, grid_content
from quiz.tui.widgets.lines import lines_content
from quiz.tui.widgets.listing import Traceback
from quiz.tui.wording import aligned, outcome_words


class CaseView(Vertical):
    """A case, as large as it needs to be."""

    DEFAULT_CSS = """
    CaseView {
        height: auto;
        & > Static { height: auto; }
        & > .block { margin: 1 0 0 0; }
        & > .traceback { background: $surface; padding: 0 1; }
        & > .printed { background: $surface; padding: 0 1; }
    }
    """

    def __init__(self, case: Case, *, predicting: bool = False) -> None:
        super().__init__()
        self._case = case
        self._predicting = predicting

    def compose(self) -> ComposeResult:
        case = self._case
        if case.call and not self._predicting:
            yield Static(highlight(case.call, language="python"), classes="call")
        yield from self._values()
        if remarks := self._remarks():
            yield Static(Content("\n").join(remarks), classes="block differences")
        if case.printed.strip():
            yield Static(
                _titled(_("printed"), Content(case.printed.rstrip())), classes="block printed"
            )
        if case.traceback.strip():
            yield Traceback(case.traceback).add_class("block", "traceback")

    def _remarks(self) -> list[Content]:
        """What is not seen already: in the lines of a prediction, in the traceback."""
        case = self._case
        if self._predicting:
            return []
        told = [text for text in case.differences if text not in case.traceback]
        remarks = [Content(f"• {text}") for text in told]
        worst = case.worst
        if worst and not any(worst.expected in text and worst.got in text for text in told):
            remarks.append(worst_content(case))
        return remarks

    def _values(self) -> ComposeResult:
        case = self._case
        if self._predicting:
            yield Static(lines_content(case.expected, case.got), classes="block")
            return
        if case.expected_grid is not None and case.got_grid is not None:
            yield GridPair(case.expected_grid, case.got_grid).add_class("block")
            if case.expected_grid.part or case.got_grid.part:
                yield Collapsible(Static(_whole(case)), title=_("Both in full"))
            return
        texts: list[Content] = []
        for label, grid, text in (
            (_("expected"), case.expected_grid, case.expected),
            (_("got"), case.got_grid, case.got),
        ):
            if grid is not None:
                texts.append(_titled(f"{label} {grid.part}".strip(), grid_content(grid)))
            elif text:
                texts.append(_titled(label, Content(text.rstrip())))
        if texts:
            yield Static(Content("\n").join(texts), classes="block")


def _whole(case: Case) -> Content:
    """Both values as Python prints them."""
    parts = ((_("expected"), case.expected), (_("got"), case.got))
    return Content("\n").join(_titled(label, Content(text.rstrip())) for label, text in parts)


def worst_content(case: Case) -> Content:
    """The element furthest off, in one line; the share of elements that differ before it."""
    worst = case.worst
    if worst is None:
        return Content("")
    parts: list[Content] = []
    if case.share_differing is not None:
        share = f"{case.share_differing:.0%}"
        parts.append(Content(_("{share} of the elements differ").format(share=share)))
    index = ", ".join(str(i) for i in worst.index)
    place = (
        _("worst at [{index}] expected {expected}, got {got}")
        if worst.index
        else _("expected {expected}, got {got}")
    )
    parts.append(
        phrase(place, index=index, expected=(worst.expected, "bold"), got=(worst.got, "bold"))
    )
    allowed = _("(allowed ±{amount})").format(amount=f"{worst.allowed:.3g}")
    return Content.assemble("• ", Content("; ").join(parts), f" {allowed}" if worst.allowed else "")


def case_line(case: Case) -> Content:
    """A case in one line: its sign, its call, and why it failed if not by a wrong value."""
    sign, word, colour = outcome_words(case.outcome)
    call = " ".join(case.call.split()) or _("case")
    tail = "" if case.outcome in (Outcome.PASS, Outcome.WRONG) else f"  {word.lower()}"
    return Content.assemble((f"{sign} ", colour), call, (tail, colour))


def _titled(label: str, body: Content) -> Content:
    """The label before a single line, above several."""
    if "\n" in body.plain:
        return Content.assemble((label, "$foreground 60%"), "\n", body)
    return Content.assemble((aligned(f"{label}  ", 10), "$foreground 60%"), body)
