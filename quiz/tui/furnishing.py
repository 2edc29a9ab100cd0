"""What the other pages need, made ready a little at a time while the first one is looked at.

A page that is opened for the first time would hold the event loop up with its import and the
reading of its style sheet.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path
from typing import Any

from textual.app import App

from quiz.tui.background import keep_for_good

PAGES = ("review", "browser", "statistics", "settings", "summary", "history", "help", "editor")
"""Modules of the pages that are likely to be opened."""
_REST = 0.5
"""Seconds in which the first page is counted, filled and painted."""
_PAUSE = 0.05
"""Seconds from one style sheet to the next, for whoever presses a key."""


async def furnish(app: App[Any]) -> None:
    """Import the pages, and read their style sheets."""
    await asyncio.sleep(_REST)
    await asyncio.to_thread(_import)
    for path in sorted(Path(__file__).with_name("screens").glob("*.tcss")):
        if not app.stylesheet.has_source(str(path)):
            app.stylesheet.read(path)
            app.stylesheet.parse()
            await asyncio.sleep(_PAUSE)
    if not app.is_headless:
        keep_for_good()


def _import() -> None:
    from textual.highlight import highlight

    for page in PAGES:
        import_module(f"quiz.tui.screens.{page}")
    for module in ("textual.document._syntax_aware_document", "tree_sitter_python"):
        import_module(module)
    highlight("print()", language="python")  # which compiles the patterns of the language
