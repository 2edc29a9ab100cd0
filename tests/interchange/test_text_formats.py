"""hashcards, Obsidian, ordinary notes and tables become cards that read as they were meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from quiz.errors import ImportFormatError
from quiz.model.question import Cloze, Kind, Question, Recall
from quiz.study.importing import ImportedCards, import_cards
from quiz.study.library import Library
from tests.interchange.reading_back import shown

Imported = Callable[..., tuple[ImportedCards, list[Question]]]


@pytest.fixture
def imported(library: Library, tmp_path: Path) -> Imported:
    """Imports a text as a file of that name: what came of it, and the questions by file order."""

    def run(
        text: str, name: str = "deck.md", into: str | None = None, format_: str | None = None
    ) -> tuple[ImportedCards, list[Question]]:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8", newline="")
        done = import_cards(library, path, into=into, format_=format_)
        assert not library.errors
        return done, list(library.collection.questions.values())

    return run


def answer(question: Question) -> str:
    assert isinstance(question.content, Recall)
    return question.content.answer


def gaps(question: Question) -> list[tuple[str, str]]:
    assert isinstance(question.content, Cloze)
    return [(gap.answer, gap.hint) for gap in question.content.gaps]


def reasons(done: ImportedCards) -> str:
    return "\n".join(map(str, done.left_out))


# hashcards

HASHCARDS = r"""---
name = "Cell Biology"
---

Ignored words above.

Q: What is a *cell*?
It has several lines,

and paragraphs.
A: The unit of life.

- with a list
- of items

```python
Q: not a question
A: nor an answer
x = [1, 2]
---
```
<!-- a comment
Q: hidden
-->
---
C: The [mitochondrion] is the \[power\] house, `x[0]` is code, ![alt [x]](cell.png) and [a::b {c}].
C: Two lines,
the [second].
Q: no answer
Q: What is $[0, 1]$?
A: An interval.
"""


def test_hashcards_are_read_as_hashcards_reads_them(imported: Imported, tmp_path: Path) -> None:
    (tmp_path / "cell.png").write_bytes(b"PNG")
    done, questions = imported(HASHCARDS)
    assert done.format == "hashcards"
    by_heading = {q.heading: q for q in questions}
    first = by_heading["What is a *cell*? It has several lines,"]
    assert first.deck == "deck/cell-biology"
    assert first.body == "and paragraphs."
    assert "Q: not a question\nA: nor an answer\nx = [1, 2]\n---" in answer(first)
    assert "comment" not in answer(first)
    assert answer(by_heading["What is $[0, 1]$?"]) == "An interval."
    clozes = [q for q in questions if isinstance(q.content, Cloze)]
    assert [gaps(q) for q in clozes if "house" in q.heading] == [
        [("mitochondrion", "")], [(r"a:\:b \{c\}", "")]
    ]  # fmt: skip
    text = next(q for q in clozes if "[…] is the" in q.heading)
    assert shown(text.prompt).startswith("The […] is the [power] house, <code_inline>x[0] is code,")
    assert "![alt [x]](_media/cell.png)" in text.heading
    assert (tmp_path / "mine" / "deck" / "cell-biology" / "_media" / "cell.png").is_file()
    assert "deck.md:5: text that belongs to no card" in reasons(done)
    assert "a `Q:` without an `A:`" in reasons(done)


def test_equal_hashcards_are_one_card(imported: Imported) -> None:
    done, questions = imported("Q: a\nA: b\n\nQ: a\nA: b\n")
    assert len(questions) == 1
    assert "the same card as on line 1" in reasons(done)


# Obsidian

OBSIDIAN = """---
tags: [flashcards/science, biology]
---
# Cells

Just a paragraph.

What is a cell?::The unit of *life* <!--SR:!2023-11-24,1,230-->
- hello:::bonjour

Multi-line
question
?
the answer
with a fence

```cpp
std::vector<int> x;

int y;
```

Both ways
??
asked

The ==powerhouse== of the cell is the ==mito::chondrion==, not `a==b==c`.

