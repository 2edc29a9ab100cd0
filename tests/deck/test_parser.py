"""The card format, read: what every construct means, and what is said when it is wrong."""

from __future__ import annotations

import pytest

from quiz.deck.config import CollectionConfig
from quiz.deck.parser import Parsed, parse_concept
from quiz.model.finding import Severity
from quiz.model.question import (
    Choice,
    Cloze,
    Code,
    Form,
    Gap,
    Kind,
    Option,
    Predict,
    Question,
    Recall,
    Typed,
)

CONFIG = CollectionConfig()


def parse(text: str | bytes, config: CollectionConfig = CONFIG) -> Parsed:
    data = text.encode() if isinstance(text, str) else text
    return parse_concept(data, path="c.md", concept="deck/c", config=config)


def questions(text: str) -> tuple[Question, ...]:
    """The questions of a text that has nothing wrong with it."""
    parsed = parse(text)
    assert [str(finding) for finding in parsed.findings] == []
    assert parsed.concept is not None
    return parsed.concept.questions


def one(section: str) -> Question:
    """The only question of a section."""
    (question,) = questions(f"# T\n\n{section}\n")
    return question


def findings(text: str | bytes, severity: Severity = Severity.ERROR) -> list[str]:
    found = parse(text).findings
    return [f"{one.place}: {one.message}" for one in found if one.severity is severity]


# The file


def test_a_break_at_the_head_of_a_file_is_no_front_matter() -> None:
    text = "---\n\n# T\n\n## One?\n\nA.\n\n---\n\nNote.\n\n## Two?\n\nB.\n"
    parsed = parse(text)
    assert parsed.concept is not None
    assert [question.id for question in parsed.concept.questions] == ["deck/c#one", "deck/c#two"]
    assert not [one for one in parsed.findings if one.severity is Severity.ERROR]


def test_title_note_front_matter_and_places() -> None:
    parsed = parse(
        "---\ntags: [a, '3']\nrequires:\n  - x/y\nlinks: [\"T: docs\"]\nsuspended: true\n---\n\n"
        "# The `title`\n\nThe note.\n\n### Still the note\n\n## Q?\n\nA.\n"
    )
    concept = parsed.concept
    assert parsed.findings == ()
    assert concept is not None
    assert (concept.title, concept.note) == ("The `title`", "The note.\n\n### Still the note")
    assert (concept.tags, concept.requires, concept.links) == (("a", "3"), ("x/y",), ("T: docs",))
    assert concept.suspended
    assert concept.questions[0].suspended
    assert concept.questions[0].tags == ("a", "3")
    assert str(concept.questions[0].place) == "c.md:15:1"
    assert str(concept.place) == "c.md:9"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_change_nothing(end: str, mark: bytes) -> None:
    text = "---\ntags: [t]\n---\n# T\n\n## Q?\n\n```answer\na\nb\n```\n"
    parsed = parse(mark + text.replace("\n", end).encode())
    assert parsed == parse(text)
    assert parsed.findings == ()


def test_a_card_cannot_make_the_terminal_act() -> None:
    title, clipboard, bell = "\x1b]0;mine\x07", "\x9b52;c;aGk=\x9c", "\0\b\x7f"
    (question,) = questions(f"# T\n\n## What is{title}?\n\n\tIt is\x0c{clipboard}{bell}\x85.\n")
    assert question.heading == "What is\ufffd]0;mine\ufffd?"
    assert isinstance(question.content, Recall)
    assert not {*question.prompt, *question.content.answer} & {
        "\x1b",
        "\x07",
        "\x9b",
        "\x9c",
        "\0",
        "\b",
        "\x7f",
    }


def test_setext_headings_are_headings() -> None:
    question = questions("Title\n=====\n\nWhat is\nit?\n-----\n\nThis.\n")[0]
    assert (question.heading, question.content) == ("What is it?", Recall("This."))


def test_a_break_directly_below_a_line_is_told_to_be_a_heading() -> None:
    (warning,) = findings("# T\n\n## Q\n\nmore\n---\n\nanswer\n", Severity.WARNING)
    assert warning.startswith("c.md:5:1: ")
    assert "blank line" in warning


def test_headings_in_quotes_and_code_are_no_questions() -> None:
    body = "> ## no\n\n- no\n\n```python\n## no\n# no\n---\n- [x] no\n```\n\n    ## no\n\n`## no`"
    question = one(f"## Q?\n\n{body}\n\n### no\n\n\\## no")
    assert question.content == Recall(f"{body}\n\n### no\n\n\\## no")


def test_longer_and_tilde_fences_hold_shorter_ones() -> None:
    body = "````markdown\n```python solution\nx\n```\n## no\n````\n\n~~~\n```\n# no\n~~~"
    assert one(f"## Q?\n\n{body}").content == Recall(body)


