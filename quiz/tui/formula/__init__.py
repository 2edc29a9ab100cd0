"""Mathematics written in LaTeX as text of a terminal, without a change of its meaning.

`pylatexenc` parses and knows the signs; what stands beside, above or below what is decided here,
with brackets wherever a line of text needs them and two dimensions did not. A formula of which any
part cannot be said so is not said at all: whoever shows it shows its source.
"""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=512)
def readable(latex: str, *, display: bool = False) -> str | None:
    """A formula (without its dollars) in Unicode, or None where that would change its meaning.

    One line; with `display` as many as its matrices, cases and aligned rows need.
    """
    # Deferred: the parser is only wanted where there is mathematics.
    from quiz.tui.formula.reading import read
    from quiz.tui.formula.tall import rows
    from quiz.tui.formula.tokens import Unreadable
    from quiz.tui.formula.writing import written

    try:
        tokens = read(latex)
        lines = rows(tokens) if display else (written(tokens),)
    except (Unreadable, RecursionError):
        return None
    text = "\n".join(line.rstrip() for line in lines)
    return text if text.strip() else None
