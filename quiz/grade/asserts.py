"""Asserts that explain themselves: rewritten on the syntax tree to keep the values they saw.

`assert f(x) == 3` becomes, in effect, `left = f(x); right = 3; if not left == right: explain`.
Each operand is evaluated exactly once, in order, with the short circuits of the original. What the
tests compute on the way is looked at too: `f(x) - 3` is worth nothing where the answer's own class
says what comes of it. Around whatever may run foreign code, all that it replaced in a library is
put back.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Collection, Iterator
from typing import Any

import torch

from quiz.grade.claims import Claims
from quiz.grade.native import Foreign
from quiz.language import _

_NAME = "@explained"
"""No identifier, so that no code can name it."""
_MAX = 300
_repr, _type, _all = repr, type, all
_NATIVE = {type(len), type([].append), type("".join), type(str.join), type(torch.ones(1).sum)}
"""What holds no code in Python."""
_PLAIN = {type(None), bool, int, float, complex, str, bytes, torch.Tensor, torch.dtype, torch.Size}
"""What calls no foreign code, whatever is done with it by what holds no code in Python."""
_DRAWN_FREELY = {range, list, tuple, dict, set, str, torch.Tensor}
"""What calls none when it is drawn from."""
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "eq", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.In: "in",
    ast.NotEq: "ne",
}  # fmt: skip
_OPERATIONS: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv",
    ast.Mod: "mod", ast.Pow: "pow", ast.MatMult: "matmul", ast.BitAnd: "and", ast.BitOr: "or",
    ast.BitXor: "xor", ast.LShift: "lshift", ast.RShift: "rshift",
}  # fmt: skip
_ACTS: dict[str, Callable[[Foreign, Foreign], Foreign]] = {
    **{name: getattr(operator, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")},
    **{name: getattr(operator, f"__{name}__") for name in _OPERATIONS.values()},
    **{f"i{name}": getattr(operator, f"__i{name}__") for name in _OPERATIONS.values()},
    "in": lambda left, right: left in right,
}
_SIGNS = {ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "invert"}
_FUNCTIONS = ("abs", "round", "divmod", "pow")
"""Built-in functions that give what a special method says."""
_DRAWN = {
    "len": "__len__",
    **dict.fromkeys(("list", "tuple", "set", "sorted", "sum", "min", "max", "any", "all", "zip",
                     "enumerate", "dict"), "__iter__"),
}  # fmt: skip
"""Built-in functions that rest on a special method of what they are given."""
VERDICTS = ("equal", "allclose", "isclose", "eq", "ne", "all", "any")
"""Methods of tensors that say whether something holds."""
_NUMBERS = (int, float, bool, str)
_FRAMED = ("super", "locals", "globals", "vars", "dir", "eval", "exec")
"""Built-in functions that look at who calls them."""
SPECIAL = (
    tuple(f"__{side}{name}__" for name in _OPERATIONS.values() for side in ("", "r", "i"))
    + tuple(f"__{name}__" for name in (*_SIGNS.values(), *_FUNCTIONS, "rdivmod"))
    + VERDICTS
)
"""Methods by which an answer may only answer the tests where the solution has them too."""


class Explained:
    """Given to the rewritten code under `name`: keeps values and makes the explanation."""

    name = _NAME

    def __init__(
        self, trusted: Collection[str] | None = None, settle: Callable[[], None] | None = None
    ) -> None:
        self.claims = None if trusted is None else Claims(trusted)
        """Finds comparisons that the answer's own special methods decide; None: all may."""
        self._settle = settle
        """Puts back what foreign code replaced in libraries; None: it may replace anything."""

    def settled(self) -> Explained:
        """Itself, once everything is what the test takes it for."""
        if self._settle is not None:
            self._settle()
        self._trust(lambda claims: claims.mode())
        return self

    def call(self, function: Foreign, /, *args: Foreign, **kwargs: Foreign) -> Foreign:
        """What a call gives; where no foreign code can have a part in it, it is just made."""
        if _type(function) in _NATIVE and _all(
            _type(a) in _PLAIN for a in (*args, *kwargs.values())
        ):
            return function(*args, **kwargs)
        self.settled()
        result = function(*args, **kwargs)
        self.settled()
        return result

    def each(self, items: Foreign) -> Foreign:
        """What is drawn from, with everything settled before each item is made use of."""
        return items if _type(items) in _DRAWN_FREELY else self._settling(items)

    def _settling(self, items: Foreign) -> Iterator[Foreign]:
        for item in items:
            self.settled()
            yield item

    def compared(self, act: str, left: Foreign, right: Foreign) -> Foreign:
        """`left == right` and the like, where that is not merely claimed by one of the two."""
        answer = _ACTS[act](left, right)
        if not _is_plain(left, right):
            self.settled()
        self._trust(lambda claims: claims.found(act, left, right, answer))
        return answer

    def operated(self, act: str, left: Foreign, right: Foreign) -> Foreign:
        """`left - right` and the like, where no class of the answer's alone says what that is."""
        answer = _ACTS[act](left, right)
        if not _is_plain(left, right):
            self.settled()
        if _type(left) not in _NUMBERS or _type(right) not in _NUMBERS:
            self._trust(lambda claims: claims.operation(act, left, right))
        return answer

    def operand(self, method: str, value: Foreign) -> Foreign:
        """What this method is asked of, by `abs(…)` or by its name, likewise."""
        if _type(value) not in _NUMBERS:
            self._trust(lambda claims: claims.asked(method, value))
        return value

    def asked(self, name: str, value: Foreign) -> Foreign:
        """What has its attribute read, or is drawn from, where its own class may say what it is."""
        if _type(value) not in _NUMBERS:
            self._trust(lambda claims: claims.attribute(name, value))
        return value

    def _trust(self, claim: Callable[[Claims], str]) -> None:
        if self.claims is not None and (said := claim(self.claims)):
            raise AssertionError(said)

    def keep(self, store: dict[str, Any], text: str, value: Foreign) -> Foreign:
        """Remembers what a part of the assert was; gives it back unchanged."""
        store[text] = value
        return value

    def failed(self, store: dict[str, Any], text: str, message: Callable[[], Any]) -> None:
        """Raises AssertionError that says what the parts were."""
        lines = [f"assert {text}"]
        lines += [f"  {part} = {_show(value)}" for part, value in store.items()]
        said = message()
        if said is not None:
            lines.insert(0, str(said)[:_MAX])
        raise AssertionError("\n".join(lines))