def test_comments_are_ignored_outside_of_code() -> None:
    question = one(
        "## Q <!-- x -->?\n\n<!--\n## not asked\n\n```\n-->\n\na <!-- b --> c `<!-- d -->`\n\n"
        "```html\n<!-- kept -->\n```"
    )
    assert question.heading == "Q ?"
    assert question.content == Recall("a  c `<!-- d -->`\n\n```html\n<!-- kept -->\n```")


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("a <!-- open\n\nb", "a <!-- open\n\nb"),
        ("a <!-- x\ny --> b", "a \n b"),
        ("<!-- x\n\ny -->\n\nb", "b"),
        ("a\n<!-- x\n\ny -->\nb", "a\n\n\n\nb"),
        ("``a ` <!-- x -->`` b <!-- y -->", "``a ` <!-- x -->`` b"),
        ("- a <!-- x\n\nb -->", "- a <!-- x\n\nb -->"),
    ],
)
def test_where_a_comment_ends(body: str, answer: str) -> None:
    assert one(f"## Q?\n\n{body}").content == Recall(answer)


def test_a_file_with_a_title_alone_is_a_note() -> None:
    assert questions("# T\n\nJust a note.\n") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "c.md:1:1: the file is empty"),
        (" \n\n", "c.md:1:1: the file is empty"),
        ("## Q?\n\nA.\n", "c.md:1:1: no title"),
        (
            "# T\n\n## Q?\n\nA.\n\n# U\n\nx\n",
            "c.md:7:1: a second title: the first stands on line 1",
        ),
        ("## Q?\n\nA.\n\n# T\n", "c.md:5:1: the title comes after the question on line 1"),
        ("#\n\n## Q?\n\nA.\n", "c.md:1:1: the title is empty"),
        ("# T\n\n##\n\nA.\n", "c.md:3:1: the heading is empty"),
        ("# T\n\n## ?!\n\nA.\n", "c.md:3:1: this heading gives no anchor: write one"),
        ("# T\n\n## Q?\n\n<!-- x\n\n## R?\n", "c.md:5:1: this comment is never closed"),
        ("# T\n\n## Q?\n\n```python\n\n## R?\n", "c.md:5:1: this fence is never closed"),
        ("---\ntag: [a]\n---\n# T\n", "c.md:2:1: unknown key `tag`: did you mean `tags`?"),
        ("---\ntags: a\n---\n# T\n", "c.md:2:1: `tags` must be a list of texts: write `tags: [a]`"),
        ("---\nlinks: {a: b}\n---\n# T\n", "c.md:2:1: `links` must be a list of texts"),
        ("---\ntags: [a, [b]]\n---\n# T\n", "c.md:2:1: `tags` must be a list of texts"),
        ("---\nsuspended: maybe\n---\n# T\n", "c.md:2:1: `suspended` must be `true` or `false`"),
        ("---\ntags: [a\n---\n# T\n", "c.md:3:1: the front matter is not YAML"),
        ("---\n- a\n---\n# T\n", "c.md:2:1: front matter is `key: value` lines"),
        ("---\njust text\n---\n# T\n", "c.md:2:1: front matter is `key: value` lines"),
        ("---\ntags: []\ntags: []\n---\n# T\n", "c.md:3:1: `tags` stands on line 2 already"),
        ("---\ntags: &a [*a]\n---\n# T\n", "c.md:2:1: `tags` must be a list of texts"),
        (b"# T\n\nab\xff\n", "c.md:3:3: byte 0xff is not UTF-8: save the file as UTF-8"),
        ("# T\n".encode("utf-16"), "c.md:1:1: byte 0xff is not UTF-8: it looks like UTF-16"),
    ],
)
def test_what_is_wrong_with_a_file(text: str | bytes, expected: str) -> None:
    (finding,) = findings(text)
    assert finding.startswith(expected)


HEADED = "# T\n\n## One?\n\nA.\n\n## Two?\n\nprompt\n\n---\n\nB.\n"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            "---\ntags: [a]\n\n",
            "c.md:1:1: this front matter is never closed: write `---` above line 4",
        ),
        (
            "---\ntags: [a]\n",
            "c.md:1:1: this front matter is never closed: write `---` above line 3",
        ),
        ("\n\n---\ntags: [a]\n---\n", "c.md:3:1: front matter begins with the file"),
        (" ---\ntags: [a]\n ---\n", "c.md:1:2: front matter begins with the file"),
        ("+++\ntags = ['a']\n+++\n", "c.md:1:1: front matter is YAML between `---` lines"),
    ],
)
def test_front_matter_with_wrong_marks_costs_no_question(head: str, expected: str) -> None:
    for body in (HEADED, HEADED.replace("A.", "p\n\n---\n\nA."), HEADED.replace("prompt", "")):
        parsed = parse(head + body)
        (error,) = findings(head + body)
        assert error.startswith(expected)
        assert parsed.concept is not None
        assert (parsed.concept.title, len(parsed.concept.questions)) == ("T", 2)
        assert parsed.concept.tags == (() if "+" in head else ("a",))


