"""The interface speaks every language of its catalogues, and no text of it goes around them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from quiz import language
from tests import messages

LANGUAGES = sorted(path.name for path in language.CATALOGUES.iterdir())
SPEAKERS = {"_", "counted", "mark", "pattern"}

SHOWN: dict[str, tuple[object, ...]] = {
    # callable: the places (index or name) of the arguments that are shown to the learner
    "Content": (0,), "styled": (0,), "assemble": ("*",), "Static": (0,), "Button": (0,),
    "Option": (0,), "Text": (0,), "phrase": (0,), "notify": (0, "title"), "Label": (0,),
    "SystemCommand": (0, 1), "Binding": (2, "tooltip"), "add_column": (0,), "add_columns": ("*",),
    "Field": ("placeholder",), "Input": ("placeholder",), "Collapsible": ("title",),
    "Checkbox": (0,), "CommandPalette": ("placeholder",),
    "echo": (0,), "secho": (0,), "prompt": (0,), "confirm": (0,), "pause": (0,),
    "print_error": (0,), "print_note": (0,), "print_table": (1,), "print_fields": (0,),
    "option": ("help",), "Check": (0, 2), "Bar": (0,),
    "QuizError": (0, "fix"), "CardError": (0, "fix"), "SettingsError": (0, "fix"),
    "StoreError": (0, "fix"), "GradeError": (0, "fix"), "ImportFormatError": (0, "fix"),
    "Finding": (2,), "error": (0,), "warning": (0,), "Mistake": (1,), "Correction": (3,),
    "LeftOut": (0, 1), "LogProblem": (1,), "Wrong": (1,),
    "Survivor": (2,), "Doubt": (2,), "Mutation": (0,),
    "Problem": (1,), "Breach": (0,), "CardFault": (0,), "_close": (1,), "_blame": (0,),
}  # fmt: skip

NAMES = {"AUC", "KiB", "quiz", "torch", ", Python ", "http://", ".md", "pip install torch"}
"""The same in every language."""
HEARD = {"out of memory", ". Did you", "No module named 'torch'"}
"""What others say, looked for in their words."""
UNSHOWN = {
    "RuntimeError", "Fence", "ProtocolError", "TypeError", "compile", "search", "Move", "Pair",
}  # fmt: skip
"""What is called with text that the learner does not read."""
NO_TEXT = {"editor_theme.py", "signs.py", "likeness.py", "words.py"}
"""Files whose words are those of a grammar."""
UNREAD = {
    "deck/cache.py", "deck/evidence.py", "deck/schema.py", "interchange/anki/schema.py",
    "grade/device.py", "grade/practice.py", "grade/values.py", "grade/workers.py",
}  # fmt: skip
"""Files of which the learner reads no word."""
TABLES = {"LISTS", "FLAGS", "_NAMES"}
"""Names of tables whose words are those of a JSON schema, or of others' files."""
INNER = {
    " has no time zone", " is no review: ", "neither progress nor result: ",
    "a node of another tree", "Parameter containing:\n", "is an iterator", "system calls",
    "there is always a first migration", " (set aside ",
    "the fsrs package left a reviewed card without memory",
}  # fmt: skip
"""What nobody hears but for a defect of the program."""
STYLES = re.compile(r"(bold|dim|italic|underline|strike|not|on|blue|red|green|\s|\$[\w-]+|\d+%)*")
MARKUP = re.compile(r"<[^<>]*>?")
COMMANDS = re.compile(r'(eval "\$\()?quiz [a-z]+ |\s*(?:select|insert|update|create|pragma) ', re.I)
"""What is to be typed into a shell, or read by a database."""
SQL = re.compile(r"\b(?:AND|SELECT|WHERE|ORDER|GROUP|DESC|BEGIN|END|JOIN|BETWEEN)\b")
WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    language.speak([])


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_text_is_translated_and_compiled(name: str) -> None:
    """`make messages` brings a catalogue up to date and says what is left to translate."""
    catalogue = messages.read(name)
    written = {message.id for message in catalogue}
    assert not {message.id for message in messages.collect()} - written
    assert not messages.untranslated(catalogue)
    compiled = messages.catalogue_file(name).with_suffix(".mo").read_bytes()
    assert compiled == messages.compiled(catalogue)


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_translation_uses_no_value_that_the_text_does_not_have(name: str) -> None:
    for message in messages.read(name):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
        given = {value for text in ids for value in _values(text)}
        if given & {"month_name"}:
            given |= {"month"}  # some languages count the months
        for text in texts:
            assert set(_values(text)) <= given, message.id
            assert "%(" not in text or "%(" in str(message.id)


