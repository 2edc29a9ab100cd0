"""What is exported, Anki's own engine imports; what it exports, and what we export, comes back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from quiz.model.question import Cloze, Kind
from quiz.model.review import Action, ActionKind, Rating, Review, ReviewKind, State
from quiz.store.ids import new_id
from quiz.study import acting
from quiz.study.exporting import export_package
from quiz.study.importing import import_cards
from quiz.study.library import Library
from tests.interchange.conftest import NOW

needs_anki = pytest.mark.skipif(find_spec("anki") is None, reason="Anki's engine is not installed")

CARDS = {
    "langs/words.md": """\
---
tags: [french, "two words"]
---
# Words

## bonjour {#bonjour .reversed}

hello, with $a<b$ and `{{ code }}`

## Capital of France?

```answer
Paris
paname
```

---

On the *Seine*.

## {{c1::Ottawa::city}} is in {{c2::Canada}}, and {{c1::not Toronto}} is its capital. {#ottawa}

It [city] has {{c3::`std::vector`}}, {{c4::$\\frac{a}{b}$}} and {{c2::**bold**}}.

---

Since 1857.

## Which?

![](pictures/dot.png)

- [x] right
  because
- [ ] wrong

## What does this print?

```python predict
print(1)
```
""",
    "code.md": """\
# Code

## Write `f`. {.suspended}

```python starter
def f(x): ...
```

```python solution
def f(x):
    return x < 1 and "</code>"
```

