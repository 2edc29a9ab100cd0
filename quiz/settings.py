"""What the learner decided, from all the places it can be said, as one frozen object.

Flags win over environment variables, these over the collection's `quiz.toml`, that over the user's
own `config.toml`, and that over the defaults.
"""

from __future__ import annotations

import os
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import platformdirs

from quiz.errors import Place, SettingsError

BUNDLED_CARDS = Path(__file__).parent / "cards"
"""Where the wheel puts the decks; a checkout has them beside the package."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with the value in force."""

    language: str = ""
    """Language of the cards' text (`ko`); empty: as they were written. Where the learner says it
    (not the collection), it is that of the interface too."""
    device: str = ""
    """`cpu`, `cuda` or `mps`; empty: the best there is."""
    new_per_day: int = 20
    reviews_per_day: int = 200
    desired_retention: float = 0.90
    """Probability of recall at which a question returns, 0.70 to 0.97."""
    rollover_hour: int = 4
    """Local hour at which a study day begins."""
    bury_siblings: bool = True
    """Ask only one question of a concept a day."""
    learn_ahead_minutes: int = 20
    learning_steps: str = "1m 10m"
    """Waits on the way from new to review, in s, m, h and d; empty: straight to days."""
    relearning_steps: str = "10m"
    """Waits after a lapse."""
    maximum_interval: int = 36_500
    """Days."""
    leech_threshold: int = 8
    """Lapses that make a leech, and every half as many after; 0: never."""
    review_order: str = "overdueness"
    """`overdueness`, `due`, `random` or `deck`."""
    easy_days: str = ""
    """Days with fewer reviews, and their share of an ordinary one: `sat=0.5 sun=0`."""
    editor: str = ""
    """Command that opens a card; empty: `$VISUAL`, `$EDITOR`, or `vi`."""
    theme: str = ""
    """Name of a Textual theme; empty: by the terminal."""
    decks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Overrides of limits and retention by deck path, from `quiz.toml`."""


_ENVIRONMENT = {
    "QUIZ_LANGUAGE": "language",
    "QUIZ_DEVICE": "device",
    "QUIZ_NEW_PER_DAY": "new_per_day",
    "QUIZ_REVIEWS_PER_DAY": "reviews_per_day",
    "QUIZ_DESIRED_RETENTION": "desired_retention",
    "QUIZ_ROLLOVER_HOUR": "rollover_hour",
    "QUIZ_THEME": "theme",
}

_DEFAULTS = Settings()
_TYPES = {item.name: type(getattr(_DEFAULTS, item.name)) for item in fields(Settings)}


def resolve(
    *,
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    collection: Mapping[str, Any] | None = None,
    user_file: Path | None = None,
) -> Settings:
    """The settings in force. Values of None are not said. Raises `SettingsError`."""
    env = os.environ if environment is None else environment
    said_in_environment = {
        name: _from_text(variable, name, env[variable])
        for variable, name in _ENVIRONMENT.items()
        if env.get(variable)
    }
    layers = (
        flags or {},
        said_in_environment,
        collection or {},
        _read_user_file(user_file or user_config_file(env)),
    )
    values: dict[str, Any] = {}
    for name in _TYPES:
        for layer in layers:
            if layer.get(name) is not None:
                values[name] = layer[name]
                break
    settings = Settings(**values)
    _check(settings)
    return settings


def own_language(environment: Mapping[str, str]) -> str:
    """The language the learner chose, for the cards and for the interface: `$QUIZ_LANGUAGE`, or
    the `language` of their own `config.toml`. Raises `SettingsError`."""
    said = environment.get("QUIZ_LANGUAGE")
    return said or str(_read_user_file(user_config_file(environment)).get("language", ""))


def user_config_file(environment: Mapping[str, str]) -> Path:
    """`$QUIZ_CONFIG`, or `config.toml` in the user's configuration folder."""
    if said := environment.get("QUIZ_CONFIG"):
        return Path(said)
    return Path(platformdirs.user_config_dir("quiz", appauthor=False)) / "config.toml"


def find_cards(flag: Path | None, environment: Mapping[str, str] | None = None) -> Path:
    """The collection's folder: the flag, `$QUIZ_CARDS`, `./cards`, the user's own, or the
    decks that came with the package."""
    env = os.environ if environment is None else environment
    if flag is not None:
        return flag
    if said := env.get("QUIZ_CARDS"):
        return Path(said)
    here = Path("cards")
    if here.is_dir():
        return here
    own = Path(platformdirs.user_data_dir("quiz", appauthor=False)) / "cards"
    return own if own.is_dir() else bundled_cards()


def bundled_cards() -> Path:
    """The decks that came with the program, installed or in a checkout."""
    return BUNDLED_CARDS if BUNDLED_CARDS.is_dir() else BUNDLED_CARDS.parent.parent / "cards"


def find_database(
    flag: Path | None, collection_name: str, environment: Mapping[str, str] | None = None
) -> Path:
    """The history's file: the flag, `$QUIZ_DB`, or one for each collection's name in the
    user's data folder, so that moving or cloning the cards again loses nothing."""
    env = os.environ if environment is None else environment
    if flag is not None:
        return flag
    if said := env.get("QUIZ_DB"):
        return Path(said)
    safe = "".join(c if c.isalnum() or c in "-_. " else "_" for c in collection_name).strip(". ")
    return Path(platformdirs.user_data_dir("quiz", appauthor=False)) / f"{safe or 'cards'}.db"


def editor_command(settings: Settings, environment: Mapping[str, str] | None = None) -> list[str]:
    """The words of the command that edits a file."""
    env = os.environ if environment is None else environment
    return shlex.split(settings.editor or env.get("VISUAL") or env.get("EDITOR") or "vi")


def _read_user_file(path: Path) -> Mapping[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"cannot be read: {error}", where=Place(str(path))) from error
    for name, value in table.items():
        if name not in _TYPES:
            raise SettingsError(
                f"unknown setting `{name}`",
                where=Place(str(path)),
                fix=f"Known settings: {', '.join(sorted(_TYPES))}.",
            )
        wanted = _TYPES[name]
        fits = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
        if not fits and not (wanted is float and type(value) is int):
            raise SettingsError(
                f"`{name}` must be a {wanted.__name__}, not {value!r}", where=Place(str(path))
            )
    return table


def _from_text(variable: str, name: str, text: str) -> Any:  # noqa: ANN401 - typed by the name
    try:
        return _TYPES[name](text)
    except ValueError as error:
        raise SettingsError(
            f"${variable} must be a {_TYPES[name].__name__}, not {text!r}"
        ) from error


def _check(settings: Settings) -> None:
    bounds: dict[str, tuple[float, float]] = {
        "new_per_day": (0, 100_000),
        "reviews_per_day": (0, 100_000),
        "desired_retention": (0.70, 0.99),
        "rollover_hour": (0, 23),
        "learn_ahead_minutes": (0, 24 * 60),
        "maximum_interval": (1, 36_500),
        "leech_threshold": (0, 9_999),
    }
    for name, (low, high) in bounds.items():
        value = getattr(settings, name)
        if not low <= value <= high:
            raise SettingsError(f"`{name}` must lie between {low} and {high}, not {value}")
    if settings.device not in ("", "cpu", "cuda", "mps"):
        raise SettingsError(
            f"there is no device {settings.device!r}", fix="Use cpu, cuda or mps, or leave it out."
        )
