"""What a learner reads: calls that can be typed again, grids, carets, explained asserts."""

from __future__ import annotations

import ast
import math
from collections.abc import Collection

import pytest
import torch

from quiz.grade import failures, feedback
from quiz.grade.advice import definition
from quiz.grade.asserts import Explained, rewrite
from quiz.grade.compare import compare
from quiz.grade.encode import Encoder
from quiz.grade.source import ANSWER, Snippet, compile_tree, normalise, parse
from quiz.grade.values import Value, decode
from quiz.model.verdict import Grid


def value(of: object, **how: bool) -> Value:
    encoder = Encoder(**how)  # type: ignore[arg-type]
    return decode(encoder.node(of), encoder.blob())


@pytest.mark.parametrize(
    "thing",
    [
        torch.tensor([1, 2]),
        torch.tensor([[1.0, 2.5], [0.1, -3e-8]]),
        torch.tensor(True),
        torch.tensor([math.nan, math.inf, -math.inf]),
        torch.tensor([1.0, 2.0], dtype=torch.float16),
        torch.tensor([0.1, 1 / 3], dtype=torch.bfloat16),
        torch.tensor([1, 2], dtype=torch.uint8),
        torch.tensor([1 + 2j]),
        torch.empty(0),
        torch.empty(0, 3, dtype=torch.int64),
        torch.tensor([1.0], requires_grad=True),
        [1, (2,), {"a": {3}}, "b", None, 1.5, ..., b"x"],
        torch.Size([2, 3]),
        slice(1, 2),
    ],
)
def test_what_is_shown_can_be_typed_again(thing: object) -> None:
    text = feedback.typed(value(thing))
    again = eval(text, {"torch": torch, "math": math})
    assert compare(value(thing), value(again)).differences == []


def test_a_call_reads_as_one_would_type_it() -> None:
    text = feedback.call_text("ne", [value(torch.tensor([1, 2])), value(1)], [("dim", value(0))])
    assert text == "ne(torch.tensor([1, 2]), 1, dim=0)"
    large = feedback.call_text("f", [value(torch.randn(512, 512), brief=True)], [])
    assert large == "f(<tensor of shape (512, 512), float32>)"


def test_a_call_does_not_become_a_wall_of_numbers() -> None:
    middling, small = value(torch.randn(2, 5, 4)), value(torch.ones(2, 2))
    assert feedback.call_text("f", [small, small], []).count("torch.tensor(") == 2
    several = feedback.call_text("f", [middling, middling, small], [("causal", value(True))])
    what = "<tensor of shape (2, 5, 4), float32>"
    small_text = "torch.tensor([[1., 1.], [1., 1.]])"
    assert several == f"f({what}, {what}, {small_text}, causal=True)"


def test_small_tensors_are_given_as_grids() -> None:
    a, b = torch.tensor([[1.0, math.nan], [3.25, 4.0]]), torch.tensor([[1.0, 2.0], [3.25, 5.0]])
    found = compare(value(a), value(b))
    grid = feedback.grid(value(b).data, found.tensors[0].differs)
    assert grid is not None
    assert grid.cells == (("1.", "2."), ("3.25", "5."))
    assert grid.differs == ((False, True), (False, True))
    narrow = feedback.grid(value(torch.tensor([0.0416012, -0.0051981, 1234.56, 0.5, 1e-7])).data)
    assert narrow is not None
    assert narrow.cells[0] == ("0.0416", "-0.0052", "1235", "0.5", "1e-07")
    shown = feedback.grid(value(a).data)
    assert shown is not None
    assert shown.cells[0][1] == "nan"
    assert math.isnan(shown.values[0][1])
    assert feedback.grid(value(torch.ones(16, 16)).data) is not None
    assert feedback.grid(value(torch.tensor(True)).data) == Grid(
        (("True",),), ((1.0,),), ((False,),)
    )


def test_of_a_larger_tensor_the_part_around_a_difference_is_drawn() -> None:
    batch = torch.arange(24.0).reshape(2, 3, 4)
    differs = batch == 17
    grid = feedback.grid(value(batch).data, differs, (1, 1, 1))
    assert grid is not None
    assert grid.part == "[1, :, :]"
    assert grid.cells[1] == ("16.", "17.", "18.", "19.")
    assert grid.differs == ((False,) * 4, (False, True, False, False), (False,) * 4)
    wide = torch.arange(2000).reshape(20, 100)
    for at, part in (
        ((0, 0), "[0:8, 0:8]"),
        ((10, 50), "[6:14, 46:54]"),
        ((19, 99), "[12:20, 92:100]"),
    ):
        grid = feedback.grid(value(wide).data, None, at)
        assert grid is not None
        assert grid.part == part
        assert str(wide[at].item()) in {cell for row in grid.cells for cell in row}
    row = feedback.grid(value(torch.arange(17)).data, None, (16,))
    assert row is not None
    assert (row.part, row.cells) == ("[9:17]", (tuple(map(str, range(9, 17))),))
    unlike = feedback.grid(value(torch.ones(2, 2, 2)).data, None, (1, 1))
    assert unlike is not None
    assert unlike.part == "[0, :, :]", "where the shapes differ, the first"
    huge = torch.zeros(1 << 20, 1 << 20, layout=torch.sparse_coo)
    assert feedback.grid(value(huge).data) is None


