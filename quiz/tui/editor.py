"""The learner's own editor: how it is told to open a file at a line, and when it is done."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from quiz.errors import QuizError
from quiz.language import _

_GOTO = {"code", "code-insiders", "codium", "vscodium", "cursor", "windsurf"}
_COLON = {"hx", "helix", "subl", "sublime_text", "zed", "zeditor", "micro"}
_NO_LINE = {"ed", "notepad", "open", "xdg-open"}
_WINDOWED = _GOTO | {"subl", "sublime_text", "zed", "zeditor", "gvim", "mvim"}


def command_at(editor: Sequence[str], path: Path, line: int) -> list[str]:
    """The words that open `path` at `line` (from 1) with the editor's own way of saying so."""
    name = _name(editor)
    if line < 1 or name in _NO_LINE:
        return [*editor, str(path)]
    if name in _GOTO:
        return [*editor, "--goto", f"{path}:{line}"]
    if name in _COLON:
        return [*editor, f"{path}:{line}"]
    return [*editor, f"+{line}", str(path)]


def is_windowed(editor: Sequence[str]) -> bool:
    """Whether it opens a window of its own, so that the terminal need not be handed over."""
    return _name(editor) in _WINDOWED


def run(command: Sequence[str], *, windowed: bool) -> None:
    """Run the editor to its end. Raises `QuizError` when it cannot be started."""
    silent = subprocess.DEVNULL if windowed else None
    try:
        subprocess.run(command, check=False, stdin=silent, stdout=silent, stderr=silent)
    except OSError as error:
        raise QuizError(
            _("the editor `{name}` cannot be started: {reason}").format(
                name=command[0], reason=error.strerror
            ),
            fix=_("Set $VISUAL or $EDITOR to an editor that is installed."),
        ) from error


def _name(editor: Sequence[str]) -> str:
    return Path(editor[0]).name.lower().removesuffix(".exe").removesuffix(".cmd")
