"""The history survives the edit, and never goes to another question."""

from __future__ import annotations

import random
import unicodedata

import pytest

from quiz.deck.config import CollectionConfig
from quiz.deck.identity import match, settling, snapshot
from quiz.deck.parser import parse_concept
from quiz.model.question import Kind
from quiz.model.snapshot import Snapshot
from tests.deck.edits import CHANGES, by_matching, edits, measure

RULE = by_matching(match)


def read(text: str, concept: str = "deck/card") -> list[Snapshot]:
    parsed = parse_concept(text.encode(), path="c.md", concept=concept, config=CollectionConfig())
    assert parsed.concept is not None
    assert not parsed.findings
    return [snapshot(question) for question in parsed.concept.questions]


def moved(before: str, after: str, *, to: str = "deck/card") -> dict[str, str]:
    """Anchors (with suffixes) of the moves between two versions of one file."""
    old, new = read(before), read(after, to)
    here, there = {one.question for one in new}, {one.question for one in old}
    gone = [one for one in old if one.question not in here]
    fresh = [one for one in new if one.question not in there]
    kept = [one for one in new if one.question in there]
    moves = match(gone, fresh, kept).moves
    return {move.old.partition("#")[2]: move.new.partition("#")[2] for move in moves}


TRAPS = ("twin", "delete", "reorder")
"""Edits after which no history has anywhere to go."""
BARS = {
    "reword": 0.95, "reword, answer longer": 0.95, "typos in heading and answer": 0.9,
    "translate heading": 0.95, "options edited": 0.95, "two questions joined": 0.95,
    "question split in two": 0.95, "delete and edit": 0.97,
}  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind in CHANGES if kind not in TRAPS])
def test_histories_are_kept_and_none_goes_astray(kind: str) -> None:
    count = measure(edits(kind, 50), RULE)
    assert count.wrong == 0
    assert count.kept >= 40
    assert count.kept >= BARS.get(kind, 0.99) * (count.kept + count.lost)


@pytest.mark.parametrize("kind", TRAPS)
def test_nothing_moves_where_nothing_is_the_same(kind: str) -> None:
    assert not any(match(edit.gone, edit.new, edit.kept).moves for edit in edits(kind, 100))


def test_a_twin_in_the_place_of_a_deleted_question_gets_no_history_but_a_doubt_is_told() -> None:
    gone = read("# C\n\n## What is the dtype of `torch.ne(a, b)`?\n\n```answer\ntorch.bool\n```\n")
    new = read("# C\n\n## What is the dtype of `torch.eq(a, b)`?\n\n```answer\ntorch.bool\n```\n")
    result = match(gone, new)
    assert not result.moves
    (doubt,) = result.doubts
    assert doubt.old == gone[0].question
    assert doubt.candidates == (new[0].question,)
    assert "{#what-is-the-dtype-of-torchnea-b}" in doubt.advice


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Index of the largest element?", "Index of the smallest element?"),
        ("Does conv1d pad its input?", "Does conv2d pad its input?"),
        ("Does it change its input?", "Does it not change its input?"),
        ("Is dim=0 the rows?", "Is dim=1 the rows?"),
        ("Is `a != b` elementwise?", "Is `a == b` elementwise?"),
        ("배치 정규화는 훈련 모드에서 하는가?", "배치 정규화는 훈련 모드에서 하지 않는가?"),
    ],
)
def test_one_exchanged_word_makes_another_question(old: str, new: str) -> None:
    assert moved(f"# C\n\n## {old}\n\nYes.\n", f"# C\n\n## {new}\n\nYes.\n") == {}


def test_the_same_heading_elsewhere_with_another_program_is_another_question() -> None:
    before = "# C\n\n## What is printed?\n\n```python predict\nprint(torch.ones(3).sum())\n```\n"
    after = "# D\n\n## What is printed?\n\n```python predict\nprint(torch.eye(4).mean())\n```\n"
    assert moved(before, after, to="deck/other") == {}


