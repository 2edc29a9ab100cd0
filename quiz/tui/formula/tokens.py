"""A formula as a row of tokens, each of which knows its role and its scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quiz.tui.formula.signs import Role

_NAMES = frozenset("fghpqPQLJ")
"""Letters that are taken for a function where a bracket follows."""


class Unreadable(Exception):  # noqa: N818 - a way out, not a fault
    """A part of the formula that cannot be said in a line of text."""


@dataclass(frozen=True, slots=True)
class Token:
    """One sign, name, fraction or bracketed whole."""

    text: str
    role: Role = Role.ORDINARY
    lines: tuple[str, ...] = ()
    """Of a tall one."""
    below: tuple[Token, ...] | None = None
    above: tuple[Token, ...] | None = None
    level: int = 0
    """Of several lines: the one that stands on the line of the formula."""

    @property
    def bare(self) -> bool:
        return self.below is None and self.above is None


Tokens = Sequence[Token]


def trimmed(tokens: Tokens) -> list[Token]:
    """Without the spaces around it."""
    first, last = 0, len(tokens)
    while first < last and tokens[first].role is Role.SPACE:
        first += 1
    while last > first and tokens[last - 1].role is Role.SPACE:
        last -= 1
    return list(tokens[first:last])


def top_level(tokens: Tokens) -> list[Token]:
    """Those that stand in no bracket of their own, the brackets included."""
    depth, kept = 0, []
    for token in tokens:
        if token.role is Role.CLOSE:
            depth = max(0, depth - 1)
        if depth == 0:
            kept.append(token)
        if token.role is Role.OPEN:
            depth += 1
    return kept


def is_atom(tokens: Tokens) -> bool:
    """Whether nothing can be torn out of it: `x`, `x₁`, `42`, `(a + b)`, `∂w`, `p(x)`."""
    found = trimmed(tokens)
    if len(found) == 1:
        return found[0].role in (Role.ORDINARY, Role.WORD, Role.ROOT)
    if len(found) == 2 and found[0].text == "∂":
        return found[1].role is Role.ORDINARY
    outer = top_level(found)
    called = outer[0].role in (Role.FUNCTION, Role.WORD) or outer[0].text in _NAMES if outer else 0
    if called:
        outer = outer[1:]
    return [token.role for token in outer] == [Role.OPEN, Role.CLOSE]


def is_product(tokens: Tokens) -> bool:
    """Whether a slash may follow it without brackets: `2ab`, `∂L`, `exp(x)`."""
    roles = {token.role for token in tokens}
    if is_atom(tokens) and Role.ROOT not in roles:
        return True
    roles = {token.role for token in top_level(tokens)}
    return roles <= {Role.ORDINARY, Role.WORD, Role.TIMES, Role.SPACE, Role.OPEN, Role.CLOSE}
