"""What a wrong result has in common with the right one is said where it holds, and only there."""

from __future__ import annotations

import math

import pytest
import torch

from quiz.grade.clues import of_elements, of_numbers, of_sequences, of_shapes, of_texts
from quiz.grade.values import DTYPES

X = torch.tensor([[1.0, -2.0, 6.0], [3.0, 5.0, 4.5]])
SQUARE = torch.arange(9.0).reshape(3, 3)
TRUTH = torch.tensor([True, False, True])


@pytest.mark.parametrize(
    ("expected", "got", "says"),
    [
        (X, -X, "Every sign is the opposite."),
        (X, X * 100, "Every element is 100 times what it should be."),
        (X, X * 0.125, "Every element is 0.125 times what it should be."),
        (X, X + 1, "Every element is too large by 1."),
        (X, X - 0.5, "Every element is too small by 0.5."),
        (X.long(), X.long() + 1, "Every element is too large by 1."),
        (X, X.flip(1), "It is reversed along dimension 1."),
        (SQUARE, SQUARE.T, "It is transposed."),
        (SQUARE[0], SQUARE[0][[1, 2, 0]], "The elements are right, only their order is not."),
        (X, X + 0.01, "Every element is too large by 0.01."),
        (TRUTH, ~TRUTH, "True and False are swapped."),
        (TRUTH[0], ~TRUTH[0], ""),
        (X, X.where(X > 0, math.nan), "1 element is NaN."),
        (torch.tensor(0.25), torch.tensor(1.5), "That is 6 times what it should be."),
        (X, X * X, ""),
        (X, X.where(X > 0, 0.0), ""),
        (X, X * (1 + 2e-6), ""),
        (X, X * math.nan, ""),
        (X, X / 0, ""),
        (X * 0, X * 0 + 1, ""),
        (TRUTH, TRUTH.logical_and(TRUTH.flip(0).logical_not()), ""),
        (torch.empty(0), torch.empty(0), ""),
        (torch.ones(2) * 1j, torch.ones(2) * 2j, ""),
    ],
)
def test_elements(expected: torch.Tensor, got: torch.Tensor, says: str) -> None:
    assert of_elements(expected, got) == says


@pytest.mark.parametrize(
    ("expected", "got", "says"),
    [
        (0.5, 50.0, "That is 100 times what it should be."),
        (1.5, 0.1875, "It should be 8 times that."),
        (0.5, -0.5, "The sign is the opposite."),
        (0.5, 0.7, ""),
        (3.0, 6.0, ""),
        (0.5, 0.0, ""),
        (math.nan, 1.0, ""),
        (0.5, math.inf, ""),
    ],
)
def test_numbers(expected: float, got: float, says: str) -> None:
    assert of_numbers(expected, got) == says


@pytest.mark.parametrize(
    ("expected", "got", "says"),
    [
        (X, X.T, "It is transposed."),
        (X[None], X.T[None], "Dimensions 1 and 2 are swapped."),
        (X, X.reshape(3, 2), "The elements are right, only the shape is not."),
        (X[0], X[0][:, None], "The elements are right, only the shape is not."),
        (X, X.reshape(3, 2) + 1, ""),
        (X, X[0], ""),
        (X[0], X[0][1:], "The first item is missing."),
        (X[0][:2], X[0], "There is one item too many at the end."),
    ],
)
def test_shapes(expected: torch.Tensor, got: torch.Tensor, says: str) -> None:
    assert of_shapes(expected, got) == says


@pytest.mark.parametrize(
    ("expected", "got", "says"),
    [
        ("abcd", "bcde", "The first item is missing, and each stands one place too early."),
        ("abcd", "_abc", "Each item stands one place too late."),
        ("abcd", "bcd", "The first item is missing."),
        ("abcd", "abc", "The last item is missing."),
        ("abcd", "abcde", "There is one item too many at the end."),
        ("abcd", "_abcd", "There is one item too many at the beginning."),
        ("abcd", "dcba", "The items are in reverse order."),
        ("abcd", "badc", "The items are right, only their order is not."),
        ("abcd", "abxd", ""),
        ("aaaa", "aaab", ""),
        ("aaab", "aaaa", ""),
        ("aaa", "aa", ""),
        ("ab", "bc", ""),
        ("a", "", ""),
        ("", "a", ""),
        ("abcd", "abcd", ""),
    ],
)
def test_items(expected: str, got: str, says: str) -> None:
    assert of_sequences([*expected], [*got]) == says


@pytest.mark.parametrize(
    ("expected", "got", "says"),
    [
        ("Ann:  3", "Ann: 3", "Only white space differs."),
        ("a\nb", "ab\n", "Only white space differs."),
        ("Ann", "ANN", "Only upper and lower case differ."),
        ("Ann", "Bob", ""),
    ],
)
def test_texts(expected: str, got: str, says: str) -> None:
    assert of_texts(expected, got) == says


@pytest.mark.filterwarnings("ignore:ComplexHalf")
@pytest.mark.parametrize("name", sorted(DTYPES))
def test_every_dtype_is_looked_at_without_harm(name: str) -> None:
    one, other = torch.ones(2, 3).to(DTYPES[name]), torch.zeros(3, 2).to(DTYPES[name])
    assert isinstance(of_elements(one, other.reshape(2, 3)), str)
    assert isinstance(of_shapes(one, other), str)
