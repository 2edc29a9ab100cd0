"""Questions as the fields of Anki notes: HTML, with gaps and mathematics in Anki's notation."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from quiz.interchange.anki import schema
from quiz.interchange.html import fence
from quiz.interchange.markdown import outside_code
from quiz.language import _
from quiz.model.question import Choice, Cloze, Code, Kind, Option, Predict, Question, Recall, Typed

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_OPEN, _END, _HINT, _CLOSE = "\ufdd3", "\ufdd2", "\ufdd4", "\ufdd5"
_MARKED = re.compile(f"{_OPEN}([0-9]+){_END}(.*?)(?:{_HINT}(.*?))?{_CLOSE}", re.DOTALL)
_SOUND = re.compile(
    r"\[[^\]\n]*\]\(\s*<?([^)>\s]+\.(?:mp3|ogg|oga|wav|m4a|flac|opus))>?\s*\)", re.I
)
_ALLOWED = re.compile(r"&lt;(/?su[bp])&gt;")
UNLIKE = (Kind.CHOICE, Kind.PREDICT, Kind.CODE)
"""Kinds that Anki does not have; they become questions and answers to read."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What one note holds."""

    type: int
    """Id of its note type."""
    values: tuple[str, ...]
    """HTML."""
    cards: Mapping[int, Question]
    """The question of each of its cards, by the card's number."""


@dataclass(slots=True)
class Media:
    """The pictures and sounds that the notes refer to."""

    read: Callable[[Question, str], bytes | None]
    """The bytes of a file as a card refers to it; None where there is none."""
    files: dict[str, bytes] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def name(self, question: Question, target: str) -> str:
        """The name in the package of what a card refers to; empty where it is not there."""
        target = unquote(target)
        if re.match(r"[a-z][a-z0-9+.-]*:", target, re.I):
            return ""
        data = self.read(question, target)
        if data is None:
            self.missing.append(f"{question.place.path}: {target}")
            return ""
        plain = re.sub(r"[^\w.+-]+", "-", re.split(r"[/\\]", target)[-1]) or "file"
        name, number = plain, 2
        while name in self.files and self.files[name] != data:
            name, number = f"{number}-{plain}", number + 1
        self.files[name] = data
        return name


def section_of(question: Question) -> str:
    """The id of the section a question stands in, which is one note."""
    suffix = question.id.rpartition("/")[2]
    bare = question.id[: -len(suffix) - 1]
    if isinstance(question.content, Cloze) and re.fullmatch(r"c[0-9]+", suffix):
        return bare
    if isinstance(question.content, Recall) and suffix == "reversed" and "#" in bare:
        return bare
    return question.id


def fields_of(questions: Sequence[Question], media: Media) -> list[Fields]:
    """The note of one section, whose questions these are; several where one cannot hold them."""
    first = questions[0]
    if isinstance(first.content, Cloze):
        return _cloze(questions, media)
    by_direction = {q.id == section_of(q): q for q in questions}
    question = by_direction.get(True, first)
    to_html = _Renderer(question, media)
    extra = to_html(question.explanation)
    match question.content:
        case Recall(answer):
            values = (to_html(question.prompt), to_html(answer), extra)
            if len(by_direction) == 2:
                cards = {0: question, 1: by_direction[False]}
                return [Fields(schema.REVERSED, values, cards)]
            return [Fields(schema.BASIC, values, {0: question})]
        case Typed(accepted=(answer, *others)):
            if others:
                more = ", ".join(html.escape(other, quote=False) for other in others)
                extra = f"<p>{_('Also accepted: {answers}').format(answers=more)}</p>{extra}"
            values = (to_html(question.prompt), html.escape(answer, quote=False), extra)
            return [Fields(schema.TYPED, values, {0: question})]
    front, back = _readable(question)
    return [Fields(schema.BASIC, (to_html(front), to_html(back), extra), {0: question})]


def _readable(question: Question) -> tuple[str, str]:
    """A question of a kind that Anki lacks as two sides to read, in Markdown."""
    prompt = question.prompt
    match question.content:
        case Choice(options):
            shown = "\n".join(f"- {option.text}" for option in options)
            right = "\n".join(_explained(option) for option in options if option.correct)
            return f"{prompt}\n\n{shown}", right
        case Predict(program, setup):
            before = f"{fence(setup.text.rstrip(), 'python')}\n\n" if setup else ""
            shown = f"{prompt}\n\n{before}{fence(program.text.rstrip(), 'python')}"
            return shown, _("What it prints: run it to see.")
        case Code(solution, setup, starter):
            before = f"\n\n{fence(setup.text.rstrip(), 'python')}" if setup else ""
            begun = f"\n\n{fence(starter.text.rstrip(), 'python')}" if starter else ""
            return f"{prompt}{before}{begun}", fence(solution.text.rstrip(), "python")
    return prompt, question.explanation