def test_a_file_that_moves_takes_along_even_the_question_whose_answer_was_rewritten() -> None:
    def text(answer: str) -> str:
        rest = "".join(f"## Question {n}?\n\nAnswer number {n}.\n\n" for n in range(4))
        return f"# C\n\n{rest}## What does `relu` do?\n\n{answer}\n"

    old, new = text("It maps values below 0 to 0."), text("It maps values below 0.0 to 0.0 alone.")
    assert moved(old, new, to="other/place")["what-does-relu-do"] == "what-does-relu-do"


def test_two_about_as_near_are_left_alone_with_the_command_that_settles_it() -> None:
    gone = read("# C\n\n## What is a leaf tensor?\n\nOne that no operation made.\n", "a/one")
    copies = [
        one
        for concept in ("b/two", "b/three")
        for one in read(
            "# C\n\n## What is a leaf tensor?\n\nOne that no operation made.\n", concept
        )
    ]
    result = match(gone, copies)
    assert not result.moves
    assert set(result.doubts[0].candidates) == {one.question for one in copies}
    assert "`quiz relink a/one#what-is-a-leaf-tensor b/t" in result.doubts[0].advice


def test_gaps_move_together_and_never_onto_each_other() -> None:
    before = "# C\n\n## The {{c1::mean}} and the {{c2::variance}} of a batch are normalized.\n"
    after = "# C\n\n## The {{c1::mean}} and the {{c2::variance}} of a batch are normalised.\n"
    moves = moved(before, after)
    assert {old[-2:]: new[-2:] for old, new in moves.items()} == {"c1": "c1", "c2": "c2"}


def test_renumbered_gaps_are_told_apart_by_their_answers() -> None:
    before = "# C\n\n## A {{c1::mean}} and a {{c2::variance}} {#x}\n"
    after = "# C\n\n## A {{c2::mean}} and a {{c1::variance}} {#y}\n"
    assert moved(before, after) == {"x/c1": "y/c2", "x/c2": "y/c1"}


def test_a_question_and_its_reverse_move_together() -> None:
    before = "# C\n\n## The opposite of `torch.eq`? {.reversed}\n\n`torch.ne`, also `not_equal`\n"
    after = "# C\n\n## The oposite of `torch.eq`? {.reversed}\n\n`torch.ne`, also `not_equal`\n"
    moves = moved(before, after)
    assert len(moves) == 2
    assert all(old.endswith("/reversed") is new.endswith("/reversed") for old, new in moves.items())


def test_a_slip_in_a_name_is_one_only_where_no_other_name_is_near() -> None:
    def change(old: str, new: str) -> dict[str, str]:
        more = "\n\n## What is `torch.rand`?\n\nUniform.\n\n## And `torch.sigmoid`?\n\nA curve.\n"
        before = f"# C\n\n## Does `{old}` copy?\n\nNo.\n{more}"
        return moved(before, before.replace(f"## Does `{old}`", f"## Does `{new}`"))

    assert change("torch.sigmoid", "torch.simgoid")
    assert change("torch.sigmoid", "torch.siigmoid")
    assert change("torch.sigmoid", "torhc.sigmoid")
    assert not change("torch.rand", "torch.randn")
    assert not change("torch.selu", "torch.relu")
    assert not change("torch.conv1d", "torch.conv2d")


def test_an_answer_that_grew_goes_with_its_question_and_not_with_a_twin() -> None:
    before = "# C\n\n## Which view does `x.t()` give?\n\nOne with its two dimensions exchanged.\n"
    longer = "One with its two dimensions exchanged. It copies nothing."
    assert moved(before, f"# C\n\n## What comes out of `x.t()`?\n\n{longer}\n")
    assert not moved(before, f"# C\n\n## What comes out of `x.mT`?\n\n{longer}\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [("커널은 무엇인가?", "커널이 무엇인가?"), ("손실을 곱한다?", "손실을 곱다?"),
     ("모양이 있는 것은?", "모양이 있는는 것은?"), ("무엇이 속성인가?", "무엇 속성인가?"),
     ("객체가 아니라 상태인 이유는?", "객체가 아라니 상태인 이유는?")],
)  # fmt: skip
def test_a_syllable_lost_or_doubled_in_korean_is_a_slip(old: str, new: str) -> None:
    answer = "입력의 배치마다 평균을 빼고 표준 편차로 나눈 다음 배율을 곱하고 더한다."
    slipped = answer.replace("나눈 다음", "나눈눈 다음")
    assert moved(f"# C\n\n## {old}\n\n{answer}\n", f"# C\n\n## {new}\n\n{slipped}\n")