def test_remarks_in_front_matter_are_no_headings() -> None:
    head = "---\n# what it is about\ntags: [a]\n\n## more\n...\n\n"
    parsed = parse(head + HEADED)
    assert parsed.findings == ()
    assert parsed.concept is not None
    assert parsed.concept.tags == ("a",)


@pytest.mark.parametrize(
    ("line", "column"),
    [("##Two?", 1), ("##\u00a0Two?", 1), ("##\u3000둘?", 1), ("\u200b## Two?", 1), ("  ##Two?", 3),
     ("<p>\n## Two?", 1), ("- x\n##Two?", 1)],
)  # fmt: skip
def test_a_heading_that_markdown_does_not_see_is_told(line: str, column: int) -> None:
    (error,) = findings(f"# T\n\n## One?\n\nA.\n\n{line}\n\nB.\n")
    assert error.startswith(f"c.md:{7 + line.count(chr(10))}:{column}: ")
    assert "heading" in error


@pytest.mark.parametrize(
    "body",
    ["```\n##Two\n```", "~~~~\n~~~\n##Two\n~~~~", "    ##Two", "<pre>\n##Two\n## x\n</pre>",
     "<!--\n##Two\n-->", "###Two", "a ##Two", "- x\n\n      ##Two"],
)  # fmt: skip
def test_hashes_that_are_meant_as_text_are_left(body: str) -> None:
    questions(f"# T\n\n## One?\n\nA.\n\n{body}\n")


def test_a_title_without_a_blank_is_told_at_its_line() -> None:
    (error,) = findings("\n#제목\n\n## Q?\n\nA.\n")
    assert error.startswith("c.md:2:1: looks like the title, and is none")


@pytest.mark.parametrize(
    "line",
    ["### Q?", "Q: What?", "Water::wet", "- Water :: wet", "{{c1::Water}} is wet", "- wet? #card",
     "---", "- [x] wet"],
)  # fmt: skip
def test_a_file_that_asks_in_another_notation_is_told(line: str) -> None:
    (warning,) = findings(f"# T\n\n{line}\n\nA.\n", Severity.WARNING)
    assert warning.startswith("c.md:3:1: nothing is asked in this file")


@pytest.mark.parametrize(
    "line",
    ["See https://x.y: more.", "`std::move` moves", "A note: what for?", "| a | b |\n|---|---|"],
)
def test_a_note_that_asks_nothing_is_left(line: str) -> None:
    assert not findings(f"---\ntags: [a]\n---\n# T\n\n{line}\n", Severity.WARNING)


CONFLICT = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n"


@pytest.mark.parametrize(
    "body",
    [
        CONFLICT.format("## B?\n\nOurs.", "## B?\n\nTheirs."),
        "## B?\n\n" + CONFLICT.format("Ours.", "Theirs."),
        "## B?\n\n" + CONFLICT.format("Ours.\n||||||| base\nOld.", "New."),
        "## B?\n\n```answer\n" + CONFLICT.format("1", "2") + "```\n",
        CONFLICT.format("## B?\n\n```sh\na", "## B?\n\n```sh\nb") + "```\n",
    ],
)
def test_of_a_merge_conflict_neither_side_is_asked(body: str) -> None:
    parsed = parse(f"# T\n\n## A?\n\nA.\n\n{body}\n## C?\n\nC.\n")
    (error,) = parsed.findings
    assert "merge conflict" in error.message
    assert error.source == "<<<<<<< HEAD"
    assert parsed.concept
    assert [question.id for question in parsed.concept.questions] == ["deck/c#a", "deck/c#c"]


@pytest.mark.parametrize(
    "body",
    ["```\n" + CONFLICT.format("a", "b") + "```", "<<<<<<< HEAD\nno end", "a\n\n>>>>>>> b"],
)
def test_a_conflict_that_is_shown_as_an_example_is_text(body: str) -> None:
    questions(f"# T\n\n## A?\n\nA.\n\n{body}\n")


def test_text_above_the_title_is_told() -> None:
    (warning,) = findings("lost\n\n# T\n", Severity.WARNING)
    assert warning.startswith("c.md:1:1: text above the first heading is never shown")


