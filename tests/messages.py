"""`make messages`: collects the text of the interface, brings the catalogues up to date, compiles.

Collected are the arguments of `_`, `counted`, `mark` and `pattern`, and the docstrings of commands,
which are their help.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from quiz.language import CATALOGUES, DOMAIN

PACKAGE = CATALOGUES.parent
TAKEN = {"_": 1, "mark": 1, "pattern": 1, "counted": 2}
"""How many of the first arguments of each are text."""
MessageId = str | tuple[str, ...]


def collect() -> Catalog:
    """All text of the interface, with the files it stands in."""
    catalogue = Catalog(project=DOMAIN, charset="utf-8", fuzzy=False)
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE.parent).as_posix()
        for message in _messages(path):
            catalogue.add(message, locations=[(name, 0)])
    return catalogue


def untranslated(catalogue: Catalog) -> list[MessageId]:
    """The text that a catalogue lacks."""
    return [
        one.id if isinstance(one.id, str) else tuple(one.id)
        for one in catalogue
        if one.id and not (one.string if isinstance(one.string, str) else all(one.string or ("",)))
    ]


def catalogue_file(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """The catalogue of a language as it is written."""
    with catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """What gettext reads."""
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def _messages(path: Path) -> Iterator[MessageId]:
    # Babel's own extraction does not look into f-strings.
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.FunctionDef) and any(map(_makes_command, node.decorator_list)):
            yield inspect.cleandoc(ast.get_docstring(node) or "")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            taken = node.args[: TAKEN.get(node.func.id, 0)]
            texts = [str(arg.value) for arg in taken if isinstance(arg, ast.Constant)]
            if any(texts):
                yield tuple(texts) if len(texts) > 1 else texts[0]


def _makes_command(decorator: ast.expr) -> bool:
    """Whether it is `click.command(…)` or `click.group(…)`."""
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in ("command", "group")
    )


def main() -> None:
    """Bring every catalogue up to date."""
    found = collect()
    for path in sorted(CATALOGUES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        catalogue = read(path.parent.parent.name)
        found.creation_date = catalogue.creation_date  # the same text gives the same file
        catalogue.update(found, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, include_lineno=False, sort_output=True)
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        missing = untranslated(catalogue)
        sys.stdout.write(f"{path}: {len(catalogue)} messages, {len(missing)} not translated\n")
        for text in missing:
            sys.stdout.write(f"  {text!r}\n")


if __name__ == "__main__":
    main()
