"""The same checks as `tests.fuzz cards`, on files that atheris grows towards code not yet reached.

`pip install atheris`, then `python -m tests.fuzz.guided [FOLDER] [LIBFUZZER-OPTION…]`: files that
reach new code are kept in FOLDER; `-runs=N` ends after N files. atheris is no dependency.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def main() -> None:
    """Fuzz until something is found, or until told to end."""
    atheris: Any = import_module("atheris")
    # Only what is imported from here on tells which of its lines are reached.
    with atheris.instrument_imports(include=["quiz.deck"]):
        from tests.fuzz import cards

    def check(data: bytes) -> None:
        said = cards.problem(data, framed=False)
        assert not said, said
        try:
            section = data.decode("utf-8")
        except UnicodeDecodeError:
            return
        said = cards.problem(cards.framed(section), framed=True)
        assert not said, said

    folders = [Path(one) for one in sys.argv[1:] if not one.startswith("-")]
    for folder in folders[:1]:
        folder.mkdir(parents=True, exist_ok=True)
        for number, section in enumerate(cards.sections()):
            (folder / f"seed-{number}").write_text(section.removeprefix("## "), "utf-8")
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
