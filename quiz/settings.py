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
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import platformdirs

from quiz.errors import Place, SettingsError
from quiz.language import _, mark

BUNDLED_CARDS = Path(__file__).parent / "cards"
"""Where the wheel puts the decks; a checkout has them beside the package."""


T = TypeVar("T")


class Source(StrEnum):
    """Where a setting was said; the earlier ones win."""

    FLAG = "flag"
    ENVIRONMENT = "environment"
    COLLECTION = "quiz.toml"
    USER = "config.toml"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a setting besides its value."""

    meaning: str
    """For the learner; in English, marked for translation."""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    """All it can be; empty where anything goes."""


def _setting(
    default: T,
    meaning: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
) -> T:
    about = About(meaning, low, high, choices)
    declared: T = field(default=default, metadata={"about": about})
    return declared


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with the value in force."""

    new_per_day: int = _setting(20, mark("New questions a day, at most."), low=0, high=9_999)
    reviews_per_day: int = _setting(
        200, mark("Questions a day, at most; new ones count too."), low=0, high=9_999
    )
    desired_retention: float = _setting(
        0.90,
        mark("Chance of recall at which a question returns, 0.70 to 0.99: the higher, the more "
             "reviews. `quiz forecast` shows what each costs."),
        low=0.70,
        high=0.99,
    )  # fmt: skip
    learning_steps: str = _setting(
        "1m 10m",
        mark("Waits on the way from new to review, in s, m, h and d; empty: straight to days."),
    )
    relearning_steps: str = _setting("10m", mark("Waits after a lapse, written the same way."))
    learn_ahead_minutes: int = _setting(
        20,
        mark("How many minutes early a learning step may be taken when nothing else is left."),
        low=0,
        high=24 * 60,
    )
    bury_siblings: bool = _setting(
        True, mark("Ask only one question of a concept a day: they give each other away.")
    )
    review_order: str = _setting(
        "overdueness",
        mark("Which review comes first: the one most overdue by its chance of recall, the one due "
             "longest, any, or deck after deck."),
        choices=("overdueness", "due", "random", "deck"),
    )  # fmt: skip
    easy_days: str = _setting(
        "",
        mark("Days with fewer reviews, and their share of an ordinary one, such as "
             "`sat=0.5 sun=0`."),
    )  # fmt: skip
    maximum_interval: int = _setting(
        36_500, mark("The longest wait between two reviews, in days."), low=1, high=36_500
    )
    leech_threshold: int = _setting(
        8,
        mark("Lapses after which a question is suspended as a leech, and again after every half "
             "as many; 0: never."),
        low=0,
        high=9_999,
    )  # fmt: skip
    rollover_hour: int = _setting(
        4, mark("The hour of the night at which a new study day begins."), low=0, high=23
    )
    language: str = _setting(
        "",
        mark("Language of the cards and, where you say it yourself, of this program, such as "
             "`ko`; empty: cards as they were written, the program by the locale."),
    )  # fmt: skip
    theme: str = _setting("", mark("The colours; empty: by the terminal, dark or light."))
    formula_pictures: bool = _setting(
        True,
        mark("Draw formulas on lines of their own as pictures where the terminal shows pixels; "
             "`false`: always as text."),
    )  # fmt: skip
    editor: str = _setting(
        "", mark("Command that opens a card; empty: `$VISUAL`, `$EDITOR`, or `vi`.")
    )
    device: str = _setting(
        "",
        mark("Where answers run; empty: on the best there is."),
        choices=("", "cpu", "cuda", "mps"),
    )
    cards: str = _setting(
        "",
        mark("Your folder of cards, for when none is named and there is no `cards` here; "
             "`bundled`: the decks that came along."),
    )  # fmt: skip
    decks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Overrides of limits and retention by deck path, from `quiz.toml`."""
    sources: Mapping[str, Source] = field(default_factory=dict, compare=False, repr=False)
    """Where each setting was said; one that is not in it has its default."""


_ENVIRONMENT = {
    "QUIZ_LANGUAGE": "language",
    "QUIZ_DEVICE": "device",
    "QUIZ_NEW_PER_DAY": "new_per_day",
    "QUIZ_REVIEWS_PER_DAY": "reviews_per_day",
    "QUIZ_DESIRED_RETENTION": "desired_retention",
    "QUIZ_ROLLOVER_HOUR": "rollover_hour",
    "QUIZ_THEME": "theme",
}

BUNDLED = "bundled"
"""What `cards` says for the decks that came with the program."""

DEFAULTS = Settings()
ABOUT: Mapping[str, About] = {
    item.name: item.metadata["about"] for item in fields(Settings) if item.metadata
}
"""The settings a learner can make, in their order."""
_TYPES = {name: type(getattr(DEFAULTS, name)) for name in (*ABOUT, "decks")}


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
        name: _from_environment(variable, name, env[variable])
        for variable, name in _ENVIRONMENT.items()
        if env.get(variable)
    }
    layers: Mapping[Source, Mapping[str, Any]] = {
        Source.FLAG: flags or {},
        Source.ENVIRONMENT: said_in_environment,
        Source.COLLECTION: collection or {},
        Source.USER: read_user_file(user_file or user_config_file(env)),
    }
    values: dict[str, Any] = {}
    sources: dict[str, Source] = {}
    for name in _TYPES:
        for source, layer in layers.items():
            if layer.get(name) is not None:
                values[name], sources[name] = layer[name], source
                break
    settings = Settings(**values, sources=sources)
    check(settings)
    return settings


def own_language(environment: Mapping[str, str]) -> str:
    """The language the learner chose, for the cards and for the interface: `$QUIZ_LANGUAGE`, or
    the `language` of their own `config.toml`. Raises `SettingsError`."""
    said = environment.get("QUIZ_LANGUAGE")
    return said or str(read_user_file(user_config_file(environment)).get("language", ""))


def user_config_file(environment: Mapping[str, str]) -> Path:
    """`$QUIZ_CONFIG`, or `config.toml` in the user's configuration folder."""
    if said := environment.get("QUIZ_CONFIG"):
        return Path(said)
    return Path(platformdirs.user_config_dir("quiz", appauthor=False)) / "config.toml"


