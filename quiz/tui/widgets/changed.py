"""A line that says what an edit changed in the question on the table, and opens to show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Collapsible, Static

from quiz.language import _
from quiz.tui.changes import Change
from quiz.tui.widgets.code_diff import code_diff
from quiz.tui.wording import reviews


class ChangedNotice(Collapsible):
    """Closed at first: an answer that is not asked for yet may stand in it."""

    DEFAULT_CSS = """
    ChangedNotice {
        background: $surface; border-top: none; border-left: outer $accent;
        padding: 0 1; margin: 0 0 1 0; height: auto;
        & > CollapsibleTitle { padding: 0; }
        & > Contents { padding: 0 0 0 2; height: auto; }
        & .part { color: $text-muted; height: auto; }
        & .lines { height: auto; margin: 0 0 1 0; }
    }
    """

    def __init__(self, changes: Sequence[Change], times: int) -> None:
        parts = ", ".join(change.part for change in changes)
        said = _("Edited: {parts}.").format(parts=parts)
        if times:
            kept = _("Its history is kept ({reviews}).").format(reviews=reviews(times))
            said = f"{said} {kept}"
        super().__init__(*_shown(changes), title=f"{said} {_('w shows what')}", collapsed=True)


def _shown(changes: Sequence[Change]) -> Iterator[Widget]:
    for change in changes:
        yield Static(Content(change.part), classes="part")
        lines = code_diff(change.before, change.after)
        yield Static(lines or Content(_("(white space alone)")), classes="lines")
