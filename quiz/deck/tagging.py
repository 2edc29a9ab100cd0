"""Tags written into the front matter of a card file, with every other sign of it left as it is.

Where the front matter is written in a way that a change could not be told from an accident, nothing
is changed and `CardError` says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from quiz.deck.config import CollectionConfig
from quiz.deck.identity import snapshot
from quiz.deck.parser import parse_concept
from quiz.errors import CardError
from quiz.language import _

_HEAD = re.compile(r"(?P<open>\ufeff?---[ \t]*(?P<end>\r\n|\r|\n))(?P<yaml>.*?)(?=^---[ \t]*\r?$)",
                   re.DOTALL | re.MULTILINE)  # fmt: skip
_PLAIN = re.compile(r"[^\W\d_][\w./+-]*")
_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:[^']|'')*'", re.DOTALL)
_WORDS = ("true", "false", "yes", "no", "on", "off", "null")


class _Span(NamedTuple):
    """What is to stand between two places of the YAML."""

    start: int
    end: int
    text: str


def tags_of(text: str) -> tuple[str, ...]:
    """The tags a card file's text gives its questions."""
    return _read(text)[0]


def with_tags(text: str, add: Collection[str], remove: Collection[str] = ()) -> str:
    """The text with some tags more and some less; the same text where that changes nothing.

    Raises `CardError` where that cannot be done without touching anything else.
    """
    before, questions = _read(text)
    wanted = [tag for tag in before if tag not in remove]
    wanted += [tag for tag in dict.fromkeys(add) if tag not in wanted]
    if tuple(wanted) == before:
        return text
    changed = _changed(text, wanted)
    if _read(changed) != (tuple(wanted), questions):
        raise _unsure()
    return changed


def _changed(text: str, wanted: Sequence[str]) -> str:
    head = _HEAD.match(text)
    if head is None:
        mark, body = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
        if body.lstrip().startswith("---"):
            raise _unsure()  # a front matter that has no end, or stands too low
        found = re.search(r"\r\n|\r|\n", text)
        end = found[0] if found else "\n"
        return f"{mark}---{end}tags: {_flow(wanted)}{end}---{end}{end}{body}"
    at, yaml = head.start("yaml"), head["yaml"]
    span = _span(yaml, wanted, head["end"])
    return text[: at + span.start] + span.text + text[at + span.end :]


def _span(yaml: str, wanted: Sequence[str], end: str) -> _Span:
    """What changes in the YAML."""
    root = _composed(yaml)
    if root is None:
        return _Span(0, 0, f"tags: {_flow(wanted)}{end}")
    if root.flow_style:
        raise _unsure()
    key, value = next(((k, v) for k, v in root.value if k.value == "tags"), (None, None))
    if key is None or value is None:
        return _Span(0, 0, f"tags: {_flow(wanted)}{end}")
    start, stop = value.start_mark.index, value.end_mark.index
    said = yaml[start:stop]
    if not isinstance(value.value, list):
        if said.strip():
            raise _unsure()
        start = key.end_mark.index + 1
        return _Span(start, start, f" {_flow(wanted)}")
    if re.search("[#&*]", _QUOTED.sub("", said)):
        raise _unsure()  # a remark or a reference among the tags, which would be lost
    if value.flow_style:
        return _Span(start, stop, _flow(wanted))
    return _block(yaml, value, wanted, end)


def _block(yaml: str, value: Any, wanted: Sequence[str], end: str) -> _Span:  # noqa: ANN401
    """A list with a line for each tag keeps that form."""
    start = value.start_mark.index
    stop = value.value[-1].end_mark.index
    margin = yaml[yaml.rfind("\n", 0, start) + 1 : start]
    if margin.strip() or value.value[0].start_mark.line != value.start_mark.line:
        raise _unsure()
    if not wanted:
        line = yaml.rfind(":", 0, start) + 1
        return _Span(line, stop, " []")
    lines = f"{end}{margin}".join(f"- {_scalar(tag)}" for tag in wanted)
    return _Span(start, stop, lines)


def _composed(yaml_text: str) -> Any:  # noqa: ANN401 - the library is untyped here
    import yaml

    try:
        root = yaml.compose(yaml_text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise _unsure() from error
    if root is not None and not isinstance(root, yaml.MappingNode):
        raise _unsure()
    return root


def _flow(tags: Sequence[str]) -> str:
    return f"[{', '.join(map(_scalar, tags))}]"


def _scalar(tag: str) -> str:
    plain = _PLAIN.fullmatch(tag) and tag.lower() not in _WORDS
    return tag if plain else json.dumps(tag, ensure_ascii=False)


def _read(text: str) -> tuple[tuple[str, ...], object]:
    """The tags, and all else that the text means."""
    data = text.encode("utf-8", "surrogatepass")
    parsed = parse_concept(data, path="", concept="c", config=CollectionConfig())
    concept = parsed.concept
    if concept is None or any(finding.place.line == 1 for finding in parsed.findings):
        raise _unsure()
    rest = (
        concept.title, concept.note, concept.requires, concept.links, concept.suspended,
        tuple(map(snapshot, concept.questions)), tuple(f.message for f in parsed.findings),
    )  # fmt: skip
    return concept.tags, rest


def _unsure() -> CardError:
    return CardError(
        _("the tags of this file cannot be changed from here without touching the rest of it"),
        fix=_("Open the file and edit its front matter."),
    )
