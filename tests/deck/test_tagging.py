"""Tags are written into a card file, and nothing else of it changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.deck.tagging import tags_of, with_tags
from quiz.errors import CardError

BODY = "# One\n\nA note.\n\n## Is it?\n\nYes.\n"


@pytest.mark.parametrize(
    ("before", "add", "remove", "after"),
    [
        ("", ["a"], [], "---\ntags: [a]\n---\n\n"),
        ("\ufeff", ["a"], [], "\ufeff---\ntags: [a]\n---\n\n"),
        ("---\ntags: [a, b]\n---\n\n", ["c"], [], "---\ntags: [a, b, c]\n---\n\n"),
        ("---\ntags: [a, b]\n---\n\n", [], ["a"], "---\ntags: [b]\n---\n\n"),
        ("---\ntags: [a]\n---\n\n", [], ["a"], "---\ntags: []\n---\n\n"),
        ("---\ntags:\n---\n", ["a"], [], "---\ntags: [a]\n---\n"),
        ("---\nlinks: [x]  # mine\n---\n", ["a"], [], "---\ntags: [a]\nlinks: [x]  # mine\n---\n"),
        ("---\n---\n", ["a b"], [], '---\ntags: ["a b"]\n---\n'),
        ("---\ntags: [a] # why\nlinks:\n- x\n---\n", ["null"], [],
         '---\ntags: [a, "null"] # why\nlinks:\n- x\n---\n'),
        ("---\ntags:\n  - a\n  - b\nlinks: [x]\n---\n", ["한국어"], ["a"],
         "---\ntags:\n  - b\n  - 한국어\nlinks: [x]\n---\n"),
        ("---\ntags:\n- a\n---\n", [], ["a"], "---\ntags: []\n---\n"),
        ("---\r\ntags:\r\n- a\r\n---\r\n", ["b"], [], "---\r\ntags:\r\n- a\r\n- b\r\n---\r\n"),
        ("---\ntags: [a]\n---\n", ["a"], ["c"], "---\ntags: [a]\n---\n"),
    ],
)  # fmt: skip
def test_tags_are_written_in_the_form_that_is_there(
    before: str, add: list[str], remove: list[str], after: str
) -> None:
    body = BODY.replace("\n", "\r\n") if "\r" in before else BODY
    assert with_tags(before + body, add, remove) == after + body


@pytest.mark.parametrize(
    "head",
    [
        "---\ntags: [a, # why\n  b]\n---\n",
        "---\n{tags: [a]}\n---\n",
        "---\ntags: a\n---\n",
        "---\ntags: [&x a, *x]\n---\n",
        "---\ntags: [a\n---\n",
        "---\ntags: [a]\n",
        "\n---\ntags: [a]\n---\n",
    ],
)
def test_what_cannot_be_changed_for_sure_is_left(head: str) -> None:
    with pytest.raises(CardError, match="cannot be changed from here"):
        with_tags(head + BODY, ["new"], ["a"])


@given(
    st.lists(st.text("ab#:,'\"[]{}&*!|>% -~한\\/", min_size=1, max_size=5).map(str.strip)
             .filter(bool), max_size=4, unique=True),
    st.lists(st.sampled_from(["x", "y: z", "- q"]), max_size=3, unique=True),
)  # fmt: skip
def test_any_tag_comes_back_as_it_was_given(tags: list[str], more: list[str]) -> None:
    text = with_tags(BODY, tags)
    assert set(tags_of(text)) == set(tags)
    assert text.endswith(BODY)
    fewer = with_tags(with_tags(text, more), [], tags)
    assert set(tags_of(fewer)) == set(more) - set(tags)
