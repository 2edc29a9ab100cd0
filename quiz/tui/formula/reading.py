"""LaTeX as tokens: what each macro and environment means, by the parser and tables of a library."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from pylatexenc import latexwalker as walker
from pylatexenc.latex2text import fmt_math_text_style, get_default_latex_context_db
from pylatexenc.macrospec import (
    EnvironmentSpec,
    LatexContextDb,
    MacroSpec,
    MacroStandardArgsParser,
    SpecialsSpec,
)

from quiz.tui.formula import signs
from quiz.tui.formula.signs import Role
from quiz.tui.formula.tall import FENCES, matrix
from quiz.tui.formula.tokens import Token, Tokens, Unreadable, is_atom, is_product, trimmed
from quiz.tui.formula.writing import bracketed, written

LONGEST = 2000
"""Characters of a formula that are read."""
_CHARACTERS = re.compile(r"\d+(?:\.\d+)*|\s+|:=|\.\.\.|.", re.DOTALL)
_BETTER = {"-": "−", "'": "′", "...": "…", ":=": "≔"}
_ROOTS = {"3": "∛", "4": "∜"}
_BASELESS = (Role.CELL, Role.ROW, Role.SPACE, Role.PLUS, Role.OPEN, Role.POINT)
_ALIGNED = {"aligned", "align", "align*", "split", "gather", "gather*", "gathered", "equation",
            "equation*", "alignat", "eqnarray"}  # fmt: skip


def read(latex: str) -> list[Token]:
    """The tokens of a formula. Raises `Unreadable`."""
    if len(latex) > LONGEST:
        raise Unreadable
    try:
        source = walker.LatexWalker(latex, latex_context=_grammar(), tolerant_parsing=False)
        state = source.make_parsing_state(in_math_mode=True)
        nodes, *_end = source.get_latex_nodes(parsing_state=state)
    except walker.LatexWalkerError as error:
        raise Unreadable from error
    return _tokens(nodes)


def _tokens(nodes: Iterable[Any] | None) -> list[Token]:
    found: list[Token] = []
    for node in nodes or ():
        if isinstance(node, walker.LatexCharsNode):
            for token in _characters(node.chars):
                _add(found, token)
        elif isinstance(node, walker.LatexSpecialsNode):
            _special(found, node)
        elif isinstance(node, walker.LatexGroupNode):
            found.extend(_group(_tokens(node.nodelist)))
        elif isinstance(node, walker.LatexMacroNode):
            found.extend(_macro(node))
        elif isinstance(node, walker.LatexEnvironmentNode):
            found.extend(_environment(node))
        elif not isinstance(node, walker.LatexCommentNode):
            raise Unreadable
    return found


def _group(inner: list[Token]) -> list[Token]:
    """What stands in braces is one thing; a sign in them is none any more."""
    if len(inner) < 2:
        return [replace(inner[0], role=Role.ORDINARY)] if inner else [Token("")]
    return inner if is_product(inner) else [Token(bracketed(written(inner)))]


def _characters(text: str) -> Iterator[Token]:
    for piece in _CHARACTERS.findall(text):
        if piece.isspace():
            continue  # it means nothing in mathematics
        if not piece.isprintable():
            raise Unreadable
        sign = _BETTER.get(piece, piece)
        yield Token(sign, signs.ROLES.get(sign, Role.ORDINARY))


def _add(found: list[Token], token: Token) -> None:
    """A prime belongs to what it stands behind."""
    if token.text == "′":
        _attach(found, above=[token])
    else:
        found.append(token)


def _special(found: list[Token], node: Any) -> None:  # noqa: ANN401 - the library is untyped
    match node.specials_chars:
        case "^":
            _attach(found, above=_argument(node, 0))
        case "_":
            _attach(found, below=_argument(node, 0))
        case "&":
            found.append(Token("", Role.CELL))
        case "~":
            found.append(Token(" ", Role.SPACE))
        case _:
            raise Unreadable


def _attach(
    found: list[Token], *, below: Tokens | None = None, above: Tokens | None = None
) -> None:
    last = found.pop() if found else None
    if last is None or not (last.text or last.lines) or last.role in _BASELESS:
        raise Unreadable
    if below is not None and last.below is not None:
        raise Unreadable
    if below is not None:
        last = replace(last, below=tuple(below))
    if above is not None:
        last = replace(last, above=(*(last.above or ()), *above))
    found.append(last)


def _argument(node: Any, index: int) -> list[Token]:  # noqa: ANN401
    """The tokens of a macro's argument."""
    given = _given(node, index)
    if isinstance(given, walker.LatexGroupNode):
        return _tokens(given.nodelist)
    return _tokens([given])


