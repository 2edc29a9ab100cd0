"""What takes several lines: matrices, cases, and equations below one another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size

from quiz.tui.formula.signs import Role, lowered, raised
from quiz.tui.formula.tokens import Token, Tokens, Unreadable, trimmed
from quiz.tui.formula.writing import tidy, written

FENCES = {
    "matrix": ("", ""), "smallmatrix": ("", ""), "pmatrix": ("⎛⎜⎝(", "⎞⎟⎠"),
    "bmatrix": ("⎡⎢⎣[", "⎤⎥⎦"), "Bmatrix": ("⎧⎪⎩{", "⎫⎪⎭"), "vmatrix": ("│││|", "│││"),
    "Vmatrix": ("║║║‖", "║║║"), "array": ("", ""), "cases": ("⎧⎪⎩{", ""),
}  # fmt: skip
"""The signs of the first, the middle and the last line of a bracket, and of one that has only one
line."""
_ENDS = {"⎞": ")", "⎤": "]", "⎫": "}", "│": "|", "║": "‖"}


def rows(tokens: Tokens) -> tuple[str, ...]:
    """As many lines as it takes: rows below one another, tall things beside their neighbours."""
    lines = split(tokens, Role.ROW)
    if len(lines) > 1 or any(token.role is Role.CELL for token in tokens):
        return grid([split(line, Role.CELL) for line in lines if trimmed(line)], aligned=True)
    found = list(tidy(tokens))
    if not any(token.role is Role.TALL for token in found):
        return (written(found),)
    return _beside(found)


def matrix(name: str, inner: Tokens) -> Token:
    """An environment of that name as one token. Raises `Unreadable` for one that is not known."""
    if name not in FENCES:
        raise Unreadable
    cells = [split(line, Role.CELL) for line in split(inner, Role.ROW)]
    cells = [row for row in cells if any(trimmed(cell) for cell in row)]
    lines = grid(cells)
    left, right = FENCES[name]
    height = len(lines)
    fenced = tuple(
        f"{_fence(left, index, height)}{line}{_fence(right, index, height)}"
        for index, line in enumerate(lines)
    )
    line = "; ".join(", ".join(written(cell) for cell in row) for row in cells)
    one = f"{left[3]}{line}{_ENDS[right[0]]}" if left and right else ""
    return Token(one, Role.TALL, fenced, level=(height - 1) // 2)


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


def split(tokens: Tokens, role: Role) -> list[list[Token]]:
    """The tokens between those of that role."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.role is role:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _continued(tokens: Tokens) -> Tokens:
    """Begun with a relation or a sum, it goes on with what stands to the left of it."""
    found = trimmed(tokens)
    if len(found) > 1 and found[0].role in (Role.PLUS, Role.RELATION):
        return [Token(f"{found[0].text} "), *found[1:]]
    return found


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


def _fence(shape: str, index: int, height: int) -> str:
    if not shape:
        return ""
    if height == 1:
        return shape[3:4] or _ENDS[shape[0]]
    if shape[0] in "⎧⎫" and height == 2:
        return "⎰⎱"[index if shape[0] == "⎧" else 1 - index]
    if shape[0] in "⎧⎫" and index == (height - 1) // 2:
        return "⎨" if shape[0] == "⎧" else "⎬"
    return shape[0] if index == 0 else shape[2] if index == height - 1 else shape[1]
