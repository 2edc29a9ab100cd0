"""A sentence with styled values in it, whose order is the translation's affair."""

from __future__ import annotations

from string import Formatter

from textual.content import Content

Value = str | tuple[str, str] | Content
"""Text, text with its style, or content."""


def phrase(template: str, **values: Value) -> Content:
    """`template` with each `{name}` replaced by its value."""
    parts: list[Value] = []
    for literal, name, _spec, _conversion in Formatter().parse(template):
        parts.append(literal)
        if name is not None:
            parts.append(values[name])
    return Content.assemble(*parts)
