"""What an author meant otherwise than Markdown reads it: told at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.deck.collection import load
from quiz.model.finding import Severity
from tests.deck.test_parser import findings, questions


def warnings(text: str) -> list[str]:
    assert findings(text) == []
    return findings(text, Severity.WARNING)


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("::: {.callout-note}", ":::"), (":::tip Title", ":::"), (":::: {.panel-tabset}", "::::"),
     (":::{note}", ":::"), ("%% later", "%%"), ("%%", "%%"),
     ("{% highlight python %}", "{% include x %}\n\n{% endhighlight %}"),
     ("{{< details >}}", "{{< /details >}}"), ("{{% notice tip %}}", "{{% /notice %}}")],
)  # fmt: skip
def test_a_heading_within_a_block_of_another_program_is_told(opening: str, closing: str) -> None:
    text = (
        f"# T\n\n## One?\n\nA.\n\n{opening}\n\n## Title of it\n\nB.\n\n{closing}\n\n## Two?\n\nC.\n"
    )
    (warning,) = warnings(text)
    assert warning.startswith("c.md:9:1: asked, though it stands within the `")
    assert "of line 7: write `###`" in warning


def test_blocks_within_blocks_are_told_by_the_innermost() -> None:
    text = "# T\n\n:::: {.columns}\n::: {.column}\n## Left?\nA.\n:::\n::::\n\n## Two?\n\nB.\n"
    (warning,) = warnings(text)
    assert "`::: {.column}` of line 4" in warning


@pytest.mark.parametrize(
    "body",
    ["::: note\nText.\n:::", "```\n::: x\n```\n\n## Two?\n\n```\n:::\n```", "a :::: b", "100 %%",
     "{% include a %}\n\n## Two?\n\nB.\n\n{% include a %}", ":::\n\n## Two?\n\nB.",
     "%% one line %%\n\n## Two?\n\nB.\n\n%% again %%"],
)  # fmt: skip
def test_blocks_without_a_heading_are_left(body: str) -> None:
    questions(f"# T\n\n## One?\n\n{body}\n")


@pytest.mark.parametrize(
    "card",
    ["What is it\n?\nThis.", "What is it\n??\nThis.", "Q: What?\nA: That.", "What? #card\nThat.",
     "- What? #flashcards/torch", "**Q:** What?\n\n**A:** That.", "More\n\n%\n\nA.", "x #flashcard",
     "Front::Back <!--SR:!2024-01-01,3,250-->", "START\nBasic\nx\nBack: y\nEND",
     "STARTI [Basic] x. Back: y. ENDI", "::Q1:: What is it? {=this ~that}", "- Q: x?\n- A: y",
     "- What is it? #spaced\n  - This"],
)  # fmt: skip
def test_cards_of_other_programs_among_questions_are_told(card: str) -> None:
    (warning,) = warnings(f"# T\n\n## One?\n\nA.\n\n{card}\n")
    assert "looks like a card of another program" in warning


@pytest.mark.parametrize(
    "text",
    ["Is it?", "Q: what is `Q`?\n\nThe first letter of *query*.", "`x`\n\n?\n\ny", "C#card",
     "```\na\n?\nb\n```", "`std::vector::at`", "#cards-of-mine", "# cards"[1:]],
)  # fmt: skip
def test_text_that_is_no_card_of_another_program_is_left(text: str) -> None:
    questions(f"# T\n\n## One?\n\n{text}\n")


@pytest.mark.parametrize(
    "options",
    ["- (x) right\n- ( ) wrong", "[ ] wrong\n[x] right", "[[ ]] wrong\n[[X]] right",
     "1. ( ) wrong\n2. (x) right", "[( )] wrong\n[(X)] right"],
)  # fmt: skip
def test_options_as_other_programs_write_them_are_told(options: str) -> None:
    (warning,) = warnings(f"# T\n\n## Which?\n\n{options}\n")
    assert warning.startswith("c.md:5:1: looks like an option, and is none: write `- [ ] `")


@pytest.mark.parametrize(
    "text", ["- (x) is a variable", "(x) and y\n(y) and x", "[x] [1]", "f (x) y"]
)
def test_brackets_that_are_no_option_are_left(text: str) -> None:
    questions(f"# T\n\n## Which?\n\n{text}\n")


@pytest.mark.parametrize("gap", ["{{gap}}", "{{cloze a gap}}", "{{빈칸}}", "{{two words}}"])
def test_a_gap_as_other_programs_write_it_is_told(gap: str) -> None:
    (warning,) = warnings(f"# T\n\n## A {gap} here\n\nA.\n")
    assert warning == f"c.md:3:6: `{gap}` begins no gap: write `{{{{c1::…}}}}`"


@pytest.mark.parametrize(
    "text", ["`{{name}}`", "$x_{{ij}}$", "{{ name }}", "${{a}}$", r"\frac{{a}}{{b}}", "{{}}"]
)
def test_braces_that_are_no_gap_are_left(text: str) -> None:
    questions(f"# T\n\n## One {text}?\n\nA {text}.\n")


def test_files_that_are_cards_by_another_ending_are_told(tmp_path: Path) -> None:
    text = "# T\n\n## One?\n\nA.\n"
    names = (
        "a.md",
        "B.MD",
        "c.markdown",
        "d.qmd",
        "e.mdx",
        "_f.qmd",
        "README.MD",
        "g.txt",
        "h.QMD",
    )
    for name in names:
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / ".gitignore").write_text("h.*\n", encoding="utf-8")
    collection = load(tmp_path, known={})
    assert list(collection.concepts) == ["a"]
    told = {Path(one.place.path).name: one.message for one in collection.findings}
    assert sorted(told) == ["B.MD", "c.markdown", "d.qmd", "e.mdx"]
    assert told["B.MD"] == "is not read: the name of a card file ends in `.md`"


@pytest.mark.parametrize("nested", ["- ## Why?\n  A.", "- a\n\n  ## Why?"])
def test_a_heading_in_a_list_asks_nothing_and_is_told(nested: str) -> None:
    (warning,) = warnings(f"# T\n\n## One?\n\nA.\n\n{nested}\n")
    where = "9:3" if nested.startswith("- a") else "7:1"
    assert warning.startswith(f"c.md:{where}: asks nothing inside a list")


@pytest.mark.parametrize("heading", ["＃＃ 둘?", "#＃ 둘?", "＃＃둘?"])
def test_a_heading_with_wide_hashes_is_told(heading: str) -> None:
    (error,) = findings(f"# T\n\n## One?\n\nA.\n\n{heading}\n\nB.\n")
    assert error.startswith("c.md:7:1: looks like a heading, and is none")


@pytest.mark.parametrize("heading", ["\t## Two?", "    ## Two?", "> ## Two?"])
def test_a_heading_that_is_none_is_told_where_nothing_is_asked(heading: str) -> None:
    (warning,) = warnings(f"# T\n\n{heading}\n\nB.\n")
    column = len(heading) - len(heading.lstrip()) + 1
    assert warning.startswith(f"c.md:3:{column}: nothing is asked in this file")


@pytest.mark.parametrize(
    "text", ["    ## a", "    # a", "```\n## a\n```", "＃ a", "＃＃＃ a", "> ## a"]
)
def test_code_quotes_and_other_hashes_are_left(text: str) -> None:
    questions(f"# T\n\n## One?\n\nA.\n\n{text}\n")


@pytest.mark.parametrize("info", ["python:predict", "python,predict", "py: predict"])
def test_a_role_behind_another_sign_is_told(info: str) -> None:
    (error,) = findings(f"# T\n\n## One?\n\n```{info}\nprint(1)\n```\n")
    assert error.startswith("c.md:5:1: write `python predict`")
