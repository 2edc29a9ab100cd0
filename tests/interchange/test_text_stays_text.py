"""Text of another program is read back as the same text, whatever it looks like."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.interchange.draft import Section
from quiz.interchange.html import to_markdown
from quiz.model.question import Cloze, Recall
from tests.interchange.reading_back import questions, shown, written

LIKE_MARKUP = (
    *("# x", "## Title", "---", "***", "- [x] done", "* item", "1. one", "2) two", "> quote"),
    *("```", "~~~", "```python solution", "{{c1::x}}", "{{c1::x::y}}", "{#id .reversed}", "`a`"),
    *("> [!TIP]", "<!-- x -->", "<b>", "&amp;", "&lt;", "$x$", "$$y$$", "a_b_c", "_em_", "*em*"),
    *("[link](x)", "![image](y)", "|a|b|", "|---|---|", "\\", "\\\\(", "===", "+ x"),
    *("==x==", "x::y"),
    *("{x}", "{{", "}}", "C#", "#", "5 < 6", "a ~~b~~", "한국어", "\u00a0x", "e\u0301", "<script>"),
    *("-", "--- ---", "- - -", "* * *", "_ _ _", "+", "="),
    *("<!x>", "<?y?>", "<![CDATA[z]]>", "#hash", "1."),
    *("\\[", "\\]", "x\\", "!", "![", "<", "- ", "``", "`", "{", "}"),
)  # fmt: skip

pieces = st.lists(
    st.one_of(st.sampled_from(LIKE_MARKUP), st.text(max_size=6)), min_size=1, max_size=6
)
lines = st.lists(pieces.map(" ".join), min_size=1, max_size=4)


def as_html(text: list[str]) -> str:
    return "<br>".join(html.escape(line, quote=False) for line in text)


def normal(text: list[str]) -> str:
    """What is promised to stay: all but the shape of white space."""
    return " ".join(" ".join(text).split())


plain_lines = lines.filter(
    lambda text: (
        all(sign.isprintable() or sign in " \u00a0" for line in text for sign in line)
        and not any("[sound:" in line or "[latex]" in line or "[$]" in line for line in text)
    )
)


def without_maths(text: list[str]) -> bool:
    joined = "\n".join(text)
    return not ("\\(" in joined and "\\)" in joined) and not ("\\[" in joined and "\\]" in joined)


@settings(max_examples=50)
@given(front=plain_lines.filter(without_maths), back=plain_lines.filter(without_maths))
def test_a_question_and_its_answer_read_back_as_they_were(
    front: list[str], back: list[str]
) -> None:
    asked, answer = (
        to_markdown(as_html(front), {}).markdown,
        to_markdown(as_html(back), {}).markdown,
    )
    if not asked.strip() or not answer.strip():
        return
    text = written(Section(asked, answer))
    (question,) = questions(text)
    assert isinstance(question.content, Recall), text
    assert shown(question.prompt) == normal(front), text
    assert shown(question.content.answer) == normal(back), text


@settings(max_examples=40)
@given(
    before=plain_lines.filter(without_maths),
    answer=st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8),
)
def test_the_text_around_a_gap_reads_back_as_it_was(before: list[str], answer: str) -> None:
    if "{{c" in " ".join(before) or "}}" in " ".join(before) or "::" in " ".join(before):
        return
    source = f"{as_html(before)}<br>so {{{{c1::{answer}}}}} it is"
    text = written(Section(to_markdown(source, {}, cloze=True).markdown, cloze=True))
    (question,) = questions(text)
    assert isinstance(question.content, Cloze), text
    assert shown(question.content.filled) == f"{normal(before)} so {answer} it is".strip(), text


@pytest.mark.parametrize("line", LIKE_MARKUP)
def test_a_line_that_looks_like_markup_is_text(line: str) -> None:
    converted = to_markdown(html.escape(line, quote=False), {}).markdown
    (question,) = questions(written(Section(f"What is this?\n\n{converted}", converted)))
    assert isinstance(question.content, Recall)
    assert shown(question.content.answer) == " ".join(line.split())
