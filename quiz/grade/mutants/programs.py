"""From mutations to mutants: programs, each with its change as a line or two.

A mutant keeps the text of the solution but for the mutated place. No two of them are the same.
"""

from __future__ import annotations

import ast
import copy
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quiz.grade.mutants import words
from quiz.grade.mutants.catalogue import Mutation, mutations
from quiz.language import mark


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed solution."""

    text: str
    """The whole program."""
    kind: str
    """What was changed, in a word or two."""
    line: int
    """Of the change within the solution, from 1."""
    column: int
    """From 1, in characters."""
    change: str
    """The lines that differ, without their indentation: `- old` and `+ new`."""


def mutants(source: str) -> tuple[Mutant, ...]:
    """Every mutant of a program, in the order of their places; raises `SyntaxError`.

    No two of them, and none and the program, are the same up to commuted operands, the direction
    of a comparison and how a number is written.
    """
    source = source if source.endswith("\n") else source + "\n"
    tree = ast.parse(source)
    seen = {_normal(tree)}
    found = []
    for mutation in mutations(tree):
        slot = _Slot.of(tree, mutation.node)
        with_it = slot.mutated(mutation.new)
        if (normal := _normal(with_it)) in seen:
            continue
        seen.add(normal)
        if (text := _text(source, with_it, mutation)) is not None:
            found.append(_mutant(source, text, mutation))
    return tuple(sorted(found, key=lambda mutant: (mutant.line, mutant.column, mutant.change)))


def spread(found: Sequence[Mutant], count: int) -> tuple[Mutant, ...]:
    """`count` of the mutants, taken evenly from the first to the last; all where there are fewer.

    The same ones each time, as long as the solution is the same.
    """
    if count >= len(found):
        return tuple(found)
    return tuple(found[index * len(found) // count] for index in range(count))


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a node hangs in its tree."""

    tree: ast.Module
    parent: ast.AST
    field: str
    index: int | None

    @staticmethod
    def of(tree: ast.Module, node: ast.AST) -> _Slot:
        for parent in ast.walk(tree):
            for name, value in ast.iter_fields(parent):
                if value is node:
                    return _Slot(tree, parent, name, None)
                if isinstance(value, list):
                    for index, item in enumerate(value):
                        if item is node:
                            return _Slot(tree, parent, name, index)
        raise ValueError("a node of another tree")

    def mutated(self, new: ast.expr | tuple[ast.stmt, ...]) -> ast.Module:
        """A copy of the tree with something else in this place."""
        old = getattr(self.parent, self.field)
        items: list[ast.AST]
        if isinstance(new, ast.expr):
            items = [new]
        elif self.field != "decorator_list" and not new and len(old) == 1:
            items = [ast.Pass()]
        else:
            items = list(new)
        value: ast.AST | list[ast.AST]
        if self.index is None:
            value = items[0]
        else:
            # Of two statements exchanged, both stand in the list already.
            rest = old[self.index + max(1, sum(item in old for item in items)) :]
            value = [*old[: self.index], *items, *rest]
        try:
            setattr(self.parent, self.field, value)
            return copy.deepcopy(self.tree)
        finally:
            setattr(self.parent, self.field, old)


# -- the text


def _text(source: str, tree: ast.Module, mutation: Mutation) -> str | None:
    """The source with the mutation in it; None where no program would come of it.

    The place alone is rewritten where that gives the very tree, else the whole program is.
    """
    wanted = ast.dump(tree)
    for candidate in _candidates(source, mutation):
        try:
            if ast.dump(ast.parse(candidate)) == wanted:
                return candidate
        except SyntaxError:
            continue
    whole = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
    try:
        compile(whole, "<mutant>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    return whole


def _candidates(source: str, mutation: Mutation) -> Iterator[str]:
    node, new = mutation.node, mutation.new
    span = _Span(source, node)
    if isinstance(new, ast.expr):
        text = _unparse(new)
        yield span.replaced(text)
        yield span.replaced(f"({text})")
        return
    if isinstance(node, ast.expr) or not new:
        # Gone with its lines, or, where it stood alone, with something that does nothing.
        yield span.without_lines()
        yield span.replaced("pass")
        return
    if isinstance(node, ast.If) and isinstance(new[0], ast.If):
        test = _Span(source, node.test)
        yield test.replaced(_unparse(new[0].test))
    if mutation.kind == mark("loop runs once"):
        yield span.followed(f"{span.indentation}    break")
    if len(new) == 2:
        yield span.exchanged(_Span(source, new[0]))
    lines = "\n".join(map(_unparse, new)).split("\n")
    yield span.replaced(f"\n{span.indentation}".join(lines))


def _unparse(node: ast.AST) -> str:
    text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(node)))
    # As most people write; where it changes the meaning, the text is not taken.
    return text if '"' in text else text.replace("'", '"')


