"""A syntax tree with what its mutations must know: parents, scopes, who gave a name its value."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from quiz.grade.mutants import words

_MODULES = frozenset(("torch", "nn", "F", "math", "device"))
_DIMENSIONS = frozenset(("dim", "dims", "axis", "dim0", "dim1", "axes", "start_dim", "end_dim"))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Tree:
    """The tree of one answer. Formatted strings and annotations are left out of `nodes`."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self._parents: dict[int, ast.AST] = {}
        self.nodes = list(self._walk(tree))

    def _walk(self, node: ast.AST) -> Iterator[ast.AST]:
        yield node
        for name, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    self._parents[id(child)] = node
                    if name in ("annotation", "returns") or isinstance(child, ast.JoinedStr):
                        continue
                    if isinstance(child, ast.Expr) and self.is_docstring(child):
                        continue
                    yield from self._walk(child)

    def parent(self, node: ast.AST) -> ast.AST:
        return self._parents[id(node)]

    def _above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Every node the node is part of, from the nearest on."""
        while (parent := self._parents.get(id(node))) is not None:
            yield parent
            node = parent

    # -- what a node is here

    def is_docstring(self, node: ast.stmt) -> bool:
        """Whether it is a text standing alone."""
        return (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        )

    def is_statement(self, node: ast.expr) -> bool:
        """Whether its value is thrown away: removing it is removing the statement."""
        parent = self.parent(node)
        return isinstance(parent, ast.Expr) and parent is not self._last

    @cached_property
    def _last(self) -> ast.stmt | None:
        """The last statement of the module: a script's value."""
        return self.tree.body[-1] if self.tree.body else None

    def is_signed(self, node: ast.AST) -> bool:
        """Whether it is the number of a negative literal, which is taken as a whole."""
        parent = self.parent(node)
        return isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.USub)

    def is_dimension(self, node: ast.AST) -> bool:
        """Whether it stands in an argument that names dimensions."""
        for above in self._above(node):
            if isinstance(above, ast.keyword):
                return above.arg in _DIMENSIONS
            if isinstance(above, ast.Assign):
                return words.last_name(above.targets[0]) in _DIMENSIONS
            if not isinstance(above, ast.Tuple | ast.List):
                return False
        return False

    def is_in_any_order(self, node: ast.Tuple | ast.List) -> bool:
        """Whether its items may be exchanged: types to test for, dimensions, equal numbers."""
        numbers = {item.value for item in node.elts if isinstance(item, ast.Constant)}
        if len(numbers) == 1 and all(isinstance(item, ast.Constant) for item in node.elts):
            return True
        parent = self.parent(node)
        if isinstance(parent, ast.Call) and words.last_name(parent.func) == "isinstance":
            return True
        if not self.is_dimension(node):
            return False
        call = next((above for above in self._above(node) if isinstance(above, ast.Call)), None)
        return call is None or words.last_name(call.func) not in words.ORDERED_DIMENSIONS

    def loses_sign(self, node: ast.expr) -> bool:
        """Whether only the size of the value matters: it is squared, or its `abs` is taken."""
        match parent := self.parent(node):
            case ast.BinOp(op=ast.Pow(), right=ast.Constant(value=int() as power)):
                return parent.left is node and power % 2 == 0
            case ast.Attribute() | ast.Call():
                return words.last_name(parent.func if isinstance(parent, ast.Call) else parent) in (
                    words.EVEN
                )
            case _:
                return False

    def is_any_item(self, node: ast.AST) -> bool:
        """Whether it picks an item of which only the shape is asked, as in `x[0].numel()`."""
        index = self.parent(node)
        if not isinstance(index, ast.Subscript) or index.slice is not node:
            return False
        asked = self.parent(index)
        return isinstance(asked, ast.Attribute) and asked.attr in words.ALIKE

    def called(self, node: ast.AST) -> bool:
        parent = self.parent(node)
        return isinstance(parent, ast.Call) and parent.func is node

    def is_module(self, func: ast.expr) -> bool:
        """Whether the function is a module's, not a method of a value."""
        path = _path(func)
        return len(path) > 1 and path[0] in _MODULES | self._imported

    @cached_property
    def _imported(self) -> frozenset[str]:
        return frozenset(
            (alias.asname or alias.name).partition(".")[0]
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        )

    # -- who gave a name its value

    def _scope(self, node: ast.AST) -> ast.AST:
        return next((a for a in self._above(node) if isinstance(a, _FUNCTIONS)), self.tree)

    def _stores(self, scope: ast.AST, name: str) -> list[ast.Name]:
        return [
            node
            for node in ast.walk(scope)
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        ]

    def is_given(self, node: ast.expr, *, but_here: bool = False) -> bool:
        """Whether the value came from outside the function, so that changing it would show.

        `but_here` allows the name one assignment: that of its own statement.
        """
        if not isinstance(node, ast.Name):
            path = _path(node)
            return len(path) > 1 and path[0] not in _MODULES | self._imported
        return len(self._stores(self._scope(node), node.id)) <= but_here

    def is_fresh(self, name: ast.Name) -> bool:
        """Whether the function has made the value itself, so that changing it shows nowhere."""
        firsts = [
            first
            for store in self._stores(self._scope(name), name.id)
            if not isinstance(self.parent(store), ast.AugAssign)
            for first in self._values(store)
        ]
        return bool(firsts) and all(map(_makes, firsts))

    def _values(self, store: ast.Name) -> Iterator[ast.expr | None]:
        """What is assigned at a place; None where that cannot be told."""
        parent = self.parent(store)
        if isinstance(parent, ast.Assign):
            yield parent.value
        elif isinstance(parent, ast.Tuple) and isinstance(whole := self.parent(parent), ast.Assign):
            at = parent.elts.index(store)
            several = isinstance(whole.value, ast.Tuple)
            yield whole.value.elts[at] if isinstance(whole.value, ast.Tuple) and several else None
        else:
            yield None

    # -- whether the order of two statements can matter

    def in_order(self, first: ast.stmt, second: ast.stmt) -> bool:
        """Whether exchanging them could matter, and leaves a program that might run."""
        kinds = (ast.Assign, ast.AugAssign, ast.Expr)
        if not isinstance(first, kinds) or not isinstance(second, kinds):
            return False
        if any(self.is_docstring(one) for one in (first, second)):
            return False
        a, b = _Use(first), _Use(second)
        if a.effects and b.effects:
            return True
        if a.binds & {path[0] for path in b.reads if path[0] not in a.rebinds}:
            return False  # the second would lack a name: no need to run it
        return any(_overlap(x, y) for x in a.writes for y in b.reads | b.writes) or any(
            _overlap(x, y) for x in b.writes for y in a.reads
        )


