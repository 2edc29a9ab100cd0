"""What a reader sees of converted cards: parsed as cards, shown as plain text."""

from __future__ import annotations

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from quiz.deck.config import CollectionConfig
from quiz.deck.parser import Parsed, parse_concept
from quiz.interchange.concept import concept_text
from quiz.interchange.draft import Draft, Section
from quiz.model.finding import Severity
from quiz.model.question import Question

_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(dollarmath_plugin)


def parsed(text: str) -> Parsed:
    """A concept file, parsed."""
    return parse_concept(
        text.encode(), path="deck/one.md", concept="deck/one", config=CollectionConfig()
    )


def questions(text: str) -> tuple[Question, ...]:
    """The questions of a concept file that must have no error."""
    read = parsed(text)
    errors = [str(f) for f in read.findings if f.severity is Severity.ERROR]
    assert not errors, f"{errors}\n{text}"
    assert read.concept is not None
    return read.concept.questions


def written(*sections: Section, decks: tuple[str, ...] = ("Deck",), **rest: object) -> str:
    """The file of a draft with these sections."""
    return concept_text(Draft("here", "key", decks, sections, **rest))  # type: ignore[arg-type]


def shown(markdown: str) -> str:
    """Markdown as plain text: what is read when it is rendered, white space folded."""
    words: list[str] = []
    for token in _MARKDOWN.parse(markdown):
        if token.type in ("fence", "code_block", "math_block"):
            words.append(token.content)
        elif token.type == "hr":
            words.append("<hr>")
        elif token.type == "html_block":
            words.append(f"<html>{token.content}")
        elif token.type == "inline":
            words.append("".join(_inline(child) for child in token.children or ()))
        elif token.type in ("bullet_list_open", "ordered_list_open", "blockquote_open"):
            words.append(f"<{token.tag}>")
    return " ".join(" ".join(words).split())


def _inline(token: object) -> str:
    kind, content = token.type, token.content  # type: ignore[attr-defined]
    if kind == "text":
        return str(content)
    if kind in ("softbreak", "hardbreak"):
        return "\n"
    return "" if kind.endswith("_close") else f"<{kind}>{content}"