def _given(node: Any, index: int) -> Any:  # noqa: ANN401
    given = node.nodeargd.argnlist if node.nodeargd else []
    if index >= len(given) or given[index] is None:
        raise Unreadable
    return given[index]


def _macro(node: Any) -> list[Token]:  # noqa: ANN401
    name = node.macroname
    if name in signs.SILENT:
        return []
    if name in signs.SPACES:
        return [Token(" ", Role.SPACE)]
    if name in signs.SIZES or name in ("left", "right", "middle"):
        return _delimiter(name, _argument(node, 0))
    if name in signs.FUNCTIONS:
        return [Token(signs.TWO_WORDS.get(name, name), Role.FUNCTION)]
    if name in signs.ACCENTS:
        return [_accented(name, _argument(node, 0))]
    if name in signs.STYLES:
        return [_styled(token, signs.STYLES[name]) for token in _argument(node, 0)]
    if name in signs.UPRIGHT:
        return [_upright(name, node)]
    if special := _MACROS.get(name):
        return special(node)
    sign = signs.EXTRA.get(name) or _library_sign(name)
    return [Token(sign, signs.ROLES.get(sign, Role.ORDINARY))]


def _library_sign(name: str) -> str:
    spec = _signs().get_macro_spec(name)
    known = spec is not None and spec.macroname == name
    sign = spec.simplify_repl if known else None
    if not isinstance(sign, str) or len(sign) != 1 or not sign.isprintable():
        raise Unreadable
    return sign


def _delimiter(name: str, given: list[Token]) -> list[Token]:
    (token,) = given if len(given) == 1 else (Token("."),)
    if token.text == ".":
        return []
    if name == "left" or name.endswith("l"):
        return [replace(token, role=Role.OPEN)]
    if name == "right" or name.endswith("r"):
        return [replace(token, role=Role.CLOSE)]
    return [Token(f" {token.text} ", Role.SPACE)] if name == "middle" else [token]


def _accented(name: str, inner: list[Token]) -> Token:
    if len(inner) != 1 and name not in signs.SPANNING:
        raise Unreadable
    if any(token.role not in (Role.ORDINARY, Role.WORD) or not token.bare for token in inner):
        raise Unreadable
    text = written(inner, compact=True)
    if len(text) != 1 and name not in signs.SPANNING:
        raise Unreadable
    accented = "".join(letter + signs.ACCENTS[name] for letter in text)
    return Token(unicodedata.normalize("NFC", accented))


def _styled(token: Token, style: str) -> Token:
    """The token in another alphabet; where that has no such letter, it cannot be told apart."""
    if token.role is Role.SPACE:
        return token
    if style == "doublestruck" and token.text == "1":
        return replace(token, text="𝟙")
    text = "".join(_letter(letter, style) for letter in token.text)
    if text == token.text and token.role is Role.ORDINARY:
        raise Unreadable
    return replace(token, text=text)


def _letter(letter: str, style: str) -> str:
    if style == "bold" and "α" <= letter <= "ω":
        return chr(0x1D6C2 + ord(letter) - ord("α"))
    if style == "bold" and "Α" <= letter <= "Ω":
        return chr(0x1D6A8 + ord(letter) - ord("Α"))
    if style == "bold" and letter.isdigit() and letter.isascii():
        return chr(0x1D7CE + int(letter))
    other = {"ϵ": "𝛜", "ϕ": "𝛟", "ϑ": "𝛝", "ϱ": "𝛠", "ϖ": "𝛡"}.get(letter)
    if style == "bold" and other:
        return other
    return str(fmt_math_text_style(letter, style))


def _upright(name: str, node: Any) -> Token:  # noqa: ANN401
    given = node.nodeargd.argnlist[-1] if node.nodeargd and node.nodeargd.argnlist else None
    if given is None:
        raise Unreadable
    if name in ("operatorname", "mathop"):
        return Token(written(_argument(node, len(node.nodeargd.argnlist) - 1)), Role.FUNCTION)
    text = _plain(given.nodelist if isinstance(given, walker.LatexGroupNode) else [given])
    return Token(text, Role.WORD)


def _plain(nodes: Iterable[Any]) -> str:
    """Text as it stands, with mathematics in it where there is some."""
    parts = []
    for node in nodes:
        if isinstance(node, walker.LatexCharsNode):
            parts.append(re.sub(r"\s+", " ", node.chars))
        elif isinstance(node, walker.LatexMathNode):
            parts.append(written(_tokens(node.nodelist)))
        elif isinstance(node, walker.LatexSpecialsNode) and node.specials_chars == "~":
            parts.append(" ")
        elif isinstance(node, walker.LatexMacroNode):
            parts.append(written(_macro(node)) or " ")
        else:
            raise Unreadable
    return "".join(parts)


