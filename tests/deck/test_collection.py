"""A folder of cards: which files count, what is checked across them, translations, reloading."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from quiz.deck.collection import Collection, find_concepts, load, reload
from quiz.errors import CardError
from quiz.model.finding import Severity
from quiz.model.question import Code, Recall

CARD = "# T\n\n## Q?\n\nA.\n"


def write(root: Path, **files: str) -> None:
    """Files by path; `__` in a name stands for a slash, `_md` at its end for `.md`."""
    for name, text in files.items():
        put(root, name.replace("__", "/").removesuffix("_md") + ".md", text)


def put(root: Path, path: str, text: str = CARD) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def names(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in find_concepts(root)]


def errors(collection: Collection) -> list[str]:
    found = collection.findings
    return [f"{one.place}: {one.message}" for one in found if one.severity is Severity.ERROR]


# Files


def test_which_files_are_concepts(tmp_path: Path) -> None:
    for path in [
        "b.md", "a/z.md", "a/B c.md", "README.md", "a/README.md", "_draft.md", ".hidden.md",
        "_x/a.md", ".git/a.md", "a/_y/b.md", "notes.txt", "a/b.markdown", "UPPER.md", ".md",
    ]:  # fmt: skip
        put(tmp_path, path)
    assert names(tmp_path) == ["UPPER.md", "a/B c.md", "a/z.md", "b.md"]


def test_ignore_rules_are_honoured_at_every_level(tmp_path: Path) -> None:
    for path in ["keep.md", "drop.md", "out/a.md", "a/drop.md", "a/x.md", "a/b/x.md", "a/b/y.md"]:
        put(tmp_path, path)
    put(tmp_path, ".gitignore", "drop.md\nout/\n")
    put(tmp_path, "a/.gitignore", "!drop.md\n/x.md\n")
    put(tmp_path, "a/b/.gitignore", "y.md\n")
    assert names(tmp_path) == ["a/b/x.md", "a/drop.md", "keep.md"]


def test_links_are_followed_and_loops_are_harmless(tmp_path: Path) -> None:
    put(tmp_path, "a/x.md")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a")
    elsewhere = put(tmp_path.parent / f"{tmp_path.name}-other", "y.md").parent
    (tmp_path / "linked").symlink_to(elsewhere)
    assert names(tmp_path) == ["a/x.md", "linked/y.md"]


def test_names_in_any_unicode_form_make_one_id(tmp_path: Path) -> None:
    put(
        tmp_path,
        f"{unicodedata.normalize('NFD', '덱')}/{unicodedata.normalize('NFD', '정규화')}.md",
    )
    collection = load(tmp_path)
    assert list(collection.questions) == ["덱/정규화#q"]
    assert collection.decks == ("덱",)


def test_a_name_that_would_break_an_id_is_an_error(tmp_path: Path) -> None:
    put(tmp_path, "c#.md")
    put(tmp_path, "ok.md")
    collection = load(tmp_path)
    assert list(collection.concepts) == ["ok"]
    assert "may hold no `#`" in errors(collection)[0]


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="quiz init"):
        load(tmp_path / "none")
    with pytest.raises(CardError, match="not a folder"):
        load(put(tmp_path, "file.md"))


def test_an_empty_folder_is_an_empty_collection(tmp_path: Path) -> None:
    collection = load(tmp_path)
    assert (dict(collection.concepts), collection.findings, collection.decks) == ({}, (), ())
    assert collection.config.name == tmp_path.name


def test_a_file_that_cannot_be_read_is_a_finding_and_the_rest_stays(tmp_path: Path) -> None:
    put(tmp_path, "good.md")
    (tmp_path / "bad.md").symlink_to(tmp_path / "nowhere")
    collection = load(tmp_path)
    assert list(collection.concepts) == ["good"]
    assert "bad.md:1:1: cannot be read" in errors(collection)[0]
    assert collection.broken == {"bad"}


def test_a_name_that_is_no_text_and_a_link_to_itself_are_told(tmp_path: Path) -> None:
    write(tmp_path, b=CARD)
    (tmp_path / os.fsdecode(b"\xff.md")).write_text(CARD)
    (tmp_path / "a.md").symlink_to("a.md")
    collection = load(tmp_path)
    assert [message.partition(".md:")[2].encode()[:24] for message in errors(collection)] == [
        b"1:1: cannot be read: Too", b"1:1: the name of this ca",
    ]  # fmt: skip
    assert list(collection.questions) == ["b#q"]
    collection = reload(collection, [tmp_path / "a.md"])
    assert list(collection.questions) == ["b#q"]


def test_a_pipe_is_told_and_not_waited_for(tmp_path: Path) -> None:
    write(tmp_path, b=CARD)
    os.mkfifo(tmp_path / "a.md")
    collection = load(tmp_path)
    (error,) = errors(collection)
    assert "a.md:1:1: is no file that can be read" in error
    assert list(collection.concepts) == ["b"]


def test_paths_are_relative_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "cards/a/x.md", "no title")
    monkeypatch.chdir(tmp_path)
    for root in (Path("cards"), tmp_path / "cards"):
        assert errors(load(root))[0].startswith(f"cards{os.sep}a{os.sep}x.md:1:1: no title")
    monkeypatch.chdir(tmp_path / "cards")
    assert errors(load(Path()))[0].startswith(f"a{os.sep}x.md:1:1: no title")


# What is in it


def test_questions_decks_and_settings(tmp_path: Path) -> None:
    write(tmp_path, b=CARD, a__y=CARD, a__x__z=CARD)
    (tmp_path / "quiz.toml").write_text('name = "n"\ntimeout = 2\n[decks."nope"]\n')
    collection = load(tmp_path)
    assert list(collection.questions) == ["a/x/z#q", "a/y#q", "b#q"]
    assert collection.decks == ("", "a", "a/x")
    assert collection.config.name == "n"
    assert [finding.severity for finding in collection.findings] == [Severity.WARNING]
    assert '[decks."nope"]' in collection.findings[0].message


def test_findings_of_all_files_come_in_one_run(tmp_path: Path) -> None:
    write(tmp_path, a="# T\n\n## Q? {.x}\n\nA.\n", b="x", c=CARD)
    collection = load(tmp_path)
    assert [finding.place.line for finding in collection.findings] == [3, 1]
    assert collection.broken == {"a", "b"}
    assert list(collection.questions) == ["c#q"]


def test_a_picture_that_does_not_exist_is_told(tmp_path: Path) -> None:
    put(tmp_path, "img/a b.png", "x")
    put(tmp_path, "c.md", "# T\n\n## Q?\n\n![ok](img/a%20b.png) ![w](https://x/y.png)\n`![c](d)`\n"
                          "\n![no](img/b.png)\n")  # fmt: skip
    (finding,) = load(tmp_path).findings
    assert finding.severity is Severity.WARNING
    assert (finding.place.line, finding.place.column) == (8, 1)
    assert "`img/b.png`" in finding.message


# Requirements


def needing(*concepts: str) -> str:
    return f"---\nrequires: [{', '.join(concepts)}]\n---\n{CARD}"


def test_an_unknown_requirement_names_the_nearest_concept(tmp_path: Path) -> None:
    write(tmp_path, a__broadcasting=CARD, b=needing("a/broadcastng"))
    (error,) = errors(load(tmp_path))
    assert error.endswith("b.md:2:12: no concept `a/broadcastng`: did you mean `a/broadcasting`?")


def test_every_requirement_is_told_at_its_place_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, a="---\nrequires:\n  - b/x\n  - no\n---\n" + CARD, b__c=needing("no", "no"))
    places = [(one.place.line, one.place.column) for one in load(tmp_path).findings]
    assert places == [(3, 5), (4, 5), (2, 12), (2, 16)]
    assert load(tmp_path).findings[0].source == "  - b/x"


@pytest.mark.parametrize("wrong", ["b", "./b", "a/b.md", "/a/b", "../a/b", "B", "x/b"])
def test_a_requirement_by_another_path_is_told_the_right_one(tmp_path: Path, wrong: str) -> None:
    write(tmp_path, a__b=CARD, a__c=needing(wrong))
    (error,) = errors(load(tmp_path))
    assert error.endswith(f"no concept `{wrong}`: did you mean `a/b`?")


def test_a_circle_is_told_once_and_opened(tmp_path: Path) -> None:
    write(tmp_path, a=needing("b", "d"), b=needing("c"), c=needing("a"), d=CARD, e=needing("e"))
    collection = load(tmp_path)
    first, second = errors(collection)
    assert "none can begin: a, b, c" in first
    assert "none can begin: e" in second
    assert {name: concept.requires for name, concept in collection.concepts.items()} == {
        "a": ("d",), "b": (), "c": (), "d": (), "e": (),
    }  # fmt: skip


def test_a_deck_without_cards_is_told_at_its_heading(tmp_path: Path) -> None:
    write(tmp_path, a__b=CARD)
    put(tmp_path, "quiz.toml", 'name = "x"\n\n[decks."b/"]\norder = "due"\n')
    (warning,) = load(tmp_path).findings
    assert (warning.place.line, warning.place.column) == (3, 1)
    assert warning.source == '[decks."b/"]'


# Translations

BASE = """\
---
tags: [t]
---
# Not equal

