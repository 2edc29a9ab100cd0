"""forbid, require and lines, however the answer says it."""

from __future__ import annotations

import pytest
import torch  # noqa: F401 — an answer is checked where it is loaded

from quiz.grade.constraints import Breach, check, logical_lines
from quiz.grade.source import ANSWER, Snippet, parse


def breaches(
    text: str, *, forbid: str = "", require: str = "", lines: int | None = None
) -> list[Breach]:
    snippet = Snippet(text, ANSWER)
    return check(
        parse(snippet),
        text,
        forbid=tuple(forbid.split()),
        require=tuple(require.split()),
        lines=lines,
    )


CLASS = """class A:
    def __init__(self):
        super().__init__()
        self.relu = nn.ReLU()

    def softmax(self, x):
        return x

"""


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("torch.ne", "y = torch.ne(a, b)"),
        ("torch.ne", "from torch import ne\ny = ne(a, b)"),
        ("torch.ne", "from torch import ne as n"),
        ("torch.ne", "from torch import *\ny = ne(a, b)"),
        ("torch.ne", "import torch as t\ny = t.ne(a, b)"),
        ("torch.ne", "t = torch\ny = t.ne(a, b)"),
        ("torch.ne", "y = a.ne(b)"),
        ("torch.ne", "a.ne_(b)"),
        ("torch.ne", "y = torch.Tensor.ne(a, b)"),
        ("torch.ne", "f = torch.ne"),
        ("torch.ne", "y = getattr(torch, 'ne')(a, b)"),
        ("torch.ne", "y = getattr(torch, 'n' + 'e')(a, b)"),
        ("torch.ne", "y = eval('torch.ne')(a, b)"),
        ("torch.ne", "y = torch.__dict__['ne'](a, b)"),
        ("torch.ne", "y = getattr(torch, *['ne'])(a, b)"),
        ("torch.ne", "import operator\ny = operator.methodcaller('ne', b)(a)"),
        ("torch.ne", "from operator import attrgetter as read\ny = read('ne')(torch)(a, b)"),
        ("torch.ne", "import operator\ny = operator.attrgetter(word)(torch)(a, b)"),
        ("torch.ne", "y = torch.ops.aten.ne(a, b)"),
        ("torch.ne", "y = torch._C._VariableFunctions.ne(a, b)"),
        ("torch.einsum", "y = torch.functional.einsum('i', a)"),
        ("torch.softmax", "y = F.softmax(x, -1)"),
        ("torch.softmax", "from torch.special import softmax as s\ny = s(x, -1)"),
        ("F.softmax", "y = torch.softmax(x, -1)"),
        ("torch.softmax", "y = torch.ops.aten._softmax(x, -1, False)"),
        ("torch.softmax", "match x:\n    case torch.Tensor(softmax=s):\n        y = s(-1)"),
        ("torch.softmax", "import inspect\ny = dict(inspect.getmembers(torch))[name](x, -1)"),
        ("torch.softmax", "from pydoc import locate\ny = locate('torch.' + name)(x, -1)"),
        ("torch.softmax", f"{CLASS}    def f(self, x):\n        return x.softmax(-1)"),
        ("torch.softmax", f"{CLASS}    def f(me, self):\n        return self.softmax(-1)"),
        ("torch.softmax", f"{CLASS}def f(self):\n    return self.softmax(-1)"),
        ("torch.softmax", f"{CLASS}    @staticmethod\n    def f(self):\n        self.softmax(-1)"),
        ("torch.softmax", f"{CLASS}    def f(self):\n        self.softmax(-1)\nA.f(x)"),
        (
            "torch.norm",
            "class A(B):\n    def norm(self): ...\n    def f(self):\n        self.norm()",
        ),
        ("torch.softmax", f"{CLASS}self = x\ny = self.softmax(-1)"),
        ("nn.Linear", "m = torch.nn.modules.Linear(1, 1)"),
        ("nn.Linear", "from torch.nn.modules.linear import Linear as Layer"),
        ("nn.Linear", "import torch.nn.modules.linear as layers\nm = layers.Linear(1, 1)"),
        ("torch.no_grad", "with torch.autograd.no_grad():\n    pass"),
        ("!=", "import _operator\ny = _operator.ne(a, b)"),
        ("torch.max", "y = torch.finfo(a.max().dtype).min"),
        ("torch.max", "a = torch.finfo(torch.half)\ndef f(a):\n    return a.max()"),
        ("torch.sort", "y = a.sort()"),
        ("torch.split", "y = a.split(2)"),
        ("torch.add_", "a.add_(1)"),
        ("torch.optim", "from torch.optim import SGD\no = SGD([x], 1)"),
        ("torch.optim", "from torch.optim.sgd import SGD as S"),
        ("torch.optim", "from torch.optim import *\no = SGD([x], 1)"),
        ("torch.nn", "y = F.linear(a, b)"),
        ("torch.nn", "import torch.nn.functional as G"),
        ("math", "def f(x):\n    from math import sqrt\n    return sqrt(x)"),
        ("numpy", "y = np.ones(2)"),
        ("[]", "from operator import itemgetter\ny = itemgetter(0)(a)"),
        ("F.relu", "y = F.relu(x)"),
        ("F.relu", "y = nn.functional.relu(x)"),
        ("F.relu", "import torch.nn.functional as G\ny = G.relu(x)"),
        ("nn.Linear", "m = torch.nn.Linear(1, 1)"),
        ("nn.Linear", "from torch.nn import Linear\nm = Linear(1, 1)"),
        ("einsum", "y = torch.einsum('i', a)"),
        ("sum", "y = sum(a)"),
        ("sum", "import builtins\ny = builtins.sum(a)"),
        ("!=", "y = a != b"),
        ("!=", "y = 0 < a != b"),
        ("!=", "import operator\ny = operator.ne(a, b)"),
        ("!=", "y = a.__ne__(b)"),
        ("@", "y = a @ b"),
        ("@", "a @= b"),
        ("-", "y = -a"),
        ("~", "y = ~a"),
        ("not", "y = not a"),
        ("in", "y = 1 not in a"),
        ("for", "for i in a:\n    pass"),
        ("for", "y = [i for i in a]"),
        ("while", "while a:\n    break"),
        ("if", "y = 1 if a else 2"),
        ("if", "y = [i for i in a if i]"),
        ("if", "match a:\n    case 1 if b:\n        pass"),
        ("lambda", "f = lambda: 1"),
        ("[]", "y = a[0]"),
        (":=", "print(y := 1)"),
        ("import", "from math import pi"),
    ],
)
def test_a_forbidden_word_is_found(word: str, text: str) -> None:
    (found,) = breaches(text, forbid=word)
    assert found.line >= 1
    assert found.column >= 1


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("torch.ne", "y = torch.eq(a, b)"),
        ("torch.ne", "# torch.ne\ny = 'torch.ne'"),
        ("torch.ne", "ne = 3\ny = ne"),
        ("torch.ne", "y = getattr(a, 'shape')"),
        ("torch.sum", "y = sum(a)"),
        ("torch.pow", "y = math.pow(2, 3)"),
        ("sum", "y = torch.sum(a) + a.sum()"),
        ("!=", "y = a == b"),
        ("-", "y = a + +b"),
        ("-", "y = a.sum(-1) + -1.5"),
        ("torch.max", "y = a.masked_fill(m, -torch.finfo(a.dtype).max)"),
        ("torch.max", "bounds = torch.iinfo(torch.int8)\ny = bounds.max"),
        ("[] |", "def f(x: list[int] | None) -> tuple[int, ...]:\n    y: dict[str, int] = {}"),
        ("if", "y = [i for i in a]"),
        ("not", "y = ~a"),
        ("for", "while a:\n    break"),
        ("torch.split", "y = a.split(',')"),
        ("torch.split", "y = 'a b'.split() + f'{a}'.split(None, 1) + a.split()"),
        ("torch.split", "y = str.split(a)"),
        ("torch.sort", "a.sort()\nb.sort(key=len)"),
        ("torch.add", "seen.add(a)"),
        ("torch.norm", "y = torch.linalg.norm(a)"),
        ("F.relu", f"{CLASS}    def f(self, x):\n        return self.relu(self.softmax(x))"),
        ("torch.norm", "class A:\n    def norm(self): ...\n    def f(self):\n        self.norm()"),
        ("nn.Linear", "m = nn.Bilinear(1, 1, 1)"),
        ("torch.func", "y = torch.functional.einsum('i', a)"),
        ("math", "import cmath\ny = cmath.sqrt(2)"),
    ],
)
def test_what_is_allowed_stays_allowed(word: str, text: str) -> None:
    assert breaches(text, forbid=word) == []