def failure(text: str) -> failures.Failure:
    snippet = Snippet(normalise(text), ANSWER)
    try:
        exec(
            compile_tree(parse(snippet), snippet),
            {"torch": torch, "nn": torch.nn, "F": torch.nn.functional},
        )
    except BaseException as error:
        return failures.describe(error, {ANSWER: snippet}, {"memory": 64})
    pytest.fail("it should have failed")


def test_a_traceback_holds_only_the_learners_lines_with_a_caret() -> None:
    found = failure("def f(x):\n    return x + yy\n\nf(1)\n")
    assert found["traceback"].split("\n") == [
        "  line 4",
        "    f(1)",
        "  line 2, in f",
        "    return x + yy",
        "               ^^",
        "NameError: name 'yy' is not defined",
    ]
    assert (found["line"], found["column"]) == (2, 16)


def test_pythons_suggestions_are_kept() -> None:
    assert failure("value = 1\nvalu")["message"].endswith("Did you mean: 'value'?")
    assert failure("[].apend(1)")["message"].endswith("Did you mean: 'append'?")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("np.array(1)", "Did you forget `import numpy as np`?"),
        ("functools.reduce", "Did you forget `import functools`?"),
        ("Counter('a')", "Did you forget `from collections import Counter`?"),
        ("optim.SGD", "Did you forget `from torch import optim`?"),
        ("DataLoader([])", "Did you forget `from torch.utils.data import DataLoader`?"),
        ("randn(3)", "Is `torch.randn` meant?"),
        ("Linear(1, 1)", "Is `nn.Linear` meant?"),
        ("rang(3)", "Did you mean: 'range'?"),
        ("means = 1\nmean", "Did you mean: 'means'?"),
        ("mean = 1\nmaen", "Did you mean: 'mean'?"),
        ("def f():\n    total = 1\n    return totall_\nf()", "Did you mean: 'total'?"),
        ("F.mse", "Did you mean: 'mse_loss'?"),
        ("def f(x, axis):\n    pass\nf(1, dim=2)", "unexpected keyword argument 'dim'"),
    ],
)
def test_what_an_import_would_bring_is_said(code: str, says: str) -> None:
    assert failure(code)["message"].endswith(says)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("if torch.ones(2) > 0:\n    pass", "`torch.where`, `.any()` or `.all()`."),
        ("torch.ones(2) - torch.ones(2).mean", "Are the parentheses of a call missing?"),
        ("torch.ones(2)(0)", "An index stands in square brackets: `x[0]`."),
        ("[3, 1].sort()[0]", "so does one that changes in place."),
        ("import numpyy", "It is not installed where answers run."),
        ("(1.5).backward()", "Tensors have `backward`; this is no tensor but a Python float."),
        ("torch.ones(2).backward()", "or computed under `no_grad`?"),
        ("torch.ones(2, requires_grad=True).backward()", "by `.sum()` or `.mean()`."),
        ("torch.ones(2, requires_grad=True).add_(1)", "inside `with torch.no_grad():`."),
        (
            "class A(nn.Module):\n    def __init__(self):\n        self.fc = nn.ReLU()\nA()",
            "Call `super().__init__()` first.",
        ),
        (
            "class A:\n    def __init__(self):\n        fc = 1\nA().fc",
            "; line 3 binds `fc`, not `self.fc`.",
        ),
        ("len()", "len() takes exactly one argument (0 given)"),
        ("{}['a']", "KeyError: 'a'"),
    ],
)
def test_what_usually_brings_an_error_about_is_said(code: str, says: str) -> None:
    assert failure(code)["message"].endswith(says)


def test_shapes_are_given_where_they_do_not_fit() -> None:
    code = "def f(a, b):\n    c = 1\n    return a * b.T + c\nf(torch.ones(2, 3), torch.ones(4))"
    found = failure(code.replace(".T", ""))["traceback"].split("\n")
    assert found[-2] == "    shapes: a (2, 3), b (4,)"
    assert "shapes" not in failure("torch.ones(2) + 'a'")["traceback"]


