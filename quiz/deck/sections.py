"""A document as a concept sees it: title, note, and for each `##` what the section holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quiz.deck.attributes import Attributes, heading_attributes, unread_attributes
from quiz.deck.document import Block, BlockKind, Document, Item, strip_comments
from quiz.deck.misread import options_elsewhere, say_what_is_misread
from quiz.deck.parsed import Role
from quiz.deck.remarks import Remarks, clip, instead, nearest
from quiz.language import _, mark
from quiz.model.question import Fence, Option

ROLES = ("setup", "starter", "solution", "cases", "test", "predict")
"""What may stand after `python` on a fence."""
WRONG_ROLE = "wrong-role"
"""A fence's role that is not written as it must be."""
MISSING_BLANK = "missing-blank"
"""A break that makes the line above it a heading."""
_UNKNOWN_ROLE = mark("unknown role `{role}`: did you mean `{near}`?")
_LANGUAGES = ("py", "python3", "py3", "Python", "pytorch", "torch")
_TASK = re.compile(r"\[([ xX])\](?=\s|$)")
_ALMOST_TASK = re.compile(r"\[\s*[xX✓✔]?\s*\](?!\()|\[[ xX]\](?=[^\s(\[:])")
_ITEM = re.compile(r"\s*(?:[-+*]|[0-9]{1,9}[.)])\s+(?=\[)")
_TIP = re.compile(r"\[!(?:TIP|HINT)\][+-]?[ \t]*", re.IGNORECASE)
"""A hint; the second word and the sign of a fold are Obsidian's."""
_QUOTE_MARK = re.compile(r" {0,3}> ?")
_WORD = re.compile(r"[A-Za-z_-]+")
_BRACED = re.compile(r"[{.]*(\w+)[\s{.}:,]+(\w+)(?=[\s}]|$)(?P<rest>[^{}]*)\}?$")
"""A language and a role as Pandoc, Quarto and others write them."""


@dataclass(frozen=True, slots=True)
class Section:
    """Everything from one `##` to the next."""

    start: int
    """Line of the heading, from 0."""
    end: int
    heading: str
    """Without attributes and comments."""
    attributes: Attributes
    before: str
    """Source above the break, without role fences, options and hints."""
    prose: str
    """The same without any code fence."""
    after: str | None
    """Source below the break; None when there is no break."""
    roles: Mapping[str, Role]
    options: tuple[Option, ...]
    options_line: int
    """Of the first option, from 1; 0 when there are none."""
    hints: tuple[str, ...]
    faulty: bool
    """Whether one of its blocks has an error, so that what it lacks may only be misspelled."""

    @property
    def line(self) -> int:
        """Of the heading, from 1."""
        return self.start + 1


@dataclass(frozen=True, slots=True)
class Outlined:
    """The parts of one file."""

    title: str | None
    title_line: int
    note: str
    sections: tuple[tuple[Block, tuple[Block, ...], int], ...]
    """Each `##` with the blocks below it and the line it ends at."""


