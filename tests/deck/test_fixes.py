"""What is put right without asking, and that nothing is lost by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.deck.config import CollectionConfig
from quiz.deck.fixes import Fixed, fix, with_anchor
from quiz.deck.parser import parse_concept
from quiz.deck.templates import concept
from quiz.model.finding import Finding, Severity
from quiz.model.question import Kind


def findings(text: str) -> tuple[Finding, ...]:
    return parse(text)[1]


def parse(text: str) -> tuple[list[str], tuple[Finding, ...]]:
    data = text.encode("utf-8", "surrogatepass")
    parsed = parse_concept(data, path="c.md", concept="c", config=CollectionConfig())
    questions = parsed.concept.questions if parsed.concept else ()
    return [question.id for question in questions], parsed.findings


def fixed(text: str) -> Fixed:
    return fix(text, findings(text))


SOLUTION = "x = 1\n```\n"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("py solution", "python solution"),
        ("pyton solution", "python solution"),
        ("Python Solution", "python solution"),
        ("py soluton lines=3", "python solution lines=3"),
        ("python soluton lines=3", "python solution lines=3"),
        ("solution", "python solution"),
        ("python grad solution", "python solution grad"),
        ("torch  solution grad", "python solution grad"),
        ("anwser", "answer"),
        ("answers", "answer"),
        ("python predit", "python predict"),
        ("{python} solution", "python solution"),
        ("python {solution}", "python solution"),
        ("{.python .solution lines=3}", "python solution lines=3"),
    ],
)
def test_a_role_spelled_nearly_right_is_corrected(wrong: str, right: str) -> None:
    text = f"# T\n\n## Q?\n\n```{wrong}\n{SOLUTION}\n## R?\n\nA.\n"
    result = fixed(text)
    assert result.text == text.replace(f"```{wrong}", f"```{right}")
    (correction,) = result.corrections
    assert (correction.line, correction.before) == (5, f"```{wrong}")
    assert parse(result.text) == (["c#q", "c#r"], ())


@pytest.mark.parametrize(
    "info",
    ["", "python", "python console", "js solution", "text", "pyton", "py demo", "cython solution"],
)
def test_fences_that_mean_no_role_stay(info: str) -> None:
    text = f"# T\n\n## Q?\n\n```{info}\n{SOLUTION}"
    assert fixed(text) == Fixed(text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_break_without_a_blank_line_gets_one_and_line_ends_stay(end: str) -> None:
    lines = ["# T", "", "## Q?", "", "More of the prompt.", "---", "", "The answer.", ""]
    text = end.join(lines)
    assert findings(text)
    result = fixed(text)
    assert result.text == end.join([*lines[:5], "", *lines[5:]])
    assert parse(result.text) == (["c#q"], ())


@pytest.mark.parametrize("heading", ["Is it one?", "Another one {#a}"])
def test_a_heading_that_is_meant_stays(heading: str) -> None:
    text = f"# T\n\n## Q?\n\nA.\n\n{heading}\n---\n\nB.\n"
    assert fixed(text).text == text


def test_a_break_that_would_be_the_second_of_its_section_stays() -> None:
    text = "# T\n\n## Q?\n\nP\n\n---\n\nMore.\n\nWords\n---\n\nB.\n"
    assert fixed(text).text == text


@pytest.mark.parametrize(
    ("heading", "right"),
    [
        ("## Q?", "## Q? {#q-2}"),
        ("## Q? {.reversed}", "## Q? {#q-2 .reversed}"),
        ("## Other {#q}", "## Other {#q-2}"),
        ("## Other {.reversed #q}", "## Other {.reversed #q-2}"),
        ("##   Q?  ", "##   Q? {#q-2}"),
    ],
)
def test_a_heading_with_the_anchor_of_another_gets_one_of_its_own(heading: str, right: str) -> None:
    text = f"# T\n\n## Q?\n\nA.\n\n{heading}\n\nB.\n"
    assert fixed(text).text == text.replace(f"\n{heading}\n\nB", f"\n{right}\n\nB")
    assert parse(fixed(text).text)[0][:2] == ["c#q", "c#q-2"]


def test_three_of_one_heading_get_an_anchor_each() -> None:
    text = "# T\n" + "\n## Q?\n\nA.\n" * 3
    result = fixed(text)
    again = fixed(result.text)
    assert parse(again.text)[0] == ["c#q", "c#q-2", "c#q-3"]
    assert not findings(again.text)


def test_several_mistakes_are_put_right_in_one_go_and_told_in_order() -> None:
    text = (
        "# T\n\n## Q?\n\n```anwser\na\n```\n\n## R?\n\nPrompt\n---\n\nAnswer.\n\n## Q?\n\n"
        "```py predict\nprint(1)\n```\n"
    )
    result = fixed(text)
    assert parse(result.text) == (["c#q", "c#r", "c#q-2"], ())
    assert [one.line for one in result.corrections] == sorted(
        one.line for one in result.corrections
    )
    assert len(result.corrections) == 4


def test_an_anchor_is_proposed_and_taken_in_any_language(korean: None) -> None:
    text = "# T\n\n## Q?\n\nA.\n\n## Q?\n\nB.\n"
    assert parse(fixed(text).text) == (["c#q", "c#q-2"], ())


def test_what_cannot_be_put_right_safely_stays() -> None:
    text = "# T\n\n## Q? {.x}\n\n- [ ] a\n\n## R?\n\n```python solution\n(\n```\n"
    assert findings(text)
    assert fixed(text) == Fixed(text)


def test_an_anchor_is_written_where_it_is_asked_for() -> None:
    text = "# T\r\n\r\n## Q? {.reversed}\r\n\r\nA.\r\n"
    assert with_anchor(text, 3, "old") == text.replace("{.reversed}", "{#old .reversed}")
    assert with_anchor(text, 5, "old") == text
    assert with_anchor(text, 99, "old") == text
    assert with_anchor("## Set {1, 2}\n", 1, "x") == "## Set {1, 2} {#x}\n"


FULL = concept("Everything", *Kind)
PIECES = [
    "```py solution\n",
    "```anwser\n",
    "\n---\n",
    "## Q?\n",
    "text\n---\n",
    "{#a}",
    "\r\n",
    "`",
]


@given(st.data())
def test_no_question_is_lost_and_no_error_added(data: st.DataObject) -> None:
    text = FULL
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(PIECES)) + text[at:]
    before, found = parse(text)
    result = fixed(text)
    after, left = parse(result.text)
    broken = [one for one in found if one.rule == "missing-blank"]
    assert len(set(before) - set(after)) <= len(broken)
    assert (result.text == text) is (not result.corrections)
    if result.corrections:
        assert sum(one.severity is Severity.ERROR and one.rule != "" for one in left) <= sum(
            one.severity is Severity.ERROR and one.rule != "" for one in found
        )