def _explained(option: Option) -> str:
    if not option.explanation:
        return f"- **{option.text}**"
    indented = option.explanation.replace("\n", "\n  ")
    return f"- **{option.text}**\n\n  {indented}"


# Gaps


def _cloze(questions: Sequence[Question], media: Media) -> list[Fields]:
    """One note with a card for each number, found again in the text with every gap filled."""
    groups: dict[tuple[str, str], list[Question]] = {}
    for question in questions:
        assert isinstance(question.content, Cloze)
        key = question.content.filled, question.explanation
        groups.setdefault(key, []).append(question)
    made = []
    for (filled, explanation), those in groups.items():
        spans: list[tuple[int, int, int, str]] = []
        for question in those:
            spans += _gaps(question, filled)
        spans.sort()
        pieces, at = [], 0
        for start, end, number, hint in spans:
            if start < at:
                continue
            behind = f"{_HINT}{hint}" if hint else ""
            answer = filled[start:end]
            pieces += [filled[at:start], f"{_OPEN}{number}{_END}{answer}{behind}{_CLOSE}"]
            at = end
        pieces.append(filled[at:])
        to_html = _Renderer(those[0], media)
        text = to_html("".join(pieces))
        # What is not ours and looks like a gap is parted by a comment, which no one sees.
        text = _MARKED.sub(_gap, text.replace("{{c", "{<!-- -->{c"))
        cards = {q.content.number - 1: q for q in those if isinstance(q.content, Cloze)}
        made.append(Fields(schema.CLOZE, (text, to_html(explanation)), cards))
    return made


def _gaps(question: Question, filled: str) -> list[tuple[int, int, int, str]]:
    """Where the gaps of a question stand in its filled text: begin, end, number, hint."""
    assert isinstance(question.content, Cloze)
    spans = []
    opened, at, begin = question.prompt, 0, 0
    for gap in question.content.gaps:
        mark = f"[{gap.hint or '…'}]"
        place = opened.find(mark, at)
        while place >= 0:
            start = begin + place - at
            same = filled[begin:start] == opened[at:place]
            if same and filled.startswith(gap.answer, start):
                rest = filled[start + len(gap.answer) :]
                following = opened[place + len(mark) : place + len(mark) + 1]
                if rest.startswith(following):
                    break
            place = opened.find(mark, place + 1)
        if place < 0:
            break
        start = begin + place - at
        spans.append((start, start + len(gap.answer), question.content.number, gap.hint))
        at, begin = place + len(mark), start + len(gap.answer)
    return spans


def _gap(found: re.Match[str]) -> str:
    number, answer, hint = found.groups()
    answer = re.sub(r":(?=:)", ":<!-- -->", re.sub(r"\}(?=\})", "}<!-- -->", answer))
    if answer.endswith("}"):
        answer += "<!-- -->"
    return f"{{{{c{number}::{answer}::{hint}}}}}" if hint else f"{{{{c{number}::{answer}}}}}"


# Markdown


class _Renderer:
    """Markdown to HTML, with the files it refers to taken into the package."""

    def __init__(self, question: Question, media: Media) -> None:
        self.question = question
        self.media = media

    def __call__(self, text: str) -> str:
        if not text.strip():
            return ""
        text = outside_code(text, lambda piece: _SOUND.sub(self._sound, piece))
        tokens = _markdown().parse(text)
        for token in tokens:
            for child in token.children or ():
                if child.type == "image":
                    source = str(child.attrs.get("src", ""))
                    child.attrs["src"] = self.media.name(self.question, source) or source
        rendered = str(_markdown().renderer.render(tokens, _markdown().options, {}))
        rendered = _ALLOWED.sub(r"<\1>", rendered).strip()
        # One paragraph is a line of its own in Anki's fields.
        if rendered.startswith("<p>") and rendered.find("</p>") == len(rendered) - 4:
            rendered = rendered[3:-4]
        return rendered.replace("\x1f", "")

    def _sound(self, found: re.Match[str]) -> str:
        name = self.media.name(self.question, found[1])
        return f"\\[sound:{name}\\]" if name else found[0]


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": 40})
    markdown.enable(["table", "strikethrough"]).use(dollarmath_plugin, allow_digits=False)

    def inline(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:  # noqa: ANN401
        return f"\\({html.escape(tokens[index].content, quote=False)}\\)"

    def display(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:  # noqa: ANN401
        return f"\\[{html.escape(tokens[index].content.strip(), quote=False)}\\]"

    markdown.add_render_rule("math_inline", inline)
    for name in ("math_inline_double", "math_block", "math_block_label"):
        markdown.add_render_rule(name, display)
    return markdown
