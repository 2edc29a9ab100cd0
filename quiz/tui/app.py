"""The application: opens the library behind its first frame and shows the pages.

It owns what holds for all pages: sizes, themes, the palette of commands, and what is said when
something goes wrong. The pages and the library are imported after the first frame: with them the
first frame would come three times as late.
"""

from __future__ import annotations

import asyncio
import os
import signal
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.command import CommandPalette
from textual.message import Message
from textual.screen import Screen
from textual.theme import ThemeProvider

from quiz.errors import QuizError
from quiz.language import _, mark
from quiz.study.values import Selection
from quiz.tui import theme
from quiz.tui.background import all_turns, in_thread, keep_for_good, serve_the_loop
from quiz.tui.keys import key_name
from quiz.tui.screens.opening import OpeningScreen

if TYPE_CHECKING:
    from quiz.study.library import Library
    from quiz.study.session import Session


class QuizApp(App[None]):
    """The terminal application over a library that `opener` opens in a thread.

    `start` goes straight into a review; without it the home page comes first. With `welcome` it
    is asked before that what to learn from. `debug_errors` lets an unexpected exception out with
    its traceback.
    """

    TITLE = "quiz"
    CSS_PATH = "app.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (60, "-middle"), (110, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-short"), (32, "-tall")]  # noqa: RUF012
    BINDINGS = [Binding("ctrl+q", "quit", mark("Quit"), show=False)]  # noqa: RUF012

    class Opened(Message):
        """The cards and the history are there."""

        def __init__(self, library: Library, session: Session | None) -> None:
            super().__init__()
            self.library, self.session = library, session

    class NotOpened(Message):
        """They cannot be used."""

        def __init__(self, error: QuizError) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self,
        opener: Callable[[], Library],
        *,
        start: Selection | None = None,
        theme_name: str = "",
        welcome: bool = False,
        debug_errors: bool = False,
    ) -> None:
        if os.environ.get("NO_COLOR") == "":
            del os.environ["NO_COLOR"]  # which says nothing, but Textual takes it for a wish
        super().__init__()
        self._opener = opener
        self._start = start
        self._welcome = welcome
        self._debug_errors = debug_errors
        self.library: Library | None = None
        self._stop_following = asyncio.Event()
        for each in theme.THEMES:
            self.register_theme(each)
        self.theme = theme.preferred(theme_name)

    @property
    def native_ansi_color(self) -> bool:
        """Whether the terminal's own sixteen colours are sent as they are: never without colours,
        as what takes the colours away would make black on black of them."""
        return "NO_COLOR" not in os.environ and super().native_ansi_color

    def get_default_screen(self) -> Screen[None]:
        return OpeningScreen()

    def on_mount(self) -> None:
        if not self.is_headless:
            serve_the_loop()
            # As Ctrl+Q does: the terminal is left as it was found.
            with suppress(NotImplementedError):  # Windows
                asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.exit)
        self.call_after_refresh(self._ask_first if self._welcome else self._open)

    def _ask_first(self) -> None:
        from quiz.tui.screens.welcome import WelcomeScreen

        self.push_screen(WelcomeScreen(), self._open)

    def _open(self, _: None = None) -> None:
        self.run_worker(self._open_in_thread(), group="open")

    async def _open_in_thread(self) -> None:
        try:
            library, session = await in_thread(self._load)
        except QuizError as error:
            self.post_message(self.NotOpened(error))
        else:
            self.post_message(self.Opened(library, session))

    def _load(self) -> tuple[Library, Session | None]:
        """In a thread: everything heavy, the first page's module and session included."""
        import_module(f"quiz.tui.screens.{'home' if self._start is None else 'review'}")
        library = self._opener()
        try:
            return library, None if self._start is None else library.session(self._start)
        except QuizError:
            library.close()
            raise

    async def on_quiz_app_opened(self, event: Opened) -> None:
        self.library = library = event.library
        if (wanted := library.settings.theme) in self.available_themes:
            self.theme = wanted
        await self._show_first_page(library, event.session)
        if not self.is_headless:
            keep_for_good()
        # Once it has been painted: nothing is saved before.
        self.screen.call_after_refresh(self._follow)

    async def _show_first_page(self, library: Library, session: Session | None) -> None:
        if self._start is None:
            from quiz.tui.screens.home import HomeScreen

            await self.push_screen(HomeScreen(library))
        else:
            from quiz.tui.screens.review import ReviewScreen

            page = ReviewScreen(library, self._start, session)
            await self.push_screen(page, self._after_review)

    def _follow(self) -> None:
        from quiz.tui.following import follow
        from quiz.tui.furnishing import furnish

        if self.library is not None:
            self.run_worker(follow(self, self.library, self._stop_following), group="follow")
            self.run_worker(furnish(self), group="furnish")

    def _after_review(self, _: None) -> None:
        """A session that was asked for on the command line ends at home."""
        from quiz.tui.screens.home import HomeScreen

        if self.library is not None:
            self.push_screen(HomeScreen(self.library))

    def on_quiz_app_not_opened(self, event: NotOpened) -> None:
        self._show_failure(event.error)

    def _show_failure(self, error: QuizError) -> None:
        from quiz.tui.screens.failure import FailureScreen

        self.push_screen(FailureScreen(error))

    async def on_unmount(self) -> None:
        self._stop_following.set()
        if self.library is not None:
            await all_turns()
            await self.library.aclose()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action of the page that means something now; themes, a picture, the end."""
        seen: set[str] = set()
        for binding in type(screen).BINDINGS:
            if not isinstance(binding, Binding) or binding.action in seen:
                continue
            seen.add(binding.action)
            name, _paren, rest = binding.action.partition("(")
            parameters = tuple(part for part in rest.rstrip(")").split(",") if part)
            if binding.description and screen.check_action(name, parameters):
                yield SystemCommand(
                    _(binding.description),
                    _(binding.tooltip),
                    partial(screen.run_action, binding.action),
                )
        if self.library is not None and not seen & {"settings", "default"}:
            yield SystemCommand(
                _("Settings"), _("What each means, and where it was said"), self.action_settings
            )
        yield SystemCommand(_("Theme"), _("Choose the colours"), self.action_change_theme)
        yield SystemCommand(
            _("Picture"), _("Save a picture of this page (SVG)"), self.deliver_screenshot
        )
        if "quit" not in seen:
            yield SystemCommand(_("Quit"), _("Every rating is saved"), self.action_quit)

    def get_key_display(self, binding: Binding) -> str:
        """As the sentences of the interface call the key."""
        return binding.key_display or key_name(binding.key)

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """An SVG of the page, Korean in its cells."""
        from quiz.tui.screenshot import in_cells

        return in_cells(super().export_screenshot(title=title, simplify=simplify))

    def action_settings(self) -> None:
        """Open the settings, from whatever page."""
        from quiz.tui.screens.settings import SettingsScreen

        if self.library is not None:
            self.push_screen(SettingsScreen(self.library))

    def action_help_quit(self) -> None:
        """What Ctrl+C brings: it is for copying, and does not end anything by itself."""
        self.notify(_("Ctrl+Q ends the program. Every rating is saved."), timeout=4)

    def action_command_palette(self) -> None:
        from quiz.tui.screens.palette import Palette

        covered = isinstance(self.screen, OpeningScreen | CommandPalette)
        if self.use_command_palette and not covered:
            self.push_screen(Palette(placeholder=_("Search for a command…")))

    def search_themes(self) -> None:
        from quiz.tui.screens.palette import Palette

        placeholder = _("Search for a theme…")
        self.push_screen(Palette(providers=[ThemeProvider], placeholder=placeholder))

    def _handle_exception(self, error: Exception) -> None:
        """A defect of the program: one clear block instead of a traceback.

        Textual has no public hook for this. Under test the exception comes out as ever.
        """
        if self._debug_errors or self.is_headless:
            super()._handle_exception(error)
            return
        self._return_code = 1
        self.panic(crash_text(error, self._keep_details(error)))

    def _keep_details(self, error: Exception) -> Path | None:
        details = "".join(traceback.format_exception(error))
        log = Path(platformdirs.user_log_dir("quiz", appauthor=False)) / "crash.log"
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("a", encoding="utf-8") as file:
                file.write(f"{datetime.now(UTC).isoformat()}\n{details}\n")
        except OSError:
            return None
        return log


def crash_text(error: Exception, log: Path | None) -> str:
    """What the learner reads when the program failed of itself."""
    cause = getattr(error, "error", None) or error
    lines = [
        _("quiz stopped because of a defect of its own ({error}).").format(
            error=f"{type(cause).__name__}: {cause}"
        ),
        _("Nothing is lost: every rating was saved before the next question was shown."),
    ]
    if log is not None:
        lines.append(
            _("The details are in {path}; please send them with a report.").format(path=log)
        )
    lines.append(_("`quiz --debug` shows them in the terminal."))
    return "\n".join(lines)
