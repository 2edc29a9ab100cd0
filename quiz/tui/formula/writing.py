"""Tokens as one line of text: scripts raised and lowered, spaces where the eye needs them, brackets
where the meaning does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from quiz.tui.formula.signs import Role, lowered, raised
from quiz.tui.formula.tokens import Token, Tokens, Unreadable, trimmed

_FREE_LEFT = {Role.PLUS, Role.TIMES, Role.RELATION, Role.OPEN, Role.POINT}
_FREE_RIGHT = {Role.PLUS, Role.TIMES, Role.RELATION, Role.CLOSE, Role.POINT}
"""Beside which a fraction needs no brackets."""
_BEGINS = {Role.PLUS, Role.TIMES, Role.OPERATOR, Role.RELATION, Role.OPEN, Role.POINT, Role.SLASH}
"""After which a plus or minus is a sign, not a sum."""
_NAMED = {Role.FUNCTION, Role.LARGE}
_LETTERS = {Role.ORDINARY, Role.WORD, Role.FRACTION, Role.ROOT}
_LOOSE = {Role.FRACTION, Role.ROOT}
_PHRASE = re.compile(r"[^\W\d_ⁱⁿᵃ-ᵪₐ-ₜ]+")
"""Letters of which none is raised or lowered."""


def written(tokens: Tokens, *, compact: bool = False) -> str:
    """One line; `compact` without spaces, for scripts. Raises `Unreadable` for what is tall."""
    found = _bracketed([token for token in tidy(tokens) if not (compact and _is_space(token))])
    parts: list[str] = []
    before: Token | None = None
    for index, token in enumerate(found):
        if token.role in (Role.CELL, Role.ROW) or (token.role is Role.TALL and not token.text):
            raise Unreadable
        if before is not None and _apart(found, index, compact=compact):
            parts.append(" ")
        parts.append(_with_scripts(token))
        before = token
    return "".join(parts)


def bracketed(text: str) -> str:
    """`text` as a whole."""
    return f"({text})"


def tidy(tokens: Tokens) -> Iterable[Token]:
    """Without spaces at the ends, and no two beside each other."""
    found = trimmed(tokens)
    for before, token in pairwise([Token("", Role.OPEN), *found]):
        if not (_is_space(token) and _is_space(before)):
            yield token


def _is_space(token: Token) -> bool:
    return token.role is Role.SPACE and not token.text.strip()


def _bracketed(tokens: list[Token]) -> list[Token]:
    """Fractions that something could be torn out of, or multiplied into, get brackets."""
    found = []
    for index, token in enumerate(tokens):
        if token.role in _LOOSE:
            left = _role(tokens, index, -1)
            right = _role(tokens, index, +1)
            free = left in (None, *_FREE_LEFT) and right in (None, *_FREE_RIGHT)
            if not free or not token.bare:
                found.append(replace(token, text=bracketed(token.text)))
                continue
        found.append(token)
    return found


def _role(tokens: list[Token], index: int, step: int) -> Role | None:
    index += step
    while 0 <= index < len(tokens) and _is_space(tokens[index]):
        index += step
    return tokens[index].role if 0 <= index < len(tokens) else None


def _apart(tokens: list[Token], index: int, *, compact: bool) -> bool:
    """Whether a space belongs before the token at `index`."""
    left, right = tokens[index - 1], tokens[index]
    if left.text.endswith(" ") or right.text.startswith(" "):
        return False  # it is there already
    if _run_together(left, right):
        return True
    if left.role is Role.LARGE:
        return not compact
    if left.role is Role.FUNCTION:
        bare = left.bare and right.text.startswith("(")
        return right.role in _LETTERS | _NAMED and not bare
    if compact:
        return False
    if right.role in _NAMED and (left.role in _LETTERS or left.role is Role.CLOSE):
        return True
    return (
        left.role is Role.POINT or _is_binary(tokens, index) or _is_binary(tokens, index - 1)
    )  # fmt: skip


def _run_together(left: Token, right: Token) -> bool:
    """Whether two things would be read as one: `x_maxy`, `lossy`, `γ(a/b)`."""
    if _hanging(left) and (right.role in _LETTERS or (left.above and right.role is Role.OPEN)):
        return True
    if left.role in (*_LETTERS, Role.CLOSE) and right.role in _LETTERS:
        names = (token.role is Role.WORD and len(token.text) > 1 for token in (left, right))
        return any(names) or (left.role in _LOOSE) != (right.role in _LOOSE)
    return left.role in _LOOSE and right.role is Role.OPEN


def _is_binary(tokens: list[Token], index: int) -> bool:
    """Whether this sign stands between two things."""
    role = tokens[index].role
    if role is Role.RELATION:
        return True
    if role not in (Role.PLUS, Role.TIMES, Role.OPERATOR):
        return False
    before = _role(tokens, index, -1)
    return before is not None and before not in _BEGINS | _NAMED


def _hanging(token: Token) -> bool:
    """Whether it ends in a script that Unicode has no letters for, and in no bracket."""
    return not _with_scripts(token).endswith(")") and any(
        script is not None and move(written(script, compact=True)) is None
        for script, move in ((token.below, lowered), (token.above, raised))
    )


def _with_scripts(token: Token) -> str:
    text = token.text
    for script, sign, move in ((token.below, "_", lowered), (token.above, "^", raised)):
        if script is None:
            continue
        said = written(script, compact=True)
        text += move(said) or f"{sign}{said if _holds(said, script, sign) else bracketed(said)}"
    return text


def _holds(said: str, script: Tokens, sign: str) -> bool:
    """Whether a script can be told from what follows it without brackets."""
    if sign == "_":
        return len(said) == 1 or _PHRASE.fullmatch(said) is not None
    return len(script) == 1 and script[0].bare and (len(said) == 1 or said.isalpha())