@pytest.mark.parametrize("name", LANGUAGES)
def test_what_is_looked_for_in_other_messages_is_in_their_translations(name: str) -> None:
    """`quiz check` tells by such words what a verdict is about."""
    catalogue = {message.id: message.string for message in messages.read(name)}
    for words in ("cannot be compared", "meta tensor", "card's {part}"):
        wanted = re.escape(str(catalogue[words])).replace(
            r"\{part\}", r"(?:setup|cases|test|.part.)"
        )
        searched = re.escape(words).replace(r"\{part\}", r"(?:setup|cases|test|.part.)")
        for text, translation in catalogue.items():
            if isinstance(text, str) and text:
                there = bool(re.search(searched, text))
                assert bool(re.search(wanted, str(translation))) is there, text


def _values(text: str) -> list[str]:
    return [name for _literal, name, _spec, _how in Formatter().parse(text) if name]


def test_no_text_of_the_interface_goes_around_the_catalogue() -> None:
    found = []
    for path in sorted(messages.PACKAGE.rglob("*.py")):
        name = path.relative_to(messages.PACKAGE).as_posix()
        if path.name not in NO_TEXT and name not in UNREAD:
            found += [f"{name}:{line}: {text!r}" for line, text in _around(path)]
    assert not found, "\n".join(found)


def _around(path: Path) -> Iterator[tuple[int, str]]:
    """Literals that are shown, or read like sentences, outside `_`, `counted` and `mark`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    _name_parents(tree)
    said = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for argument in _shown_arguments(node):
                for line, text in _literals(argument):
                    if re.search("[A-Za-z]{2,}", text) and text not in NAMES:
                        said.add((line, text))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = MARKUP.sub(" ", node.value)
            if WORDS.search(text) and not _is_named(text) and not _excused(node):
                said.add((node.lineno, text))
    return iter(sorted(said))


def _is_named(text: str) -> bool:
    """Whether it is the same in every language."""
    written = STYLES.fullmatch(text) or COMMANDS.match(text) or SQL.search(text)
    return bool(written) or text in HEARD | INNER | NAMES


def _name_parents(tree: ast.AST) -> None:
    for parent in ast.walk(tree):
        for child in ast.iter_child_nodes(parent):
            child.parent = parent  # type: ignore[attr-defined]


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _shown_arguments(node: ast.Call) -> Iterator[ast.AST]:
    places = SHOWN.get(_called(node), ())
    if "*" in places:
        yield from node.args
    for at in places:
        if isinstance(at, int) and at < len(node.args):
            yield node.args[at]
    yield from (keyword.value for keyword in node.keywords if keyword.arg in places)


def _literals(node: ast.AST) -> Iterator[tuple[int, str]]:
    """The text that an expression can become, as far as it stands there."""
    match node:
        case ast.Constant(value=str(text)):
            if not STYLES.fullmatch(text):
                yield node.lineno, text
        case ast.JoinedStr():
            for part in node.values:
                yield from _literals(part)
        case ast.FormattedValue():
            yield from _literals(node.value)
        case ast.IfExp():
            yield from _literals(node.body)
            yield from _literals(node.orelse)
        case ast.BinOp() | ast.BoolOp() | ast.Tuple() | ast.List() | ast.Starred():
            for child in ast.iter_child_nodes(node):
                yield from _literals(child)
        case ast.Dict():
            for key in node.keys:
                if key is not None:
                    yield from _literals(key)


def _excused(node: ast.AST) -> bool:
    """Whether it is said through the catalogue, or never said to the learner."""
    child, parent = node, getattr(node, "parent", None)
    while parent is not None:
        if isinstance(parent, ast.Call) and _called(parent) in SPEAKERS:
            return True
        if isinstance(parent, ast.Expr) and parent.value is child:
            return True  # a docstring
        if isinstance(parent, ast.Assign) and any(
            _target(t).endswith(("CSS", "STYLE")) or _target(t) in TABLES for t in parent.targets
        ):
            return True
        if isinstance(parent, ast.Call) and _called(parent) in UNSHOWN:
            return True
        child, parent = parent, getattr(parent, "parent", None)
    return False


def _target(node: ast.AST) -> str:
    return getattr(node, "id", "")


def test_the_first_language_that_is_known_is_spoken() -> None:
    language.speak(["fr_FR.UTF-8", "ko_KR.UTF-8", "en"])
    assert language.spoken() == "ko"
    assert language._("Again") == "다시"
    language.speak(["en_GB", "ko"])
    assert language._("Again") == "Again"
    language.speak(["fr"])
    assert language.spoken() == "en"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "ko_KR.UTF-8"}, ["ko_KR.UTF-8"]),
        ({"LC_ALL": "C.UTF-8", "LANG": "ko_KR.UTF-8", "LANGUAGE": "ko"}, []),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "ko:en"}, ["ko", "en", "en_US.UTF-8"]),
        ({}, []),
    ],
)
def test_the_locale_is_read_as_gettext_reads_it(
    environment: dict[str, str], expected: list[str]
) -> None:
    assert language.of_locale(environment) == expected


def test_numbers_take_their_form() -> None:
    assert language.counted("{n} day", "{n} days", 1) == "1 day"
    assert language.counted("{n} day", "{n} days", 2) == "2 days"
