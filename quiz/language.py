"""The language of the interface: which one is spoken, and where its words come from.

Text stands in English where it is used, inside `_` or `counted`, and is looked up when it is
shown; without a catalogue it is English. What is written when a module is loaded (key bindings,
tables of names) is only `mark`ed there, and looked up where it is shown. A catalogue is read at
the first use. Any room may use this module; it knows none of them.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Formatter

CATALOGUES = Path(__file__).parent / "locale"
DOMAIN = "quiz"

_spoken: Sequence[str] = ()
_catalogue: gettext.NullTranslations | None = gettext.NullTranslations()


def speak(tags: Iterable[str]) -> None:
    """From now on the first of these languages (`ko`, `ko_KR.UTF-8`, `en-GB`) that is known.

    English needs no catalogue; it is what remains when none is known.
    """
    global _spoken, _catalogue
    _spoken, _catalogue = tuple(tags), None


def load(tag: str) -> None:
    """Speak it, and read its catalogue now: from within a jail no file could be read later."""
    speak([tag])
    _words()


def spoken() -> str:
    """The language that is spoken now: `en`, `ko`."""
    return next((tag for tag in map(_primary, _spoken) if _known(tag)), "en")


def of_locale(environment: Mapping[str, str]) -> list[str]:
    """The languages of the locale for messages, the preferred one first.

    As gettext has it: `LANGUAGE` lists them unless the locale is `C`; the locale is the first of
    `LC_ALL`, `LC_MESSAGES` and `LANG` that is set.
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "C")
    if _primary(locale) in ("c", "posix"):
        return []
    return [*filter(None, environment.get("LANGUAGE", "").split(":")), locale]


def _(text: str) -> str:
    """`text` in the language that is spoken."""
    return _words().gettext(text) if text else ""


def counted(one: str, many: str, number: int, **values: object) -> str:
    """The form for that number, with `{n}` (and the other names) filled in."""
    return _words().ngettext(one, many, number).format(n=number, **values)


def pattern(text: str, **values: str) -> str:
    """A regular expression for what `text` is shown as; `values` are those for its fields, which
    are anything where they are left out."""
    return "".join(
        re.escape(literal) + (f"(?:{values.get(name, '.*')})" if name else "")
        for literal, name, _spec, _how in Formatter().parse(_(text))
    )


def mark(text: str) -> str:
    """`text` as it is: for the catalogue to know, and for `_` to look up where it is shown."""
    return text


def wording() -> tuple[str, int]:
    """Another one means that a text may read otherwise: the language, and its catalogue's age."""
    name = spoken()
    try:
        return name, _file(name).stat().st_mtime_ns
    except OSError:
        return name, 0


def _words() -> gettext.NullTranslations:
    global _catalogue
    if _catalogue is None:
        _catalogue = gettext.translation(DOMAIN, CATALOGUES, languages=[spoken()], fallback=True)
    return _catalogue


def _known(tag: str) -> bool:
    return tag == "en" or _file(tag).is_file()


def _file(tag: str) -> Path:
    return CATALOGUES / tag / "LC_MESSAGES" / f"{DOMAIN}.mo"


def _primary(tag: str) -> str:
    """The language alone, without country and encoding."""
    return tag.replace("-", "_").partition(".")[0].partition("_")[0].lower()
