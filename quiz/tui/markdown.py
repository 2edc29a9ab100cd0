"""The Markdown of cards as tokens a terminal can show: formulas as text, pictures as blocks.

Pure: what becomes of the tokens on the screen is the business of `widgets/prose`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from quiz.language import _
from quiz.tui.formula import readable

PICTURE = "picture"
"""Type of the token that stands for a picture: `meta` has its `source` and its text, `alt`."""
FORMULA = "formula"
"""Type of the token that stands for a formula of its own: its content is its text, `meta` has its
source, `latex`, and whether that text is `plain` that source."""

_DOLLARS = re.compile(r"\$([^$\n]+)\$")
_BESIDES = ("softbreak", "hardbreak")


def parser() -> MarkdownIt:
    """A parser of card texts."""
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    markdown = MarkdownIt("gfm-like")
    markdown.use(dollarmath_plugin, allow_digits=False, double_inline=True)
    markdown.core.ruler.push("terminal", _for_a_terminal)
    return markdown


def with_formulas(line: str) -> str:
    """One line of plain text with its formulas as Unicode, for titles and lists."""
    if "$" not in line:
        return line
    return _DOLLARS.sub(lambda found: readable(found[1]) or found[0], line)


def _for_a_terminal(state: StateCore) -> None:
    state.tokens = list(_blocks(state.tokens))


def _blocks(tokens: list[Token]) -> Iterator[Token]:
    waiting: list[Token] = []
    alone = False
    for index, token in enumerate(tokens):
        if token.type.startswith("math_block"):
            yield _formula(token)
        elif token.type == "paragraph_open" and _only_pictures(tokens[index + 1]):
            alone = True
        elif token.type == "inline" and token.children is not None:
            if token.level == 0 or tokens[index - 1].type == "paragraph_open":
                waiting = [_picture(child) for child in token.children if child.type == "image"]
            token.children = [_inline(child) for child in token.children]
            if not alone:
                yield token
        elif token.type == "paragraph_close":
            if not alone:
                yield token
            yield from waiting
            waiting, alone = [], False
        else:
            yield token


def _only_pictures(inline: Token) -> bool:
    children = inline.children or []
    kept = [child for child in children if child.type not in _BESIDES and child.content.strip()]
    return bool(kept) and all(child.type == "image" for child in kept)


def _inline(token: Token) -> Token:
    if token.type.startswith("math_inline"):
        said = readable(token.content)
        if said is not None:
            return Token("text", "", 0, content=said)
        return Token("code_inline", "code", 0, content=f"${token.content}$")
    if token.type == "image":
        return Token("text", "", 0, content=f"[{_('picture: {alt}').format(alt=token.content)}]")
    return token


def _formula(token: Token) -> Token:
    latex = token.content.strip()
    said = readable(latex, display=True)
    meta = {"latex": latex, "plain": said is None}
    return Token(FORMULA, "", 0, content=said or latex, meta=meta, map=token.map)


def _picture(token: Token) -> Token:
    source = str(token.attrs.get("src", ""))
    return Token(PICTURE, "", 0, meta={"source": source, "alt": token.content})
