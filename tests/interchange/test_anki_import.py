"""Anki packages of both layouts become cards with their history, and a second time nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from quiz.errors import ImportFormatError
from quiz.model.question import Cloze, Kind, Question, Recall, Typed
from quiz.model.review import Action, ActionKind, Rating, Review, ReviewKind, State
from quiz.schedule.replay import standing_of
from quiz.study.importing import ImportedCards, import_cards
from quiz.study.library import Library
from tests.interchange.packages import (
    BASIC,
    CLOZE,
    ODD,
    OPTIONAL,
    REVERSED,
    TYPED,
    Card,
    Note,
    new_package,
    old_package,
)
from tests.interchange.reading_back import shown

DAY = 86_400_000
BEGIN = 1_748_779_200_000  # 2025-06-01 12:00 UTC

Build = Callable[..., Path]


def _anki21(path: Path, notes: list[Note], media: dict[str, bytes] | None = None) -> Path:
    return old_package(path, notes, media, member="collection.anki21")


@pytest.fixture(params=[old_package, _anki21, new_package], ids=["anki2", "anki21", "anki21b"])
def build(request: pytest.FixtureRequest) -> Build:
    """Each layout in turn."""
    made: Build = request.param
    return made


def reasons(done: ImportedCards) -> str:
    return "\n".join(map(str, done.left_out))


def by_kind(library: Library, kind: Kind) -> list[Question]:
    return [q for q in library.collection.questions.values() if q.kind is kind]


def only(library: Library) -> Question:
    (question,) = library.collection.questions.values()
    return question


def entries(library: Library) -> list[Review | Action]:
    return list(library.ledger.history.entries())


def test_every_usual_note_type_becomes_its_kind(
    library: Library, tmp_path: Path, build: Build
) -> None:
    notes = [
        Note(BASIC, ("What is <b>2 + 2</b>?", "4"), "Maths::Sums", "easy sums::small"),
        Note(REVERSED, ("bonjour", "hello"), "French", cards=[Card(0), Card(1)]),
        Note(OPTIONAL, ("chat", "cat", "y"), "French", cards=[Card(0), Card(1)]),
        Note(OPTIONAL, ("chien", "dog", ""), "French", cards=[Card(0)]),
        Note(TYPED, ("Capital of France?", "<i>Paris</i>"), "Maths"),
        Note(CLOZE, ("{{c1::Ottawa::city}} is in {{c2::Canada}}.", "Since 1857."), "Geo",
             cards=[Card(0), Card(1)]),
    ]  # fmt: skip
    done = import_cards(library, build(tmp_path / "mine.apkg", notes))
    assert not library.findings
    assert (done.concepts, done.questions, done.left_out) == (6, 9, ())
    recall = {q.heading: q for q in by_kind(library, Kind.RECALL)}
    assert set(recall) == {
        "What is **2 + 2**?", "bonjour", "hello", "chat", "cat", "chien"
    }  # fmt: skip
    sums = recall["What is **2 + 2**?"]
    assert sums.deck == "mine/maths/sums"
    assert sums.tags == ("easy", "sums::small")
    assert recall["hello"].id == recall["bonjour"].id + "/reversed"
    (typed,) = by_kind(library, Kind.TYPED)
    assert isinstance(typed.content, Typed)
    assert typed.content.accepted == ("Paris",)
    first, second = by_kind(library, Kind.CLOZE)
    assert isinstance(first.content, Cloze)
    assert first.heading == "[city] is in Canada."
    assert first.content.gaps[0].hint == "city"
    assert second.heading == "Ottawa is in […]."
    assert first.explanation == "Since 1857."


def test_an_unusual_note_type_is_asked_by_its_templates(
    library: Library, tmp_path: Path, build: Build
) -> None:
    note = Note(ODD, ("犬", "いぬ", "dog", '<img src="dog.png">'), cards=[Card(0), Card(1)])
    done = import_cards(library, build(tmp_path / "p.apkg", [note], {"dog.png": b"\x89PNG"}))
    first, second = library.collection.questions.values()
    assert shown(first.prompt) == "犬 いぬ"
    assert isinstance(first.content, Recall)
    assert "dog" in first.content.answer
    assert second.heading == "Which word means dog?"
    assert done.written == 2
    picture = Path(first.place.path).parent / "_media" / "dog.png"
    assert picture.read_bytes() == b"\x89PNG"
    assert "![](_media/dog.png)" in first.content.answer


def test_code_lists_tables_formulas_and_sounds_are_markdown(
    library: Library, tmp_path: Path, build: Build
) -> None:
    back = (
        '<pre><code class="language-python">def f(x):<br>    return "{{c1::x}}"</code></pre>'
        "<ul><li>one</li><li>two<ol><li>deep</li></ol></li></ul>"
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2|3</td></tr></table>"
        r"\(a &lt; b\) and \[\frac{a}{b}\] and [$]c[/$] for $5 [sound:call me.mp3]"
    )
    media = {"call me.mp3": b"ID3"}
    import_cards(library, build(tmp_path / "p.apkg", [Note(BASIC, ("q", back))], media))
    content = only(library).content
    assert isinstance(content, Recall)
    assert '```python\ndef f(x):\n    return "{{c1::x}}"\n```' in content.answer
    assert "- one\n- two\n  1. deep" in content.answer
    assert "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |" in content.answer
    assert r"$a < b$ and $$\frac{a}{b}$$ and $c$ for \$5" in content.answer
    assert "[call me.mp3](_media/call-me.mp3)" in content.answer
    assert not library.errors


def log(*lines: tuple[int, int, int, int]) -> list[tuple[int, int, int, int, int, int]]:
    """Lines of the log: day, ease, interval in days (or seconds below 0), type."""
    return [
        (BEGIN + day * DAY, ease, ivl, 2500, 4000 + day, type_) for day, ease, ivl, type_ in lines
    ]


def test_the_history_comes_along_and_is_replayed(
    library: Library, tmp_path: Path, build: Build
) -> None:
    card = Card(queue=2, revlog=log((0, 3, -600, 0), (1, 3, 2, 0), (3, 1, -600, 1), (4, 4, 9, 2)))
    done = import_cards(
        library, build(tmp_path / "p.apkg", [Note(BASIC, ("q", "a"), cards=[card])])
    )
    question = only(library).id
    logged = entries(library)
    assert done.reviews == done.added == 4
    assert [e.rating for e in logged if isinstance(e, Review)] == [
        Rating.GOOD, Rating.GOOD, Rating.AGAIN, Rating.EASY
    ]  # fmt: skip
    assert [e.duration for e in logged if isinstance(e, Review)] == [4000, 4001, 4003, 4004]
    assert logged[0].time == datetime(2025, 6, 1, 12, tzinfo=UTC)
    standing = library.standing(question)
    assert standing == standing_of(logged, library.ledger.scheduler(question), question)
    assert standing.memory is not None
    assert standing.memory.state is State.REVIEW
    assert standing.memory.reps == 4
    assert standing.memory.due_day == date(2025, 6, 14)  # as Anki had decided


def test_filtered_and_manual_entries_keep_their_meaning(
    library: Library, tmp_path: Path, build: Build
) -> None:
    lines = [
        (BEGIN, 3, 1, 2500, 100, 0),
        (BEGIN + DAY, 1, 0, 0, 100, 3),  # in a filtered deck that reschedules nothing
        (BEGIN + 2 * DAY, 3, 4, 2500, 100, 3),  # in one that does
        (BEGIN + 3 * DAY, 0, 30, 2500, 0, 4),  # a date set by hand
        (BEGIN + 4 * DAY, 0, 12, 2500, 0, 5),  # all intervals calculated anew
        (BEGIN + 5 * DAY, 0, 0, 0, 0, 4),  # reset
        (BEGIN + 6 * DAY, 9, 1, 2500, 0, 1),  # damaged
    ]
    note = Note(BASIC, ("q", "a"), cards=[Card(revlog=lines)])
    done = import_cards(library, build(tmp_path / "p.apkg", [note]))
    told = [
        e.kind.value if isinstance(e, Action) else f"{e.kind.value} {int(e.rating)}"
        for e in entries(library)
    ]
    assert told == ["review 3", "cram 1", "review 3", "set-due", "forget"]
    assert library.standing(only(library).id).memory is None
    assert "1 lines that hold no rating" in reasons(done)


def test_suspended_cards_are_suspended_and_others_are_not(
    library: Library, tmp_path: Path, build: Build
) -> None:
    lapses = [(day, 1 if day % 2 else 3, -600 if day % 2 else 1, 1) for day in range(1, 19)]
    notes = [
        Note(BASIC, ("leech", "a"), tags="leech", cards=[Card(queue=-1, revlog=log(*lapses))]),
        Note(BASIC, ("freed", "a"), tags="leech",
             cards=[Card(queue=2, revlog=[(t + 1, *rest) for t, *rest in log(*lapses)])]),  # type: ignore[misc]
        Note(BASIC, ("new and suspended", "a"), cards=[Card(queue=-1)]),
        Note(BASIC, ("buried", "a"), cards=[Card(queue=-2)]),
    ]  # fmt: skip
    import_cards(library, build(tmp_path / "p.apkg", notes))
    standing = {q.heading: library.standing(q.id) for q in library.collection.questions.values()}
    assert standing["leech"].suspended
    assert standing["leech"].leech
    assert not standing["freed"].suspended
    assert standing["new and suspended"].suspended
    assert not standing["buried"].suspended
    assert standing["buried"].buried_until is None


def test_importing_twice_changes_nothing(
    open_library: Callable[..., Library], tmp_path: Path, build: Build
) -> None:
    notes = [
        Note(BASIC, ("q", "a"), cards=[Card(queue=-1, revlog=log((0, 3, 1, 0), (2, 1, -60, 1)))]),
        Note(CLOZE, ("{{c1::x}}", ""), cards=[Card(revlog=log((1, 3, 1, 0)))]),
    ]
    package = build(tmp_path / "p.apkg", notes)
    first = open_library()
    import_cards(first, package)
    before = {p: p.read_bytes() for p in first.collection.root.rglob("*") if p.is_file()}
    logged = entries(first)
    for again in (first, open_library()):
        done = import_cards(again, package)
        assert (done.written, done.added, done.questions) == (0, 0, 2)
        assert entries(again) == logged
    assert before == {p: p.read_bytes() for p in first.collection.root.rglob("*") if p.is_file()}


def test_a_card_in_a_filtered_deck_lies_in_its_home(
    library: Library, tmp_path: Path, build: Build
) -> None:
    note = Note(BASIC, ("q", "a"), cards=[Card(deck="Filtered", home="Real::Home")])
    import_cards(library, build(tmp_path / "p.apkg", [note, Note(BASIC, ("r", "b"))]))
    assert "p/real/home" in {q.deck for q in library.collection.questions.values()}


def test_what_cannot_be_asked_is_listed_and_the_rest_is_imported(
    library: Library, tmp_path: Path, build: Build
) -> None:
    notes = [
        Note(BASIC, ("fine", "yes")),
        Note(BASIC, ("no answer", "")),
        Note(CLOZE, ("no gap at all", "")),
        Note(CLOZE, ("{{c1::image-occlusion:rect:left=.1}}", "")),
        Note(BASIC, ('gone <img src="gone.png">', "still asked")),
        Note(BASIC, ("<div>" * 2000 + "deep" + "</div>" * 2000, "a")),
        Note(99, ("of no type", "a")),
        Note(BASIC, ("no cards", "a"), cards=[]),
    ]
    done = import_cards(library, build(tmp_path / "p.apkg", notes))
    assert not library.findings
    headings = [q.heading for q in library.collection.questions.values()]
    assert sorted(headings) == ["fine", r"gone \[gone.png\]"]
    told = reasons(done)
    assert len(done.left_out) == 7
    for word in (
        *("nothing on its back", "covered areas", "gone.png", "nested too deeply", "no cards"),
        *("not in the package", "note 1700000000002: cannot be asked"),
    ):
        assert word in told


def test_a_file_in_the_way_stops_all_of_it(library: Library, tmp_path: Path, build: Build) -> None:
    notes = [
        Note(BASIC, ("one", "a"), cards=[Card(revlog=log((0, 3, 1, 0)))]),
        Note(BASIC, ("two", "b")),
    ]
    package = build(tmp_path / "p.apkg", notes)
    mine = library.collection.root / "p" / "two.md"
    mine.parent.mkdir()
    mine.write_text("# My own\n\n## q\n\na\n", encoding="utf-8")
    with pytest.raises(ImportFormatError, match="other content"):
        import_cards(library, package)
    assert mine.read_text(encoding="utf-8") == "# My own\n\n## q\n\na\n"
    assert list(library.collection.root.rglob("*.md")) == [mine]
    assert entries(library) == []
    done = import_cards(library, package, into="elsewhere/deep")
    assert done.folder == "elsewhere/deep"
    assert {q.deck for q in library.collection.questions.values()} >= {"elsewhere/deep"}


def test_when_the_history_cannot_follow_the_files_go_again(
    library: Library, tmp_path: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = [Note(BASIC, ("one", "a"), "A::B", cards=[Card(revlog=log((0, 3, 1, 0)))])]
    package = build(tmp_path / "p.apkg", notes)

    def full(*_: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(library.ledger, "add_to_log", full)
    with pytest.raises(OSError, match="disk full"):
        import_cards(library, package)
    assert list(library.collection.root.iterdir()) == []
    assert not library.collection.questions


def test_equal_fronts_have_files_of_their_own(
    library: Library, tmp_path: Path, build: Build
) -> None:
    notes = [Note(BASIC, ("What is this?", str(n)), guid=f"g{n}#%`") for n in range(5)]
    done = import_cards(library, build(tmp_path / "p.apkg", notes))
    assert done.questions == len({q.concept for q in library.collection.questions.values()}) == 5


def test_a_package_with_the_name_of_its_deck_makes_one_folder(
    library: Library, tmp_path: Path, build: Build
) -> None:
    notes = [Note(BASIC, (f"q{n}", "a"), f"French Words::{n}") for n in range(2)]
    import_cards(library, build(tmp_path / "French Words.apkg", notes))
    decks = {q.deck for q in library.collection.questions.values()}
    assert decks == {"french-words/0", "french-words/1"}


def test_times_are_kept_to_the_millisecond(library: Library, tmp_path: Path, build: Build) -> None:
    card = Card(revlog=[(BEGIN + 123, 3, 1, 2500, 1, 0)])
    import_cards(library, build(tmp_path / "p.colpkg", [Note(BASIC, ("q", "a"), cards=[card])]))
    (review,) = entries(library)
    assert isinstance(review, Review)
    assert review.kind is ReviewKind.REVIEW
    assert review.time - datetime(2025, 6, 1, 12, tzinfo=UTC) == timedelta(milliseconds=123)
    assert not any(isinstance(e, Action) and e.kind is ActionKind.BURY for e in entries(library))