@pytest.mark.parametrize(
    ("old", "new"), [("정상인가?", "비정상인가?"), ("있는 것은?", "없는 것은?"), ("행은?", "열은?")]
)
def test_a_syllable_that_turns_a_word_around_is_no_slip(old: str, new: str) -> None:
    assert not moved(f"# C\n\n## 값이 {old}\n\n네.\n", f"# C\n\n## 값이 {new}\n\n네.\n")


def test_the_same_word_exchanged_in_question_and_answer_is_another_subject() -> None:
    def card(name: str) -> str:
        return (
            f"# C\n\n## What does torch.{name} give back?\n\nWhat torch.{name} drew, on the CPU.\n"
        )

    assert not moved(card("rand"), card("randn"))


@pytest.mark.parametrize(
    "mark", ["{}. ", "{}) ", "Question {}: ", "Q{}. ", "문제 {}. ", "문제 {} "]
)
def test_a_number_before_a_question_is_no_part_of_it(mark: str) -> None:
    asked = ["What is a leaf?", "Which is lazy?", "어디에 쌓이는가?", "What is a view?"]

    def card(*order: int) -> str:
        parts = (
            f"## {mark.format(at)}{asked[n]}\n\nAnswer {n * n}.\n" for at, n in enumerate(order, 1)
        )
        return "# C\n\n" + "\n".join(parts)

    old, new = read(card(0, 1, 2)), read(card(3, 0, 1, 2))
    moves = {move.old[-8:]: move.new[-8:] for move in match(old, new).moves}
    assert moves == {old[n].question[-8:]: new[n + 1].question[-8:] for n in range(3)}


def test_number_may_be_written_as_no_which_negates_nothing() -> None:
    before = "# C\n\n## What is step number 3 of the loop for?\n\nIt sets the gradients to zero.\n"
    assert moved(before, before.replace("number 3", "no. 3"))
    assert not moved(before.replace("It sets", "Sets"), before.replace("is step", "is no step"))


def test_a_short_question_with_words_added_and_the_only_such_answer_is_the_same() -> None:
    rest = "\n\n## Ribosome\n\nMakes proteins.\n"
    before = f"# C\n\n## Vacuole\n\nStores.{rest}"
    assert moved(before, before.replace("Vacuole", "The vacuole of a plant cell"))
    longer = before.replace("Stores.", "Stores. It is large in plants.")
    assert moved(before, longer.replace("Vacuole", "The vacuole of a plant cell"))
    assert not moved(before, before.replace("Vacuole", "Vesicle"))
    yes = before.replace("Stores.", "Yes.")
    assert not moved(yes, yes.replace("Vacuole", "The vacuole of a plant cell"))


def test_a_gap_filled_in_or_opened_leaves_the_others_their_histories() -> None:
    two = "# C\n\n## The derivative of {a} is {{{{c1::{b}}}}}, its integral {{{{c2::{c}}}}}.\n"
    one = "# C\n\n## The derivative of {a} is {b}, its integral {{{{c2::{c}}}}}.\n"
    for values in ({"a": "e^x", "b": "e^x", "c": "e^x"}, {"a": "sin", "b": "cos", "c": "-cos"}):
        for before, after in ((two, one), (one, two)):
            moves = moved(before.format(**values), after.format(**values))
            assert {old[-2:]: new[-2:] for old, new in moves.items()} == {"c2": "c2"}


