from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz.errors import ImportFormatError, QuizError
from quiz.interchange.log import LogFile, LogProblem, read_log, scan_log, write_log
from quiz.interchange.table import is_log
from quiz.model.review import Rating, Review, ReviewKind

TIME = datetime(2024, 3, 29, 20, 32, 32, 250000, tzinfo=UTC)
SUFFIXES = pytest.mark.parametrize("suffix", [".jsonl", ".csv"])


def study_day(time: datetime) -> date:
    """That of a learner in Seoul whose day turns at four."""
    return (time.astimezone(timezone(timedelta(hours=9))) - timedelta(hours=4)).date()


def read(path: Path, content: str | bytes) -> LogFile:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_log(path, day_of=study_day)


def messages(log: LogFile) -> list[str]:
    return [f"{p.place.line}:{p.place.column}: {p.message}" for p in log.problems]


def line(**fields: object) -> str:
    record = {"card": "ne#dtype", "rating": 3, "time": "2024-03-29T20:32:32.25Z"} | fields
    return json.dumps(record) + "\n"


texts = st.text(st.characters(codec="utf-8"), max_size=30)
instants = st.datetimes(datetime(1971, 1, 1), datetime(9997, 12, 31), timezones=st.just(UTC))
counts = st.integers(0, 2**53 - 1)
reviews = st.builds(
    Review,
    id=st.integers(0, 2**128 - 1).map(lambda number: str(UUID(int=number))),
    question=texts.filter(str.strip),
    time=instants,
    day=st.dates(),
    rating=st.sampled_from(Rating),
    duration=counts,
    kind=st.sampled_from(ReviewKind),
    attempts=counts,
    hints=counts,
    answer=texts,
    verdict=texts,
    share=st.none() | st.floats(0, 1),
    device=texts,
    due=st.none() | instants,
    algorithm=texts,
    weights=counts,
)


# Reading


def test_a_plain_json_line_is_a_review(tmp_path: Path) -> None:
    log = read(tmp_path / "log.jsonl", line(duration=25060))
    assert log.problems == ()
    (review,) = log.reviews
    assert review == Review(
        review.id, "ne#dtype", TIME, date(2024, 3, 30), Rating.GOOD, duration=25060
    )


def test_whole_numbers_may_be_written_as_floats(tmp_path: Path) -> None:
    log = read(tmp_path / "log.jsonl", line(rating=2.0, duration=1.5e3))
    assert log == read(tmp_path / "log.jsonl", line(rating=2, duration=1500))
    assert (log.reviews[0].rating, log.reviews[0].duration) == (2, 1500)


def test_an_offset_is_understood_and_time_is_kept_in_utc(tmp_path: Path) -> None:
    log = read(tmp_path / "log.jsonl", line(time="2024-03-30T05:32:32.250+09:00"))
    assert log.reviews[0].time == TIME
    assert log.reviews[0].time.utcoffset() == timedelta(0)


def test_the_names_of_py_fsrs_are_understood_in_both_forms(tmp_path: Path) -> None:
    csv = read(
        tmp_path / "log.csv",
        "card_id,review_rating,review_time,review_duration\r\n"
        "1711684180217,1,2024-03-29T20:32:32.250000+00:00,25060\r\n",
    )
    lines = read(
        tmp_path / "log.jsonl",
        '{"card_id": 1711684180217, "review_rating": 1, "review_duration": 25060, '
        '"review_time": "2024-03-29T20:32:32.250000+00:00"}\n',
    )
    assert csv.problems == ()
    assert csv.reviews == lines.reviews
    assert csv.reviews[0].question == "1711684180217"
    assert csv.reviews[0].duration == 25060


def test_blank_lines_a_bom_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    text = line().replace("\n", "\r\n")
    log = read(tmp_path / "log.jsonl", "\ufeff" + text + "\r\n  \n" + line(rating=1))
    assert [review.rating for review in log.reviews] == [3, 1]
    assert log.problems == ()
    csv = "\ufeffcard,rating,time\r\n\r\nq,3,2024-03-29T20:32:32Z\r\n"
    assert len(read(tmp_path / "log.csv", csv).reviews) == 1