`std::vector` is code, and [[Note|a link]] :: works
"""


def test_obsidian_notes_are_read_as_the_plugin_reads_them(imported: Imported) -> None:
    done, questions = imported(OBSIDIAN)
    assert done.format == "obsidian"
    by_heading = {q.heading: q for q in questions}
    assert answer(by_heading["What is a cell?"]) == "The unit of *life*"
    assert by_heading["What is a cell?"].tags == ("biology",)
    assert by_heading["What is a cell?"].deck == "deck/science"
    assert answer(by_heading["hello"]) == "bonjour"
    assert by_heading["bonjour"].id == by_heading["hello"].id + "/reversed"
    assert answer(by_heading["Multi-line question"]) == "the answer\nwith a fence"
    assert by_heading["asked"].id == by_heading["Both ways"].id + "/reversed"
    clozes = [q for q in questions if isinstance(q.content, Cloze)]
    assert [gaps(q) for q in clozes] == [[("powerhouse", "")], [(r"mito:\:chondrion", "")]]
    assert "`a==b==c`" in clozes[0].heading
    assert answer(by_heading["`std::vector` is code, and a link"]) == "works"
    assert "hold no card" in reasons(done)
    assert "SR" not in "".join(q.prompt for q in questions)


def test_lines_of_one_obsidian_paragraph_are_cards_each_by_itself(imported: Imported) -> None:
    done, questions = imported(
        "Apple::Fruit\nTwo::Three\nWhat is\nthis\n?\nThat: `a::b`\nand x::y\n\n"
        "A ==gap== here\n- one::1\nsome text\n- two::2\n\n| a::b | c |\n|---|---|\n\nlonely\n??\n"
    )
    by_heading = {question.heading: question for question in questions}
    assert set(by_heading) == {"Apple", "Two", "What is this", "A […] here", "one", "two"}
    assert answer(by_heading["What is this"]) == "That: `a::b`\nand x::y"
    told = reasons(done)
    assert "deck.md:11: text that belongs to no card" in told
    assert "1 paragraphs that hold no card" in told
    assert "deck.md:18: a `??` without" in told


# Headings


def test_each_heading_of_a_note_is_a_question(imported: Imported) -> None:
    done, questions = imported(
        "---\ntags: [torch]\n---\n# Broadcasting\n\nA note.\n\n## What is it?\n\nSizes.\n\n"
        "- [ ] a task\n\n---\n\nmore\n\n### Deeper {x}\n\n```python solution\n# no heading\n```\n\n"
        "## Empty\n\n## What is it?\n\nAgain.\n\nSetext\n------\n\n> [!TIP]\n> no hint\n",
        "my notes.md",
    )
    assert done.format == "headings"
    assert [q.heading for q in questions] == ["What is it?", "Deeper {x}", "What is it?", "Setext"]
    assert {q.concept for q in questions} == {"broadcasting"}
    assert {q.tags for q in questions} == {("torch",)}
    assert answer(questions[0]) == "Sizes.\n\n- \\[ ] a task\n\n---\n\nmore"
    assert "# no heading" in answer(questions[1])
    assert "no hint" in answer(questions[3])
    assert not questions[3].hints
    assert "a heading with nothing below it" in reasons(done)


def test_the_format_may_be_said(imported: Imported) -> None:
    text = "# T\n\n## a::b\n\nanswer\n"
    done, questions = imported(text, format_="headings")
    assert (done.format, questions[0].heading) == ("headings", "a::b")


def test_a_text_without_cards_is_refused(
    imported: Imported, library: Library, tmp_path: Path
) -> None:
    with pytest.raises(ImportFormatError, match="no cards were recognised"):
        imported("nothing of the kind\n")
    latin = tmp_path / "latin.md"
    latin.write_bytes("## é\n".encode("latin-1"))
    with pytest.raises(ImportFormatError, match="not UTF-8"):
        import_cards(library, latin)
    with pytest.raises(ImportFormatError, match="No such file"):
        import_cards(library, tmp_path / "gone.md")


# Tables


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.csv", 'front,back,tags\n"What, exactly?","two\nlines",a b\n# x,- y,\n'),
        ("t.csv", '"What, exactly?","two\nlines",a b\n# x,- y,\n'),
        ("t.csv", 'Tags;Answer;Question\r\na b;"two\nlines";What, exactly?\r\n;- y;# x\r\n'),
        ("t.tsv", 'What, exactly?\t"two\nlines"\ta b\n# x\t- y\n'),
        (
            "t.txt",
            "#separator:tab\n#html:false\n#tags column:1\n"
            'a b\tWhat, exactly?\t"two\nlines"\n\t# x\t- y\n',
        ),
    ],
)  # fmt: skip
def test_tables_have_a_front_a_back_and_tags(imported: Imported, name: str, text: str) -> None:
    done, questions = imported(text, name)
    assert (done.format, done.folder, done.left_out) == ("table", "t", ())
    by_heading = {q.heading: q for q in questions}
    first = by_heading["What, exactly?"]
    assert answer(first) == "two\nlines"
    assert first.tags == ("a", "b")
    assert len(questions) == 2


def test_rows_that_are_no_card_are_listed(imported: Imported) -> None:
    done, questions = imported('a,b\nalone\n,c\na,b\n{{c1::x}} y,\n"bad"quote,c\n', "t.csv")
    assert len(questions) == 2
    told = reasons(done)
    assert "t.csv:2: nothing on its back" in told
    assert "t.csv:3: nothing on its front" in told
    assert "t.csv:4: the same card" in told
    assert "not CSV" in told


def test_an_anki_text_export_with_html_is_converted(imported: Imported) -> None:
    _, questions = imported("#separator:tab\n#html:true\n<b>q</b> *\ta<br>b\n", "t.txt")
    assert questions[0].heading == r"**q** \*"
    assert answer(questions[0]) == "a\\\nb"


NOTES = """\
#separator:tab
#html:true
#guid column:1
#notetype column:2
#deck column:3
#tags column:7
a{]1\tBasic\tLang::Py\tFront <i>1</i>\tBack 1\t\tt u
b\tCloze\tLang\tThe {{c1::gap}} here\t\t\t
c\tBasic (and reversed card)\tLang\tFront 3\tBack 3\t\t
d\tBasic (optional reversed card)\tLang\tFront 4\tBack 4\ty\t
e\tBasic (optional reversed card)\tLang\tFront 5\tBack 5\t\t
f\tBasic (type in the answer)\tLang\tFront 6\tBack&nbsp;6\t\t
g\tBasic\tLang\t<img src="x.png"> 7\tBack 7\tMore\t
"""


def test_an_anki_text_export_says_of_each_note_what_it_is(imported: Imported) -> None:
    done, questions = imported(NOTES, "notes.txt")
    ids = {question.heading: question.id for question in questions}
    assert ids["Front *1*"].startswith("notes/lang/py/front-1#")
    assert [q.id.partition("/reversed")[1] for q in questions if "3" in q.prompt] == [
        "", "/reversed",
    ]  # fmt: skip
    assert sum("4" in q.prompt for q in questions) == 2
    assert sum("5" in q.prompt for q in questions) == 1
    kinds = {question.heading: question.kind for question in questions}
    assert (kinds["The […] here"], kinds["Front 6"]) == (Kind.CLOZE, Kind.TYPED)
    told = reasons(done)
    assert "notes.txt:13: the file `x.png` does not come with a table" in told
    assert "notes.txt:13: a column that has no place in a card is left out: More" in told
    assert len(done.left_out) == 2


def test_importing_a_text_twice_changes_nothing(imported: Imported) -> None:
    first, questions = imported("Q: a\nA: b\n\nC: [x] y\n")
    second, again = imported("Q: a\nA: b\n\nC: [x] y\n")
    assert (first.written, second.written) == (2, 0)
    assert questions == again


def test_pictures_outside_of_the_folder_are_left_out(imported: Imported, tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    (tmp_path / "out.png").write_bytes(b"secret")
    done, questions = imported("Q: ![](../out.png) what?\nA: ![](gone.png)\n", "cards/d.md")
    assert done.written == len(questions) == 1
    assert "not in the folder of the cards" in reasons(done)
    assert "`gone.png` is missing" in reasons(done)
