"""Ordinary notes in Markdown: each heading a question, what stands below it the answer.

A file is one concept. Its only heading of level 1, if there is one, is the title, and what stands
below that the note.
"""

from __future__ import annotations

from collections import Counter

from quiz.interchange.concept import anchor_of
from quiz.interchange.draft import Converted, Draft, LeftOut, Section
from quiz.interchange.markdown import blocks, read_source, without_comments
from quiz.language import _


def read_headings(text: str, name: str) -> Converted:
    """The headings of one file; `name` is the file's, without its suffix."""
    source = read_source(text)
    body = without_comments(source.body)
    lines = body.split("\n")
    heads: list[tuple[int, int, int, str]] = []
    tokens = blocks().parse(body)
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and not token.level and token.map:
            title = " ".join(tokens[index + 1].content.split("\n")).strip()
            heads.append((int(token.tag[1]), token.map[0], token.map[1], title))
    titled = sum(level == 1 for level, *_ in heads) == 1
    title = note = ""
    sections: list[Section] = []
    left_out: list[LeftOut] = []
    seen: Counter[str] = Counter()
    for place, (level, start, end, heading) in enumerate(heads):
        stop = heads[place + 1][1] if place + 1 < len(heads) else len(lines)
        content = "\n".join(lines[end:stop]).strip("\n")
        if level == 1 and titled:
            title, note = heading, content
        elif not heading:
            left_out.append(LeftOut(f"{name}:{start + 1 + source.skipped}", _("an empty heading")))
        elif content.strip():
            seen[heading] += 1
            key = f"headings\n{heading}\n{seen[heading]}"
            sections.append(Section(heading, content, anchor=anchor_of(key)))
        elif place + 1 >= len(heads) or heads[place + 1][0] <= level:
            where = f"{name}:{start + 1 + source.skipped}"
            left_out.append(LeftOut(where, _("a heading with nothing below it")))
    drafts: tuple[Draft, ...] = ()
    if sections:
        drafts = (
            Draft(name, f"headings\n{name}", (), tuple(sections), title or name, note, source.tags),
        )
    return Converted("headings", drafts, tuple(left_out))