@pytest.mark.parametrize(
    ("says", "line", "hint"),
    [
        (
            "h() missing 1 required positional argument: 'x'",
            12,
            "; a function outside a class has no `self`.",
        ),
        ("A.forward() takes 1 positional argument but 2 were given", 3, "; is `self` missing?"),
        ("A.other() takes 1 positional argument but 2 were given", 6, ""),
        ("f() got an unexpected keyword argument 'dim'", 9, ""),
        ('Module [A] is missing the required "forward" function', 1, ""),
    ],
)
def test_a_call_that_does_not_fit_is_placed_at_the_definition(
    says: str, line: int, hint: str
) -> None:
    code = """class A(nn.Module):

    def forward(x):
        return x

    def other(self):
        return self

def f(x):
    return x

def h(self, x):
    return x
"""
    found = definition(says, {ANSWER: Snippet(code, ANSWER)})
    assert found is not None
    assert (found.line, found.hint) == (line, hint)
    assert definition("g() takes 1 positional argument", {ANSWER: Snippet(code, ANSWER)}) is None


def test_carets_stand_under_wide_characters() -> None:
    lines = failure("값 = '가나'; 합 = 값 + 1\n")["traceback"].split("\n")
    assert lines[2].index("^") == 4 + len("값 = '가나'; 합 = ") + 4  # four wide ones before


@pytest.mark.parametrize(
    ("text", "cells"),
    [("😀", 2), ("（", 2), ("\u1112\u1161\u11ab", 2), ("e\u0301", 1), ("\t", 1)],
)
def test_carets_count_cells_as_a_terminal_does(text: str, cells: int) -> None:
    lines = failure(f"x = '{text}'; y = x + 1\n")["traceback"].split("\n")
    assert lines[2].index("^") == 4 + len("x = ''; y = ") + cells
    assert ("\t" in lines[2]) == (text == "\t")


def test_of_a_long_line_the_part_is_shown_that_failed() -> None:
    text = failure(f"x = [{'1, ' * 2000}] + 가나다 + [{'1, ' * 2000}]")["traceback"]
    line, marks = text.split("\n")[1:3]
    assert line.startswith("    …")
    assert line.endswith("…")
    assert "가나다" in line
    assert len(line) < 200
    assert marks.index("^") == line.index("가나다")
    assert text.endswith("NameError: name '가나다' is not defined")


def test_a_group_of_exceptions_names_its_parts() -> None:
    code = "raise ExceptionGroup('two', [ValueError('a'), ExceptionGroup('in', [KeyError('b')])])"
    assert failure(code)["message"].split("\n") == [
        "ExceptionGroup: two (2 sub-exceptions)",
        "- ValueError: a",
        "- ExceptionGroup: in (1 sub-exception)",
        "- KeyError: 'b'",
    ]


def test_a_syntax_error_stands_at_its_column() -> None:
    found = failure("x = 1\nif x = 2:\n    pass\n")
    assert (found["line"], found["column"]) == (2, 4)
    assert "    if x = 2:\n       ^" in found["traceback"]


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        ("raise SystemExit(3)", "error", "sys.exit(3)"),
        ("raise KeyboardInterrupt", "error", "KeyboardInterrupt"),
        ("def f(): f()\nf()", "error", "too deeply"),
        ("raise MemoryError", "memory", "64 MiB"),
        ("raise RuntimeError('DefaultCPUAllocator: can\\'t allocate memory: you tried to "
         "allocate 4398046511104 bytes.')", "memory", "4 TiB"),
        ("raise RuntimeError('std::bad_alloc')", "memory", "64 MiB"),
        ("raise PermissionError(1, 'no', '/etc/x')", "blocked", "/etc/x"),
        ("raise OSError(27, 'File too large')", "output", "larger"),
        ("import urllib.error, socket\nraise urllib.error.URLError(socket.gaierror(-3, 'no'))",
         "blocked", "refused"),
        ("class E(Exception):\n    def __str__(self): raise ValueError\nraise E", "error", "E"),
        ("class E(BaseException):\n    __context__ = property(lambda s: 1 / 0)\nraise E",
         "error", "E"),
    ],
)  # fmt: skip
def test_failures_are_told_by_kind(code: str, kind: str, says: str) -> None:
    found = failure(code)
    assert found["kind"] == kind
    assert says in found["message"]


def test_a_refused_process_names_the_attribute_that_would_allow_it() -> None:
    text = "import os\ndef go():\n    raise PermissionError(1, 'no') if os.fork else None\ngo()"
    found = failure(text)
    assert (found["kind"], "`processes`" in found["message"]) == ("blocked", True)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("x = '\0'", 1, "null"),
        ("x = 1\ny = '\ud800'", 2, "Unicode"),
        ("(" * 300 + ")" * 300, 1, "nested"),
        ("x = " + "-" * 100_000 + "1", 1, "nested"),
        ("def f(:", 1, "syntax"),
    ],
)
def test_text_that_is_no_python_is_a_syntax_error(text: str, line: int, says: str) -> None:
    snippet = Snippet(text, ANSWER)
    with pytest.raises(SyntaxError) as caught:
        compile_tree(parse(snippet), snippet)
    assert caught.value.lineno == line
    assert says in str(caught.value.msg)