@SUFFIXES
def test_an_empty_file_holds_nothing(tmp_path: Path, suffix: str) -> None:
    assert read(tmp_path / f"log{suffix}", "") == LogFile((), ())


def test_unknown_fields_are_passed_over_and_null_means_left_out(tmp_path: Path) -> None:
    log = read(tmp_path / "log.jsonl", line(state="review", duration=None, share=None))
    assert log.problems == ()
    assert log.reviews[0].duration == 0


# Ids


@SUFFIXES
def test_reading_the_same_file_again_gives_the_same_ids(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"log{suffix}"
    content = {
        ".jsonl": line() + line(rating=1) + line(card="eq"),
        ".csv": "card,rating,time\na,3,2024-03-29T20:32:32Z\na,2,2024-03-29T20:32:32Z\n",
    }[suffix]
    first, second = read(path, content), read(path, content)
    assert first == second
    ids = [review.id for review in first.reviews]
    assert len(set(ids)) == len(ids) > 1
    for review in first.reviews:
        identity = UUID(review.id)
        assert identity.version == 7
        assert identity.variant == "specified in RFC 4122"
        assert identity.int >> 80 == int(review.time.timestamp() * 1000)


def test_a_derived_id_does_not_depend_on_the_learners_time_zone(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    in_seoul = read(path, line()).reviews[0]
    in_london = read_log(path, day_of=lambda time: time.date()).reviews[0]
    assert in_seoul.day != in_london.day
    assert in_seoul.id == in_london.id


@pytest.mark.parametrize(
    "change",
    [
        {"card": "x"},
        {"rating": 4},
        {"time": "2024-03-29T20:32:32.251Z"},
        {"duration": 1},
        {"kind": "cram"},
        {"answer": "torch.bool"},
        {"share": 0.5},
    ],
)
def test_whatever_differs_gives_another_id(tmp_path: Path, change: dict[str, object]) -> None:
    log = read(tmp_path / "log.jsonl", line() + line(**change))
    assert len({review.id for review in log.reviews}) == 2


def test_the_same_line_twice_is_one_review(tmp_path: Path) -> None:
    log = read(tmp_path / "log.jsonl", line() + line())
    assert len(log.reviews) == 1
    assert log.problems == ()


def test_one_id_on_two_different_reviews_is_a_problem(tmp_path: Path) -> None:
    identity = "018e8be9-fffa-76ca-9517-2ecb2a2a1eb0"
    log = read(tmp_path / "log.jsonl", line(id=identity) + line(id=identity, rating=1))
    assert [review.rating for review in log.reviews] == [3]
    assert messages(log) == [f"2:0: the id {identity} stands on an earlier, different record"]


# What is wrong


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"rating": 0}, "`rating` must be 1 (again), 2 (hard), 3 (good) or 4 (easy), not 0"),
        ({"rating": 5}, "`rating` must be"),
        ({"rating": 3.5}, "`rating` must be"),
        ({"rating": True}, "`rating` must be"),
        ({"rating": "good"}, "`rating` must be"),
        ({"rating": 10**4000}, "`rating` must be"),
        ({"rating": None}, "`rating` is missing"),
        ({"time": "2024-03-29T20:32:32"}, "`time` has no offset: write 2024-03-29T20:32:32Z"),
        ({"time": "2024-03-29"}, "`time` has no offset: write 2024-03-29T12:00:00Z"),
        ({"time": "yesterday"}, "`time` must be ISO 8601"),
        ({"time": 1711684180217}, "`time` must be ISO 8601"),
        ({"time": "1969-12-31T23:59:59Z"}, "`time` is out of range"),
        ({"time": "9999-12-31T23:59:59-14:00"}, "`time` is out of range"),
        ({"card": " "}, "`card` is empty"),
        ({"card": ["q"]}, "`card` must be text"),
        ({"card": "\ud800"}, "`card` is not valid UTF-8"),
        ({"duration": -1}, "`duration` is out of range: -1"),
        ({"duration": 1.5}, "`duration` must be a whole number, not 1.5"),
        ({"duration": float("inf")}, "`duration` must be a whole number"),
        ({"duration": "long"}, "`duration` must be a whole number"),
        ({"share": 1.5}, "`share` must be from 0 to 1"),
        ({"share": float("nan")}, "`share` must be from 0 to 1"),
        ({"kind": "exam"}, "`kind` must be review or cram"),
        ({"day": "29 March"}, "`day` must be a date"),
        ({"due": "2024-04-01T04:00:00"}, "`due` has no offset"),
        ({"id": "17"}, "`id` must be a UUID"),
        ({"answer": 7}, "`answer` must be text"),
    ],
)
def test_a_wrong_field_is_reported_at_its_column(
    tmp_path: Path, fields: dict[str, object], said: str
) -> None:
    bad = line(**fields)
    log = read(tmp_path / "log.jsonl", line() + bad + line(rating=1))
    assert [review.rating for review in log.reviews] == [3, 1], "the other lines are read"
    (problem,) = log.problems
    assert problem.message.startswith(said)
    (name,) = fields
    column = bad.index(f'"{name}"') + 1
    assert (problem.place.line, problem.place.column) == (2, column)
    assert str(problem).startswith(f"{tmp_path / 'log.jsonl'}:2:{column}: `{name}`")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nope\n", "1:1: not JSON: Expecting value"),
        ('{"card": "q", }\n', "1:15: not JSON: "),
        ("[1]\n", "1:1: not an object"),
        ("[" * 100_000 + "\n", "1:1: not JSON that can be read"),
        ('{"rating": ' + "9" * 5000 + "}\n", "1:1: not JSON that can be read"),
        ('{"card": "q"', "1:13: not JSON: "),
    ],
)
def test_a_line_that_is_no_record_is_reported(tmp_path: Path, text: str, said: str) -> None:
    log = read(tmp_path / "log.jsonl", text)
    assert log.reviews == ()
    (message,) = messages(log)
    assert message.startswith(said)