## What does it do? {#what}

It compares.

## Write it.

```python starter
def f(a):
    ...
```

```python solution lines=3
def f(a):
    return a
```

```python cases
yield 1
```

## Fill {{c1::this}} and {{c2::that}}

## Which dtype?

```answer
torch.bool
```
"""
KOREAN = """\
# 같지 않음

노트.

## 무엇을 하는가? {#what}

비교한다.

## 작성하라.

> [!TIP]
> 힌트

```python starter
def f(a):
    # 여기에
    ...
```

## {{c1::이것}}과 {{c2::저것}}

## dtype은?
"""


def test_a_translation_shares_ids_and_takes_the_fences_it_leaves_out(tmp_path: Path) -> None:
    put(tmp_path, "ne.md", BASE)
    put(tmp_path, "ne.ko.md", KOREAN)
    collection = load(tmp_path)
    assert collection.findings == ()
    base = collection.concepts["ne"]
    korean = base.in_language("ko")
    assert korean is not base
    assert (korean.title, korean.note, korean.tags) == ("같지 않음", "노트.", ("t",))
    assert [question.id for question in korean.questions] == list(collection.questions)
    code = collection.shown("ne#write-it", "ko")
    assert (code.heading, code.hints) == ("작성하라.", ("힌트",))
    assert isinstance(code.content, Code)
    original = collection.questions["ne#write-it"].content
    assert isinstance(original, Code)
    assert code.content.solution == original.solution
    assert code.content.cases == original.cases
    assert code.content.rules == original.rules
    assert code.content.starter is not None
    assert "여기에" in code.content.starter.text
    assert collection.shown("ne#what").heading == "What does it do?"
    assert collection.shown("ne#what", "fr").heading == "What does it do?"
    with pytest.raises(KeyError):
        collection.shown("ne#gone")


def test_the_collections_language_is_shown_unless_another_is_asked_for(tmp_path: Path) -> None:
    put(tmp_path, "ne.md", BASE)
    put(tmp_path, "ne.ko.md", KOREAN)
    (tmp_path / "quiz.toml").write_text('language = "ko"\n')
    assert load(tmp_path).shown("ne#what").heading == "무엇을 하는가?"


def test_a_name_with_a_dot_is_a_translation_only_beside_its_base(tmp_path: Path) -> None:
    write(tmp_path, **{"torch.ne": CARD, "x": CARD, "x.ko": CARD, "x.korean": CARD})
    assert list(load(tmp_path).concepts) == ["torch.ne", "x", "x.korean"]
    assert names(tmp_path) == ["torch.ne.md", "x.md", "x.korean.md"]


def test_a_translation_without_its_base_is_told_where_the_collection_has_that_language(
    tmp_path: Path,
) -> None:
    write(tmp_path, **{"torch.ne": CARD, "x": CARD, "x.ko": CARD, "y.ko": CARD})
    (warning,) = load(tmp_path).findings
    assert warning.place.path.endswith("y.ko.md")
    assert "without `y.md` beside it" in warning.message


def test_a_translated_readme_is_no_concept(tmp_path: Path) -> None:
    write(tmp_path, **{"README": CARD, "README.ko": CARD, "a__README.ko": CARD})
    assert list(load(tmp_path).concepts) == ["a/README.ko"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("## dtype은?\n", "", "the base file has 4 questions and this one 3"),
        ("{#what}", "{#was}", "use the same id"),
        ("비교한다.", "- [x] a\n- [ ] b", "a choice question here and a recall question"),
        ("{{c2::저것}}", "저것", "c1 here and c1, c2"),
    ],
)
def test_a_translation_that_drifted_is_told_and_the_base_shown(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    put(tmp_path, "ne.md", BASE)
    put(tmp_path, "ne.ko.md", KOREAN.replace(old, new))
    collection = load(tmp_path)
    (error,) = errors(collection)
    assert "ne.ko.md" in error
    assert words in error
    assert collection.concepts["ne"].translations == {}
    assert collection.shown("ne#what", "ko").heading == "What does it do?"
    assert collection.broken == frozenset()


def test_options_must_be_correct_in_the_same_places(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "# T\n\n## Q?\n\n- [x] a\n- [ ] b\n")
    put(tmp_path, "a.ko.md", "# T\n\n## Q?\n\n- [ ] 나\n- [x] 가\n")
    assert "other options are correct" in errors(load(tmp_path))[0]


def test_one_broken_question_of_a_translation_reads_as_in_the_base(tmp_path: Path) -> None:
    put(tmp_path, "ne.md", BASE)
    put(tmp_path, "ne.ko.md", KOREAN.replace("{#what}", "{#what .x}"))
    collection = load(tmp_path)
    assert len(errors(collection)) == 1
    assert collection.shown("ne#what", "ko").heading == "What does it do?"
    assert collection.shown("ne#write-it", "ko").heading == "작성하라."


# Reloading


def test_only_what_was_saved_is_read_again(tmp_path: Path) -> None:
    write(tmp_path, a=CARD, b=CARD)
    before = load(tmp_path)
    put(tmp_path, "b.md", CARD.replace("A.", "Another."))
    after = reload(before, [tmp_path / "b.md"])
    assert after.concepts["a"] is before.concepts["a"]
    assert after.questions["b#q"].content == Recall("Another.")
    assert before.questions["b#q"].content == Recall("A.")


def test_a_save_of_the_same_size_and_time_is_seen_all_the_same(tmp_path: Path) -> None:
    file = put(tmp_path, "a.md")
    before = load(tmp_path)
    status = file.stat()
    put(tmp_path, "a.md", CARD.replace("A.", "B."))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert reload(before).questions["a#q"].content == Recall("B.")
    assert reload(before, [file]).questions["a#q"].content == Recall("B.")


def test_files_that_came_and_went_and_new_settings_are_seen(tmp_path: Path) -> None:
    write(tmp_path, a=CARD, b=BASE)
    before = load(tmp_path)
    (tmp_path / "a.md").unlink()
    put(tmp_path, "c.md")
    (tmp_path / "quiz.toml").write_text("timeout = 4\n")
    after = reload(before, [tmp_path / "a.md"])
    assert list(after.concepts) == ["b", "c"]
    content = after.questions["b#write-it"].content
    assert isinstance(content, Code)
    assert content.rules.timeout == 4.0


def test_a_broken_question_of_the_base_leaves_the_translation_of_the_others(
    tmp_path: Path,
) -> None:
    put(tmp_path, "a.md", "# T\n\n## Broken\n\n```answer\n```\n\n## Sound\n\nYes.\n")
    put(tmp_path, "a.ko.md", "# T\n\n## 하나\n\n```answer\n예\n```\n\n## 둘\n\n그렇다.\n")
    collection = load(tmp_path)
    assert len(errors(collection)) == 1
    assert collection.shown("a#sound", "ko").heading == "둘"


def test_a_translation_is_read_again_when_its_base_changes(tmp_path: Path) -> None:
    base = put(tmp_path, "ne.md", BASE)
    put(tmp_path, "ne.ko.md", KOREAN)
    before = load(tmp_path)
    put(tmp_path, "ne.md", BASE.replace("return a", "return +a"))
    content = reload(before, [base]).shown("ne#write-it", "ko").content
    assert isinstance(content, Code)
    assert "+a" in content.solution.text
