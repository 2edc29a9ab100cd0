"""Whatever a file holds: no exception, every question of untouched sections, linear work."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quiz.deck.config import CollectionConfig
from quiz.deck.identity import snapshot
from quiz.deck.parser import Parsed, parse_concept
from quiz.deck.templates import concept
from quiz.model.question import Kind

FULL = concept("Everything", *Kind)
PIECES = [
    "{{c1::", "}}", "::", "`", "```", "~~~~", "\n", "\n\n", "# ", "## ", "---\n", "- [x] ", "> ",
    "> [!TIP]\n", "<!--", "-->", "{#a}", "{.reversed tol=", "}", "\r\n", "\r", "\0", "\ufeff", "\t",
    "    ", "$$", "|", "| - |\n", "1. ", '```python solution forbid="', "```python cases\n",
    "```answer\n", "가", "\u2028", "\x0b", "[", "](", "![a](x)", "&amp;", "\\", "===\n", "tags: [",
    "*a &a", "- - - ", "> > > ", "<div>\n", "'", "\ud800", "...\n",
]  # fmt: skip


def parse(text: str | bytes) -> Parsed:
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return parse_concept(data, path="c.md", concept="c", config=CollectionConfig())


def check(parsed: Parsed) -> None:
    """What holds of every file."""
    for finding in parsed.findings:
        assert finding.message
        assert str(finding).startswith("c.md")
    if parsed.concept is None:
        assert parsed.findings
        return
    ids = [question.id for question in parsed.concept.questions]
    assert len(ids) == len(set(ids))
    for question in parsed.concept.questions:
        assert question.id.startswith("c#")
        snapshot(question)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    check(parse(text))


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    check(parse(data))


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_mixture_of_markup_is_read(pieces: list[str]) -> None:
    check(parse("".join(pieces)))


@given(st.data())
@settings(max_examples=150)
def test_a_mutated_card_is_read(data: st.DataObject) -> None:
    text = FULL
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(text)))
        until = data.draw(st.integers(at, min(len(text), at + 40)))
        text = text[:at] + data.draw(st.sampled_from(PIECES)) + text[until:]
    check(parse(text))


@given(
    st.text(st.characters(exclude_characters="`~<>#=-\r", exclude_categories=["Cs"]), max_size=200)
)
@example("- [x] a\n\n{{c1::\n")
@example("    \t")
def test_no_section_costs_another_its_question(text: str) -> None:
    parsed = parse(f"# T\n\n## Before?\n\nA.\n\n## Here?\n\n{text}\n\n## After?\n\nB.\n")
    check(parsed)
    assert parsed.concept is not None
    ids = {question.id for question in parsed.concept.questions}
    assert {"c#before", "c#after"} <= ids


HEAD = "# T\n\n## First?\n\nA.\n\n"
TAIL = "\n\n## Last?\n\nB.\n"
MANY = 20_000


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000 + "]" * 100_000, "![" * MANY, "[a](" * MANY, ">" * MANY, "> " * MANY,
        "- " * MANY, "1. " * MANY, (">" * 60 + " a\n") * 300,
        "".join(" " * (2 * n) + "- a\n" for n in range(300)),
        "{{c1::" * MANY, "{{c1::{ }}" * MANY, "{{c1::" + "{" * MANY + "}" * MANY + "}}",
        "{{c::" * MANY, "".join("`" * (n % 200 + 1) + " " for n in range(400)) + "<!-- -->",
        "a <!--" * MANY, "[a]: /x\n" * MANY,
        "|a" * 1000 + "|\n" + "|-" * 1000 + "|\n" + "|\n" * 1000,
        "- [x] a\n" * 5000, "<div>\n" * MANY, "*a_ " * MANY, "a" * 1_000_000, "\t" * MANY + "x",
        "```python solution " + "a=b " * MANY + "\nx\n```", "```answer\n" + "a\n" * MANY + "```",
        "```python predict\n" + "(" * MANY + "\n```", "```python predict\n" + "-" * MANY + "1\n```",
    ],
    ids=range(26),
)  # fmt: skip
def test_monstrous_sections_are_read_and_their_neighbours_stay(body: str) -> None:
    parsed = parse(HEAD + "## Monster?\n\n" + body + TAIL)
    check(parsed)
    assert parsed.concept is not None
    ids = {question.id for question in parsed.concept.questions}
    assert {"c#first", "c#last"} <= ids


@pytest.mark.parametrize(
    "front",
    ["tags: " + "[" * 30_000, "a: &a [x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(500)),
     "{" * 1000, "? " * 5000, "x: |\n" + " y\n" * 5000],
)  # fmt: skip
def test_monstrous_front_matter_is_an_error_and_the_questions_stay(front: str) -> None:
    parsed = parse(f"---\n{front}\n---\n{HEAD}")
    check(parsed)
    assert parsed.findings
    assert parsed.concept is not None
    assert [question.id for question in parsed.concept.questions] == ["c#first"]


def test_yaml_never_makes_objects() -> None:
    parsed = parse(f"---\ntags: !!python/object/apply:os.system [exit]\n---\n{HEAD}")
    assert parsed.concept is not None
    assert parsed.concept.tags == ("exit",)


@pytest.mark.parametrize(
    "unit",
    ["{n}{{{{c1::a}}}} ", "[a]: /x{n}\n", "## Q{n}?\n\nA.\n\n", "- [ ] a{n}\n",
     "`a{n}` <!-- b -->\n", "a{n} <!-- b\n", "> a{n}\n", "| a{n} |\n", "{n}{{{{c1::{{ \n"],
)  # fmt: skip
def test_work_grows_with_the_size_and_no_faster(unit: str) -> None:
    def steps(count: int) -> int:
        text = HEAD + "## Many?\n\n" + "".join(unit.format(n=n) for n in range(count))
        calls = 0

        def trace(*_: object) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(trace)
        try:
            parse(text)
        finally:
            sys.setprofile(None)
        return calls

    parse(HEAD)
    assert steps(800) < 4.6 * steps(200) + 2000