def test_a_word_of_two_modules_is_meant_of_one_where_the_question_names_both() -> None:
    assert breaches("y = F.relu(a)", forbid="torch.relu", require="F.relu") == []
    assert len(breaches("y = torch.relu(a)", forbid="torch.relu", require="F.relu")) == 2


def test_what_is_one_object_under_two_names_is_either() -> None:
    assert breaches("y = torch.func.vmap(f)(a)", require="torch.vmap") == []


def test_the_place_is_that_of_the_word() -> None:
    (found,) = breaches("y = (a\n     != b)\nz = a.ne(b)", forbid="torch.ne")
    assert (found.line, found.column) == (3, 5)


def test_a_yield_that_is_never_reached_makes_a_generator() -> None:
    assert breaches("def f():\n    return\n    yield", require="yield") == []


def test_a_required_word_must_be_there() -> None:
    assert breaches("y = torch.einsum('i', a)", require="torch.einsum") == []
    assert breaches("from itertools import chain\ny = chain(a)", require="itertools") == []
    assert breaches("y = a + b", require="@ torch.einsum")[1].message.count("torch.einsum") == 1


@pytest.mark.parametrize(
    "text",
    [
        "from torch import einsum",
        "import torch\ntorch.einsum\ny = a",
        "if False:\n    y = torch.einsum('i', a)",
        "if 1:\n    y = a\nelse:\n    y = torch.einsum('i', a)",
        "while 0:\n    torch.einsum('i', a)",
        "y = torch.einsum('i', a) if None else a",
        "def f(a):\n    return a\n    torch.einsum('i', a)",
        "for x in a:\n    continue\n    torch.einsum('i', a)",
    ],
)
def test_a_required_word_that_comes_to_nothing_is_not_used(text: str) -> None:
    assert len(breaches(text, require="torch.einsum")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "torch.einsum",
        "f = torch.einsum",
        "from torch import einsum as e\ny = e('i', a)",
        "if a:\n    y = torch.einsum('i', a)",
        "while True:\n    y = torch.einsum('i', a)\n    break",
        "def f(a):\n    if a:\n        return a\n    return torch.einsum('i', a)",
        "if False:\n    torch.einsum\ny = torch.einsum('i', a)",
    ],
)
def test_a_required_word_that_may_run_is_used(text: str) -> None:
    assert breaches(text, require="torch.einsum") == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("x = 1", 1),
        ("x = 1; y = 2", 2),
        ("x = 1;", 1),
        ("# only\n\n", 0),
        ("x = (1 +\n  2)\n", 1),
        ("def f(x):\n    '''doc'''\n    return x\n", 2),
        ("def f():\n    return 'text'\n", 2),
        ("def f(x): return x", 1),
    ],
)
def test_logical_lines_are_counted_as_python_does(text: str, count: int) -> None:
    assert logical_lines(text) == count
    assert (breaches(text, lines=count) == []) is True
    assert len(breaches(text, lines=count - 1)) == 1