class _Use:
    """What a statement reads and writes, as paths such as `("layer", "weight")`."""

    def __init__(self, statement: ast.stmt) -> None:
        self.reads: set[tuple[str, ...]] = set()
        self.writes: set[tuple[str, ...]] = set()
        self.binds: set[str] = set()
        self.rebinds: set[str] = set()
        self.effects = False
        inner = {
            id(name)
            for part in ast.walk(statement)
            if isinstance(part, ast.comprehension)
            for name in ast.walk(part.target)
        }
        if isinstance(statement, ast.AugAssign):
            self.reads.add(_path(statement.target))
            self.rebinds |= {path[0] for path in [_path(statement.target)] if path}
        for node in ast.walk(statement):
            if isinstance(node, ast.Attribute | ast.Subscript):
                inner.add(id(node.value))
            if id(node) in inner:
                continue  # a part of a longer path
            if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and (path := _path(node)):
                stored = isinstance(node.ctx, ast.Store)
                (self.writes if stored else self.reads).add(path)
                if stored and len(path) == 1:
                    self.binds.add(path[0])
            elif isinstance(node, ast.Call):
                self._called(node, alone=isinstance(statement, ast.Expr))
        self.rebinds |= {path[0] for path in self.reads & {(name,) for name in self.binds}}
        self.reads.discard(())

    def _called(self, node: ast.Call, *, alone: bool) -> None:
        name = words.last_name(node.func)
        self.effects |= name in words.EFFECTS | words.CHANCE
        if name.endswith("_") or (alone and name not in words.REGISTERS):
            if isinstance(node.func, ast.Attribute) and (path := _path(node.func.value)):
                self.writes.add(path)
            if node.args and (path := _path(node.args[0])):
                self.writes.add(path)


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one path is the beginning of the other; modules are never changed."""
    short = min(len(one), len(other))
    return short > 0 and one[0] not in _MODULES and one[:short] == other[:short]


def _path(node: ast.AST) -> tuple[str, ...]:
    """`a.b[0].c` as its names; empty where it begins with no name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else ()


def _makes(node: ast.expr | None) -> bool:
    """Whether an expression gives a value of its own, not one that lives elsewhere too."""
    fresh = (ast.Constant, ast.BinOp, ast.UnaryOp, ast.Compare, ast.List, ast.Dict, ast.ListComp)
    return isinstance(node, fresh)
