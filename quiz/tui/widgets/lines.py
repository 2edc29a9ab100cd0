"""Printed text, expected against got, line by line."""

from __future__ import annotations

from itertools import dropwhile, zip_longest

from rich.cells import cell_len
from textual.content import Content

from quiz.language import _
from quiz.tui.wording import RIGHT, WRONG, aligned


def lines_content(expected: str, got: str) -> Content:
    """Every line with a sign; where they differ, both, one under the other.

    White space is folded and blank lines at both ends left out, as the grader does it.
    """
    rows: list[Content] = []
    theirs, yours = _("expected"), _("you typed")
    label = max(cell_len(theirs), cell_len(yours))
    for wanted, typed in zip_longest(_lines(expected), _lines(got)):
        if wanted is not None and typed is not None and wanted.split() == typed.split():
            rows.append(
                Content.assemble((f"{RIGHT} ", "$text-success"), (" " * (label + 2), ""), wanted)
            )
            continue
        rows.append(
            Content.assemble(
                (f"{WRONG} ", "$text-error"),
                (f"{aligned(theirs, label)}  ", "$foreground 60%"),
                _shown(wanted),
            )
        )
        rows.append(
            Content.assemble(
                "  ", (f"{aligned(yours, label)}  ", "$foreground 60%"), _shown(typed, "bold")
            )
        )
    return Content("\n").join(rows)


def _lines(text: str) -> list[str]:
    return list(dropwhile(lambda row: not row.strip(), text.rstrip().split("\n")))


def _shown(line: str | None, style: str = "") -> Content:
    if line is None:
        return Content.styled(_("(no line)"), "italic $foreground 60%")
    if not line.strip():
        return Content.styled(_("(empty line)"), "italic $foreground 60%")
    return Content.styled(line, style)
