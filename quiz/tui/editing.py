"""Opening a card from within the application: in the learner's own editor, or on a page here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App, SuspendNotSupported

from quiz.errors import Place, QuizError
from quiz.language import _
from quiz.model.finding import Finding
from quiz.model.question import Kind
from quiz.settings import Settings, editor_command
from quiz.tui import editor
from quiz.tui.following import read_again

if TYPE_CHECKING:
    from quiz.study.editing import Card
    from quiz.study.library import Library

Then = Callable[[tuple[Finding, ...]], Awaitable[None]]
"""What follows when a card was saved and read again; gets what is wrong with it."""


async def edit_at(app: App[Any], settings: Settings, path: Path, line: int) -> bool:
    """Hand the terminal over until the editor is closed. False, and said why, if that failed.

    An editor with a window of its own leaves the terminal as it is; the application waits for it
    without standing still.
    """
    words = editor_command(settings)
    command = editor.command_at(words, path, line)
    windowed = editor.is_windowed(words)
    try:
        if windowed:
            await asyncio.to_thread(editor.run, command, windowed=True)
        else:
            with app.suspend():
                editor.run(command, windowed=False)
    except SuspendNotSupported:
        app.notify(
            _("This display cannot be handed to an editor. The card is {path}.").format(
                path=f"{path}:{line}"
            ),
            severity="warning",
            timeout=15,
        )
        return False
    except QuizError as error:
        app.notify(str(error), severity="error", timeout=15)
        return False
    return True


def edit_here(app: App[Any], library: Library, place: Place, then: Then) -> None:
    """Open a card at its line on a page of the application."""
    from quiz.study.editing import open_card

    try:
        card = open_card(library.collection, place)
    except QuizError as error:
        app.notify(str(error), severity="error", timeout=15)
    else:
        _open(app, library, card, then)


def add_here(app: App[Any], library: Library, deck: str, then: Then) -> None:
    """Ask for the name and kind of a new question, and open its card on a page."""
    from quiz.study.editing import names, new_card
    from quiz.tui.screens.editor_dialogs import NewCardScreen

    def named(chosen: tuple[str, Kind] | None) -> None:
        if chosen is None:
            return
        try:
            card = new_card(library.collection, *chosen)
        except QuizError as error:
            app.notify(str(error), severity="error", timeout=15)
        else:
            _open(app, library, card, then)

    app.push_screen(NewCardScreen(names(library.collection), deck), named)


def _open(app: App[Any], library: Library, card: Card, then: Then) -> None:
    from quiz.tui.screens.editor import EditorScreen

    async def closed(saved: bool | None) -> None:
        if saved:
            await then(await read_again(library, [card.path.resolve()]))

    app.push_screen(EditorScreen(library, card), closed)
