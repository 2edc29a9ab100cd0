"""Small renderings of values as text, for buttons, lists and messages."""

from __future__ import annotations

import re
from datetime import timedelta

_MARKS = re.compile(r"(`+)(.+?)\1|\*\*(.+?)\*\*|(?<!\w)[*_](\S.*?)[*_](?!\w)")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


def interval(span: timedelta) -> str:
    """A span as on a rating button: `<1m`, `10m`, `3h`, `12d`, `2.5mo`, `1.2y`."""
    minutes = span.total_seconds() / 60
    if minutes < 1:
        return "<1m"
    if minutes < 60:
        return f"{minutes:.0f}m"
    if minutes < 60 * 24:
        return f"{minutes / 60:.0f}h"
    days = minutes / (60 * 24)
    if days < 30.5:
        return f"{days:.0f}d"
    if days < 365:
        return f"{days / 30.44:.1f}mo"
    return f"{days / 365.25:.1f}y"


def plain(markdown: str) -> str:
    """One line of Markdown without its marks, for a list; never parsed again."""
    line = markdown.strip().partition("\n")[0]
    line = _LINK.sub(r"\1", line)
    return _MARKS.sub(lambda m: next(g for g in m.groups()[1:] if g is not None), line)