# Anchors and attributes


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("What does `torch.ne(a, b)` return?", "what-does-torchnea-b-return"),
        ("`nn.init.kaiming_normal_`: why?", "nninitkaiming_normal_-why"),
        ("배치 정규화란 무엇인가?", "배치-정규화란-무엇인가"),
        ("A *very* **bold** _word_ [link](https://x.y)", "a-very-bold-word-link"),
        ("a - b  c", "a---b--c"),
        ("Is $x^2 \\ge 0$?", "is-x2-ge-0"),
        ("Tom &amp; <b>Jerry</b>", "tom--jerry"),
        ("ÀÉ Straße", "àé-straße"),
        ("Explicit {#my-id}", "my-id"),
        ("Explicit `{#no}` {#한글}", "한글"),
    ],
)
def test_the_anchor_is_the_explicit_one_or_that_of_github(heading: str, anchor: str) -> None:
    assert one(f"## {heading}\n\nA.").id == f"deck/c#{anchor}"


@pytest.mark.parametrize(
    "heading",
    ["The set {1, 2}", "f(x) {x}", "`{.a}`", "{}", "Why {.5}?", "$\\frac{a}{b}$", "x {y}}"],
)
def test_braces_that_hold_no_attributes_are_text(heading: str) -> None:
    assert one(f"## Is it {heading}\n\nA.").heading == f"Is it {heading}"


def test_attributes_are_taken_off_the_heading() -> None:
    question = one("## Q? {#id .suspended}\n\nA.")
    assert (question.heading, question.suspended, question.explicit_anchor) == ("Q?", True, True)
    assert not one("## Q?\n\nA.").explicit_anchor


@pytest.mark.parametrize(
    ("attributes", "column", "words"),
    [
        (".reversd", 8, "did you mean `.reversed`?"),
        (".a .b", 8, "unknown attribute `.a`"),
        ("#a #b", 11, "two ids"),
        ("#a/b", 8, "an id has no `/`"),
        ("tol=abc", 8, "`tol=` must be a number"),
        ("tol=-1", 8, "0 or more"),
        ("tl=1", 8, "did you mean `tol=`?"),
        ("#a word", 11, "unknown attribute `word`"),
    ],
)
def test_a_wrong_attribute_is_told_at_its_column(attributes: str, column: int, words: str) -> None:
    found = findings(f"# T\n\n## Q? {{{attributes}}}\n\n```answer\n1\n```\n")
    assert found[0].startswith(f"c.md:3:{column}: ")
    assert words in found[0]


@pytest.mark.parametrize(
    ("heading", "severity", "words"),
    [
        ("Q {#a", Severity.ERROR, "`{#a` is never closed"),
        ("Q {.reversed .x", Severity.ERROR, "`{.reversed .x` is never closed"),
        ("Q {#a {b}", Severity.ERROR, "`{#a ` is never closed"),
        ("Q {tol=1e-3", Severity.ERROR, "`{tol=1e-3` is never closed"),
        ("Q {#a}?", Severity.WARNING, "`{#a}` is read as text"),
        ("Q {# a}", Severity.WARNING, "`{# a}` is read as text"),
        ("Q {: #a}", Severity.WARNING, "`{: #a}` is read as text"),
        ("Q {#a} {.reversed}", Severity.WARNING, "`{#a}` is read as text"),
        ("Q {reversed}", Severity.WARNING, "`{reversed}` is read as text"),
    ],
)
def test_attributes_that_are_not_read_are_told_at_their_column(
    heading: str, severity: Severity, words: str
) -> None:
    (finding,) = findings(f"# T\n\n## {heading}\n\nA.\n", severity)
    assert finding.startswith("c.md:3:6: ")
    assert words.replace(" `", "`") in finding


@pytest.mark.parametrize(
    "heading", ["`{#a`", "{{#if x}} in Handlebars", "{1, 2", "{case 1, case 2}", "f{x.case}"]
)
def test_braces_that_are_meant_as_text_are_left(heading: str) -> None:
    one(f"## {heading}\n\nA.")


@pytest.mark.parametrize(
    ("section", "attribute"),
    [
        ("## Q? {.case}\n\nA.", "`.case`"),
        ("## Q? {.reversed}\n\n```answer\na\n```", "`.reversed`"),
        ("## Q? {tol=1}\n\n- [x] a\n- [ ] b", "`tol=`"),
    ],
)
def test_an_attribute_without_effect_is_told(section: str, attribute: str) -> None:
    (warning,) = findings(f"# T\n\n{section}\n", Severity.WARNING)
    assert attribute in warning
    assert "no effect" in warning


def test_the_second_of_two_equal_anchors_is_an_error_that_names_both_lines() -> None:
    text = "# T\n\n## Q?\n\nA.\n\n## Q\n\nB.\n\n## R {#q}\n\nC.\n\n## S\n\nD.\n"
    assert [finding[:8] for finding in findings(text)] == ["c.md:7:1", "c.md:11:"]
    first, second = findings(text)
    assert "line 7" in first
    assert "line 3" in first
    assert "`{#q-2}`" in first
    assert "line 11" in second
    concept = parse(text).concept
    assert concept is not None
    assert [question.heading for question in concept.questions] == ["Q?", "S"]


