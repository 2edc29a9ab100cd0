"""What counts as a right answer, and what a wrong one is shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.model.answers import (
    Segment,
    SegmentKind,
    check_choice,
    check_cloze,
    check_gap,
    check_typed,
    difference,
    normal,
    plain,
)
from quiz.model.question import Choice, Cloze, Gap, Option, Typed


@pytest.mark.parametrize(
    "typed",
    ["torch.bool", " torch.bool\n", "TORCH.Bool", "ｔｏｒｃｈ.bool", "bool", "BOOL "],
)
def test_form_case_and_space_do_not_count(typed: str) -> None:
    assert check_typed(Typed(("torch.bool", "bool")), typed).correct


@pytest.mark.parametrize("typed", ["", "torch.int", "torchbool", "torch. bool", "boo", "0"])
def test_other_texts_are_wrong(typed: str) -> None:
    assert not check_typed(Typed(("torch.bool", "bool")), typed).correct


def test_case_counts_when_the_card_says_so() -> None:
    content = Typed(("ReLU",), case=True)
    assert check_typed(content, "ReLU").correct
    assert not check_typed(content, "relu").correct


def test_a_run_of_white_space_is_one_space() -> None:
    assert check_typed(Typed(("new  york",)), "New\t York").correct
    assert not check_typed(Typed(("new york",)), "newyork").correct


@pytest.mark.parametrize(
    ("accepted", "typed", "right"),
    [
        ("0.333", "0.3333", True),
        ("0.333", "0.34", False),
        ("1e-3", "0.001", True),
        ("1e-3", "1.0005E-3", True),
        ("100", "100.1", True),
        ("100", "101", False),
        ("-2", "−2", True),
        ("-2", "2", False),
        ("0", "0.0", True),
        ("0", "1e-9", False),
        ("inf", "inf", True),
        ("inf", "1e308", False),
        ("inf", "-inf", False),
        ("5", "inf", False),
        ("nan", "nan", True),
        ("1000", "1,000", False),
        ("1000", "1_000", False),
        ("5", "five", False),
    ],
)
def test_a_tolerance_is_relative_to_the_accepted_number(
    accepted: str, typed: str, right: bool
) -> None:
    assert check_typed(Typed((accepted,), tolerance=1e-3), typed).correct is right


def test_numbers_are_texts_without_a_tolerance() -> None:
    assert not check_typed(Typed(("0.001",)), "1e-3").correct


def test_a_near_miss_shows_what_to_leave_out_and_what_to_add() -> None:
    result = check_typed(Typed(("momentum",)), "momemtumm")
    assert not result.correct
    assert result.near
    assert "".join(s.text for s in result.segments if s.kind is not SegmentKind.EXTRA) == "momentum"
    assert "".join(s.text for s in result.segments if s.kind is not SegmentKind.MISSING) == (
        "momemtumm"
    )


def test_the_nearest_of_several_answers_is_compared() -> None:
    result = check_typed(Typed(("gradient descent", "SGD", "Adam")), "adm")
    assert result.accepted == "Adam"
    assert result.segments == (
        Segment(SegmentKind.SAME, "ad"),
        Segment(SegmentKind.MISSING, "a"),
        Segment(SegmentKind.SAME, "m"),
    )


def test_a_different_answer_is_no_near_miss() -> None:
    assert not check_typed(Typed(("cross entropy",)), "relu").near


def test_korean_is_compared_in_any_unicode_form_and_by_letter() -> None:
    decomposed = unicodedata.normalize("NFD", "정규화")
    assert check_typed(Typed(("정규화",)), decomposed).correct
    near = check_typed(Typed(("가중치 감쇠",)), "가중치 감쇄")
    assert not near.correct
    assert near.near
    assert near.segments[-2:] == (
        Segment(SegmentKind.EXTRA, "쇄"),
        Segment(SegmentKind.MISSING, "쇠"),
    )


@pytest.mark.parametrize(
    ("answer", "typed"),
    [("`torch.bool`", "torch.bool"), ("`torch.bool`", "`torch.bool`"), ("**mean**", "mean"),
     ("$\\frac{a}{b}$", "\\frac{a}{b}"), ("``a`b``", "a`b"), ("*", "*"), ("**", "**")],
)  # fmt: skip
def test_a_gap_takes_its_answer_with_and_without_marks(answer: str, typed: str) -> None:
    assert check_gap(Gap(answer), typed).correct


def test_marks_within_an_answer_stay() -> None:
    assert plain("`a` and `b`") == "`a` and `b`"


def test_a_cloze_needs_all_its_gaps_in_order() -> None:
    content = Cloze(1, (Gap("mean"), Gap("variance")), "…")
    assert check_cloze(content, ["mean", "variance"]).correct
    assert not check_cloze(content, ["variance", "mean"]).correct
    half = check_cloze(content, ["mean"])
    assert [gap.correct for gap in half.gaps] == [True, False]


def test_a_choice_needs_exactly_the_options_that_hold() -> None:
    content = Choice((Option("a", True), Option("b", False), Option("c", True)))
    assert content.several
    assert check_choice(content, [2, 0]).correct
    result = check_choice(content, [0, 1])
    assert (result.hits, result.missed, result.false) == ((0,), (2,), (1,))
    assert not check_choice(content, []).correct


def test_a_very_long_text_is_not_compared_sign_by_sign() -> None:
    result = check_typed(Typed(("a" * 50_000,)), "b" * 50_000)
    assert [segment.kind for segment in result.segments] == [
        SegmentKind.EXTRA,
        SegmentKind.MISSING,
    ]


@given(st.text(max_size=60), st.text(min_size=1, max_size=60), st.booleans())
def test_the_segments_hold_both_texts(mine: str, theirs: str, case: bool) -> None:
    segments = difference(mine, theirs, case=case)
    typed = "".join(s.text for s in segments if s.kind is not SegmentKind.MISSING)
    wanted = "".join(s.text for s in segments if s.kind is not SegmentKind.EXTRA)
    assert typed == " ".join(unicodedata.normalize("NFC", mine).split())
    assert normal(wanted) == normal(" ".join(unicodedata.normalize("NFC", theirs).split()))


@given(st.text(max_size=80), st.booleans())
def test_every_text_answers_itself(text: str, case: bool) -> None:
    assert check_typed(Typed((text,), case=case), f" {text}\n").correct
    assert normal(normal(text, case=case), case=case) == normal(text, case=case)