def test_all_that_is_wrong_with_a_line_is_reported_in_its_order(tmp_path: Path) -> None:
    log = read(tmp_path / "log.jsonl", '{"time": "now", "rating": 9, "hints": -2}\n')
    assert [message.partition(" ")[0] for message in messages(log)] == [
        "1:1:",
        "1:2:",
        "1:17:",
        "1:30:",
    ]


def test_bytes_that_are_not_utf8_spoil_their_own_line_only(tmp_path: Path) -> None:
    bad = line(card="XX").encode().replace(b"XX", b"\xff\xfe")
    log = read(tmp_path / "log.jsonl", line().encode() + bad + line(rating=1).encode())
    assert len(log.reviews) == 2
    assert messages(log) == ["2:2: `card` is not valid UTF-8"]
    log.problems[0].source.encode()


def test_what_is_quoted_cannot_play_tricks_on_a_terminal(tmp_path: Path) -> None:
    log = read(tmp_path / "log.jsonl", "\x1b]0;title\x07 is not JSON " + "x" * 500 + "\n")
    assert log.problems[0].source.isprintable()
    assert len(log.problems[0].source) <= 120


def test_csv_problems_stand_at_the_line_and_column_of_the_field(tmp_path: Path) -> None:
    log = read(
        tmp_path / "log.csv",
        "card,answer,rating,time\n"
        "q,,7,2024-03-29T20:32:32Z\n"
        '"a,b","two ""words"", here",0,2024-03-29T20:32:32Z\n'
        "q,,3\n"
        'q,"two\nlines",3,never\n'
        'q,"x"y,3,2024-03-29T20:32:32Z\n'
        "q,,,2024-03-29T20:32:32Z\n"
        "good,,3,2024-03-29T20:32:32Z\n",
    )
    assert [review.question for review in log.reviews] == ["good"]
    said = messages(log)
    assert said[0].startswith("2:4: `rating` must be")
    assert said[1].startswith("3:29: `rating` must be")
    assert said[2] == "4:1: 3 fields, but the header names 4"
    assert said[3].startswith("5:1: `time` must be ISO 8601")
    assert said[4].startswith("7:1: not CSV")
    assert said[5] == "8:4: `rating` is missing"
    assert len(said) == 6