def explained(code: str, trusted: Collection[str] | None = None) -> str:
    snippet = Snippet(normalise(code), "<string>")
    made = Explained(trusted)
    names: dict[str, object] = {made.name: made, "torch": torch}
    with pytest.raises(AssertionError) as caught:
        exec(compile_tree(rewrite(parse(snippet)), snippet), names)
    return str(caught.value)


def test_a_failed_assert_tells_the_values_of_its_parts() -> None:
    text = explained("def f(x): return x + 1\nassert f(1) == 3, 'add one'")
    assert text == "add one\nassert f(1) == 3\n  f(1) = 2"
    text = explained("x = torch.ones(2)\nassert torch.equal(x, x * 2)")
    assert "x = tensor([1., 1.])" in text
    assert "x * 2 = tensor([2., 2.])" in text
    assert "b" not in explained("a = 0\nb = 1\nassert a and b")[len("assert a and b") :]


def test_a_rewritten_assert_evaluates_each_part_once() -> None:
    seen: list[int] = []

    def tick() -> int:
        seen.append(1)
        return 1

    tree = rewrite(ast.parse("assert tick() == 1 and not tick() > 1\nassert tick() < 2 < 3"))
    made = Explained()
    exec(compile(tree, "<test>", "exec"), {made.name: made, "tick": tick})
    assert len(seen) == 3


LIARS = """
from unittest.mock import ANY, MagicMock
class Yes:
    __hash__ = lambda self: hash(3)
    __eq__ = __lt__ = __gt__ = __contains__ = lambda self, other: True
class Slots(int):
    __eq__ = __lt__ = __gt__ = int.__ne__
    __hash__ = int.__hash__
class Types:
    __eq__ = __lt__ = __gt__ = __contains__ = bool
class Written:
    exec("def __eq__(self, other): return True")
"""


@pytest.mark.parametrize(
    "claim",
    [
        "Yes() == 3",
        "3 == Yes()",
        "[1, (Yes(),)] == [1, (2,)]",
        "{'a': Yes()} == {'a': 1}",
        "{Yes()} == {3}",
        "{3} == {Yes()}",
        "Yes() in (1, 2)",
        "1 in Yes()",
        "0 <= 2 < Yes() < 3",
        "not Yes() < 3",
        "Slots(0) == 3",
        "Slots(0) < 3",
        "Types() == 3",
        "3 in Types()",
        "Written() == 3",
        "ANY == 3",
        "MagicMock(__eq__=lambda a, b: True) == 3",
    ],
)
def test_a_comparison_that_the_answer_decides_by_itself_is_refused(claim: str) -> None:
    assert "only by its own `__" in explained(f"{LIARS}\nassert {claim}", trusted=())
    trusted = ("__eq__", "__lt__", "__contains__")
    assert "only by its own" not in explained(f"{LIARS}\nassert {claim} and 0", trusted)


@pytest.mark.parametrize(
    "text",
    [
        "assert 1 == 1.0 == True and [1, (2,)] == [1, (2,)] and 1 in (1, 2) and 'a' in 'ab'",
        "from fractions import Fraction as Q\nassert Q(1, 2) == 0.5 and Q(1, 2) in [0.5]",
        "from collections import namedtuple, Counter, OrderedDict\n"
        "P = namedtuple('P', 'x y')\nassert P(1, 2) == (1, 2) and Counter('aa') == {'a': 2}\n"
        "assert OrderedDict(a=1) == {'a': 1}",
        "from enum import IntEnum\nclass E(IntEnum):\n    A = 1\nassert E.A == 1 and E.A < 2",
        "assert torch.ones(2).shape == (2,) and torch.tensor(1) == 1 and (torch.ones(()) < 2)",
        "x = torch.ones(2)\nassert (x ** 2 + 2 ** x - 1.5 / x // 2 % 3 == 3).all() and 3 > x.sum()",
        "x = torch.arange(4)\nassert ((x << 1 >> 1 & 3 | 0 ^ 0) == x).all() and 3 - x[0] == 3",
        "class V:\n    def __eq__(self, other): return True\nassert V() == V() and [V()] == [V()]",
        "from dataclasses import dataclass\n@dataclass(order=True)\nclass D:\n    a: int\n"
        "assert D(1) == D(1) and D(1) < D(2) and [D(1)] == [D(1)]",
    ],
)
def test_comparisons_of_python_and_its_libraries_count(text: str) -> None:
    snippet = Snippet(normalise(text), "<string>")
    made = Explained(())
    exec(compile_tree(rewrite(parse(snippet)), snippet), {made.name: made, "torch": torch})
