"""Every setting: what it means, what it is, where that was said; changed in place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.geometry import Size
from textual.widgets import DataTable, Static

from quiz.errors import QuizError
from quiz.language import _, mark
from quiz.settings import ABOUT, Settings, Source, user_config_file
from quiz.tui.page import Page
from quiz.tui.screens.help import HelpScreen
from quiz.tui.screens.setting_dialogs import PickScreen, ValueScreen
from quiz.tui.widgets.key_bar import KeyBar
from quiz.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from quiz.study.library import Library

LATER = ("language", "device", "cards")
"""What takes effect at the next start."""

ROOMY = Size(170, 46)
"""The terminal from which on what each setting means stands in its row."""
MEANING = 92
"""Cells of that: two lines hold the longest."""

_SOURCES = {
    Source.FLAG: mark("command line"),
    Source.ENVIRONMENT: mark("environment"),
    Source.DEFAULT: mark("default"),
}


class SettingsTable(Rows):
    """A row a setting."""

    BINDINGS = [Binding("enter", "select_cursor", mark("Change"))]  # noqa: RUF012


class SettingsScreen(Page[None]):
    """The learner's own file is written; what others say is only shown."""

    CSS_PATH = "settings.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (110, "-wide")]  # noqa: RUF012
    BINDINGS = [  # noqa: RUF012
        Binding("d", "default", mark("Default"), tooltip=mark("Take your own value back")),
        Binding("question_mark,f1", "help", mark("Help")),
        Binding("q,escape,comma", "dismiss", mark("Back")),
    ]

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library
        self._path: Path = user_config_file(os.environ)
        self._roomy = False

    @property
    def _settings(self) -> Settings:
        return self._library.settings

    @property
    def _setting(self) -> str:
        """The setting under the cursor."""
        table = self.query_one(SettingsTable)
        return table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value or ""

    def compose(self) -> ComposeResult:
        yield Static(
            Content.assemble(
                (_("Settings"), "bold $text-primary"),
                (f"   {self._path}", "$foreground 60%"),
            ),
            id="settings-title",
        )
        with Vertical(id="settings-body"):
            yield SettingsTable(cursor_type="row", id="settings")
            yield Static(id="settings-about")
        yield KeyBar()

    def on_mount(self) -> None:
        self._lay(roomy=_roomy(self.app.size))
        self.query_one(SettingsTable).focus()

    def on_resize(self, event: Resize) -> None:
        if self._roomy != (roomy := _roomy(event.size)):
            self._lay(roomy=roomy)

    def _lay(self, *, roomy: bool) -> None:
        """The rows, with what they mean where there is room for it."""
        self._roomy = roomy
        self.set_class(roomy, "-roomy")
        table = self.query_one(SettingsTable)
        at = table.cursor_row
        table.clear(columns=True)
        table.add_column(_("Setting"), key="name")
        table.add_column(_("Value"), key="value", width=24)
        # As wide as any of them: another may be said here in a moment.
        wide = max(cell_len(_said_in(source)) for source in Source)
        table.add_column(_("From"), key="source", width=wide)
        if roomy:
            table.add_column(_("Meaning"), key="meaning", width=MEANING)
        for name, about in ABOUT.items():
            more = [Text(_(about.meaning))] if roomy else []
            cells = (Text(name), *self._cells(name), *more)
            table.add_row(*cells, height=2 if roomy else 1, key=name)
        table.move_cursor(row=at)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "default" and self.is_mounted and self.query_one(SettingsTable).row_count:
            return self._source(self._setting) is Source.USER
        return True

    def _source(self, name: str) -> Source:
        return self._settings.sources.get(name, Source.DEFAULT)

    def _cells(self, name: str) -> tuple[Text, Text]:
        own = self._source(name) is not Source.DEFAULT
        value = Text(_written(self._settings, name) or "–", style="bold" if own else "")
        value.truncate(24, overflow="ellipsis")
        return value, Text(_said_in(self._source(name)), style="" if own else "dim")

    @on(DataTable.RowHighlighted)
    def _highlighted(self) -> None:
        name, about = self._setting, ABOUT[self._setting]
        notes: list[str] = []
        if self._source(name) not in (Source.USER, Source.DEFAULT):
            notes.append(_("What is said there goes before your own."))
        if name in LATER:
            notes.append(_("Takes effect at the next start."))
        meaning = [Content.styled(name, "bold"), Content(_(about.meaning))]
        note = [Content.styled(" ".join(notes), "$text-warning")] if notes else []
        said = Content("\n").join([*([] if self._roomy else meaning), *note])
        shown = self.query_one("#settings-about", Static)
        shown.update(said)
        shown.display = bool(said.plain)
        self.refresh_bindings()

    @on(DataTable.RowSelected)
    def _selected(self) -> None:
        name = self._setting
        value, meaning = _written(self._settings, name), _(ABOUT[name].meaning)
        if choices := self._choices(name):
            self.app.push_screen(PickScreen(name, meaning, value, choices), self._change)
        else:
            self.app.push_screen(ValueScreen(name, meaning, value, self._problem), self._change)

    def action_default(self) -> None:
        self._put(None)

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen(self))

    def _choices(self, name: str) -> tuple[str, ...]:
        if name == "theme":
            return ("", *sorted(self.app.available_themes))
        if isinstance(getattr(self._settings, name), bool):
            return ("true", "false")
        return ABOUT[name].choices

    def _problem(self, text: str) -> str:
        from quiz.study.preferences import read

        try:
            read(self._setting, text)
        except QuizError as error:
            return str(error)
        return ""

    def _change(self, text: str | None) -> None:
        if text is not None:
            self._put(text)

    def _put(self, text: str | None) -> None:
        """Write it, say what became of it, and show it; None takes the learner's own back."""
        from quiz.study.preferences import change, read

        name = self._setting
        try:
            value = None if text is None else read(name, text)
            holds = change(self._library.ledger, self._path, name, value)
        except QuizError as error:
            self.notify(str(error), severity="error", timeout=15)
            return
        if not holds:
            said = _("Written; {source} says otherwise, and goes before it.")
            source = _said_in(self._source(name))
            self.notify(said.format(source=source), severity="warning", timeout=8)
        elif name in LATER:
            self.notify(_("Written. It takes effect at the next start."), timeout=5)
        if name == "theme":
            self._recolour()
        table = self.query_one(SettingsTable)
        for key, cell in zip(("value", "source"), self._cells(name), strict=True):
            table.update_cell(name, key, cell)
        self._highlighted()

    def _recolour(self) -> None:
        from quiz.tui.theme import preferred

        self.app.theme = preferred(self._settings.theme)


def _roomy(size: Size) -> bool:
    return size.width >= ROOMY.width and size.height >= ROOMY.height


def _said_in(source: Source) -> str:
    return _(_SOURCES.get(source, source.value))


def _written(settings: Settings, name: str) -> str:
    """The value as one would type it."""
    value = getattr(settings, name)
    return str(value).lower() if isinstance(value, bool) else str(value)
