"""What values and their parts are called when they are not as expected. Pure."""

from __future__ import annotations

from quiz.grade import feedback
from quiz.grade.elements import number_text
from quiz.grade.values import TensorFacts, Value
from quiz.language import _, mark


def kind_text(value: Value) -> str:
    """What a value is, in two or three words: `a 0-dim tensor`, `a float`, `a tuple`."""
    if value.kind == "tensor" and isinstance(value.data, TensorFacts):
        if value.data.parameter:
            return _("a Parameter")
        return _("a 0-dim tensor") if not value.data.shape else _("a tensor")
    if value.kind == "none":
        return "None"
    if value.type == "iterator":
        return _("an iterator")
    if value.kind == "named" and value.data:
        return _("a named tuple {type}").format(type=value.type)
    return with_article(value.type)


def with_article(name: str) -> str:
    """`an int`, `a float`."""
    article = _("an {type}") if name[:1].lower() in "aeiou" else _("a {type}")
    return article.format(type=name)


def unlike(expected: object, got: object) -> str:
    """One beside the other, without a full stop."""
    return _("expected {expected}, got {got}").format(expected=expected, got=got)


def hint(e: Value, g: Value) -> str:
    """The end of a sentence on two values of different types: why that may be, or a full stop."""
    if g.type == "coroutine":
        return _("; what an `async def` returns must be awaited.")
    if g.kind == "none":
        return _("; is a `return` missing?")
    if e.kind == "iterator" and e.type in ("iterator", "generator") and g.kind == "list":
        return _("; `yield` gives one item after another.")
    if {e.kind, g.kind} == {"tensor", "float"} or {e.kind, g.kind} == {"tensor", "int"}:
        return _("; a tensor and a Python number are not the same, even when their values are.")
    if {e.kind, g.kind} == {"bool", "int"}:
        return _("; True is not 1 here.")
    return "."


def short(value: Value) -> str:
    """A value in at most 80 characters."""
    text = value.data if value.kind == "word" else _repr(value)
    if value.kind in ("none", "ellipsis"):
        text = "None" if value.kind == "none" else "..."
    return text if len(text) <= 80 else text[:77] + "…"


def _repr(value: Value) -> str:
    if value.items or value.kind in ("list", "set", "dict", "named"):
        return feedback.typed(value)
    return number_text(value.data) if value.kind == "int" else repr(value.data)


def names_text(names: tuple[str, ...]) -> str:
    """The first names of fields."""
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "") if names else _("none")


_PARTS = {
    "parameters": mark("parameter `{name}`"),
    "buffers": mark("buffer `{name}`"),
    "modules": mark("layer `{name}`"),
    "options": mark("option `{name}`"),
    "hooks": mark("{name} hook"),
    "tied": mark("shared weight `{name}`"),
    "group": mark("options of group {name}"),
    "given": mark("parameter {place} of group {group}"),
    "state": mark("state of parameter {place} of group {group}"),
}


def part_text(name: str) -> str:
    """What stands in a module or an optimizer under this name: `parameter `weight``."""
    table, _blank, own = name.partition(" ")
    place, _blank, group = own.partition(" ")
    if table not in _PARTS:
        return name
    return _(_PARTS[table]).format(name=own, place=place, group=group)


def part_place(name: str) -> str:
    """Where that stands: `weight`."""
    table, _blank, own = name.partition(" ")
    return f"{own} hooks" if table == "hooks" else own