def _is_plain(*values: Foreign) -> bool:
    return _all(_type(value) in _PLAIN for value in values)


def _show(value: object) -> str:
    try:
        text = _repr(value)
    except BaseException as error:
        said = _("<{type}; its repr raises {error}>")
        return said.format(type=_type(value).__name__, error=_type(error).__name__)
    text = text if len(text) <= _MAX else text[: _MAX - 1] + "…"
    return text.replace("\n", "\n    ")


def rewrite(tree: ast.Module) -> ast.Module:
    """The tree with every `assert` rewritten; line numbers stay."""
    new = _Rewriter().visit(tree)
    assert isinstance(new, ast.Module)
    return ast.fix_missing_locations(new)


class _Rewriter(ast.NodeTransformer):
    def __init__(self) -> None:
        self.count = 0

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        self.count += 1
        store = f"@store{self.count}"
        text = ast.unparse(node.test)
        told = ast.Lambda(_no_arguments(), node.msg or ast.Constant(None))
        parts = _Parts(store)
        test = parts.rewritten(node.test)
        new: list[ast.stmt] = [
            ast.Expr(_method("settled", [])),
            ast.Assign([ast.Name(store, ast.Store())], ast.Dict([], [])),
            ast.If(
                ast.UnaryOp(ast.Not(), test),
                [ast.Expr(_method("failed", [_load(store), ast.Constant(text), told]))],
                [],
            ),
        ]
        for statement in new:
            self.generic_visit(statement)
            for part in ast.walk(statement):
                if "lineno" in getattr(part, "_attributes", ()) and not hasattr(part, "lineno"):
                    ast.copy_location(part, node)
        return new

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        act = _COMPARISONS.get(type(node.ops[0]))
        if act is None or len(node.ops) > 1:
            return node
        return _at(node, "compared", act, node.left, node.comparators[0])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        return _at(node, "operated", _OPERATIONS[type(node.op)], node.left, node.right)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        self.generic_visit(node)
        if not isinstance(node.target, ast.Name):
            return node
        act = f"i{_OPERATIONS[type(node.op)]}"
        value = _at(node, "operated", act, _load(node.target.id), node.value)
        return ast.copy_location(ast.Assign([node.target], value), node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        if (act := _SIGNS.get(type(node.op))) and not isinstance(node.operand, ast.Constant):
            node.operand = _at(node.operand, "operand", f"__{act}__", node.operand)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in VERDICTS:
            act, asked = node.func.attr, node.func.value
            node.func.value = _at(asked, "operand", act, asked)
        named = isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS
        if named and node.args and not isinstance(node.args[0], ast.Starred):
            act = node.func.id if isinstance(node.func, ast.Name) else ""
            node.args[0] = _at(node.args[0], "operand", f"__{act}__", node.args[0])
        if isinstance(node.func, ast.Name) and (name := _DRAWN.get(node.func.id)):
            node.args = [
                part if isinstance(part, ast.Starred) else _at(part, "asked", name, part)
                for part in node.args
            ]
        if _is_ours(node.func) or (isinstance(node.func, ast.Name) and node.func.id in _FRAMED):
            return node
        called = ast.Attribute(_load(_NAME), "call", ast.Load())
        return ast.copy_location(ast.Call(called, [node.func, *node.args], node.keywords), node)

    def visit_For(self, node: ast.For) -> ast.For:
        self.generic_visit(node)
        node.iter = _each(node.iter)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self.generic_visit(node)
        if not node.is_async:
            node.iter = _each(node.iter)
        return node

    def visit_With(self, node: ast.With) -> ast.With:
        self.generic_visit(node)
        node.body.insert(0, ast.copy_location(ast.Expr(_method("settled", [])), node.body[0]))
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load) and not (_is_module(node.value) or _is_ours(node)):
            node.value = _at(node.value, "asked", node.attr, node.value)
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.match_case:
        body = ast.Module(node.body, [])
        self.generic_visit(body)
        node.body = body.body  # the pattern holds names alone
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load):
            node.value = _at(node.value, "asked", "__getitem__", node.value)
        return node