# Recall


def test_recall_without_a_break_is_all_answer() -> None:
    question = one("## Q?\n\nA.\n\n```python\ncode\n```")
    assert (question.body, question.explanation) == ("", "")
    assert question.content == Recall("A.\n\n```python\ncode\n```")


def test_a_break_parts_prompt_and_answer_and_later_ones_stay() -> None:
    question = one("## Q?\n\nMore.\n\n---\n\nA.\n\n***\n\nB.")
    assert (question.body, question.content) == ("More.", Recall("A.\n\n***\n\nB."))
    assert question.prompt == "Q?\n\nMore."


def test_reversed_adds_the_question_from_the_answer() -> None:
    forth, back = questions("# T\n\n## `ne`? {.reversed}\n\nNot equal.\n\nMore.\n")
    assert (forth.id, back.id) == ("deck/c#ne", "deck/c#ne/reversed")
    assert (back.heading, back.body, back.content) == ("Not equal.", "More.", Recall("`ne`?"))


@pytest.mark.parametrize("section", ["## Q?", "## Q?\n\n<!-- x -->", "## Q?\n\nx\n\n---\n"])
def test_a_question_without_an_answer_is_an_error(section: str) -> None:
    (finding,) = findings(f"# T\n\n{section}\n")
    assert finding.startswith("c.md:3:1: ")
    assert "write the answer" in finding


# Cloze


def test_gaps_of_a_number_open_together_and_the_others_are_filled() -> None:
    first, second = questions(
        "# T\n\n## A {{c1::tensor}} or {{c2::number::not a tensor}}, a {{c1::view}}.\n\nBody.\n\n"
        "---\n\nWhy.\n"
    )
    assert first.id.endswith("/c1")
    assert first.heading == "A […] or number, a […]."
    assert second.heading == "A tensor or [not a tensor], a view."
    assert isinstance(first.content, Cloze)
    assert first.content.gaps == (Gap("tensor"), Gap("view"))
    assert first.content.filled == "A tensor or number, a view.\n\nBody."
    assert second.content == Cloze(2, (Gap("number", "not a tensor"),), first.content.filled)
    assert (first.body, first.explanation) == ("Body.", "Why.")


@pytest.mark.parametrize(
    ("source", "gap"),
    [
        (r"{{c1::\frac{a}{b}}}", Gap(r"\frac{a}{b}")),
        (r"$x = {{c1::\frac{a}{b}::a {fraction}}}$", Gap(r"\frac{a}{b}", "a {fraction}")),
        ("{{c1::x[::2]}}", Gap("x[::2]")),
        ("{{c1::x[::2]::every other}}", Gap("x[::2]", "every other")),
        ("{{c1::`std::vector`::a list}}", Gap("`std::vector`", "a list")),
        ("`torch.{{c1::ne}}(a)`", Gap("ne")),
        ("{{c1::{a: 1}}}", Gap("{a: 1}")),
        ("{{c1:: spaced :: hint }}", Gap("spaced", "hint")),
        ("{{c1::a { b}}", Gap("a { b")),
        (r"{{c1::\{1, 2\}}}", Gap(r"\{1, 2\}")),
        ("{{c1::가중치 감쇠::weight decay}}", Gap("가중치 감쇠", "weight decay")),
        ("{{c1::two\nlines}}", Gap("two\nlines")),
    ],
)
def test_the_notation_of_a_gap(source: str, gap: Gap) -> None:
    question = one(f"## Fill it {{#x}}\n\n{source}")
    assert isinstance(question.content, Cloze)
    assert question.content.gaps == (gap,)
    assert f"[{gap.hint or '…'}]" in question.body


def test_gaps_in_the_fences_of_a_cloze_question_are_gaps_too() -> None:
    first, second = questions(
        "# T\n\n## A {{c1::mask}}\n\n```python\nm = torch.{{c2::ne}}(a, b)\n```\n"
    )
    assert first.body == "```python\nm = torch.ne(a, b)\n```"
    assert second.body == "```python\nm = torch.[…](a, b)\n```"


def test_gaps_in_a_fence_alone_are_literal_and_told() -> None:
    text = "# T\n\n## Q?\n\n```jinja\n{{c1::x}}\n```\n"
    concept = parse(text).concept
    assert concept is not None
    assert concept.questions[0].content == Recall("```jinja\n{{c1::x}}\n```")
    assert findings(text) == []
    assert "outside of fences" in findings(text, Severity.WARNING)[0]


