"""What a section asks: its kind, the content of that kind, and what is missing or too much."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from quiz.deck.attributes import fence_rules
from quiz.deck.cloze import Gaps, almost_gaps, may_have_gaps, numbers, read_gaps
from quiz.deck.config import CollectionConfig
from quiz.deck.parsed import Role
from quiz.deck.python import Outline, outline
from quiz.deck.remarks import Remarks, clip
from quiz.deck.sections import Section
from quiz.language import _, mark
from quiz.model.question import (
    Choice,
    Cloze,
    Code,
    Content,
    Fence,
    Kind,
    Predict,
    Recall,
    Rules,
    Typed,
)

_CLOZE_TEXT = 5_000_000
"""Characters of all questions of one cloze together; each of them holds the whole text."""
_OF_CODE = {
    "solution": mark("a `solution` fence"),
    "starter": mark("a `starter` fence"),
    "cases": mark("a `cases` fence"),
    "test": mark("a `test` fence"),
}
"""Roles of which each makes a code question, as a finding calls them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a section, as yet without its place in the collection."""

    suffix: str
    """What its id has behind the anchor."""
    heading: str
    body: str
    explanation: str
    content: Content


def questions_of(section: Section, config: CollectionConfig, remarks: Remarks) -> list[Asked]:
    """The questions a section makes; what is wrong with it is said in `remarks`."""
    kind = _kind(section, remarks)
    if kind is None:
        return []
    _check_attributes(section, kind, remarks)
    match kind:
        case Kind.RECALL:
            return _recall(section, remarks)
        case Kind.CLOZE:
            return _cloze(section, remarks)
    content: Content | None
    match kind:
        case Kind.CHOICE:
            content = _choice(section, remarks)
        case Kind.TYPED:
            content = _typed(section, remarks)
        case Kind.PREDICT:
            content = _predict(section, config, remarks)
        case _:
            content = _code(section, config, remarks)
    if content is None:
        return []
    return [Asked("", section.heading, section.before, section.after or "", content)]


def _kind(section: Section, remarks: Remarks) -> Kind | None:
    """The kind of a section; None when it has two."""
    roles = section.roles
    found: dict[Kind, tuple[str, int]] = {}
    if may_have_gaps(section.heading) or may_have_gaps(section.prose):
        line, _column = remarks.find("{{c", section.start, section.end)
        found[Kind.CLOZE] = (mark("a gap"), line)
    if section.options:
        found[Kind.CHOICE] = (mark("a task list"), section.options_line)
    if "answer" in roles:
        found[Kind.TYPED] = (mark("an `answer` fence"), roles["answer"].line)
    if "predict" in roles:
        found[Kind.PREDICT] = (mark("a `predict` fence"), roles["predict"].line)
    for role, fence in _OF_CODE.items():
        if role in roles:
            found.setdefault(Kind.CODE, (fence, roles[role].line))
    if len(found) > 1:
        (first, at), (second, other) = list(found.values())[:2]
        message = _(
            "two kinds of question in one section: {first} (line {at}) and {second} "
            "(line {other}); give each its own `##` heading"
        ).format(first=_(first), at=at, second=_(second), other=other)
        remarks.error(message, section.line, 1)
        return None
    if "setup" in roles and not {Kind.CODE, Kind.PREDICT} & set(found):
        message = _(
            "a `setup` fence without a program: add a `python solution` or `python predict`"
        )
        remarks.error(message, roles["setup"].line)
        return None
    return next(iter(found), Kind.RECALL)


_UNDERSTOOD = {".reversed": Kind.RECALL, ".case": Kind.TYPED, "tol=": Kind.TYPED}


def _check_attributes(section: Section, kind: Kind, remarks: Remarks) -> None:
    for name in section.attributes.names:
        if _UNDERSTOOD[name] is not kind:
            message = _(
                "`{name}` has no effect on a {kind} question, only on {other}: leave it out"
            ).format(name=name, kind=_(kind), other=_(_UNDERSTOOD[name]))
            where = remarks.find(name, section.start, section.start + 1)
            remarks.warning(message, *where)
    for text in (section.heading, section.prose):
        for almost in almost_gaps(text):
            where = remarks.find(almost, section.start, section.end)
            message = _("`{text}` begins no gap: write `{{{{c1::…}}}}`")
            remarks.warning(message.format(text=clip(almost, 20)), *where)
            break
    if kind is Kind.CLOZE:
        return
    if may_have_gaps(section.before):
        where = remarks.find("{{c", section.start, section.end)
        message = _(
            "gaps in a code fence count only when one stands outside of fences too: "
            "put one into the heading or the text"
        )
        remarks.warning(message, *where)


def _recall(section: Section, remarks: Remarks) -> list[Asked]:
    if section.after is None:
        body, answer = "", section.before
    else:
        body, answer = section.before, section.after
    if not answer:
        if section.after is None:
            message = _("a question with nothing below it: write the answer under the heading")
        else:
            message = _("nothing stands below the break: write the answer there")
        if not section.faulty:
            remarks.error(message, section.line, 1)
        return []
    asked = [Asked("", section.heading, body, "", Recall(answer))]
    if section.attributes.reversed:
        first, _break, rest = answer.partition("\n\n")
        back = f"{section.heading}\n\n{body}" if body else section.heading
        if "\n" in first or first.startswith(("```", "~~~", "    ", "|", "$$")):
            first, rest = "", answer
        asked.append(Asked("/reversed", first, rest.strip("\n"), "", Recall(back)))
    return asked


def _cloze(section: Section, remarks: Remarks) -> list[Asked]:
    parts = [read_gaps(section.heading), read_gaps(section.before)]
    for mistake in [mistake for part in parts for mistake in part.mistakes][:20]:
        where = remarks.find(mistake.source, section.start, section.end)
        (remarks.error if mistake.fatal else remarks.warning)(mistake.message, *where)
    if section.after and may_have_gaps(section.after):
        where = remarks.find("{{c", section.start, section.end)
        message = _("a gap below the break is never asked: move it above, or leave out its braces")
        remarks.warning(message, *where)
    found = numbers(parts)
    if len(found) * (len(section.heading) + len(section.before)) > _CLOZE_TEXT:
        message = _("{n} gaps to ask, each with all of this long text: split the section")
        remarks.error(message.format(n=len(found)), section.line)
        return []
    return [_asked_gap(number, parts[0], parts[1], section) for number in found]


def _asked_gap(number: int, heading: Gaps, body: Gaps, section: Section) -> Asked:
    gaps = tuple(
        span.gap for part in (heading, body) for span in part.spans if span.number == number
    )
    filled = "\n\n".join(text for text in (heading.filled, body.filled) if text)
    content = Cloze(number, gaps, filled)
    return Asked(
        f"/c{number}", heading.open(number), body.open(number), section.after or "", content
    )


def _choice(section: Section, remarks: Remarks) -> Choice | None:
    options = section.options
    line = section.options_line
    if not any(option.correct for option in options):
        message = _("no option is marked as correct: write `[x]` before those that hold")
        remarks.error(message, line)
        return None
    counts = Counter(" ".join(option.text.split()) for option in options)
    for text, count in counts.most_common(3):
        if count > 1:
            message = _("the same option {n} times: {text}").format(n=count, text=clip(text))
            remarks.warning(message, line)
    if len(options) == 1:
        remarks.warning(_("only one option: add some that are wrong"), line)
    return Choice(options)


def _typed(section: Section, remarks: Remarks) -> Typed | None:
    role = section.roles["answer"]
    if role.attributes:
        message = _(
            "an `answer` fence takes no attributes: write them behind the heading, in braces"
        )
        remarks.error(message, role.line)
    accepted = tuple(line.strip() for line in role.fence.text.splitlines() if line.strip())
    if not accepted:
        message = _("an empty `answer` fence: write an accepted answer on each line")
        remarks.error(message, role.line)
        return None
    tolerance = section.attributes.tolerance
    if tolerance is not None and not any(_is_number(text) for text in accepted):
        where = remarks.find("tol=", section.start, section.start + 1)
        message = _("`tol=` needs a number as an answer, and `{text}` is none")
        remarks.error(message.format(text=clip(accepted[0], 30)), *where)
        return None
    return Typed(accepted, section.attributes.case, tolerance)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _rules(role: Role, config: CollectionConfig, remarks: Remarks) -> Rules:
    read = fence_rules(role.attributes, role.name, config)
    for word, message in read.wrong:
        remarks.error(message, *remarks.find(word, role.line - 1, role.line))
    return read.rules


def _fence(section: Section, name: str) -> Fence | None:
    role = section.roles.get(name)
    return role.fence if role else None


def _outlines(section: Section, remarks: Remarks) -> dict[str, Outline]:
    """The outline of every program in a section; what is not Python is said."""
    outlines = {}
    for name, role in section.roles.items():
        if name == "answer" or not role.line:
            continue
        found = outlines[name] = outline(role.fence.text)
        if not found.problem:
            continue
        line = role.fence.line + found.line - 1
        # A starter may be unfinished on purpose; all else must run.
        say = remarks.warning if name == "starter" else remarks.error
        message = _("the `{role}` fence is not Python: {why}")
        say(message.format(role=name, why=found.problem), line, found.column)
    for name, role in section.roles.items():
        if name in ("setup", "starter", "cases", "test") and role.attributes:
            _rules(role, CollectionConfig(), remarks)
        if name in ("solution", "predict") and not role.fence.text.strip():
            message = _("an empty `{role}` fence: write the program into it").format(role=name)
            remarks.error(message, role.line)
    return outlines


def _predict(section: Section, config: CollectionConfig, remarks: Remarks) -> Predict:
    role = section.roles["predict"]
    _outlines(section, remarks)
    rules = _rules(role, config, remarks)
    return Predict(role.fence, _fence(section, "setup"), rules)


def _code(section: Section, config: CollectionConfig, remarks: Remarks) -> Code | None:
    roles = section.roles
    outlines = _outlines(section, remarks)
    if "cases" in roles and "test" in roles:
        message = _("`cases` (line {line}) and `test` in one question: keep one")
        remarks.error(message.format(line=roles["cases"].line), roles["test"].line)
    solution = roles.get("solution")
    if solution is None:
        there = next(name for name in _OF_CODE if name in roles)
        message = _("a `{role}` fence without a `python solution`: add one to this section")
        remarks.error(message.format(role=there), roles[there].line)
        return None
    rules = _rules(solution, config, remarks)
    _check_programs(section, outlines, rules, remarks)
    names = ("setup", "starter", "cases", "test")
    setup, starter, cases, test = (_fence(section, name) for name in names)
    return Code(solution.fence, setup, starter, cases, test, rules)


def _check_programs(
    section: Section, outlines: dict[str, Outline], rules: Rules, remarks: Remarks
) -> None:
    """What the form of a code question asks of its programs."""
    roles = section.roles
    solution = outlines.get("solution")
    if solution and not solution.problem and "cases" in roles:
        if not solution.definitions and rules.entry is None:
            message = _(
                "`cases` call the solution, and it defines no function or class: define one"
            )
            remarks.error(message, roles["solution"].line)
        elif rules.entry and rules.entry not in solution.definitions + solution.bound:
            where = remarks.find("entry=", roles["solution"].line - 1, roles["solution"].line)
            message = _("`entry={name}`: the solution defines no such name")
            remarks.error(message.format(name=rules.entry), *where)
    cases = outlines.get("cases")
    if cases and not cases.problem and not cases.yields:
        message = _("`cases` yields nothing: write `yield` before the arguments of each call")
        remarks.error(message, roles["cases"].line)
    test = outlines.get("test")
    if test and not test.problem and not any(n.startswith("test_") for n in test.definitions):
        message = _("the `test` fence defines no `def test_…():`; each of them is one case")
        remarks.error(message, roles["test"].line)
