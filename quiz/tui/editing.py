"""Opening a card in the learner's editor from within the application."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from quiz.errors import QuizError
from quiz.settings import Settings, editor_command
from quiz.tui import editor


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
            f"This display cannot be handed to an editor. The card is {path}:{line}.",
            severity="warning",
            timeout=15,
        )
        return False
    except QuizError as error:
        app.notify(str(error), severity="error", timeout=15)
        return False
    return True