```python cases
yield 1
```
""",
}


@pytest.fixture
def filled(tmp_path: Path, open_library: Callable[..., Library]) -> Library:
    """A collection with every kind of question and a history."""
    root = tmp_path / "full"
    for name, text in CARDS.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "langs" / "pictures").mkdir()
    (root / "langs" / "pictures" / "dot.png").write_bytes(b"\x89PNG dot")
    library = open_library("full")
    assert not library.findings
    learn(library, "langs/words#bonjour", [(40, 3), (39, 3), (30, 1), (30, 3), (20, 4)])
    learn(library, "langs/words#bonjour/reversed", [(3, 2)])
    learn(library, "langs/words#ottawa/c2", [(10, 3), (9, 3)])
    learn(library, "langs/words#which", [(60 - n, 4 if n % 2 == 0 else 1) for n in range(40)])
    question = "langs/words#ottawa/c2"
    at = NOW - timedelta(days=1)
    kind = ReviewKind.CRAM
    cram = Review(new_id(at), question, at, library.calendar.day(at), Rating.AGAIN, 9, kind)
    library.ledger.add_to_log([cram])
    later = library.today() + timedelta(days=12)
    acting.set_due(library.ledger, ["langs/words#capital-of-france"], later)
    return library


def learn(library: Library, question: str, answers: list[tuple[int, int]]) -> None:
    """Answers so many days ago, with these ratings; of one day, minutes apart."""
    reviews = []
    for number, (ago, rating) in enumerate(answers):
        time = NOW - timedelta(days=ago) + timedelta(minutes=20 * number)
        day = library.calendar.day(time)
        reviews.append(Review(new_id(time), question, time, day, Rating(rating), 1500 + number))
    library.ledger.add_to_log(reviews)


def asked_of_anki(command: str, package: Path) -> Any:  # noqa: ANN401
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("oracle.py")), command, str(package)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def reviews(library: Library) -> list[tuple[int, int, str, Any]]:
    return sorted(
        (int(r.rating), r.duration, r.kind.value, r.time) for r in library.ledger.reviews()
    )


@needs_anki
def test_anki_imports_all_that_is_exported(filled: Library, tmp_path: Path) -> None:
    done = export_package(filled, tmp_path / "out.apkg")
    told = asked_of_anki("import", tmp_path / "out.apkg")
    assert told["problems"] == "" or "fixed" not in told["problems"].lower(), told["problems"]
    assert done.cards == told["cards"] == len(filled.collection.questions) == 10
    assert done.notes == told["notes"] == 6
    assert done.reviews == told["reviews"] == len(filled.ledger.reviews()) == 49
    assert told["decks"] == ["full", "langs"]
    assert told["media"] == ["dot.png"]
    leeches = [s for s in filled.ledger.standings.values() if s.leech]
    assert told["leeches"] == len(leeches) == 1
    assert told["suspended"] == 2
    assert done.made_readable == {"choice": 1, "predict": 1, "code": 1}


@needs_anki
def test_anki_shows_what_the_cards_say(filled: Library, tmp_path: Path) -> None:
    export_package(filled, tmp_path / "out.apkg")
    sides = asked_of_anki("import", tmp_path / "out.apkg")["sides"]
    questions = "\n".join(side["question"] for side in sides)
    answers = "\n".join(side["answer"] for side in sides)
    assert "hello, with \\(a&lt;b\\) and <code>{{ code }}</code>" in answers
    assert '<img src="dot.png"' in questions
    assert "[city]" in questions
    assert "std:<!-- -->:vector" in answers
    assert "\\(\\frac{a}{b}" in answers
    assert "Since 1857." in answers
    assert "<strong>right</strong>" in answers
    assert "return x &lt; 1 and &quot;&lt;/code&gt;&quot;" in answers


@needs_anki
def test_anki_asks_again_on_the_same_day(filled: Library, tmp_path: Path) -> None:
    export_package(filled, tmp_path / "out.apkg")
    sides = asked_of_anki("import", tmp_path / "out.apkg")["sides"]
    theirs = sorted(side["days"] for side in sides if side["days"] is not None)
    today = filled.today()
    ours = sorted(
        (standing.memory.due_day - today).days
        for standing in filled.ledger.standings.values()
        if standing.memory and standing.memory.state is State.REVIEW and not standing.suspended
    )
    # Anki counts from its own today, which is not the one of this test.
    assert [a - theirs[0] for a in theirs] == [b - ours[0] for b in ours]
    assert len(ours) >= 3


def test_a_round_trip_gives_the_same_questions_memory_and_log(
    filled: Library, tmp_path: Path, open_library: Callable[..., Library]
) -> None:
    export_package(filled, tmp_path / "out.apkg")
    empty = open_library("empty")
    done = import_cards(empty, tmp_path / "out.apkg")
    assert done.left_out == ()
    assert not empty.errors
    assert done.questions == len(filled.collection.questions) == 10
    assert reviews(empty) == reviews(filled)

    def memories(library: Library) -> list[Any]:
        return sorted(
            (m.due_day, m.reps, m.lapses, m.state, round(m.stability, 6), round(m.difficulty, 6))
            for s in library.ledger.standings.values()
            if (m := s.memory)
        )

    assert memories(empty) == memories(filled)
    suspended = {q for q in filled.collection.questions.values() if q.suspended}
    assert sum(s.suspended for s in empty.ledger.standings.values()) == len(suspended) + 1
    kinds = [q.kind for q in empty.collection.questions.values()]
    assert kinds.count(Kind.CLOZE) == 4
    assert kinds.count(Kind.TYPED) == 1
    picture = next(empty.collection.root.rglob("dot.png"))
    assert picture.read_bytes() == b"\x89PNG dot"


def test_gaps_come_back_with_their_answers_and_hints(
    filled: Library, tmp_path: Path, open_library: Callable[..., Library]
) -> None:
    export_package(filled, tmp_path / "out.apkg")
    empty = open_library("empty")
    import_cards(empty, tmp_path / "out.apkg")

    def gaps(library: Library) -> dict[int, list[tuple[str, str]]]:
        contents = (q.content for q in library.collection.questions.values())
        return {
            c.number: [(g.answer, g.hint) for g in c.gaps] for c in contents if isinstance(c, Cloze)
        }

    assert gaps(empty) == gaps(filled)


def test_a_question_that_was_forgotten_is_new_after_a_round_trip(
    filled: Library, tmp_path: Path, open_library: Callable[..., Library]
) -> None:
    acting.forget(filled.ledger, ["langs/words#bonjour"])
    export_package(filled, tmp_path / "out.apkg")
    empty = open_library("empty")
    import_cards(empty, tmp_path / "out.apkg")
    (question,) = (q for q in empty.collection.questions.values() if q.heading == "bonjour")
    assert empty.standing(question.id).memory is None
    kinds = [e.kind for e in empty.ledger.history.entries() if isinstance(e, Action)]
    assert ActionKind.FORGET in kinds


def test_pictures_outside_of_the_collection_are_not_taken(
    tmp_path: Path, open_library: Callable[..., Library]
) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    root = tmp_path / "full"
    root.mkdir()
    (root / "a.md").write_text("# A\n\n## What is ![](../secret.png)?\n\nyes\n", encoding="utf-8")
    done = export_package(open_library("full"), tmp_path / "out.apkg")
    assert done.media == 0
    assert "../secret.png" in done.missing[0]
    assert b"secret" not in (tmp_path / "out.apkg").read_bytes()


@needs_anki
@pytest.mark.parametrize("suffix", ["", ".old.apkg", ".colpkg"])
def test_what_anki_exports_is_imported(
    tmp_path: Path, open_library: Callable[..., Library], suffix: str
) -> None:
    told = asked_of_anki("make", tmp_path / "made.apkg")
    library = open_library()
    done = import_cards(library, tmp_path / f"made.apkg{suffix}")
    assert done.left_out == ()
    assert not library.findings
    assert (done.concepts, done.questions) == (told["notes"], told["cards"]) == (5, 7)
    assert done.reviews == told["reviews"] == 5
    assert done.suspended == told["suspended"] == 1
    assert {q.tags for q in library.collection.questions.values()} == {("by::anki", "made")}
    picture = next(library.collection.root.rglob("*.png"))
    assert picture.read_bytes() == b"\x89PNG"
