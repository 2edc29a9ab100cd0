"""A table whose rows are what one moves among."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import DataTable

from quiz.language import mark


class Rows(DataTable[Text]):
    """Home and End go to the first row and the last; the row under the cursor shows the focus."""

    DEFAULT_CSS = """
    Rows { background: $background; }
    Rows:focus { background-tint: transparent; }
    Rows > .datatable--header {
        background: $background; color: $text-muted; text-style: none;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("home,ctrl+home", "scroll_top", mark("Top"), show=False),
        Binding("end,ctrl+end", "scroll_bottom", mark("Bottom"), show=False),
    ]
