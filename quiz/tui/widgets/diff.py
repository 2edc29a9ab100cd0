"""A typed answer against the accepted one, character by character, signs beside colours."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from quiz.language import _
from quiz.model.answers import Segment, SegmentKind, TextResult
from quiz.tui.wording import RIGHT, WRONG, aligned


def judged_content(result: TextResult) -> Content:
    """Right: what was typed. Wrong: what was typed above what is right, differences marked."""
    if result.correct:
        return Content.assemble(
            (f"{RIGHT} ", "bold $text-success"),
            (f"{_('Right')}  ", "$text-success"),
            given(result.segments, near=False),
        )
    headline = _("Almost") if result.near else _("Not right")
    mine, theirs = _("you typed"), _("right is")
    width = max(cell_len(mine), cell_len(theirs)) + 2
    return Content.assemble(
        (f"{WRONG} {headline}\n", "bold $text-error"),
        (f"  {aligned(mine, width)}", "$foreground 60%"),
        given(result.segments, near=result.near),
        (f"\n  {aligned(theirs, width)}", "$foreground 60%"),
        wanted(result, near=result.near),
    )


def given(segments: tuple[Segment, ...], *, near: bool) -> Content:
    """What was typed; what does not belong there struck through."""
    parts = [
        Content.styled(
            segment.text,
            "$text-error strike" if near and segment.kind is SegmentKind.EXTRA else "",
        )
        for segment in segments
        if segment.kind is not SegmentKind.MISSING
    ]
    return (
        Content("").join(parts)
        if parts
        else Content.styled(_("(nothing)"), "italic $foreground 60%")
    )


def wanted(result: TextResult, *, near: bool) -> Content:
    """The accepted answer; what was missing underlined, where only a little is missing."""
    if not near:
        return Content.styled(result.accepted, "bold")
    return Content("").join(
        Content.styled(
            segment.text,
            "bold underline $text-success" if segment.kind is SegmentKind.MISSING else "bold",
        )
        for segment in result.segments
        if segment.kind is not SegmentKind.EXTRA
    )