def find_cards(flag: Path | None, environment: Mapping[str, str] | None = None) -> Path:
    """The collection's folder: the flag, `$QUIZ_CARDS`, `./cards`, the one chosen in the user's
    `config.toml`, that in the user's data folder, or the decks that came with the package."""
    env = os.environ if environment is None else environment
    if flag is not None:
        return flag
    if said := env.get("QUIZ_CARDS"):
        return Path(said)
    here = Path("cards")
    if here.is_dir():
        return here
    if chosen := read_user_file(user_config_file(env)).get("cards"):
        return bundled_cards() if chosen == BUNDLED else Path(chosen).expanduser()
    own = data_folder() / "cards"
    return own if own.is_dir() else bundled_cards()


def nothing_chosen(environment: Mapping[str, str] | None = None) -> bool:
    """Whether nobody has ever said or used anything here: neither cards, nor a history."""
    env = os.environ if environment is None else environment
    return (
        not env.get("QUIZ_CARDS")
        and not env.get("QUIZ_DB")
        and not Path("cards").is_dir()
        and not read_user_file(user_config_file(env)).get("cards")
        and not (data_folder() / "cards").is_dir()
        and not any(data_folder().glob("*.db"))
    )


def data_folder() -> Path:
    """The user's own data."""
    return Path(platformdirs.user_data_dir("quiz", appauthor=False))


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
    return data_folder() / f"{safe or 'cards'}.db"


def editor_command(settings: Settings, environment: Mapping[str, str] | None = None) -> list[str]:
    """The words of the command that edits a file."""
    env = os.environ if environment is None else environment
    return shlex.split(settings.editor or env.get("VISUAL") or env.get("EDITOR") or "vi")


def read_user_file(path: Path) -> Mapping[str, Any]:
    """What the file says, by name; nothing where it is missing. Raises `SettingsError`."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        said = _("cannot be read: {why}").format(why=error)
        raise SettingsError(said, where=Place(str(path))) from error
    for name, value in table.items():
        if name not in _TYPES:
            raise SettingsError(
                _("unknown setting `{name}`").format(name=name),
                where=Place(str(path)),
                fix=_("Known settings: {names}.").format(names=", ".join(sorted(_TYPES))),
            )
        wanted = _TYPES[name]
        fits = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
        if not fits and not (wanted is float and type(value) is int):
            raise SettingsError(unfit(f"`{name}`", name, value), where=Place(str(path)))
    return table


def unfit(shown: str, name: str, value: object) -> str:
    """What is said of a value that is none of the setting `name`, which is `shown` so."""
    said = _("{name} must be {wanted}, not {value}")
    return said.format(name=shown, wanted=kind_of(name), value=repr(value))


def kind_of(name: str) -> str:
    """What a setting must be, in words."""
    words = {
        int: mark("a whole number"), float: mark("a number"), bool: mark("true or false"),
        str: mark("a text"),
    }  # fmt: skip
    return _(words.get(_TYPES[name], mark("a table")))


def from_text(name: str, text: str) -> Any:  # noqa: ANN401 - typed by the name
    """The value that `text` means for the setting `name`. Raises `ValueError`."""
    wanted = _TYPES[name]
    if wanted is bool and text.strip() not in ("true", "false"):
        raise ValueError(text)
    if wanted is bool:
        return text.strip() == "true"
    return wanted(text.strip())


def _from_environment(variable: str, name: str, text: str) -> Any:  # noqa: ANN401 - the same
    try:
        return from_text(name, text)
    except ValueError as error:
        raise SettingsError(unfit(f"${variable}", name, text)) from error


def check(settings: Settings) -> None:
    """Raises `SettingsError` for a value that cannot be."""
    for name, about in ABOUT.items():
        value = getattr(settings, name)
        if (
            about.low is not None
            and about.high is not None
            and not about.low <= value <= about.high
        ):
            said = _("`{name}` must lie between {low} and {high}, not {value}")
            raise SettingsError(said.format(name=name, low=about.low, high=about.high, value=value))
        if about.choices and value not in about.choices:
            known = ", ".join(filter(None, about.choices))
            raise SettingsError(
                _("there is no {name} {value}").format(name=name, value=repr(value)),
                fix=_("There are {known}.").format(known=known),
            )