@pytest.mark.parametrize(("name", "sign"), [("log.csv", ";"), ("log.csv", "\t"), ("log.tsv", "\t")])
def test_a_log_may_be_parted_as_spreadsheets_do(tmp_path: Path, name: str, sign: str) -> None:
    rows = (("card", "rating", "time"), ("q", "3", "2024-03-29T20:32:32Z"), ("q", "7", "never"))
    log = read(tmp_path / name, "".join(f"{sign.join(row)}\n" for row in rows))
    assert [review.question for review in log.reviews] == ["q"]
    assert [(one.place.line, one.place.column) for one in log.problems] == [(3, 3), (3, 5)]
    assert is_log(sign.join(rows[0]))


def test_a_csv_without_the_needed_columns_is_one_problem(tmp_path: Path) -> None:
    log = read(tmp_path / "log.csv", "front,back,time\na,b,c\n")
    assert messages(log) == ["1:1: the header must name card, rating"]


def test_an_answer_longer_than_usual_csv_fields_is_read(tmp_path: Path) -> None:
    text = "x" * 300_000
    log = read(tmp_path / "log.csv", f"card,rating,time,answer\nq,3,2024-03-29T20:32:32Z,{text}\n")
    assert log.reviews[0].answer == text


@pytest.mark.parametrize("name", ["missing.jsonl", "folder.csv"])
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ImportFormatError, match="cannot be read") as caught:
        read_log(tmp_path / name, day_of=study_day)
    assert name in str(caught.value)


@given(st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_whatever_break_the_reader(tmp_path: Path, content: bytes) -> None:
    for suffix in (".jsonl", ".csv"):
        path = tmp_path / f"any{suffix}"
        log = read(path, content)
        assert log.reviews == ()
        for problem in log.problems:
            str(problem).encode()
            assert problem.place.line >= 1


# Round trip


@SUFFIXES
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log=st.lists(reviews, max_size=5, unique_by=lambda review: review.id))
def test_what_was_written_reads_back_exactly(
    tmp_path: Path, suffix: str, log: list[Review]
) -> None:
    path = tmp_path / f"log{suffix}"
    assert write_log(log, path) == len(log)
    assert read_log(path, day_of=lambda _: date(1, 2, 3)) == LogFile(tuple(log), ())


def test_a_plain_review_is_written_plainly(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    review = read(path, line(duration=25060)).reviews[0]
    write_log([review], path)
    assert json.loads(path.read_text()) == {
        "card": "ne#dtype",
        "rating": 3,
        "time": "2024-03-29T20:32:32.250000Z",
        "duration": 25060,
        "id": review.id,
        "day": "2024-03-30",
    }


def test_an_interrupted_export_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    review = read(path, line()).reviews[0]

    def interrupted() -> Iterator[Review]:
        yield replace(review, rating=Rating.AGAIN)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_log(interrupted(), path)
    assert path.read_text() == line()
    assert list(tmp_path.glob("log*")) == [path]


def test_an_export_into_nowhere_says_so(tmp_path: Path) -> None:
    with pytest.raises(QuizError, match="cannot be written"):
        write_log([], tmp_path / "nowhere" / "log.jsonl")


def test_a_log_is_read_as_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with path.open("w") as file:
        file.writelines(line(duration=n) for n in range(3000))
        file.write("the last line is bad\n")
    found = scan_log(path, day_of=study_day)
    first = [item for item in islice(found, 10) if not isinstance(item, LogProblem)]
    assert [review.duration for _, review in first] == list(range(10))
    assert isinstance(list(found)[-1], LogProblem)