@pytest.mark.parametrize(
    ("source", "column", "words"),
    [
        ("a {{c1::x", 3, "not closed"),
        ("{{c1::x {{c2::y}} z}}", 1, "not closed before the next"),
        ("{{c1::}}", 1, "empty"),
        ("{{c1::::hint}}", 1, "empty"),
        ("{{c0::x}}", 1, "from c1"),
        ("{{c99999999999::x}}", 1, "from c1"),
    ],
)
def test_a_wrong_gap_is_told_at_its_place(source: str, column: int, words: str) -> None:
    (finding,) = findings(f"# T\n\n## Fill it\n\n{source}\n")
    assert finding.startswith(f"c.md:5:{column}: ")
    assert words in finding


@pytest.mark.parametrize("source", ["{{1::x}}", "{{c::x}}", "{{c1:x}}", "{{C1::x}}", "{{ c1::x}}"])
def test_what_looks_like_a_gap_and_is_none_is_told(source: str) -> None:
    (warning,) = findings(f"# T\n\n## Q?\n\n{source}\n", Severity.WARNING)
    assert "begins no gap" in warning


# Choice


def test_options_with_what_is_indented_under_them() -> None:
    question = one(
        "## Which?\n\nPick.\n\n- [x] `a != b`\n- [X] b\n  why b\n\n  ```python\n  x = 1\n  ```\n"
        "- [ ] long\noption\n  why not\n\n---\n\nBecause."
    )
    assert question.content == Choice(
        (
            Option("`a != b`", True),
            Option("b", True, "why b\n\n```python\nx = 1\n```"),
            Option("long option", False, "why not"),
        )
    )
    assert (question.body, question.explanation) == ("Pick.", "Because.")


def test_numbered_and_starred_task_lists_are_options() -> None:
    for marks in ("1.", "1)"), ("*", "*"), ("+", "+"):
        content = one(f"## Q?\n\n{marks[0]} [x] a\n{marks[0]} [ ] b").content
        assert content == Choice((Option("a", True), Option("b", False)))


def test_an_option_may_be_a_fence() -> None:
    content = one("## Q?\n\n- [x]\n  ```python\n  a\n  ```\n- [ ] b").content
    assert content == Choice((Option("```python\na\n```", True), Option("b", False)))


@pytest.mark.parametrize(
    ("body", "place", "words"),
    [
        ("- [ ] a\n- [ ] b", "c.md:5:", "no option is marked as correct"),
        ("- [x] a\n- b", "c.md:6:", "not an option like the others"),
        ("- [x]\n- [ ] b", "c.md:5:", "option is empty"),
    ],
)
def test_what_is_wrong_with_options(body: str, place: str, words: str) -> None:
    found = findings(f"# T\n\n## Q?\n\n{body}\n")
    assert found[0].startswith(place)
    assert words in found[0]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("- [x] a\n- [ ] a", "the same option 2 times"),
        ("- [x] a", "only one option"),
        ("- [] a\n- [] b", "looks like an option"),
        ("- [x]a\n- [ ]b", "looks like an option"),
    ],
)
def test_doubtful_options_are_told(body: str, words: str) -> None:
    assert any(words in one for one in findings(f"# T\n\n## Q?\n\n{body}\n", Severity.WARNING))


# Typed


@pytest.mark.parametrize(
    ("body", "line"),
    [("- x\n  - [x] a\n  - [ ] b", 6), ("> - [x] a\n> - [ ] b", 5), ("-[x] a\n-[ ] b", 5),
     ("-\u00a0[x] a\n-\u00a0[ ] b", 5)],
)  # fmt: skip
def test_options_where_none_are_read_are_told(body: str, line: int) -> None:
    (warning,) = findings(f"# T\n\n## Q?\n\n{body}\n", Severity.WARNING)
    assert warning.startswith(f"c.md:{line}:")
    assert "looks like an option, and is none" in warning


def test_every_line_of_an_answer_fence_is_accepted() -> None:
    question = one(
        "## Q? {.case tol=1e-3}\n\nHow many?\n\n```answer\n 0.5 \n\nhalf\n```\n\n---\n\nW."
    )
    assert question.content == Typed(("0.5", "half"), case=True, tolerance=1e-3)
    assert (question.body, question.explanation) == ("How many?", "W.")


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("## Q?\n\n```answer\n\n```", "empty `answer` fence"),
        ("## Q?\n\n```answer .case\na\n```", "takes no attributes"),
        ("## Q?\n\n```answers\na\n```", "did you mean `answer`?"),
        ("## Q? {tol=1e-3}\n\n```answer\nhalf\n```", "needs a number"),
        ("## Q?\n\n```answer\na\n```\n\n```answer\nb\n```", "a second `answer` fence"),
    ],
)
def test_what_is_wrong_with_a_typed_question(section: str, words: str) -> None:
    assert words in findings(f"# T\n\n{section}\n")[0]


