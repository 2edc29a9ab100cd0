"""From a draft to the text of a concept file."""

from __future__ import annotations

import base64
import hashlib
import re

from quiz.interchange.draft import Draft, Section
from quiz.interchange.markdown import blocks
from quiz.interchange.neutral import neutral

_TITLE = 80
"""Characters of a title that is taken from the first question."""
_HARD_BREAK = re.compile(r"(?:\\|  +)\n")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"\\(?=[!-/:-@\[-`{-~])|(?<!\\)(?:\*\*|\*|`+|~~|</?[A-Za-z][^>]*>)")
_GAP = re.compile(r"\{\{c[0-9]+::(.*?)(?:::(?:(?!\}\}).)*)?\}\}")


def anchor_of(key: str) -> str:
    """An anchor that follows from a note's identity in its source."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
    return "k" + base64.b32encode(digest[:5]).decode().lower()


def question_ids(draft: Draft, concept: str) -> tuple[str, ...]:
    """The id that each section gets in the file of `concept`; gaps and reversal come behind it."""
    return tuple(
        f"{concept}#{section.anchor or anchor_of(draft.key) + section.part}"
        for section in draft.sections
    )


def title_of(draft: Draft) -> str:
    """The title as plain text, on one line."""
    if draft.title.strip():
        return " ".join(draft.title.split())
    for section in draft.sections:
        if text := plain(section.front):
            return text if len(text) <= _TITLE else f"{text[: _TITLE - 1].rstrip()}…"
    return draft.decks[-1] if draft.decks else "Note"


def plain(markdown: str) -> str:
    """The first line of some Markdown as a reader sees it."""
    text = _GAP.sub(r"\1", markdown)
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    for line in text.split("\n"):
        shown = _MARKS.sub("", line).strip().rstrip("\\").lstrip("#>-+ ").strip()
        if shown and not line.lstrip().startswith(("```", "~~~")):
            return " ".join(shown.split())
    return ""


def concept_text(draft: Draft) -> str:
    """The file that holds the draft's questions."""
    parts = []
    if draft.tags:
        parts.append(f"---\ntags: [{', '.join(_quoted(tag) for tag in draft.tags)}]\n---")
    parts.append(f"# {_escaped_line(title_of(draft))}")
    if draft.note.strip():
        parts.append(neutral(draft.note).text)
    parts += [_section(draft, section) for section in draft.sections]
    return "\n\n".join(parts) + "\n"


def _quoted(tag: str) -> str:
    """A tag as YAML takes it in a list."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", tag) and tag.lower() not in _YAML_WORDS:
        return tag
    shown = "".join(c if c.isprintable() else " " for c in tag)
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'


_YAML_WORDS = ("true", "false", "yes", "no", "on", "off", "null", "y", "n")


def _escaped_line(text: str) -> str:
    """Plain text as one line of Markdown."""
    text = "".join(c if c.isprintable() else " " for c in text)
    escaped = re.sub(r"([\\`*_\[\]<$&])", r"\\\1", text).replace("!--", "\\!--")
    # A closing row of `#` would be taken for a mark, and a brace at the end for attributes.
    return re.sub(r"([#}])$", r"\\\1", escaped.strip())


def _section(draft: Draft, section: Section) -> str:
    front = neutral(section.front, gaps=section.cloze, breaks=False).text
    back = neutral(section.back)
    heading, body = _headed(front, draft)
    anchor = section.anchor or anchor_of(draft.key) + section.part
    marks = " .reversed" if section.reversed else ""
    parts = [f"## {heading} {{#{anchor}{marks}}}"]
    if body:
        parts.append(body)
    if section.accepted:
        parts.append(_answer_fence(section.accepted))
    recall = not section.cloze and not section.accepted
    if back.text:
        # An answer may stand right below its heading, but not when something divides it.
        if body or not recall or back.breaks:
            parts.append("---")
        parts.append(back.text)
    return "\n\n".join(parts)


def _answer_fence(accepted: tuple[str, ...]) -> str:
    lines = [" ".join(line.split()) for line in accepted]
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    marks = "`" * max(3, longest + 1)
    return "\n".join([f"{marks}answer", *lines, marks])


def _headed(front: str, draft: Draft) -> tuple[str, str]:
    """The first line as a heading, the rest as body."""
    tokens = blocks().parse(front)
    lines = front.split("\n")
    first = tokens[0] if tokens else None
    if first is None or not first.map or first.type not in ("paragraph_open", "heading_open"):
        # Code, a list, a table: no line of its own to ask by.
        return (_escaped_line(draft.decks[-1]) if draft.decks else "") or "?", front
    end = first.map[1]
    paragraph = "\n".join(lines[first.map[0] : end])
    if first.type == "heading_open":
        paragraph = tokens[1].content
    broken = _HARD_BREAK.search(paragraph)
    line = paragraph[: broken.start()] if broken else paragraph
    more = paragraph[broken.end() :] if broken else ""
    rest = "\n".join(lines[end:]).strip("\n")
    body = "\n\n".join(part for part in (more, rest) if part.strip())
    return " ".join(part.strip() for part in line.split("\n")), body
