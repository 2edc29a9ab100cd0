"""The language the commands speak: chosen before the command line is read, heard in all of it."""

from __future__ import annotations

import copy
import gettext
import os
from collections.abc import Mapping, Sequence

import click

from quiz import language
from quiz.errors import SettingsError
from quiz.language import _, mark
from quiz.settings import own_language

CLICK = (
    mark("Usage:"), mark("Options"), mark("Commands"), mark("Positional arguments"),
    mark("Show this message and exit."), mark("Show the version and exit."),
    mark("%(prog)s, version %(version)s"), mark("Error: {message}"),
    mark("Try '{command} {option}' for help."), mark("Missing command."),
    mark("Missing argument"), mark("Missing option"), mark("Missing parameter"),
    mark("No such option {name!r}."), mark("No such command {name!r}."),
    mark("Invalid value: {message}"), mark("Invalid value for {param_hint}: {message}"),
    mark("{value!r} is not a valid {number_type}."), mark("{value} is not in the range {range}."),
    mark("{name} {filename!r} does not exist."), mark("Choose from:\n\t{choices}"),
    mark("default: {default}"), mark("Aborted!"), mark("Press any key to continue..."),
    mark("Option {name!r} does not take a value."), mark("file"), mark("directory"), mark("path"),
)  # fmt: skip
"""What click says of itself."""


def choose(words: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Speak the learner's language from now on.

    Theirs is what `--lang`, `$QUIZ_LANGUAGE` or their `config.toml` say, for the cards and for
    the interface; else the interface follows the locale. A collection's `quiz.toml` decides
    about its cards alone.
    """
    env = os.environ if environment is None else environment
    try:
        said = _flag(words) or own_language(env)
    except SettingsError:
        said = ""  # it is reported when the settings are read in full
    language.speak([*filter(None, [said]), *language.of_locale(env)])
    # click looks its own words up by the standard library's rules.
    gettext.bindtextdomain(language.DOMAIN, str(language.CATALOGUES))
    gettext.textdomain(language.DOMAIN)
    if said and environment is None:
        os.environ["LANGUAGE"] = language.spoken()


def translated(command: click.Command) -> click.Command:
    """The command with its help in the language that is spoken."""
    spoken = copy.copy(command)
    spoken.help = _(command.help or "")
    spoken.params = [_translated(parameter) for parameter in command.params]
    return spoken


def _translated(parameter: click.Parameter) -> click.Parameter:
    if not isinstance(parameter, click.Option) or not parameter.help:
        return parameter
    spoken = copy.copy(parameter)
    spoken.help = _(parameter.help)
    return spoken


def _flag(words: Sequence[str]) -> str:
    """What `--lang` says, wherever it stands before a `--`."""
    before = words[: words.index("--")] if "--" in words else words
    for at, word in enumerate(before):
        name, _equals, value = word.partition("=")
        if name == "--lang":
            return value or next(iter(before[at + 1 :]), "")
    return ""