class _Parts:
    """Rewrites an expression so that the operands a reader would ask for are kept."""

    def __init__(self, store: str) -> None:
        self.store = store

    def rewritten(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.Compare():
                return self.compared(node)
            case ast.BoolOp():
                node.values = [self.rewritten(part) for part in node.values]
            case ast.UnaryOp(op=ast.Not()):
                node.operand = self.rewritten(node.operand)
            case ast.Call():
                node.args = [
                    part if isinstance(part, ast.Starred) else self.kept(part) for part in node.args
                ]
                if isinstance(node.func, ast.Attribute):
                    node.func.value = self.kept(node.func.value)
            case ast.Name() | ast.Attribute() | ast.Subscript():
                return self.kept(node)
            case _:
                pass
        return node

    def compared(self, node: ast.Compare) -> ast.expr:
        """The comparison, link by link: what stands between two is evaluated once."""
        left, links = self.kept(node.left), list[ast.expr]()
        for number, (test, part) in enumerate(zip(node.ops, node.comparators, strict=True), 1):
            right = self.kept(part)
            name = f"{self.store}.{number}"
            if number < len(node.ops) and not isinstance(right, ast.Constant):
                right = ast.NamedExpr(ast.Name(name, ast.Store()), right)
            act = _COMPARISONS.get(type(test))
            if act is None:
                links.append(ast.Compare(left, [test], [right]))
            else:
                links.append(_method("compared", [ast.Constant(act), left, right]))
            left = _load(name) if isinstance(right, ast.NamedExpr) else right
        return links[0] if len(links) == 1 else ast.BoolOp(ast.And(), links)

    def kept(self, node: ast.expr) -> ast.expr:
        """The expression with its value kept, unless it says its value itself."""
        if _is_literal(node) or _is_module(node):
            return node
        text = ast.unparse(node)
        if isinstance(node, ast.Call):
            node = self.rewritten(node)
        new = _method("keep", [_load(self.store), ast.Constant(text), node])
        return ast.copy_location(new, node)


def _is_ours(node: ast.expr) -> bool:
    """Whether this is a method that was put here."""
    owner = node.value if isinstance(node, ast.Attribute) else node
    return isinstance(owner, ast.Name) and owner.id == _NAME


def _is_literal(node: ast.expr) -> bool:
    """Whether it says its value itself: `3`, `[1, -2]`."""
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return all(map(_is_literal, node.elts))
    return isinstance(node, ast.Constant)


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("torch", "nn", "F", "math")


def _load(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _each(items: ast.expr) -> ast.expr:
    """What a loop goes over, item by item, with an eye on each."""
    return ast.copy_location(_method("each", [items]), items)


def _method(name: str, args: list[ast.expr]) -> ast.Call:
    return ast.Call(ast.Attribute(_load(_NAME), name, ast.Load()), args, [])


def _at(place: ast.AST, name: str, act: str, *operands: ast.expr) -> ast.expr:
    """A call of the method, standing where something else stood."""
    return ast.copy_location(_method(name, [ast.Constant(act), *operands]), place)


def _no_arguments() -> ast.arguments:
    return ast.arguments([], [], None, [], [], None, [])
