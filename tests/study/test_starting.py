"""What the way to the first question loads, seen in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from quiz.study.library import Library

SCRIPT = """
import sys
from pathlib import Path
import quiz.tui.screens.review
from quiz.study.library import Library
library = Library.open(Path(sys.argv[1]), Path(sys.argv[2]))
assert library.session().asked
print(*sys.modules)
"""


def test_the_first_question_waits_for_nothing_it_can_do_without(
    cards: Path, tmp_path: Path, open_library: Callable[[], Library]
) -> None:
    open_library().close()
    command = [sys.executable, "-c", SCRIPT, str(cards), str(tmp_path / "history.db")]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    heavy = {
        "torch", "sqlmodel", "sqlalchemy", "pydantic", "alembic", "watchfiles", "rapidfuzz", "yaml",
        "plotille", "tree_sitter", "quiz.deck.parser", "quiz.store.writing", "quiz.grade.grader",
        "quiz.tui.screens.browser", "quiz.tui.screens.statistics", "quiz.tui.widgets.code_editor",
        "PIL", "ziamath", "math_core", "resvg_py",
    }  # fmt: skip
    assert not heavy & set(loaded)