def _guarded(inner: Tokens, holds: Callable[[Tokens], bool]) -> str:
    """The text, in brackets unless it holds together by itself."""
    text = written(inner)
    return text if holds(inner) else bracketed(text)


def _fraction(node: Any) -> list[Token]:  # noqa: ANN401
    over, under = trimmed(_argument(node, 0)), trimmed(_argument(node, 1))
    if not over or not under:
        raise Unreadable
    derivative = over[0].text == under[0].text == "d" and len(under) == 2
    below = written(under) if derivative else _guarded(under, is_atom)
    return [Token(f"{_guarded(over, is_product)}/{below}", Role.FRACTION)]


def _binomial(node: Any) -> list[Token]:  # noqa: ANN401
    over, under = written(_argument(node, 0)), written(_argument(node, 1))
    return [Token(f"C({over}, {under})", Role.WORD)]


def _root(node: Any) -> list[Token]:  # noqa: ANN401
    under = trimmed(_argument(node, 1))
    degree = node.nodeargd.argnlist[0]
    sign = "√"
    if degree is not None:
        said = written(_argument(node, 0), compact=True)
        sign = _ROOTS.get(said) or f"{signs.raised(said) or _no()}√"
    if len(under) == 1 and under[0].above is None and is_atom(under):
        return [Token(f"{sign}{written(under)}", Role.ROOT)]
    return [Token(f"{sign}{bracketed(written(under))}")]


def _no() -> str:
    raise Unreadable


def _negated(node: Any) -> list[Token]:  # noqa: ANN401
    (token,) = _argument(node, 0) or [Token("")]
    text = unicodedata.normalize("NFC", f"{token.text}\u0338")
    return [replace(token, text=text)]


def _modulus(node: Any) -> list[Token]:  # noqa: ANN401
    return [Token(" ", Role.SPACE), Token(f"(mod {written(_argument(node, 0))})")]


def _under(node: Any) -> list[Token]:  # noqa: ANN401
    below, base = _argument(node, 0), _argument(node, 1)
    text = written(base)
    role = base[0].role if base and base[0].role in (Role.FUNCTION, Role.LARGE) else Role.WORD
    return [Token(text, role, below=tuple(below))]


_MACROS: Mapping[str, Callable[[Any], list[Token]]] = {
    "frac": _fraction, "dfrac": _fraction, "tfrac": _fraction, "binom": _binomial,
    "sqrt": _root, "not": _negated, "pmod": _modulus, "underset": _under,
    "mid": lambda node: [Token("|", Role.RELATION)],
    "bmod": lambda node: [Token("mod", Role.RELATION)],
    "label": lambda node: [],
    "\\": lambda node: [Token("", Role.ROW)],
    "newline": lambda node: [Token("", Role.ROW)],
}  # fmt: skip


def _environment(node: Any) -> list[Token]:  # noqa: ANN401
    name = node.environmentname
    inner = _tokens(node.nodelist)
    return inner if name in _ALIGNED else [matrix(name, inner)]


@cache
def _signs() -> Any:  # noqa: ANN401
    return get_default_latex_context_db()


@cache
def _grammar() -> LatexContextDb:
    """What takes how many arguments."""
    one = [
        *signs.ACCENTS, *signs.STYLES, *signs.UPRIGHT, *signs.SIZES,
        "left", "right", "middle", "not", "pmod", "label",
    ]  # fmt: skip
    arguments = {
        **dict.fromkeys(one, "{"), "operatorname": "*{", "frac": "{{", "dfrac": "{{",
        "tfrac": "{{", "binom": "{{", "underset": "{{", "sqrt": "[{", "\\": "*[",
    }  # fmt: skip
    environments = {**dict.fromkeys((*FENCES, *_ALIGNED), ""), "array": "{", "alignat": "{"}
    grammar = LatexContextDb()
    grammar.add_context_category(
        "mathematics",
        macros=[MacroSpec(name, given) for name, given in arguments.items()],
        environments=[
            EnvironmentSpec(name, given, is_math_mode=True) for name, given in environments.items()
        ],
        specials=[
            *(SpecialsSpec(s, args_parser=MacroStandardArgsParser("{")) for s in "^_"),
            SpecialsSpec("&"),
            SpecialsSpec("~"),
        ],
    )
    grammar.set_unknown_macro_spec(MacroSpec(""))
    grammar.set_unknown_environment_spec(EnvironmentSpec(""))
    return grammar