@pytest.mark.parametrize("fence", ["answer", "python solution", "python predict timeout=3"])
@pytest.mark.parametrize(("first", "margin"), [("- x\n\n  ", "  "), ("> ", "> "), ("1. ", "   ")])
def test_a_role_fence_that_is_not_read_is_an_error(fence: str, first: str, margin: str) -> None:
    text = f"# T\n\n## Q?\n\n{first}```{fence}\n{margin}1\n{margin}```\n"
    parsed = parse(text)
    (error,) = findings(text)
    assert "a role fence in a list or quote is not read" in error
    assert parsed.concept is not None
    assert parsed.concept.questions == ()


# Programs


def test_predict_with_setup_and_limits() -> None:
    question = one(
        "## What is printed?\n\n```python setup\nx = 1\n```\n\n"
        "```python predict timeout=2.5 device=cpu\nprint(x)\n```"
    )
    content = question.content
    assert isinstance(content, Predict)
    assert content.setup is not None
    assert (content.setup.text, content.program.text) == ("x = 1\n", "print(x)\n")
    assert (content.program.line, content.rules.timeout, content.rules.device) == (10, 2.5, "cpu")
    assert question.body == ""


def code(attributes: str = "", rest: str = "") -> str:
    fence = f"```python solution {attributes}".rstrip()
    return f"## Write it.\n\n{fence}\ndef f(a):\n    return a\n```\n{rest}"


CASES = "\n```python cases\nyield 1\n```\n"
TEST = "\n```python test\ndef test_f():\n    assert f(1) == 1\n```\n"


def test_the_form_is_told_by_the_fences() -> None:
    forms = {}
    for rest in ("", CASES, TEST):
        content = one(code(rest=rest)).content
        assert isinstance(content, Code)
        forms[rest] = content.form
    assert forms == {"": Form.SCRIPT, CASES: Form.FUNCTION, TEST: Form.TEST}


def test_all_rules_are_read() -> None:
    content = one(
        code(
            "entry=f forbid=\"torch.ne != for\" require='@ while' lines=3 grad rtol=1e-3 atol=0 "
            "alias exact timeout=5 memory=2048 device=cuda processes",
            CASES,
        )
    ).content
    assert isinstance(content, Code)
    rules = content.rules
    assert (rules.entry, rules.forbid, rules.require) == (
        "f",
        ("torch.ne", "!=", "for"),
        ("@", "while"),
    )
    assert (rules.lines, rules.rtol, rules.atol) == (3, 1e-3, 0.0)
    assert rules.grad
    assert rules.alias
    assert rules.exact
    assert rules.processes
    assert (rules.timeout, rules.memory, rules.device) == (5.0, 2048, "cuda")


def test_the_collection_gives_the_limits_that_a_fence_does_not() -> None:
    config = CollectionConfig(timeout=3.0, memory=512)
    parsed = parse(f"# T\n\n{code('memory=64')}", config)
    assert parsed.concept is not None
    content = parsed.concept.questions[0].content
    assert isinstance(content, Code)
    assert (content.rules.timeout, content.rules.memory) == (3.0, 64)


@pytest.mark.parametrize(
    ("section", "place", "words"),
    [
        (code("forbd='x'"), "c.md:5:20", "did you mean `forbid`?"),
        (code("lines=many"), "c.md:5:20", "whole number"),
        (code("lines"), "c.md:5:20", "needs a value"),
        (code("grad=yes"), "c.md:5:20", "takes no value"),
        (code("timeout=0"), "c.md:5:20", "above 0"),
        (code("device=tpu"), "c.md:5:20", "`cpu` or `cuda`"),
        (code("entry=1x"), "c.md:5:20", "name of a function"),
        (code("exact exact"), "c.md:5:20", "twice"),
        (code('forbid="x'), "c.md:5:20", "makes no sense"),
        (code("entry=g", CASES), "c.md:5:20", "defines no such name"),
        (code(rest=CASES + TEST), "c.md:14:1", "`cases` (line 10) and `test`"),
        (code(rest="\n```python cases\nf(1)\n```"), "c.md:10:1", "yields nothing"),
        (code(rest="\n```python cases x=1\nyield 1\n```"), "c.md:10:17", "takes no attributes"),
        (code(rest="\n```python test\nassert f\n```"), "c.md:10:1", "def test_"),
        (code(rest="\n```python cases\nyield (\n```"), "c.md:11:7", "not Python"),
        (code(rest="\n```python solution\nx\n```"), "c.md:10:1", "a second `solution` fence"),
        (f"## Q?\n{CASES}", "c.md:5:1", "without a `python solution`"),
        ("## Q?\n\n```python starter\nx\n```", "c.md:5:1", "without a `python solution`"),
        ("## Q?\n\n```python setup\nx\n```", "c.md:5:1", "without a program"),
        ("## Q?\n\n```python solution\n```", "c.md:5:1", "empty `solution` fence"),
        (f"## Q?\n\n```python solution\nx = 1\n```\n{CASES}", "c.md:5:1", "no function or class"),
        ("## Q?\n\n```python soluton\nx\n```", "c.md:5:11", "did you mean `solution`?"),
        ("## Q?\n\n```py solution\nx\n```", "c.md:5:1", "write `python solution`"),
        ("## Q?\n\n```solution\nx\n```", "c.md:5:1", "write `python solution`"),
        ("## Q?\n\n```python grad solution\nx\n```", "c.md:5:11", "the role comes first"),
        ("## Q?\n\n```python predict grad\nx\n```", "c.md:5:19", "unknown attribute `grad`"),
        ("## Q?\n\n```python predict\nprint(\n```", "c.md:6:6", "not Python"),
    ],
)
def test_what_is_wrong_with_a_program(section: str, place: str, words: str) -> None:
    found = findings(f"# T\n\n{section}\n")
    assert any(one.startswith(f"{place}: ") and words in one for one in found), found
    concept = parse(f"# T\n\n{section}\n\n## Other?\n\nA.\n").concept
    assert concept is not None
    assert [question.heading for question in concept.questions] == ["Other?"]


