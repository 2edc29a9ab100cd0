"""Changing one's own settings: checked, written into `config.toml`, in force at once.

Comments and the order of the file stay as they are; only the line that is changed changes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from quiz.deck.saving import write_text
from quiz.errors import SettingsError
from quiz.schedule.policy import policy_of
from quiz.settings import DEFAULTS, Source, check, from_text, read_user_file, unfit
from quiz.study.ledger import Ledger

Value = str | int | float | bool


def read(name: str, text: str) -> Value:
    """The value that `text` means for the setting `name`. Raises `SettingsError`."""
    try:
        value: Value = from_text(name, text)
    except ValueError as error:
        raise SettingsError(unfit(f"`{name}`", name, text)) from error
    changed: dict[str, Any] = {name: value}
    settings = replace(DEFAULTS, **changed)
    check(settings)
    policy_of(settings)
    return value


def write(path: Path, name: str, value: Value | None) -> None:
    """Put a setting into the file at `path`, which need not exist; None takes it out.

    Raises `QuizError` where the file cannot be read as it is, or written.
    """
    import tomlkit

    read_user_file(path)  # tells a file that cannot be understood from one that can be changed
    document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "")
    if value is None:
        document.pop(name, None)
    else:
        document[name] = value
    write_text(path, tomlkit.dumps(document))


def change(ledger: Ledger, path: Path, name: str, value: Value | None) -> bool:
    """Make a setting one's own, or (None) take it back; whether it is in force from now on.

    It is not where a flag, the environment or the collection says otherwise.
    """
    write(path, name, value)
    settings = ledger.settings
    if settings.sources.get(name, Source.DEFAULT) not in (Source.USER, Source.DEFAULT):
        return False
    sources = {**settings.sources, name: Source.DEFAULT if value is None else Source.USER}
    said: dict[str, Any] = {name: getattr(DEFAULTS, name) if value is None else value}
    ledger.use_settings(replace(settings, sources=sources, **said))
    return True