def test_a_question_moved_alone_with_a_longer_answer_is_known_by_its_heading() -> None:
    before = "# C\n\n## What does `topk` return?\n\nA list.\n"
    assert moved(before, before.replace("list.", "list. See the docs."), to="deck/other")


def test_korean_saved_in_another_form_of_unicode_is_the_same_text() -> None:
    before = "# C\n\n## 무엇이 출력되는가?\n\n```python predict\nprint('가나', 1 + 1)\n```\n"
    after = unicodedata.normalize("NFD", before)
    assert read(before) == read(after)
    assert moved(before, after, to="deck/other")


def test_of_two_questions_joined_the_first_goes_on() -> None:
    first, second = "## 학습률이란?\n\n한 걸음의 크기.\n", "## 손실이란?\n\n틀린 정도를 재는 값.\n"
    joined = "## 학습률이란, 그리고 손실이란?\n\n한 걸음의 크기. 틀린 정도를 재는 값.\n"
    assert "손실이란" not in moved(f"# C\n\n{first}\n{second}", f"# C\n\n{joined}")


def test_options_may_be_edited_as_long_as_the_same_ones_hold() -> None:
    before = "# C\n\n## Which of these are views?\n\n- [x] `x.t()`\n- [ ] `x + 0`\n"
    edited = (
        "# C\n\n## Which of these are veiws?\n\n- [ ] `x * 1`\n- [ ] `x.clone()`\n- [x] `x.t()`\n"
    )
    assert moved(before, edited)
    assert not moved(before, edited.replace("[x]", "[ ]").replace("[ ] `x * 1`", "[x] `x * 1`"))


def test_a_choice_in_other_words_is_known_by_the_options_that_hold() -> None:
    rest = "- [x] `a != b`\n- [x] `~torch.eq(a, b)`\n- [ ]"
    before = f"# C\n\n## Which of these equal `torch.ne(a, b)`?\n\n{rest} `not torch.eq(a, b)`\n"
    reworded = f"# C\n\n## Which lines give what `torch.ne(a, b)` gives?\n\n{rest} `not a == b`\n"
    assert moved(before, reworded)
    assert not moved(before, reworded.replace("torch.ne", "torch.not_equal"))
    assert not moved(before, reworded.replace("Which lines", "Which lines never"))


def test_of_two_deleted_questions_with_the_same_answer_none_is_taken_for_a_translation() -> None:
    first, second = "## Does `torch.add` copy?", "## Is `torch.add` slow?"
    korean = "# C\n\n## `torch.add`는 느린가?\n\nNo.\n"
    both = f"# C\n\n{first}\n\nNo.\n\n{second}\n\nNo.\n"
    assert moved(f"# C\n\n{second}\n\nNo.\n", korean)
    assert not moved(both, korean)


def test_the_same_body_under_another_heading_is_the_same_question() -> None:
    body = "\n\nThe gradient of a leaf is kept in its attribute {{c1::grad}}, summed over calls.\n"
    assert moved(f"# C\n\n## The start{body}", f"# C\n\n## Where it ends up{body}")
    assert not moved(
        f"# C\n\n## The start of `torch.ne`{body}", f"# C\n\n## The start of `torch.eq`{body}"
    )
    others = f"\n## Elsewhere{body}"
    assert not moved(f"# C\n\n## The start{body}{others}", f"# C\n\n## The end{body}{others}")


def test_a_long_question_whose_first_word_is_another_is_another_question() -> None:
    rest = (
        "element of a sorted tensor the one that the last index of its dimension gives?\n\nYes.\n"
    )
    assert not moved(f"# C\n\n## Is the largest {rest}", f"# C\n\n## Is the smallest {rest}")