def test_doubtful_fences_are_told_and_shown() -> None:
    text = "# T\n\n## Q?\n\n```python console\nx\n```\n"
    assert findings(text) == []
    assert "unknown role `console`" in findings(text, Severity.WARNING)[0]
    starter = (
        f"# T\n\n{code(rest=chr(10) + '```python starter' + chr(10) + 'def f(' + chr(10) + '```')}"
    )
    assert findings(starter) == []
    assert "starter" in findings(starter, Severity.WARNING)[0]


def test_a_program_with_an_invalid_escape_is_still_a_program() -> None:
    assert one('## Q?\n\n```python predict\nprint("\\d")\n```').kind is Kind.PREDICT


@pytest.mark.parametrize(
    "source", ["(" * 5000, "-" * 100_000 + "1", "a." * 50_000 + "b", "x = '\0'"]
)
def test_a_monstrous_program_is_an_error_and_nothing_more(source: str) -> None:
    found = parse(f"# T\n\n## Q?\n\n```python predict\n{source}\n```\n\n## R?\n\nA.\n")
    assert found.concept is not None
    assert found.concept.questions[-1].heading == "R?"


# Hints and kinds


def test_hints_are_taken_out_in_order() -> None:
    question = one(
        "## Q?\n\n> [!TIP]\n> First\n> line.\n\nBody.\n\n> [!tip]\n> `second`\n\n"
        "> [!NOTE]\n> stays\n\n---\n\nA.\n\n> [!TIP]\n> third"
    )
    assert question.hints == ("First\nline.", "`second`", "third")
    assert question.body == "Body.\n\n> [!NOTE]\n> stays"
    assert question.content == Recall("A.")


@pytest.mark.parametrize("written", ["[!HINT]", "[!hint]- ", "[!tip]+"])
def test_hints_are_taken_as_obsidian_writes_them(written: str) -> None:
    assert one(f"## Q?\n\n> {written}\n> Fold it.\n\nA.").hints == ("Fold it.",)


def test_an_empty_hint_is_told() -> None:
    assert "hint is empty" in findings("# T\n\n## Q?\n\n> [!TIP]\n\nA.\n", Severity.WARNING)[0]


@pytest.mark.parametrize(
    "body",
    [
        "- [x] a\n\n```answer\na\n```",
        "{{c1::a}}\n\n- [x] a",
        "```answer\na\n```\n\n```python solution\nx = 1\n```",
        "```python predict\nx\n```\n\n```python solution\nx = 1\n```",
        "```python predict\nx\n```\n\n```python starter\nx = 1\n```",
    ],
)
def test_two_kinds_in_one_section_are_an_error(body: str) -> None:
    (finding,) = findings(f"# T\n\n## Q?\n\n{body}\n")
    assert finding.startswith("c.md:3:1: two kinds of question in one section")


def test_all_errors_are_told_in_one_run_and_other_questions_stay() -> None:
    text = (
        "---\nfoo: 1\n---\n\n# T\n\n## A? {.x}\n\na\n\n## B?\n\n- [ ] b\n\n## C?\n\nc\n\n"
        "## D?\n\n```python soluton\n```\n"
    )
    parsed = parse(text)
    assert [finding.place.line for finding in parsed.findings] == [2, 7, 13, 21]
    assert parsed.concept is not None
    assert [question.heading for question in parsed.concept.questions] == ["C?"]


def test_a_finding_quotes_its_line_with_a_mark_below() -> None:
    (finding,) = parse("# T\n\n## Q? {.x}\n\na\n").findings
    text = str(finding)
    assert text.startswith("c.md:3:8: error: unknown attribute `.x`: known: ")
    assert text.endswith("\n    ## Q? {.x}\n           ^")