def outline_document(document: Document, remarks: Remarks) -> Outlined:
    """Splits a document at its headings, and says what is wrong with them."""
    blocks = document.blocks
    heads = [i for i, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
    title: Block | None = None
    note = ""
    sections: list[tuple[Block, tuple[Block, ...], int]] = []
    for place, index in enumerate(heads):
        head = blocks[index]
        last = heads[place + 1] if place + 1 < len(heads) else len(blocks)
        end = blocks[last].start if last < len(blocks) else len(document.lines)
        inside = tuple(blocks[index + 1 : last])
        if head.level == 2:
            _check_setext(head, remarks)
            sections.append((head, inside, end))
        elif title is not None:
            message = _(
                "a second title: the first stands on line {line}; write `##` for a question, "
                "or move it to a file of its own"
            )
            remarks.error(message.format(line=title.start + 1), head.start + 1, 1)
        else:
            title = head
            note = document.text(head.end, end)
            _check_note(inside, remarks)
            if sections:
                message = _("the title comes after the question on line {line}: move it to the top")
                line = sections[0][0].start + 1
                remarks.error(message.format(line=line), head.start + 1, 1)
    say_what_is_misread(document, remarks, is_asking=bool(sections), has_headings=bool(heads))
    first = heads[0] if heads else len(blocks)
    strays = [block for block in blocks[:first] if _is_text(document, block)]
    if strays and heads:
        message = _("text above the first heading is never shown: move it below the title")
        remarks.warning(message, strays[0].start + 1)
    if title is not None and not strip_comments(title.text).strip():
        remarks.error(_("the title is empty: write its text after `#`"), title.start + 1)
    return Outlined(
        strip_comments(title.text).strip() if title else None,
        title.start + 1 if title else 0,
        note,
        tuple(sections),
    )


def _is_text(document: Document, block: Block) -> bool:
    return block.kind is not BlockKind.BREAK and bool(document.text(block.start, block.end))


def _check_setext(head: Block, remarks: Remarks) -> None:
    if head.setext and remarks.line(head.end - 1).strip() == "---":
        message = _(
            "the `---` below makes this line a heading and so a question: put a blank line"
            " before `---` for a break, or write `## ` for a heading"
        )
        remarks.warning(message, head.start + 1, rule=MISSING_BLANK)


def _check_note(blocks: Sequence[Block], remarks: Remarks) -> None:
    for block in blocks:
        if block.kind is BlockKind.FENCE and is_role(block.info):
            message = _("a role fence belongs to a question: put it below a `##` heading")
            remarks.warning(message, block.start + 1)


def is_role(info: str) -> bool:
    """Whether a fence with this behind its mark is part of a question."""
    words = info.split()
    return words[:1] == ["answer"] or (
        words[:1] == ["python"] and words[1:2] != [] and words[1] in ROLES
    )


def read_section(
    document: Document, part: tuple[Block, tuple[Block, ...], int], remarks: Remarks
) -> Section:
    """What one section holds; what it makes together is not judged here."""
    head, blocks, end = part
    text, attributes = heading_attributes(strip_comments(head.text).strip())
    line = head.start + 1
    for word, message in attributes.wrong:
        remarks.error(message, *remarks.find(word, head.start, head.end))
    if unread := unread_attributes(text):
        _unread_attributes(*unread, head, remarks)
    if not text:
        remarks.error(_("the heading is empty: write the question after `##`"), line)
    errors = remarks.errors
    breaks = [block for block in blocks if block.kind is BlockKind.BREAK]
    middle, resume = (breaks[0].start, breaks[0].end) if breaks else (end, end)
    roles: dict[str, Role] = {}
    options: list[Option] = []
    options_line = 0
    hints: list[str] = []
    removed: list[tuple[int, int]] = []
    for block in blocks:
        taken = False
        if block.kind is BlockKind.FENCE:
            taken = _take_role(block, roles, remarks)
        elif block.kind is BlockKind.LIST:
            found = _read_options(document, block, remarks)
            options += found
            options_line = options_line or (block.start + 1 if found else 0)
            taken = bool(found)
        elif block.kind is BlockKind.QUOTE:
            hint = _read_hint(document, block)
            taken = hint is not None
            if hint:
                hints.append(hint)
            elif taken:
                message = _("this hint is empty: write its text below `> [!TIP]`")
                remarks.warning(message, block.start + 1)
        if taken:
            removed.append((block.start, block.end))
    for at, info in document.nested:
        if head.end <= at < end and is_role(info):
            message = _("a role fence in a list or quote is not read: move it to the margin")
            remarks.error(message, *remarks.find(info, at, at + 1))
    elsewhere = None if options else options_elsewhere(document, head.end, end)
    if elsewhere is not None:
        message = _(
            "looks like an option, and is none: write `- [ ] ` or `- [x] `, "
            "outside of other lists and quotes"
        )
        remarks.warning(message, elsewhere + 1)
    before = document.text(head.end, middle, removed)
    prose = before
    if "```" in before or "~~~" in before or "    " in before or "\t" in before:
        literal = document.literal_within(head.end, middle)
        prose = document.text(head.end, middle, [*removed, *literal])
    faulty = remarks.errors > errors or any(head.end <= at < end for at, _ in document.unclosed)
    return Section(
        head.start, end, text, attributes, before, prose,
        document.text(resume, end, removed) if breaks else None,
        roles, tuple(options), options_line, tuple(hints), faulty,
    )  # fmt: skip


def _unread_attributes(source: str, is_open: bool, head: Block, remarks: Remarks) -> None:
    where = remarks.find(source, head.start, head.end)
    if is_open:
        message = _("`{text}` is never closed: write `}}` at the end of the heading")
        remarks.error(message.format(text=clip(source, 40)), *where)
        return
    message = _(
        "`{text}` is read as text: attributes stand in one pair of braces at the end, "
        "as in `{{#my-id .reversed}}`"
    )
    remarks.warning(message.format(text=clip(source, 40)), *where)


def _take_role(block: Block, roles: dict[str, Role], remarks: Remarks) -> bool:
    """Whether the fence has a role (even one spelled wrongly); notes it in `roles`."""
    words = block.info.split(None, 2)
    if not words or not _is_role(words, block, remarks):
        return False
    if words[0] == "answer":
        name, rest = "answer", block.info[len("answer") :]
    elif len(words) > 1 and words[1] in ROLES:
        name, rest = words[1], words[2] if len(words) > 2 else ""
    else:
        return True
    line = block.start + 1
    if name in roles:
        message = _(
            "a second `{role}` fence: the first stands on line {line}; join them, "
            "or give this one a `##` of its own"
        )
        remarks.error(message.format(role=name, line=roles[name].line), line)
        return True
    roles[name] = Role(name, rest.strip(), Fence(block.text, line + 1), line)
    return True


def _is_role(words: Sequence[str], block: Block, remarks: Remarks) -> bool:
    """Whether the fence's words mean a role; says so when they are not written as they must be."""
    line = block.start + 1
    language, second = words[0], words[1] if len(words) > 1 else ""
    where = remarks.find(second or language, block.start, block.start + 1)
    if language == "answer" or (language == "python" and second in ROLES):
        return True
    braced = _braced_role(block.info)
    if braced or language in ROLES or (_is_nearly_python(language) and second in ROLES):
        role = braced or (language if language in ROLES else second)
        message = _("write `python {role}` for this fence's role").format(role=role)
        remarks.error(message, line, rule=WRONG_ROLE)
        return True
    nearly = language == "python" or _is_nearly_python(language)
    if nearly and _WORD.fullmatch(second):
        near = nearest(second, ROLES, cutoff=70)
        if near is not None:
            message = _(_UNKNOWN_ROLE).format(role=second[:40], near=near)
            remarks.error(message, *where, rule=WRONG_ROLE)
            return True
        if language == "python":
            message = _("unknown role `{role}`, shown as ordinary code; {hint}")
            hint = instead("", ROLES)
            remarks.warning(message.format(role=second[:40], hint=hint), *where)
    if language == "python" and (late := set(" ".join(words[1:]).split()) & set(ROLES)):
        message = _("the role comes first: write `python {role} …`").format(role=min(late))
        remarks.error(message, *where, rule=WRONG_ROLE)
        return True
    if not second and language != "answer" and nearest(language, ["answer"], cutoff=80):
        message = _(_UNKNOWN_ROLE).format(role=language[:40], near="answer")
        remarks.error(message, *where, rule=WRONG_ROLE)
        return True
    return False


def _braced_role(info: str) -> str:
    """The role that a fence's words mean where braces stand around them; empty: none."""
    found = _BRACED.match(info) if any(sign in info for sign in "{:,") else None
    if found is None or found[2] not in ROLES:
        return ""
    return found[2] if found[1] == "python" or _is_nearly_python(found[1]) else ""


def _is_nearly_python(language: str) -> bool:
    """Whether a fence's language is another name of Python, or its name spelled nearly right."""
    if language in _LANGUAGES:
        return True
    return language[:1] in "pP" and nearest(language.lower(), ["python"], cutoff=80) is not None


def corrected_role(info: str) -> str | None:
    """What to write after a fence's mark instead of a role that is nearly right."""
    words = info.split()
    if not words:
        return None
    if (role := _braced_role(info)) and (braced := _BRACED.match(info)):
        return f"python {role}{braced['rest']}".rstrip()
    language, second = words[0], words[1] if len(words) > 1 else ""
    if language == "answer" or (language == "python" and second in ROLES):
        return None
    if language in ROLES:
        return f"python {info.strip()}"
    nearly = language != "python" and _is_nearly_python(language)
    if nearly and second in ROLES:
        return " ".join(("python", *words[1:]))
    if second and (nearly or language == "python"):
        near = nearest(second, ROLES, cutoff=70) if _WORD.fullmatch(second) else None
        late = [word for word in words[1:] if word in ROLES and not nearly]
        if near is not None:
            return info.strip().replace(language, "python", 1).replace(second, near, 1)
        if len(late) == 1:
            return " ".join(("python", late[0], *(one for one in words[1:] if one != late[0])))
    if not second and nearest(language, ["answer"], cutoff=80):
        return "answer"
    return None


def _read_hint(document: Document, block: Block) -> str | None:
    lines = [_QUOTE_MARK.sub("", line, count=1) for line in document.shown[block.start : block.end]]
    tip = _TIP.match(lines[0].lstrip())
    if tip is None:
        return None
    lines[0] = lines[0].lstrip()[tip.end() :]
    return "\n".join(lines).strip()


def _read_options(document: Document, block: Block, remarks: Remarks) -> list[Option]:
    """The options of a task list; none of an ordinary list."""
    marks = [_TASK.match(item.text) for item in block.items]
    if not any(marks):
        for item in block.items:
            if _ALMOST_TASK.match(item.text):
                message = _("looks like an option, and is none: write `- [ ] ` or `- [x] `")
                remarks.warning(message, item.start + 1)
                break
        return []
    options = []
    for item, box in zip(block.items, marks, strict=True):
        if box is None:
            message = _("not an option like the others of this list: begin it with `[ ]` or `[x]`")
            remarks.error(message, item.start + 1)
            continue
        text, explanation = _option_text(document, item)
        if not text:
            remarks.error(_("this option is empty: write its text after the box"), item.start + 1)
        options.append(Option(text, box[1] != " ", explanation))
    return options


def _option_text(document: Document, item: Item) -> tuple[str, str]:
    """Text and explanation; a line that is not indented goes on with the option's text."""
    first, *rest = document.shown[item.start : item.end]
    marker = _ITEM.match(first)
    width = marker.end() if marker else 2
    text = [first[width:].partition("]")[2].strip()]
    while rest and rest[0].strip() and not rest[0][0].isspace():
        text.append(rest.pop(0).strip())
    explanation = "\n".join(_dedent(line, width) for line in rest).strip("\n").rstrip()
    if not any(text):
        return explanation, ""
    return " ".join(part for part in text if part), explanation


def _dedent(line: str, width: int) -> str:
    return line[min(width, len(line) - len(line.lstrip())) :]
