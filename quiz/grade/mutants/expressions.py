"""The catalogue's expressions: operators, numbers, indices, arguments, calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quiz.grade.mutants import words
from quiz.grade.mutants.tree import Tree
from quiz.language import mark

_Expressions = Iterator[tuple[str, ast.expr]]


def expressions(node: ast.expr, tree: Tree) -> _Expressions:
    """What may stand in place of an expression, and what kind of change that is."""
    match node:
        case ast.BinOp():
            yield from _binary(node, tree)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float())):
            yield from _number(node, tree)
        case ast.UnaryOp():
            yield f"{words.UNARY[type(node.op)]} removed", node.operand
        case ast.Compare():
            yield from _comparison(node)
        case ast.BoolOp():
            yield from _boolean(node)
        case ast.IfExp():
            yield mark("condition"), node.body
            yield mark("condition"), node.orelse
            yield mark("condition"), ast.IfExp(node.test, node.orelse, node.body)
        case ast.Constant():
            yield from _constant(node, tree)
        case ast.Call():
            yield from _call(node, tree)
        case ast.Attribute(ctx=ast.Load()) if not tree.called(node):
            yield from _attribute(node)
        case ast.Subscript(ctx=ast.Load()):
            yield from _subscript(node)
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()):
            yield from _sequence(node, tree)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            yield from _filters(node)
        case _:
            pass


def _binary(node: ast.BinOp, tree: Tree) -> _Expressions:
    for op in words.OPERATORS.get(type(node.op), ()):
        yield mark("operator"), ast.BinOp(node.left, op(), node.right)
    even = isinstance(node.op, ast.Sub) and tree.loses_sign(node)
    if not isinstance(node.op, words.COMMUTATIVE) and not even:
        yield mark("operands exchanged"), ast.BinOp(node.right, node.op, node.left)
    yield mark("operand dropped"), node.left
    yield mark("operand dropped"), node.right


def _comparison(node: ast.Compare) -> _Expressions:
    for index, old in enumerate(node.ops):
        for op in words.COMPARISONS.get(type(old), ()):
            ops = [*node.ops[:index], op(), *node.ops[index + 1 :]]
            yield mark("comparison"), ast.Compare(node.left, ops, node.comparators)


def _boolean(node: ast.BoolOp) -> _Expressions:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield mark("operator"), ast.BoolOp(other, node.values)
    for index in range(len(node.values)):
        rest = [*node.values[:index], *node.values[index + 1 :]]
        yield mark("condition dropped"), rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _constant(node: ast.Constant, tree: Tree) -> _Expressions:
    value = node.value
    if isinstance(value, bool):
        yield mark("constant"), ast.Constant(not value)
    elif isinstance(value, int | float):
        yield from _number(node, tree)
    elif isinstance(value, str):
        other = words.OTHER_TEXT.get(value, "" if value else "x")
        yield mark("constant"), ast.Constant(other)


def _number(node: ast.UnaryOp | ast.Constant, tree: Tree) -> _Expressions:
    if tree.is_signed(node) or tree.is_any_item(node):
        return
    value = ast.literal_eval(node)
    if isinstance(value, float):
        # A factor of two shows in any honest case; of a tiny number only an order of magnitude can.
        others = [1.0] if value == 0 else [value * 2 if abs(value) > 1e-3 else value * 100, 0.0]
    elif tree.is_dimension(node):
        # Not -1 for the last one, nor the reverse: where cases are matrices that is no change.
        others = [{0: 1, 1: 0, -1: 0}.get(value, value - 1 if value > 0 else value + 1)]
    else:
        others = [value + 1, value - 1]
    for other in others:
        yield mark("constant"), _literal(other)
    if isinstance(node, ast.UnaryOp) and not tree.is_dimension(node):
        yield mark("minus removed"), node.operand


def _literal(value: float) -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def _attribute(node: ast.Attribute) -> _Expressions:
    if node.attr in words.VIEWS:
        yield mark("attribute removed"), node.value
    for other in words.OTHER_ATTRIBUTES.get(node.attr, ()):
        yield mark("attribute"), ast.Attribute(node.value, other, node.ctx)


def _subscript(node: ast.Subscript) -> _Expressions:
    yield mark("index removed"), node.value
    index = node.slice
    if isinstance(index, ast.Slice):
        yield from ((mark("bound"), _indexed(node, part)) for part in _bounds(index))
    elif isinstance(index, ast.Tuple):
        for at, part in enumerate(index.elts):
            rest = [*index.elts[:at], *index.elts[at + 1 :]]
            yield mark("index dropped"), _indexed(node, ast.Tuple(rest, ast.Load()))
            if isinstance(part, ast.Slice):
                for other in _bounds(part):
                    parts = [*index.elts[:at], other, *index.elts[at + 1 :]]
                    yield mark("bound"), _indexed(node, ast.Tuple(parts, ast.Load()))


def _indexed(node: ast.Subscript, index: ast.expr) -> ast.expr:
    if isinstance(index, ast.Tuple) and len(index.elts) == 1:
        index = index.elts[0]
    return ast.Subscript(node.value, index, node.ctx)


def _bounds(part: ast.Slice) -> Iterator[ast.Slice]:
    if part.lower is not None and not _is_number(part.lower, 0):
        yield ast.Slice(None, part.upper, part.step)
    if part.upper is not None:
        yield ast.Slice(part.lower, None, part.step)
    if part.step is not None and not _is_number(part.step, 1):
        yield ast.Slice(part.lower, part.upper, None)


def _is_number(node: ast.expr, number: int) -> bool:
    return isinstance(node, ast.Constant) and node.value == number


_LONGEST = 6
"""Items of a literal that are dropped and exchanged one by one."""


def _sequence(node: ast.Tuple | ast.List, tree: Tree) -> _Expressions:
    parent = tree.parent(node)
    if isinstance(parent, ast.Subscript) or not 2 <= len(node.elts) <= _LONGEST:
        return
    make = type(node)
    unpacked = isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Tuple)
    if not unpacked:
        for at in range(len(node.elts)):
            yield mark("item dropped"), make([*node.elts[:at], *node.elts[at + 1 :]], node.ctx)
    if not tree.is_in_any_order(node):
        for items in _neighbours(node.elts):
            yield mark("items exchanged"), make(items, node.ctx)


def _neighbours(items: list[ast.expr]) -> Iterator[list[ast.expr]]:
    """The items with two neighbours exchanged, for each pair of neighbours."""
    for at in range(len(items) - 1):
        if not any(isinstance(item, ast.Starred) for item in items[at : at + 2]):
            yield [*items[:at], items[at + 1], items[at], *items[at + 2 :]]


def _filters(
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
) -> _Expressions:
    for at, part in enumerate(node.generators):
        for index in range(len(part.ifs)):
            ifs = [*part.ifs[:index], *part.ifs[index + 1 :]]
            bare = ast.comprehension(part.target, part.iter, ifs, part.is_async)
            parts = [*node.generators[:at], bare, *node.generators[at + 1 :]]
            if isinstance(node, ast.DictComp):
                yield mark("filter dropped"), ast.DictComp(node.key, node.value, parts)
            else:
                yield mark("filter dropped"), type(node)(node.elt, parts)


# -- calls


def _call(node: ast.Call, tree: Tree) -> _Expressions:
    name = words.last_name(node.func)
    yield from _call_removed(node, name, tree)
    yield from _arguments(node, name)
    for other in words.OTHER_NAMES.get(name, ()):
        yield mark("call"), _renamed(node, other)
    changed = _subject(node, tree)
    if changed is not None and tree.is_given(changed):
        if name.endswith("_") and not tree.is_statement(node):
            yield mark("in place"), _renamed(node, name[:-1])
        if name in words.HAVE_IN_PLACE:
            yield mark("in place"), _renamed(node, name + "_")


def _subject(node: ast.Call, tree: Tree) -> ast.expr | None:
    """What the call would change if it worked in place."""
    if not isinstance(node.func, ast.Attribute):
        return None
    if not tree.is_module(node.func):
        return node.func.value
    return node.args[0] if node.args else None


def _renamed(node: ast.Call, name: str) -> ast.Call:
    func = node.func
    if isinstance(func, ast.Attribute):
        return ast.Call(ast.Attribute(func.value, name, func.ctx), node.args, node.keywords)
    return ast.Call(ast.Name(name, ast.Load()), node.args, node.keywords)


def _call_removed(node: ast.Call, name: str, tree: Tree) -> _Expressions:
    if tree.is_statement(node) or name in words.KEPT_CALLS:
        return
    if name == "isinstance":
        yield mark("condition"), ast.Constant(True)
        yield mark("condition"), ast.Constant(False)
    elif name[:1].isupper():
        # A layer cannot be left out of a list of layers by its arguments.
        if isinstance(tree.parent(node), ast.Call | ast.List):
            identity = ast.Attribute(ast.Name("nn", ast.Load()), "Identity", ast.Load())
            yield mark("call removed"), ast.Call(identity, [], [])
    elif isinstance(node.func, ast.Attribute) and not tree.is_module(node.func):
        yield mark("call removed"), node.func.value
    elif node.args and not isinstance(node.args[0], ast.Starred):
        yield mark("call removed"), node.args[0]


def _arguments(node: ast.Call, name: str) -> _Expressions:
    args, keywords = node.args, node.keywords
    for at, keyword in enumerate(keywords):
        rest = [*keywords[:at], *keywords[at + 1 :]]
        if keyword.arg is not None and name != "dict" and not _is_default(keyword, name):
            yield mark("argument dropped"), ast.Call(node.func, args, rest)
        for other in words.OTHER_KEYWORDS.get(keyword.arg or "", ()):
            named = [*keywords[:at], ast.keyword(other, keyword.value), *keywords[at + 1 :]]
            yield mark("argument"), ast.Call(node.func, args, named)
    least = 1 if isinstance(node.func, ast.Attribute) else 2
    droppable = name not in words.KEPT_CALLS and name != "isinstance"
    if name in words.TRUE_BY_DEFAULT and args and getattr(args[0], "value", None) is True:
        droppable = False
    if len(args) >= least and droppable:
        yield mark("argument dropped"), ast.Call(node.func, args[:-1], keywords)
    if name not in words.COMMUTATIVE_CALLS and name != "isinstance":
        for items in _neighbours(args):
            yield mark("arguments exchanged"), ast.Call(node.func, items, keywords)


def _is_default(keyword: ast.keyword, name: str) -> bool:
    """Whether the function would take the same value without being told."""
    argument, missing = keyword.arg or "", object()
    try:
        value = ast.literal_eval(keyword.value)
    except ValueError:
        return False
    own = words.OWN_DEFAULTS.get((name, argument), missing)
    return bool(value in (own, words.DEFAULTS.get(argument, missing)))