def test_kinds_must_agree() -> None:
    before = "# C\n\n## What is the dtype of the mask?\n\ntorch.bool\n"
    after = "# C\n\n## What is the dtype of a mask?\n\n```answer\ntorch.bool\n```\n"
    assert moved(before, after) == {}


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        ("## Why?\n\nThey add up.", "## Why?\n\nThey {{c1::add}} up.", ("", "c1")),
        ("## Why?\n\nThey {{c3::add}} up.", "## Why?\n\nThey add up.", ("c3", "")),
        ("## Why?\n\nThey {{c1::add}} up.", "## Why?\n\n- [x] They add up\n- [ ] No", ("c1", "")),
        ("## Why? {#z}\n\nThey add up.", "## They {{c1::add}} up. {#z}", ("", "c1")),
        ("## Why zero?\n\nThey add up.", "## Why zero? They {{c1::add}} up.", ("", "c1")),
        ("## Why zero? They {{c2::add}} up.", "## Why zero?\n\nThey add up.", ("c2", "")),
        ("## Why?\n\nThey add up.", "## Why?\n\nThey {{c1::add}} {{c2::up}}.", None),
        ("## Why?\n\nThey {{c1::add}} {{c2::up}}.", "## Why?\n\nThey add up.", None),
    ],
)  # fmt: skip
def test_a_question_asked_in_another_form_is_the_same_under_the_same_heading_or_text(
    before: str, after: str, moves: tuple[str, str] | None
) -> None:
    found = moved(f"# C\n\n{before}\n", f"# C\n\n{after}\n")
    names = {old.partition("/")[2]: new.partition("/")[2] for old, new in found.items()}
    assert names == (dict([moves]) if moves else {})


def test_of_several_gaps_none_is_chosen_for_a_history_but_the_command_that_settles_it_is_told() -> (
    None
):
    gone = read("# C\n\n## Why?\n\nThey add up.\n")
    new = read("# C\n\n## Why?\n\nThey {{c1::add}} {{c2::up}}.\n")
    (doubt,) = match(gone, new).doubts
    assert doubt.candidates == ("deck/card#why/c1", "deck/card#why/c2")
    assert "quiz relink deck/card#why deck/card#why/c1" in doubt.advice


def test_an_explicit_id_settles_what_the_text_cannot() -> None:
    before = "# C\n\n## Is `a == b` elementwise? {#elementwise}\n\nYes, for tensors.\n"
    after = "# C\n\n## Is `torch.eq(a, b)` elementwise? {#elementwise}\n\nYes, for tensors.\n"
    assert moved(before, after, to="deck/renamed") == {"elementwise": "elementwise"}


def test_moves_are_one_to_one() -> None:
    for edit in edits("swap", 40, seed=7):
        moves = match(edit.gone, edit.new, edit.kept).moves
        assert len({move.old for move in moves}) == len(moves) == len({move.new for move in moves})


def test_the_order_of_the_input_does_not_matter() -> None:
    rng = random.Random(1)
    for edit in edits("split", 10):
        gone, new = list(edit.gone), list(edit.new)
        expected = match(gone, new, edit.kept).moves
        rng.shuffle(gone)
        rng.shuffle(new)
        assert match(gone, new, edit.kept).moves == expected


def test_ten_thousand_questions_in_a_renamed_folder_are_all_kept() -> None:
    def taken(folder: str) -> list[Snapshot]:
        return [
            Snapshot(f"{folder}/c{n // 10}#q{n % 10}", Kind.RECALL, f"What is {n}?", f"It is {n}.")
            for n in range(10_000)
        ]

    moves = match(taken("old"), taken("new")).moves
    assert len(moves) == 10_000
    assert all(move.old.partition("/")[2] == move.new.partition("/")[2] for move in moves)


def test_nothing_gone_or_nothing_new_is_nothing_to_do() -> None:
    some = read("# C\n\n## Q?\n\nA.\n")
    assert match(some, []).moves == ()
    assert match([], some).moves == ()


def test_what_is_to_be_typed_in_a_shell_is_quoted_where_it_must_be() -> None:
    assert settling("a/b#c", "d#한글-1.5") == "`quiz relink a/b#c d#한글-1.5`"
    assert settling("a b/c#d (set aside 3f)", "it's#e") == (
        "`quiz relink 'a b/c#d (set aside 3f)' 'it'\"'\"'s#e'`"
    )
