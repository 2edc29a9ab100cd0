"""The same checks as `tests.fuzz`, on inputs that atheris grows towards code not yet reached.

`pip install atheris`, then `python -m tests.fuzz.guided GROUP [FOLDER] [LIBFUZZER-OPTION…]`: inputs
that reach new code are kept in FOLDER; `-runs=N` ends after N of them. atheris is no dependency.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

Target = tuple[Callable[[bytes], None], Iterable[bytes]]
"""What is done with an input, and inputs to begin with."""


def _cards(atheris: Any) -> Target:  # noqa: ANN401
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

    return check, [section.removeprefix("## ").encode() for section in cards.sections()]


def _frames(atheris: Any) -> Target:  # noqa: ANN401
    """The first byte of an input tells the conversation, the second which frame it replaces."""
    import torch  # noqa: F401 — not to be instrumented

    judging = ["protocol", "judge", "judging", "calls", "forms", "values", "compare", "feedback"]
    with atheris.instrument_imports(include=[f"quiz.grade.{name}" for name in judging]):
        from tests.fuzz import frames
    talks = [(*one, frames.recorded(*one, seed=7)) for one in frames.programs()]

    def check(data: bytes) -> None:
        if len(data) < 3:
            return
        program, answer, said = talks[data[0] % len(talks)]
        own = frames.answers(said)
        at = own[data[1] % len(own)]
        changed = [*said[:at], (said[at][0], data[2:]), *said[at + 1 :]]
        problem = frames.problem(program, answer, 7, changed)
        assert not problem, problem

    beginnings = [
        bytes((number, index)) + said[at][1]
        for number, (_, _, said) in enumerate(talks)
        for index, at in enumerate(frames.answers(said))
    ]
    return check, beginnings


GROUPS = {"cards": _cards, "frames": _frames}


def main() -> None:
    """Fuzz until something is found, or until told to end."""
    atheris: Any = import_module("atheris")
    group, *options = sys.argv[1:]
    check, beginnings = GROUPS[group](atheris)
    folders = [Path(one) for one in options if not one.startswith("-")]
    for folder in folders[:1]:
        folder.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(beginnings):
            (folder / f"seed-{number}").write_bytes(data)
    atheris.Setup([sys.argv[0], *options], check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
