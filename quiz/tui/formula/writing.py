"""Tokens as text: scripts raised and lowered, spaces where the eye needs them, brackets where the
meaning does; and matrices, cases and aligned rows as several lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from rich.cells import cell_len, set_cell_size

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
    found = _bracketed([token for token in _tidy(tokens) if not (compact and _is_space(token))])
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


def rows(tokens: Tokens) -> tuple[str, ...]:
    """As many lines as it takes: rows below one another, tall things beside their neighbours."""
    lines = _split(tokens, Role.ROW)
    if len(lines) > 1 or any(token.role is Role.CELL for token in tokens):
        return grid([_split(line, Role.CELL) for line in lines if trimmed(line)], aligned=True)
    found = list(_tidy(tokens))
    if not any(token.role is Role.TALL for token in found):
        return (written(found),)
    return _beside(found)


def bracketed(text: str) -> str:
    """`text` as a whole."""
    return f"({text})"


def grid(cells: Sequence[Sequence[Tokens]], *, aligned: bool = False) -> tuple[str, ...]:
    """Cells in columns; with `aligned` as equations are, right and left in turn."""
    texts = [
        [
            written(_continued(cell) if aligned and column % 2 else cell)
            for column, cell in enumerate(row)
        ]
        for row in cells
    ]
    wide = max(map(len, texts), default=0)
    texts = [[*row, *[""] * (wide - len(row))] for row in texts]
    widths = [max(cell_len(row[column]) for row in texts) for column in range(wide)]
    lines = []
    for row in texts:
        parts = [
            text.rjust(len(text) + width - cell_len(text))
            if aligned and column % 2 == 0
            else set_cell_size(text, width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append((" " if aligned else "  ").join(parts))
    return tuple(lines)


def _continued(tokens: Tokens) -> Tokens:
    """Begun with a relation or a sum, it goes on with what stands to the left of it."""
    found = trimmed(tokens)
    if len(found) > 1 and found[0].role in (Role.PLUS, Role.RELATION):
        return [Token(f"{found[0].text} "), *found[1:]]
    return found


def _split(tokens: Tokens, role: Role) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.role is role:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _beside(tokens: Iterable[Token]) -> tuple[str, ...]:
    """Tall things and the text between them, on one line of the formula."""
    blocks: list[tuple[tuple[str, ...], int]] = []
    run: list[Token] = []
    for token in [*tokens, Token("", Role.TALL)]:
        if token.role is not Role.TALL:
            run.append(token)
            continue
        if run:
            text = written(_open_ended(_continued(run) if blocks else run))
            blocks.append(((text,), 0))
            run = []
        if token.lines:
            blocks.append((_cornered(token), token.level))
    above = max(level for _lines, level in blocks)
    below = max(len(lines) - level for lines, level in blocks)
    columns = []
    for lines, level in blocks:
        width = max(map(cell_len, lines))
        padded = ["", *[""] * (above - level - 1)] if above > level else []
        padded += [*lines, *[""] * (above + below - len(padded) - len(lines))]
        columns.append([set_cell_size(line, width) for line in padded])
    return tuple(" ".join(parts) for parts in zip(*columns, strict=True))


def _cornered(token: Token) -> tuple[str, ...]:
    """The lines of a tall thing, with its scripts at the corners."""
    first, *middle, last = token.lines if len(token.lines) > 1 else (*token.lines, "")
    for script, move in ((token.above, raised), (token.below, lowered)):
        moved = move(written(script, compact=True)) if script is not None else ""
        if moved is None:
            raise Unreadable
        first, last = (first + moved, last) if script is token.above else (first, last + moved)
    return (first, *middle, last) if len(token.lines) > 1 else (first + last,)


def _open_ended(run: Tokens) -> list[Token]:
    """Text between tall things: a relation at its end is not a sign without a right side."""
    found = trimmed(run)
    if len(found) > 1 and found[-1].role in (Role.PLUS, Role.RELATION):
        tail = Token(f" {found[-1].text}")
        return [*found[:-1], tail]
    return found


def _tidy(tokens: Tokens) -> Iterable[Token]:
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
