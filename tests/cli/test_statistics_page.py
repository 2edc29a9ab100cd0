"""`quiz stats --html`: one page that needs nothing else, with the figures of the log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from quiz import language
from quiz.cli.statistics_page import page
from quiz.model.review import Rating, Review
from quiz.store.ids import new_id
from quiz.study import acting
from quiz.study.library import Library
from quiz.study.report import CALIBRATION_BINS, Recall, Report, calibration, report

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CARDS = {
    "a/one.md": "---\ntags: [first]\n---\n# One\n\n## What <is> it?\n\nThis.\n",
    "b/two.md": "# Two\n\n## Which?\n\n```answer\nx\n```\n",
}


def review(question: str, days_ago: int, rating: Rating, **more: object) -> Review:
    time = NOW - timedelta(days=days_ago)
    given: dict[str, Any] = {"duration": 5000, **more}
    return Review(new_id(time), question, time, time.date(), rating, **given)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    for name, text in CARDS.items():
        path = tmp_path / "cards" / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    opened = Library.open(tmp_path / "cards", tmp_path / "h.db", clock=lambda: NOW, seed=1)
    one, two = opened.collection.questions
    good, again = Rating.GOOD, Rating.AGAIN
    opened.add_to_log(
        [
            *(review(one, days, good, duration=3000) for days in (60, 55, 40)),
            review(one, 10, again, duration=90_000),
            review(two, 20, good, duration=7000, attempts=1, verdict="pass", device="cpu"),
            review(two, 18, again, duration=7000, attempts=3, verdict="timeout", device="cpu"),
        ]
    )
    yield opened
    opened.close()


def test_the_figures_are_those_of_the_log(library: Library) -> None:
    found = report(library.ledger)
    month, _year, ever = found.retention
    assert (ever.days, month.days) == (None, 30)
    assert (ever.young.share, ever.young.count) == (2 / 3, 3)
    assert (ever.mature.share, ever.mature.count) == (0, 1)
    assert (month.young.share, month.young.count) == (0, 1)
    assert found.seconds == (0, 3, 2, 0, 0, 0, 1, 0)
    assert sum(found.stability) == sum(found.difficulty) == 2
    assert [(g.name, g.reviews, g.remembered) for g in found.decks] == [
        ("a", 4, 2 / 3),
        ("b", 2, 0),
    ]
    assert [(g.name, g.questions, g.seconds) for g in found.tags] == [("first", 1, 3.0)]
    assert [g.name for g in found.kinds] == ["recall", "typed"]
    assert (found.code.first_try, found.code.attempts) == (0.5, 2)
    assert found.code.failures == {"timeout": 1}


def test_what_was_made_new_again_was_not_remembered(library: Library) -> None:
    one = next(iter(library.collection.questions))
    acting.forget(library.ledger, [one])
    library.add_to_log([replace(review(one, 0, Rating.GOOD), time=NOW + timedelta(minutes=1))])
    assert report(library.ledger).retention[-1].mature.count == 1
    assert library.statistics().mature_retention == 0


def test_what_was_remembered_of_a_deleted_question_was_remembered(library: Library) -> None:
    before, told = report(library.ledger), library.statistics()
    (library.collection.root / "a/one.md").unlink()
    library.reload()
    after = report(library.ledger)
    assert (after.retention, after.seconds) == (before.retention, before.seconds)
    assert [group.name for group in after.decks] == ["b"]
    assert sum(after.stability) == 1
    assert library.statistics().retention == told.retention == after.retention[0].young.share


def test_recalls_are_grouped_by_what_was_foretold() -> None:
    recalls = [Recall("q", n / 100, n % 4 > 0, 3, NOW.date()) for n in range(60, 100)]
    groups = calibration(recalls[::-1])
    assert len(groups) == CALIBRATION_BINS
    assert sum(group.count for group in groups) == 40
    assert [group.predicted for group in groups] == sorted(group.predicted for group in groups)
    assert all(group.actual == 0.75 for group in groups)
    assert calibration([]) == ()


class _Reader(HTMLParser):
    """Every tag with its attributes; complains of what does not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def close(self) -> None:
        super().close()
        assert not self._open


def written(library: Library) -> tuple[str, Report]:
    found = report(library.ledger)
    return page(found, "M & M", library.today()), found


def test_the_page_needs_nothing_else(library: Library) -> None:
    text, _found = written(library)
    reader = _Reader()
    reader.feed(text)
    reader.close()
    tags = [tag for tag, _attributes in reader.seen]
    assert not {"script", "link", "img", "iframe"} & set(tags)
    assert tags.count("svg") >= 5
    for _tag, attributes in reader.seen:
        assert not {"src", "href", "xlink:href"} & attributes.keys()
    assert "@import" not in text
    assert not re.search(r"url\(", text)
    assert "M &amp; M" in text
    assert "2 March 2026" in text
    assert 'title="10 Jan: 0 reviews"' in text
    assert 'title="20 Feb: 1 review"' in text
    assert "Took too long" in text
    spans = [
        int(attributes["colspan"] or 0)
        for _tag, attributes in reader.seen
        if "colspan" in attributes
    ]
    assert sum(spans) == 53, "a month is as wide as its weeks, whatever its name"


def test_the_page_speaks_korean(library: Library) -> None:
    language.speak(["ko"])
    try:
        text, _found = written(library)
    finally:
        language.speak([])
    assert '<html lang="ko">' in text
    assert "지난 1년의 복습" in text
    assert "2026년 3월 2일" in text
    assert 'title="2월 20일: 복습 1회"' in text


def test_a_page_without_reviews_says_so(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "one.md").write_text("# One\n\n## What?\n\nThis.\n", encoding="utf-8")
    library = Library.open(tmp_path / "cards", tmp_path / "h.db", clock=lambda: NOW)
    try:
        text, found = written(library)
    finally:
        library.close()
    assert found.retention[-1].young.share is None
    assert text.count("not enough yet") >= 5
