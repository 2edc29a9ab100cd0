"""Which programs are made of a solution, and which are not since they would mean the same."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.grade.mutants import Mutant, mutants, spread


def changes(source: str) -> dict[str, str]:
    """Kind by the new line, for a solution of one line in a function."""
    return {new_line(mutant): mutant.kind for mutant in mutants(source)}


def new_line(mutant: Mutant) -> str:
    return " / ".join(line[2:] for line in mutant.change.splitlines() if line.startswith("+ "))


def of(expression: str) -> set[str]:
    """The expressions that may stand in place of the one returned."""
    lines = changes(f"def f(x, y, n):\n    return {expression}\n")
    return {line.removeprefix("return ") for line in lines} - {"None"}


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ("x - y", {"x + y", "y - x", "x", "y"}),
        ("x * y", {"x / y", "x + y", "x", "y"}),
        ("x @ y", {"x * y", "y @ x", "x", "y"}),
        ("x < y", {"x <= y", "x >= y"}),
        ("x == y", {"x != y"}),
        ("~x", {"x"}),
        ("not x", {"x"}),
        ("-x", {"x"}),
        ("x and y", {"x or y", "x", "y"}),
        ("x if n else y", {"x", "y", "y if n else x"}),
        ("x[1:]", {"x", "x[:]", "x[2:]", "x[0:]"}),
        ("x[:, None]", {"x", "x[None]", "x[:]"}),
        ("x.T", {"x"}),
        ("x.detach()", {"x", "x.detach_()"}),
        ("x.clone()", {"x"}),
        ("x.contiguous()", {"x"}),
        ("x.sum(dim=0)", {"x", "x.sum()", "x.sum(dim=1)", "x.mean(dim=0)", "x.prod(dim=0)"}),
        ("x.sum(dim=-1)", {"x", "x.sum()", "x.sum(dim=0)", "x.mean(dim=-1)",
                           "x.prod(dim=-1)"}),
        ("x.max(1)", {"x", "x.max()", "x.max(2)", "x.max(0)", "x.min(1)"}),
        (
            "x.var(0, unbiased=False)",
            {"x", "x.var(0)", "x.var(unbiased=False)", "x.var(0, unbiased=True)",
             "x.var(1, unbiased=False)", "x.var(-1, unbiased=False)", "x.std(0, unbiased=False)"},
        ),
        ("x.clamp(min=0)", {"x", "x.clamp()", "x.clamp(max=0)", "x.clamp(min=1)",
                            "x.clamp(min=-1)", "x.clamp_(min=0)"}),
        ("x.add_(y)", {"x", "x.add_()", "x.sub_(y)", "x.add(y)"}),
        ("torch.where(n, x, y)", {"n", "torch.where(n, x)", "torch.where(x, n, y)",
                                  "torch.where(n, y, x)"}),
        ("F.cross_entropy(x, y, reduction='sum')",
         {"x", "F.cross_entropy(x, y)", 'F.cross_entropy(x, reduction="sum")',
          'F.cross_entropy(y, x, reduction="sum")', 'F.nll_loss(x, y, reduction="sum")',
          'F.cross_entropy(x, y, reduction="mean")'}),
        ("[a for a in x if a > y]", {"[a for a in x]", "[a for a in x if a >= y]",
                                     "[a for a in x if a <= y]"}),
        ("isinstance(x, (int, str))", {"True", "False", "isinstance(x, (str,))",
                                       "isinstance(x, (int,))"}),
        ("0.5 * x", {"1.0 * x", "0.0 * x", "0.5 / x", "0.5 + x", "0.5", "x"}),
    ],
)  # fmt: skip
def test_an_expression_has_these_mutants_and_no_others(expression: str, wrong: set[str]) -> None:
    assert of(expression) == wrong


@pytest.mark.parametrize(
    ("body", "change"),
    [
        ("opt.zero_grad()\nloss.backward()\nopt.step()", "- opt.zero_grad()"),
        ("opt.zero_grad()\nloss.backward()\nopt.step()",
         "- loss.backward()\n- opt.step()\n+ opt.step()\n+ loss.backward()"),
        ("model.eval()\nreturn model(x)", "- model.eval()\n+ model.train()"),
        ("with torch.no_grad():\n    x = x + 1\nreturn x",
         "- with torch.no_grad():\n- x = x + 1\n+ x = x + 1"),
        ("for a in x:\n    y = a @ y\nreturn y",
         "- for a in x:\n- y = a @ y\n+ for a in x:\n+ y = a @ y\n+ break"),
        ("if n:\n    return x\nreturn y", "- if n:\n+ if not n:"),
        ("if n:\n    return x\nreturn y", "- if n:\n+ if True:"),
        ("if n:\n    return x\nreturn y", "- if n:\n- return x"),
        ("if n:\n    return x\nreturn y", "- return y\n+ return None"),
        ("x = x + y\nreturn x", "- x = x + y\n+ x += y"),
        ("x += y\nreturn x", "- x += y\n+ x = x + y"),
        ("x += y\nreturn x", "- x += y\n+ x = y"),
        ("while n:\n    if x: break\n    n = n @ n", "- if x: break\n+ if x: continue"),
    ],
)  # fmt: skip
def test_statements_are_removed_exchanged_and_changed(body: str, change: str) -> None:
    indented = "".join(f"    {line}\n" for line in body.splitlines())
    found = {mutant.change for mutant in mutants(f"def f(x, y, n, model, loss, opt):\n{indented}")}
    assert change in found


def test_a_decorator_goes_with_its_line_and_nothing_else() -> None:
    source = '@torch.no_grad()\ndef f(x):\n    # kept: "as it is"\n    return x\n'
    (bare,) = [m for m in mutants(source) if m.kind == "decorator removed"]
    assert bare.text == 'def f(x):\n    # kept: "as it is"\n    return x\n'
    assert bare.change == "- @torch.no_grad()"


def test_what_means_the_same_is_no_mutant() -> None:
    commuted = of("torch.eq(x, y) + x * y")
    assert not commuted & {"torch.eq(y, x) + x * y", "x * y + torch.eq(x, y)"}
    assert of("-0.0") == {"1.0"}
    counting = "def f(xs):\n    n = 0\n    for x in xs:\n        n += len(x)\n    return n\n"
    assert "n = n + len(x)" not in changes(counting)
    growing = "def f(xs):\n    ys = []\n    ys += xs\n    return ys\n"
    assert "ys = ys + xs" not in changes(growing)
    assert "x = x + y" in changes("def f(x, y):\n    x += y\n    return x\n")
    fresh = "def f(x):\n    y = x + 1\n    return y.relu()\n"
    assert "return y.relu_()" not in changes(fresh)
    assert "return x.relu_()" in changes("def f(x):\n    return x.relu()\n")
    independent = "def f(x):\n    a = x.mean()\n    b = x.var()\n    return a / b\n"
    assert "statements exchanged" not in changes(independent).values()
    inits = "def f(m):\n    nn.init.zeros_(m.weight)\n    nn.init.ones_(m.bias)\n    return m\n"
    assert "statements exchanged" not in changes(inits).values()
    drawn = inits.replace("zeros_", "normal_").replace("ones_", "uniform_")
    assert "statements exchanged" in changes(drawn).values()
    assert "(y - x) ** 2" not in of("(x - y) ** 2")
    assert "(y - x) ** 3" in of("(x - y) ** 3")
    assert "torch.abs(y - x)" not in of("torch.abs(x - y)")
    assert of("x[0].numel()") == {"x[0]", "x.numel()"}
    assert "x.transpose(2, 1)" not in of("x.transpose(1, 2)")
    assert "x.mean(dim=(1, 0))" not in of("x.mean(dim=(0, 1))")
    assert "F.normalize(x)" not in of("F.normalize(x, dim=1)")
    assert "F.normalize(x)" in of("F.normalize(x, dim=0)")
    assert "x.topk(y)" not in of("x.topk(y, dim=-1)")
    assert "x[:y]" not in of("x[0:y]")
    assert "F.relu_(x + y)" not in of("F.relu(x + y)")
    assert "F.relu_(x)" in of("F.relu(x)")
    assert of("x.sum(1, keepdim=False)").isdisjoint({"x.sum(1)"})
    assert of("f'{x}'") == set()


def test_docstrings_and_annotations_are_left_alone() -> None:
    source = 'def f(x: "list[1]") -> 2:\n    """Text."""\n    return x\n'
    assert [mutant.change for mutant in mutants(source)] == ["- return x\n+ return None"]


def test_only_the_changed_place_is_written_anew() -> None:
    source = (
        "def f(x,y):\n    # 한국어\n    z = '가' ; w = (x\n         -  y)   # why\n"
        "    return  z, w\n"
    )
    minus = next(m for m in mutants(source) if m.kind == "operator")
    assert (minus.line, minus.column) == (3, 20)
    assert minus.text.replace("x + y", "x\n         -  y") == source


def test_mutants_differ_from_the_solution_and_from_one_another() -> None:
    source = (
        "class M(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
        "        self.w = nn.Parameter(torch.zeros(n, 2))\n\n    def forward(self, x):\n"
        "        for _ in range(3):\n            x = x - 0.5 * (x @ self.w.T).sum(dim=-1)\n"
        "        return x\n"
    )
    found = mutants(source)
    trees = {ast.dump(ast.parse(mutant.text)) for mutant in found}
    assert len(trees) == len(found) > 20
    assert ast.dump(ast.parse(source)) not in trees
    assert found == mutants(source)
    assert [(m.line, m.column) for m in found] == sorted((m.line, m.column) for m in found)


def test_a_part_of_the_mutants_is_spread_over_all_of_them() -> None:
    found = mutants("def f(a, b):\n    c = a - b\n    d = c @ a\n    return d / 2\n")
    part = spread(found, 4)
    assert len(part) == 4
    assert set(part) <= set(found)
    assert {mutant.line for mutant in part} == {2, 3, 4}
    assert spread(found, 10_000) == found
    assert spread(found, 0) == ()


def test_what_is_not_python_has_no_mutants() -> None:
    with pytest.raises(SyntaxError):
        mutants("def f(x:\n")
    assert mutants("") == ()


_NAMES = st.sampled_from(["x", "y", "torch.eq(x, y)", "x.sum(dim=1)", "-1", "0.5", "x[0, 1:]"])
_TREES = st.recursive(
    _NAMES,
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from(["+", "-", "@", "<", "and", "**"]), part).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        part.map(lambda one: f"f({one}, k={one})"),
        part.map(lambda one: f"[{one}, y]"),
        part.map(lambda one: f"(not {one})"),
    ),
    max_leaves=6,
)


@settings(max_examples=50)
@given(_TREES, _TREES)
def test_any_program_has_mutants_that_are_programs(first: str, second: str) -> None:
    source = f"def f(x, y):\n    a = {first}\n    if a:\n        return {second}\n    return a\n"
    for mutant in mutants(source):
        compile(mutant.text, "<mutant>", "exec")
        assert mutant.text != source
        assert mutant.change