class _Span:
    """The characters of a node in its source."""

    def __init__(self, source: str, node: ast.expr | ast.stmt) -> None:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        self._source = source
        self._lines = source.split("\n")
        self.start = self._offset(node.lineno, node.col_offset)
        self.end = self._offset(node.end_lineno, node.end_col_offset)
        self.line = node.lineno
        self._last = node.end_lineno

    def _offset(self, line: int, column: int) -> int:
        before = sum(len(text) + 1 for text in self._lines[: line - 1])
        return before + len(self._lines[line - 1].encode()[:column].decode())

    @property
    def column(self) -> int:
        """From 1, in characters."""
        return self.start - self._offset(self.line, 0) + 1

    @property
    def indentation(self) -> str:
        text = self._lines[self.line - 1]
        return text[: len(text) - len(text.lstrip())]

    @property
    def text(self) -> str:
        return self._source[self.start : self.end]

    def replaced(self, text: str) -> str:
        return self._source[: self.start] + text + self._source[self.end :]

    def without_lines(self) -> str:
        return "\n".join([*self._lines[: self.line - 1], *self._lines[self._last :]])

    def followed(self, line: str) -> str:
        return "\n".join([*self._lines[: self._last], line, *self._lines[self._last :]])

    def exchanged(self, other: _Span) -> str:
        """This and a later span, each in the other's place."""
        between = self._source[self.end : other.start]
        head, tail = self._source[: self.start], self._source[other.end :]
        return head + other.text + between + self.text + tail


def _mutant(source: str, text: str, mutation: Mutation) -> Mutant:
    span = _Span(source, mutation.node)
    change = _change(source, text)
    if not change.startswith("- ") or mutation.kind == mark("statements exchanged"):
        # Lines only added, or moved, say nothing without those they stand beside.
        assert isinstance(mutation.new, tuple)
        old = mutation.new[::-1] if len(mutation.new) == 2 else (mutation.node,)
        change = "\n".join(
            [f"- {line}" for node in old for line in _lines(node)]
            + [f"+ {line}" for node in mutation.new for line in _lines(node)]
        )
    return Mutant(text, mutation.kind, span.line, span.column, change)


def _lines(node: ast.AST) -> list[str]:
    return [line.strip() for line in _unparse(node).split("\n")]


def _change(source: str, text: str) -> str:
    old, new = source.split("\n"), text.split("\n")
    if sum(line not in old for line in new) > len(new) // 2:
        # Written anew as a whole: compared with the solution written in the same manner.
        old = ast.unparse(ast.parse(source)).split("\n")
    lines = []
    for tag, start, end, from_, to in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            lines += [f"- {line.strip()}" for line in old[start:end] if line.strip()]
            lines += [f"+ {line.strip()}" for line in new[from_:to] if line.strip()]
    return "\n".join(lines)


# -- what is the same


def _normal(tree: ast.Module) -> str:
    """The tree as text, the same for programs that cannot differ in what they compute."""
    return ast.dump(_Normal().visit(copy.deepcopy(tree)))


class _Normal(ast.NodeTransformer):
    """One of several ways to write the same, always the same one."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, words.COMMUTATIVE) and ast.dump(node.left) > ast.dump(node.right):
            node.left, node.right = node.right, node.left
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if len(node.ops) != 1:
            return node
        turned = {ast.Gt: ast.Lt(), ast.GtE: ast.LtE()}.get(type(node.ops[0]))
        same = isinstance(node.ops[0], ast.Eq | ast.NotEq)
        right = node.comparators[0]
        if turned or (same and ast.dump(node.left) > ast.dump(right)):
            node.ops = [turned or node.ops[0]]
            node.left, node.comparators = right, [node.left]
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.UnaryOp(ast.USub(), ast.Constant(value=0) as zero):
                return zero
            case _:
                return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        # Keywords may stand in any order.
        node.keywords.sort(key=lambda keyword: keyword.arg or "")
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.test, ast.Constant) and node.test.value is False and not node.orelse:
            return ast.Pass()
        return node
